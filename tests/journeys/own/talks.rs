//! A first talk, where the service keeps that diary here: chosen after the form, confirmed by a named person, given up.

use iapt_pad::booking::{NewSlot, PlaceState, SlotKind, add_slots, own_slot};
use iapt_pad::config::ServiceName;
use iapt_pad::values::Id;

use super::BORN;
use crate::journeys::doors::House;
use crate::journeys::patient::{ANSWERS, CHECK, Visit};
use crate::support::app::at;
use crate::support::calls::place_calls;
use crate::support::databases::on_both;

/// Somebody without a long-term condition sends the form; the link of their page.
async fn fills_in(visit: &Visit) -> String {
    visit.starts(None).await;
    for (page, form) in ANSWERS.into_iter().filter(|(page, _)| *page < CHECK) {
        let form = match page {
            4 => "problem=worry&anything_else=&ltc=none",
            _ => form,
        };
        assert_eq!(visit.sends(page, form).await.status, 303, "page {page}");
    }
    visit.sends(CHECK, "then=send").await.leads_to("/refer/10");
    let page = visit.browser.get("/refer/10").await.body;
    let link = page
        .split("href=\"/r/")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    format!("/r/{}", link.expect("a link"))
}

/// A talk by phone on 8 December at ten, and one in an hour that no one can confirm any more.
async fn two_talks(visit: &Visit) -> Id {
    let slot = |starts| NewSlot {
        id: Id::new(),
        service: ServiceName::Core,
        starts,
        minutes: 45,
        kind: SlotKind::Phone,
        venue: None,
        staff: None,
    };
    let (ahead, near) = (
        slot(at("2026-12-08T10:00:00Z")),
        slot(visit.app.clock.now().plus_minutes(60)),
    );
    let added = visit
        .app
        .db
        .write(move |conn| add_slots(conn, &[ahead, near]))
        .await;
    assert_eq!(added.expect("added"), 2);
    ahead.id
}

async fn state(visit: &Visit) -> Option<PlaceState> {
    let id = visit.the_referral().await.id;
    let own = visit.app.db.read(move |conn| own_slot(conn, id)).await;
    own.expect("read").map(|own| own.slot.state)
}

#[test]
fn a_first_talk_is_chosen_once_confirmed_by_a_named_person_and_given_up() {
    on_both(|fresh| async move {
        let house = House::with(Visit::to_a_service_with_talks(fresh).await).await;
        let visit = &house.visit;
        let slot = two_talks(visit).await;
        let own = fills_in(visit).await;
        let list = visit.browser.get("/refer/10").await;
        list.says("choose a time for a first talk")
            .says("Tuesday 8 December 2026")
            .says("A first talk by phone")
            .says("10am to 10:45am");
        assert_eq!(
            list.body.matches("value=\"slot-").count(),
            1,
            "the near one is not offered"
        );
        let (at, form) = (format!("{own}/place"), format!("place=slot-{slot}"));
        let (first, second) = tokio::join!(visit.browser.post(&at, &form), visit.browser.post(&at, &form));
        first.leads_to(&at);
        second.leads_to(&at);
        let kept = visit.browser.get(&at).await;
        kept.says("We have kept this place for you")
            .says("A member of the team will confirm it by")
            .says("We ring you")
            .never_says("What to bring");
        assert_eq!(state(visit).await, Some(PlaceState::Held));
        let by_link = crate::support::browser::Browser::at(&visit.app.config.base_url);
        by_link
            .get(&own)
            .await
            .says("We have kept a place for you")
            .never_says("first talk");
        let (status, file) = visit.browser.ask("GET", &format!("{own}/calendar.ics"), "").await;
        assert_eq!((status, file.matches("BEGIN:VEVENT").count()), (200, 1));
        let team = &house.team;
        team.get("/inbox/places")
            .await
            .says("1 appointment waits to be confirmed");
        team.get("/courses/slots")
            .await
            .says("To confirm")
            .says("Confirm");
        team.post(&format!("/courses/slots/{slot}/confirm"), "")
            .await
            .leads_to("/courses/slots?confirmed");
        assert_eq!(state(visit).await, Some(PlaceState::Confirmed));
        assert_eq!(place_calls(&visit.app).await.len(), 1, "somebody rings to say so");
        by_link.post(&format!("{own}/open?then=change"), BORN).await;
        let copy = by_link.post(&format!("{own}/copy"), "as=text").await;
        copy.says("What: A first talk by phone")
            .says("Day: Tuesday 8 December 2026");
        by_link.post(&format!("{own}/change"), "place=give-up").await;
        assert_eq!(state(visit).await, None);
        house.visit.ends().await;
    });
}

#[test]
fn where_the_diary_is_kept_elsewhere_a_person_rings() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slot = two_talks(&visit).await;
        let own = fills_in(&visit).await;
        let done = visit.browser.get("/refer/10").await;
        done.says("ring you by").never_says("slot-");
        visit
            .browser
            .post(&format!("{own}/place"), &format!("place=slot-{slot}"))
            .await;
        assert_eq!(state(&visit).await, None);
        visit.ends().await;
    });
}
