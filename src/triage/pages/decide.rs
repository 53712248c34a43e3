//! A second person decides about a proposed version: approves it, or turns it down with a reason.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::super::proposals::{self, Approval, Refusal};
use super::super::store::Row;
use super::super::versions::{RuleState, RulesInForce};
use super::propose::checked;
use super::versions::{Notice, VersionPage, Versions};
use crate::app::App;
use crate::staff::{Actor, Deed};
use crate::values::Purpose;
use crate::web::form::{Form, Posted};
use crate::web::{self, html_status, paths, see_other};

/// Longest reason, in characters.
const REASON_LIMIT: usize = 2_000;

/// `POST /admin/rules/{version}/approve`.
pub(super) async fn approve(
    request: HttpRequest,
    app: Data<App>,
    rules: Data<RulesInForce>,
    actor: Actor,
    version: Path<String>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ApproveRules)?;
    let version = version.into_inner();
    let before = Versions::read(&app).await?;
    let row = before.find(&version).ok_or(web::Error::NotFound)?;
    let pathways = &app.config.locality.long_term_conditions;
    // It was checked when proposed, perhaps by an older program with another floor.
    if row.state == RuleState::Proposed
        && let Err(faults) = checked(row.source.clone(), pathways.clone()).await?
    {
        let told = (
            Form::blank(),
            not_done("These rules cannot come into force", faults.to_string()),
        );
        return again(&request, &app, &actor, &version, told, StatusCode::CONFLICT).await;
    }
    let (now, seen) = (app.clock.now(), posted.one("seen").to_owned());
    let (named, by) = (version.clone(), actor.username.clone());
    let approval = app
        .db
        .write(move |conn| proposals::approve(conn, &named, &by, &seen, now))
        .await?;
    let notice = match approval {
        Approval::InForce => {
            rules.reload(&app.db, pathways).await?;
            tracing::info!(%version, by = %actor.id, "a version of the rules came into force");
            return Ok(see_other(format!("{}?done=approved", paths::admin_rules_version(&version))));
        }
        Approval::SamePerson => same_person(),
        Approval::NotProposed => decided_already(&Versions::read(&app).await?, &version),
        Approval::Overtaken => not_done(
            "Other rules came into force while you were reading",
            "What this version would change is shown anew, against the rules in force now. Look at it, then decide."
                .to_owned(),
        ),
    };
    again(
        &request,
        &app,
        &actor,
        &version,
        (Form::blank(), notice),
        StatusCode::CONFLICT,
    )
    .await
}

/// `POST /admin/rules/{version}/refuse`.
pub(super) async fn refuse(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    version: Path<String>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ApproveRules)?;
    let version = version.into_inner();
    let mut errors = posted.errors();
    let reason = posted.one("reason").to_owned();
    if reason.is_empty() {
        errors.add("reason", "Enter why you refuse this version");
    } else if reason.chars().count() > REASON_LIMIT {
        errors.add("reason", "Reason must be 2,000 characters or fewer");
    }
    if errors.any() {
        let (form, status) = (Form::new(posted, errors), StatusCode::UNPROCESSABLE_ENTITY);
        return again(
            &request,
            &app,
            &actor,
            &version,
            (form, Notice::default()),
            status,
        )
        .await;
    }
    let before = Versions::read(&app).await?;
    let row = before.find(&version).ok_or(web::Error::NotFound)?;
    let reason = app
        .keys
        .seal(Purpose::Person, row.id, reason.as_bytes())
        .map_err(anyhow::Error::new)?;
    let now = app.clock.now();
    let (named, by) = (version.clone(), actor.username.clone());
    let refusal = app
        .db
        .write(move |conn| proposals::refuse(conn, &named, &by, &reason, now))
        .await?;
    let notice = match refusal {
        Refusal::Refused => {
            tracing::info!(%version, by = %actor.id, "a version of the rules was refused");
            return Ok(see_other(format!(
                "{}?done=refused",
                paths::admin_rules_version(&version)
            )));
        }
        Refusal::SamePerson => same_person(),
        Refusal::NotProposed => decided_already(&Versions::read(&app).await?, &version),
    };
    let form = Form::new(posted, errors);
    again(
        &request,
        &app,
        &actor,
        &version,
        (form, notice),
        StatusCode::CONFLICT,
    )
    .await
}

/// The page of the version again, as things are now.
async fn again(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    version: &str,
    told: (Form, Notice),
    status: StatusCode,
) -> Result<HttpResponse, web::Error> {
    let versions = Versions::read(app).await?;
    let row = versions.find(version).ok_or(web::Error::NotFound)?;
    let page = VersionPage::new(request, app, actor, &versions, row, told)?;
    Ok(html_status(status, &page))
}

fn not_done(heading: &str, told: String) -> Notice {
    Notice {
        heading: heading.to_owned(),
        told,
        ..Notice::default()
    }
}

fn same_person() -> Notice {
    not_done(
        "Somebody else has to decide",
        "You proposed this version. A change of the rules takes two people with the lead role.".to_owned(),
    )
}

/// Who decided first, and what.
fn decided_already(versions: &Versions, version: &str) -> Notice {
    let told = versions.find(version).map(|row| who_was_first(versions, row));
    not_done("Somebody decided before you", told.unwrap_or_default())
}

fn who_was_first(versions: &Versions, row: &Row) -> String {
    match (row.state, &row.approved_by, &row.refused_by) {
        (RuleState::InForce | RuleState::Retired, Some(by), _) => {
            let at = row.in_force_at.map_or_else(String::new, |at| at.display());
            format!("{} approved this version, {at}.", versions.name_of(by))
        }
        (RuleState::Refused, _, Some(by)) => {
            let at = row.refused_at.map_or_else(String::new, |at| at.display());
            format!(
                "{} refused this version, {at}. The reason is below.",
                versions.name_of(by)
            )
        }
        (RuleState::InForce | RuleState::Retired | RuleState::Refused | RuleState::Proposed, _, _) => {
            "This version does not wait for a decision.".to_owned()
        }
    }
}
