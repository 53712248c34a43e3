//! What is done in these stories, as they say it.

use iapt_pad::booking::{Hold, hold};
use iapt_pad::config::ServiceName;
use iapt_pad::referrals::{
    Answering, Asking, By, ContactOutcome, Contacting, Declining, Deed, Outcome, Reference, ReferralView,
    Reviewing, Way, answer, open, record_contact, review_as,
};
use iapt_pad::triage::Step;
use iapt_pad::values::Id;

use super::Story;
use crate::support::courses::act;
use crate::support::referrals::{ASubmission, shipped_rules, submission};

impl Story {
    pub(super) async fn sent(&self, name: &str, with: impl FnOnce(ASubmission) -> ASubmission) -> Reference {
        self.app.clock.advance_minutes(7);
        let sent = with(submission().named(name)).send(&self.app).await;
        sent.receipt().expect("a receipt").reference.clone()
    }

    pub(super) async fn does(&self, reference: &Reference, deed: Deed) {
        self.does_as(self.team.terry, reference, deed).await;
    }

    pub(super) async fn does_as(&self, by: Id, reference: &Reference, deed: Deed) {
        self.app.clock.advance_minutes(1);
        let told = format!("{deed:?}");
        let reviewing = Reviewing::new(&self.app, reference, None, by, deed).expect("drawn");
        let outcome = review_as(reviewing.by_who_may_end_at_risk(by == self.team.lee)).await;
        assert_eq!(outcome.expect("done"), Outcome::Done, "{told}");
    }

    /// Takes them on; for an assessment where no service has been chosen yet.
    pub(super) async fn accepts(&self, reference: &Reference) {
        let step = match self.view(reference).await.service {
            ServiceName::Review => Step::Assess,
            ServiceName::Core | ServiceName::Hwb => Step::Two,
        };
        self.does(reference, accept(step)).await;
    }

    pub(super) async fn view(&self, reference: &Reference) -> ReferralView {
        let (inside, reference) = (self.app.clone(), reference.clone());
        let read = self.app.db.read(move |conn| open(conn, &inside.keys, &reference));
        read.await.expect("read").expect("there")
    }

    pub(super) async fn seen(&self, reference: &Reference) -> i32 {
        i32::try_from(self.view(reference).await.seen()).expect("short")
    }

    pub(super) fn ask(&self, way: Way) -> Deed {
        Deed::Ask(Asking {
            question: "How long have you had this?".to_owned(),
            way,
            answer_by: self.app.clock.now().plus_days(7),
        })
    }

    pub(super) async fn answers(&self, reference: &Reference, words: &str) {
        let answering = Answering::in_words(words, self.app.clock.now()).expect("drawn");
        let (inside, rules) = (self.app.clone(), shipped_rules(&self.app));
        let id = self.view(reference).await.id;
        let kept = self
            .app
            .db
            .write(move |conn| answer(conn, &inside, &rules, id, &answering));
        kept.await.expect("kept");
    }

    pub(super) async fn rings(&self, reference: &Reference, outcome: ContactOutcome, note: &str) {
        self.app.clock.advance_minutes(45);
        let ringing = Contacting::new(self.app.clock.now(), self.team.terry, outcome, note);
        let (inside, ringing) = (self.app.clone(), ringing.expect("drawn"));
        let id = self.view(reference).await.id;
        self.app
            .db
            .write(move |conn| record_contact(conn, &inside, id, &ringing))
            .await
            .expect("rung");
    }

    pub(super) async fn holds(&self, reference: &Reference, run: Id) {
        let id = self.view(reference).await.id;
        let held = act(&self.app, By::Patient, move |conn, app, act| {
            hold(conn, app, act, run, id)
        })
        .await;
        assert!(matches!(held, Hold::Held(_)), "{held:?}");
    }
}

fn accept(step: Step) -> Deed {
    Deed::Accept {
        step,
        reason: Some("As suggested.".to_owned()),
        with: None,
    }
}

pub(super) fn decline(way: Way) -> Deed {
    Deed::Decline(Declining {
        way,
        ..Declining::by_call("With another service.", "The service you are with.")
    })
}
