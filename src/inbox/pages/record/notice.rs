//! What stands on top of the page besides the referral.

use crate::inbox::choice::Choice;
use crate::inbox::{placing, reaching};
use crate::referrals::Reference;

/// What stands on top of the page besides the referral.
pub(in crate::inbox::pages) enum Notice {
    Nothing,
    /// What was done.
    Done(String),
    /// Why it was not done, what happened meanwhile, and the words that were typed.
    NotDone {
        heading: &'static str,
        told: String,
        meanwhile: Vec<String>,
        typed: String,
    },
}

impl Notice {
    /// What the address says was just done, `of` another referral where this is the next one.
    pub fn after(word: Option<&str>, of: Option<&str>) -> Notice {
        let other = word.and_then(|word| {
            let told = placing::done(word).or_else(|| reaching::done(word));
            told.or_else(|| link_done(word))
        });
        match (word.and_then(Choice::parse), other) {
            (Some(choice), _) => Notice::Done(done(choice, of)),
            (None, Some(done)) => Notice::Done(done.to_owned()),
            (None, None) => Notice::Nothing,
        }
    }
}

fn done(choice: Choice, of: Option<&str>) -> String {
    match of.and_then(Reference::parse) {
        None => choice.done().to_owned(),
        Some(of) => format!("{of}: {}. This is the next one", choice.done()),
    }
}

/// What became of the link to the patient's own page.
fn link_done(word: &str) -> Option<&'static str> {
    match word {
        "link-sent" => Some("The link was replaced. The new one goes to the e-mail address on record"),
        "link-ended" => Some("The link was replaced. Nobody has the new one: tell the patient by phone"),
        _ => None,
    }
}
