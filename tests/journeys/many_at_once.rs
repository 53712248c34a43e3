//! A flood, a weekend, shifts and leave: nobody is missed, and nobody is called forty times for it. Over real HTTP, with
//! a mail server and a pager gateway.

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::config::{Config, OtherRoute, Shift};
use iapt_pad::db::Db;
use iapt_pad::db::schema::{escalation, outbox, referral, referral_event};
use iapt_pad::dispatch;
use iapt_pad::notify::{self, Mailer};
use iapt_pad::referrals::{Door, Reference, escalate};
use iapt_pad::staff::{DisplayName, NewAccount, Password, Role, Username, add_account_with, list_accounts};
use iapt_pad::values::{Clock, Id};

use crate::support::app::{at, monday_morning, test_app_with};
use crate::support::browser::{Browser, Page};
use crate::support::databases::{Fresh, on_both};
use crate::support::gateway::Gateway;
use crate::support::mail::MailServer;
use crate::support::referrals::{ASubmission, submission};
use crate::support::server::{Served, served_as};

const PASSWORD: &str = "one-two-three-four";
pub(super) const DUTY: &str = "0114 496 0111";
pub(super) const LEAD: &str = "0114 496 0112";
const CRISIS: &str = "0114 496 0119";

pub(super) struct Service {
    served: Served,
    pub(super) mail: MailServer,
    pub(super) gateway: Gateway,
    desk: Browser,
}

impl Service {
    pub(super) async fn new(fresh: Fresh, change: impl FnOnce(&mut Config)) -> Self {
        let (mail, gateway) = (MailServer::start(), Gateway::start());
        let channel = gateway.channel();
        let served = served_as(fresh, monday_morning(), mail.mail(), |config| {
            config.second_channel = channel;
            change(config);
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

    pub(super) fn app(&self) -> &Arc<App> {
        &self.served.app
    }

    async fn signs_in(&self) {
        let form = format!("username=terry&password={PASSWORD}");
        self.desk.post("/staff/sign-in", &form).await.leads_to("/inbox");
    }

    pub(super) async fn minutes_later(&self, minutes: i64) -> usize {
        self.app().clock.advance_minutes(minutes);
        let told = escalate(self.app()).await.expect("looked");
        self.app().mailer.nudge();
        self.settled().await;
        told
    }

    /// Waits until every message of this moment was tried.
    pub(super) async fn settled(&self) {
        let begun = Instant::now();
        loop {
            let now = self.app().clock.now();
            let due = outbox::table
                .filter(outbox::status.eq("waiting"))
                .filter(outbox::next_try_at.le(now))
                .count();
            let read = self
                .app()
                .db
                .read(move |conn| Ok(dispatch!(conn, c => due.get_result::<i64>(c))?));
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

    /// How many mails this mailbox got, patients' confirmations left out.
    pub(super) fn mails_to(&self, mailbox: &str) -> Vec<String> {
        let mails = self.mail.mails().into_iter();
        mails
            .filter(|mail| mail.to == mailbox)
            .map(|mail| mail.header("Subject"))
            .collect()
    }

    async fn count_steps(&self) -> i64 {
        let read = self
            .app()
            .db
            .read(|conn| Ok(dispatch!(conn, c => escalation::table.count().get_result::<i64>(c))?));
        read.await.expect("counted")
    }

    async fn count_unacknowledged(&self) -> i64 {
        let now = referral::table.filter(referral::queue.eq("now")).count();
        let read = self
            .app()
            .db
            .read(move |conn| Ok(dispatch!(conn, c => now.get_result::<i64>(c))?));
        read.await.expect("counted")
    }

    /// How many lines of the clock stand on all timelines.
    async fn count_lines(&self) -> i64 {
        let lines = referral_event::table
            .filter(referral_event::kind.eq("escalated"))
            .count();
        let read = self
            .app()
            .db
            .read(move |conn| Ok(dispatch!(conn, c => lines.get_result::<i64>(c))?));
        read.await.expect("counted")
    }

    /// Terry's account.
    pub(super) async fn terry(&self) -> Id {
        let all = list_accounts(&self.app().db).await.expect("accounts");
        let terry = all.iter().find(|account| account.username == "terry");
        terry.expect("Terry").id
    }

    pub(super) async fn id_of(&self, reference: &Reference) -> Id {
        let one = referral::table
            .filter(referral::reference.eq(reference.as_str().to_owned()))
            .select(referral::id);
        let read = self
            .app()
            .db
            .read(move |conn| Ok(dispatch!(conn, c => one.first::<Id>(c))?));
        read.await.expect("a referral")
    }

    pub(super) async fn ends(self) {
        self.served.running.stop().await.expect("stopped");
    }
}

/// Somebody of whom nothing is like anybody else.
pub(super) fn stranger(number: usize) -> ASubmission {
    let mut one = submission().in_danger();
    one.0.person.name = format!(
        "Made Up{}",
        ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][number % 10]
    );
    one.0.person.phone = Some(format!("+44770090{number:04}"));
    one.0.person.email = None;
    one.0.person.postcode = Some(format!("S{} {}AB", 1 + number % 20, number % 10));
    one.0.person.date_of_birth = Some(jiff::civil::date(
        1950 + i16::try_from(number).expect("a year"),
        1,
        1,
    ));
    one
}

/// A flood through the public form: all in the same moment.
async fn flood(service: &Service, many: usize) {
    flood_of(service, 0..many).await;
}

async fn flood_of(service: &Service, numbers: std::ops::Range<usize>) {
    for number in numbers {
        stranger(number).send(service.app()).await;
    }
    service.app().mailer.nudge();
    service.settled().await;
}

fn crisis_team(config: &mut Config) {
    config.locality.escalation.after_rounds = Some(OtherRoute {
        name: "Crisis team".to_owned(),
        email: "crisis@example.org".to_owned(),
        phone: CRISIS.to_owned(),
    });
}

const CORE: &str = "core-triage@talking.example.org";
const REVIEW: &str = "review@talking.example.org";

#[test]
fn a_flood_is_told_together_and_each_referral_keeps_its_own_row_and_clock() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |_| {}).await;
        let mails = || service.mails_to(CORE).len() + service.mails_to(REVIEW).len();
        flood(&service, 41).await;
        assert_eq!(service.count_unacknowledged().await, 41);
        assert_eq!(service.count_steps().await, 41, "each has an alarm of its own");
        assert_eq!(
            (mails(), service.gateway.numbers()),
            (1, vec![DUTY.to_owned()]),
            "at once, and once"
        );
        let first = service.gateway.calls()[0].says("reference");
        assert_eq!(first.len(), 9, "the first is told by its reference: {first}");

        // The rest is told together at the end of five minutes.
        assert_eq!(service.minutes_later(4).await, 0);
        assert_eq!(mails(), 1);
        assert_eq!(service.minutes_later(1).await, 0);
        assert_eq!((mails(), service.gateway.numbers().len()), (2, 2));
        let together = &service.gateway.calls()[1];
        assert_eq!(together.says("reference"), "40 referrals");
        assert_eq!(together.says("count"), "40");
        assert!(together.says("link").ends_with("/inbox/now"), "{}", together.body);
        let subjects = [service.mails_to(CORE), service.mails_to(REVIEW)].concat();
        assert!(
            subjects.contains(&"Need attention today: 40 entries".to_owned()),
            "{subjects:?}"
        );

        // A quarter of an hour after they came, the next on the rota is told of all of them, by one mail and one call.
        assert_eq!(service.minutes_later(10).await, 41);
        assert_eq!(service.gateway.numbers()[2..], [LEAD]);
        assert_eq!(
            service.mails_to("lead@talking.example.org"),
            ["Need attention today: 41 entries"]
        );
        assert_eq!(service.count_steps().await, 82);
        println!(
            "41 forms: {} mails and {} calls in the first twenty minutes (before: 82 and 82)",
            mails() + service.mails_to("lead@talking.example.org").len(),
            service.gateway.calls().len()
        );
        service.ends().await;
    });
}

#[test]
fn what_came_in_the_minutes_is_told_once_by_whichever_instance_looks_first() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |_| {}).await;
        flood(&service, 3).await;
        assert_eq!(service.gateway.calls().len(), 1);
        service.app().clock.advance_minutes(5);
        let looks = (0..6).map(|_| {
            let app = service.app().clone();
            tokio::spawn(async move { escalate(&app).await.expect("looked") })
        });
        for look in looks.collect::<Vec<_>>() {
            look.await.expect("no panic");
        }
        service.app().mailer.nudge();
        service.settled().await;
        let said: Vec<String> = service
            .gateway
            .calls()
            .iter()
            .map(|call| call.says("count"))
            .collect();
        assert_eq!(said, ["1", "2"]);
        service.ends().await;
    });
}

#[test]
fn what_waits_for_the_end_of_the_minutes_is_told_by_the_next_process() {
    on_both(|fresh| async move {
        let url = fresh.url.clone();
        let service = Service::new(fresh, |_| {}).await;
        flood(&service, 3).await;
        let (mail, gateway) = (service.mail.mail(), service.gateway.channel());
        let key = service.app().config.secret_key.clone();
        let clock = Clock::fixed(service.app().clock.now().plus_minutes(5));
        service.served.running.stop().await.expect("stopped");
        // Another process, with nothing but the database and its key.
        let db = Db::open(&url).await.expect("opened");
        let mut next = test_app_with(db, clock, mail, key).await;
        next.config.second_channel = gateway;
        next.mailer = Mailer::from_config(&next.config).expect("ways out");
        let next = Arc::new(next);
        assert_eq!(escalate(&next).await.expect("looked"), 0);
        next.postman().deliver_due().await;
        let calls = service.gateway.calls();
        assert_eq!((calls.len(), calls[1].says("count")), (2, "2".to_owned()));
    });
}

#[test]
fn who_was_acknowledged_meanwhile_is_left_out_of_what_is_told_together() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |_| {}).await;
        flood(&service, 3).await;
        let all = unacknowledged(&service).await;
        let first = service.gateway.calls()[0].says("reference");
        let (told, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(one, _)| one.to_string() == first);
        // One of the two that would have been told together.
        acknowledge(&service, &others[..1]).await;
        service.minutes_later(5).await;
        let calls = service.gateway.calls();
        assert_eq!((calls.len(), calls[1].says("count")), (2, "1".to_owned()));
        assert_eq!(calls[1].says("reference"), others[1].0.to_string());
        acknowledge(&service, &[told[0].clone(), others[1].clone()]).await;
        spoke_with(&service, &told).await;
        spoke_with(&service, &others).await;
        flood_of(&service, 60..63).await;
        let rest = unacknowledged(&service).await;
        acknowledge(&service, &rest).await;
        spoke_with(&service, &rest).await;
        // Nobody is left when the five minutes are over: nothing is sent.
        let before = (service.mail.mails().len(), service.gateway.calls().len());
        service.minutes_later(5).await;
        service.minutes_later(300).await;
        assert_eq!(
            (service.mail.mails().len(), service.gateway.calls().len()),
            before
        );
        service.ends().await;
    });
}

#[test]
fn a_message_about_several_that_does_not_get_through_is_replaced_and_stopped_with_the_last_of_them() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |_| {}).await;
        service.mail.close(true);
        flood(&service, 3).await;
        service.minutes_later(5).await;
        flood_of(&service, 60..62).await;
        service.minutes_later(5).await;
        // Two and then two more: one mail waits beside the first one, with the number that is right.
        service.mail.close(false);
        service.minutes_later(4).await;
        let subjects = [service.mails_to(CORE), service.mails_to(REVIEW)].concat();
        assert_eq!(subjects.len(), 2, "{subjects:?}");
        assert!(
            subjects.contains(&"Need attention today: 4 entries".to_owned()),
            "{subjects:?}"
        );
        // The next are told by mail that is down; once the last is acknowledged nothing goes out any more.
        service.mail.refuse_next(10_000, 451);
        service.minutes_later(10).await;
        let all = unacknowledged(&service).await;
        assert_eq!(all.len(), 5);
        acknowledge(&service, &all).await;
        service.minutes_later(0).await;
        service.mail.relent();
        service.minutes_later(60).await;
        let all: Vec<(String, String)> = service
            .mail
            .mails()
            .iter()
            .map(|mail| (mail.to.clone(), mail.header("Subject")))
            .collect();
        assert_eq!(all.len(), 2, "{all:?}");
        service.ends().await;
    });
}

#[test]
fn from_friday_at_five_to_monday_at_nine_one_referral_makes_two_lines_and_some_thirty_calls() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, crisis_team).await;
        service.app().clock.set(at("2026-11-27T17:00:00Z"));
        let reference = stranger(1)
            .send(service.app())
            .await
            .receipt()
            .expect("a receipt")
            .reference
            .clone();
        service.settled().await;
        let mut gaps = Vec::new();
        let mut last = 0;
        for quarter in 1..=256_i64 {
            if service.minutes_later(15).await > 0 {
                gaps.push((quarter - last) * 15);
                last = quarter;
            }
        }
        assert_eq!(service.app().clock.now(), at("2026-11-30T09:00:00Z"));
        assert_eq!(gaps[..8], [15, 15, 15, 15, 30, 60, 120, 120], "{gaps:?}");
        assert!(gaps[6..].iter().all(|gap| *gap == 120), "{gaps:?}");
        let numbers = service.gateway.numbers();
        assert_eq!(numbers[..6], [DUTY, LEAD, DUTY, LEAD, CRISIS, DUTY]);
        assert_eq!(
            service.count_lines().await,
            2,
            "one line when it was passed on, one for the other route"
        );
        println!(
            "a weekend: {} calls, {} lines (before: 257 and 256)",
            numbers.len(),
            2
        );
        assert_eq!(numbers.len(), 37);
        service.signs_in().await;
        let page = service.desk.get(&format!("/inbox/{}", reference.as_str())).await;
        page.says("37 times, first Fri 27 Nov, last today")
            .says("Another route is taken: Crisis team, by mail and by the second channel");
        service.ends().await;
    });
}

#[test]
fn shifts_and_leave_are_kept_on_the_page_and_the_clock_follows_them() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |_| {}).await;
        let desk = &service.desk;
        let rota = notify::rota(&service.app().db).await.expect("read");
        let (duty, lead) = (rota.people[0].id, rota.people[1].id);
        let change = format!("/admin/rota/{duty}");
        let details = "name=Duty+clinician&email=duty@talking.example.org&phone=01144960111";
        let wrong = desk
            .post(
                &change,
                &format!("seen=1&{details}&shifts=Mon-Fri+09:00-17:00%0ANights"),
            )
            .await;
        wrong
            .is(422)
            .says("Line 2: Write the days first")
            .says("Nights</textarea>");
        let by_day = format!("seen=1&{details}&shifts=Mon-Fri+9:00-17:00");
        desk.post(&change, &by_day).await.leads_to("/admin/rota");
        let leads = "name=Clinical+lead&email=lead@talking.example.org&phone=01144960112";
        let nights = format!("seen=2&{leads}&shifts=Mon-Fri+17:00-09:00%0A%0Asat+to+sun");
        desk.post(&format!("/admin/rota/{lead}"), &nights)
            .await
            .leads_to("/admin/rota");
        desk.get(&change).await.says("Mon-Fri 09:00-17:00</textarea>");
        let page = desk.get("/admin/rota").await;
        page.says("Mon-Fri 17:00-09:00, until the next day")
            .says("Sat-Sun all day")
            .says("On now")
            .says("Mon 00:00 to Mon 09:00")
            .says("we tell everybody on the rota of an urgent referral, in order");
        assert_eq!(page.body.matches("On now").count(), 1);

        // Leave: from tomorrow, which is a Tuesday, to Wednesday.
        let leave = format!("/admin/rota/{duty}/leave");
        desk.get(&leave).await.is(200).says("No leave is noted");
        let backwards =
            "seen=3&first-day=25&first-month=11&first-year=2026&last-day=24&last-month=11&last-year=2026";
        desk.post(&leave, backwards)
            .await
            .is(422)
            .says("The last day must be the first day or later");
        let past =
            "seen=3&first-day=20&first-month=11&first-year=2026&last-day=21&last-month=11&last-year=2026";
        desk.post(&leave, past)
            .await
            .is(422)
            .says("must be today or later");
        let away = "first-day=24&first-month=11&first-year=2026&last-day=25&last-month=11&last-year=2026";
        desk.post(&leave, &format!("seen=2&{away}"))
            .await
            .is(409)
            .says("Somebody changed the rota");
        desk.post(&leave, &format!("seen=3&{away}"))
            .await
            .leads_to(&leave);
        desk.get(&leave)
            .await
            .says("24 November 2026 to 25 November 2026");
        desk.get("/admin/rota")
            .await
            .says("Tue 24 Nov 09:00 to Tue 24 Nov 17:00");
        desk.get(&format!("/admin/rota/{}/leave", notify::OTHER_ROUTE))
            .await
            .is(404);

        // On Monday by day, by night, and on Tuesday while the first is on leave and nobody is on shift.
        stranger(1).send(service.app()).await;
        service.settled().await;
        assert_eq!(service.gateway.numbers(), [DUTY]);
        service.minutes_later(15).await;
        assert_eq!(
            service.gateway.numbers(),
            [DUTY, DUTY],
            "the lead is not on shift"
        );
        let all = unacknowledged(&service).await;
        acknowledge(&service, &all).await;
        spoke_with(&service, &all).await;
        service.app().clock.set(at("2026-11-23T22:00:00Z"));
        stranger(2).send(service.app()).await;
        service.settled().await;
        assert_eq!(service.gateway.numbers()[2..], [LEAD]);
        service.signs_in().await;
        let all = unacknowledged(&service).await;
        acknowledge(&service, &all).await;
        spoke_with(&service, &all).await;
        service.app().clock.set(at("2026-11-24T12:00:00Z"));
        stranger(3).send(service.app()).await;
        service.settled().await;
        service.minutes_later(15).await;
        assert_eq!(
            service.gateway.numbers()[3..],
            [DUTY, LEAD],
            "everybody, for nobody is on shift"
        );
        service.signs_in().await;
        desk.get("/admin/rota").await.says("Nobody is on shift now");
        // The leave is taken back.
        let taken_back = desk.post(&leave, "seen=4&drop=2026-11-24+2026-11-25").await;
        taken_back.leads_to(&leave);
        desk.get(&leave).await.says("No leave is noted");
        desk.get("/admin/rota")
            .await
            .says("No longer on leave: Duty clinician, 24 November 2026");
        service.minutes_later(15).await;
        assert_eq!(service.gateway.numbers()[5..], [DUTY]);
        service.ends().await;
    });
}

#[test]
fn while_nobody_is_on_shift_the_other_route_is_called() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |config| {
            crisis_team(config);
            for person in &mut config.locality.rota {
                person.shifts = vec![Shift::parse("Mon-Fri 09:00-17:00").expect("a shift")];
            }
        })
        .await;
        service.app().clock.set(at("2026-11-28T03:00:00Z"));
        stranger(1).send(service.app()).await;
        service.settled().await;
        assert_eq!(
            service.gateway.numbers(),
            [CRISIS],
            "the shifts of the locality file were taken over"
        );
        service.minutes_later(15).await;
        assert_eq!(service.mails_to("crisis@example.org").len(), 1);
        // On Monday at nine those on shift are told at once, whatever the pause was by then.
        service.app().clock.set(at("2026-11-30T08:30:00Z"));
        service.minutes_later(0).await;
        let before = service.gateway.numbers().len();
        service.minutes_later(30).await;
        assert_eq!(service.gateway.numbers()[before..], [DUTY]);
        service.ends().await;
    });
}

#[test]
fn the_band_and_the_page_show_who_came_from_elsewhere_before_a_flood_and_fold_it() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |_| {}).await;
        flood(&service, 41).await;
        let mut by_phone = stranger(70);
        by_phone.0.door = Door::Staff;
        let by_phone = by_phone
            .send(service.app())
            .await
            .receipt()
            .expect("a receipt")
            .reference
            .clone();
        service.app().clock.advance_minutes(30);
        let later = stranger(71)
            .send(service.app())
            .await
            .receipt()
            .expect("a receipt")
            .reference
            .clone();
        service.settled().await;
        service.signs_in().await;
        let page = service.desk.get("/courses").await;
        let band = page.body.split("pad-now__list").nth(1).expect("the band");
        let band = band.split("</section>").next().expect("its end");
        let places: Vec<usize> = [by_phone.to_string(), later.to_string(), "41 referrals".to_owned()]
            .iter()
            .map(|text| {
                band.find(text.as_str())
                    .unwrap_or_else(|| panic!("{text} in {band}"))
            })
            .collect();
        assert!(places[0] < places[1] && places[1] < places[2], "{band}");
        assert!(page.body.contains("Now: 43 people need somebody today"));
        assert!(
            !band.contains(" more</a>"),
            "the band says whom all of them are: {band}"
        );
        let all = service.desk.get("/inbox/now").await;
        all.is(200)
            .says("With a slip, or from a physiotherapist")
            .says("Many at once: 41 from today, 9:30am");
        assert_eq!(all.body.matches("name=\"pick\"").count(), 43);
        assert_eq!(all.body.matches("Born or phone</th>").count(), 3);
        service.ends().await;
    });
}

#[test]
fn several_are_acknowledged_on_one_page_and_each_has_an_event_with_a_name() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |_| {}).await;
        flood(&service, 5).await;
        let all = unacknowledged(&service).await;
        let none = service.desk.post("/inbox/now", "then=").await;
        none.is(422).says("Tick at least one person");
        let page = service.desk.get("/inbox/now").await;
        page.says("Made Upb")
            .says("1 January 1951 (age 75)")
            .says(&all[1].0.to_string());

        // One of the ticked ones is acknowledged by somebody else before, and one never needed it.
        let calm = submission().named("Calm Example").send(service.app()).await;
        let calm = calm.receipt().expect("a receipt").reference.clone();
        acknowledge(&service, &all[..1]).await;
        let mut picks: Vec<String> = all[..4]
            .iter()
            .map(|(reference, seen)| format!("pick={}.{seen}", reference.as_str()))
            .collect();
        picks.push(format!("pick={}.1", calm.as_str()));
        let done = service.desk.post("/inbox/now", &picks.join("&")).await;
        done.is(409)
            .says("You acknowledged 3 people")
            .says("Made Upb, born 1 January 1951 (age 75)")
            .says("Not acknowledged")
            .says("somebody has acknowledged it already")
            .says("Now: 1 person needs somebody today");
        assert_eq!(done.body.matches("name=\"pick\"").count(), 1);
        assert_eq!(service.count_unacknowledged().await, 1);
        for (reference, _) in &all[..4] {
            let record = service.desk.get(&format!("/inbox/{}", reference.as_str())).await;
            record.says("Acknowledged</dt><dd>Terry Example");
        }
        let last = acknowledged(&service, &all[4..]).await;
        last.is(200)
            .says("You acknowledged 1 person")
            .says("Everybody has been acknowledged");
        spoke_with(&service, &all).await;
        service.minutes_later(300).await;
        assert_eq!(
            service.gateway.calls().len(),
            1,
            "nobody is called about them any more"
        );
        service.ends().await;
    });
}

/// Everybody unacknowledged, the longest waiting first, with the length of their timeline.
async fn unacknowledged(service: &Service) -> Vec<(Reference, i32)> {
    let now = referral::table
        .filter(referral::queue.eq("now"))
        .order((referral::received_at, referral::id))
        .select((referral::reference, referral::head_seq));
    let read = service
        .app()
        .db
        .read(move |conn| Ok(dispatch!(conn, c => now.load::<(String, i32)>(c))?));
    let rows = read.await.expect("read").into_iter();
    rows.map(|(reference, seen)| (Reference::parse(&reference).expect("a reference"), seen))
        .collect()
}

async fn acknowledged(service: &Service, who: &[(Reference, i32)]) -> Page {
    let picks: Vec<String> = who
        .iter()
        .map(|(reference, seen)| format!("pick={}.{seen}", reference.as_str()))
        .collect();
    service.desk.post("/inbox/now", &picks.join("&")).await
}

/// Somebody spoke with these people: nothing is owed to them.
async fn spoke_with(service: &Service, who: &[(Reference, i32)]) {
    for (reference, _) in who {
        let address = format!("/inbox/{}/attempt", reference.as_str());
        service.desk.post(&address, "outcome=spoke").await.is(303);
    }
}

async fn acknowledge(service: &Service, who: &[(Reference, i32)]) {
    acknowledged(service, who).await.is(200);
}
