//! "Refer with the patient now": one page that a physio fills in with the patient in the room. It asks no
//! questionnaire and gives no score and no decision back. "Worried now" is answered with what to do first: this is
//! not a hand-over of somebody in danger.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use jiff::civil::Date;

use super::by_staff::{self, CODE, Kept, Typed};
use super::fields::{contact_not_asked, keep_as_typed, lines_to_check, take_person};
use crate::app::App;
use crate::config::Locality;
use crate::pads::Scan;
use crate::questionnaire::{Agreement, Answers, CrisisNow, Problem};
use crate::referrals::{self, Door, Submitted};
use crate::staff::{Actor, Deed};
use crate::triage::{RuleSet, RulesInForce};
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{self, Frame, paths};

/// Adds the page.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::REFER_NOW, get().to(show))
        .route(paths::REFER_NOW, post().to(take));
}

#[derive(Template)]
#[template(path = "patient/views/with_physio.html")]
struct WithPhysio<'a> {
    frame: Frame,
    form: Form,
    here: &'a Locality,
    /// Drawn anew with each blank page, so that a second tap is the same referral.
    drawn: String,
    /// The draft under which a worrying answer was kept already; empty if none was.
    kept: String,
    /// What has become of a worrying answer; empty if there is nothing to say.
    told: String,
    worried: bool,
}

impl WithPhysio<'_> {
    fn problems(&self) -> Vec<Choice> {
        Problem::ALL
            .iter()
            .map(|problem| Choice::new(problem.key(), problem.label()))
            .collect()
    }

    fn yes_no(&self) -> Vec<Choice> {
        vec![Choice::new("yes", "Yes"), Choice::new("no", "No")]
    }

    fn safety(&self) -> Vec<Choice> {
        vec![
            Choice::new("asked", "Asked, and the patient does not feel in danger now"),
            Choice::new("not_asked", "Not asked"),
            Choice::new("worried", "I am worried now")
                .hint("Do not leave the patient. Follow your own urgent pathway, or call 999"),
        ]
    }
}

#[derive(Template)]
#[template(path = "patient/views/with_physio_done.html")]
struct Done<'a> {
    frame: Frame,
    here: &'a Locality,
    worried: bool,
    became: Became,
    date: String,
}

/// What became of it, as the physio reads it.
enum Became {
    /// A referral under this reference.
    Received(String),
    /// Its answers were added to a referral of the same person, of which the physio is told nothing.
    Added,
    /// It could not be saved.
    NotSaved,
}

impl Became {
    fn of(submitted: &Submitted) -> Self {
        match submitted.receipt() {
            Some(receipt) => Became::Received(receipt.reference.to_string()),
            None => Became::Added,
        }
    }
}

async fn show(app: Data<App>, actor: Actor, request: HttpRequest) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ReferWithPatient)?;
    let frame = actor.frame(&request, "Refer with the patient now");
    Ok(draw(&app, frame, Form::blank(), (String::new(), String::new())))
}

fn draw(app: &App, frame: Frame, form: Form, (kept, told): (String, String)) -> HttpResponse {
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let page = WithPhysio {
        frame: frame.about(&form),
        here: &app.config.locality,
        drawn: by_staff::drawn(form.value("drawn")),
        kept,
        told,
        worried: form.has("safety", "worried"),
        form,
    };
    web::html_status(status, &page)
}

async fn take(
    app: Data<App>,
    rules: Data<RulesInForce>,
    actor: Actor,
    request: HttpRequest,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ReferWithPatient)?;
    let frame = actor.frame(&request, "Refer with the patient now");
    let (app, rules): (Arc<App>, Arc<RuleSet>) = (app.into_inner(), rules.now());
    let (mut answers, wrong) = read(&posted, app.clock.now().london_date());
    let worried = answers.crisis_now == Some(CrisisNow::Yes);
    if worried {
        keep_as_typed(&posted, &wrong, &mut answers);
    }
    let mut errors = posted.errors();
    let code = match by_staff::take_code(&app, &request, &posted, worried, &mut errors).await {
        Err(refused) if worried => {
            tracing::error!("a slip's code could not be looked up: {refused}");
            return Ok(done(&app, frame, worried, Became::NotSaved));
        }
        code => code?,
    };
    let unknown_code = errors.at(CODE).is_some();
    errors.extend(wrong);
    let id = match by_staff::kept_before(&app, &posted, &answers).await {
        Some(kept) => kept,
        None => by_staff::draft_id(&app, &actor, Door::Physio, &posted, &answers)?,
    };
    let typed = Typed {
        id,
        door: Door::Physio,
        actor: &actor,
        code: code.code,
        unknown_code,
        answers,
        not_asked: contact_not_asked(&posted).collect(),
        needs_checking: lines_to_check(&posted, &errors),
        incomplete: false,
    };
    // A code that leads nowhere does not keep a worrying answer back: it is kept as typed, for the team to look into.
    if errors.any() && !(worried && by_staff::only_the_code(&errors)) {
        let kept = match worried {
            true => keep_worry(&app, &rules, typed, code.scan.as_ref(), posted.one("kept")).await,
            false => (String::new(), String::new()),
        };
        return Ok(draw(&app, frame, Form::new(posted, errors), kept));
    }
    let submission = typed.submission(&app);
    let became = match referrals::submit(&app, &rules, submission).await {
        Ok(submitted) => Became::of(&submitted),
        Err(refused) if worried => {
            tracing::error!("a referral with somebody in danger could not be saved: {refused}");
            Became::NotSaved
        }
        Err(refused) => return Err(refused.into()),
    };
    Ok(done(&app, frame, worried, became))
}

/// Keeps a worrying answer of a page that still has to be corrected: the draft it is kept under, and what the physio
/// reads of it.
async fn keep_worry(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    typed: Typed<'_>,
    scan: Option<&Scan>,
    before: &str,
) -> (String, String) {
    let (kept, id) = by_staff::keep_worry(app, rules, typed, scan).await;
    let told = match kept {
        Kept::Under(reference) => format!(
            "What you typed is with the triage team already{reference}. Correct what is named below and send, and it goes on under the same reference."
        ),
        Kept::WithoutWay(reference) => format!(
            "What you typed is with the triage team already{reference}, but with no way to reach the patient. Add a phone number and send."
        ),
        Kept::NotReachable => "Nothing is kept yet. Type the patient’s name and a phone number.".to_owned(),
        Kept::NotSaved => format!(
            "It could not be saved. Ring {}, and try again.",
            app.config.locality.organisation.phone
        ),
    };
    (id.map_or_else(|| before.to_owned(), |id| id.to_string()), told)
}

fn done(app: &App, frame: Frame, worried: bool, became: Became) -> HttpResponse {
    web::html(&Done {
        frame,
        here: &app.config.locality,
        worried,
        became,
        date: app.clock.now().display_date(),
    })
}

/// Reads the page, all but the slip's code. What was not asked stays not asked.
fn read(posted: &Posted, today: Date) -> (Answers, Errors) {
    let mut errors = Errors::default();
    let mut answers = Answers::default();
    take_person(posted, &mut errors, &mut answers, today, false);
    if !posted.has("agreed", "yes") {
        errors.add(
            "agreed",
            "Confirm that the patient agrees today. Without it you cannot refer",
        );
    }
    answers.agreement = posted.has("agreed", "yes").then(|| Agreement {
        agreed: true,
        share_status: (!posted.one(CODE).is_empty()).then(|| posted.has("share", "yes")),
    });
    answers.crisis_now = match posted.one("safety") {
        "asked" => Some(CrisisNow::No),
        "worried" => Some(CrisisNow::Yes),
        "not_asked" => None,
        _ => {
            errors.add("safety", "Select whether you asked about safety");
            None
        }
    };
    (answers, errors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const GOOD: &str = "name=Robin+Example&birth-day=29&birth-month=2&birth-year=1980&phone=07700+900123\
                        &gp_surgery=&problem=stress_ltc&agreed=yes";

    fn fields(body: &str) -> Vec<String> {
        let (_, errors) = read(&Posted::read(body.as_bytes()), date(2026, 11, 23));
        errors
            .list()
            .iter()
            .map(|problem| problem.field.to_string())
            .collect()
    }

    #[test]
    fn each_missing_field_is_named() {
        assert_eq!(
            fields(""),
            ["name", "birth", "phone", "problem", "agreed", "safety"]
        );
        assert_eq!(fields(&format!("{GOOD}&safety=perhaps")), ["safety"]);
        assert!(fields(&format!("{GOOD}&safety=asked")).is_empty());
    }

    #[test]
    fn what_was_not_asked_is_not_a_no() {
        let crisis = |safety: &str| {
            let body = format!("{GOOD}&safety={safety}");
            read(&Posted::read(body.as_bytes()), date(2026, 11, 23))
                .0
                .crisis_now
        };
        assert_eq!(crisis("not_asked"), None);
        assert_eq!(crisis("asked"), Some(CrisisNow::No));
        assert_eq!(crisis("worried"), Some(CrisisNow::Yes));
    }
}
