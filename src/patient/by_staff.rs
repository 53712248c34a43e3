//! What the two pages share on which somebody of staff types for a patient, with the patient in the room or on the
//! phone: the slip's code, and the submission that comes of it.

use std::sync::Arc;

use actix_web::HttpRequest;

use super::draft::Draft;
use super::{keep, sheet};
use crate::app::App;
use crate::db;
use crate::pads::{self, Scan};
use crate::questionnaire::Answers;
use crate::referrals::{self, By, Door, Submission};
use crate::staff::Actor;
use crate::triage::{RuleSet, Source};
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

/// What has become of a worrying answer on a page that still has to be corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It is with the team; the words of its reference, empty where it was added to what another sender began.
    Under(String),
    /// So it is, but nobody knows how to reach the patient.
    WithoutWay(String),
    /// Nothing is known of the patient yet.
    NotReachable,
    /// It could not be written.
    NotSaved,
}

/// Keeps a worrying answer of a page that still has to be corrected, and gives the draft under which it is kept: the
/// corrected page goes on with it. A code that leads nowhere is not tied to it: the right one may come with the
/// correction.
pub(super) async fn keep_worry(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    mut typed: Typed<'_>,
    scan: Option<&Scan>,
) -> (Kept, Option<Id>) {
    if scan == Some(&Scan::Unknown) {
        typed.code = None;
    }
    typed.incomplete = true;
    let id = typed.id;
    let submission = typed.submission(app);
    if !submission.person.has_anything() {
        return (Kept::NotReachable, None);
    }
    let has_way = submission.person.has_way();
    match keep::write(app, rules, submission).await {
        Some(submitted) => {
            let receipt = submitted.receipt();
            let reference = receipt.map_or_else(String::new, |receipt| format!(": {}", receipt.reference));
            let kept = match has_way {
                true => Kept::Under(reference),
                false => Kept::WithoutWay(reference),
            };
            (kept, Some(id))
        }
        None => (Kept::NotSaved, None),
    }
}

/// The draft that was kept before from this page, if it is about the same person. If that cannot be read, the page begins
/// anew: nobody in danger waits for it.
pub(super) async fn kept_before(app: &Arc<App>, posted: &Posted, answers: &Answers) -> Option<Id> {
    let kept = Id::parse(posted.one("kept"))?;
    let draft = Draft {
        answers: answers.clone(),
        ..Draft::start(None)
    };
    let (inside, person) = (app.clone(), sheet::person(&draft));
    let about = app
        .db
        .read(move |conn| referrals::is_about(conn, &inside.keys, kept, &person))
        .await;
    let about = about.unwrap_or_else(|refused| {
        tracing::error!("what was kept of a page could not be read: {refused}");
        false
    });
    about.then_some(kept)
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
    /// A code was typed that no slip of ours has.
    pub unknown_code: bool,
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
        submission.unknown_code = self.unknown_code;
        submission.by = By::Staff(self.actor.id);
        for key in self.not_asked {
            if !submission.not_asked.iter().any(|known| known == key) {
                submission.not_asked.push(key.to_owned());
            }
        }
        submission.needs_checking = keep::with_all(self.needs_checking, submission.needs_checking);
        if self.door == Door::Physio {
            submission.facts.source = Source::Physio;
        }
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
