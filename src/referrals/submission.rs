//! What comes through a door: the same form of words for the patient's pages, the physio, staff on the phone
//! and the API.

use crate::questionnaire::Answers;
use crate::triage::{Decision, Facts};
use crate::values::{Id, SlipCode, Ts};

use super::person::Person;
use super::reference::{ManageToken, Reference};
use super::state::ReviewState;
use super::timeline::By;

/// Which door it came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// The patient's own pages.
    Patient,
    /// "Refer with the patient now".
    Physio,
    /// Staff typing what a caller says.
    Staff,
    /// The JSON API.
    Api,
}

impl Door {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Door::Patient => "patient",
            Door::Physio => "physio",
            Door::Staff => "staff",
            Door::Api => "api",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Door::Patient, Door::Physio, Door::Staff, Door::Api]
            .into_iter()
            .find(|door| door.as_str() == word)
    }
}

/// Everything `submit` needs, already parsed. `facts.pad_target` is set by `submit` from the slip; who refers is
/// `facts.source`.
#[derive(Clone)]
pub struct Submission {
    /// Makes every repetition of this submission the same submission. Drawn when the draft began.
    pub draft_id: Id,
    /// Which door.
    pub door: Door,
    /// Who acts, for the timeline.
    pub by: By,
    /// The code of the slip, if there was one.
    pub slip: Option<SlipCode>,
    /// The one clinic whose slips this sender may use; none: any clinic's.
    pub bound_to: Option<Id>,
    /// A code was typed that no slip of ours has; what it was stands in `needs_checking`.
    pub unknown_code: bool,
    /// May the referrer see how far it is?
    pub share_status: bool,
    /// Who it is about.
    pub person: Person,
    /// What the rules look at.
    pub facts: Facts,
    /// Safety questions nobody asked.
    pub not_asked: Vec<String>,
    /// The patient's answers on our own pages.
    pub answers: Option<Answers>,
    /// Fields kept although they did not pass their check.
    pub needs_checking: Vec<String>,
    /// Written because of a worrying answer, before the form was finished.
    pub incomplete: bool,
}

/// What became of a submission.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// A new referral, or an unfinished one kept because of a worrying answer.
    Created(Receipt),
    /// The unfinished referral of this draft is now finished, or has more answers.
    Completed(Receipt),
    /// The same form again, finished before, with other answers: they were added to its referral.
    Continued(Receipt),
    /// The same submission again: nothing was changed.
    Repeated(Receipt),
    /// Another sender, with a slip that this person had used: the answers were added to the referral that the first
    /// sender began.
    Added(Added),
}

impl Submitted {
    /// The receipt of the sender's own form. Whoever added to a referral that another sender began gets none.
    pub fn receipt(&self) -> Option<&Receipt> {
        match self {
            Submitted::Created(receipt)
            | Submitted::Completed(receipt)
            | Submitted::Continued(receipt)
            | Submitted::Repeated(receipt) => Some(receipt),
            Submitted::Added(_) => None,
        }
    }
}

/// What is known of answers that were added to a referral another sender began: nothing that opens that referral, and
/// nothing of its state or of what was decided about it.
#[derive(Clone, Debug)]
pub struct Added {
    /// The referral: for rows of our own that lead to it, and for staff who may open it. Never for the sender.
    pub referral: Id,
    /// Its reference, only if the same API key began it.
    pub reference: Option<Reference>,
    /// When these answers were taken in: the time of their event.
    pub at: Ts,
}

/// What the sender of a form may know about its referral.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The row.
    pub id: Id,
    /// What the patient keeps.
    pub reference: Reference,
    /// The secret part of the address of the patient's own page, as the sender first got it.
    pub token: ManageToken,
    /// Where the referral is now.
    pub state: ReviewState,
    /// What the rules suggest. Shown to triage and to API keys with the scope `triage`, never to the patient.
    pub decision: Decision,
    /// When somebody will have been in touch.
    pub contact_by: Ts,
    /// When this submission was taken in: the time of its event.
    pub at: Ts,
}
