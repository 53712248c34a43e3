//! The longest legal text of each field, in characters (not bytes). Set so that the largest legal `Answers` in
//! four-byte characters stays under [`LARGEST_JSON`], which fits the encrypted cookie; a test holds them to it.

use crate::values::text::is_something;

/// Bytes of JSON the largest legal answers may take.
pub const LARGEST_JSON: usize = 4300;
/// Full name.
pub const NAME: usize = 70;
/// Phone number as stored, with the note beside it, or as typed by somebody at risk: in bytes of JSON.
pub const PHONE: usize = 48;
/// E-mail address, in bytes; as typed by somebody at risk, in bytes of JSON.
pub const EMAIL: usize = 100;
/// Lines of an address.
pub const ADDRESS_LINES: usize = 3;
/// One line of an address.
pub const ADDRESS_LINE: usize = 40;
/// Postcode as stored, or as typed by somebody at risk: in bytes of JSON.
pub const POSTCODE: usize = 12;
/// Name of the GP surgery.
pub const GP_SURGERY: usize = 70;
/// NHS number, digits only; or as typed by somebody at risk: in bytes of JSON.
pub const NHS_NUMBER: usize = 14;
/// Another long-term condition, in the patient's words.
pub const OTHER_CONDITION: usize = 50;
/// Language code of the interpreter.
pub const LANGUAGE_CODE: usize = 12;
/// Another language, in the patient's words.
pub const OTHER_LANGUAGE: usize = 30;
/// What makes letters and calls easier to use.
pub const FORMAT_NEED: usize = 90;
/// Name of the helper.
pub const HELPER_NAME: usize = 50;
/// What the helper is to the patient.
pub const HELPER_RELATION: usize = 30;
/// "Anything else you want us to know?"
pub const ANYTHING_ELSE: usize = 300;

/// What was typed into a field, if it says something: as much as takes `most` bytes in the cookie.
pub fn fitting(typed: &str, most: usize) -> Option<String> {
    let mut fits = String::new();
    for letter in typed.trim().chars() {
        fits.push(letter);
        // Without the quotation marks.
        if serde_json::to_string(&fits).map_or(usize::MAX, |text| text.len() - 2) > most {
            fits.pop();
            break;
        }
    }
    Some(fits).filter(|fits| is_something(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_fits_the_cookie() {
        assert_eq!(
            fitting("\u{1d4b2}\u{1d4b2}\u{1d4b2}", 9).as_deref(),
            Some("\u{1d4b2}\u{1d4b2}")
        );
        assert_eq!(fitting("a\"\"", 4).as_deref(), Some("a\""));
        assert_eq!(fitting(" 0770 ", 48).as_deref(), Some("0770"));
    }
}
