//! "Check your answers", and sending them. Totals are not worked out here: how many questions were answered is
//! all it says of a questionnaire, because someone may look over the person's shoulder.

use std::sync::Arc;

use actix_web::HttpResponse;
use askama::Template;

use super::answered::{Section, sections};
use super::draft::Draft;
use super::fields::{REFUSE, show_page, take_page};
use super::keep::{self, Kept};
use super::{carry, help, pages, question, sent, worry};
use crate::app::App;
use crate::config::Locality;
use crate::questionnaire::Page;
use crate::triage::RuleSet;
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, paths};

#[derive(Template)]
#[template(path = "patient/views/check.html")]
struct CheckPage<'a> {
    frame: Frame,
    form: Form,
    action: String,
    sections: Vec<Section>,
    /// There is a clinic that may see how far it is.
    from_slip: bool,
    for_another: bool,
    read_when: String,
    here: &'a Locality,
}

pub(super) fn draw(app: &App, draft: &Draft) -> HttpResponse {
    let here = &app.config.locality;
    let back = draft.journey().before(Page::Check).unwrap_or(Page::Safety);
    web::html(&CheckPage {
        frame: Frame::patient(question::title(Page::Check), app.config.demo)
            .back(paths::refer(back.number()))
            .deletes(paths::FORGET),
        form: Form::new(show_page(Page::Check, &draft.answers), Errors::default()),
        action: paths::refer(Page::Check.number()),
        sections: sections(draft),
        from_slip: draft.uses_slip(),
        for_another: draft.for_another,
        read_when: question::read_when(&here.hours, app.clock.now()),
        here,
    })
}

/// Sends the answers, with the agreement that the button gives. A second tap, or a second tab, finds the first one's
/// referral.
pub(super) async fn send(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    mut draft: Draft,
    posted: &Posted,
) -> Result<HttpResponse, web::Error> {
    if draft.journey().first_unanswered() != Some(Page::Check) {
        return Ok(pages::go_on(&draft));
    }
    let context = pages::context(app, &draft);
    let _nothing_to_correct = take_page(Page::Check, posted, &mut draft.answers, context);
    if draft
        .answers
        .agreement
        .as_ref()
        .is_some_and(|given| !given.agreed)
    {
        return refuse(app, rules, draft).await;
    }
    let today = app.clock.now().london_date();
    match keep::send(app, rules, &draft).await {
        Ok(submitted) => sent::after(app, &draft, &submitted).await,
        Err(refused) if worry::looked_at(&draft, rules, &app.config.locality, today).is_urgent() => {
            tracing::error!("answers could not be sent: {refused}");
            let (shown, kept) = (help::Shown::NotSaved, Kept::NotSaved);
            Ok(help::draw(app, &draft, shown, kept, &Form::blank()))
        }
        Err(refused) => Err(refused.into()),
    }
}

/// "I do not want to be referred": nothing is sent; a safety answer that the team already has stays with them.
async fn refuse(app: &Arc<App>, rules: &Arc<RuleSet>, mut draft: Draft) -> Result<HttpResponse, web::Error> {
    let kept = keep::keep(app, rules, &mut draft, Vec::new()).await;
    // What could not be saved stays to be tried again, on any device; else nothing stays on one that was handed over.
    let stays = match kept {
        Kept::NothingToKeep => false,
        Kept::Saved | Kept::WithoutWay | Kept::NotReachable => !draft.tablet,
        Kept::NotSaved => true,
    };
    let answer = help::refused(app, kept, help::Device::of(&draft), stays);
    match stays {
        true => carry::with_draft(app, draft, answer),
        false => Ok(carry::without_draft(app, answer)),
    }
}
