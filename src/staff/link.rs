//! The secret of a link with which a person chooses a password: drawn at random, stored as a keyed hash, used once.

use super::password::LETTERS;
use crate::values::{KeyError, Keyring, Purpose, random};

/// Minutes after which a link is over.
pub const LINK_MINUTES: i64 = 24 * 60;

/// The secret part of the address: 26 letters and digits that can be typed from paper, 130 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken(String);

impl LinkToken {
    pub(super) fn draw() -> Result<Self, KeyError> {
        let bytes: [u8; 26] = random()?;
        let letter = |byte: &u8| {
            LETTERS
                .get(usize::from(byte % 32))
                .map(|letter| char::from(*letter))
        };
        Ok(Self(bytes.iter().filter_map(letter).collect()))
    }

    /// Reads a token from an address; anything else than 26 of the letters is none.
    pub fn parse(text: &str) -> Option<Self> {
        let small = text.to_ascii_lowercase();
        let sound = small.len() == 26 && small.bytes().all(|byte| LETTERS.contains(&byte));
        sound.then_some(Self(small))
    }

    /// The token, for the one address it opens.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self, keys: &Keyring) -> Result<[u8; 32], KeyError> {
        keys.mac(Purpose::Tokens, &[b"password link", self.0.as_bytes()])
    }
}

impl std::fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_back_and_nothing_else_is() {
        let token = LinkToken::draw().expect("randomness");
        assert_eq!(LinkToken::parse(token.reveal()), Some(token.clone()));
        assert_eq!(
            LinkToken::parse(&token.reveal().to_uppercase()),
            Some(token.clone())
        );
        assert_eq!(format!("{token:?}"), "[redacted]");
        for wrong in [
            "",
            "x",
            &token.reveal()[1..],
            &format!("{}0", token.reveal()),
            &"u".repeat(26),
        ] {
            assert_eq!(LinkToken::parse(wrong), None, "{wrong:?}");
        }
    }
}
