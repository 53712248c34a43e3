//! Every message has a human twin, each thing is told once, and nothing in a mail tells on anybody.

use diesel::prelude::*;
use iapt_pad::booking::{self, Hold, Join, tend};
use iapt_pad::config::Mail;
use iapt_pad::db::schema::outbox;
use iapt_pad::dispatch;
use iapt_pad::notify::captured;
use iapt_pad::referrals::{By, ContactOutcome, Subject, open_by_id};
use iapt_pad::values::Id;

use crate::support::app::at;
use crate::support::calls::{place_subjects, record};
use crate::support::courses::{Diary, a_triager, act};
use crate::support::databases::on_both;
use crate::words::discreet::telling;

async fn about(diary: &Diary, referral: Id) -> Vec<Subject> {
    place_subjects(&diary.app, referral).await
}

/// Messages in the outbox about a referral, the confirmation of its form left out.
async fn letters(diary: &Diary, referral: Id) -> usize {
    let read = diary.app.db.read(move |conn| {
        let of = outbox::table.filter(outbox::about_id.eq(referral));
        let many: i64 = dispatch!(conn, c => of.count().get_result(c))?;
        Ok(usize::try_from(many).unwrap_or_default())
    });
    read.await.expect("counted")
}

async fn give_up_all(diary: &Diary) {
    let now = diary.app.clock.now();
    let gave_up = diary.app.db.write(move |conn| {
        let waiting = outbox::table.filter(outbox::status.eq("waiting"));
        let change = (outbox::status.eq("given_up"), outbox::done_at.eq(now));
        Ok(dispatch!(conn, c => diesel::update(waiting).set(change).execute(c))?)
    });
    gave_up.await.expect("given up");
}

/// Takes a person through everything there is to tell, and says after each what calls are open.
async fn through_everything(diary: &Diary, person: Id, by: Id) -> Vec<(Vec<Subject>, usize)> {
    let mut told = Vec::new();
    let later = diary.another("2026-12-15T14:00:00Z", 1).await;
    assert!(matches!(diary.hold(diary.run.id, person).await, Hold::Held(_)));
    told.push((about(diary, person).await, letters(diary, person).await));
    let staff = By::Staff(by);
    assert!(
        act(&diary.app, staff, move |conn, app, act| booking::confirm(
            conn, app, act, person
        ))
        .await
    );
    told.push((about(diary, person).await, letters(diary, person).await));
    act(&diary.app, staff, move |conn, app, act| {
        booking::move_to(conn, app, act, later, person)
    })
    .await;
    told.push((about(diary, person).await, letters(diary, person).await));
    assert!(diary.cancel(person).await);
    told.push((about(diary, person).await, letters(diary, person).await));
    // Both runs full, so that there is something to wait for.
    let (one, other) = (diary.patient().await, diary.patient().await);
    assert!(matches!(diary.hold(diary.run.id, one).await, Hold::Held(_)));
    assert!(matches!(diary.hold(later, other).await, Hold::Held(_)));
    assert_eq!(diary.join(person).await, Join::Joined);
    assert!(diary.cancel(one).await);
    told.push((about(diary, person).await, letters(diary, person).await));
    diary.accept(person).await;
    diary.app.clock.set(at("2026-12-06T09:00:00Z"));
    tend(&diary.app).await.expect("tended");
    told.push((about(diary, person).await, letters(diary, person).await));
    let run = diary.run.id;
    act(&diary.app, staff, move |conn, app, act| {
        booking::call_off(conn, app, act, run)
    })
    .await;
    told.push((about(diary, person).await, letters(diary, person).await));
    told
}

/// One call tells how things are now: newer news takes the place of older news, and nothing is written.
async fn all_is_said_by_voice(diary: &Diary, person: Id) {
    let by = a_triager(&diary.app, "terry").await;
    let before = letters(diary, person).await;
    let told = through_everything(diary, person, by).await;
    let said: Vec<Vec<Subject>> = told.iter().map(|(said, _)| said.clone()).collect();
    let expected = [
        Subject::PlaceHeld,
        Subject::PlaceConfirmed,
        Subject::PlaceMoved,
        Subject::PlaceGivenUp,
        Subject::PlaceOffered,
        Subject::Reminder,
        Subject::CourseCancelled,
    ];
    assert_eq!(said, expected.map(|about| vec![about]));
    assert!(told.iter().all(|(_, letters)| *letters == before), "{told:?}");
}

#[test]
fn without_mail_everything_that_would_be_written_is_said_by_voice() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 1).await;
        let person = diary.without_mail().await;
        all_is_said_by_voice(&diary, person).await;
    });
}

#[test]
fn who_does_not_want_to_be_written_to_is_told_by_voice() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 1).await;
        let person = diary.not_to_be_written_to().await;
        all_is_said_by_voice(&diary, person).await;
    });
}

#[test]
fn with_mail_nobody_rings_until_a_message_is_given_up_and_then_once() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 1).await;
        let by = a_triager(&diary.app, "terry").await;
        let person = diary.patient().await;
        let before = letters(&diary, person).await;
        let told = through_everything(&diary, person, by).await;
        assert!(told.iter().all(|(said, _)| said.is_empty()), "{told:?}");
        // The acceptance of the offer was told as a place kept, before the reminder.
        let written: Vec<usize> = told.iter().map(|(_, letters)| letters - before).collect();
        assert_eq!(written, [1, 2, 3, 4, 5, 7, 8]);
        give_up_all(&diary).await;
        assert!(tend(&diary.app).await.expect("tended").calls > 0);
        assert_eq!(
            about(&diary, person).await,
            [Subject::CourseCancelled],
            "only what is still news"
        );
        tend(&diary.app).await.expect("tended");
        assert_eq!(about(&diary, person).await, [Subject::CourseCancelled], "once");
        record(&diary.app, by, person, ContactOutcome::Spoke).await;
        assert!(about(&diary, person).await.is_empty());
        let inside = diary.app.clone();
        let opened = diary
            .app
            .db
            .read(move |conn| open_by_id(conn, &inside.keys, person))
            .await;
        let opened = opened.expect("read").expect("there");
        assert!(opened.chain_is_whole);
        let last = opened
            .timeline
            .last()
            .and_then(|event| event.payload.text.clone());
        assert_eq!(
            last.as_deref(),
            Some(
                "Spoke\nAbout: First contact, as promised; Their course or appointment does not take place as planned"
            )
        );
    });
}

#[test]
fn a_reminder_goes_out_once_two_days_before_and_again_only_for_another_date() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 1).await;
        let person = diary.patient().await;
        assert!(matches!(diary.hold(diary.run.id, person).await, Hold::Held(_)));
        diary.app.clock.set(at("2026-12-06T08:59:00Z"));
        assert_eq!(tend(&diary.app).await.expect("tended").reminded, 0);
        diary.app.clock.set(at("2026-12-06T09:00:00Z"));
        let (one, other) = (diary.app.clone(), diary.app.clone());
        let (one, other) = tokio::join!(
            tokio::spawn(async move { tend(&one).await.expect("tended").reminded }),
            tokio::spawn(async move { tend(&other).await.expect("tended").reminded }),
        );
        assert_eq!(
            one.expect("joined") + other.expect("joined"),
            1,
            "two workers, one reminder"
        );
        assert_eq!(tend(&diary.app).await.expect("tended").reminded, 0);
        // Somebody who took a place after that morning has just been told the date.
        let late = diary.another("2026-12-10T14:00:00Z", 1).await;
        let second = diary.patient().await;
        assert!(matches!(diary.hold(late, second).await, Hold::Held(_)));
        diary.app.clock.set(at("2026-12-08T09:00:00Z"));
        assert_eq!(tend(&diary.app).await.expect("tended").reminded, 1);
    });
}

#[test]
fn a_mail_about_a_place_tells_no_name_no_course_and_no_venue() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 1).await;
        let by = a_triager(&diary.app, "terry").await;
        let person = diary.patient().await;
        through_everything(&diary, person, by).await;
        diary.app.postman().deliver_due().await;
        let Mail::Captured(folder) = &diary.app.config.mail else {
            panic!("captured")
        };
        let mails = captured(folder).expect("mails");
        let about_places: Vec<_> = mails
            .iter()
            .filter(|mail| mail.body.contains("begins on") || mail.subject.contains("place"))
            .collect();
        assert!(about_places.len() >= 6, "{}", about_places.len());
        for mail in about_places {
            let all = format!("{} {}", mail.subject, mail.body).to_lowercase();
            for telling in [
                "robin",
                "example surgery",
                "living well",
                "back pain",
                "a hall",
                "a street",
                "step-free",
                "{",
            ] {
                assert!(!all.contains(telling), "{telling} in {all}");
            }
            assert!(all.contains("/r/"), "{all}");
            assert_eq!(telling(&all), None, "{all}");
        }
    });
}
