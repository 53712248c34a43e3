//! The rules in force as prose, and the page of one version with what it changes.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::meaning::NOT_VALIDATED;
use super::super::rules::RuleSet;
use super::super::store::{self, Row};
use super::super::versions::RuleState;
use super::shown::{ChangeShown, Section, changes, sections};
use super::who::{Names, VersionShown};
use crate::app::App;
use crate::staff::{Actor, Deed};
use crate::web::form::Form;
use crate::web::{self, Frame, html, paths};

/// All versions, and the rules of each as far as they can be read by this program.
pub(super) struct Versions {
    rows: Vec<Row>,
    names: Names,
    pathways: Vec<String>,
}

impl Versions {
    pub async fn read(app: &App) -> Result<Versions, web::Error> {
        Ok(Versions {
            rows: app.db.read(store::list_versions).await?,
            names: Names::read(&app.db).await?,
            pathways: app.config.locality.long_term_conditions.clone(),
        })
    }

    pub fn find(&self, version: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.version == version)
    }

    pub fn in_force(&self) -> Option<&Row> {
        self.rows.iter().find(|row| row.state == RuleState::InForce)
    }

    /// What a version is held against: a proposal against the rules in force, what was in force against what was in
    /// force before, what was refused against what it was written for.
    pub fn before(&self, row: &Row) -> Option<&Row> {
        match row.state {
            RuleState::Proposed => self.in_force(),
            RuleState::Refused => self.find(row.based_on.as_deref()?),
            RuleState::InForce | RuleState::Retired => {
                let came = |row: &Row| row.in_force_at.map(|at| (at, row.id));
                let earlier = self
                    .rows
                    .iter()
                    .filter(|other| came(other).is_some() && came(other) < came(row));
                earlier.max_by_key(|other| came(other))
            }
        }
    }

    pub fn rules(&self, row: &Row) -> Option<RuleSet> {
        RuleSet::parse(&row.version, &row.source, &self.pathways).ok()
    }

    pub fn shown(&self, row: &Row, app: &App) -> Result<VersionShown, web::Error> {
        VersionShown::of(row, &self.names, &app.keys).map_err(|unsealed| anyhow::Error::new(unsealed).into())
    }

    fn list(&self, app: &App) -> Result<Vec<VersionShown>, web::Error> {
        self.rows.iter().map(|row| self.shown(row, app)).collect()
    }

    /// The name of whoever a row names.
    pub fn name_of(&self, stored: &str) -> String {
        self.names.of(stored)
    }
}

/// What was just done, or why it was not.
#[derive(Debug, Default)]
pub(super) struct Notice {
    pub heading: String,
    pub told: String,
    pub done: String,
}

#[derive(Template)]
#[template(path = "triage/views/rules.html")]
struct RulesPage {
    frame: Frame,
    shown: Option<VersionShown>,
    name: String,
    status: String,
    count: usize,
    waiting: Vec<VersionShown>,
    before: String,
    changes: Vec<ChangeShown>,
    sections: Vec<Section>,
    all: Vec<VersionShown>,
    may_propose: bool,
}

/// `GET /admin/rules`: the rules in force, read out, with every version below.
pub(super) async fn in_force(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeRules)?;
    let versions = Versions::read(&app).await?;
    let all = versions.list(&app)?;
    let waiting = versions.list(&app)?.into_iter().filter(|version| version.waits);
    let row = versions.in_force();
    let rules = row.and_then(|row| versions.rules(row));
    let before = row.and_then(|row| versions.before(row));
    let former = before.and_then(|before| versions.rules(before));
    Ok(html(&RulesPage {
        frame: actor.frame(&request, "Rules"),
        shown: row.map(|row| versions.shown(row, &app)).transpose()?,
        name: rules
            .as_ref()
            .map_or_else(String::new, |rules| rules.name.clone()),
        status: rules
            .as_ref()
            .map_or_else(String::new, |rules| rules.status.clone()),
        count: rules.as_ref().map_or(0, |rules| rules.rules.len()),
        waiting: waiting.collect(),
        before: before.map_or_else(String::new, |before| before.version.clone()),
        changes: former
            .zip(rules.as_ref())
            .map_or_else(Vec::new, |(former, rules)| changes(&former, rules)),
        sections: rules
            .zip(row)
            .map_or_else(Vec::new, |(rules, row)| sections(&rules, &row.source)),
        may_propose: actor.may(Deed::ApproveRules),
        all,
    }))
}

#[derive(Template)]
#[template(path = "triage/views/rules_version.html")]
pub(super) struct VersionPage {
    frame: Frame,
    form: Form,
    notice: Notice,
    shown: VersionShown,
    name: String,
    status: String,
    count: usize,
    /// The version it is held against, and its name again as the approver saw it.
    before: String,
    in_force: String,
    /// The version it was written for, where that is no longer in force.
    overtaken: String,
    changes: Vec<ChangeShown>,
    sections: Vec<Section>,
    text: String,
    may_propose: bool,
    may_decide: bool,
    is_own: bool,
}

impl VersionPage {
    pub fn new(
        request: &HttpRequest,
        app: &App,
        actor: &Actor,
        versions: &Versions,
        row: &Row,
        (form, notice): (Form, Notice),
    ) -> Result<VersionPage, web::Error> {
        let rules = versions.rules(row);
        let before = versions.before(row);
        let former = before.and_then(|before| versions.rules(before));
        let in_force = versions
            .in_force()
            .map_or_else(String::new, |row| row.version.clone());
        let based_on = row.based_on.clone().unwrap_or_default();
        let waits = row.state == RuleState::Proposed;
        Ok(VersionPage {
            frame: actor
                .frame(request, format!("Rules {}", row.version))
                .back(paths::ADMIN_RULES)
                .about(&form),
            form,
            notice,
            shown: versions.shown(row, app)?,
            name: rules
                .as_ref()
                .map_or_else(String::new, |rules| rules.name.clone()),
            status: rules
                .as_ref()
                .map_or_else(String::new, |rules| rules.status.clone()),
            count: rules.as_ref().map_or(0, |rules| rules.rules.len()),
            before: before.map_or_else(String::new, |before| before.version.clone()),
            overtaken: if waits && based_on != in_force {
                based_on
            } else {
                String::new()
            },
            in_force,
            changes: former
                .zip(rules.as_ref())
                .map_or_else(Vec::new, |(former, rules)| changes(&former, rules)),
            sections: rules.map_or_else(Vec::new, |rules| sections(&rules, &row.source)),
            text: row.source.clone(),
            may_propose: actor.may(Deed::ApproveRules),
            may_decide: waits && actor.may(Deed::ApproveRules),
            is_own: row.proposed_by == actor.username,
        })
    }
}

/// What the address says was just done.
#[derive(Deserialize)]
pub(super) struct Said {
    done: Option<String>,
}

/// `GET /admin/rules/{version}`.
pub(super) async fn show(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    version: Path<String>,
    said: Query<Said>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeRules)?;
    let versions = Versions::read(&app).await?;
    let row = versions.find(&version).ok_or(web::Error::NotFound)?;
    let done = match said.done.as_deref() {
        Some("proposed") => "Proposed. Somebody else with the lead role now approves or refuses it.",
        Some("approved") => "In force. Every decision from now on is made with these rules.",
        Some("refused") => "Refused. The rules in force stay as they are.",
        Some(_) | None => "",
    };
    let notice = Notice {
        done: done.to_owned(),
        ..Notice::default()
    };
    let page = VersionPage::new(&request, &app, &actor, &versions, row, (Form::blank(), notice))?;
    Ok(html(&page))
}
