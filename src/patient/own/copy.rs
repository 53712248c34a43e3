//! A copy of what is held: what the patient gave us and what happened, as a text to read and as JSON. What the team
//! made of it, what colleagues wrote, and what another sender added, is not in it; the file says so and how to ask for it.

use actix_web::HttpResponse;
use actix_web::http::header;
use askama::Template;
use serde::Serialize;

use super::Mine;
use super::answered::{about, answered};
use super::door::{Proof, Then};
use super::happened::happened;
use super::place::ShownPlace;
use super::visit::Visit;
use crate::db::Error;
use crate::referrals::{By, EventKind, Happened, ReferralView, open_by_id, record};
use crate::values::{Ts, random};
use crate::web::form::Posted;
use crate::web::{self, Frame, paths};

/// One line: what it is, and what it says.
#[derive(Serialize)]
pub(super) struct Line {
    pub label: String,
    pub value: String,
}

impl Line {
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}

/// Lines that belong together.
#[derive(Serialize)]
pub(super) struct Section {
    pub title: String,
    pub lines: Vec<Line>,
}

#[derive(Serialize)]
struct Held {
    reference: String,
    made_on: String,
    sections: Vec<Section>,
    left_out: String,
}

#[derive(Template)]
#[template(path = "patient/views/own_copy.html")]
struct CopyPage<'a> {
    frame: Frame,
    action: String,
    phone: &'a str,
}

pub(super) async fn show(visit: Visit) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    if proof != Proof::Open {
        return Ok(Then::Copy.first_the_date(&mine));
    }
    let page = web::html(&CopyPage {
        frame: Frame::patient("A copy for you", app.config.demo)
            .secret_address()
            .back(paths::own_page(&mine.token)),
        action: paths::own_copy(&mine.token),
        phone: &app.config.locality.organisation.phone,
    });
    proof.stays(&app, &mine, page)
}

/// Gives the file; that it was taken stands on the timeline, in the transaction that reads it.
pub(super) async fn take(visit: Visit, posted: Posted) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    if proof != Proof::Open {
        return Ok(Then::Copy.first_the_date(&mine));
    }
    let now = app.clock.now();
    let taken = Happened {
        kind: EventKind::CopyTaken,
        by: By::Patient,
        at: now,
        text: String::new(),
        salt: random().map_err(anyhow::Error::new)?,
    };
    let (inside, id) = (app.clone(), mine.view.id);
    let view = app.db.write(move |conn| {
        let view = open_by_id(conn, &inside.keys, id)?;
        record(conn, &inside.keys, id, &taken)?;
        view.ok_or_else(|| Error::Other(anyhow::anyhow!("a referral that was found is gone")))
    });
    let held = held(&view.await?, &mine, &app.config.locality.organisation.phone, now);
    let answer = match posted.has("as", "json") {
        true => {
            let body = serde_json::to_string_pretty(&held).map_err(anyhow::Error::new)?;
            file("application/json", "my-copy.json", body)
        }
        false => file("text/plain; charset=utf-8", "my-copy.txt", in_text(&held)),
    };
    proof.stays(&app, &mine, answer)
}

fn file(kind: &'static str, name: &str, body: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(body)
}

fn held(view: &ReferralView, mine: &Mine, phone: &str, now: Ts) -> Held {
    let mut sections = vec![Section {
        title: "About you".to_owned(),
        lines: about(&view.person),
    }];
    for event in view.timeline.iter().filter(|event| !event.is_of_another_sender()) {
        let on = event.at.display();
        if let Some(sheet) = event.payload.case_sheet.as_deref() {
            sections.push(Section {
                title: format!("What you told us on {on}"),
                lines: answered(sheet),
            });
        }
        if let Some(person) = event.payload.person.as_deref() {
            sections.push(Section {
                title: format!("What you wrote about yourself on {on}"),
                lines: about(person),
            });
        }
        if let Some(person) = event.payload.person_before.as_deref() {
            sections.push(Section {
                title: format!("What you wrote about yourself before {on}"),
                lines: about(person),
            });
        }
        if let Some(change) = event.payload.contact.as_deref() {
            sections.push(Section {
                title: format!("How we reached you until {on}"),
                lines: super::answered::reached(&change.was),
            });
        }
    }
    if let Some(place) = ShownPlace::own(mine, true) {
        let address = Some(place.address).filter(|address| !address.is_empty());
        let mut lines = vec![Line::new("What", place.course), Line::new("Time", place.time)];
        lines.push(Line::new("Where", place.venue));
        lines.extend(address.map(|address| Line::new("Address", address)));
        lines.extend(place.days.into_iter().map(|day| Line::new("Day", day)));
        sections.push(Section {
            title: "Your place".to_owned(),
            lines,
        });
    }
    sections.push(Section {
        title: "What happened".to_owned(),
        lines: happened(view),
    });
    Held {
        reference: view.reference.to_string(),
        made_on: now.display(),
        sections,
        left_out: format!(
            "Notes of our team are not in this copy. Nor is what came later from another device or another person. \
             To ask for these, ring us on {phone}."
        ),
    }
}

fn in_text(held: &Held) -> String {
    let mut text = format!(
        "A copy for you\n\nReference: {}\nMade on: {}\n",
        held.reference, held.made_on
    );
    for section in &held.sections {
        text.push_str(&format!(
            "\n{}\n{}\n",
            section.title,
            "-".repeat(section.title.chars().count())
        ));
        for line in &section.lines {
            text.push_str(&format!("{}: {}\n", line.label, line.value.replace('\n', "; ")));
        }
    }
    text.push_str(&format!("\n{}\n", held.left_out));
    text
}
