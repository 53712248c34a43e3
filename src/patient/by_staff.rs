//! What the two pages share on which somebody of staff types for a patient, with the patient in the room or on the
//! phone: the slip's code, and the submission that comes of it.

use std::sync::Arc;

use actix_web::HttpRequest;

use super::draft::Draft;
use super::sheet;
use crate::app::App;
use crate::db;
use crate::pads::{self, Scan};
use crate::questionnaire::Answers;
use crate::referrals::{By, Door, Submission};
use crate::staff::Actor;
use crate::values::{Id, Purpose, SlipCode};
use crate::web;
use crate::web::form::{Errors, Posted};

/// The field of the slip's code.
pub(super) const CODE: &str = "code";

/// A code as typed, and what it leads to. Neither is there if the field is empty; a mistyped code leads nowhere.
pub(super) struct TypedCode {
    pub code: Option<SlipCode>,
    pub scan: Option<Scan>,
}

/// Reads the code and looks it up. A wrong code is a message at the field; it is answered more slowly beyond the
/// limit, but not when it came with a worrying answer.
pub(super) async fn take_code(
    app: &Arc<App>,
    request: &HttpRequest,
    posted: &Posted,
    worried: bool,
    errors: &mut Errors,
) -> db::Result<TypedCode> {
    let nothing = TypedCode {
        code: None,
        scan: None,
    };
    let Some(code) = errors.keep_if_given(CODE, posted.one(CODE), SlipCode::parse) else {
        return Ok(nothing);
    };
    let from = web::Site::of(request).client_ip(request);
    let scan = match worried {
        true => pads::look_up_at_once(app, code, from).await?,
        false => pads::look_up(app, code, from).await?,
    };
    if scan == Scan::Unknown {
        let told = format!(
            "We know no slip with the code {code}. Compare each group with the slip, or take the code out"
        );
        errors.add(CODE, told);
    }
    Ok(TypedCode {
        code: Some(code),
        scan: Some(scan),
    })
}

/// Whether the slip's code is all that is wrong.
pub(super) fn only_the_code(errors: &Errors) -> bool {
    errors.any() && errors.list().iter().all(|problem| problem.field == CODE)
}

/// A code that leads nowhere, in words for the team.
pub(super) fn wrong_code_as_typed(posted: &Posted, errors: &Errors) -> Vec<String> {
    let typed = errors
        .at(CODE)
        .and_then(|_| as_typed("Slip code", posted.one(CODE)));
    typed.into_iter().collect()
}

/// The id that makes the same page sent twice one referral. With anything changed on it, it is another: nobody is
/// lost because a page was used again for the next patient.
pub(super) fn draft_id(
    app: &App,
    actor: &Actor,
    door: Door,
    posted: &Posted,
    answers: &Answers,
) -> anyhow::Result<Id> {
    let drawn = Id::parse(posted.one("drawn")).unwrap_or_else(Id::new);
    let text = serde_json::to_vec(answers)?;
    let parts: [&[u8]; 5] = [
        b"typed by staff",
        door.as_str().as_bytes(),
        actor.id.as_bytes(),
        drawn.as_bytes(),
        &text,
    ];
    let mac = app.keys.mac(Purpose::Tokens, &parts)?;
    Ok(mac.get(..16).and_then(Id::from_slice).unwrap_or_else(Id::new))
}

/// What staff typed, before it becomes a submission.
pub(super) struct Typed<'a> {
    pub id: Id,
    pub door: Door,
    pub actor: &'a Actor,
    pub code: Option<SlipCode>,
    pub answers: Answers,
    /// Questions that nobody asked, beside those that the answers show.
    pub not_asked: Vec<&'static str>,
    /// What is kept although it is wrong, in words for the team.
    pub needs_checking: Vec<String>,
    /// Kept because of a worrying answer, with something still to be corrected.
    pub incomplete: bool,
}

impl Typed<'_> {
    /// The draft of a patient who had typed the same.
    pub fn draft(&self) -> Draft {
        Draft {
            id: self.id,
            answers: self.answers.clone(),
            ..Draft::start(self.code)
        }
    }

    /// What `submit` takes.
    pub fn submission(self, app: &App) -> Submission {
        let today = app.clock.now().london_date();
        let mut submission = sheet::submission(&self.draft(), &app.config.locality, today, self.incomplete);
        submission.door = self.door;
        submission.by = By::Staff(self.actor.id);
        for key in self.not_asked {
            if !submission.not_asked.iter().any(|known| known == key) {
                submission.not_asked.push(key.to_owned());
            }
        }
        submission.needs_checking = self.needs_checking;
        submission
    }
}

/// The drawn id of the page: the one it came with, or a new one for a blank page.
pub(super) fn drawn(typed: &str) -> String {
    match Id::parse(typed) {
        Some(_) => typed.to_owned(),
        None => Id::new().to_string(),
    }
}

/// What was typed into a field, in words for the team.
pub(super) fn as_typed(label: &str, typed: &str) -> Option<String> {
    const LONGEST: usize = 100;
    let typed = typed.trim();
    let clipped: String = typed.chars().take(LONGEST).collect();
    (!typed.is_empty()).then(|| format!("{label}: {clipped}"))
}
