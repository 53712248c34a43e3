//! What somebody chose on the page of a referral: which deed it is, in the words of its address; how its form is read
//! ([`read`]) and when it is offered ([`offered`]).

mod offered;
mod read;

pub(super) use offered::{Offered, offered};
pub(super) use read::{Reading, read};

/// Longest reason, in characters.
pub(super) const REASON_LIMIT: usize = 1000;
/// Longest note.
pub(super) const NOTE_LIMIT: usize = 3000;
/// Longest name of a therapist or team, and of who was told.
pub(super) const NAME_LIMIT: usize = 200;

/// The forms of the page, by the last part of their address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Acknowledge,
    Claim,
    Release,
    Accept,
    SendOn,
    Ask,
    Decline,
    CouldNotReach,
    Close,
    CloseContact,
    OweContact,
    RecordDeath,
    Reopen,
    Note,
}

impl Choice {
    pub const ALL: [Choice; 14] = [
        Choice::Acknowledge,
        Choice::Claim,
        Choice::Release,
        Choice::Accept,
        Choice::SendOn,
        Choice::Ask,
        Choice::Decline,
        Choice::CouldNotReach,
        Choice::Close,
        Choice::CloseContact,
        Choice::OweContact,
        Choice::RecordDeath,
        Choice::Reopen,
        Choice::Note,
    ];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Choice::Acknowledge => "acknowledge",
            Choice::Claim => "claim",
            Choice::Release => "release",
            Choice::Accept => "accept",
            Choice::SendOn => "send-on",
            Choice::Ask => "ask",
            Choice::Decline => "decline",
            Choice::CouldNotReach => "could-not-reach",
            Choice::Close => "close",
            Choice::CloseContact => "close-contact",
            Choice::OweContact => "owe-contact",
            Choice::RecordDeath => "record-death",
            Choice::Reopen => "reopen",
            Choice::Note => "note",
        }
    }

    /// Reads the word of an address.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == word)
    }

    /// What the page says once it is done.
    pub fn done(self) -> &'static str {
        match self {
            Choice::Acknowledge => "Acknowledged and assigned to you. The call to them stays due",
            Choice::Claim => "You have taken this on",
            Choice::Release => "Let go. Anyone may take it on",
            Choice::Accept => "Accepted. A contact that was promised and not made stays in Calls to make",
            Choice::SendOn => "Sent to the other service, and its team is told",
            Choice::Ask => "Asked. It waits for the patient, and comes back to the new ones with the answer",
            Choice::Decline => {
                "Declined. A message was sent only if you chose it; a call or a letter has been added to Calls to make"
            }
            Choice::CouldNotReach => "Closed: could not be reached. Nothing was sent to the patient",
            Choice::Close => "Closed. Nothing was sent to the patient",
            Choice::CloseContact => "The promise of contact is closed, with your name",
            Choice::OweContact => {
                "The call is due by the end of the next working day. It is in Calls to make"
            }
            Choice::RecordDeath => "Recorded. Every message and call has stopped",
            Choice::Reopen => "Reopened. What was owed to the patient is owed again",
            Choice::Note => "Note kept",
        }
    }

    /// The fields whose words would be lost if the form were not shown again.
    pub fn words_fields(self) -> &'static [&'static str] {
        match self {
            Choice::Acknowledge | Choice::Claim | Choice::Release | Choice::OweContact => &[],
            Choice::Accept => &["accept_with", "accept_reason"],
            Choice::SendOn => &["send_reason"],
            Choice::Ask => &["ask_own"],
            Choice::Decline => &["decline_reason", "decline_signpost", "decline_told"],
            Choice::CouldNotReach => &["unreached_tried", "unreached_told"],
            Choice::Close => &["close_reason", "close_told"],
            Choice::CloseContact => &["contact_details"],
            Choice::RecordDeath => &["death_details"],
            Choice::Reopen => &["reopen_reason"],
            Choice::Note => &["note_text"],
        }
    }

    /// Whether the deed depends on what the person has read; a note does not.
    pub fn depends_on_reading(self) -> bool {
        self != Choice::Note
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_is_read_back_from_its_address() {
        for choice in Choice::ALL {
            assert_eq!(Choice::parse(choice.as_str()), Some(choice));
            assert!(!choice.done().is_empty());
        }
        assert_eq!(Choice::parse("delete"), None);
    }
}
