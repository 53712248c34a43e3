//! What happened to a referral, in words for its patient: that it happened and when. Not who of the team did it, not
//! what they wrote, and nothing they thought of it. What another sender added is left out too.

use super::copy::Line;
use crate::referrals::{EventKind, ReferralView};

/// The timeline as the patient's copy tells it.
pub(super) fn happened(view: &ReferralView) -> Vec<Line> {
    let told = view
        .timeline
        .iter()
        .filter(|event| !event.is_of_another_sender())
        .filter_map(|event| Some(Line::new(event.at.display(), words(event.kind)?)));
    told.collect()
}

fn words(kind: EventKind) -> Option<&'static str> {
    Some(match kind {
        EventKind::RiskAnswerKept => "We kept what you had told us so far",
        EventKind::Received => "We received your form",
        EventKind::Completed => "You finished your form",
        EventKind::AnswersAdded => "You told us more",
        EventKind::Claimed | EventKind::Assigned | EventKind::Acknowledged => {
            "A person from our team read it"
        }
        EventKind::Accepted => "A person from our team said yes to it",
        EventKind::SentOn => "It went to another team",
        EventKind::Asked => "We asked you a question",
        EventKind::PatientAnswered => "You answered us",
        EventKind::Declined | EventKind::NotReached | EventKind::Closed | EventKind::Died => "It was closed",
        EventKind::Wrote => "We wrote to you",
        EventKind::Withdrawn => "You took it back",
        EventKind::PlaceHeld => "We kept a place for you",
        EventKind::PlaceConfirmed => "Your place was confirmed",
        EventKind::PlaceMoved => "Your place changed",
        EventKind::PlaceReleased => "Your place was given up",
        EventKind::WaitJoined => "You joined a waiting list",
        EventKind::PlaceOffered => "We offered you a place",
        EventKind::OfferEnded => "The offer ended",
        EventKind::WaitEnded => "You left the waiting list",
        EventKind::Rang => "We contacted you, or tried to",
        EventKind::Attended => "We noted whether you came",
        EventKind::Started => "You started with us",
        EventKind::NotStarted => "We put right when you started",
        EventKind::Reopened => "It was opened again",
        EventKind::ContactChanged => "You changed how we reach you",
        EventKind::LinkReplaced => "We replaced the link to your page",
        EventKind::CopyTaken => "You took a copy",
        EventKind::HandedOver => "We put it into our main record system",
        EventKind::HandOverUndone => "We put right that it is not in our main record system yet",
        // How colleagues share the work, and what they wrote.
        EventKind::Released
        | EventKind::ClaimEnded
        | EventKind::Noted
        | EventKind::Escalated
        | EventKind::ContactUndone
        | EventKind::ContactClosed
        | EventKind::ContactOwed => return None,
        // Another form is somebody else's business until a person knows better.
        EventKind::RaisedByAlike
        | EventKind::Linked
        | EventKind::Unlinked
        | EventKind::ToldApart
        | EventKind::NotToldApart => return None,
    })
}
