//! `POST /api/v1/referrals`: the door for other systems into `submit`.

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::access::{caller, count_fault};
use super::answers::{self, decision_at};
use super::fault::{Fault, Pointer};
use super::idempotency::Claim;
use super::incoming::{body, idempotency_key};
use super::json::canonical;
use super::problem::{Problem, Refused, answered};
use super::referral_body::{self, Here, ReferralBody};
use super::store;
use crate::app::App;
use crate::booking::{BookingRules, Offerable, choices, find_place};
use crate::pads::{look_up, look_up_at_once};
use crate::referrals::{
    By, Door, ManageToken, Receipt, Reference, Submission, Submitted, open_by_id, reach, submit_within,
};
use crate::staff::{ApiKey, Scope};
use crate::triage::{Decision, RuleSet, RulesInForce};
use crate::values::Id;
use crate::web::{Error, Site, paths};

pub(super) async fn post(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
    rules: web::Data<RulesInForce>,
) -> Result<HttpResponse, Error> {
    let (app, rules) = (app.into_inner(), rules.now());
    answered(&request, take_in(&request, payload, &app, &rules).await)
}

async fn take_in(
    request: &HttpRequest,
    payload: web::Payload,
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
) -> Result<HttpResponse, Refused> {
    let key = caller(request, app, Scope::Submit).await?;
    let repeatable = idempotency_key(request)?;
    let document = body(request, payload).await?;
    let claim = repeatable
        .map(|text| {
            Claim::of(
                &app.keys,
                key.id,
                &text,
                &canonical(&document.value),
                app.clock.now(),
            )
        })
        .transpose()
        .map_err(crate::db::Error::from)?;
    let here = Here {
        today: app.clock.now().london_date(),
        min_age: app.config.locality.min_age,
        risk_words: &app.config.locality.risk_words,
    };
    let read =
        referral_body::read(document, here).map_err(|faults| count_fault(&key, Problem::faulty(faults)))?;
    let from = Site::of(request).client_ip(request);
    let read = with_known_slip(app, &key, read, from).await?;
    match submit_once(app, rules, read, &key, claim).await? {
        Taken::OtherBody => Err(count_fault(&key, other_body())),
        Taken::In(submitted) => match submitted {
            Submitted::Added(added) => Ok(answer_added(added.reference.as_ref())),
            Submitted::Created(receipt)
            | Submitted::Completed(receipt)
            | Submitted::Continued(receipt)
            | Submitted::Repeated(receipt) => {
                let Receipt {
                    id,
                    reference,
                    decision,
                    ..
                } = receipt;
                answer(app, &key, id, &reference, decision).await
            }
        },
        Taken::Before(first) => {
            let keys = app.clone();
            let view = app
                .db
                .read(move |conn| open_by_id(conn, &keys.keys, first.referral))
                .await?;
            let view = view.ok_or_else(|| anyhow::anyhow!("a remembered referral is gone"))?;
            if first.status == StatusCode::CREATED.as_u16() {
                let decision = decision_at(&view, first.at);
                return answer(app, &key, view.id, &view.reference, decision).await;
            }
            let began = view.timeline.first().map(|event| event.by);
            let same_key = began == Some(By::Api(key.id));
            Ok(answer_added(same_key.then_some(&view.reference)))
        }
    }
}

/// Refuses a code that is no slip's, or that of a clinic the key does not act for, which looks the same; more slowly
/// beyond the limit. With a worrying answer it is kept at once, for the team to look into.
async fn with_known_slip(
    app: &Arc<App>,
    key: &ApiKey,
    mut read: ReferralBody,
    from: Option<IpAddr>,
) -> Result<ReferralBody, Refused> {
    let Some(code) = read.slip else { return Ok(read) };
    let scan = match read.worries {
        true => look_up_at_once(app, code, from).await?,
        false => look_up(app, code, from).await?,
    };
    let is_theirs = scan.slip().is_some_and(|slip| key.acts_for(slip.clinic_id));
    match (is_theirs, read.worries) {
        (true, _) => Ok(read),
        (false, true) => {
            read.needs_checking.push(format!("Slip code: {code}"));
            Ok(read)
        }
        (false, false) => {
            let told = "no slip has this code; check it, or leave it out";
            let fault = Fault::at(Pointer::to(["slip"]), told);
            Err(count_fault(key, Problem::faulty(vec![fault])))
        }
    }
}

/// What became of a submission.
enum Taken {
    /// It was taken in now.
    In(Submitted),
    /// It was taken in before.
    Before(super::idempotency::FirstAnswer),
    /// Its key stands for another body.
    OtherBody,
}

/// Submits, once for each `Idempotency-Key`. A worrying answer is taken in even if its key is worn out: the key is
/// the other system's mistake, not the patient's.
async fn submit_once(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    read: ReferralBody,
    key: &ApiKey,
    claim: Option<Claim>,
) -> Result<Taken, Refused> {
    let worries = read.worries;
    let submission = submission(read, key);
    let taken = submit_within(app, rules, submission, move |conn, place| {
        let first = claim.as_ref().map(|claim| store::find_first_answer(conn, claim));
        let first = first.transpose()?.flatten();
        match first {
            Some(first) if first.same_body => return Ok(Taken::Before(first)),
            Some(_) if !worries => return Ok(Taken::OtherBody),
            Some(_) | None => {}
        }
        let submitted = place(conn)?;
        if let (Some(claim), None) = (&claim, first) {
            let (referral, at, status) = match &submitted {
                Submitted::Added(added) => (added.referral, added.at, StatusCode::OK),
                Submitted::Created(receipt)
                | Submitted::Completed(receipt)
                | Submitted::Continued(receipt)
                | Submitted::Repeated(receipt) => (receipt.id, receipt.at, StatusCode::CREATED),
            };
            store::insert_first_answer(conn, claim, referral, status.as_u16(), at)?;
        }
        Ok(Taken::In(submitted))
    });
    Ok(taken.await?)
}

fn submission(read: ReferralBody, key: &ApiKey) -> Submission {
    Submission {
        draft_id: Id::new(),
        door: Door::Api,
        by: By::Api(key.id),
        slip: read.slip,
        bound_to: key.clinic,
        unknown_code: read.unknown_code,
        share_status: read.share_status,
        person: read.person,
        facts: read.facts,
        not_asked: read.not_asked,
        answers: None,
        needs_checking: read.needs_checking,
        incomplete: false,
    }
}

fn other_body() -> Problem {
    let told = "this `Idempotency-Key` was sent with another body in the last 24 hours";
    Problem::of(StatusCode::UNPROCESSABLE_ENTITY, told)
}

/// Whether the patient may choose a place on the page that `booking_url` leads to. The referral is taken in already:
/// that this cannot be read now must not make the other system send it again.
async fn may_choose(app: &Arc<App>, id: Id) -> bool {
    let (inside, now) = (app.clone(), app.clock.now());
    let read = app.db.read(move |conn| {
        let Some(who) = reach(conn, &inside.keys, id)? else {
            return Ok(false);
        };
        let of = Offerable {
            service: who.service,
            booking: who.booking,
            state: who.state,
        };
        let rules = BookingRules::of(&inside.config.locality);
        let has_none = find_place(conn, id)?.is_none();
        Ok(has_none && !choices(conn, &of, &rules, now)?.is_empty())
    });
    read.await.unwrap_or_else(|refused| {
        tracing::warn!("an answer leaves out its booking_url: {refused}");
        false
    })
}

/// 200: added to what another sender had begun. Neither a link nor a decision; the reference only for the key that
/// began it.
fn answer_added(reference: Option<&Reference>) -> HttpResponse {
    let body = answers::Added {
        reference: reference.map(Reference::to_string),
    };
    let mut answer = HttpResponse::Ok();
    if let Some(reference) = reference {
        answer.insert_header((header::LOCATION, paths::api_referral(reference)));
    }
    answer.json(body)
}

/// 201: a referral of its own. No form comes through this entry point twice, for each request draws a new draft.
async fn answer(
    app: &Arc<App>,
    key: &ApiKey,
    id: Id,
    reference: &Reference,
    decision: Decision,
) -> Result<HttpResponse, Refused> {
    // The link as it was first given, also in an answer that is told again.
    let token = ManageToken::of(&app.keys, id, 0).map_err(crate::db::Error::from)?;
    let full = |path: String| format!("{}{path}", app.config.base_url);
    let body = answers::Submitted {
        reference: reference.to_string(),
        id: id.to_string(),
        booking_url: may_choose(app, id)
            .await
            .then(|| full(paths::own_place(token.expose()))),
        manage_url: full(paths::own_page(token.expose())),
        decision: key.allows(Scope::Triage).then_some(decision),
    };
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, paths::api_referral(reference)))
        .json(body))
}
