//! The drill and the doctor's look at the ways out: the real binary, a real mail server and a real gateway.

use std::path::Path;

use diesel::prelude::*;
use iapt_pad::config::{DatabaseUrl, EXAMPLE};
use iapt_pad::db::Db;
use iapt_pad::db::schema::{outbox, referral_event};
use iapt_pad::dispatch;
use iapt_pad::notify::Channel;
use iapt_pad::values::MasterKey;

use super::command_line::{iapt_pad, ran, settings};
use crate::support::databases::on_both;
use crate::support::gateway::{Answer, Gateway, SECRET};
use crate::support::mail::MailServer;
use crate::support::server::served_as;

/// What a command of a configured service needs.
struct Desk {
    folder: tempfile::TempDir,
    key: String,
    mail: MailServer,
    gateway: Gateway,
}

impl Desk {
    fn new() -> Self {
        let desk = Desk {
            folder: tempfile::tempdir().expect("a folder"),
            key: MasterKey::draw().expect("randomness").to_base64(),
            mail: MailServer::start(),
            gateway: Gateway::start(),
        };
        let channel = format!("[escalation.webhook]\nurl = \"{}\"", desk.gateway.url());
        let with = EXAMPLE.replacen("# [escalation.webhook]", &channel, 1);
        std::fs::write(desk.path().join("with.toml"), with).expect("written");
        assert_eq!(desk.runs(&["migrate"], "with.toml").0, 0);
        desk
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn runs(&self, arguments: &[&str], locality: &str) -> (i32, String, String) {
        let locality = match locality {
            "" => concat!(env!("CARGO_MANIFEST_DIR"), "/locality.toml").to_owned(),
            file => self.path().join(file).display().to_string(),
        };
        let mut command = iapt_pad(arguments);
        command
            .envs(settings(self.path(), &self.key))
            .env("LOCALITY", locality)
            .env("SMTP_URL", self.mail.url())
            .env("MAIL_FROM", "no-reply@talking.example.org")
            .env("ESCALATION_SECRET", SECRET);
        ran(&mut command)
    }

    /// How many messages wait or were delivered, and how many events stand on timelines.
    fn rows(&self) -> (i64, i64, i64) {
        let url = DatabaseUrl::Sqlite(self.path().join("pad.sqlite"));
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        runtime.block_on(async {
            let db = Db::open(&url).await.expect("a database");
            db.read(|conn| {
                let of = |status: &'static str| outbox::table.filter(outbox::status.eq(status)).count();
                let waiting = dispatch!(conn, c => of("waiting").get_result(c))?;
                let delivered = dispatch!(conn, c => of("delivered").get_result(c))?;
                let events = dispatch!(conn, c => referral_event::table.count().get_result(c))?;
                Ok((waiting, delivered, events))
            })
            .await
            .expect("counted")
        })
    }
}

#[test]
fn a_drill_reaches_everybody_by_both_ways_and_touches_no_patient() {
    let desk = Desk::new();
    let (code, said, told) = desk.runs(&["drill"], "with.toml");
    assert_eq!(code, 0, "{said}{told}");
    println!("{said}");
    assert_eq!(said.matches("ok  ").count(), 4, "{said}");
    assert!(
        said.contains("1. * Duty clinician") && said.contains("2. * Clinical lead"),
        "{said}"
    );
    assert!(said.contains("2 of 2 reached"), "{said}");
    let mails = desk.mail.mails();
    assert_eq!(mails.len(), 2);
    assert!(
        mails
            .iter()
            .all(|mail| mail.header("Subject") == "DRILL: nobody needs you")
    );
    let calls = desk.gateway.calls();
    assert!(
        calls
            .iter()
            .all(|call| call.signed && call.says("kind") == "drill")
    );
    assert_eq!(desk.gateway.numbers(), ["0114 496 0111", "0114 496 0112"]);
    assert_eq!(
        desk.rows(),
        (0, 4, 0),
        "no drill comes in late, and nothing else was written"
    );
    assert!(
        !said.contains(SECRET) && !told.contains(SECRET) && !told.contains("K3Y"),
        "{told}"
    );
}

#[test]
fn with_mail_down_the_drill_reaches_everybody_by_the_second_channel() {
    let desk = Desk::new();
    let (code, said, told) = desk.runs(&["drill", "--mail-down"], "with.toml");
    assert_eq!(code, 0, "{said}{told}");
    println!("{said}");
    assert_eq!(
        said.matches("not delivered: down for the drill").count(),
        2,
        "{said}"
    );
    assert!(
        said.contains("with mail treated as down") && said.contains("2 of 2 reached"),
        "{said}"
    );
    assert!(desk.mail.mails().is_empty());
    assert_eq!(desk.gateway.calls().len(), 2);
    assert_eq!(desk.rows(), (0, 2, 0));
    // A mail server that is down in earnest comes to the same, and is named by what it did.
    desk.mail.close(true);
    let (code, said, _) = desk.runs(&["drill", "--json"], "with.toml");
    assert_eq!(code, 0, "{said}");
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let lines = said["lines"].as_array().expect("lines");
    let of = |channel: &str| -> Vec<bool> {
        let lines = lines.iter().filter(|line| line["channel"] == channel);
        lines.map(|line| line["delivered"] == true).collect()
    };
    assert_eq!(
        (of("email"), of("webhook")),
        (vec![false, false], vec![true, true])
    );
}

#[test]
fn a_drill_that_reaches_nobody_fails() {
    let desk = Desk::new();
    desk.mail.close(true);
    desk.gateway.answer(Answer::Status(500));
    let (code, said, _) = desk.runs(&["drill"], "with.toml");
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("0 of 2 reached") && said.contains("http 500"),
        "{said}"
    );
    let (code, said, _) = desk.runs(&["drill", "--mail-down"], "");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("warn  there is no second channel"), "{said}");
    assert_eq!(desk.rows(), (0, 0, 0), "and nothing of it goes out later");
}

#[test]
fn the_doctor_looks_at_rota_and_second_channel_and_keeps_the_secret() {
    let desk = Desk::new();
    let (_, said, _) = desk.runs(&["doctor"], "with.toml");
    assert!(said.contains("ok    rota: 2 in the locality file"), "{said}");
    assert!(said.contains("ok    second channel: 127.0.0.1"), "{said}");
    assert!(desk.gateway.calls().is_empty(), "nobody is called by a look");
    let (_, said, _) = desk.runs(&["doctor"], "");
    assert!(said.contains("warn  second channel: none"), "{said}");
    desk.gateway.answer(Answer::HangUp);
    let (code, said, told) = desk.runs(&["doctor"], "with.toml");
    assert_eq!(code, 1);
    assert!(said.contains("FAIL  second channel: "), "{said}");
    for secret in [SECRET, "K3Y"] {
        assert!(!said.contains(secret) && !told.contains(secret), "{said}{told}");
    }
    let mut without = iapt_pad(&["serve"]);
    without
        .envs(settings(desk.path(), &desk.key))
        .env("LOCALITY", desk.path().join("with.toml"))
        .env("SMTP_URL", desk.mail.url())
        .env("MAIL_FROM", "no-reply@talking.example.org");
    let (code, _, told) = ran(&mut without);
    assert_eq!(code, 1);
    assert!(told.contains("ESCALATION_SECRET is not set"), "{told}");
}

#[test]
fn a_drill_beside_a_running_service_is_not_taken_from_its_hands() {
    on_both(|fresh| async move {
        let (mail, gateway) = (MailServer::start(), Gateway::start());
        let channel = gateway.channel();
        let clock = iapt_pad::values::Clock::system();
        let served = served_as(fresh, clock, mail.mail(), |config| {
            config.second_channel = channel
        })
        .await;
        let drill = served
            .app
            .postman()
            .drill("https://talking.example.org", true)
            .await;
        let drill = drill.expect("drilled");
        assert_eq!((drill.reached(), drill.lines.len()), (2, 4));
        let by_mail = drill.lines.iter().filter(|line| line.channel == Channel::Email);
        assert!(by_mail.into_iter().all(|line| !line.delivered));
        served.running.stop().await.expect("stopped");
        assert!(
            mail.mails().is_empty(),
            "the service at work did not mail them either"
        );
        assert_eq!(gateway.calls().len(), 2);
    });
}
