//! After the answers are sent: the confirmation and, where a place may be chosen, the list to choose from on the same
//! page. It shows no score, no priority and nothing that a person of the team should say in a talk.

use std::sync::Arc;

use actix_web::HttpResponse;
use askama::Template;

use super::draft::{AddedTo, Draft, Reach, Sent};
use super::own::{Listed, Mine};
use super::{carry, pages, question};
use crate::app::App;
use crate::config::Locality;
use crate::questionnaire::Page;
use crate::referrals::{Added, Receipt, Submitted};
use crate::web::form::Form;
use crate::web::{self, Frame, paths};

#[derive(Template)]
#[template(path = "patient/views/confirmation.html")]
struct Confirmation<'a> {
    frame: Frame,
    form: Form,
    here: &'a Locality,
    reference: &'a str,
    contact_by: &'a str,
    how: &'static str,
    read_when: &'a str,
    closed: bool,
    /// The own page; empty once its link was replaced.
    own_page: String,
    address: String,
    /// What there is to choose from; nothing where a person books.
    listed: Listed,
    /// Where a place that is kept already is shown.
    place: Option<String>,
    choose_at: String,
}

/// The answers were added to what another sender had begun. Of that nothing is told.
#[derive(Template)]
#[template(path = "patient/views/added.html")]
struct AddedPage<'a> {
    frame: Frame,
    here: &'a Locality,
    read_when: &'a str,
    closed: bool,
}

/// What of a receipt the patient keeps.
fn of_receipt(app: &App, receipt: &Receipt, draft: &Draft) -> Sent {
    let hours = &app.config.locality.hours;
    Sent {
        id: draft.id,
        reference: receipt.reference.to_string(),
        token: receipt.token.expose().to_owned(),
        contact_by: receipt.contact_by.london().strftime("%A %-d %B").to_string(),
        read_when: question::read_when(hours, receipt.at),
        closed: !hours.is_open(receipt.at),
        how: draft.reach(),
        slip: draft.slip.clone(),
    }
}

/// What of added answers this browser keeps.
fn of_added(app: &App, added: &Added, draft: &Draft) -> AddedTo {
    let hours = &app.config.locality.hours;
    AddedTo {
        referral: added.referral,
        read_when: question::read_when(hours, added.at),
        closed: !hours.is_open(added.at),
        slip: draft.slip.clone(),
    }
}

/// What follows once the answers are sent. On a device that was handed over nothing is left behind: the confirmation
/// is the answer itself, and cannot be read again; a place is chosen later, by the link and the date of birth.
pub(super) async fn after(
    app: &Arc<App>,
    draft: &Draft,
    submitted: &Submitted,
) -> Result<HttpResponse, web::Error> {
    match submitted {
        Submitted::Created(receipt)
        | Submitted::Completed(receipt)
        | Submitted::Continued(receipt)
        | Submitted::Repeated(receipt) => {
            let sent = of_receipt(app, receipt, draft);
            match draft.tablet {
                true => Ok(carry::without_draft(app, draw(app, &sent, None, true))),
                false => carry::with_sent(app, sent, pages::go_to(Page::Confirmation)),
            }
        }
        Submitted::Added(to) => {
            let to = of_added(app, to, draft);
            match draft.tablet {
                true => Ok(carry::without_draft(app, added(app, &to))),
                false => carry::with_added(app, to, pages::go_to(Page::Confirmation)),
            }
        }
    }
}

/// The confirmation of answers that were added to what another sender had begun.
pub(super) fn added(app: &App, added: &AddedTo) -> HttpResponse {
    web::html(&AddedPage {
        frame: Frame::patient("We have it", app.config.demo),
        here: &app.config.locality,
        read_when: &added.read_when,
        closed: added.closed,
    })
}

/// The confirmation, as often as it is asked for. What was sent is sent: a database that does not answer now takes the
/// list away and nothing else.
pub(super) async fn confirmation(app: &Arc<App>, sent: &Sent) -> HttpResponse {
    match Mine::find(app, &sent.token).await {
        Ok(mine) => draw(app, sent, Some(&mine), true),
        Err(web::Error::NotFound) => draw(app, sent, None, false),
        Err(refused) => {
            tracing::warn!("a confirmation is shown without places: {refused}");
            draw(app, sent, None, true)
        }
    }
}

fn draw(app: &App, sent: &Sent, mine: Option<&Mine>, link_works: bool) -> HttpResponse {
    let own_page = match link_works {
        true => paths::own_page(&sent.token),
        false => String::new(),
    };
    let has_place = mine.is_some_and(Mine::has_place);
    web::html(&Confirmation {
        frame: Frame::patient("We have it", app.config.demo),
        form: Form::blank(),
        here: &app.config.locality,
        reference: &sent.reference,
        contact_by: &sent.contact_by,
        read_when: &sent.read_when,
        closed: sent.closed,
        how: match sent.how {
            Reach::Phone => "ring you",
            Reach::Email => "email you",
            Reach::Letter => "write to you",
        },
        address: format!("{}{own_page}", app.config.base_url),
        own_page,
        listed: match mine.filter(|_| !has_place) {
            Some(mine) => Listed::of(mine),
            None => Listed::default(),
        },
        place: has_place.then(|| paths::own_place(&sent.token)),
        choose_at: paths::own_place(&sent.token),
    })
}
