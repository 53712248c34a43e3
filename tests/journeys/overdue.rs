//! Promises of contact that are broken: who is told, when, and how often. And who is told that somebody urgent was sent on.

use iapt_pad::config::ServiceName;
use iapt_pad::referrals::{ContactOutcome, Deed, Outcome, Reference, review, tell_daily};

use iapt_pad::staff::set_email;
use iapt_pad::values::Email;

use super::many_at_once::{DUTY, LEAD, Service, stranger};
use crate::support::app::at;
use crate::support::calls::record;
use crate::support::databases::on_both;
use crate::support::referrals::{ASubmission, submission};

const CORE: &str = "core-triage@talking.example.org";
const HWB: &str = "hwb-triage@talking.example.org";
const REVIEW: &str = "review@talking.example.org";

impl Service {
    async fn receives(&self, one: &ASubmission) -> Reference {
        let sent = one.send(self.app()).await;
        self.app().mailer.nudge();
        self.settled().await;
        sent.receipt().expect("a receipt").reference.clone()
    }

    /// Terry does this.
    async fn acts(&self, reference: &Reference, action: Deed) {
        let done = review(self.app(), reference, None, self.terry().await, action).await;
        assert_eq!(done.expect("an answer"), Outcome::Done);
        self.settled().await;
    }

    /// What was mailed to this mailbox about what is overdue.
    fn overdue_mails(&self, mailbox: &str) -> Vec<String> {
        let mails = self.mails_to(mailbox).into_iter();
        mails.filter(|subject| subject.starts_with("Overdue: ")).collect()
    }

    async fn daily(&self) {
        tell_daily(self.app()).await.expect("looked");
        self.settled().await;
    }
}

#[test]
fn overdue_p2_to_p4_call_nobody_and_are_one_mail_a_service_at_opening() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |_| {}).await;
        for number in 0..3 {
            let mut one = stranger(number);
            one.0.facts = submission().item9(1).0.facts;
            service.receives(&one).await;
        }
        let all = |service: &Service| -> Vec<String> {
            [CORE, HWB, REVIEW]
                .iter()
                .flat_map(|mailbox| service.overdue_mails(mailbox))
                .collect()
        };
        // Monday was the day they came; they were promised Tuesday. It is Tuesday night.
        service.app().clock.set(at("2026-11-24T22:00:00Z"));
        service.minutes_later(0).await;
        service.daily().await;
        assert!(
            all(&service).is_empty() && service.gateway.calls().is_empty(),
            "not by night"
        );
        service.app().clock.set(at("2026-11-25T09:00:00Z"));
        for _ in 0..3 {
            service.minutes_later(60).await;
            service.daily().await;
        }
        assert_eq!(all(&service), ["Overdue: 3 entries"], "once, with the number");
        assert!(service.gateway.calls().is_empty());
        let mail = service
            .mail
            .mails()
            .into_iter()
            .find(|mail| mail.header("Subject").starts_with("Overdue"));
        let mail = mail.expect("a mail");
        assert!(
            !mail.data.contains("Made Up") && mail.body().contains("/inbox/rings"),
            "{}",
            mail.data
        );
        service.app().clock.set(at("2026-11-26T09:00:00Z"));
        service.daily().await;
        assert_eq!(all(&service).len(), 2, "and again on the next working day");
        service.ends().await;
    });
}

#[test]
fn who_is_acknowledged_and_not_reached_in_time_is_told_and_nobody_twice_in_four_working_hours() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |_| {}).await;
        let reference = service.receives(&stranger(1)).await;
        service.acts(&reference, Deed::Acknowledge).await;
        assert_eq!(
            service.gateway.numbers(),
            [DUTY],
            "the alarm before it was acknowledged"
        );
        // Promised within four hours of 9:30.
        service.app().clock.set(at("2026-11-23T13:29:00Z"));
        service.minutes_later(0).await;
        assert_eq!(service.gateway.numbers().len(), 1);
        service.minutes_later(2).await;
        assert_eq!(service.gateway.numbers()[1..], [DUTY]);
        let subject = format!("Overdue: {reference}");
        assert_eq!(
            service.overdue_mails("duty@talking.example.org"),
            std::slice::from_ref(&subject)
        );
        service.minutes_later(14).await;
        service.minutes_later(1).await;
        assert_eq!(service.gateway.numbers()[1..], [DUTY, LEAD]);
        // Until four working hours are over nobody is told again: half past three of them on Monday, the rest on Tuesday.
        for _ in 0..60 {
            service.minutes_later(15).await;
        }
        assert_eq!(service.gateway.numbers().len(), 3);
        service.app().clock.set(at("2026-11-24T09:32:00Z"));
        service.minutes_later(0).await;
        assert_eq!(service.gateway.numbers()[3..], [DUTY]);
        // Noting something reaches nobody; a call that reaches them ends it.
        service
            .acts(&reference, Deed::Note("Terry will ring again".to_owned()))
            .await;
        service.minutes_later(15).await;
        assert_eq!(service.gateway.numbers()[4..], [LEAD]);
        let referral = service.id_of(&reference).await;
        record(
            service.app(),
            service.terry().await,
            referral,
            ContactOutcome::Spoke,
        )
        .await;
        service.minutes_later(24 * 60).await;
        assert_eq!(service.gateway.numbers().len(), 5);
        service.ends().await;
    });
}

#[test]
fn who_acknowledged_somebody_is_the_first_to_hear_that_they_were_not_reached() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |_| {}).await;
        let reference = service.receives(&stranger(1)).await;
        service.acts(&reference, Deed::Acknowledge).await;
        let (now, terry) = (service.app().clock.now(), service.terry().await);
        let mailbox = Email::parse("terry@talking.example.org").expect("an address");
        assert!(
            set_email(&service.app().db, now, terry, mailbox)
                .await
                .expect("set")
        );
        service.app().clock.set(at("2026-11-23T13:31:00Z"));
        service.minutes_later(0).await;
        assert_eq!(
            service.overdue_mails("terry@talking.example.org"),
            [format!("Overdue: {reference}")]
        );
        assert_eq!(service.gateway.numbers().len(), 1, "a colleague is not called");
        service.minutes_later(15).await;
        assert_eq!(
            service.gateway.numbers()[1..],
            [DUTY],
            "then on to who is on shift"
        );
        service.ends().await;
    });
}

#[test]
fn many_who_are_not_reached_in_time_are_told_together() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |_| {}).await;
        for number in 0..12 {
            let reference = service.receives(&stranger(number)).await;
            service.acts(&reference, Deed::Acknowledge).await;
        }
        service.minutes_later(5).await;
        let before = service.gateway.calls().len();
        service.app().clock.set(at("2026-11-23T13:31:00Z"));
        service.minutes_later(0).await;
        let calls = service.gateway.calls().split_off(before);
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].says("count"), "12");
        assert_eq!(
            service.overdue_mails("duty@talking.example.org"),
            ["Overdue: 12 entries"]
        );
        service.ends().await;
    });
}

#[test]
fn the_first_service_learns_who_has_somebody_urgent_whom_it_was_told_of() {
    on_both(|fresh| async move {
        let service = Service::new(fresh, |_| {}).await;
        let reference = service.receives(&stranger(1)).await;
        let first = match service.mails_to(CORE).is_empty() {
            true => REVIEW,
            false => CORE,
        };
        let sending = || Deed::SendOn {
            to: ServiceName::Hwb,
            reason: "A long-term condition".to_owned(),
        };
        service.acts(&reference, Deed::Acknowledge).await;
        service.acts(&reference, sending()).await;
        let told = service.mails_to(first);
        assert_eq!(
            told.last(),
            Some(&format!("{reference} is now with Health and Wellbeing IAPT"))
        );
        assert_eq!(
            service.mails_to(HWB).len(),
            1,
            "and the other one is told as before"
        );
        let mail = service
            .mail
            .mails()
            .into_iter()
            .find(|mail| mail.header("Subject").contains("is now with"));
        let mail = mail.expect("a mail");
        assert!(
            !mail.data.contains("Made Up") && !mail.data.contains("long-term"),
            "{}",
            mail.data
        );
        // Of somebody who is not urgent only the service that has them is told.
        let mut calm = stranger(2);
        calm.0.facts = submission().0.facts;
        let calm = service.receives(&calm).await;
        let before = service.mails_to(CORE).len() + service.mails_to(REVIEW).len();
        let to = match service.mails_to(HWB).len() {
            1 => ServiceName::Hwb,
            _ => ServiceName::Core,
        };
        let sent = Deed::SendOn {
            to,
            reason: "Rather there".to_owned(),
        };
        service.acts(&calm, sent).await;
        let after = service.mails_to(CORE).len() + service.mails_to(REVIEW).len();
        assert!(after - before <= 1, "only the new one");
        let moved = service
            .mail
            .mails()
            .iter()
            .filter(|mail| mail.header("Subject").contains("is now with"))
            .count();
        assert_eq!(moved, 1);
        service.ends().await;
    });
}
