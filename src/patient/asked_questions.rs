//! What the team may ask a patient to tell on their own page, in neutral words; the team may add its own.

/// One question of the short list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedQuestion {
    /// When to ring.
    When,
    /// Which number to ring.
    Number,
    /// Which surgery.
    Surgery,
    /// What they hope for.
    Hope,
    /// What they need.
    Needs,
    /// Whether they still want it.
    Still,
}

impl AskedQuestion {
    /// All of them, in the order of the list.
    pub const ALL: [AskedQuestion; 6] = [
        AskedQuestion::When,
        AskedQuestion::Number,
        AskedQuestion::Surgery,
        AskedQuestion::Hope,
        AskedQuestion::Needs,
        AskedQuestion::Still,
    ];

    /// The word of the form.
    pub fn as_str(self) -> &'static str {
        match self {
            AskedQuestion::When => "when",
            AskedQuestion::Number => "number",
            AskedQuestion::Surgery => "surgery",
            AskedQuestion::Hope => "hope",
            AskedQuestion::Needs => "needs",
            AskedQuestion::Still => "still",
        }
    }

    /// Reads the word of the form.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.as_str() == word)
    }

    /// As the patient reads it.
    pub fn words(self) -> &'static str {
        match self {
            AskedQuestion::When => "When is a good time for us to ring you?",
            AskedQuestion::Number => "Which number can we ring you on?",
            AskedQuestion::Surgery => "Which GP surgery are you with?",
            AskedQuestion::Hope => "What would you like to be different in your life?",
            AskedQuestion::Needs => "Is there anything you need, so that you can come to us or talk with us?",
            AskedQuestion::Still => "Would you still like us to help you?",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for question in AskedQuestion::ALL {
            assert_eq!(AskedQuestion::parse(question.as_str()), Some(question));
        }
        assert_eq!(AskedQuestion::parse("own"), None);
    }
}
