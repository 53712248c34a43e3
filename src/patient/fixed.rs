//! The pages that need nothing but this process: help now, the accessibility statement, the privacy notice.
//!
//! They are drawn once at start from the locality file, so that they are there when the database is not
//! (hazard 4: crisis help late because the back end is down).

use actix_web::web::{Bytes, Data, ServiceConfig, get, head};
use actix_web::{HttpResponse, Route};
use anyhow::Context;
use askama::Template;

use crate::config::{Config, Contact, Locality, Urgency};
use crate::web::{Frame, paths};

/// The fixed pages, drawn. The server puts them into the application data.
pub struct FixedPages {
    help_now: Bytes,
    accessibility: Bytes,
    privacy: Bytes,
}

impl FixedPages {
    /// Draws the pages for this installation.
    pub fn draw(config: &Config) -> anyhow::Result<Self> {
        Self::draw_for(&config.locality, config.demo)
    }

    fn draw_for(here: &Locality, demo: bool) -> anyhow::Result<Self> {
        let frame = |title: &str| Frame::patient(title, demo);
        let contacts = |urgency| {
            here.crisis
                .iter()
                .filter(|c| c.urgency == urgency)
                .collect::<Vec<_>>()
        };
        let help_now = HelpNow {
            frame: frame("Get help now"),
            emergency: contacts(Urgency::Emergency),
            urgent: contacts(Urgency::Urgent),
            listening: contacts(Urgency::Listening),
            hours: opening_hours(here),
        };
        let accessibility = Accessibility {
            frame: frame("Accessibility statement"),
            here,
        };
        let privacy = Privacy {
            frame: frame("Your information and privacy"),
            here,
        };
        Ok(FixedPages {
            help_now: drawn(&help_now)?,
            accessibility: drawn(&accessibility)?,
            privacy: drawn(&privacy)?,
        })
    }
}

fn drawn(page: &impl Template) -> anyhow::Result<Bytes> {
    Ok(Bytes::from(
        page.render().context("a fixed page cannot be drawn")?,
    ))
}

/// "9am to 5pm": when the team reads what arrives.
fn opening_hours(here: &Locality) -> String {
    let spoken = |time: jiff::civil::Time| match time.minute() {
        0 => time.strftime("%-I%P").to_string(),
        _ => time.strftime("%-I:%M%P").to_string(),
    };
    format!("{} to {}", spoken(here.hours.opens), spoken(here.hours.closes))
}

#[derive(Template)]
#[template(path = "patient/views/help_now.html")]
struct HelpNow<'a> {
    frame: Frame,
    emergency: Vec<&'a Contact>,
    urgent: Vec<&'a Contact>,
    listening: Vec<&'a Contact>,
    hours: String,
}

#[derive(Template)]
#[template(path = "patient/views/accessibility_statement.html")]
struct Accessibility<'a> {
    frame: Frame,
    here: &'a Locality,
}

#[derive(Template)]
#[template(path = "patient/views/privacy.html")]
struct Privacy<'a> {
    frame: Frame,
    here: &'a Locality,
}

/// Adds the addresses of the fixed pages.
pub fn routes(cfg: &mut ServiceConfig) {
    let all: [fn() -> Route; 2] = [get, head];
    for method in all {
        cfg.route(paths::HELP_NOW, method().to(help_now))
            .route(paths::CRISIS, method().to(help_now))
            .route(paths::ACCESSIBILITY, method().to(accessibility))
            .route(paths::PRIVACY, method().to(privacy));
    }
}

async fn help_now(pages: Data<FixedPages>) -> HttpResponse {
    answer(&pages.help_now)
}

async fn accessibility(pages: Data<FixedPages>) -> HttpResponse {
    answer(&pages.accessibility)
}

async fn privacy(pages: Data<FixedPages>) -> HttpResponse {
    answer(&pages.privacy)
}

fn answer(page: &Bytes) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(page.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, test};

    fn pages() -> FixedPages {
        FixedPages::draw_for(&Locality::example().expect("a locality"), true).expect("pages")
    }

    fn text(page: &Bytes) -> String {
        String::from_utf8_lossy(page).into_owned()
    }

    #[std::prelude::v1::test]
    fn help_now_shows_999_first_and_every_contact_of_the_locality() {
        let page = text(&pages().help_now);
        let here = Locality::example().expect("a locality");
        for contact in &here.crisis {
            assert!(
                contact
                    .dial
                    .iter()
                    .all(|dial| page.contains(&format!("tel:{dial}"))),
                "{}",
                contact.name
            );
        }
        let (emergency, urgent) = (page.find("tel:999"), page.find("tel:111"));
        assert!(emergency.is_some() && emergency < urgent);
        assert!(page.contains("85258") && page.contains("British Sign Language"));
    }

    #[std::prelude::v1::test]
    fn the_privacy_notice_says_how_long_and_on_which_ground() {
        let page = text(&pages().privacy);
        assert!(page.contains("20 years") && page.contains("2 years") && page.contains("Article 6(1)(e)"));
        assert!(!page.contains("IAPT"), "patients read NHS Talking Therapies");
    }

    #[actix_web::test]
    async fn the_fixed_pages_need_nothing_but_this_process() {
        let app = App::new().app_data(Data::new(pages())).configure(routes);
        let app = test::init_service(app).await;
        for path in [
            paths::HELP_NOW,
            paths::CRISIS,
            paths::ACCESSIBILITY,
            paths::PRIVACY,
        ] {
            for request in [
                test::TestRequest::get(),
                test::TestRequest::default().method(actix_web::http::Method::HEAD),
            ] {
                let answer = test::call_service(&app, request.uri(path).to_request()).await;
                assert!(answer.status().is_success(), "{path}");
            }
        }
    }
}
