//! The date of birth opens the rest of the own page, for fifteen minutes without a click, in this browser. That it stands
//! open is known to the server, which ends it when it is closed; a copied cookie opens nothing after that. Wrong dates
//! are counted for the page and for the address they come from: they get slow, and the link goes on working.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::visit::Visit;
use super::{Mine, asked, details, store, typed};
use crate::app::App;
use crate::db::Conn;
use crate::patient::carry;
use crate::patient::draft::Carried;
use crate::referrals::reach;
use crate::staff::throttle::{
    self, Limit, OWN_PAGE, OWN_PAGE_ADDRESS, Subject, Verdict, take_back, take_each,
};
use crate::values::{BirthDate, Id};
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, cookies, paths};

/// The cookie's name says nothing.
const NAME: &str = "own";
/// After this long without a click it is closed; inside the seal.
const IDLE_MINUTES: i64 = 15;

/// After this long it is closed however often it is clicked.
const MOST_MINUTES: i64 = 12 * 60;

/// What the cookie carries: which referral's page stands open, by which link, and the row that says so.
#[derive(Serialize, Deserialize)]
struct Opened {
    of: Id,
    by: Id,
    link: i32,
}

/// What this browser has shown of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Proof {
    /// It has the link.
    Link,
    /// It sent this form within the hour.
    JustSent,
    /// It knew the date of birth.
    Open,
}

impl Proof {
    /// What the browser brought, and the row of an open page.
    pub async fn of(app: &App, request: &HttpRequest, mine: &Mine) -> Result<(Self, Option<Id>), web::Error> {
        if let Some(by) = opening(app, request, mine) {
            let (of, gone) = (mine.view.id, app.clock.now().plus_minutes(-MOST_MINUTES));
            let stands = app.db.read(move |conn| store::is_open(conn, by, of, gone));
            if stands.await? {
                return Ok((Proof::Open, Some(by)));
            }
        }
        let proof = match carry::carried(app, request) {
            Some(Carried::Sent(sent)) if sent.token == mine.token => Proof::JustSent,
            Some(Carried::Sent(_) | Carried::Added(_) | Carried::Draft(_)) | None => Proof::Link,
        };
        Ok((proof, None))
    }

    /// A page behind the date of birth was used: it stays open for another while.
    pub fn stays(self, app: &App, mine: &Mine, answer: HttpResponse) -> Result<HttpResponse, web::Error> {
        match (self, mine.opening) {
            (Proof::Open, Some(by)) => keep_open(app, mine, by, answer),
            (Proof::Open | Proof::JustSent | Proof::Link, _) => Ok(answer),
        }
    }
}

/// The row that the browser's cookie names, if it is of this page and link and not too old.
fn opening(app: &App, request: &HttpRequest, mine: &Mine) -> Option<Id> {
    let opened: Opened = cookies::open(app, request, NAME, IDLE_MINUTES)?;
    let is_of_this = opened.of == mine.view.id && opened.link == mine.view.generation;
    is_of_this.then_some(opened.by)
}

fn keep_open(app: &App, mine: &Mine, by: Id, answer: HttpResponse) -> Result<HttpResponse, web::Error> {
    let opened = Opened {
        of: mine.view.id,
        by,
        link: mine.view.generation,
    };
    let baked = cookies::seal(app, NAME, &opened)?;
    Ok(cookies::with_cookies(answer, baked))
}

/// What follows once it is open, in the words of the address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Then {
    #[default]
    Page,
    Details,
    Stop,
    Copy,
    Place,
    Change,
    Answer,
}

impl Then {
    const ALL: [Then; 7] = [
        Then::Page,
        Then::Details,
        Then::Stop,
        Then::Copy,
        Then::Place,
        Then::Change,
        Then::Answer,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Then::Page => "page",
            Then::Details => "details",
            Then::Stop => "stop",
            Then::Copy => "copy",
            Then::Place => "place",
            Then::Change => "change",
            Then::Answer => "answer",
        }
    }

    fn parse(word: &str) -> Self {
        let found = Self::ALL.into_iter().find(|then| then.as_str() == word);
        found.unwrap_or_default()
    }

    fn address(self, token: &str) -> String {
        match self {
            Then::Page => paths::own_page(token),
            Then::Details => paths::own_details(token),
            Then::Stop => paths::own_stop(token),
            Then::Copy => paths::own_copy(token),
            Then::Place => paths::own_place(token),
            Then::Change => paths::own_change(token),
            Then::Answer => paths::own_answer(token),
        }
    }

    /// To the question for the date of birth, and then here.
    pub fn first_the_date(self, mine: &Mine) -> HttpResponse {
        web::see_other(paths::own_open(&mine.token, self.as_str()))
    }

    /// The question for the date of birth in answer to a form that was typed into: what was typed is there behind it.
    pub fn first_the_date_keeping(
        self,
        app: &App,
        mine: &Mine,
        posted: &Posted,
    ) -> Result<HttpResponse, web::Error> {
        let hidden = typed::sealed(app, mine, self, posted)?;
        Ok(draw(app, mine, self, Form::new(hidden, Errors::default())))
    }

    /// The page with what was typed before it closed; nothing was done with that yet.
    async fn show_again(
        self,
        app: &Arc<App>,
        mine: &Mine,
        typed: Posted,
    ) -> Result<HttpResponse, web::Error> {
        match self {
            Then::Answer => asked::again(app, mine, typed).await,
            Then::Details => Ok(details::again(app, mine, typed)),
            Then::Page | Then::Stop | Then::Copy | Then::Place | Then::Change => {
                Ok(web::see_other(self.address(&mine.token)))
            }
        }
    }
}

/// The part of the address behind the question mark.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    then: String,
}

#[derive(Template)]
#[template(path = "patient/views/own_open.html")]
struct OpenPage<'a> {
    frame: Frame,
    form: Form,
    action: String,
    minutes: i64,
    /// Without a date of birth on record only a person can help.
    has_birth_date: bool,
    phone: &'a str,
}

impl OpenPage<'_> {
    /// What was typed on the page that closed, sealed.
    fn typed(&self) -> Vec<&str> {
        typed::parts(&self.form.posted)
    }
}

fn draw(app: &App, mine: &Mine, then: Then, form: Form) -> HttpResponse {
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let frame = Frame::patient("Your date of birth", app.config.demo).secret_address();
    let page = OpenPage {
        frame: frame.back(paths::own_page(&mine.token)).about(&form),
        form,
        action: paths::own_open(&mine.token, then.as_str()),
        minutes: IDLE_MINUTES,
        has_birth_date: mine.view.has_birth_date,
        phone: &app.config.locality.organisation.phone,
    };
    web::html_status(status, &page)
}

pub(super) async fn ask(visit: Visit, asked: Query<Asked>) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    let then = Then::parse(&asked.then);
    match proof {
        Proof::Open => Ok(web::see_other(then.address(&mine.token))),
        Proof::JustSent | Proof::Link => Ok(draw(&app, &mine, then, Form::blank())),
    }
}

pub(super) async fn open(
    visit: Visit,
    request: HttpRequest,
    asked: Query<Asked>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, .. } = visit;
    let then = Then::parse(&asked.then);
    if !mine.view.has_birth_date {
        return Ok(draw(&app, &mine, then, Form::blank()));
    }
    let mut errors = posted.errors();
    let [day, month, year] = ["birth-day", "birth-month", "birth-year"].map(|part| posted.one(part));
    let today = app.clock.now().london_date();
    if let Some(born) = errors.keep_date("birth", BirthDate::from_boxes(day, month, year, today)) {
        match try_date(&app, &request, &mine, born.date()).await? {
            Tried::Right(by) => {
                let answer = match typed::opened(&app, &mine, then, &posted) {
                    Some(typed) => then.show_again(&app, &mine, typed).await?,
                    None => web::see_other(then.address(&mine.token)),
                };
                return keep_open(&app, &mine, by, answer);
            }
            Tried::Wrong => errors.add("birth", "This is not the date we have. Check it, or ring us"),
            Tried::Wait(seconds) => {
                let wait = throttle::in_words(seconds);
                errors.add("birth", format!("Please wait {wait}, then try again"));
            }
        }
    }
    Ok(draw(&app, &mine, then, Form::new(posted, errors)))
}

/// What became of a try.
#[derive(Clone, Copy)]
enum Tried {
    /// The page stands open, by this row.
    Right(Id),
    Wrong,
    Wait(i64),
}

/// Counted before it is looked at, in one transaction: many tries at once are no faster than one after another. While
/// somebody has to wait, a right date is not told from a wrong one.
async fn try_date(
    app: &Arc<App>,
    request: &HttpRequest,
    mine: &Mine,
    born: Date,
) -> Result<Tried, web::Error> {
    let subjects = subjects(app, request, mine.view.id).map_err(anyhow::Error::new)?;
    let (inside, now, id, by) = (app.clone(), app.clock.now(), mine.view.id, Id::new());
    let tried = app.db.write(move |conn: &mut Conn<'_>| {
        if let Verdict::Wait(seconds) = take_each(conn, &subjects, now)? {
            return Ok(Tried::Wait(seconds));
        }
        let who = reach(conn, &inside.keys, id)?;
        let right = who.is_some_and(|who| who.person.date_of_birth == Some(born));
        if !right {
            return Ok(Tried::Wrong);
        }
        for (subject, _) in &subjects {
            take_back(conn, subject)?;
        }
        store::insert_opening(conn, by, id, (now, now.plus_minutes(-MOST_MINUTES)))?;
        Ok(Tried::Right(by))
    });
    Ok(tried.await?)
}

/// The page first, then the address: always in this order.
fn subjects(
    app: &App,
    request: &HttpRequest,
    referral: Id,
) -> Result<Vec<(Subject, Limit)>, crate::values::KeyError> {
    let mut subjects = vec![(Subject::of(&app.keys, "own page", referral.as_bytes())?, OWN_PAGE)];
    if let Some(address) = web::Site::of(request).client_ip(request) {
        let from = Subject::address(&app.keys, "own pages", address)?;
        subjects.push((from, OWN_PAGE_ADDRESS));
    }
    Ok(subjects)
}

/// Closes it, for who shares the device: on the server first, so that no copy of the cookie opens it.
pub(super) async fn close(visit: Visit) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, .. } = visit;
    if let Some(by) = mine.opening {
        app.db.write(move |conn| store::delete_opening(conn, by)).await?;
    }
    let answer = web::see_other(paths::own_page(&mine.token));
    Ok(cookies::with_cookies(
        answer,
        cookies::forget_sealed(&app.config, NAME),
    ))
}
