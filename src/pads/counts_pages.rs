//! The physio's page of numbers: of the own clinic, by quarter, never of anybody.

use actix_web::web::{Data, ServiceConfig, get};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::counts::{Number, QuarterCount, count_quarters};
use crate::app::App;
use crate::staff::{Actor, Deed};
use crate::web::{self, Frame, html, paths};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::PAD_COUNTS, get().to(counts));
}

#[derive(Template)]
#[template(path = "pads/views/counts.html")]
struct CountsPage {
    frame: Frame,
    clinic: String,
    lines: Vec<Line>,
}

struct Line {
    quarter: String,
    made: String,
    used: String,
}

impl Line {
    fn of(count: &QuarterCount) -> Self {
        let words = |number: Number, hidden: &str| match number {
            Number::Is(number) => number.to_string(),
            Number::Hidden => hidden.to_owned(),
        };
        Line {
            quarter: count.quarter.words(),
            made: words(count.made, "under 5"),
            used: words(count.used, "not shown"),
        }
    }
}

async fn counts(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeOwnSlips)?;
    let (clinic, name) = actor.clinic.clone().ok_or(web::Error::Forbidden)?;
    let counted = count_quarters(&app, clinic).await?;
    Ok(html(&CountsPage {
        frame: actor
            .frame(&request, "How many slips were used")
            .back(paths::PADS),
        clinic: name,
        lines: counted.iter().map(Line::of).collect(),
    }))
}
