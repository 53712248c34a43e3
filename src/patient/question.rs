//! The pages of the journey as they are drawn: which view, and under which title. The words stand in the views,
//! those of the choices in `choices.rs`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::config::{Locality, OpeningHours};
use crate::questionnaire::Page;
use crate::values::Ts;
use crate::web::form::Form;
use crate::web::{self, Frame};

/// What a view of the journey draws on besides the form.
pub(super) struct Asked<'a> {
    pub page: Page,
    pub action: String,
    pub here: &'a Locality,
    /// What the physio suggested help with, in words.
    pub suggested: Option<&'static str>,
    /// Somebody fills it in for a patient who is not there.
    pub for_another: bool,
    /// On a device that somebody of staff handed over.
    pub tablet: bool,
    /// An interpreter is needed, so a questionnaire in English may be better left for a talk.
    pub needs_interpreter: bool,
    /// When a person next reads what arrives: "today".
    pub read_when: String,
    /// What was typed and has to be corrected worries, or came from somebody at risk.
    pub worrying: bool,
    /// The team has it as it was typed.
    pub kept: bool,
    /// Sent a second time as it is, the form goes on with it.
    pub may_insist: bool,
}

/// Draws a page of the journey, with 422 where it has to be corrected.
pub(super) fn draw(frame: Frame, form: &Form, q: &Asked<'_>) -> Result<HttpResponse, web::Error> {
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    views::drawn(status, frame.about(form), form, q).ok_or(web::Error::NotFound)
}

/// What stands in the browser's history: nothing about health, nothing about the person.
pub(super) fn title(page: Page) -> &'static str {
    match page {
        Page::Safety => "First question",
        Page::You => "About you",
        Page::Reach => "How to reach you",
        Page::Problem => "What you would like help with",
        Page::Apply => "A few more questions",
        Page::Phq9 => "The last 2 weeks, first part",
        Page::Gad7 => "The last 2 weeks, second part",
        Page::Wsas => "Daily life",
        Page::Check => "Check your answers",
        Page::Confirmation => "We have it",
    }
}

/// As many minutes before closing it is no longer sure that somebody reads today what is sent now.
const NEARLY_CLOSED_MINUTES: i64 = 60;

/// When somebody of the team reads what is sent now: "today", "today, from 9am", "on Tuesday 29 December, from 9am", and in
/// the last hour of a working day both. Never a promise that somebody watches.
pub(super) fn read_when(hours: &OpeningHours, now: Ts) -> String {
    let next = hours.next_open(now);
    if next > now {
        return from(next, now);
    }
    match hours.closing(now.london_date()) {
        Some(closing) if closing.since(now).as_mins() < NEARLY_CLOSED_MINUTES => {
            format!("today, or {}", from(hours.next_open(closing), now))
        }
        Some(_) | None => "today".to_owned(),
    }
}

fn from(opening: Ts, now: Ts) -> String {
    let at = opening.london();
    let day = match opening.london_date() == now.london_date() {
        true => "today".to_owned(),
        false => at.strftime("on %A %-d %B").to_string(),
    };
    format!("{day}, from {}", spoken(at.time()))
}

/// "9am", "5:30pm".
pub(super) fn spoken(time: jiff::civil::Time) -> String {
    match time.minute() {
        0 => time.strftime("%-I%P").to_string(),
        _ => time.strftime("%-I:%M%P").to_string(),
    }
}

/// The views, in a module of their own: each is named like its page.
mod views {
    use actix_web::HttpResponse;
    use actix_web::http::StatusCode;
    use askama::Template;

    use super::Asked;
    use crate::questionnaire::Page;
    use crate::web::form::Form;
    use crate::web::{self, Frame};

    /// Declares the view of each page, one struct each because a view is compiled into one, and draws them.
    macro_rules! views {
        ($($page:ident = $view:tt,)+) => {
            $(
                #[derive(Template)]
                #[template(path = $view)]
                struct $page<'a> {
                    frame: Frame,
                    form: &'a Form,
                    q: &'a Asked<'a>,
                }
            )+

            /// Draws the page; `None` for the pages that ask nothing.
            pub(super) fn drawn(status: StatusCode, frame: Frame, form: &Form, q: &Asked<'_>) -> Option<HttpResponse> {
                match q.page {
                    $(Page::$page => Some(web::html_status(status, &$page { frame, form, q })),)+
                    Page::Wsas | Page::Check | Page::Confirmation => None,
                }
            }
        };
    }

    views! {
        Safety = "patient/views/safety.html",
        You = "patient/views/you.html",
        Reach = "patient/views/reach.html",
        Problem = "patient/views/problem.html",
        Apply = "patient/views/apply.html",
        Phq9 = "patient/views/scale.html",
        Gad7 = "patient/views/scale.html",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Locality;

    #[test]
    fn whoever_writes_out_of_hours_reads_the_next_working_morning() {
        let hours = Locality::example().expect("a sound example").hours;
        for (now, told) in [
            ("2026-11-23T09:30:00Z", "today"),
            ("2026-11-23T06:00:00Z", "today, from 9am"),
            ("2026-11-23T15:59:00Z", "today"),
            (
                "2026-11-23T16:01:00Z",
                "today, or on Tuesday 24 November, from 9am",
            ),
            (
                "2026-11-27T16:30:00Z",
                "today, or on Monday 30 November, from 9am",
            ),
            ("2026-11-27T17:00:00Z", "on Monday 30 November, from 9am"),
            ("2026-11-28T12:00:00Z", "on Monday 30 November, from 9am"),
            ("2026-12-24T18:00:00Z", "on Tuesday 29 December, from 9am"),
            ("2026-12-26T02:00:00Z", "on Tuesday 29 December, from 9am"),
            ("2027-03-25T18:00:00Z", "on Tuesday 30 March, from 9am"),
            ("2027-07-01T07:30:00Z", "today, from 9am"),
            ("2027-07-01T08:30:00Z", "today"),
        ] {
            let now = Ts(now.parse().expect("a moment"));
            assert_eq!(read_when(&hours, now), told, "{now:?}");
        }
    }
}
