//! A slip that cannot be used, or a code that is no slip's: why, in words without blame, and the ways on.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::draft::Draft;
use super::start::goes_on;
use crate::app::App;
use crate::config::Locality;
use crate::values::{SlipCode, Unfit};
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, paths};

/// Why a slip cannot be used.
pub(super) struct Why {
    heading: &'static str,
    words: &'static str,
    types_again: bool,
}

pub(super) const USED: Why = Why {
    heading: "This slip has been used",
    words: "Each slip works once. If you sent the form, we have it, and there is nothing more to do. If you did not, you can still start without a slip.",
    types_again: false,
};
pub(super) const VOID: Why = Why {
    heading: "This slip no longer works",
    words: "The clinic took this slip back, perhaps because a pad was lost. You have done nothing wrong. You can start without a slip.",
    types_again: false,
};
pub(super) const EXPIRED: Why = Why {
    heading: "This slip is out of date",
    words: "Slips work for a limited time. You can still get the same help. Start without a slip.",
    types_again: false,
};
const UNKNOWN: Why = Why {
    heading: "We do not know this code",
    words: "Please check it against your slip and type it again. You can also start without a slip.",
    types_again: true,
};
const MISTYPED: Why = Why {
    heading: "Please check the code",
    words: "The code in this address is not quite right. Please compare it with your slip and type it again.",
    types_again: true,
};

#[derive(Template)]
#[template(path = "patient/views/slip_unusable.html")]
struct UnusableSlip<'a> {
    frame: Frame,
    form: Form,
    here: &'a Locality,
    heading: &'static str,
    words: &'static str,
    types_again: bool,
    /// Where "Start without a slip" leads: the slip's own address, so that the team is told of it.
    action: String,
    goes_on: Option<String>,
}

/// A slip of ours that cannot be used.
pub(super) fn draw(app: &App, why: Why, code: SlipCode, draft: Option<&Draft>) -> HttpResponse {
    let page = page(app, why, Form::blank(), paths::slip(code.compact()));
    web::html(&UnusableSlip {
        goes_on: draft.and_then(goes_on),
        ..page
    })
}

/// A code that is no slip's.
pub(super) fn unknown(app: &App) -> HttpResponse {
    let page = page(app, UNKNOWN, Form::blank(), paths::HOME.to_owned());
    web::html_status(StatusCode::NOT_FOUND, &page)
}

/// A code that cannot be one, as it was typed into the address.
pub(super) fn mistyped(app: &App, typed: &str, unfit: Unfit) -> HttpResponse {
    let typed: String = typed.chars().take(40).collect();
    let posted = Posted::default().with("code", typed);
    let mut errors = posted.errors();
    errors.add("code", unfit.0);
    let page = page(app, MISTYPED, Form::new(posted, errors), paths::HOME.to_owned());
    web::html_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn page(app: &App, why: Why, form: Form, action: String) -> UnusableSlip<'_> {
    UnusableSlip {
        frame: Frame::patient("Your slip", app.config.demo).about(&form),
        form,
        here: &app.config.locality,
        heading: why.heading,
        words: why.words,
        types_again: why.types_again,
        action,
        goes_on: None,
    }
}
