//! One message, one server, and everything a server may answer.

use iapt_pad::config::{Config, Mail};
use iapt_pad::notify::{Mailer, Message, Postman};

use super::{app_with, counts, normal, office, row, write};
use crate::support::databases::on_both;
use crate::support::mail::{MailServer, mail_to, nobody};

fn mailer_to(config: &Config, mail: Mail) -> Mailer {
    let config = Config {
        mail,
        ..config.clone()
    };
    Mailer::from_config(&config).expect("a way out")
}

#[test]
fn a_message_arrives_whole_and_neutral() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        let message = Message {
            body: "Héllo.\n.\nA line that begins with a full stop:\n.hidden\n".to_owned(),
            subject: "Ihr Termin für Montag".to_owned(),
            ..normal("team@example.org")
        };
        let id = office.write(&message).await;
        assert_eq!(office.deliver().await, 1);
        let mails = office.server.mails();
        let [mail] = mails.as_slice() else {
            panic!("{} mails", mails.len())
        };
        assert_eq!(mail.from, "no-reply@talking.example.org");
        assert_eq!(mail.to, "team@example.org");
        assert_eq!(mail.header("From"), "no-reply@talking.example.org");
        assert_eq!(mail.header("To"), "team@example.org");
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert_eq!(mail.header("MIME-Version"), "1.0");
        assert_eq!(mail.header("Content-Type"), "text/plain; charset=utf-8");
        assert_eq!(mail.header("Date"), "Mon, 23 Nov 2026 09:30:00 +0000");
        assert_eq!(mail.message_id(), format!("<{id}@talking.example.org>"));
        assert!(mail.header("Subject").is_ascii());
        assert!(mail.data.is_ascii(), "no server has to know eight bits");
        assert!(mail.body().starts_with("H=C3=A9llo.\r\n.\r\n"));
        assert!(mail.body().contains("\r\n.hidden\r\n"));
        assert_eq!(counts(&office.app).await.waiting, 0);
    });
}

#[test]
fn a_refusal_for_now_is_tried_again_under_the_same_name_and_delivered_once() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        office.server.refuse_next(1, 451);
        let id = office.write(&normal("team@example.org")).await;
        assert_eq!(office.deliver().await, 0);
        let waiting = row(&office.app, id).await;
        assert_eq!(waiting.status, "waiting");
        assert_eq!(waiting.last_error.as_deref(), Some("smtp 451"));
        assert!(waiting.next_try_at > office.app.clock.now());
        assert_eq!(office.deliver().await, 0, "not before its pause is over");
        office.app.clock.advance_minutes(2);
        assert_eq!(office.deliver().await, 1);
        office.app.clock.advance_minutes(24 * 60);
        assert_eq!(office.deliver().await, 0);
        let mails = office.server.mails();
        assert_eq!(mails.len(), 1);
        let done = row(&office.app, id).await;
        assert_eq!(
            (done.status.as_str(), done.attempts, &done.content),
            ("delivered", 2, &None)
        );
        assert_eq!(done.message_id, waiting.message_id);
        assert_eq!(done.message_id, mails[0].message_id());
    });
}

#[test]
fn a_refusal_for_good_gives_a_normal_message_up_and_erases_it() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        office.server.refuse_next(1, 550);
        let id = office.write(&normal("nobody@example.org")).await;
        assert_eq!(office.deliver().await, 0);
        let given_up = row(&office.app, id).await;
        assert_eq!((given_up.status.as_str(), &given_up.content), ("given_up", &None));
        assert_eq!(
            given_up.last_error.as_deref(),
            Some("smtp 550"),
            "the server repeated the address; we do not"
        );
        assert!(given_up.message_id.starts_with('<'));
        office.app.clock.advance_minutes(24 * 60);
        assert_eq!(office.deliver().await, 0);
        assert_eq!(counts(&office.app).await.given_up, 1);
    });
}

#[test]
fn a_wrong_password_throws_no_mail_away() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        office.server.refuse_next(1, 535);
        let id = office.write(&normal("team@example.org")).await;
        office.deliver().await;
        assert_eq!(row(&office.app, id).await.status, "waiting");
        office.app.clock.advance_minutes(2);
        assert_eq!(office.deliver().await, 1);
    });
}

#[test]
fn a_server_that_is_closed_says_nothing_about_a_mailbox() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        office.server.close(true);
        let id = office.write(&normal("team@example.org")).await;
        assert_eq!(office.deliver().await, 0);
        let waiting = row(&office.app, id).await;
        assert_eq!(
            (waiting.status.as_str(), waiting.last_error.as_deref()),
            ("waiting", Some("smtp 554"))
        );
        office.server.close(false);
        office.app.clock.advance_minutes(2);
        assert_eq!(office.deliver().await, 1);
    });
}

#[test]
fn a_conversation_that_breaks_off_in_the_middle_of_a_mail_is_had_again() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        office.server.break_off(1);
        let id = office.write(&normal("team@example.org")).await;
        assert_eq!(office.deliver().await, 0);
        assert_eq!(
            row(&office.app, id).await.last_error.as_deref(),
            Some("connection")
        );
        office.app.clock.advance_minutes(2);
        assert_eq!(office.deliver().await, 1);
        assert_eq!(office.server.mails().len(), 1);
    });
}

#[test]
fn without_a_server_a_message_waits_longer_each_time_and_is_given_up_after_a_day() {
    on_both(|fresh| async move {
        let app = app_with(&fresh, nobody()).await;
        let id = write(&app, &normal("team@example.org")).await;
        let (written, mut pauses) = (app.clock.now(), Vec::new());
        while row(&app, id).await.status == "waiting" {
            app.clock.set(row(&app, id).await.next_try_at);
            assert_eq!(app.postman().deliver_due().await, 0);
            pauses.push(row(&app, id).await.next_try_at.since(app.clock.now()).as_secs());
            assert!(pauses.len() < 100, "it ends");
        }
        assert!(pauses[..6].is_sorted(), "{pauses:?}");
        assert!((60..=75).contains(&pauses[0]), "{pauses:?}");
        assert_eq!(app.clock.now(), written.plus_days(1));
        let given_up = row(&app, id).await;
        assert_eq!((given_up.status.as_str(), &given_up.content), ("given_up", &None));
        assert_eq!(given_up.last_error.as_deref(), Some("connection"));
    });
}

#[test]
fn where_protection_is_required_nothing_travels_in_clear() {
    on_both(|fresh| async move {
        let server = MailServer::start();
        // One program, two settings: the keys in the database are the first one's.
        let app = app_with(&fresh, nobody()).await;
        for url in [
            format!("{}?tls=required", server.url()),
            server.url().replace("smtp://", "smtp://pad:password@"),
        ] {
            let mailer = mailer_to(&app.config, mail_to(&url));
            let id = write(&app, &normal("team@example.org")).await;
            let postman = Postman {
                mailer: &mailer,
                ..app.postman()
            };
            assert_eq!(postman.deliver_due().await, 0);
            assert_eq!(row(&app, id).await.status, "waiting");
            assert_eq!(row(&app, id).await.attempts, 1);
            assert!(mailer.answers().await.is_err());
        }
        assert!(server.mails().is_empty());
    });
}

#[test]
fn nothing_typed_can_start_a_header_of_its_own() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        let mut written = Vec::new();
        for to in [
            "a@example.org\r\nBcc: b@example.org",
            "a@example.org\n",
            "a@example.org, b@example.org",
            "A <a@example.org>",
            "<a@example.org> SIZE=1",
            "",
        ] {
            written.push(office.write(&normal(to)).await);
        }
        for subject in ["x\r\nBcc: b@example.org", "x\ny", "x\u{0}"] {
            let message = Message {
                subject: subject.to_owned(),
                ..normal("a@example.org")
            };
            written.push(office.write(&message).await);
        }
        assert_eq!(office.deliver().await, 0);
        assert!(office.server.mails().is_empty());
        for id in written {
            let refused = row(&office.app, id).await;
            assert_eq!(
                (refused.status.as_str(), &refused.content),
                ("given_up", &None),
                "{refused:?}"
            );
        }
    });
}

#[test]
fn doctor_can_ask_whether_the_server_answers() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        office.app.mailer.answers().await.expect("an answer");
        let silent = mailer_to(&office.app.config, nobody());
        assert!(silent.answers().await.is_err());
    });
}
