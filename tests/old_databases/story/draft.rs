//! A draft in a cookie: written by the program of that day, opened by the program of today.

use std::collections::BTreeMap;
use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::server::{House, Running};
use iapt_pad::triage::{DEFAULT_RULES, DEFAULT_RULES_NAME, start};
use iapt_pad::values::Ts;

use crate::support::app::at;
use crate::support::server::templates;

/// The program on a free port.
pub(super) async fn served(app: &Arc<App>) -> Running {
    let pathways = &app.config.locality.long_term_conditions;
    let (rules, _) = start(
        &app.db,
        DEFAULT_RULES_NAME,
        DEFAULT_RULES,
        pathways,
        app.clock.now(),
    )
    .await
    .expect("rules");
    let house = House {
        app: app.clone(),
        rules: Arc::new(rules),
        templates: templates(&app.config.locality),
        further: |_| {},
    };
    house.open(2).await.expect("listening")
}

/// A person who has filled in two pages: the cookies of their browser.
pub(super) fn a_draft(base: &str) -> String {
    let mut cookies: BTreeMap<String, String> = BTreeMap::new();
    let you = "name=Robin+Draft&birth-day=29&birth-month=2&birth-year=1980&gp_in_area=yes&gp_surgery=Example";
    for (path, form) in [
        ("/", "then=without"),
        ("/refer/1", "crisis_now=no"),
        ("/refer/2", you),
    ] {
        let request = ureq::http::Request::builder()
            .method("POST")
            .uri(format!("{base}{path}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", joined(&cookies))
            .body(form)
            .expect("a request");
        let answer = agent().run(request).expect("an answer");
        assert_eq!(answer.status().as_u16(), 303, "{path}");
        for set in answer.headers().get_all("set-cookie") {
            let set = set.to_str().expect("text").split(';').next().expect("a cookie");
            let (name, value) = set.split_once('=').expect("a name");
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
    cookies.retain(|_, value| !value.is_empty());
    joined(&cookies)
}

fn joined(cookies: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("; ")
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .build()
        .into()
}

/// The browser with this draft goes on: what was typed still stands there. Drafts rest for an hour before their date of
/// birth is asked for, so the clock is set back to when it was written.
pub async fn draft_opens(app: &Arc<App>, draft: &str) {
    let (now, draft) = (app.clock.now(), draft.to_owned());
    app.clock.set(written());
    let running = served(app).await;
    let address = format!("http://{}/refer/2", running.address);
    let read = tokio::task::spawn_blocking(move || {
        let mut answer = agent()
            .get(&address)
            .header("cookie", &draft)
            .call()
            .expect("an answer");
        answer.body_mut().read_to_string().expect("a page")
    });
    let page = read.await.expect("read");
    running.stop().await.expect("stopped");
    app.clock.set(now);
    assert!(page.contains("Robin Draft"), "the draft is gone: {page}");
}

/// When the draft was written.
fn written() -> Ts {
    at("2026-11-23T10:00:00Z")
}
