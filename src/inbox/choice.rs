//! What somebody chose on the page of a referral, read from the form: which deed, and the words it needs.

use crate::config::ServiceName;
use crate::referrals::{Deed, ReferralView, ReviewState};
use crate::triage::Step;
use crate::web::form::{Errors, Posted};

/// Longest reason, in characters.
pub(super) const REASON_LIMIT: usize = 1000;
/// Longest note.
pub(super) const NOTE_LIMIT: usize = 3000;

/// The forms of the page, by the last part of their address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Acknowledge,
    Claim,
    Release,
    Accept,
    SendOn,
    Decline,
    Reopen,
    Note,
}

impl Choice {
    const ALL: [Choice; 8] = [
        Choice::Acknowledge,
        Choice::Claim,
        Choice::Release,
        Choice::Accept,
        Choice::SendOn,
        Choice::Decline,
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
            Choice::Decline => "decline",
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
            Choice::Acknowledge => "Acknowledged. Your name stands beside it",
            Choice::Claim => "You have taken this on",
            Choice::Release => "Let go. Anyone may take it on",
            Choice::Accept => "Accepted",
            Choice::SendOn => "Sent to the other service, and its team is told",
            Choice::Decline => {
                "Declined. Nothing was sent to the patient: tell them in the way that suits them"
            }
            Choice::Reopen => "Opened again",
            Choice::Note => "Note kept",
        }
    }

    /// The field whose words would be lost if the form were not shown again.
    pub fn words_field(self) -> &'static str {
        match self {
            Choice::Acknowledge | Choice::Claim | Choice::Release => "",
            Choice::Accept => "accept_reason",
            Choice::SendOn => "send_reason",
            Choice::Decline => "decline_reason",
            Choice::Reopen => "reopen_reason",
            Choice::Note => "note_text",
        }
    }

    /// Whether the deed depends on what the person has read; a note does not.
    pub fn depends_on_reading(self) -> bool {
        self != Choice::Note
    }
}

/// Reads the form of a choice; what is missing comes back at its field.
pub(super) fn read(choice: Choice, posted: &Posted, view: &ReferralView) -> Result<Deed, Errors> {
    let mut errors = posted.errors();
    let deed = match choice {
        Choice::Acknowledge => Some(Deed::Acknowledge),
        Choice::Claim => Some(Deed::Claim),
        Choice::Release => Some(Deed::Release),
        Choice::Accept => accept(posted, view, &mut errors),
        Choice::SendOn => send_on(posted, view, &mut errors),
        Choice::Decline => words(
            posted,
            "decline_reason",
            "Say why, and where you pointed the patient to",
            &mut errors,
        )
        .map(|reason| Deed::Decline { reason }),
        Choice::Reopen => words(posted, "reopen_reason", "Say why it is opened again", &mut errors)
            .map(|reason| Deed::Reopen { reason }),
        Choice::Note => note(posted, &mut errors),
    };
    deed.filter(|_| errors.is_empty()).ok_or(errors)
}

fn accept(posted: &Posted, view: &ReferralView, errors: &mut Errors) -> Option<Deed> {
    let Some(step) = Step::parse(posted.one("accept_step")) else {
        errors.add("accept_step", "Select a step");
        return None;
    };
    if view.service == ServiceName::Review && step != Step::Assess {
        errors.add(
            "accept_step",
            "Send it to a service first: in review it can be accepted for an assessment only",
        );
    }
    let suggested = view.case_sheet.decision.step;
    let reason = posted.one("accept_reason");
    if step != suggested && reason.is_empty() {
        errors.add(
            "accept_reason",
            "Say why your decision differs from the suggestion",
        );
    }
    too_long(reason, "accept_reason", REASON_LIMIT, errors);
    Some(Deed::Accept {
        step,
        reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()),
    })
}

fn send_on(posted: &Posted, view: &ReferralView, errors: &mut Errors) -> Option<Deed> {
    let to = ServiceName::parse(posted.one("send_to")).filter(|to| *to != view.service);
    if to.is_none() {
        errors.add("send_to", "Select where to send it");
    }
    let reason = words(posted, "send_reason", "Say why it is sent on", errors)?;
    Some(Deed::SendOn { to: to?, reason })
}

fn note(posted: &Posted, errors: &mut Errors) -> Option<Deed> {
    let text = posted.one("note_text");
    if text.is_empty() {
        errors.add("note_text", "Write the note");
    }
    too_long(text, "note_text", NOTE_LIMIT, errors);
    Some(Deed::Note(text.to_owned()))
}

fn words(posted: &Posted, field: &'static str, missing: &'static str, errors: &mut Errors) -> Option<String> {
    let text = posted.one(field);
    if text.is_empty() {
        errors.add(field, missing);
    }
    too_long(text, field, REASON_LIMIT, errors);
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn too_long(text: &str, field: &'static str, limit: usize, errors: &mut Errors) {
    if text.chars().count() > limit {
        errors.add(
            field,
            format!("This is too long. Use {limit} characters or fewer"),
        );
    }
}

/// Which forms the page offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Offered {
    pub acknowledge: bool,
    pub accept: bool,
    pub send_on: bool,
    pub decline: bool,
    pub reopen: bool,
}

/// What the state allows now. An urgent referral is acknowledged by name before it is declined.
pub(super) fn offered(state: ReviewState, needs_acknowledging: bool) -> Offered {
    let may = |next| state.may_become().contains(&next);
    Offered {
        acknowledge: needs_acknowledging,
        accept: may(ReviewState::Accepted)
            && !matches!(state, ReviewState::Started | ReviewState::HandedOver),
        send_on: state.awaits_triage(),
        decline: may(ReviewState::Declined) && !needs_acknowledging,
        reopen: !state.awaits_triage() && may(ReviewState::New),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_is_read_back_from_its_address() {
        for choice in Choice::ALL {
            assert_eq!(Choice::parse(choice.as_str()), Some(choice));
        }
        assert_eq!(Choice::parse("delete"), None);
    }

    #[test]
    fn what_is_offered_follows_the_state() {
        let new = offered(ReviewState::New, false);
        assert!(new.accept && new.send_on && new.decline && !new.reopen && !new.acknowledge);
        let urgent = offered(ReviewState::New, true);
        assert!(urgent.acknowledge && urgent.accept && !urgent.decline);
        let declined = offered(ReviewState::Declined, false);
        assert!(declined.reopen && !declined.accept && !declined.decline && !declined.send_on);
        assert_eq!(offered(ReviewState::Started, false), Offered::default());
        for state in ReviewState::ALL {
            assert!(offered(state, true).acknowledge, "{state:?}");
        }
    }
}
