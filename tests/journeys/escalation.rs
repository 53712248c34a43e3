//! Nobody is missed: an urgent referral goes from one to the next on the rota until a named person says that they act,
//! with mail down, over real HTTP and with a pager gateway that checks every signature.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use iapt_pad::db::schema::{escalation, outbox};
use iapt_pad::dispatch;
use iapt_pad::notify;
use iapt_pad::referrals::{EventKind, HandOver, Outcome, RecordNumber, Reference, escalate, hand_over, open};
use iapt_pad::staff::{DisplayName, NewAccount, Password, Role, Username, add_account_with};
use iapt_pad::values::Id;

use crate::support::app::{at, monday_morning};
use crate::support::browser::Browser;
use crate::support::databases::{Fresh, on_both};
use crate::support::gateway::{Answer, Gateway};
use crate::support::mail::MailServer;
use crate::support::referrals::submission;
use crate::support::server::{Served, served_as};

use super::patient::ANSWERS;

const PASSWORD: &str = "one-two-three-four";
const DUTY: &str = "0114 496 0111";
const LEAD: &str = "0114 496 0112";

/// A running service with a mail server, a gateway and a colleague at a desk.
struct Service {
    served: Served,
    mail: MailServer,
    gateway: Gateway,
    desk: Browser,
}

impl Service {
    async fn with_second_channel(fresh: Fresh) -> Self {
        Self::new(fresh, true).await
    }

    async fn new(fresh: Fresh, second_channel: bool) -> Self {
        let (mail, gateway) = (MailServer::start(), Gateway::start());
        let channel = gateway.channel();
        let served = served_as(fresh, monday_morning(), mail.mail(), |config| {
            if second_channel {
                config.second_channel = channel;
            }
        })
        .await;
        let desk = Browser::at(&served.base);
        let account = NewAccount {
            username: Username::parse("terry").expect("a username"),
            display_name: DisplayName::parse("Terry Example").expect("a name"),
            role: Role::Lead,
            clinic: None,
        };
        let now = served.app.clock.now();
        let added = add_account_with(&served.app.db, now, account, Password::typed(PASSWORD)).await;
        added.expect("an account");
        let service = Service {
            served,
            mail,
            gateway,
            desk,
        };
        service.signs_in().await;
        service
    }

    /// Terry signs in, again where the clock has moved on.
    async fn signs_in(&self) {
        let form = format!("username=terry&password={PASSWORD}");
        self.desk.post("/staff/sign-in", &form).await.leads_to("/inbox");
    }

    /// Somebody fills in the first pages, is not safe, and closes the tab.
    async fn somebody_is_not_safe(&self) -> Reference {
        let patient = Browser::at(&self.served.base);
        patient.post("/", "then=without").await.leads_to("/refer/1");
        let you =
            "name=Robin+Example&birth-day=29&birth-month=2&birth-year=1980&gp_in_area=yes&gp_surgery=Example";
        let reach = "phone=07700+900123&may=voicemail&best_time=am&line1=1+Made-up+Street&town=Sheffield\
                     &postcode=s1+2he";
        patient
            .post("/refer/1", "crisis_now=yes")
            .await
            .says("Thank you for telling us");
        patient.post("/refer/follow-up", "keep_safe=no&then=go").await;
        patient.post("/refer/2", you).await;
        patient.post("/refer/3", reach).await;
        let band = self.desk.get("/inbox").await;
        let from = band.body.find("pad-now__list").expect("the red band");
        let link = band
            .body
            .get(from..)
            .and_then(|rest| rest.split("/inbox/").nth(1));
        let link = link.and_then(|rest| rest.split('"').next()).expect("a link");
        Reference::parse(link).expect("a reference")
    }

    async fn minutes_later(&self, minutes: i64) -> usize {
        self.served.app.clock.advance_minutes(minutes);
        let told = escalate(&self.served.app).await.expect("looked");
        self.served.app.mailer.nudge();
        told
    }

    /// Waits until so many calls have come in, and gives the numbers.
    async fn numbers(&self, count: usize) -> Vec<String> {
        let begun = Instant::now();
        while self.gateway.numbers().len() < count {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "{:?}",
                self.gateway.numbers()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.settled().await;
        self.gateway.numbers()
    }

    /// Waits until every message of this moment was tried.
    async fn settled(&self) {
        let begun = Instant::now();
        loop {
            let now = self.served.app.clock.now();
            let due = outbox::table
                .filter(outbox::status.eq("waiting"))
                .filter(outbox::next_try_at.le(now));
            let read = self
                .served
                .app
                .db
                .read(move |conn| Ok(dispatch!(conn, c => due.count().get_result::<i64>(c))?));
            if read.await.expect("counted") == 0 {
                return;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "messages are not tried"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn acknowledge(&self, reference: &Reference, seen: &str) {
        let form = format!("seen={seen}");
        let address = format!("/inbox/{}/acknowledge", reference.as_str());
        assert_eq!(self.desk.post(&address, &form).await.status, 303);
    }

    /// Somebody spoke with the person: nothing is owed to them any longer.
    async fn spoke_with(&self, reference: &Reference) {
        let address = format!("/inbox/{}/attempt", reference.as_str());
        assert_eq!(self.desk.post(&address, "outcome=spoke").await.status, 303);
    }

    /// What the page of a referral says it has seen.
    async fn seen(&self, reference: &Reference) -> String {
        let page = self.desk.get(&format!("/inbox/{}", reference.as_str())).await;
        let seen = page.body.split("name=\"seen\" value=\"").nth(1);
        let seen = seen.and_then(|rest| rest.split('"').next());
        seen.expect("a length of the timeline").to_owned()
    }

    async fn told(&self, reference: &Reference) -> Vec<String> {
        let (app, reference) = (self.served.app.clone(), reference.clone());
        let read = self
            .served
            .app
            .db
            .read(move |conn| open(conn, &app.keys, &reference));
        let view = read.await.expect("read").expect("a referral");
        assert!(view.chain_is_whole);
        let told = view
            .timeline
            .into_iter()
            .filter(|event| event.kind == EventKind::Escalated);
        told.map(|event| event.payload.text.unwrap_or_default()).collect()
    }

    async fn ends(self) {
        self.served.running.stop().await.expect("stopped");
    }
}

#[test]
fn with_mail_down_one_after_the_other_is_called_until_a_named_person_acknowledges() {
    on_both(|fresh| async move {
        let service = Service::with_second_channel(fresh).await;
        service.mail.close(true);
        let reference = service.somebody_is_not_safe().await;
        let seen = service.seen(&reference).await;
        assert_eq!(service.numbers(1).await, [DUTY], "at once");
        service
            .desk
            .get("/inbox")
            .await
            .says("told Duty clinician, today, 9:30am");

        assert_eq!(service.minutes_later(14).await, 0);
        assert_eq!(service.minutes_later(1).await, 1);
        assert_eq!(
            service.numbers(2).await,
            [DUTY, LEAD],
            "after a quarter of an hour"
        );
        service
            .desk
            .get("/courses")
            .await
            .says("told Clinical lead, today, 9:45am");
        assert_eq!(service.minutes_later(15).await, 1);
        assert_eq!(service.numbers(3).await, [DUTY, LEAD, DUTY], "and round again");
        let calls = service.gateway.calls();
        assert!(
            calls
                .iter()
                .all(|call| call.signed && call.says("kind") == "urgent")
        );
        assert!(
            calls
                .iter()
                .all(|call| call.says("reference") == reference.to_string())
        );
        let steps: Vec<String> = calls.iter().map(|call| call.says("step")).collect();
        assert_eq!(steps, ["0", "1", "2"]);
        assert!(
            calls
                .iter()
                .all(|call| !call.body.contains("Robin") && !call.body.contains("07700"))
        );

        let told = service.told(&reference).await;
        assert_eq!(
            told.len(),
            1,
            "one line on the timeline, however often somebody was told"
        );
        assert!(
            told[0].contains("Told next: Clinical lead, by mail and by the second channel"),
            "{told:?}"
        );
        service.signs_in().await;
        let page = service.desk.get(&format!("/inbox/{}", reference.as_str())).await;
        page.says("3 times, first today, 9:30am, last today, 10:00am to Duty clinician")
            .says("Clinical lead once, Duty clinician 2 times");
        // Whoever opened the page before the clock told two colleagues can still acknowledge on it.
        service.acknowledge(&reference, &seen).await;
        service.spoke_with(&reference).await;
        assert_eq!(service.minutes_later(600).await, 0);
        service.mail.close(false);
        service.settled().await;
        assert_eq!(service.gateway.numbers().len(), 3, "nobody is called any more");
        assert!(
            service.mail.mails().is_empty(),
            "nor written to when mail is back"
        );
        service.signs_in().await;
        let inbox = service.desk.get("/inbox").await;
        inbox.is(200).never_says("pad-now__list");
        service.ends().await;
    });
}

#[test]
fn when_nothing_gets_through_the_red_band_says_whom_to_ring() {
    on_both(|fresh| async move {
        let service = Service::with_second_channel(fresh).await;
        service.mail.close(true);
        service.gateway.answer(Answer::HangUp);
        let reference = service.somebody_is_not_safe().await;
        service.settled().await;
        let band = service.desk.get("/inbox").await;
        band.says("Ring Duty clinician, <a href=\"tel:01144960111\">0114 496 0111</a>, now.");
        assert_eq!(service.minutes_later(15).await, 1);
        service.settled().await;
        // The call to the first did not arrive, so the first is told once more, by mail as well, before the next.
        service.desk.get("/inbox").await.says("Ring Duty clinician");
        assert_eq!(service.minutes_later(15).await, 1);
        service.settled().await;
        service
            .desk
            .get("/inbox")
            .await
            .says("Ring Clinical lead, <a href=\"tel:01144960112\">");
        service.gateway.answer(Answer::Status(200));
        service.served.app.clock.advance_minutes(10);
        service.settled().await;
        service
            .desk
            .get("/inbox")
            .await
            .says("told Clinical lead")
            .never_says("Ring ");
        service
            .acknowledge(&reference, &service.seen(&reference).await)
            .await;
        service.ends().await;
    });
}

#[test]
fn without_a_second_channel_the_next_are_told_by_mail_and_nobodys_mailbox_is_filled() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, false).await;
        let reference = service.somebody_is_not_safe().await;
        service.settled().await;
        let recipients = || -> Vec<String> { service.mail.mails().into_iter().map(|mail| mail.to).collect() };
        assert_eq!(recipients(), ["review@talking.example.org"]);
        service
            .desk
            .get("/inbox")
            .await
            .says("told the service’s mailbox, today");
        assert_eq!(service.minutes_later(15).await, 1);
        service.settled().await;
        assert_eq!(recipients()[1..], ["duty@talking.example.org"]);
        let second = &service.mail.mails()[1];
        assert!(
            second
                .header("Subject")
                .starts_with("Still needs attention today: ")
        );
        assert!(!second.data.contains("Robin") && second.body().contains(&reference.to_string()));
        // Mail is down from Friday to Monday: two messages wait, one for each mailbox, not three hundred.
        service.mail.refuse_next(10_000, 451);
        let mut told = 0;
        for _ in 0..24 {
            told += service.minutes_later(15).await;
        }
        assert_eq!(told, 7, "after two rounds the pauses grow");
        service.settled().await;
        service.signs_in().await;
        service
            .desk
            .get("/inbox")
            .await
            .says("Messages do not get through. Ring ");
        service.mail.relent();
        service.served.app.clock.advance_minutes(10);
        service.settled().await;
        let late = recipients().split_off(2);
        assert_eq!(late.len(), 2, "{late:?}");
        assert!(service.gateway.requests().is_empty());
        service
            .acknowledge(&reference, &service.seen(&reference).await)
            .await;
        service.ends().await;
    });
}

#[test]
fn two_instances_never_tell_one_step_twice() {
    on_both(|fresh| async move {
        let service = Service::with_second_channel(fresh).await;
        for _ in 0..5 {
            submission().in_danger().send(&service.served.app).await;
        }
        service.settled().await;
        service.minutes_later(5).await;
        service.settled().await;
        assert_eq!(
            service.gateway.calls().len(),
            2,
            "the first at once, four together"
        );
        for round in 1..=4_i64 {
            service.served.app.clock.advance_minutes(15);
            let looks = (0..4).map(|_| {
                let app = service.served.app.clone();
                tokio::spawn(async move { escalate(&app).await.expect("looked") })
            });
            let mut told = 0;
            for look in looks.collect::<Vec<_>>() {
                told += look.await.expect("no panic");
            }
            assert_eq!(told, 5, "round {round}");
            service.settled().await;
            let steps = escalation::table.count();
            let steps = service
                .served
                .app
                .db
                .read(move |conn| Ok(dispatch!(conn, c => steps.get_result::<i64>(c))?));
            assert_eq!(steps.await.expect("counted"), 5 + 5 * round);
        }
        // Twenty-five tellings, and not one call for each: what one instance was still noting while the other wrote
        // follows in a second call.
        let calls = service.gateway.calls().len();
        assert!((6..=10).contains(&calls), "{calls}");
        service.ends().await;
    });
}

#[test]
fn at_night_and_when_a_second_form_lifts_it_the_alarm_begins_too() {
    on_both(|fresh| async move {
        let service = Service::with_second_channel(fresh).await;
        let app = &service.served.app;
        app.clock.set(at("2026-12-26T02:00:00Z"));
        let calm = submission();
        let first = calm.clone().send(app).await.receipt().expect("a receipt").clone();
        service.settled().await;
        assert_eq!(service.minutes_later(60).await, 0);
        assert!(service.gateway.calls().is_empty(), "nobody is woken for nothing");
        // The same form again, with another answer to the first question.
        calm.in_danger().send(app).await;
        assert_eq!(service.numbers(1).await, [DUTY]);
        assert_eq!(
            service.minutes_later(14).await,
            0,
            "the clock starts with the worry, not with the form"
        );
        assert_eq!(service.minutes_later(1).await, 1);
        assert_eq!(service.numbers(2).await, [DUTY, LEAD]);
        service.signs_in().await;
        service
            .acknowledge(&first.reference, &service.seen(&first.reference).await)
            .await;
        assert_eq!(service.minutes_later(60).await, 0);
        service.ends().await;
    });
}

#[test]
fn the_rota_is_changed_on_its_page_and_the_clock_follows_it() {
    on_both(|fresh| async move {
        let service = Service::with_second_channel(fresh).await;
        let desk = &service.desk;
        let rota = desk.get("/admin/rota").await;
        rota.is(200)
            .says("Duty clinician")
            .says("Taken over from the locality file");
        let add = "/admin/rota/add";
        desk.get(add).await.is(200);
        let wrong = desk.post(add, "seen=1&name=&email=night&phone=12").await;
        wrong.is(422).says("There is a problem").says("value=\"night\"");
        let night = "name=Night+manager&email=night@talking.example.org&phone=01144960113";
        desk.post(add, &format!("seen=1&{night}"))
            .await
            .leads_to("/admin/rota");
        let late = desk
            .post(add, &format!("seen=1&{}", night.replace("night@", "other@")))
            .await;
        late.is(409)
            .says("Terry Example: Added: Night manager")
            .says("value=\"other@talking.example.org\"");
        let rota = notify::rota(&service.served.app.db).await.expect("read");
        assert_eq!(rota.people[2].phone, "0114 496 0113");
        let (duty, lead, manager) = (rota.people[0].id, rota.people[1].id, rota.people[2].id);
        desk.post(&format!("/admin/rota/{manager}/up"), "seen=2")
            .await
            .leads_to("/admin/rota");
        desk.post(&format!("/admin/rota/{duty}/down"), "seen=2")
            .await
            .is(409)
            .says("Nothing was changed");
        desk.post(&format!("/admin/rota/{duty}/off"), "seen=3")
            .await
            .leads_to("/admin/rota");
        let change = format!("/admin/rota/{lead}");
        desk.get(&change).await.says("value=\"Clinical lead\"");
        let lead_as = "seen=4&name=Lead&email=lead@talking.example.org&phone=0114+496+0119";
        desk.post(&change, lead_as).await.leads_to("/admin/rota");
        desk.post(&format!("/admin/rota/{lead}/off"), "seen=5")
            .await
            .leads_to("/admin/rota");
        desk.post(&format!("/admin/rota/{manager}/off"), "seen=6")
            .await
            .is(409)
            .says("Somebody has to be on the rota");
        desk.get("/admin/rota")
            .await
            .says("Taken off: Lead, lead@talking.example.org, 0114 496 0119");
        desk.get(&format!("/admin/rota/{duty}")).await.is(404);
        desk.get("/admin/rota/nobody").await.is(404);

        submission().in_danger().send(&service.served.app).await;
        assert_eq!(service.numbers(1).await, ["0114 496 0113"]);
        assert_eq!(service.minutes_later(15).await, 1);
        assert_eq!(
            service.numbers(2).await,
            ["0114 496 0113", "0114 496 0113"],
            "one person is the whole rota"
        );
        service.ends().await;
    });
}

#[test]
fn whoever_writes_out_of_hours_reads_when_somebody_is_next_there() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, false).await;
        service.served.app.clock.set(at("2026-12-25T20:00:00Z"));
        let morning = "on Tuesday 29 December, from 9am";
        let patient = Browser::at(&service.served.base);
        patient.post("/", "then=without").await.leads_to("/refer/1");
        for (page, form) in ANSWERS.into_iter().take(3) {
            patient.post(&format!("/refer/{page}"), form).await;
        }
        let worrying = "problem=low_mood&anything_else=I+want+to+end+my+life&ltc=none";
        let help = patient.post("/refer/4", worrying).await;
        help.says("Thank you for telling us")
            .says(morning)
            .says("Nobody is here to read it before then");
        let unsafe_now = patient.post("/refer/follow-up", "keep_safe=no&then=go").await;
        unsafe_now
            .says(morning)
            .says("Nobody is here to read it before then");
        let stopped = patient.post("/refer/follow-up", "then=stop&keep_safe=yes").await;
        stopped
            .says(morning)
            .says("Nobody is here to read it before then");

        let calm = Browser::at(&service.served.base);
        calm.post("/", "then=without").await.leads_to("/refer/1");
        for (page, form) in ANSWERS {
            calm.post(&format!("/refer/{page}"), form).await;
        }
        let confirmed = calm.get("/refer/10").await;
        confirmed
            .says("We have your answers")
            .says(morning)
            .says("Nobody is here to read them before then");
        service.ends().await;
    });
}

#[test]
fn that_the_next_was_told_is_no_news_for_a_hand_over_and_a_note_is() {
    on_both(|fresh| async move {
        let service = Service::with_second_channel(fresh).await;
        let reference = service.somebody_is_not_safe().await;
        let app = service.served.app.clone();
        let seen: i32 = service.seen(&reference).await.parse().expect("a length");
        assert_eq!(service.minutes_later(15).await, 1, "the next is told");
        let number = RecordNumber::parse("778-1").expect("a number");
        let entered = || HandOver::Entered {
            number: number.clone(),
            taken_over_by: None,
        };
        let early = hand_over(&app, &reference, seen, Id::new(), entered()).await;
        assert_eq!(early.expect("an answer"), Outcome::AcknowledgeFirst);
        let note = format!("/inbox/{}/note", reference.as_str());
        service.desk.post(&note, "note_text=The+GP+rang").await.is(303);
        let late = hand_over(&app, &reference, seen, Id::new(), entered()).await;
        assert_eq!(late.expect("an answer"), Outcome::ChangedMeanwhile);
        service.ends().await;
    });
}
