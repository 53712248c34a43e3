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
    /// The same person had used this slip: the new answers were added to their referral.
    AddedTo(Receipt),
    /// The same submission again: nothing was changed.
    Repeated(Receipt),
}

impl Submitted {
    /// The receipt, whatever became of it.
    pub fn receipt(&self) -> &Receipt {
        match self {
            Submitted::Created(receipt)
            | Submitted::Completed(receipt)
            | Submitted::AddedTo(receipt)
            | Submitted::Repeated(receipt) => receipt,
        }
    }
}

/// What the door may tell about a referral just submitted.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The row.
    pub id: Id,
    /// What the patient keeps.
    pub reference: Reference,
    /// The secret part of the address of the patient's own page.
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
