//! What the physio suggested help with, as the patient reads it.

use crate::app::App;
use crate::db::{Conn, Result};
use crate::pads::{self, Electronic};
use crate::questionnaire::Condition;
use crate::values::Id;

/// What an electronic slip says besides its clinic.
pub(super) struct Suggested {
    /// The number of its pad of one, by which it is printed.
    pub pad: i32,
    /// The condition, if one was suggested that the form knows.
    pub condition: Option<Condition>,
}

/// What this slip says, if it is an electronic one.
pub(super) fn find(conn: &mut Conn<'_>, slip: Id) -> Result<Option<Suggested>> {
    let found = pads::find_electronic(conn, slip)?;
    Ok(found.map(|Electronic { pad, hint }| Suggested {
        pad,
        condition: hint.as_deref().and_then(Condition::from_key),
    }))
}

/// The same outside a transaction.
pub(super) async fn of_slip(app: &App, slip: Id) -> Result<Option<Suggested>> {
    app.db.read(move |conn| find(conn, slip)).await
}

/// The condition within a sentence: "help with back pain".
pub(super) fn words(condition: Condition) -> &'static str {
    match condition {
        Condition::BackPain => "back pain",
        Condition::Sciatica => "sciatica (pain down the leg)",
        Condition::ChronicPain => "long-lasting pain",
        Condition::Diabetes => "diabetes",
        Condition::Heart => "a heart condition",
        Condition::Lungs => "a lung condition",
        Condition::Ibs => "irritable bowel (IBS)",
        Condition::Fatigue => "chronic fatigue (ME/CFS)",
        Condition::Other => "a long-term condition",
    }
}
