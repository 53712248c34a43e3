//! People in every state that a colleague, or they themselves, can bring about.

use iapt_pad::config::ServiceName;
use iapt_pad::questionnaire::{Answers, CrisisNow};
use iapt_pad::referrals::{
    Assigning, Changing, ContactDetails, ContactOutcome, Deed, HandOver, Leaving, Outcome, RecordNumber,
    Said, Verdict, Way, assign, change_contact, escalate, hand_over, tell_alike, withdraw,
};
use iapt_pad::staff::{ReadNote, Reader, record_read};
use iapt_pad::triage::Step;

use super::Story;
use super::verbs::decline;
use crate::support::referrals::ASubmission;

impl Story {
    /// New ones, and those that were taken on.
    pub(super) async fn deciding(&self) {
        self.sent("Alex Example", |one| one).await;
        self.sent("Billie Example", |one| one.item9(1)).await;
        self.sent("Casey Example", |one| one.expecting()).await;
        let noted = self.sent("Charlie Example", |mut one| {
            one.0.needs_checking = vec!["postcode Made-up".to_owned()];
            one.0.answers = Some(Answers {
                anything_else: Some("My garden helps me.".to_owned()),
                ..Answers::default()
            });
            one
        });
        self.does(&noted.await, Deed::Note("Asked a colleague.".to_owned()))
            .await;
        let accepted = self.sent("Dana Example", |one| one).await;
        let deed = Deed::Accept {
            step: Step::Three,
            reason: Some("Tried step 2 last year.".to_owned()),
            with: Some("Dr Example".to_owned()),
        };
        self.does(&accepted, deed).await;
        let worried = self.sent("Drew Example", |one| one.item9(2)).await;
        self.does(&worried, Deed::Claim).await;
        self.accepts(&worried).await;
        let sent_on = self.sent("Eddie Example", |one| one).await;
        let deed = Deed::SendOn {
            to: ServiceName::Core,
            reason: "No long-term condition.".to_owned(),
        };
        self.does(&sent_on, deed).await;
        let claimed = self.sent("Ellis Example", |one| one).await;
        self.does(&claimed, Deed::Claim).await;
        let assigning = Assigning::new(
            claimed.clone(),
            self.seen(&claimed).await,
            (self.team.lee, "Lee Lead".to_owned()),
            self.team.terry,
            self.app.clock.now(),
        );
        let (inside, assigning) = (self.app.clone(), assigning.expect("drawn"));
        let given = self
            .app
            .db
            .write(move |conn| assign(conn, &inside.keys, &assigning))
            .await;
        assert_eq!(given.expect("given"), Outcome::Done);
        let left = self.sent("Emery Example", |one| one).await;
        self.does_as(self.team.leaver, &left, Deed::Claim).await;
        let handed = self.sent("Fay Example", |one| one.item9(1)).await;
        self.accepts(&handed).await;
        let number = RecordNumber::parse("P-12345").expect("a number");
        let said = HandOver::Entered {
            number,
            taken_over_by: None,
        };
        let over = hand_over(
            &self.app,
            &handed,
            self.seen(&handed).await,
            self.team.terry,
            said,
        )
        .await;
        assert_eq!(over.expect("handed over"), Outcome::Done);
    }

    /// Calls, and questions on the way.
    pub(super) async fn asking(&self) {
        let by_page = self.sent("Finley Example", |one| one).await;
        self.does(&by_page, self.ask(Way::Page)).await;
        let by_call = self.sent("Francis Example", |one| one.item9(1)).await;
        self.does(&by_call, self.ask(Way::Call)).await;
        let answered = self.sent("Frankie Example", |one| one).await;
        self.does(&answered, self.ask(Way::Page)).await;
        self.answers(&answered, "I am better since spring.").await;
        let worries = self.sent("Gale Example", |one| one).await;
        self.does(&worries, self.ask(Way::Page)).await;
        self.answers(&worries, "I think of suicide.").await;
        let rung = self.sent("Jamie Example", |one| one.item9(1)).await;
        for outcome in [ContactOutcome::NoAnswer, ContactOutcome::Voicemail] {
            self.rings(&rung, outcome, "Asked for them by first name.").await;
        }
        let wrong = self.sent("Jo Example", |one| one).await;
        self.rings(&wrong, ContactOutcome::WrongNumber, "").await;
        let spoken = self.sent("Jordan Example", |one| one.item9(1)).await;
        self.rings(&spoken, ContactOutcome::Spoke, "A good talk.").await;
        let moved = self.sent("Jody Example", |one| one).await;
        let view = self.view(&moved).await;
        let now = ContactDetails {
            phone: Some("+447700900999".to_owned()),
            text_ok: false,
            ..ContactDetails::of(&view.person)
        };
        let (inside, id, when) = (self.app.clone(), view.id, self.app.clock.now());
        let changing = Changing::draw(when).expect("drawn");
        let changed = self
            .app
            .db
            .write(move |conn| change_contact(conn, &inside, id, &now, changing));
        changed.await.expect("changed");
    }

    /// Declined, closed, not reached, withdrawn, opened again.
    pub(super) async fn ending(&self) {
        for (name, way) in [("Kelly Example", Way::Call), ("Kerry Example", Way::Letter)] {
            let declined = self.sent(name, |one| one).await;
            self.does(&declined, decline(way)).await;
            if way == Way::Letter {
                self.rings(&declined, ContactOutcome::LetterSent, "").await;
            }
        }
        let closed = self.sent("Lane Example", |one| one.item9(1)).await;
        let deed = Deed::Close {
            reason: "Moved away.".to_owned(),
            told: Some("Dr Example, by phone".to_owned()),
        };
        self.does_as(self.team.lee, &closed, deed).await;
        let missed = self.sent("Lee Example", |one| one).await;
        for _ in 0..3 {
            self.app.clock.advance_minutes(120);
            self.rings(&missed, ContactOutcome::NoAnswer, "").await;
        }
        let deed = Deed::CouldNotReach {
            tried: "A letter.".to_owned(),
            told: None,
        };
        self.does(&missed, deed).await;
        let reopened = self.sent("Leslie Example", |one| one).await;
        self.does(&reopened, decline(Way::Call)).await;
        let reason = "They rang back.".to_owned();
        self.does(&reopened, Deed::Reopen { reason }).await;
        for (name, item9) in [("Logan Example", 0), ("Mika Example", 1)] {
            let withdrawn = self.sent(name, |one| one.item9(item9)).await;
            let leaving = Leaving::draw(self.app.clock.now()).expect("drawn");
            let (inside, id) = (self.app.clone(), self.view(&withdrawn).await.id);
            let left = self
                .app
                .db
                .write(move |conn| withdraw(conn, &inside, id, &leaving))
                .await;
            left.expect("withdrawn");
        }
        let unfinished = self.sent("Morgan Example", |one| one.item9(1).unfinished()).await;
        let note = ReadNote::new(
            Reader::Staff(self.team.terry),
            "referral",
            Some(self.view(&unfinished).await.id),
            self.app.clock.now(),
        );
        record_read(&self.app.db, note).await.expect("noted");
    }

    /// One person in two referrals, and two people who look alike.
    pub(super) async fn twice(&self) {
        for (name, verdict) in [("Nicky Example", Verdict::Same), ("Noel Example", Verdict::Apart)] {
            let pair = [self.sent(name, |one| one).await, self.sent(name, |one| one).await];
            let seen = (self.seen(&pair[0]).await, self.seen(&pair[1]).await);
            let said = Said::Verdict(verdict);
            let told = tell_alike(&self.app, (&pair[0], &pair[1]), seen, self.team.terry, said).await;
            assert_eq!(told.expect("said"), Outcome::Done);
        }
    }

    /// People in danger: acknowledged, tried in vain, and one whom nobody has acknowledged while the rota was told.
    pub(super) async fn danger(&self) {
        let acknowledged = self.sent("Skyler Example", ASubmission::in_danger).await;
        self.does(&acknowledged, Deed::Acknowledge).await;
        self.rings(&acknowledged, ContactOutcome::NoAnswer, "No voicemail.")
            .await;
        let accepted = self.sent("Toni Example", ASubmission::in_danger).await;
        self.does(&accepted, Deed::Acknowledge).await;
        self.accepts(&accepted).await;
        let spoken = self.sent("Val Example", ASubmission::in_danger).await;
        self.does(&spoken, Deed::Acknowledge).await;
        self.rings(&spoken, ContactOutcome::Spoke, "A plan is agreed.")
            .await;
        self.sent("Wynn Example", |mut one| {
            one.0.facts.crisis_now = Some(CrisisNow::PreferNot);
            one
        })
        .await;
        self.sent("Robbie Example", |one| one.in_danger().unfinished())
            .await;
        for _ in 0..3 {
            self.app.clock.advance_minutes(16);
            assert!(escalate(&self.app).await.expect("looked") > 0);
        }
    }
}
