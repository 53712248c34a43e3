//! The front door: every kind of slip, typed and scanned, has its own page and a way on.

use super::{CHECK, Visit};
use crate::support::app::at;
use crate::support::databases::on_both;
use crate::support::slips::{CLINIC, a_slip, a_slip_until};

#[test]
fn an_unused_slip_greets_with_the_clinic_and_says_who_reads_the_answers() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        let greeting = visit.browser.get(&format!("/s/{}", slip.compact())).await;
        greeting
            .is(200)
            .says(CLINIC)
            .says("5 to 10 minutes")
            .says("A trained person");
        greeting
            .says("not an emergency service")
            .says("even if you stop")
            .says("Start now");
        greeting.says("9am to 5pm").says("0114 496 0100");
        visit.ends().await;
    });
}

#[test]
fn each_slip_that_cannot_be_used_has_its_own_page_with_a_way_on() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let used = a_slip(&visit.app, 1, "used").await;
        let void = a_slip(&visit.app, 2, "void").await;
        let expired = a_slip_until(&visit.app, 3, "unused", at("2026-11-01T00:00:00Z")).await;
        for (code, status, words) in [
            (used.compact(), 200, "has been used"),
            (void.compact(), 200, "no longer works"),
            (expired.compact(), 200, "out of date"),
            ("7K3M9QXT2VBR".to_owned(), 404, "do not know this code"),
            ("7K3M9QXT2VBS".to_owned(), 422, "do not fit in 7K3M-9QXT-2VBS"),
            ("7K3M9QXU2VBR".to_owned(), 422, "Character 8"),
        ] {
            let page = visit.browser.get(&format!("/s/{code}")).await;
            page.is(status)
                .says(words)
                .says("Start without a slip")
                .says("0114 496 0100")
                .says("/help-now");
            let started = visit.browser.post(&format!("/s/{code}"), "").await;
            assert_eq!(started.status, 303);
            assert_ne!(started.location, "/refer/1", "{words}");
        }
        visit.ends().await;
    });
}

#[test]
fn a_typed_code_is_read_as_people_type_it_and_a_mistake_is_explained() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        let typed = slip.to_string().to_lowercase().replace('-', "+");
        let sent = visit.browser.post("/", &format!("code={typed}")).await;
        sent.leads_to(&format!("/s/{}", slip.compact()));
        for (typed, message) in [
            ("", "Enter the code on your slip"),
            ("7K3M-9QXU-2VBR", "Character 8"),
            ("7K3M-9QXT-2VB", "only 11"),
            ("7K3M-9QXT-2VBS", "Compare each group"),
        ] {
            let page = visit.browser.post("/", &format!("code={typed}")).await;
            page.is(422)
                .says(message)
                .says(&format!("value=\"{typed}\""))
                .says("Start without a slip");
        }
        visit.ends().await;
    });
}

#[test]
fn a_draft_of_the_same_slip_is_offered_again_and_another_slip_starts_empty() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let (one, two) = (
            a_slip(&visit.app, 1, "unused").await,
            a_slip(&visit.app, 2, "unused").await,
        );
        visit.starts(Some(&one)).await;
        visit.answers_until(3).await;
        let again = visit.browser.get(&format!("/s/{}", one.compact())).await;
        again.says("Carry on where you stopped").says("href=\"/refer/3\"");
        visit
            .browser
            .get(&format!("/s/{}", two.compact()))
            .await
            .never_says("Carry on where");
        visit.starts(Some(&two)).await;
        visit.browser.get("/refer/2").await.leads_to("/refer/1");
        visit.ends().await;
    });
}

#[test]
fn a_slip_just_sent_from_this_device_leads_to_its_confirmation() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let (sent, other) = (
            a_slip(&visit.app, 1, "unused").await,
            a_slip(&visit.app, 2, "unused").await,
        );
        visit.starts(Some(&sent)).await;
        visit.answers_until(CHECK).await;
        visit.sends(CHECK, "then=send").await.leads_to("/refer/10");
        let again = visit.browser.get(&format!("/S/{}", sent.compact())).await;
        again.leads_to("/refer/10");
        let other = visit.browser.get(&format!("/s/{}", other.compact())).await;
        other.is(200).says("Start now");
        let stranger = crate::support::browser::Browser::at(&visit.app.config.base_url);
        let used = stranger.get(&format!("/s/{}", sent.compact())).await;
        used.is(200).says("has been used");
        visit.ends().await;
    });
}
