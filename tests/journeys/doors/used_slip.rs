//! Who holds a used slip and knows name and date of birth learns nothing of the referral that was made with it, by any
//! entry point; who made it learns nothing of what is sent later; the team gets everything.

use std::time::Duration;

use iapt_pad::config::Mail;
use iapt_pad::notify::{CapturedMail, captured};
use iapt_pad::referrals::{EventKind, ReferralView};
use iapt_pad::triage::Priority;
use iapt_pad::values::SlipCode;

use super::{Caller, House, ROBIN, Ready, Way};
use crate::journeys::own::BORN;
use crate::support::browser::Browser;
use crate::support::databases::on_both;
use crate::support::slips::a_slip;

/// What the second sender says. Nobody else names this problem.
const LATER: Caller = Caller {
    problem: "panic",
    danger: true,
    ..ROBIN
};

/// Who sent first, with what the confirmation gave them.
struct First {
    browser: Browser,
    reference: String,
    token: String,
}

impl First {
    async fn sends(house: &House, slip: &SlipCode) -> First {
        let Ready::Browser(browser, page, form) = house.goes_in(Way::Scan, &slip.to_string(), ROBIN).await
        else {
            panic!("a browser")
        };
        let sent = browser.post(&format!("/refer/{page}"), &form).await;
        sent.leads_to("/refer/10");
        let told = browser.get("/refer/10").await.body;
        let between = |before: &str, after: char| {
            let rest = told.split(before).nth(1).expect("told");
            rest.split(after).next().unwrap_or_default().to_owned()
        };
        First {
            reference: between("<strong class=\"pad-reference\">", '<'),
            token: between("href=\"/r/", '"'),
            browser,
        }
    }

    /// What they can take home, without the line that says they did.
    async fn copy(&self) -> String {
        let at = |rest: &str| format!("/r/{}/{rest}", self.token);
        self.browser.post(&at("open?then=copy"), BORN).await.is(303);
        let text = self.browser.post(&at("copy"), "as=text").await.body;
        text.lines()
            .filter(|line| !line.contains("You took a copy"))
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[track_caller]
    fn is_told_nowhere(&self, text: &str, way: impl std::fmt::Debug) {
        let compact = self.reference.replace('-', "");
        for secret in [&self.token, &self.reference, &compact, "/r/"] {
            assert!(!text.contains(secret), "{way:?} tells {secret}: {text}");
        }
    }

    async fn stored(&self, house: &House) -> ReferralView {
        let all = house.visit.referrals().await;
        let mine = all
            .into_iter()
            .find(|view| view.reference.to_string() == self.reference);
        mine.expect("the first")
    }
}

/// Everything the second sender is shown.
async fn shown(house: &House, way: Way, slip: &SlipCode) -> (String, Option<Browser>) {
    match house.goes_in(way, &slip.to_string(), LATER).await {
        Ready::Browser(browser, page, form) => {
            browser
                .post(&format!("/refer/{page}"), &form)
                .await
                .leads_to("/refer/10");
            let told = browser.get("/refer/10").await;
            told.is(200).says("We have added this to what we have");
            let at = format!("/s/{}", slip.compact());
            browser.get(&at).await.leads_to("/refer/10");
            (told.body, Some(browser))
        }
        ready => {
            let sent = ready.sends().await;
            sent.is_taken_in();
            (sent.text(), None)
        }
    }
}

async fn links_mailed(house: &House, least: usize) -> Vec<CapturedMail> {
    let Mail::Captured(folder) = &house.visit.app.config.mail else {
        panic!("captured mail")
    };
    for _ in 0..600 {
        let mut mails = captured(folder).expect("mails");
        mails.retain(|mail| mail.subject.starts_with("The link to your page"));
        if mails.len() >= least {
            return mails;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the mail does not come");
}

#[test]
fn at_every_entry_point_a_used_slip_opens_nothing_of_the_first_referral() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        for (number, way) in (1..).zip(Way::ALL) {
            let slip = a_slip(&house.visit.app, number, "unused").await;
            // Whoever is told of several within some minutes is told together: each way has minutes of its own.
            house.visit.app.clock.advance_minutes(6);
            let first = First::sends(&house, &slip).await;
            let before = first.copy().await;
            let urgent = house.visit.urgent_messages().await;
            let (told, browser) = shown(&house, way, &slip).await;
            match way {
                // Who types for a caller is of the team, and may open the referral.
                Way::Phone => assert!(!told.contains(&first.token) && !told.contains("/r/")),
                Way::Scan | Way::Typed | Way::Physio | Way::Api => first.is_told_nowhere(&told, way),
            }
            if let Some(browser) = browser {
                let place = browser.get(&format!("/r/{}/place", first.token)).await;
                assert!(
                    place.location.contains("/open?then=place"),
                    "no place by having sent"
                );
            }
            let view = first.stored(&house).await;
            assert_eq!(view.priority, Priority::P1, "{way:?}: worry raises");
            assert!(
                house.visit.urgent_messages().await > urgent,
                "{way:?}: the team is told"
            );
            let added = view.timeline.iter().rev();
            let mut added = added.filter(|event| event.kind == EventKind::AnswersAdded);
            let added = added.next().expect("kept");
            let sheet = added.payload.case_sheet.as_ref().expect("the answers");
            assert_eq!(sheet.facts.problem.key(), LATER.problem, "{way:?}");
            assert_eq!(first.copy().await, before, "{way:?}: not shown to who sent first");
            house.visit.app.clock.advance_minutes(1);
        }
        assert_eq!(house.visit.referrals().await.len(), Way::ALL.len());
        house.visit.ends().await;
    });
}

#[test]
fn a_tablet_that_sends_with_a_slip_used_meanwhile_shows_nothing_of_the_first() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let slip = a_slip(&house.visit.app, 1, "unused").await;
        let code = format!("code={slip}");
        let at = format!("/s/{}", slip.compact());
        house
            .physio
            .post("/refer-now/hand-over", &code)
            .await
            .leads_to(&at);
        house.physio.post(&at, "").await.leads_to("/refer/1");
        let first = First::sends(&house, &slip).await;
        for (page, form) in super::ANSWERS {
            let sent = house.physio.post(&format!("/refer/{page}"), form).await;
            if page == super::CHECK {
                sent.is(200).says("We have added this to what we have");
                first.is_told_nowhere(&sent.body, "the tablet");
            }
        }
        assert_eq!(first.stored(&house).await.timeline.len(), 2);
        house.visit.ends().await;
    });
}

#[test]
fn the_link_goes_again_only_to_the_address_on_record_and_once_a_day() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let slip = a_slip(&house.visit.app, 1, "unused").await;
        let first = First::sends(&house, &slip).await;
        let code = slip.to_string();
        let other = |form: &str| form.replace("robin@example.org", "somebody.else@example.org");
        for tries in 1..=2 {
            let browser = Browser::at(&house.visit.app.config.base_url);
            let at = format!("/s/{}", code.replace('-', ""));
            browser.post(&at, "then=without").await.leads_to("/refer/1");
            for (page, form) in super::ANSWERS {
                let sent = browser.post(&format!("/refer/{page}"), &other(form)).await;
                assert_eq!(sent.status, 303, "try {tries}, page {page}");
            }
        }
        let mails = links_mailed(&house, 1).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, "robin@example.org");
        assert!(mails[0].body.contains(&format!("/r/{}", first.token)));
        house.visit.app.clock.advance_minutes(25 * 60);
        house.sends(Way::Scan, &code, ROBIN).await.is_taken_in();
        assert_eq!(links_mailed(&house, 2).await.len(), 2);
        house.visit.ends().await;
    });
}

#[test]
fn a_worrying_answer_after_answers_were_added_reaches_the_same_referral() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let slip = a_slip(&house.visit.app, 1, "unused").await;
        let first = First::sends(&house, &slip).await;
        let Ready::Browser(browser, page, form) = house.goes_in(Way::Scan, &slip.to_string(), ROBIN).await
        else {
            panic!("a browser")
        };
        browser
            .post(&format!("/refer/{page}"), &form)
            .await
            .leads_to("/refer/10");
        let help = browser.post("/refer/1", "crisis_now=yes").await;
        help.is(200).says("You deserve help now");
        first.is_told_nowhere(&help.body, "help");
        browser
            .post("/refer/4", "problem=worry")
            .await
            .leads_to("/refer/10");
        let view = first.stored(&house).await;
        assert_eq!((view.priority, view.timeline.len()), (Priority::P1, 3));
        assert!(view.person.name == ROBIN.name && view.chain_is_whole);
        assert_eq!(house.visit.referrals().await.len(), 1);
        house.visit.ends().await;
    });
}

#[test]
fn the_same_form_sent_twice_from_one_browser_keeps_its_reference_and_its_link() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        for (number, way) in [(1, Way::Scan), (2, Way::Physio), (3, Way::Phone)] {
            let slip = a_slip(&house.visit.app, number, "unused").await;
            let ready = house.goes_in(way, &slip.to_string(), ROBIN).await;
            let (browser, at, form) = match ready {
                Ready::Browser(browser, page, form) => (browser, format!("/refer/{page}"), form),
                Ready::Physio(browser, form) => (browser, "/refer-now".to_owned(), form),
                Ready::Phone(browser, form) => (browser, "/inbox/call".to_owned(), form),
                Ready::Api(..) => panic!("a browser"),
            };
            let (one, two) = tokio::join!(browser.post(&at, &form), browser.post(&at, &form));
            let all = house.visit.referrals().await;
            let reference = all.last().expect("a referral").reference.to_string();
            for sent in [one, two] {
                let page = match sent.status {
                    303 => browser.get("/refer/10").await,
                    _ => sent,
                };
                page.is(200).says(&reference);
                assert_eq!(page.body.contains("href=\"/r/"), way == Way::Scan);
            }
            assert_eq!(
                (all.len(), all[number as usize - 1].timeline.len()),
                (number as usize, 1)
            );
            house.visit.app.clock.advance_minutes(1);
        }
        house.visit.ends().await;
    });
}
