//! A lead proposes rules: pastes or uploads a file and says why. The whole file is checked; what is wrong is shown with
//! its line, and nothing typed is lost.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::proposals::{self, Proposal, Proposing};
use super::super::rules::{RuleSet, version_of};
use super::super::rules_file::{Faults, RulesError};
use super::super::versions::RuleState;
use super::versions::Versions;
use crate::app::App;
use crate::staff::{Actor, Deed};
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, Uploaded, html, html_status, paths, see_other};

/// Longest note, in characters.
const NOTE_LIMIT: usize = 2_000;

/// One thing that is wrong with the file.
struct FaultShown {
    /// "Line 34, rule A2, when".
    place: String,
    message: String,
    /// The line as it stands.
    line: String,
}

impl FaultShown {
    fn of(fault: &RulesError, text: &str) -> FaultShown {
        let mut place = format!("Line {}", fault.line);
        if let Some(rule) = &fault.rule {
            place.push_str(&format!(", rule {rule}"));
        }
        if let Some(key) = &fault.key {
            place.push_str(&format!(", {key}"));
        }
        let line = text.lines().nth(fault.line.saturating_sub(1)).unwrap_or_default();
        FaultShown {
            place,
            message: fault.message.clone(),
            line: line.trim().to_owned(),
        }
    }
}

#[derive(Template)]
#[template(path = "triage/views/rules_propose.html")]
struct ProposePage {
    frame: Frame,
    form: Form,
    faults: Vec<FaultShown>,
    /// The version the text began with.
    from: String,
}

impl ProposePage {
    fn new(request: &HttpRequest, actor: &Actor, form: Form, faults: Vec<FaultShown>, from: &str) -> Self {
        ProposePage {
            frame: actor
                .frame(request, "Propose rules")
                .back(paths::ADMIN_RULES)
                .about(&form),
            form,
            faults,
            from: from.to_owned(),
        }
    }
}

/// The version whose text the form begins with; the one in force unless named.
#[derive(Deserialize)]
pub(super) struct From {
    from: Option<String>,
}

/// `GET /admin/rules/propose`.
pub(super) async fn form(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    from: Query<From>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ApproveRules)?;
    let versions = Versions::read(&app).await?;
    let named = from.from.as_deref().and_then(|version| versions.find(version));
    let begins = named.or_else(|| versions.in_force());
    let (text, version) = begins.map_or(("", ""), |row| (row.source.as_str(), row.version.as_str()));
    let form = Form::new(Posted::default().with("rules", text), Default::default());
    Ok(html(&ProposePage::new(
        &request,
        &actor,
        form,
        Vec::new(),
        version,
    )))
}

/// `POST /admin/rules/propose`.
pub(super) async fn propose(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    uploaded: Uploaded,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ApproveRules)?;
    let mut errors = uploaded.posted.errors();
    let text = match uploaded.file("file").map(|bytes| std::str::from_utf8(bytes)) {
        Some(Ok(text)) => text.to_owned(),
        Some(Err(_)) => {
            errors.add("file", "The file must be text in UTF-8, such as rules.toml");
            String::new()
        }
        None => uploaded.posted.untrimmed("rules").to_owned(),
    };
    let note = uploaded.posted.one("note").to_owned();
    let mut faults = Vec::new();
    if errors.is_empty() {
        let pathways = app.config.locality.long_term_conditions.clone();
        if let Err(Faults(found)) = checked(text.clone(), pathways).await? {
            errors.add("rules", told(found.len()));
            faults = found.iter().map(|fault| FaultShown::of(fault, &text)).collect();
        }
    }
    if note.is_empty() {
        errors.add("note", "Enter why the rules should change");
    } else if note.chars().count() > NOTE_LIMIT {
        errors.add("note", "Why must be 2,000 characters or fewer");
    }
    if errors.is_empty() {
        let proposing = Proposing::new(&app.keys, &text, &actor.username, &note, app.clock.now());
        let proposing = proposing.map_err(anyhow::Error::new)?;
        let proposal = app
            .db
            .write(move |conn| proposals::propose(conn, &proposing))
            .await?;
        match proposal {
            Proposal::Proposed => {
                let version = version_of(&text);
                tracing::info!(%version, by = %actor.id, "a version of the rules was proposed");
                let page = paths::admin_rules_version(version);
                return Ok(see_other(format!("{page}?done=proposed")));
            }
            Proposal::Known(state) => errors.add("rules", known(state, &version_of(&text))),
        }
    }
    // What was uploaded stands in the box, so that it can be mended there.
    let posted = Posted::default()
        .with("rules", text)
        .with("note", note)
        .with("from", uploaded.posted.one("from"));
    let from = posted.one("from").to_owned();
    let form = Form::new(posted, errors);
    let page = ProposePage::new(&request, &actor, form, faults, &from);
    Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// Checks the text beside the requests of others, for it takes a while.
pub(super) async fn checked(text: String, pathways: Vec<String>) -> anyhow::Result<Result<(), Faults>> {
    let check = move || RuleSet::sound("rules", &text, &pathways).map(|_| ());
    Ok(tokio::task::spawn_blocking(check).await?)
}

fn told(faults: usize) -> String {
    match faults {
        1 => "The rules have a mistake. Mend it below, then propose them again".to_owned(),
        several => format!("The rules have {several} mistakes. Mend them below, then propose them again"),
    }
}

/// Why a text that the table holds already is not proposed.
fn known(state: RuleState, version: &str) -> String {
    match state {
        RuleState::InForce => "These rules are in force already, word for word".to_owned(),
        RuleState::Proposed => format!("These rules wait for approval already, as version {version}"),
        RuleState::Retired => format!(
            "These rules are version {version}, which was in force before. To bring them back, say so in a comment line \
             at their top, such as # Back to {version}"
        ),
        RuleState::Refused => format!(
            "These rules are version {version}, which was refused. Change them, or say in a comment line at their top \
             why they are proposed again"
        ),
    }
}
