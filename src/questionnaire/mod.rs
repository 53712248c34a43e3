//! Receives a patient's answers, already checked for length and control characters.
//! Decides scores, what was skipped, which page comes next, and whether free text holds a word that worries.
//! Hands on `Answers` and the journey through them. Never judges risk, never stores anything, never shows a page.

mod answers;
mod choices;
#[cfg(test)]
mod exhaustive;
mod free_text;
mod gad7;
mod journey;
pub mod limits;
mod page;
mod parts;
mod phobia;
mod phq9;
mod question;
mod scale;
mod wsas;

pub use answers::Answers;
pub use choices::{BestTime, Condition, CrisisNow, GpInArea, KeepSafe, Linked, PainLength, Problem, Veteran};
pub use free_text::{RiskCause, RiskWords, find_risk_words, missing_from_floor};
pub use gad7::{GAD7, GAD7_CASENESS, GAD7_RELIABLE_CHANGE, gad7_band, gad7_case};
pub use journey::{Journey, JourneyContext};
pub use page::Page;
pub use parts::{
    Address, Agreement, CareTicks, Contact, GpSurgery, Helper, LifeTicks, LongTerm, Needs, SafetyTicks,
    SpineTicks,
};
pub use phobia::{PHOBIA_CASENESS, phobia_case};
pub use phq9::{ITEM_9, PHQ9, PHQ9_CASENESS, PHQ9_RELIABLE_CHANGE, item9, phq9_band, phq9_case};
pub use question::Question;
pub use scale::{Band, ITEM_HIGHEST, Scale, ScaleError, Sheet, checked, total};
pub use wsas::{WSAS_MARKED, WsasScore, wsas_band, wsas_score};
