//! Outcome of one attempt to reach a patient: whether it was contact, and which way it used.

use super::contact_way::Way;

/// Outcome of an attempt to reach a patient. Contact means that the person was spoken to, or answered in an allowed way;
/// everything else is an attempt and keeps the promise open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContactOutcome {
    /// Somebody spoke with the person.
    Spoke,
    /// Somebody spoke with the person through an interpreter.
    SpokeWithInterpreter,
    /// Somebody spoke with the person by a British Sign Language or text relay service.
    SpokeByRelay,
    /// The person answered a text, an e-mail or a letter.
    Replied,
    /// Nobody answered the call.
    NoAnswer,
    /// A voicemail was left, which the person allowed.
    Voicemail,
    /// It is not their number.
    WrongNumber,
    /// A text was sent, which the person allowed.
    TextSent,
    /// An e-mail was sent, which the person allowed.
    EmailSent,
    /// A letter was posted, which the person allowed.
    LetterSent,
}

impl ContactOutcome {
    /// All outcomes, in the order of the buttons.
    pub const ALL: [ContactOutcome; 10] = [
        ContactOutcome::Spoke,
        ContactOutcome::NoAnswer,
        ContactOutcome::Voicemail,
        ContactOutcome::WrongNumber,
        ContactOutcome::SpokeWithInterpreter,
        ContactOutcome::SpokeByRelay,
        ContactOutcome::Replied,
        ContactOutcome::TextSent,
        ContactOutcome::EmailSent,
        ContactOutcome::LetterSent,
    ];

    /// The word stored, and sent by forms.
    pub fn as_str(self) -> &'static str {
        match self {
            ContactOutcome::Spoke => "spoke",
            ContactOutcome::SpokeWithInterpreter => "spoke_interpreter",
            ContactOutcome::SpokeByRelay => "spoke_relay",
            ContactOutcome::Replied => "replied",
            ContactOutcome::NoAnswer => "no_answer",
            ContactOutcome::Voicemail => "voicemail",
            ContactOutcome::WrongNumber => "wrong_number",
            ContactOutcome::TextSent => "text_sent",
            ContactOutcome::EmailSent => "email_sent",
            ContactOutcome::LetterSent => "letter_sent",
        }
    }

    /// The outcome with this stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }

    /// Words on buttons and on the timeline.
    pub fn label(self) -> &'static str {
        match self {
            ContactOutcome::Spoke => "Spoke",
            ContactOutcome::SpokeWithInterpreter => "Spoke through an interpreter",
            ContactOutcome::SpokeByRelay => "Spoke by BSL or text relay",
            ContactOutcome::Replied => "They replied in writing",
            ContactOutcome::NoAnswer => "No answer",
            ContactOutcome::Voicemail => "Voicemail left",
            ContactOutcome::WrongNumber => "Wrong number",
            ContactOutcome::TextSent => "Text sent",
            ContactOutcome::EmailSent => "Email sent",
            ContactOutcome::LetterSent => "Letter sent",
        }
    }

    /// Whether the person was spoken to, or answered in an allowed way.
    pub fn is_contact(self) -> bool {
        match self {
            ContactOutcome::Spoke
            | ContactOutcome::SpokeWithInterpreter
            | ContactOutcome::SpokeByRelay
            | ContactOutcome::Replied => true,
            ContactOutcome::NoAnswer
            | ContactOutcome::Voicemail
            | ContactOutcome::WrongNumber
            | ContactOutcome::TextSent
            | ContactOutcome::EmailSent
            | ContactOutcome::LetterSent => false,
        }
    }

    /// The way it used; `None` where any way may have been used.
    pub fn way(self) -> Option<Way> {
        match self {
            ContactOutcome::NoAnswer | ContactOutcome::Voicemail | ContactOutcome::WrongNumber => {
                Some(Way::Call)
            }
            ContactOutcome::TextSent => Some(Way::Text),
            ContactOutcome::EmailSent => Some(Way::Email),
            ContactOutcome::LetterSent => Some(Way::Letter),
            ContactOutcome::Spoke
            | ContactOutcome::SpokeWithInterpreter
            | ContactOutcome::SpokeByRelay
            | ContactOutcome::Replied => None,
        }
    }

    /// Whether something in writing was sent, which may itself be what had to be passed on.
    pub fn is_written(self) -> bool {
        matches!(
            self,
            ContactOutcome::TextSent | ContactOutcome::EmailSent | ContactOutcome::LetterSent
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for outcome in ContactOutcome::ALL {
            assert_eq!(ContactOutcome::parse(outcome.as_str()), Some(outcome));
        }
        assert_eq!(ContactOutcome::parse("overtaken"), None);
    }

    #[test]
    fn only_speaking_or_an_answer_is_contact() {
        let contact: Vec<&str> = ContactOutcome::ALL
            .into_iter()
            .filter(|outcome| outcome.is_contact())
            .map(ContactOutcome::as_str)
            .collect();
        assert_eq!(contact, ["spoke", "spoke_interpreter", "spoke_relay", "replied"]);
    }
}
