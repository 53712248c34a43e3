//! The second person: approves, refuses, or looks afterwards at what was approved without a lead.

use std::sync::Arc;

use super::ask::said;
use super::effect::{Effect, Plan, Taken};
use super::event::{Changer, EventKind, NewEvent};
use super::mail::{self, Notice};
use super::request::{Request, RequestState};
use super::second::{Asked, Second, may_approve, second};
use crate::app::App;
use crate::db::{self, Conn};
use crate::notify::enqueue_sealed;
use crate::staff::store::{account_events, accounts, requests};
use crate::staff::{Account, Actor, Deed};
use crate::values::{Id, Purpose, Ts};

/// How a decision ended.
#[derive(Debug)]
pub enum Decision {
    /// The change is in force.
    Done(Effect),
    /// It is refused; nothing has changed.
    Refused,
    /// It does not wait: somebody was first.
    NotWaiting,
    /// This person may not decide it.
    NotYou,
    /// Somebody has the username by now; it can only be refused or withdrawn.
    NameTaken,
    /// The account is not as it was when this was asked for.
    ChangedMeanwhile,
}

/// Approves a request as the lead `by`.
pub async fn approve(app: &Arc<App>, by: &Actor, id: Id) -> db::Result<Decision> {
    approve_as(app, by, id, EventKind::Approved).await
}

/// Approves a request as the administrator `by`, because no lead is there; all leads are told.
pub async fn approve_without_lead(app: &Arc<App>, by: &Actor, id: Id) -> db::Result<Decision> {
    approve_as(app, by, id, EventKind::ApprovedWithoutLead).await
}

async fn approve_as(app: &Arc<App>, by: &Actor, id: Id, how: EventKind) -> db::Result<Decision> {
    let now = app.clock.now();
    let without_lead = how == EventKind::ApprovedWithoutLead;
    let (found, all) = app
        .db
        .read(move |conn| Ok((requests::find_request(conn, id)?, accounts::list_accounts(conn)?)))
        .await?;
    let Some(found) = found.filter(|found| found.state == RequestState::Waiting) else {
        return Ok(Decision::NotWaiting);
    };
    let plan = Plan::draw(app, &found.change, Changer::Page(by.id), Some(id), &all, now)?;
    let mut mails = Vec::new();
    if without_lead {
        mails = mail::to_leads(app, Notice::WithoutLead, &all, now)?;
    }
    let subject = subject_of(&found, &all);
    let event = NewEvent::new(how, Changer::Page(by.id), &found.change.whom(subject), now)
        .about_account(found.change.account())
        .of_request(Some(id))
        .saying(said(&found.change, subject));
    let (inside, by) = (plan.clone(), by.clone());
    let decision = app
        .db
        .write(move |conn| {
            // Who may decide is asked again here: a lead may have been deactivated in this instant.
            if !may_decide(conn, &by, &found, without_lead, now)? {
                return Ok(Some(Decision::NotYou));
            }
            let state = requests::find_request(conn, id)?.map(|found| found.state);
            if state != Some(RequestState::Waiting) {
                return Ok(Some(Decision::NotWaiting));
            }
            match inside.take_effect(conn)? {
                Taken::Yes => {}
                Taken::ByAnother => return Ok(Some(Decision::NameTaken)),
                Taken::ChangedMeanwhile => return Ok(Some(Decision::ChangedMeanwhile)),
            }
            if !requests::mark_decided(conn, id, RequestState::Approved, by.id, now, without_lead, None)? {
                // Somebody decided in the same instant: nothing of this stays, and it is looked at again.
                return Err(db::Error::Conflict);
            }
            account_events::insert_event(conn, &event)?;
            for message in &mails {
                enqueue_sealed(conn, message)?;
            }
            Ok(None)
        })
        .await?;
    app.mailer.nudge();
    Ok(decision.unwrap_or_else(|| Decision::Done(plan.effect())))
}

fn subject_of<'a>(request: &Request, accounts: &'a [Account]) -> Option<&'a Account> {
    let id = request.change.account()?;
    accounts.iter().find(|account| account.id == id)
}

fn asked<'a>(request: &'a Request, accounts: &'a [Account]) -> Asked<'a> {
    Asked {
        change: &request.change,
        subject: subject_of(request, accounts),
        by: request.by,
        at: request.at,
    }
}

/// Who has to approve this request, as things are now.
pub fn second_of(request: &Request, accounts: &[Account], now: Ts) -> Second {
    second(&asked(request, accounts), accounts, now)
}

/// Whether this person may decide about this request, as a lead.
pub fn may_decide_as_lead(request: &Request, accounts: &[Account], by: Id) -> bool {
    let lead = accounts.iter().find(|account| account.id == by);
    lead.is_some_and(|lead| may_approve(lead, &asked(request, accounts)))
}

fn may_decide(
    conn: &mut Conn<'_>,
    by: &Actor,
    request: &Request,
    without_lead: bool,
    now: Ts,
) -> db::Result<bool> {
    let all = accounts::list_accounts(conn)?;
    let own = all.iter().find(|account| account.id == by.id && account.active);
    Ok(match (own, without_lead) {
        (None, _) => false,
        (Some(_), false) => may_decide_as_lead(request, &all, by.id),
        (Some(own), true) => {
            crate::staff::may(own.role, Deed::ManageStaff)
                && request.change.account() != Some(own.id)
                && second_of(request, &all, now) == Second::Admin
        }
    })
}

/// Refuses a request as the lead `by`, with a reason for who asked.
pub async fn refuse(app: &Arc<App>, by: &Actor, id: Id, reason: &str) -> db::Result<Decision> {
    let now = app.clock.now();
    let answer = app.keys.seal(Purpose::Person, id, reason.as_bytes())?;
    let by = by.clone();
    app.db
        .write(move |conn| {
            let Some(found) = requests::find_request(conn, id)? else {
                return Ok(Decision::NotWaiting);
            };
            if !may_decide(conn, &by, &found, false, now)? {
                return Ok(Decision::NotYou);
            }
            if !requests::mark_decided(conn, id, RequestState::Refused, by.id, now, false, Some(&answer))? {
                return Ok(Decision::NotWaiting);
            }
            note(conn, EventKind::Refused, &by, &found, now)?;
            Ok(Decision::Refused)
        })
        .await
}

/// Notes that the lead `by` has checked what was approved without one; false when somebody has, or it is their own account.
pub async fn mark_seen(app: &Arc<App>, by: &Actor, id: Id) -> db::Result<bool> {
    let (now, by) = (app.clock.now(), by.clone());
    app.db
        .write(move |conn| {
            let Some(found) = requests::find_request(conn, id)? else {
                return Ok(false);
            };
            if !requests::mark_seen(conn, id, by.id)? {
                return Ok(false);
            }
            note(conn, EventKind::Seen, &by, &found, now)?;
            Ok(true)
        })
        .await
}

/// A line of the ledger about a request.
fn note(conn: &mut Conn<'_>, kind: EventKind, by: &Actor, request: &Request, now: Ts) -> db::Result<()> {
    let subject = match request.change.account() {
        Some(account) => accounts::find_account(conn, account)?,
        None => None,
    };
    let event = NewEvent::new(
        kind,
        Changer::Page(by.id),
        &request.change.whom(subject.as_ref()),
        now,
    )
    .about_account(request.change.account())
    .of_request(Some(request.id))
    .saying(said(&request.change, subject.as_ref()));
    account_events::insert_event(conn, &event)
}

/// Notes the leave of a lead until a moment, or that it is over.
pub async fn set_leave(app: &Arc<App>, by: &Actor, until: Option<Ts>) -> db::Result<()> {
    let now = app.clock.now();
    let kind = match until {
        Some(_) => EventKind::LeaveBegan,
        None => EventKind::LeaveEnded,
    };
    let said = until.map(|until| format!("until {}", until.display_date()));
    let event = NewEvent::new(kind, Changer::Page(by.id), &by.display_name, now)
        .about_account(Some(by.id))
        .saying(said.unwrap_or_default());
    let id = by.id;
    app.db
        .write(move |conn| {
            accounts::mark_away(conn, id, until.map(|until| (now, until)))?;
            account_events::insert_event(conn, &event)
        })
        .await
}
