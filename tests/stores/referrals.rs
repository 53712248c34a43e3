//! The story of a referral: submitted once however often it is sent, never losing a worry, decided by a person.

use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::config::{Mail, ServiceName};
use iapt_pad::db::schema::{clinic, outbox, pad, referral, referral_event, slip, staff};
use iapt_pad::dispatch;
use iapt_pad::pads;
use iapt_pad::referrals::{
    Declining, Deed, EventKind, Outcome, Queue, ReferralView, ReviewState, Submitted, open, review,
};
use iapt_pad::triage::{Priority, SelfBooking, Step};
use iapt_pad::values::{Id, Purpose, SlipCode, Ts};

use crate::support::app::{at, monday_morning, test_app};
use crate::support::databases::{Fresh, on_both};
use crate::support::referrals::submission;

async fn surroundings(fresh: Fresh) -> Arc<App> {
    let folder = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
    Arc::new(test_app(fresh.db, monday_morning(), Mail::Captured(folder)).await)
}

/// A member of staff and a slip that can be used until the end of 2027.
async fn staff_and_slip(app: &Arc<App>) -> (Id, SlipCode) {
    let (person, place, bundle, paper) = (Id::new(), Id::new(), Id::new(), Id::new());
    let key = app.keys.current(Purpose::Codes).expect("a key");
    let code = pads::code_of(&app.keys, key, paper).expect("a code");
    let hash = pads::code_hash(&app.keys, &code).expect("a hash");
    let (now, until) = (app.clock.now(), at("2027-12-31T00:00:00Z"));
    app.db
        .write(move |conn| {
            let a_clinic = (
                clinic::id.eq(place),
                clinic::code.eq("NORTH"),
                clinic::name.eq("North clinic"),
                clinic::active.eq(true),
                clinic::created_at.eq(now),
            );
            let a_person = (
                staff::id.eq(person),
                staff::username.eq("t"),
                staff::display_name.eq("Terry Example"),
                staff::role.eq("triage"),
                staff::password_hash.eq("x"),
                staff::active.eq(true),
                staff::created_at.eq(now),
            );
            let a_pad = (
                pad::id.eq(bundle),
                pad::number.eq(1),
                pad::clinic_id.eq(place),
                pad::template.eq("a6"),
                pad::host.eq("talking.example.org"),
                pad::code_key.eq(key.0),
                pad::slips.eq(1),
                pad::custody.eq("minted"),
                pad::sample.eq(false),
                pad::electronic.eq(false),
                pad::created_at.eq(now),
                pad::expires_at.eq(until),
            );
            let a_slip = (
                slip::id.eq(paper),
                slip::serial.eq(1_i64),
                slip::pad_id.eq(bundle),
                slip::code_hash.eq(&hash[..]),
                slip::state.eq("unused"),
                slip::expires_at.eq(until),
                slip::openings.eq(0),
                slip::created_at.eq(now),
            );
            dispatch!(conn, c => {
                diesel::insert_into(clinic::table).values(a_clinic).execute(c)?;
                diesel::insert_into(staff::table).values(a_person).execute(c)?;
                diesel::insert_into(pad::table).values(a_pad).execute(c)?;
                diesel::insert_into(slip::table).values(a_slip).execute(c)?;
            });
            Ok(())
        })
        .await
        .expect("staff and slip");
    (person, code)
}

async fn opened(app: &Arc<App>, submitted: &Submitted) -> ReferralView {
    let reference = submitted.receipt().expect("a receipt").reference.clone();
    let inside = app.clone();
    let view = app
        .db
        .read(move |conn| open(conn, &inside.keys, &reference))
        .await
        .expect("read");
    view.expect("the referral is there")
}

async fn counts(app: &Arc<App>) -> (i64, i64, i64) {
    app.db
        .read(|conn| {
            Ok(dispatch!(conn, c => (
                referral::table.count().get_result(c)?,
                referral_event::table.count().get_result(c)?,
                outbox::table.count().get_result(c)?,
            )))
        })
        .await
        .expect("counts")
}

#[test]
fn an_acknowledged_submission_is_a_referral_with_an_event_and_its_notices() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let sent = submission().send(&app).await;
        assert!(matches!(sent, Submitted::Created(_)));
        assert_eq!(
            counts(&app).await,
            (1, 1, 2),
            "a notice to the service and one to the patient"
        );
        let view = opened(&app, &sent).await;
        assert_eq!(
            (view.service, view.step, view.priority),
            (ServiceName::Hwb, Step::Two, Priority::P4)
        );
        assert_eq!(
            (view.booking, view.queue, view.state),
            (SelfBooking::Course, Queue::New, ReviewState::New)
        );
        assert_eq!(view.person.name, "Robin Example");
        assert!(view.chain_is_whole);
    });
}

#[test]
fn a_repeated_submission_makes_one_referral() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let form = submission();
        let first = form.send(&app).await;
        let again = form.send(&app).await;
        assert!(matches!(again, Submitted::Repeated(_)));
        assert_eq!(
            first.receipt().expect("a receipt").reference,
            again.receipt().expect("a receipt").reference
        );
        assert_eq!(counts(&app).await, (1, 1, 2));
    });
}

#[test]
fn twenty_taps_in_one_instant_make_one_referral() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let form = submission();
        let taps = (0..20).map(|_| {
            let (app, form) = (app.clone(), form.clone());
            tokio::spawn(async move { form.send(&app).await })
        });
        let mut created = 0;
        for tap in taps.collect::<Vec<_>>() {
            created += i32::from(matches!(tap.await.expect("joined"), Submitted::Created(_)));
        }
        assert_eq!(created, 1);
        assert_eq!(counts(&app).await, (1, 1, 2));
    });
}

#[test]
fn a_slip_is_used_once() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let (_, code) = staff_and_slip(&app).await;
        let first = submission().with_slip(&code).send(&app).await;
        assert!(opened(&app, &first).await.slip_id.is_some());
        let other = submission().named("Alex Other").with_slip(&code).send(&app).await;
        let view = opened(&app, &other).await;
        assert!(
            matches!(other, Submitted::Created(_)),
            "nobody is turned away because of a slip"
        );
        assert!(view.slip_id.is_none());
        assert!(view.case_sheet.decision.has_flag("SLIP_USED"));
    });
}

#[test]
fn two_doors_racing_for_one_slip_use_it_once() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let (_, code) = staff_and_slip(&app).await;
        let doors = (0..8).map(|number| {
            let form = submission()
                .named(&format!("Person {}", ["A", "B"][number % 2]))
                .with_slip(&code);
            let app = app.clone();
            tokio::spawn(async move { form.send(&app).await })
        });
        let mut tied = 0;
        for door in doors.collect::<Vec<_>>() {
            let sent = door.await.expect("joined");
            tied += i32::from(
                matches!(sent, Submitted::Created(_)) && opened(&app, &sent).await.slip_id.is_some(),
            );
        }
        assert_eq!(tied, 1);
    });
}

#[test]
fn the_same_persons_second_submission_adds_to_the_first_and_only_raises() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let (_, code) = staff_and_slip(&app).await;
        let first = submission().with_slip(&code).send(&app).await;
        let worse = submission().with_slip(&code).item9(3).send(&app).await;
        assert!(matches!(worse, Submitted::Added(_)) && worse.receipt().is_none());
        let view = opened(&app, &first).await;
        assert_eq!(
            (view.priority, view.queue, view.timeline.len()),
            (Priority::P1, Queue::Now, 2)
        );
        let calmer = submission().with_slip(&code).send(&app).await;
        assert!(matches!(calmer, Submitted::Added(_)));
        let view = opened(&app, &first).await;
        assert_eq!(
            (view.priority, view.queue),
            (Priority::P1, Queue::Now),
            "a later no unsays nothing"
        );
        assert!(view.case_sheet.decision.has_flag("RISK_ITEM9"));
        assert!(view.chain_is_whole);
    });
}

#[test]
fn another_sender_changes_neither_who_it_is_nor_how_they_may_be_reached() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let (_, code) = staff_and_slip(&app).await;
        let mut first = submission().with_slip(&code);
        first.0.person.voicemail_ok = false;
        first.0.facts.no_voicemail = true;
        first.0.needs_checking = vec!["Postcode: S1".to_owned()];
        let first = first.send(&app).await;
        let mut second = submission().with_slip(&code);
        second.0.person.phone = Some("+447700900999".to_owned());
        second.0.person.email = Some("somebody.else@example.org".to_owned());
        second.send(&app).await;
        let view = opened(&app, &first).await;
        assert_eq!(view.person.phone.as_deref(), Some("+447700900123"));
        assert!(view.case_sheet.decision.has_flag("NO_VOICEMAIL"));
        assert_eq!(view.case_sheet.needs_checking, ["Postcode: S1"]);
        let added = view.timeline.last().expect("an event");
        let typed = added.payload.person.as_ref().expect("what they typed");
        assert_eq!(typed.phone.as_deref(), Some("+447700900999"));
        assert!(added.is_of_another_sender());
    });
}

#[test]
fn name_and_date_of_birth_must_both_agree_to_be_added() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let (_, code) = staff_and_slip(&app).await;
        let numbered = |change: fn(&mut iapt_pad::referrals::Person)| {
            let mut one = submission().with_slip(&code);
            one.0.person.nhs_number = Some("9990023115".to_owned());
            change(&mut one.0.person);
            one
        };
        let first = numbered(|_| {}).send(&app).await;
        for differs in [
            numbered(|person| person.name = "Robin Other".to_owned()),
            numbered(|person| person.date_of_birth = Some(jiff::civil::date(1980, 2, 28))),
            numbered(|person| person.date_of_birth = None),
            numbered(|person| person.nhs_number = Some("9990046220".to_owned())),
        ] {
            let own = differs.send(&app).await;
            assert!(matches!(own, Submitted::Created(_)));
            let view = opened(&app, &own).await;
            assert!(view.case_sheet.decision.has_flag("SLIP_USED") && view.slip_id.is_none());
        }
        let same = numbered(|person| person.name = " robin EXAMPLE".to_owned());
        assert!(matches!(same.send(&app).await, Submitted::Added(_)));
        assert_eq!(opened(&app, &first).await.timeline.len(), 2);
    });
}

#[test]
fn a_worrying_answer_is_kept_unfinished_and_finishing_completes_the_same_referral() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let (_, code) = staff_and_slip(&app).await;
        let form = submission().with_slip(&code).in_danger();
        let kept = form.clone().unfinished().send(&app).await;
        let view = opened(&app, &kept).await;
        assert_eq!(
            (view.state, view.queue, view.priority),
            (ReviewState::Incomplete, Queue::Now, Priority::P1)
        );
        let finished = form.send(&app).await;
        assert!(
            matches!(finished, Submitted::Completed(_)),
            "never slip already used"
        );
        assert_eq!(
            finished.receipt().expect("a receipt").reference,
            kept.receipt().expect("a receipt").reference
        );
        let view = opened(&app, &finished).await;
        assert_eq!((view.state, view.queue), (ReviewState::New, Queue::Now));
        assert_eq!(view.booking, SelfBooking::None);
    });
}

#[test]
fn answers_that_come_after_somebody_decided_are_kept_and_still_raise() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let (staff, _) = staff_and_slip(&app).await;
        let form = submission().item9(1);
        let kept = form.clone().unfinished().send(&app).await;
        let reference = kept.receipt().expect("a receipt").reference.clone();
        let accept = Deed::Accept {
            step: Step::Three,
            reason: Some("asked for it on the phone".to_owned()),
            with: None,
        };
        let done = review(&app, &reference, Some(1), staff, accept).await;
        assert_eq!(done.expect("reviewed"), Outcome::Done);
        // The patient is still answering, and says something worse.
        let worse = form.clone().in_danger();
        let added = worse.clone().unfinished().send(&app).await;
        let view = opened(&app, &added).await;
        assert_eq!(
            (view.state, view.queue, view.priority),
            (ReviewState::New, Queue::Now, Priority::P1)
        );
        assert!(view.acknowledged.is_none());
        let finished = worse.send(&app).await;
        assert!(matches!(finished, Submitted::Completed(_)));
        let view = opened(&app, &finished).await;
        assert_eq!(
            view.timeline.last().map(|event| event.kind),
            Some(EventKind::Completed)
        );
        let before = counts(&app).await;
        assert!(matches!(worse.send(&app).await, Submitted::Repeated(_)));
        assert_eq!(counts(&app).await, before);
        assert_eq!(before.0, 1, "one referral");
    });
}

#[test]
fn finishing_a_form_does_not_undo_what_a_person_chose() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let (staff, _) = staff_and_slip(&app).await;
        let form = submission().item9(1);
        let kept = form.clone().unfinished().send(&app).await;
        let reference = kept.receipt().expect("a receipt").reference.clone();
        let accept = Deed::Accept {
            step: Step::Three,
            reason: Some("asked for it on the phone".to_owned()),
            with: None,
        };
        let done = review(&app, &reference, Some(1), staff, accept).await;
        assert_eq!(done.expect("reviewed"), Outcome::Done);
        let finished = form.send(&app).await;
        assert!(matches!(finished, Submitted::Completed(_)));
        let view = opened(&app, &finished).await;
        assert_eq!((view.state, view.step), (ReviewState::Accepted, Step::Three));
        assert_eq!(view.acknowledged.map(|(who, _)| who), Some(staff));
        assert!(view.chain_is_whole);
    });
}

#[test]
fn a_step_that_was_not_suggested_is_refused_without_a_reason_at_any_door() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let (staff, _) = staff_and_slip(&app).await;
        let sent = submission().send(&app).await;
        let reference = sent.receipt().expect("a receipt").reference.clone();
        assert_eq!(sent.receipt().expect("a receipt").decision.step, Step::Two);
        let accept = |reason: Option<&str>| Deed::Accept {
            step: Step::Three,
            reason: reason.map(str::to_owned),
            with: None,
        };
        let done = review(&app, &reference, Some(1), staff, accept(None)).await;
        assert_eq!(done.expect("reviewed"), Outcome::SayWhy);
        let view = opened(&app, &sent).await;
        assert_eq!((view.state, view.step), (ReviewState::New, Step::Two));
        assert_eq!(view.timeline.len(), 1, "nothing was done");
        let done = review(&app, &reference, Some(1), staff, accept(Some("asked for it"))).await;
        assert_eq!(done.expect("reviewed"), Outcome::Done);
    });
}

#[test]
fn a_named_person_decides_and_the_second_is_told() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let (staff, _) = staff_and_slip(&app).await;
        let sent = submission().send(&app).await;
        let reference = sent.receipt().expect("a receipt").reference.clone();
        let accept = Deed::Accept {
            step: Step::Two,
            reason: None,
            with: None,
        };
        let done = review(&app, &reference, Some(1), staff, accept.clone())
            .await
            .expect("reviewed");
        assert_eq!(done, Outcome::Done);
        let late = review(
            &app,
            &reference,
            Some(1),
            staff,
            Deed::Decline(Declining {
                told: Some("Dr Example, by phone".to_owned()),
                ..Declining::by_call("x".to_owned(), "elsewhere")
            }),
        )
        .await;
        assert_eq!(late.expect("reviewed"), Outcome::ChangedMeanwhile);
        let view = opened(&app, &sent).await;
        assert_eq!((view.state, view.queue), (ReviewState::Accepted, Queue::Accepted));
        assert_eq!(view.acknowledged.map(|(who, _)| who), Some(staff));
        assert!(view.chain_is_whole);
    });
}

#[test]
fn a_person_in_danger_is_not_declined_before_somebody_acknowledged_them() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let (staff, _) = staff_and_slip(&app).await;
        let sent = submission().in_danger().send(&app).await;
        let reference = sent.receipt().expect("a receipt").reference.clone();
        let decline = || {
            Deed::Decline(Declining {
                told: Some("Dr Example, by phone".to_owned()),
                ..Declining::by_call("With the crisis team".to_owned(), "elsewhere")
            })
        };
        let refused = review(&app, &reference, None, staff, decline())
            .await
            .expect("reviewed");
        assert_eq!(refused, Outcome::AcknowledgeFirst);
        assert_eq!(opened(&app, &sent).await.queue, Queue::Now);
        review(&app, &reference, None, staff, Deed::Acknowledge)
            .await
            .expect("reviewed");
        assert_eq!(opened(&app, &sent).await.queue, Queue::Today);
        let done = review(&app, &reference, None, staff, decline())
            .await
            .expect("reviewed");
        assert_eq!(done, Outcome::Done);
    });
}

#[test]
fn sending_on_tells_the_other_service() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let (staff, _) = staff_and_slip(&app).await;
        let sent = submission().send(&app).await;
        let before = counts(&app).await.2;
        let deed = Deed::SendOn {
            to: ServiceName::Core,
            reason: "Asks for core".to_owned(),
        };
        let done = review(
            &app,
            &sent.receipt().expect("a receipt").reference,
            None,
            staff,
            deed,
        )
        .await
        .expect("reviewed");
        assert_eq!(done, Outcome::Done);
        assert_eq!(counts(&app).await.2, before + 1);
        assert_eq!(opened(&app, &sent).await.service, ServiceName::Core);
    });
}

#[test]
fn tampering_with_a_timeline_shows() {
    on_both(|fresh| async move {
        let app = surroundings(fresh).await;
        let sent = submission().send(&app).await;
        let id = sent.receipt().expect("a receipt").id;
        let later: Ts = app.clock.now().plus_days(1);
        app.db
            .write(move |conn| {
                let first = referral_event::table.filter(referral_event::referral_id.eq(id));
                dispatch!(conn, c => diesel::update(first).set(referral_event::at.eq(later)).execute(c))?;
                Ok(())
            })
            .await
            .expect("tampered");
        assert!(!opened(&app, &sent).await.chain_is_whole);
    });
}
