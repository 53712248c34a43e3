//! A slip, and what becomes of a code that somebody scans, types or reads out.

use super::draw::serial_words;
use super::store;
use crate::config::ServiceName;
use crate::db::{Conn, Result};
use crate::values::{Id, KeyError, KeyId, Keyring, Purpose, SlipCode, Ts};

/// Where a slip is in its short life. Expired is not stored: it follows from the date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlipState {
    /// Not used yet.
    Unused,
    /// One referral came of it.
    Used,
    /// Taken back, such as with a lost pad.
    Void,
}

impl SlipState {
    const ALL: [SlipState; 3] = [SlipState::Unused, SlipState::Used, SlipState::Void];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            SlipState::Unused => "unused",
            SlipState::Used => "used",
            SlipState::Void => "void",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What a scanned slip says of itself; nothing of a patient, for it holds nothing of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlipView {
    /// The row.
    pub id: Id,
    /// The number printed on it.
    pub serial: i64,
    /// The pad it belongs to.
    pub pad_id: Id,
    /// The clinic that gave it.
    pub clinic_id: Id,
    /// The clinic's name, as the patient reads it.
    pub clinic_name: String,
    /// The service it was minted for, if for one.
    pub service: Option<ServiceName>,
    /// Minted by the demo.
    pub sample: bool,
    /// When it expires.
    pub expires_at: Ts,
}

/// What a well-formed code leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan {
    /// A slip nobody has used.
    Unused(SlipView),
    /// A slip that led to a referral.
    Used(SlipView),
    /// A slip that was taken back.
    Void(SlipView),
    /// A slip whose date is past.
    Expired(SlipView),
    /// No slip of ours.
    Unknown,
}

impl Scan {
    /// The slip, if it is one of ours.
    pub fn slip(&self) -> Option<&SlipView> {
        match self {
            Scan::Unused(slip) | Scan::Used(slip) | Scan::Void(slip) | Scan::Expired(slip) => Some(slip),
            Scan::Unknown => None,
        }
    }
}

/// The code of a slip: 55 bits derived from its id with the key its pad was printed with.
pub fn code_of(keys: &Keyring, key: KeyId, slip: Id) -> std::result::Result<SlipCode, KeyError> {
    let mac = keys.mac_with(Purpose::Codes, key, &[b"slip", slip.as_bytes()])?;
    let bits = mac
        .iter()
        .take(8)
        .fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    Ok(SlipCode::from_bits(bits >> 9))
}

/// What the database holds in place of a code: a dump without the key reveals no usable slip.
pub fn code_hash(keys: &Keyring, code: &SlipCode) -> std::result::Result<[u8; 32], KeyError> {
    keys.mac(Purpose::CodeLookup, &[code.compact().as_bytes()])
}

/// What a code leads to now.
pub fn resolve(conn: &mut Conn<'_>, keys: &Keyring, code: &SlipCode, now: Ts) -> Result<Scan> {
    let found = store::find_slip(conn, &code_hash(keys, code)?)?;
    Ok(match found {
        None => Scan::Unknown,
        Some((SlipState::Used, slip)) => Scan::Used(slip),
        Some((SlipState::Void, slip)) => Scan::Void(slip),
        Some((SlipState::Unused, slip)) if slip.expires_at <= now => Scan::Expired(slip),
        Some((SlipState::Unused, slip)) => Scan::Unused(slip),
    })
}

/// Uses a slip, once: `false` when somebody was first, or when it is void or expired.
pub fn mark_used(conn: &mut Conn<'_>, slip: Id, now: Ts) -> Result<bool> {
    store::mark_used(conn, slip, now)
}

/// Counts that somebody began with this slip: at "Start now", never at a GET, because mail scanners follow links.
pub fn count_opening(conn: &mut Conn<'_>, slip: Id) -> Result<()> {
    store::count_opening(conn, slip)
}

/// What a patient agreed to share with the physio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedStatus {
    /// The slip was used.
    Used,
    /// A place was booked.
    Booked,
}

/// Writes what the patient agreed to share, and nothing else; referrals and booking call it only with the
/// patient's agreement.
pub fn share(conn: &mut Conn<'_>, slip: Id, status: SharedStatus) -> Result<()> {
    let word = match status {
        SharedStatus::Used => "used",
        SharedStatus::Booked => "booked",
    };
    store::mark_shared(conn, slip, word)
}

/// The line a physio pastes into the patient's record.
pub fn record_line(serial: i64, given: Ts) -> String {
    format!(
        "Talking Therapies slip {} given, {}",
        serial_words(serial),
        given.display_date()
    )
}
