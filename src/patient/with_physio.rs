//! "Refer with the patient now": one page that a physio fills in with the patient in the room. It asks no
//! questionnaire and gives no score and no decision back. "Worried now" is answered with what to do first: this is
//! not a hand-over of somebody in danger.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use jiff::civil::Date;

use super::draft::Draft;
use super::sheet;
use crate::app::App;
use crate::config::Locality;
use crate::questionnaire::{Agreement, Answers, Contact, CrisisNow, GpSurgery, Problem, limits};
use crate::referrals::{self, By, Door, Submission};
use crate::staff::{Actor, Deed};
use crate::triage::{RuleSet, RulesInForce, Source};
use crate::values::{BirthDate, Id, PersonName, Phone, Purpose};
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
    worried: bool,
}

impl WithPhysio<'_> {
    fn problems(&self) -> Vec<Choice> {
        Problem::ALL
            .iter()
            .map(|problem| Choice::new(problem.key(), problem.label()))
            .collect()
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
    /// Nothing if it could not be saved.
    reference: Option<String>,
    date: String,
}

async fn show(app: Data<App>, actor: Actor, request: HttpRequest) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ReferWithPatient)?;
    let frame = actor.frame(&request, "Refer with the patient now");
    Ok(draw(&app, frame, Form::blank()))
}

fn draw(app: &App, frame: Frame, form: Form) -> HttpResponse {
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let drawn = Some(form.value("drawn")).filter(|drawn| Id::parse(drawn).is_some());
    let page = WithPhysio {
        frame: frame.about(&form),
        here: &app.config.locality,
        drawn: drawn.map_or_else(|| Id::new().to_string(), str::to_owned),
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
    let today = app.clock.now().london_date();
    let (answers, errors) = read(&posted, today);
    if errors.any() {
        return Ok(draw(&app, frame, Form::new(posted, errors)));
    }
    let worried = answers.crisis_now == Some(CrisisNow::Yes);
    let submission = submission(&app, &posted, answers, &actor, today)?;
    let (app, rules): (Arc<App>, Arc<RuleSet>) = (app.into_inner(), rules.now());
    let reference = match referrals::submit(&app, &rules, submission).await {
        Ok(submitted) => Some(submitted.receipt().reference.to_string()),
        Err(refused) if worried => {
            tracing::error!("a referral with somebody in danger could not be saved: {refused}");
            None
        }
        Err(refused) => return Err(refused.into()),
    };
    Ok(web::html(&Done {
        frame,
        here: &app.config.locality,
        worried,
        reference,
        date: app.clock.now().display_date(),
    }))
}

/// Reads the page. What was not asked stays not asked.
fn read(posted: &Posted, today: Date) -> (Answers, Errors) {
    let mut errors = posted.errors();
    let typed = posted.one("name");
    if typed.chars().count() > limits::NAME {
        errors.add(
            "name",
            format!("Name must be {} characters or fewer", limits::NAME),
        );
    }
    let name = errors.keep("name", PersonName::parse(typed));
    let [day, month, year] = ["birth-day", "birth-month", "birth-year"].map(|part| posted.one(part));
    let born = match BirthDate::from_boxes(day, month, year, today) {
        Ok(born) => Some(born.date()),
        Err(unfit) => {
            errors.add_part("birth", unfit.part, unfit.unfit.0);
            None
        }
    };
    let phone = errors.keep("phone", Phone::parse(posted.one("phone")));
    let gp = posted.one("gp_surgery");
    if gp.chars().count() > limits::GP_SURGERY {
        let message = format!("GP surgery must be {} characters or fewer", limits::GP_SURGERY);
        errors.add("gp_surgery", message);
    }
    let problem = Problem::from_key(posted.one("problem"));
    if problem.is_none() {
        errors.add("problem", "Select what the patient would like help with most");
    }
    if !posted.has("agreed", "yes") {
        errors.add(
            "agreed",
            "Confirm that the patient agrees today. Without it you cannot refer",
        );
    }
    let crisis_now = match posted.one("safety") {
        "asked" => Some(CrisisNow::No),
        "worried" => Some(CrisisNow::Yes),
        "not_asked" => None,
        _ => {
            errors.add("safety", "Select whether you asked about safety");
            None
        }
    };
    let answers = Answers {
        crisis_now,
        agreement: Some(Agreement {
            agreed: true,
            share_status: None,
        }),
        name: name.map(|name| name.as_str().to_owned()),
        born,
        contact: Some(Contact {
            phone: phone.map(|phone| phone.as_str().to_owned()),
            ..Contact::default()
        }),
        gp: Some(match gp {
            "" => GpSurgery::Unknown,
            name => GpSurgery::Named(name.to_owned()),
        }),
        problem,
        ..Answers::default()
    };
    (answers, errors)
}

/// The same page sent twice is one referral; with anything changed on it, it is another: nobody is lost because a
/// page was used again for the next patient.
fn submission(
    app: &App,
    posted: &Posted,
    answers: Answers,
    actor: &Actor,
    today: Date,
) -> Result<Submission, web::Error> {
    let drawn = Id::parse(posted.one("drawn")).unwrap_or_else(Id::new);
    let text = serde_json::to_vec(&answers).map_err(anyhow::Error::new)?;
    let parts: [&[u8]; 4] = [b"refer now", actor.id.as_bytes(), drawn.as_bytes(), &text];
    let mac = app
        .keys
        .mac(Purpose::Tokens, &parts)
        .map_err(anyhow::Error::new)?;
    let id = mac.get(..16).and_then(Id::from_slice).unwrap_or_else(Id::new);
    let draft = Draft {
        id,
        answers,
        ..Draft::start(None)
    };
    let mut submission = sheet::submission(&draft, &app.config.locality, today, false);
    submission.door = Door::Physio;
    submission.by = By::Staff(actor.id);
    submission.facts.source = Source::Physio;
    Ok(submission)
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
