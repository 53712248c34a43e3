//! The link of the own page, and what stands open behind it: closing ends it on the server, staff replace a link that
//! leaked, and paper never shows it.

use std::time::Duration;

use iapt_pad::config::Mail;
use iapt_pad::notify::{CapturedMail, captured};
use iapt_pad::referrals::EventKind;

use super::{BORN, Owner, house};
use crate::journeys::doors::House;
use crate::journeys::patient::Visit;
use crate::support::databases::on_both;
use crate::support::referrals::submission;
use crate::support::tools;

/// The mails of this subject, once there are so many.
async fn mails(house: &House, subject: &str, least: usize) -> Vec<CapturedMail> {
    let Mail::Captured(folder) = &house.visit.app.config.mail else {
        panic!("captured mail")
    };
    for _ in 0..600 {
        let mut mails = captured(folder).expect("mails");
        mails.retain(|mail| mail.subject.starts_with(subject));
        if mails.len() >= least {
            return mails;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the mail does not come");
}

/// The cookies that an answer sets, as another browser would send them.
fn cookies(headers: &str) -> String {
    let all = headers.match_indices("own=").map(|(at, _)| {
        let rest = &headers[at..];
        rest.split(';').next().unwrap_or_default().to_owned()
    });
    all.collect::<Vec<_>>().join("; ")
}

/// Where another browser with these cookies is led to.
async fn with_cookies(owner: &Owner, visit: &Visit, rest: &str, cookies: &str) -> (u16, String) {
    let address = format!("{}{}", visit.app.config.base_url, owner.at(rest));
    let cookies = cookies.to_owned();
    tokio::task::spawn_blocking(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .build()
            .into();
        let mut answer = agent
            .get(&address)
            .header("cookie", cookies)
            .call()
            .expect("an answer");
        let body = answer.body_mut().read_to_string().unwrap_or_default();
        (answer.status().as_u16(), body)
    })
    .await
    .expect("asked")
}

#[test]
fn closing_the_page_ends_it_on_the_server_and_a_copied_cookie_opens_nothing() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let owner = Owner::of(&visit, submission()).await;
        let (status, headers) = owner
            .browser
            .ask("POST", &owner.at("/open?then=page"), BORN)
            .await;
        assert_eq!(status, 303);
        let copied = cookies(&headers);
        let (status, page) = with_cookies(&owner, &visit, "/details", &copied).await;
        assert!(
            status == 200 && page.contains("07700 900123"),
            "the copy opens it while it stands open"
        );
        owner.sends("/close", "").await.leads_to(&owner.at(""));
        let (status, page) = with_cookies(&owner, &visit, "/details", &copied).await;
        assert!(status == 303 && !page.contains("07700 900123"), "{page}");
        // However often it is clicked, it is closed at the end of a day's work.
        owner.opens().await;
        for _ in 0..(12 * 60 / 10) {
            owner.sees("/details").await.is(200);
            visit.app.clock.advance_minutes(10);
        }
        visit.app.clock.advance_minutes(1);
        owner
            .sees("/details")
            .await
            .leads_to(&owner.at("/open?then=details"));
        visit.ends().await;
    });
}

#[test]
fn a_link_that_leaked_is_replaced_by_staff_and_the_new_one_goes_to_the_address_on_record() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let owner = Owner::of(&house.visit, submission()).await;
        owner.opens().await;
        let record = format!("/inbox/{}", owner.reference.replace('-', ""));
        let at = format!("{record}/own-link");
        house.team.get(&record).await.says(&at);
        house
            .team
            .get(&at)
            .await
            .is(200)
            .says("stops working at once")
            .says("robin@example.org");
        owner.sees("").await.is(200);
        house
            .team
            .post(&at, "")
            .await
            .leads_to(&format!("{record}?done=link-sent"));
        for page in ["", "/details", "/copy"] {
            owner.sees(page).await.is(404).says("This link does not work");
        }
        let mails = mails(&house, "The link to your page", 1).await;
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, "robin@example.org"));
        let link = mails[0].body.lines().find_map(|line| line.split_once("/r/"));
        let new = Owner {
            id: owner.id,
            reference: owner.reference.clone(),
            token: link.expect("a link").1.to_owned(),
            browser: owner.browser.clone(),
        };
        assert_ne!(new.token, owner.token);
        new.sees("").await.is(200).says(&owner.reference);
        // What stood open by the old link does not stand open by the new one.
        new.sees("/details").await.leads_to(&new.at("/open?then=details"));
        new.opens().await;
        let shown = house.team.get(&format!("{record}?done=link-sent")).await;
        shown
            .says("The link was replaced")
            .says("page replaced")
            .never_says(&new.token);
        let view = owner.stored(&house.visit).await;
        let last = view.timeline.last().map(|event| event.kind);
        assert!(last == Some(EventKind::LinkReplaced) && view.chain_is_whole);
        house.physio.get(&at).await.is(403);
        house.visit.ends().await;
    });
}

#[test]
fn where_nobody_may_write_the_new_link_is_shown_to_nobody() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let mut sent = submission();
        sent.0.person.write_ok = false;
        let owner = Owner::of(&house.visit, sent).await;
        let at = format!("/inbox/{}/own-link", owner.reference.replace('-', ""));
        house.team.get(&at).await.says("Nobody gets the new link");
        house.team.post(&at, "").await.is(303);
        owner.sees("").await.is(404);
        let Mail::Captured(folder) = &house.visit.app.config.mail else {
            panic!("captured mail")
        };
        let told = captured(folder).expect("mails");
        assert!(told.iter().all(|mail| !mail.body.contains("/r/")));
        house.visit.ends().await;
    });
}

#[test]
fn the_own_page_never_prints_its_address() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let owner = Owner::of(&visit, submission()).await;
        owner
            .sees("/open?then=page")
            .await
            .says("<body class=\"pad-secret-address\">");
        owner.opens().await;
        for page in ["", "/details", "/copy", "/stop"] {
            let page = owner.sees(page).await;
            page.is(200).says("<body class=\"pad-secret-address\">");
        }
        if tools::there_are(&["chromium", "pdftotext"]) {
            let folder = tempfile::tempdir().expect("a folder");
            let printed = folder.path().join("page.pdf").display().to_string();
            let address = format!("{}{}", visit.app.config.base_url, owner.at(""));
            let text = tokio::task::spawn_blocking(move || {
                let to = format!("--print-to-pdf={printed}");
                let profile = format!("--user-data-dir={}", folder.path().display());
                let how = [
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--no-first-run",
                    &profile,
                    &to,
                ];
                tools::run("chromium", &[&how[..], &[&address]].concat());
                tools::run("pdftotext", &[&printed, "-"])
            });
            let text = text.await.expect("printed");
            assert!(text.contains(&owner.reference), "{text}");
            assert!(!text.contains(&owner.token) && !text.contains("/r/"), "{text}");
        }
        visit.ends().await;
    });
}
