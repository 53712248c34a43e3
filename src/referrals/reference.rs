//! The reference of a referral: what a patient reads out, what a mail may carry. Says nothing about anyone.

use std::fmt;

use crate::values::{Id, KeyError, Keyring, Purpose};

/// Crockford's alphabet: no I, L, O or U, so that a reference survives being read out.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Eight characters, shown as two groups of four: `4K7M-2PQX`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference(String);

impl Reference {
    /// A reference from random bytes.
    pub(super) fn from_bytes(bytes: [u8; 8]) -> Self {
        let letters = bytes.map(|byte| letter(u32::from(byte)));
        Self(letters.iter().collect())
    }

    /// Reads a reference as staff type it: case, spaces and dashes do not matter, O is 0, I and L are 1.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .map(|letter| match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let sound = letters.len() == 8 && letters.bytes().all(|byte| ALPHABET.contains(&byte));
        sound.then_some(Self(letters))
    }

    /// The eight characters as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_at_checked(4) {
            Some((first, second)) => write!(f, "{first}-{second}"),
            None => f.write_str(&self.0),
        }
    }
}

/// The secret part of the address of a patient's own page: derived from the referral and from how often its link was
/// replaced, stored only hashed.
#[derive(Clone, PartialEq, Eq)]
pub struct ManageToken(String);

impl ManageToken {
    /// The token of this referral: 26 characters, 130 bits. Generation 0 is the link of the first day.
    pub fn of(keys: &Keyring, referral: Id, generation: i32) -> Result<Self, KeyError> {
        let number = generation.to_be_bytes();
        let replaced: [&[u8]; 3] = [b"own page", referral.as_bytes(), &number];
        let parts = match generation {
            0 => &replaced[..2],
            _ => &replaced[..],
        };
        let mac = keys.mac(Purpose::Tokens, parts)?;
        Ok(Self(
            mac.iter().take(26).map(|byte| letter(u32::from(*byte))).collect(),
        ))
    }

    /// A token as it stands in an address; anything else than 26 letters and digits is none.
    pub fn parse(text: &str) -> Option<Self> {
        let upper = text.to_ascii_uppercase();
        let sound = upper.len() == 26 && upper.bytes().all(|byte| ALPHABET.contains(&byte));
        sound.then_some(Self(upper))
    }

    /// What the database holds in its place: sixteen bytes of a keyed hash tell any two tokens apart.
    pub fn hash(&self, keys: &Keyring) -> Result<[u8; 16], KeyError> {
        let whole = keys.mac(Purpose::Tokens, &[b"own page, stored", self.0.as_bytes()])?;
        let mut hash = [0; 16];
        hash.copy_from_slice(&whole[..16]);
        Ok(hash)
    }

    /// The token, for the address of the page and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ManageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

fn letter(number: u32) -> char {
    let index = usize::try_from(number % 32).unwrap_or_default();
    char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_as_people_type_it() {
        let reference = Reference::from_bytes([4, 19, 7, 20, 2, 22, 23, 0]);
        assert_eq!(reference.to_string(), "4K7M-2PQ0");
        for typed in ["4k7m-2pq0", " 4K7M 2PQO ", "4K7M2PQ0"] {
            assert_eq!(Reference::parse(typed), Some(reference.clone()), "{typed}");
        }
        for typed in ["", "4K7M-2PQ", "4K7M-2PQU", "4K7M-2PQ0X", "é"] {
            assert_eq!(Reference::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_token_of_the_wrong_form_is_none() {
        assert!(ManageToken::parse("../../etc").is_none());
        assert!(ManageToken::parse(&"A".repeat(26)).is_some());
        assert!(ManageToken::parse(&"U".repeat(26)).is_none());
    }
}
