//! Who goes first, who is told next, and when it stops.

use iapt_pad::notify::{self, Lane, Message};
use iapt_pad::values::Id;

use super::{counts, normal, office, row, urgent};
use crate::support::databases::on_both;

const SERVICE: &str = "core-triage@talking.example.org";
const DUTY: &str = "duty@talking.example.org";
const LEAD: &str = "lead@talking.example.org";

#[test]
fn an_urgent_message_overtakes_a_hundred_that_wait() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        for _ in 0..100 {
            office.write(&normal("team@example.org")).await;
        }
        office.write(&urgent(Id::new(), SERVICE)).await;
        assert_eq!(counts(&office.app).await.waiting, 101);
        assert_eq!(counts(&office.app).await.urgent_waiting, 1);
        assert_eq!(office.deliver().await, 101);
        let subjects = office.subjects();
        assert_eq!(subjects[0], "Needs attention today");
        assert!(subjects[1..].iter().all(|subject| subject == "New referral 7K3M"));
    });
}

#[test]
fn an_urgent_message_waits_neither_for_a_broken_one_nor_for_another_urgent_one() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        let about = Id::new();
        office.server.refuse_mailbox(SERVICE, 451);
        office
            .write(&Message {
                about: Some(about),
                ..normal(SERVICE)
            })
            .await;
        office.write(&urgent(about, SERVICE)).await;
        office.write(&urgent(about, DUTY)).await;
        assert_eq!(office.deliver().await, 1);
        assert_eq!(office.recipients(), [DUTY]);
    });
}

#[test]
fn after_a_refusal_for_good_the_next_on_the_rota_is_told_at_once() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        office.server.refuse_mailbox(SERVICE, 550);
        office.server.refuse_mailbox(DUTY, 550);
        let message = urgent(Id::new(), SERVICE);
        let id = office.write(&message).await;
        assert_eq!(office.deliver().await, 1, "without any pause");
        let mails = office.server.mails();
        assert_eq!(office.recipients(), [LEAD]);
        assert_eq!(mails[0].header("Subject"), message.subject);
        assert_eq!(
            mails[0].body().replace("\r\n", "\n").trim_end(),
            message.body.trim_end()
        );
        let first = row(&office.app, id).await;
        assert_eq!((first.status.as_str(), &first.content), ("superseded", &None));
        assert_ne!(mails[0].message_id(), first.message_id);
        assert_eq!(counts(&office.app).await.waiting, 0);
    });
}

#[test]
fn when_the_whole_rota_refuses_it_begins_again_after_a_pause() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        for mailbox in [SERVICE, DUTY, LEAD] {
            office.server.refuse_mailbox(mailbox, 550);
        }
        office.write(&urgent(Id::new(), SERVICE)).await;
        for _ in 0..20 {
            assert_eq!(office.deliver().await, 0);
            assert_eq!(counts(&office.app).await.urgent_waiting, 1, "one copy goes round");
            office.app.clock.advance_minutes(7);
        }
        assert_eq!(counts(&office.app).await.given_up, 0);
    });
}

#[test]
fn an_urgent_message_is_tried_for_days_until_somebody_acknowledges() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        office.server.refuse_mailbox(SERVICE, 451);
        let (about, other) = (Id::new(), Id::new());
        let id = office.write(&urgent(about, SERVICE)).await;
        let others = office.write(&urgent(other, SERVICE)).await;
        for _ in 0..4 {
            office.deliver().await;
            office.app.clock.advance_minutes(24 * 60);
        }
        assert_eq!(row(&office.app, id).await.status, "waiting");
        assert_eq!(row(&office.app, id).await.attempts, 4);
        let now = office.app.clock.now();
        let cancelled = office
            .app
            .db
            .write(move |conn| notify::cancel_urgent(conn, about, now))
            .await
            .expect("cancelled");
        assert_eq!(cancelled, 1);
        let ended = row(&office.app, id).await;
        assert_eq!((ended.status.as_str(), &ended.content), ("superseded", &None));
        assert_eq!(
            row(&office.app, others).await.status,
            "waiting",
            "only what it is about"
        );
        office.deliver().await;
        assert_eq!(row(&office.app, id).await.attempts, 4);
    });
}

#[test]
fn order_holds_within_one_referral_and_nowhere_else() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        let (one, two) = (Id::new(), Id::new());
        let named = |about, subject: &str| Message {
            about: Some(about),
            lane: Lane::Normal,
            subject: subject.to_owned(),
            ..normal("team@example.org")
        };
        office.server.refuse_next(1, 451);
        office.write(&named(one, "one, first")).await;
        office.write(&named(one, "one, second")).await;
        office.write(&named(two, "two, first")).await;
        assert_eq!(office.deliver().await, 1);
        assert_eq!(office.subjects(), ["two, first"]);
        office.app.clock.advance_minutes(2);
        assert_eq!(office.deliver().await, 2);
        assert_eq!(office.subjects()[1..], ["one, first", "one, second"]);
    });
}
