//! Workers that are killed, that are two, and that stop when asked.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use iapt_pad::db::Db;
use iapt_pad::notify::{OutboxCommand, Postman};
use iapt_pad::values::Id;

use super::{counts, normal, office, row, urgent};
use crate::support::databases::on_both;

/// Waits for what happens beside the test, and not for ever.
async fn until(what: &str, happened: impl Fn() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < Duration::from_secs(20), "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[test]
fn a_worker_killed_between_sending_and_marking_sends_again_under_the_same_name() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        office.server.hold_answers(Duration::from_secs(15));
        let id = office.write(&normal("team@example.org")).await;
        let app = office.app.clone();
        let worker = tokio::spawn(async move { app.postman().deliver_due().await });
        until("the server has the mail", || office.server.mails().len() == 1).await;
        worker.abort();
        assert!(worker.await.expect_err("killed").is_cancelled());
        office.server.hold_answers(Duration::ZERO);
        assert_eq!(office.deliver().await, 0, "its claim still stands");
        office.app.clock.advance_minutes(4);
        let begun = Instant::now();
        assert_eq!(office.deliver().await, 1);
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "the broken conversation was not gone on with"
        );
        let mails = office.server.mails();
        assert_eq!(mails.len(), 2);
        assert_eq!(mails[0].message_id(), mails[1].message_id());
        assert_eq!(mails[0].data, mails[1].data, "the same to the last letter");
        assert_eq!(row(&office.app, id).await.status, "delivered");
    });
}

#[test]
fn two_instances_at_once_deliver_each_message_once() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        let about = Id::new();
        let (mut written, mut in_order) = (BTreeSet::new(), Vec::new());
        for number in 0..60 {
            let id = match number % 3 {
                0 => office.write(&urgent(Id::new(), "duty@talking.example.org")).await,
                1 => office.write(&normal("team@example.org")).await,
                _ => {
                    let mut message = normal("team@example.org");
                    message.about = Some(about);
                    let id = office.write(&message).await;
                    in_order.push(format!("<{id}@talking.example.org>"));
                    id
                }
            };
            written.insert(format!("<{id}@talking.example.org>"));
        }
        let (here, there) = (office.app.clone(), office.app.clone());
        let second = Db::open(&fresh.url).await.expect("a second instance");
        let one = tokio::spawn(async move { here.postman().deliver_due().await });
        let two = tokio::spawn(async move {
            let postman = Postman {
                db: &second,
                ..there.postman()
            };
            postman.deliver_due().await
        });
        let (one, two) = (one.await.expect("joined"), two.await.expect("joined"));
        // A message whose elder was in the other's hands at the end waits for the next look.
        let rest = office.deliver().await;
        assert_eq!(one + two + rest, 60);
        let mails = office.server.mails();
        assert_eq!(mails.len(), 60);
        let names: Vec<String> = mails.iter().map(|mail| mail.message_id()).collect();
        assert_eq!(names.iter().cloned().collect::<BTreeSet<_>>(), written);
        let about_one_thing: Vec<_> = names.iter().filter(|name| in_order.contains(name)).collect();
        assert_eq!(about_one_thing, in_order.iter().collect::<Vec<_>>());
        assert_eq!(counts(&office.app).await.waiting, 0);
    });
}

#[test]
fn the_running_worker_wakes_when_nudged_and_finishes_what_it_has_in_hand() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let app = office.app.clone();
        let worker = tokio::spawn(async move {
            app.postman()
                .run(async {
                    let _dropped = stopped.await;
                })
                .await
        });
        office.server.hold_answers(Duration::from_millis(300));
        let id = office.write(&normal("team@example.org")).await;
        office.app.mailer.nudge();
        until("the mail is on its way", || office.server.mails().len() == 1).await;
        stop.send(()).expect("it listens");
        worker.await.expect("it ends by itself");
        assert_eq!(row(&office.app, id).await.status, "delivered");
    });
}

#[test]
fn an_urgent_message_does_not_stand_behind_a_slow_conversation() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        office.server.hold_answers(Duration::from_secs(15));
        for _ in 0..3 {
            office.write(&normal("team@example.org")).await;
        }
        let app = office.app.clone();
        let worker = tokio::spawn(async move { app.postman().run(std::future::pending()).await });
        until("the first mail is slow", || office.server.mails().len() == 1).await;
        office.write(&urgent(Id::new(), "duty@talking.example.org")).await;
        office.app.mailer.nudge();
        until("the urgent mail", || office.server.mails().len() == 2).await;
        assert_eq!(
            office.recipients(),
            ["team@example.org", "duty@talking.example.org"]
        );
        worker.abort();
    });
}

#[test]
fn the_commands_show_what_waits_without_a_word_of_it() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        let now = office.app.clock.now();
        let list = |json| OutboxCommand::List { json }.run(&office.app.db, now);
        assert_eq!(
            list(false).await.expect("a list"),
            "Nothing waits and nothing was given up.\n"
        );
        office.server.refuse_next(1, 451);
        let id = office.write(&urgent(Id::new(), "duty@talking.example.org")).await;
        office.deliver().await;
        for told in [
            list(false).await.expect("a list"),
            list(true).await.expect("a list"),
        ] {
            assert!(
                told.contains(&id.to_string()) && told.contains("smtp 451"),
                "{told}"
            );
            assert!(!told.contains("duty") && !told.contains("attention"), "{told}");
        }
        assert_eq!(office.deliver().await, 0);
        let told = OutboxCommand::Retry
            .run(&office.app.db, now)
            .await
            .expect("retried");
        assert!(told.starts_with("1 waiting"), "{told}");
        assert_eq!(office.deliver().await, 1);
    });
}
