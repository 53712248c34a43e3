//! Draws slips as PDF 1.7: receives a checked template, slips and the words printed on all of them; hands on
//! the bytes of one document. Tagged, with language, title and true dates; the same bytes for the same input.
//! Draws nothing that depends on a patient, and proves nothing: that is `proof`.
//!
//! Everything the slips share (panels, fixed text, cut marks) is drawn once as form XObjects; a slip adds its
//! QR code, its code and its serial. A document holds its pages in memory, so bulk runs use several.

mod artwork;
mod ink;
mod tags;

use super::font::Subset;
use super::pdf::PdfFile;
use super::plate::Plate;
use super::qr::{QUIET_ZONE, slip_address};
use super::template::{Area, Block, Template, Text, What, Words};
use crate::values::{SlipCode, Ts};
use artwork::{Artwork, SHARED_CODE};
use ink::{Ink, points};
use pdf_writer::{Finish, Name, Obj, Ref, TextStr};
use sha2::{Digest, Sha256};
use std::io::Write;
use tags::Tags;

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
    /// When the document was made.
    pub created: Ts,
}

impl Imprint {
    /// What the QR code of a slip says, in upper case.
    pub fn address_of(&self, slip: &PrintedSlip) -> String {
        slip_address(&self.base_url, &slip.code.compact())
    }

    fn words<'a>(&'a self, serial: &'a str, code: &'a str) -> Words<'a> {
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

/// Draws the slips onto as many pages as they need, in memory. See [`draw_into`].
pub fn draw(template: &Template, slips: &[PrintedSlip], imprint: &Imprint) -> anyhow::Result<Vec<u8>> {
    draw_into(Vec::new(), template, slips, imprint)
}

/// Draws the slips onto as many pages as they need and writes page after page to `out`, which is handed back.
///
/// Errors if the clinic's name or another word does not fit the template, the address its QR code, or `out` takes
/// no more.
pub fn draw_into<W: Write>(
    out: W,
    template: &Template,
    slips: &[PrintedSlip],
    imprint: &Imprint,
) -> anyhow::Result<W> {
    let mut file = PdfFile::start(out)?;
    let (catalogue, info, pages) = (file.reserve(), file.reserve(), file.reserve());
    let artwork = Artwork::write(&mut file, template, imprint)?;
    let mut tags = Tags::start(&mut file);
    let mut kids = Vec::new();
    let mut ink = Ink::new();
    for on_page in slips.chunks(template.slips_per_page().max(1)) {
        let (page, content) = (file.reserve(), file.reserve());
        let key = tags.start_page(page);
        ink.clear();
        artwork.marks(&mut ink);
        for (position, slip) in on_page.iter().enumerate() {
            draw_slip(
                &mut file, &mut ink, &mut tags, template, &artwork, imprint, slip, position,
            )?;
        }
        file.stream(content, ink.bytes(), |_| {})?;
        file.object(page, |object| page_object(object, pages, content, key))?;
        kids.push(page);
    }
    let title = title(slips, imprint);
    let count = i32::try_from(kids.len())?;
    file.object(pages, |object| {
        let mut dict = object.dict();
        dict.pair(Name(b"Type"), Name(b"Pages"))
            .pair(Name(b"Count"), count);
        dict.insert(Name(b"Kids")).array().items(kids);
        // Every page inherits its size and its resources.
        dict.insert(Name(b"MediaBox")).array().items([
            0.0,
            0.0,
            points(template.page.width),
            points(template.page.height),
        ]);
        dict.pair(Name(b"Resources"), artwork.resources);
    })?;
    let root = tags.finish(&mut file)?;
    file.object(catalogue, |object| {
        catalogue_object(object, pages, root, template)
    })?;
    file.object(info, |object| info_object(object, &title, imprint.created))?;
    file.finish(catalogue, info, &identity(template, slips, imprint))
}

#[expect(
    clippy::too_many_arguments,
    reason = "one slip needs the whole drawing at hand; a struct for it would only be unpacked again"
)]
fn draw_slip<W: Write>(
    file: &mut PdfFile<W>,
    ink: &mut Ink,
    tags: &mut Tags,
    template: &Template,
    artwork: &Artwork,
    imprint: &Imprint,
    slip: &PrintedSlip,
    position: usize,
) -> anyhow::Result<()> {
    let serial = serial_words(slip.serial);
    let code = slip.code.to_string();
    let words = imprint.words(&serial, &code);
    let section = tags.start_section(file);
    let (left, top) = template.origin(position);
    ink.save();
    ink.shift(
        points(left),
        points(template.page.height - top - template.slip.height),
    );
    artwork.ground(ink);
    for (index, block) in template.blocks.iter().enumerate() {
        match &block.what {
            What::Panel { .. } => {}
            What::Qr => {
                ink.begin_tagged("Figure", tags.figure(file, section)?);
                draw_qr(ink, &artwork.plate, &slip.code, &block.area, template.slip.height);
                ink.end_tagged();
            }
            What::Text(text) => {
                let role = tags::role_name(text.role);
                ink.begin_tagged(role, tags.text(file, section, role)?);
                match artwork.fixed(index) {
                    Some(form) => ink.form(form),
                    None => draw_text(ink, template, block, text, &words, &artwork.subsets)?,
                }
                ink.end_tagged();
            }
        }
    }
    ink.restore();
    tags.finish_section(file, section)
}

/// The code in units of modules, scaled into the area: what all codes share as a form, its own modules as one path.
fn draw_qr(ink: &mut Ink, plate: &Plate, code: &SlipCode, area: &Area, slip_height: f32) {
    let (width, height) = area.size_in_points();
    let module = width.min(height) / (plate.width() + 2 * QUIET_ZONE) as f32;
    let quiet = module * QUIET_ZONE as f32;
    ink.save();
    ink.black();
    ink.scale_down(
        module,
        points(area.x) + quiet,
        points(slip_height - area.y) - quiet,
    );
    ink.form(SHARED_CODE);
    for (x, y, length) in plate.own_runs(code) {
        ink.module_run(x, y, length);
    }
    ink.fill();
    ink.restore();
}

/// Sets a block's text, its origin at the slip's bottom left corner.
fn draw_text(
    ink: &mut Ink,
    template: &Template,
    block: &Block,
    text: &Text,
    words: &Words,
    subsets: &[Subset; 2],
) -> anyhow::Result<()> {
    let runs = artwork::set(template, block, text, words)?;
    ink.text(
        &runs,
        &block.area,
        template.slip.height,
        text.size,
        block.colour,
        subsets,
    );
    Ok(())
}

fn page_object(object: Obj<'_>, pages: Ref, content: Ref, key: i32) {
    let mut dict = object.dict();
    dict.pair(Name(b"Type"), Name(b"Page"))
        .pair(Name(b"Parent"), pages)
        .pair(Name(b"Contents"), content);
    dict.pair(Name(b"StructParents"), key)
        .pair(Name(b"Tabs"), Name(b"S"));
}

fn catalogue_object(object: Obj<'_>, pages: Ref, root: Ref, template: &Template) {
    let mut dict = object.dict();
    dict.pair(Name(b"Type"), Name(b"Catalog"))
        .pair(Name(b"Pages"), pages)
        .pair(Name(b"StructTreeRoot"), root);
    dict.pair(Name(b"Lang"), TextStr(&template.language));
    dict.insert(Name(b"MarkInfo")).dict().pair(Name(b"Marked"), true);
    dict.insert(Name(b"ViewerPreferences"))
        .dict()
        .pair(Name(b"DisplayDocTitle"), true);
}

fn info_object(object: Obj<'_>, title: &str, created: Ts) {
    let mut info: pdf_writer::writers::DocumentInfo<'_> = object.start();
    info.title(TextStr(title))
        .creator(TextStr("iapt-pad"))
        .producer(TextStr("iapt-pad"));
    info.creation_date(date(created)).modified_date(date(created));
    info.finish();
}

fn title(slips: &[PrintedSlip], imprint: &Imprint) -> String {
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

fn date(at: Ts) -> pdf_writer::Date {
    let utc = at.0.to_zoned(jiff::tz::TimeZone::UTC);
    pdf_writer::Date::new(u16::try_from(utc.year()).unwrap_or(0))
        .month(utc.month().unsigned_abs())
        .day(utc.day().unsigned_abs())
        .hour(utc.hour().unsigned_abs())
        .minute(utc.minute().unsigned_abs())
        .second(utc.second().unsigned_abs())
        .utc_offset_hour(0)
}

/// The same for the same document, another for another: from the serials and the time, never from a code.
fn identity(template: &Template, slips: &[PrintedSlip], imprint: &Imprint) -> [u8; 16] {
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
