//! What is printed: the slips, and what all slips of a document share in words; the document's title, date and identity.

use crate::pads::qr::slip_address;
use crate::pads::template::{Template, Words};
use crate::values::{SlipCode, Ts};
use sha2::{Digest, Sha256};

/// One slip to be drawn.
#[derive(Clone, Debug)]
pub struct PrintedSlip {
    /// Its serial, printed with six digits.
    pub serial: u32,
    /// Its typed code.
    pub code: SlipCode,
}

/// What every slip of a document shares.
#[derive(Clone, Debug)]
pub struct Imprint {
    /// The service the pad is for, by its printed name; "NHS Talking Therapies" for none in particular.
    pub service: String,
    /// The clinic that hands the slips out.
    pub clinic: String,
    /// The number for those who cannot scan.
    pub phone: String,
    /// The address for those who type, without its scheme.
    pub web: String,
    /// The address that the QR codes lead to, with its scheme: `https://pad.example.org`.
    pub base_url: String,
    /// Whether the slips are overprinted SAMPLE.
    pub sample: bool,
    /// Whether lines in other languages that nobody has reviewed are printed too, and marked so: only in a
    /// demonstration.
    pub unreviewed_lines: bool,
    /// When the document was made.
    pub created: Ts,
}

impl Imprint {
    /// What the QR code of a slip says, in upper case.
    pub fn address_of(&self, slip: &PrintedSlip) -> String {
        slip_address(&self.base_url, &slip.code.compact())
    }

    pub(super) fn words<'a>(&'a self, serial: &'a str, code: &'a str) -> Words<'a> {
        Words {
            service: &self.service,
            clinic: &self.clinic,
            phone: &self.phone,
            web: &self.web,
            serial,
            code,
        }
    }
}

/// A serial as people see it: six digits at least.
pub fn serial_words(serial: impl Into<i64>) -> String {
    format!("{:06}", serial.into())
}

pub(super) fn title(slips: &[PrintedSlip], imprint: &Imprint) -> String {
    let sample = if imprint.sample { "SAMPLE: " } else { "" };
    let serials = match (slips.first(), slips.last()) {
        (Some(first), Some(last)) if first.serial != last.serial => {
            format!(
                "slips {} to {}",
                serial_words(first.serial),
                serial_words(last.serial)
            )
        }
        (Some(only), _) => format!("slip {}", serial_words(only.serial)),
        _ => "no slips".to_string(),
    };
    format!("{sample}{}, {serials}, {}", imprint.service, imprint.clinic)
}

pub(super) fn date(at: Ts) -> pdf_writer::Date {
    let utc = at.0.to_zoned_datetime(jiff::tz::TimeZone::UTC);
    pdf_writer::Date::new(u16::try_from(utc.year()).unwrap_or(0))
        .month(utc.month().unsigned_abs())
        .day(utc.day().unsigned_abs())
        .hour(utc.hour().unsigned_abs())
        .minute(utc.minute().unsigned_abs())
        .second(utc.second().unsigned_abs())
        .utc_offset_hour(0)
}

/// The same for the same document, another for another: from the serials and the time, never from a code.
pub(super) fn identity(template: &Template, slips: &[PrintedSlip], imprint: &Imprint) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(format!(
        "{} {} {} {}",
        template.name,
        imprint.base_url,
        title(slips, imprint),
        imprint.created.as_micros()
    ));
    let digest = hash.finalize();
    let mut identity = [0; 16];
    identity.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    identity
}
