//! Accounts: the words an account is made of, and what the lists show of one.

use super::Role;
use crate::values::{Id, Ts, Unfit};

/// The name somebody signs in with: small letters, digits, and `. _ - @` between them.
#[derive(Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Reads a username; capitals become small letters, so that nobody is turned away over them.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        let name = typed.trim().to_lowercase();
        let is_fit = |letter: char| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || ['.', '_', '-', '@'].contains(&letter)
        };
        if name.is_empty() {
            return Err(Unfit::because("Enter a username"));
        }
        if !(2..=64).contains(&name.chars().count()) {
            return Err(Unfit::because("Username must be between 2 and 64 characters"));
        }
        if !name.chars().all(is_fit) || !name.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
            return Err(Unfit::because(
                "Username must use only letters, digits, full stops, dashes, underscores and @",
            ));
        }
        Ok(Self(name))
    }

    /// The name as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What colleagues call somebody: stands in the bar of each page and beside what they decided.
#[derive(Clone, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// Reads a name of one line, at most 80 characters.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        one_line(
            typed,
            "Enter a name",
            "Name must be 80 characters or fewer, on one line",
        )
        .map(Self)
    }

    /// The name as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A clinic's short code, as typed on the command line and over the API: `PW-GRAVES`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClinicCode(String);

impl ClinicCode {
    /// Reads a code of letters, digits and dashes; small letters become capitals.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        let code = typed.trim().to_uppercase();
        let is_fit = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '-';
        let starts = code.starts_with(|letter: char| letter.is_ascii_alphanumeric());
        if code.len() > 24 || !starts || !code.chars().all(is_fit) {
            return Err(Unfit::because(
                "Clinic code must be up to 24 letters, digits and dashes",
            ));
        }
        Ok(Self(code))
    }

    /// The code as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads one line of at most 80 characters without hidden ones.
pub(super) fn one_line(typed: &str, missing: &'static str, unfit: &'static str) -> Result<String, Unfit> {
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return Err(Unfit::because(missing));
    }
    if line.chars().count() > 80 || typed.chars().any(char::is_control) {
        return Err(Unfit::because(unfit));
    }
    Ok(line)
}

impl std::fmt::Debug for Username {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

impl std::fmt::Debug for DisplayName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The name to sign in with.
    pub username: Username,
    /// What colleagues call the person.
    pub display_name: DisplayName,
    /// What the person is here for.
    pub role: Role,
    /// The clinic of a physio; ignored for the other roles, which work for all clinics.
    pub clinic: Option<Id>,
}

/// An account as lists show it.
#[derive(Clone)]
pub struct Account {
    /// The account's row.
    pub id: Id,
    /// The name to sign in with.
    pub username: String,
    /// What colleagues call the person.
    pub display_name: String,
    /// What the person is here for.
    pub role: Role,
    /// The clinic of a physio: id and name.
    pub clinic: Option<(Id, String)>,
    /// Whether the person can sign in.
    pub active: bool,
    /// Since when the account exists.
    pub created_at: Ts,
    /// The person's own mailbox, where links to choose a password go.
    pub email: Option<String>,
    /// Since when the account is in force with this role.
    pub approved_at: Option<Ts>,
    /// The leave of a lead: since when, and until when.
    pub away: Option<(Ts, Ts)>,
    /// When the account was deactivated.
    pub ended_at: Option<Ts>,
}

impl Account {
    /// Whether the person is on leave.
    pub fn is_away(&self, now: Ts) -> bool {
        self.away.is_some_and(|(_, until)| now < until)
    }
}

/// A clinic whose patients are given slips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clinic {
    /// The clinic's row.
    pub id: Id,
    /// Its short code.
    pub code: String,
    /// Its name, as patients are greeted with it.
    pub name: String,
    /// Whether new pads may be minted for it.
    pub active: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_small_letters_and_never_markup() {
        assert_eq!(
            Username::parse(" Sam.Example ").map(|name| name.0).as_deref(),
            Ok("sam.example")
        );
        assert!(Username::parse("sam@example.org").is_ok());
        for wrong in [
            "",
            "a",
            ".sam",
            "sam example",
            "sam<b>",
            "zo\u{eb}",
            "s\0am",
            &"a".repeat(65),
        ] {
            assert!(Username::parse(wrong).is_err(), "{wrong:?} was accepted");
        }
        assert!(Username::parse(&"a".repeat(1_000_000)).is_err());
    }

    #[test]
    fn a_display_name_is_one_line() {
        assert_eq!(
            DisplayName::parse("  Zo\u{eb}   O'Neill ")
                .map(|name| name.0)
                .as_deref(),
            Ok("Zo\u{eb} O'Neill")
        );
        for wrong in ["", "  ", "a\nb", "a\0b", &"a".repeat(81)] {
            assert!(DisplayName::parse(wrong).is_err(), "{wrong:?} was accepted");
        }
    }

    #[test]
    fn clinic_codes_are_capitals() {
        assert_eq!(
            ClinicCode::parse("pw-graves").map(|code| code.0).as_deref(),
            Ok("PW-GRAVES")
        );
        for wrong in ["", "-A", "A B", "\u{c9}", &"A".repeat(25)] {
            assert!(ClinicCode::parse(wrong).is_err(), "{wrong:?} was accepted");
        }
    }
}
