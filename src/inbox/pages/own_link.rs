//! Replacing the link to a patient's own page: somebody else may have it. The page asks first and says what it does.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;

use super::record::Opened;
use crate::app::App;
use crate::referrals::{Reference, Replaced, Replacing, ReviewState, replace_link};
use crate::staff::{Actor, Deed, ReadNote, record_read};
use crate::web::{self, Frame, paths};

#[derive(Template)]
#[template(path = "inbox/views/own_link.html")]
struct OwnLinkPage {
    frame: Frame,
    reference: String,
    action: String,
    record: String,
    /// Where the new link goes; nowhere if nobody may write to the patient.
    email: Option<String>,
    /// The form was taken back: there is no page.
    ended: bool,
}

/// `GET /inbox/{reference}/own-link`.
pub(super) async fn ask(
    actor: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ActOnReferral)?;
    let opened = read(&app, &reference).await?;
    let view = &opened.view;
    let note = ReadNote::new(&actor, "referral: link", Some(view.id), app.clock.now());
    record_read(&app.db, note).await?;
    let record = paths::referral(view.reference.as_str());
    let frame = actor.frame(&request, format!("The link of {}", view.reference));
    Ok(web::html(&OwnLinkPage {
        frame: frame.back(&record),
        reference: view.reference.to_string(),
        action: paths::referral_own_link(view.reference.as_str()),
        record,
        email: view
            .person
            .email
            .clone()
            .filter(|_| view.person.may_mail() && view.died_at.is_none()),
        ended: view.state == ReviewState::Withdrawn,
    }))
}

/// `POST /inbox/{reference}/own-link`.
pub(super) async fn replace(
    actor: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ActOnReferral)?;
    let opened = read(&app, &reference).await?;
    let (inside, id) = (app.clone().into_inner(), opened.view.id);
    let replacing = Replacing::draw(actor.id, app.clock.now())?;
    let replaced = app
        .db
        .write(move |conn| replace_link(conn, &inside, id, &replacing))
        .await?;
    app.mailer.nudge();
    let done = match replaced {
        Replaced::Sent => "link-sent",
        Replaced::ToNobody => "link-ended",
        Replaced::Ended => return Ok(web::see_other(paths::referral(opened.view.reference.as_str()))),
        Replaced::Missing => return Err(web::Error::NotFound),
    };
    let record = paths::referral(opened.view.reference.as_str());
    Ok(web::see_other(format!("{record}?done={done}")))
}

async fn read(app: &Arc<App>, reference: &str) -> Result<Opened, web::Error> {
    let reference = Reference::parse(reference).ok_or(web::Error::NotFound)?;
    Opened::read(app, &reference).await?.ok_or(web::Error::NotFound)
}
