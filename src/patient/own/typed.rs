//! What was typed on a page behind the date of birth, and sent after the page had closed: it goes sealed into the question
//! for the date, and is shown again behind it. It stands in no address and in no database, and opens only with the date
//! of birth of the person it is about.

use serde::{Deserialize, Serialize};

use super::Mine;
use super::door::Then;
use crate::app::App;
use crate::values::Id;
use crate::web::form::Posted;
use crate::web::{self, opened_text, sealed_text};

/// The hidden fields; what is long stands in several of this name.
const FIELD: &str = "typed";
/// Most characters of one of them: below the longest value that is read of a form.
const ONE: usize = 8_000;

/// What the seal holds: whose page and which form, and what was typed.
#[derive(Serialize, Deserialize)]
struct Typed {
    of: Id,
    on: String,
    fields: Vec<(String, String)>,
}

/// Seals a form, as hidden fields of the next.
pub(super) fn sealed(app: &App, mine: &Mine, then: Then, posted: &Posted) -> Result<Posted, web::Error> {
    let fields = posted.fields();
    let typed = Typed {
        of: mine.view.id,
        on: then.as_str().to_owned(),
        fields: fields
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    };
    let text = sealed_text(&app.keys, FIELD, &typed, app.clock.now())?;
    // Base 64: each character is one byte, so no cut goes through one.
    let parts = text.as_bytes().chunks(ONE).map(String::from_utf8_lossy);
    Ok(parts.fold(Posted::default(), |hidden, part| hidden.with(FIELD, part)))
}

/// The hidden fields that arrived, to be drawn once more.
pub(super) fn parts(posted: &Posted) -> Vec<&str> {
    posted.all(FIELD)
}

/// What was typed, if it was on this page of this person.
pub(super) fn opened(app: &App, mine: &Mine, then: Then, posted: &Posted) -> Option<Posted> {
    let (typed, _): (Typed, _) = opened_text(&app.keys, FIELD, &parts(posted).concat())?;
    let is_here = typed.of == mine.view.id && typed.on == then.as_str();
    is_here.then(|| {
        let fields = typed.fields.into_iter();
        fields.fold(Posted::default(), |form, (name, value)| form.with(name, value))
    })
}
