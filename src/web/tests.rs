//! The frame, the macros and the middleware together.

use super::form::{Choice, Form, Posted};
use super::*;
use actix_web::{App, middleware::from_fn, test, web};

/// One of everything that the macros draw.
#[derive(Template)]
#[template(path = "web/views/specimen.html")]
struct Specimen {
    frame: Frame,
    form: Form,
    choices: Vec<Choice>,
}

fn specimen(body: &[u8]) -> Specimen {
    let posted = Posted::read(body);
    let mut errors = posted.errors();
    if posted.one("name").is_empty() {
        errors.add("name", "Enter your name");
        errors.add_part("birth", "month", "Date of birth must include a month");
        errors.add("ltc", "Select your conditions, or None of these");
        errors.add("problem", "Select the main problem");
    }
    let form = Form::new(posted, errors);
    let bar = StaffBar {
        name: "Sam Example".to_owned(),
        role: "Triage".to_owned(),
        nav: vec![NavItem {
            text: "Inbox".to_owned(),
            url: paths::INBOX.to_owned(),
            current: true,
        }],
        now: NowBand {
            count: 3,
            listed: 1,
            rows: vec![NowRow {
                reference: "TT-7K3M".to_owned(),
                note: "",
                waiting_since: "9:05am".to_owned(),
                url: "/inbox/TT-7K3M".to_owned(),
                told: "told Duty clinician, today, 9:06am".to_owned(),
                ring: None,
            }],
            ..NowBand::default()
        },
    };
    let choices = vec![
        Choice::new("back_pain", "Back pain").hint("Also in the neck"),
        Choice::new("sciatica", "Sciatica"),
        Choice::new("unsure", "I do not know").after_or(),
    ];
    let mut frame = Frame::staff("Specimen", bar, true).back("/").about(&form);
    frame.patient = true;
    Specimen { frame, form, choices }
}

#[std::prelude::v1::test]
fn what_was_typed_stands_in_the_form_again() {
    let page = specimen(b"birth-day=31&birth-year=1980&ltc=sciatica&story=%3Cb%3E")
        .render()
        .expect("a page");
    for part in [
        "<title>Error: Specimen</title>",
        "There is a problem",
        "href=\"#birth-month\"",
        "value=\"1980\"",
        "value=\"sciatica\" checked",
        "&#60;b&#62;",
        "data-behaviour=\"exclusive\"",
        "TT-7K3M",
        "3 people need somebody today",
        "<a href=\"/inbox/now\">2 more</a>",
        "acknowledge several at once",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
}

/// A class that the stylesheet does not know is a typing mistake, or a component cut off in build.rs.
#[std::prelude::v1::test]
fn every_class_of_the_design_system_that_we_use_is_in_the_stylesheet() {
    let sheet = assets::stylesheet();
    let page = specimen(b"").render().expect("a page");
    let classes = page
        .split("class=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let unknown: Vec<&str> = classes
        .flat_map(str::split_whitespace)
        .filter(|class| !class.starts_with("nhsuk-js-") && !UNSTYLED.contains(class))
        .filter(|class| !sheet.contains(&format!(".{class}")))
        .collect();
    assert!(unknown.is_empty(), "not in the stylesheet: {unknown:?}");
}

/// Classes that the design system's own markup has and its stylesheet leaves alone.
const UNSTYLED: [&str; 1] = ["nhsuk-header__account-form"];

#[actix_web::test]
async fn an_unknown_address_is_a_page_with_headers_and_a_way_on() {
    let site = Site::at("https://pad.example.org", false, Vec::new());
    let app = App::new()
        .app_data(web::Data::new(site))
        .wrap(from_fn(same_origin))
        .wrap(from_fn(observe))
        .wrap(from_fn(headers))
        .configure(assets::routes)
        .default_service(web::to(not_found));
    let app = test::init_service(app).await;
    let answer = test::call_service(&app, test::TestRequest::get().uri("/nowhere").to_request()).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    for name in [
        "content-security-policy",
        "strict-transport-security",
        "x-request-id",
        "cache-control",
    ] {
        assert!(answer.headers().contains_key(name), "{name} is missing");
    }
    let body = test::read_body(answer).await;
    assert!(String::from_utf8_lossy(&body).contains("Page not found"));

    let sheet = test::TestRequest::get().uri(assets::APP_CSS).to_request();
    let answer = test::call_service(&app, sheet).await;
    assert!(
        answer
            .headers()
            .get("cache-control")
            .is_some_and(|value| value.as_bytes().ends_with(b"immutable"))
    );

    let forged = test::TestRequest::post()
        .uri("/x")
        .insert_header(("sec-fetch-site", "cross-site"));
    let answer = test::call_service(&app, forged.to_request()).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

/// A first visit on a weak signal: stylesheet, script and one of our longest pages together.
#[std::prelude::v1::test]
fn a_first_visit_weighs_at_most_60_kilobytes() {
    // What any page may weigh over the wire, compressed; the browser journeys weigh each.
    const LONG_PAGE: usize = 12_000;
    let weight = assets::weight_of_a_first_visit() + LONG_PAGE;
    assert!(weight <= 60_000, "{weight} bytes");
}
