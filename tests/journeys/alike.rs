//! Two referrals that may be about one person: shown beside each other, told apart or linked by a person, never joined;
//! a new risk answer in one raises the other (hazards 12 and 13).

use actix_web::http::StatusCode;
use iapt_pad::referrals::{Answered, Answering, EventKind, Queue, Reference, ReferralView, answer, open};
use iapt_pad::triage::Priority;
use iapt_pad::values::Id;

use super::triage::House;
use crate::support::databases::on_both;
use crate::support::referrals::{ASubmission, shipped_rules, submission};

async fn view(house: &House, reference: &Reference) -> ReferralView {
    let (inside, reference) = (house.app.clone(), reference.clone());
    let view = house
        .app
        .db
        .read(move |conn| open(conn, &inside.keys, &reference))
        .await;
    let view = view.expect("read").expect("a referral");
    assert!(view.chain_is_whole);
    view
}

fn kinds(view: &ReferralView) -> Vec<EventKind> {
    view.timeline.iter().map(|event| event.kind).collect()
}

fn again(mut one: ASubmission) -> ASubmission {
    one.0.draft_id = Id::new();
    one
}

/// The brother or sister: born on the same day, at home behind the same phone.
fn twin(name: &str, nhs: &str) -> ASubmission {
    let mut one = again(submission());
    one.0.person.name = name.to_owned();
    one.0.person.nhs_number = Some(nhs.to_owned());
    one
}

#[test]
fn a_second_forms_risk_answer_lifts_the_first_at_once_and_both_stay() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let first = house.received(submission()).await;
        let calm = view(&house, &first).await;
        assert!(calm.priority > Priority::P2);
        let second = house.received(again(submission().in_danger())).await;
        assert_ne!(first, second, "nothing is joined");
        let (one, two) = (view(&house, &first).await, view(&house, &second).await);
        assert_eq!((one.priority, one.queue), (Priority::P1, Queue::Now));
        assert_eq!((two.priority, two.queue), (Priority::P1, Queue::Now));
        assert!(one.contact_by < calm.contact_by && one.is_flagged());
        assert_eq!(kinds(&one), [EventKind::Received, EventKind::RaisedByAlike]);
        assert!(
            one.timeline[1]
                .payload
                .text
                .as_deref()
                .is_some_and(|text| text.contains(&second.to_string()))
        );
        assert_eq!(kinds(&two), [EventKind::Received], "the new one is as it came");
        // A third that says the same raises nobody again, and a calm one lowers nobody.
        house.received(again(submission().in_danger())).await;
        house.received(again(submission())).await;
        let later = view(&house, &first).await;
        assert_eq!((later.priority, later.seen()), (Priority::P1, 2));
    });
}

#[test]
fn a_worrying_answer_on_the_own_page_lifts_who_looks_alike_and_a_calm_one_nobody() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let first = house.received(submission()).await;
        let second = house.received(again(submission())).await;
        let id = view(&house, &second).await.id;
        for (text, kept, priority) in [
            ("In the morning", Answered::Kept, Priority::P4),
            ("I want to end it all", Answered::Worries, Priority::P2),
        ] {
            let answering = Answering::in_words(text, house.app.clock.now()).expect("randomness");
            let (app, rules) = (house.app.clone(), shipped_rules(&house.app));
            let answered = house
                .app
                .db
                .write(move |conn| answer(conn, &app, &rules, id, &answering));
            assert_eq!(answered.await.expect("kept"), kept);
            for reference in [&first, &second] {
                assert_eq!(view(&house, reference).await.priority, priority, "{text}");
            }
        }
        assert_eq!(
            kinds(&view(&house, &first).await),
            [EventKind::Received, EventKind::RaisedByAlike]
        );
    });
}

#[test]
fn what_is_over_is_not_raised_and_what_was_accepted_stays_accepted() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let declined = house.received(submission()).await;
        let desk = house.sign_in("terry").await;
        desk.decide(
            &declined,
            "decline",
            &[
                ("seen", "1"),
                ("decline_reason", "Elsewhere"),
                ("decline_signpost", "The other service"),
                ("decline_way", "call"),
            ],
        )
        .await;
        let accepted = house.received(again(submission())).await;
        desk.decide(&accepted, "accept", &[("seen", "1"), ("accept_step", "2")])
            .await;
        house.received(again(submission().item9(2))).await;
        let (over, open) = (view(&house, &declined).await, view(&house, &accepted).await);
        assert!(!kinds(&over).contains(&EventKind::RaisedByAlike));
        assert_eq!((over.queue, open.queue), (Queue::Done, Queue::Accepted));
        assert_eq!(open.priority, Priority::P2);
        desk.look(&format!("/inbox/{}/hand-over", accepted.as_str()))
            .await
            .says("Something came after it was accepted");
    });
}

#[test]
fn a_household_behind_one_phone_is_flagged_and_not_lifted() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let first = house.received(submission()).await;
        let mut other = again(submission().in_danger());
        other.0.person.name = "Alex Otherwise".to_owned();
        other.0.person.date_of_birth = Some(jiff::civil::date(1955, 1, 1));
        let second = house.received(other).await;
        let one = view(&house, &first).await;
        assert!(one.priority > Priority::P2, "somebody else's answer");
        assert!(one.is_flagged());
        assert_eq!(kinds(&one), [EventKind::Received, EventKind::RaisedByAlike]);
        assert_eq!(view(&house, &second).await.queue, Queue::Now);
        let desk = house.sign_in("terry").await;
        desk.open(&first)
            .await
            .says("Another referral that may be about the same person");
    });
}

#[test]
fn twins_are_told_apart_by_a_person_and_not_suggested_again() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let one = house.received(twin("Robin Example", "9990023115")).await;
        let other = house.received(twin("Rosie Example", "9990046220")).await;
        let desk = house.sign_in("terry").await;
        let at = format!("/inbox/{}/alike/{}", one.as_str(), other.as_str());
        desk.open(&one).await.says(&at).says("May be the same person");
        desk.look(&at)
            .await
            .says("Robin Example")
            .says("Rosie Example")
            .says("Differs")
            .says("The same")
            .says("999 004 6220");
        assert_eq!(house.reads("referral: beside another").await, 2);
        let apart = [("said", "apart"), ("seen_one", "1"), ("seen_other", "1")];
        let told = desk.send(&at, &apart).await;
        assert_eq!(told.status, StatusCode::SEE_OTHER);
        desk.look(&told.to).await.says("Told apart");
        desk.open(&one)
            .await
            .keeps_quiet_about("May be the same person")
            .says("not suggested any more");
        for reference in [&one, &other] {
            assert_eq!(
                kinds(&view(&house, reference).await),
                [EventKind::Received, EventKind::ToldApart]
            );
        }
        // What a twin answers later does not raise the other any more.
        let mut worse = twin("Rosie Example", "9990046220").in_danger();
        worse.0.person.phone = Some("+447700900777".to_owned());
        worse.0.person.email = None;
        house.received(worse).await;
        assert!(view(&house, &one).await.priority > Priority::P2);
        // Taken back, with a reason.
        let seen = [("seen_one", "2"), ("seen_other", "2")];
        let other_seen = view(&house, &other).await.seen().to_string();
        let seen = [seen[0], ("seen_other", other_seen.as_str())];
        let without = desk.send(&at, &[("said", "undo"), seen[0], seen[1]]).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        let with = [("said", "undo"), seen[0], seen[1], ("undo_reason", "Wrong two")];
        assert_eq!(desk.send(&at, &with).await.status, StatusCode::SEE_OTHER);
        desk.open(&one).await.says("May be the same person");
    });
}

#[test]
fn a_person_links_two_and_the_newer_worry_lifts_the_older_and_the_second_is_told() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        house
            .add("clem", "Clem Example", iapt_pad::staff::Role::Triage)
            .await;
        let older = house.received(submission()).await;
        // Another name, birthday and phone: nothing looks alike, but a person knows better.
        let mut other = again(submission().named("Sam Newname").item9(2));
        other.0.person.date_of_birth = Some(jiff::civil::date(1980, 3, 1));
        let newer = house.received(other).await;
        assert!(view(&house, &older).await.priority > Priority::P2);
        let desk = house.sign_in("terry").await;
        let at = format!("/inbox/{}/alike/{}", older.as_str(), newer.as_str());
        let same = [("said", "same"), ("seen_one", "1"), ("seen_other", "1")];
        assert_eq!(desk.send(&at, &same).await.status, StatusCode::SEE_OTHER);
        let lifted = view(&house, &older).await;
        assert_eq!((lifted.priority, lifted.queue), (Priority::P2, Queue::Today));
        assert_eq!(
            kinds(&lifted),
            [EventKind::Received, EventKind::Linked, EventKind::RaisedByAlike]
        );
        for (one, beside) in [(&older, &newer), (&newer, &older)] {
            desk.open(one)
                .await
                .says(&beside.to_string())
                .says("The same person");
        }
        // Clem still looks at the page from before.
        let clem = house.sign_in("clem").await;
        let late = clem
            .send(&at, &[("said", "apart"), ("seen_one", "1"), ("seen_other", "1")])
            .await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        late.says("Terry Example: Linked: the same person");
        // Taking the link back lowers nobody.
        let seen = (
            lifted.seen().to_string(),
            view(&house, &newer).await.seen().to_string(),
        );
        let undo = [
            ("said", "undo"),
            ("seen_one", seen.0.as_str()),
            ("seen_other", seen.1.as_str()),
            ("undo_reason", "Rang both"),
        ];
        assert_eq!(desk.send(&at, &undo).await.status, StatusCode::SEE_OTHER);
        assert_eq!(view(&house, &older).await.priority, Priority::P2);
        assert!(kinds(&view(&house, &newer).await).contains(&EventKind::Unlinked));
    });
}

#[test]
fn the_timeline_shows_who_read_the_record() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        house
            .add("clem", "Clem Example", iapt_pad::staff::Role::Triage)
            .await;
        let one = house.received(submission()).await;
        let clem = house.sign_in("clem").await;
        for _ in 0..3 {
            clem.open(&one).await;
        }
        let terry = house.sign_in("terry").await;
        terry
            .open(&one)
            .await
            .says("Who has read this")
            .says("Read by Clem Example")
            .says("3 times within a few minutes");
    });
}
