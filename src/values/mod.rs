//! Parsed words. Receives text and bytes from outside, decides whether they are what they claim to be,
//! and hands on types that every room may trust. Never touches a database, a clock or a request.

use std::borrow::Cow;

mod birth_date;
mod code;
mod day;
mod email;
mod id;
mod keys;
mod nhs_number;
mod packed;
mod person_name;
mod phone;
mod postcode;
mod sealed;
mod stored_words;
pub mod text;
mod time;
mod word;

pub use birth_date::{BirthDate, UnfitDate};
pub use code::{CODE_LENGTH, SlipCode};
pub use day::day_of_boxes;
pub use email::Email;
pub use id::Id;
pub(crate) use keys::random;
pub use keys::{KeyError, KeyId, Keyring, MasterKey, Purpose, WrappedKey};
pub use nhs_number::NhsNumber;
pub use person_name::{PersonName, words};
pub use phone::Phone;
pub use postcode::Postcode;
pub use sealed::Sealed;
pub(crate) use stored_words::stored_words;
pub use time::{Clock, Ts, london};

/// Why a text is not what it claims to be, in words a patient or a clerk understands. It never repeats
/// the text itself, so that it may be shown and logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit(pub Cow<'static, str>);

impl Unfit {
    /// A reason known when the program was written.
    pub const fn because(reason: &'static str) -> Self {
        Self(Cow::Borrowed(reason))
    }
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}
