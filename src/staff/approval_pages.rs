//! The pages about what takes two people: what waits, who asked and why, and what the second person does about it. A lead
//! approves or refuses; who asked takes back; an administrator goes on alone only where `changes` finds no lead.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::account_answers::shown;
use super::account_form::REASON_LIMIT;
use super::approval_words::{name_of, opened, rows, subject, then, told};
use super::changes::{self, Decision, Request, RequestState, Second};
use super::store::{accounts, requests};
use super::{Account, Actor, Deed};
use crate::app::App;
use crate::values::{Id, Ts};
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, html_status, paths, see_other};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::ADMIN_APPROVALS, get().to(list))
        .route(paths::ADMIN_APPROVALS_LEAVE, post().to(leave))
        .route(paths::ADMIN_APPROVAL, get().to(one))
        .route(paths::ADMIN_APPROVAL_ACTION, post().to(act));
}

/// Longest leave, in days.
const LONGEST_LEAVE: i64 = 365;

/// A request as lists show it.
struct Line {
    id: Id,
    what: &'static str,
    whom: String,
    by: String,
    at: String,
}

#[derive(Template)]
#[template(path = "staff/views/approvals.html")]
struct ListPage {
    frame: Frame,
    form: Form,
    waiting: Vec<Line>,
    unseen: Vec<Line>,
    approves: bool,
    /// Until when the lead who looks is on leave.
    leave: Option<String>,
    done: &'static str,
}

#[derive(Template)]
#[template(path = "staff/views/approval.html")]
struct OnePage {
    frame: Frame,
    form: Form,
    id: Id,
    heading: String,
    rows: Vec<(&'static str, String)>,
    state: RequestState,
    decided: String,
    answer: String,
    without_lead: bool,
    /// What the one who looks may do.
    may: May,
    /// Why nobody here can approve it, or who can.
    told: String,
    done: &'static str,
    /// What happens once it is approved.
    then: String,
}

/// What somebody may do about a request.
#[derive(Default)]
struct May {
    decide: bool,
    withdraw: bool,
    go_alone: bool,
    mark_seen: bool,
}

async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeAccountChanges)?;
    list_with(&request, &app, &actor, Form::blank(), StatusCode::OK).await
}

async fn list_with(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    form: Form,
    status: StatusCode,
) -> Result<HttpResponse, web::Error> {
    let (waiting, unseen, all) = app
        .db
        .read(|conn| {
            Ok((
                requests::list_waiting(conn)?,
                requests::list_unseen(conn)?,
                accounts::list_accounts(conn)?,
            ))
        })
        .await?;
    let now = app.clock.now();
    let lines = |requests: Vec<Request>| requests.iter().map(|one| line(one, &all)).collect();
    let own = all.iter().find(|account| account.id == actor.id);
    let leave = own.and_then(|own| own.away).filter(|(_, until)| now < *until);
    let asked = Posted::read(request.query_string().as_bytes());
    let page = ListPage {
        frame: actor.frame(request, "Approvals").about(&form),
        form,
        waiting: lines(waiting),
        unseen: lines(unseen),
        approves: actor.may(Deed::ApproveAccounts),
        leave: leave.map(|(_, until)| until.display_date()),
        done: done(asked.one("done")),
    };
    Ok(html_status(status, &page))
}

fn line(request: &Request, accounts: &[Account]) -> Line {
    Line {
        id: request.id,
        what: request.change.label(),
        whom: request.change.whom(subject(request, accounts)),
        by: name_of(request.by, accounts),
        at: request.at.display(),
    }
}

/// What was just done, in words.
fn done(word: &str) -> &'static str {
    match word {
        "requested" => "Your request is sent. Nothing changes until it is approved",
        "approved" => "Approved: the change is in force",
        "refused" => "Refused: nothing was changed",
        "withdrawn" => "The request is withdrawn: nothing was changed",
        "seen" => "Noted: you have checked this change",
        "leave" => "Your leave is noted",
        "back" => "Your leave is over",
        _ => "",
    }
}

async fn one(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeAccountChanges)?;
    let id = Id::parse(&id).ok_or(web::Error::NotFound)?;
    one_with(&request, &app, &actor, id, Form::blank(), StatusCode::OK).await
}

async fn one_with(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    id: Id,
    form: Form,
    status: StatusCode,
) -> Result<HttpResponse, web::Error> {
    let (found, all) = app
        .db
        .read(move |conn| Ok((requests::find_request(conn, id)?, accounts::list_accounts(conn)?)))
        .await?;
    let found = found.ok_or(web::Error::NotFound)?;
    let now = app.clock.now();
    let second = changes::second_of(&found, &all, now);
    let waits = found.state == RequestState::Waiting;
    let may = May {
        decide: waits && changes::may_decide_as_lead(&found, &all, actor.id),
        withdraw: waits && found.by == actor.id,
        go_alone: waits
            && second == Second::Admin
            && actor.may(Deed::ManageStaff)
            && found.change.account() != Some(actor.id),
        mark_seen: found.without_lead && found.seen_by.is_none() && actor.may(Deed::ApproveAccounts),
    };
    let whom = found.change.whom(subject(&found, &all));
    let asked = Posted::read(request.query_string().as_bytes());
    let page = OnePage {
        frame: actor
            .frame(request, "Approval")
            .back(paths::ADMIN_APPROVALS)
            .about(&form),
        form,
        id,
        heading: format!("{}: {whom}", found.change.label()),
        rows: rows(app, &found, &all).await?,
        state: found.state,
        decided: found.decided.map_or_else(String::new, |(by, at)| {
            format!("{}, {}", name_of(by, &all), at.display())
        }),
        answer: opened(app, id, found.answer.as_ref())?,
        without_lead: found.without_lead,
        told: match waits && !may.decide {
            true => told(&second, &found, &all),
            false => String::new(),
        },
        may,
        done: done(asked.one("done")),
        then: then(&found.change, subject(&found, &all)),
    };
    Ok(html_status(status, &page))
}

async fn act(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    path: Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeAccountChanges)?;
    let (id, action) = path.into_inner();
    let id = Id::parse(&id).ok_or(web::Error::NotFound)?;
    let decision = match action.as_str() {
        "approve" => {
            actor.require(Deed::ApproveAccounts)?;
            changes::approve(&app, &actor, id).await?
        }
        "without-lead" => {
            actor.require(Deed::ManageStaff)?;
            if posted.one("told") != "yes" {
                let mut errors = posted.errors();
                errors.add("told", "Tick the box to say that you have read this");
                let form = Form::new(posted, errors);
                return one_with(&request, &app, &actor, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            changes::approve_without_lead(&app, &actor, id).await?
        }
        "refuse" => {
            actor.require(Deed::ApproveAccounts)?;
            return refuse(&request, &app, &actor, id, posted).await;
        }
        "withdraw" => {
            return match changes::withdraw(&app, &actor, id).await? {
                true => Ok(see_other(paths::admin_approval_done(id, "withdrawn"))),
                false => Err(web::Error::conflict(NOT_WAITING)),
            };
        }
        "seen" => {
            actor.require(Deed::ApproveAccounts)?;
            changes::mark_seen(&app, &actor, id).await?;
            return Ok(see_other(format!("{}?done=seen", paths::ADMIN_APPROVALS)));
        }
        _ => return Err(web::Error::NotFound),
    };
    decided(&request, &app, &actor, id, decision)
}

const NOT_WAITING: &str =
    "This request does not wait any more. Somebody decided before you, or it was withdrawn.";

async fn refuse(
    request: &HttpRequest,
    app: &Data<App>,
    actor: &Actor,
    id: Id,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let mut errors = posted.errors();
    let answer = posted.one("answer").to_owned();
    if answer.is_empty() {
        errors.add("answer", "Enter why you refuse this. Who asked reads it");
    } else if answer.chars().count() > REASON_LIMIT {
        errors.add("answer", "Reason must be 500 characters or fewer");
    }
    if errors.any() {
        let form = Form::new(posted, errors);
        return one_with(request, app, actor, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let decision = changes::refuse(app, actor, id, &answer).await?;
    decided(request, app, actor, id, decision)
}

fn decided(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    id: Id,
    decision: Decision,
) -> Result<HttpResponse, web::Error> {
    match decision {
        Decision::Done(effect) => {
            tracing::info!(request = %id, by = %actor.id, "a change of an account was approved");
            Ok(shown(request, app, actor, effect))
        }
        Decision::Refused => {
            tracing::info!(request = %id, by = %actor.id, "a change of an account was refused");
            Ok(see_other(paths::admin_approval_done(id, "refused")))
        }
        Decision::NotWaiting => Err(web::Error::conflict(NOT_WAITING)),
        Decision::NotYou => Err(web::Error::Forbidden),
        Decision::NameTaken => Err(web::Error::conflict(
            "Somebody has this username by now, so nothing was done. Refuse the request, or have it withdrawn.",
        )),
        Decision::ChangedMeanwhile => Err(web::Error::conflict(
            "The account is not as it was when this was asked for, so nothing was done. Refuse the request, or have it withdrawn.",
        )),
    }
}

/// A lead goes on leave, or is back.
async fn leave(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ApproveAccounts)?;
    if posted.one("back") == "yes" {
        changes::set_leave(&app, &actor, None).await?;
        return Ok(see_other(format!("{}?done=back", paths::ADMIN_APPROVALS)));
    }
    let mut errors = posted.errors();
    match posted.one("days").parse::<i64>() {
        Ok(days) if (1..=LONGEST_LEAVE).contains(&days) => {
            let until: Ts = app.clock.now().plus_days(days);
            changes::set_leave(&app, &actor, Some(until)).await?;
            Ok(see_other(format!("{}?done=leave", paths::ADMIN_APPROVALS)))
        }
        _ => {
            errors.add("days", "Enter a number of days between 1 and 365");
            let form = Form::new(posted, errors);
            list_with(&request, &app, &actor, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
