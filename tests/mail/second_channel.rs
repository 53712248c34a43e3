//! The channel that is not mail: what goes over the wire, what every kind of answer leads to, and that neither way
//! ever waits for the other.

use std::sync::Arc;
use std::time::{Duration, Instant};

use iapt_pad::app::App;
use iapt_pad::config::SecondChannel;
use iapt_pad::notify::{self, Alarm, AlarmKind, Mailer, RotaChange, RotaOutcome, RotaPerson};
use iapt_pad::values::{Id, MasterKey};

use super::{counts, row, urgent};
use crate::support::app::{monday_morning, test_app_with};
use crate::support::databases::{Fresh, on_both};
use crate::support::gateway::{Answer, Gateway, channel_to};
use crate::support::mail::MailServer;

const DUTY: &str = "0114 496 0111";
const LEAD: &str = "0114 496 0112";

async fn app_with(fresh: &Fresh, mail: &MailServer, channel: SecondChannel) -> Arc<App> {
    let key = MasterKey::draw().expect("randomness");
    app_of(fresh, mail, channel, key).await
}

async fn app_of(fresh: &Fresh, mail: &MailServer, channel: SecondChannel, key: MasterKey) -> Arc<App> {
    let mut app = test_app_with(fresh.db.clone(), monday_morning(), mail.mail(), key).await;
    app.config.second_channel = channel;
    app.mailer = Mailer::from_config(&app.config).expect("ways out");
    Arc::new(app)
}

fn alarm(about: Id, phone: &str) -> Alarm {
    Alarm {
        about,
        kind: AlarmKind::Urgent,
        reference: "7K3M-9QXT-2".to_owned(),
        link: "https://talking.example.org/inbox/7K3M9QXT2".to_owned(),
        count: 1,
        step: 1,
        phone: phone.to_owned(),
    }
}

async fn call(app: &Arc<App>, alarm: Alarm) -> Id {
    let (inside, id, now) = (app.clone(), Id::new(), app.clock.now());
    app.db
        .write(move |conn| notify::enqueue_alarm(conn, &inside.keys, id, &alarm, now))
        .await
        .expect("written");
    id
}

#[test]
fn a_call_is_signed_has_a_name_of_its_own_and_says_nothing_about_anybody() {
    on_both(|fresh| async move {
        let (mail, gateway) = (MailServer::start(), Gateway::start());
        let app = app_with(&fresh, &mail, gateway.channel()).await;
        gateway.answer(Answer::Status(503));
        let id = call(&app, alarm(Id::new(), DUTY)).await;
        assert_eq!(app.postman().deliver_due().await, 0);
        gateway.answer(Answer::Status(200));
        app.clock.advance_minutes(1);
        assert_eq!(app.postman().deliver_due().await, 1);
        let calls = gateway.calls();
        assert_eq!(calls.len(), 2);
        for (attempt, call) in (1..).zip(&calls) {
            assert!(call.signed, "{call:?}");
            assert!(call.request.starts_with("POST /call?key=K3Y HTTP/1.1"));
            assert_eq!(call.header("Content-Type"), "application/json");
            assert_eq!(
                call.header("Idempotency-Key"),
                id.to_string(),
                "the same each time"
            );
            let keys: Vec<String> = call
                .json()
                .as_object()
                .expect("an object")
                .keys()
                .cloned()
                .collect();
            let mut expected = [
                "attempt",
                "count",
                "id",
                "kind",
                "link",
                "phone",
                "reference",
                "step",
                "time",
            ];
            expected.sort_unstable();
            let mut keys = keys;
            keys.sort_unstable();
            assert_eq!(keys, expected);
            assert_eq!(call.says("attempt"), attempt.to_string());
            assert_eq!(
                (call.says("kind"), call.says("phone")),
                ("urgent".to_owned(), DUTY.to_owned())
            );
        }
        assert_ne!(
            calls[0].header("X-Iapt-Pad-Signature"),
            calls[1].header("X-Iapt-Pad-Signature")
        );
        let kept = row(&app, id).await;
        assert_eq!((kept.status.as_str(), kept.content), ("delivered", None));
    });
}

#[test]
fn a_gateway_that_is_down_slow_or_elsewhere_is_asked_again_for_days() {
    on_both(|fresh| async move {
        let (mail, gateway, elsewhere) = (MailServer::start(), Gateway::start(), Gateway::start());
        let app = app_with(&fresh, &mail, gateway.channel()).await;
        let id = call(&app, alarm(Id::new(), DUTY)).await;
        let answers = [
            (Answer::Status(500), "http 500"),
            (Answer::Status(429), "http 429"),
            (Answer::Status(408), "http 408"),
            (Answer::Status(401), "http 401"),
            (Answer::HangUp, "connection"),
            (Answer::MovedTo(elsewhere.url()), "http 307"),
        ];
        for (answer, reason) in answers {
            gateway.answer(answer);
            assert_eq!(app.postman().deliver_due().await, 0, "{reason}");
            let kept = row(&app, id).await;
            assert_eq!(
                (kept.status.as_str(), kept.last_error.as_deref()),
                ("waiting", Some(reason))
            );
            app.clock.advance_minutes(24 * 60);
        }
        assert!(elsewhere.requests().is_empty(), "redirects are not followed");
        gateway.answer(Answer::Status(204));
        assert_eq!(app.postman().deliver_due().await, 1);
        assert_eq!(counts(&app).await.given_up, 0);
    });
}

#[test]
fn a_number_the_gateway_does_not_know_sends_the_call_to_the_next_on_the_rota() {
    on_both(|fresh| async move {
        let (mail, gateway) = (MailServer::start(), Gateway::start());
        let app = app_with(&fresh, &mail, gateway.channel()).await;
        gateway.refuse_number(DUTY);
        let id = call(&app, alarm(Id::new(), DUTY)).await;
        assert_eq!(app.postman().deliver_due().await, 1, "without any pause");
        assert_eq!(gateway.numbers(), [DUTY, LEAD]);
        assert_eq!(row(&app, id).await.status, "superseded");
        gateway.refuse_number(LEAD);
        call(&app, alarm(Id::new(), DUTY)).await;
        for _ in 0..10 {
            assert_eq!(app.postman().deliver_due().await, 0);
            assert_eq!(counts(&app).await.urgent_waiting, 1, "one goes round");
            app.clock.advance_minutes(7);
        }
    });
}

#[test]
fn a_call_whose_channel_was_taken_away_waits_and_an_acknowledgement_ends_it() {
    on_both(|fresh| async move {
        let mail = MailServer::start();
        let app = app_with(&fresh, &mail, SecondChannel::None).await;
        let about = Id::new();
        let id = call(&app, alarm(about, DUTY)).await;
        assert_eq!(app.postman().deliver_due().await, 0);
        assert_eq!(row(&app, id).await.last_error.as_deref(), Some("no channel"));
        let now = app.clock.now();
        let stopped = app
            .db
            .write(move |conn| notify::cancel_urgent(conn, about, now))
            .await;
        assert_eq!(stopped.expect("stopped"), 1);
        assert_eq!(row(&app, id).await.status, "superseded");
    });
}

/// Waits for what happens beside the test, and not for ever.
async fn until(what: &str, happened: impl Fn() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[test]
fn neither_channel_waits_for_the_other() {
    on_both(|fresh| async move {
        let key = MasterKey::draw().expect("randomness");
        for mail_hangs in [true, false] {
            let (mail, gateway) = (MailServer::start(), Gateway::start());
            let app = app_of(&fresh, &mail, gateway.channel(), key.clone()).await;
            let hangs = Duration::from_secs(60);
            match mail_hangs {
                true => mail.hold_answers(hangs),
                false => gateway.answer(Answer::Hang(hangs)),
            }
            let (office, stop) = (app.clone(), tokio::sync::oneshot::channel::<()>());
            let worker = tokio::spawn(async move {
                let stopped = async { drop(stop.1.await) };
                office.postman().run(stopped).await;
            });
            // The way that hangs first gets as much as its workers can hold.
            for _ in 0..3 {
                super::write(&app, &urgent(Id::new(), "duty@talking.example.org")).await;
                call(&app, alarm(Id::new(), DUTY)).await;
            }
            app.mailer.nudge();
            match mail_hangs {
                true => until("all calls", || gateway.calls().len() == 3).await,
                false => until("all mail", || mail.mails().len() == 3).await,
            }
            worker.abort();
            let _ended = worker.await;
            let now = app.clock.now().plus_minutes(60);
            app.clock.set(now);
            mail.hold_answers(Duration::ZERO);
            gateway.answer(Answer::Status(200));
            while app.postman().deliver_due().await > 0 {}
        }
    });
}

#[test]
fn a_secret_that_does_not_fit_is_noticed_by_whoever_checks_it() {
    on_both(|fresh| async move {
        let (mail, gateway) = (MailServer::start(), Gateway::start());
        let other = iapt_pad::config::EscalationSecret::parse("another secret, long enough to pass as well");
        let SecondChannel::Webhook { place, .. } = channel_to(&gateway.url()) else {
            panic!("a webhook");
        };
        let secret = other.expect("long enough");
        let app = app_with(&fresh, &mail, SecondChannel::Webhook { place, secret }).await;
        call(&app, alarm(Id::new(), DUTY)).await;
        app.postman().deliver_due().await;
        assert!(!gateway.calls()[0].signed);
    });
}

#[test]
fn the_rota_is_taken_over_once_and_then_ruled_by_the_database() {
    on_both(|fresh| async move {
        let (mail, gateway) = (MailServer::start(), Gateway::start());
        let app = app_with(&fresh, &mail, gateway.channel()).await;
        let (seed, now, by) = (app.config.locality.rota.clone(), app.clock.now(), Id::new());
        assert!(
            notify::import_rota(&app.db, &seed, now)
                .await
                .expect("taken over")
        );
        assert!(!notify::import_rota(&app.db, &seed, now).await.expect("known"));
        let rota = notify::rota(&app.db).await.expect("read");
        assert_eq!(
            (rota.people.len(), rota.version, rota.changes[0].by),
            (2, 1, None)
        );
        let third = RotaPerson {
            id: Id::new(),
            name: "Third".to_owned(),
            email: "third@talking.example.org".to_owned(),
            phone: "0114 496 0113".to_owned(),
            shifts: Vec::new(),
            leave: Vec::new(),
        };
        let change = |seen, change| notify::change_rota(&app.db, seen, change, by, now);
        let add = RotaChange::Add(third.clone());
        assert_eq!(change(1, add.clone()).await.expect("done"), RotaOutcome::Done);
        let late = change(1, RotaChange::TakeOff(third.id)).await.expect("told");
        assert_eq!(late, RotaOutcome::ChangedMeanwhile);
        assert_eq!(
            change(2, RotaChange::Up(third.id)).await.expect("done"),
            RotaOutcome::Done
        );
        // Both at once: one of them is told.
        let (one, two) = tokio::join!(
            change(3, RotaChange::TakeOff(rota.people[0].id)),
            change(3, RotaChange::TakeOff(rota.people[1].id)),
        );
        let told = [one.expect("told"), two.expect("told")];
        assert!(
            told.contains(&RotaOutcome::Done) && told.contains(&RotaOutcome::ChangedMeanwhile),
            "{told:?}"
        );
        let rota = notify::rota(&app.db).await.expect("read");
        assert_eq!(
            (rota.people.len(), rota.version, rota.changes[0].by),
            (2, 4, Some(by))
        );
        assert!(rota.changes[0].what.starts_with("Taken off: "));
        // What is passed on goes to who is on the rota now, not to who stands in the file.
        gateway.refuse_number(&rota.people[0].phone);
        call(&app, alarm(Id::new(), &rota.people[0].phone)).await;
        assert_eq!(app.postman().deliver_due().await, 1);
        assert_eq!(gateway.numbers()[1], rota.people[1].phone);
    });
}

#[test]
fn a_channel_is_looked_at_without_calling_anybody() {
    on_both(|fresh| async move {
        let (mail, gateway) = (MailServer::start(), Gateway::start());
        let app = app_with(&fresh, &mail, gateway.channel()).await;
        gateway.answer(Answer::Status(405));
        let told = app.mailer.second_channel_answers().await.expect("it answers");
        assert!(told.contains("127.0.0.1") && !told.contains("K3Y"), "{told}");
        assert!(gateway.calls().is_empty() && gateway.requests()[0].starts_with("HEAD "));
        for answer in [Answer::Status(502), Answer::HangUp] {
            gateway.answer(answer);
            let told = app
                .mailer
                .second_channel_answers()
                .await
                .expect_err("it does not")
                .to_string();
            assert!(!told.contains("K3Y"), "{told}");
        }
        assert_eq!(counts(&app).await.waiting, 0);
    });
}
