//! Ways of contact with a patient.

use crate::values::stored_words;

stored_words! {
    /// Way of contact.
    Way {
        /// A phone call.
        Call = "call", "call",
        /// A text message.
        Text = "text", "text",
        /// An e-mail.
        Email = "email", "email",
        /// A letter.
        Letter = "letter", "letter",
        /// A neutral message that asks them to look at their own page.
        Page = "page", "message to look at their page",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_is_read_back() {
        for way in Way::ALL {
            assert_eq!(Way::parse(way.as_str()), Some(*way));
            assert!(!way.label().is_empty());
        }
    }
}
