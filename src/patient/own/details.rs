//! How the patient is reached, changed by themselves. The team sees the old beside the new.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::Mine;
use super::door::{Proof, Then};
use super::visit::Visit;
use super::words::Said;
use crate::app::App;
use crate::patient::choices;
use crate::patient::fields::{show_address, show_contact, take_address, take_contact};
use crate::questionnaire::{Address, Answers, BestTime, Contact};
use crate::referrals::{Changing, ContactDetails, Contacted, change_contact, reach};
use crate::values::Postcode;
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{self, Frame, paths};

#[derive(Template)]
#[template(path = "patient/views/own_details.html")]
struct DetailsPage {
    frame: Frame,
    form: Form,
    action: String,
    may: Vec<Choice>,
    best_times: Vec<Choice>,
}

fn draw(app: &App, mine: &Mine, form: Form) -> HttpResponse {
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let frame = Frame::patient("How we reach you", app.config.demo).secret_address();
    let page = DetailsPage {
        frame: frame.back(paths::own_page(&mine.token)).about(&form),
        form,
        action: paths::own_details(&mine.token),
        may: choices::may(),
        best_times: choices::best_times(),
    };
    web::html_status(status, &page)
}

pub(super) async fn show(visit: Visit) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    if proof != Proof::Open {
        return Ok(Then::Details.first_the_date(&mine));
    }
    let (inside, id) = (app.clone(), mine.view.id);
    let who = app.db.read(move |conn| reach(conn, &inside.keys, id)).await?;
    let who = who.ok_or(web::Error::NotFound)?;
    let form = Form::new(shown(&ContactDetails::of(&who.person)), Errors::default());
    proof.stays(&app, &mine, draw(&app, &mine, form))
}

/// The page as it was typed into before it closed.
pub(super) fn again(app: &App, mine: &Mine, typed: Posted) -> HttpResponse {
    draw(app, mine, Form::new(typed, Errors::default()))
}

pub(super) async fn take(visit: Visit, posted: Posted) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    if proof != Proof::Open {
        return Then::Details.first_the_date_keeping(&app, &mine, &posted);
    }
    let (details, mut errors) = read(&posted);
    if errors.is_empty() && !details.reaches() {
        errors.add(
            "phone",
            "Leave us one way to reach you: a phone number, an email, or an address",
        );
    }
    if errors.any() {
        return proof.stays(&app, &mine, draw(&app, &mine, Form::new(posted, errors)));
    }
    let changing = Changing::draw(app.clock.now())?;
    let (inside, id) = (app.clone(), mine.view.id);
    let became = app
        .db
        .write(move |conn| change_contact(conn, &inside, id, &details, changing))
        .await?;
    app.mailer.nudge();
    let said = match became {
        Contacted::Changed => Said::Details,
        Contacted::Same | Contacted::Unreachable => Said::Unchanged,
        Contacted::Missing => return Err(web::Error::NotFound),
    };
    let answer = web::see_other(paths::own_page_said(&mine.token, said.as_str()));
    proof.stays(&app, &mine, answer)
}

/// Reads the page. Nobody has to give an address who can be reached without one.
fn read(posted: &Posted) -> (ContactDetails, Errors) {
    let mut errors = posted.errors();
    let mut answers = Answers::default();
    take_contact(posted, &mut errors, &mut answers);
    let typed = ["line1", "line2", "town", "postcode", "no_fixed_address"];
    if posted.has("may", "only_post") || typed.iter().any(|field| !posted.one(field).is_empty()) {
        take_address(posted, &mut errors, &mut answers);
    }
    let contact = answers.contact.unwrap_or_default();
    let (address, postcode) = match answers.address {
        Some(Address {
            no_fixed_address: true,
            ..
        }) => (Vec::new(), Some(Postcode::no_fixed_abode().as_str().to_owned())),
        Some(given) => (given.lines, given.postcode),
        None => (Vec::new(), None),
    };
    let details = ContactDetails {
        phone: contact.phone,
        email: contact.email,
        voicemail_ok: contact.voicemail_ok,
        text_ok: contact.text_ok,
        write_ok: contact.write_ok,
        best_time: contact.best_time.map(|time| time.label().to_owned()),
        address,
        postcode,
    };
    (details, errors)
}

/// What is stored, as the page shows it for changing.
fn shown(details: &ContactDetails) -> Posted {
    let known = |given: &str| {
        let named = |time: &&BestTime| time.label() == given || time.key() == given;
        BestTime::ALL.iter().find(named).copied()
    };
    let no_fixed_address = details.postcode.as_deref() == Some(Postcode::no_fixed_abode().as_str());
    let has_address = details.postcode.is_some() || !details.address.is_empty();
    let answers = Answers {
        contact: Some(Contact {
            phone: details.phone.clone(),
            email: details.email.clone(),
            voicemail_ok: details.voicemail_ok,
            text_ok: details.text_ok,
            write_ok: details.write_ok,
            best_time: details.best_time.as_deref().and_then(known),
        }),
        address: has_address.then(|| Address {
            no_fixed_address,
            lines: details.address.clone(),
            postcode: details.postcode.clone(),
        }),
        ..Answers::default()
    };
    show_contact(&answers).and(show_address(&answers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_back_as_it_was() {
        let details = ContactDetails {
            phone: Some("+447700900123".to_owned()),
            email: Some("robin@example.org".to_owned()),
            voicemail_ok: true,
            text_ok: false,
            write_ok: true,
            best_time: Some(BestTime::ALL[0].label().to_owned()),
            address: vec!["1 Made-up Street".to_owned(), "Sheffield".to_owned()],
            postcode: Some("S1 2HE".to_owned()),
        };
        let (again, errors) = read(&shown(&details));
        assert!(errors.is_empty() && again == details);
        let nowhere = ContactDetails {
            address: Vec::new(),
            postcode: Some("ZZ99 3VZ".to_owned()),
            ..details
        };
        let (again, errors) = read(&shown(&nowhere));
        assert!(errors.is_empty() && again == nowhere);
    }
}
