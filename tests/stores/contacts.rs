//! The story of reaching people: each attempt is kept with a name, the next one is due at another time of day,
//! and what was tried does not get lost between two people who ring at once.

use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::config::Mail;
use iapt_pad::referrals::{
    Changing, ContactDetails, ContactOutcome, ContactPlan, Person, Recorded, Reference, ReferralView,
    Undoing, change_contact, list_to_contact, open, undo_contact,
};
use iapt_pad::staff::{self, Added, DisplayName, NewAccount, Password, Role, Username};
use iapt_pad::values::{Id, Ts};

use crate::support::app::{at, monday_morning, test_app};
use crate::support::calls::{plan, record};
use crate::support::databases::{Fresh, on_both};
use crate::support::referrals::{ASubmission, person, submission};

/// The team of one service, and the referrals it works on.
pub struct Team {
    pub app: Arc<App>,
    pub terry: Id,
    pub sam: Id,
}

impl Team {
    pub async fn of(fresh: Fresh) -> Team {
        let folder = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
        let app = Arc::new(test_app(fresh.db, monday_morning(), Mail::Captured(folder)).await);
        let terry = account(&app, "terry").await;
        let sam = account(&app, "sam").await;
        Team { app, terry, sam }
    }

    pub async fn received(&self, one: ASubmission) -> (Id, Reference) {
        self.app.clock.advance_minutes(1);
        let sent = one.send(&self.app).await;
        (
            sent.receipt().expect("a receipt").id,
            sent.receipt().expect("a receipt").reference.clone(),
        )
    }

    pub async fn rings(&self, who: Id, referral: Id, outcome: ContactOutcome) -> Recorded {
        record(&self.app, who, referral, outcome).await
    }

    pub async fn plan(&self, referral: Id) -> ContactPlan {
        plan(&self.app, referral).await
    }

    /// Subjects that are owed, the earliest due first.
    pub async fn owed(&self, referral: Id) -> Vec<&'static str> {
        let plan = self.plan(referral).await;
        plan.open().map(|promise| promise.subject.as_str()).collect()
    }

    pub async fn undoes(&self, who: Id, referral: Id) -> Option<ContactOutcome> {
        let undoing = Undoing::new(self.app.clock.now(), who).expect("randomness");
        let inside = self.app.clone();
        let undone = self
            .app
            .db
            .write(move |conn| undo_contact(conn, &inside, referral, undoing));
        undone.await.expect("undone")
    }

    pub async fn view(&self, reference: &Reference) -> ReferralView {
        let (inside, reference) = (self.app.clone(), reference.clone());
        let read = self.app.db.read(move |conn| open(conn, &inside.keys, &reference));
        let view = read.await.expect("read").expect("there");
        assert!(view.chain_is_whole, "the timeline verifies");
        view
    }
}

async fn account(app: &Arc<App>, username: &str) -> Id {
    let account = NewAccount {
        username: Username::parse(username).expect("a username"),
        display_name: DisplayName::parse(&format!("{username} Example")).expect("a name"),
        role: Role::Triage,
        clinic: None,
    };
    let password = Password::typed("one-two-three-four");
    match staff::add_account_with(&app.db, app.clock.now(), account, password).await {
        Ok(Added::Yes { id, .. }) => id,
        other => panic!("no account: {other:?}"),
    }
}

fn next(recorded: &Recorded) -> Option<Ts> {
    match recorded {
        Recorded::Kept { next, .. } => *next,
        other => panic!("not recorded: {other:?}"),
    }
}

#[test]
fn each_attempt_is_kept_and_the_next_is_due_at_another_time_of_day() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission().item9(1)).await;
        let promised = team.view(&one).await.contact_by;
        assert_eq!(
            team.plan(id).await.due_at(),
            Some(promised),
            "what they were told"
        );
        let due = at("2026-11-23T14:00:00Z");
        let first = team.rings(team.terry, id, ContactOutcome::NoAnswer).await;
        assert_eq!(next(&first), Some(due));
        team.app.clock.set(due.plus_minutes(5));
        let tonight = at("2026-11-24T00:00:00Z");
        let list = team.app.db.read(move |conn| list_to_contact(conn, tonight, 10));
        let list = list.await.expect("read");
        assert_eq!(
            (list.len(), list[0].referral, list[0].next_at()),
            (1, id, Some(due))
        );
        let again = team.rings(team.sam, id, ContactOutcome::Voicemail).await;
        assert_eq!(next(&again), Some(at("2026-11-23T16:00:00Z")));
        let known = team.plan(id).await;
        let last = known.last().map(|(_, outcome)| outcome);
        assert_eq!((known.tries(), last), (2, Some(ContactOutcome::Voicemail)));
        assert_eq!(known.due_at(), Some(promised), "the promise stays as it was made");
        // Somebody speaks with them: nothing is owed.
        let spoke = team.rings(team.terry, id, ContactOutcome::Spoke).await;
        assert_eq!(next(&spoke), None);
        let known = team.plan(id).await;
        assert!(known.was_reached() && !known.is_owed());
        let rang = team.view(&one).await;
        let rang = rang.timeline.iter().filter(|event| event.kind.as_str() == "rang");
        assert_eq!(rang.count(), 3);
    });
}

#[test]
fn of_two_people_who_ring_at_once_both_are_kept() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission()).await;
        let (first, second) = tokio::join!(
            team.rings(team.terry, id, ContactOutcome::NoAnswer),
            team.rings(team.sam, id, ContactOutcome::NoAnswer),
        );
        assert!(next(&first).is_some() && next(&second).is_some());
        assert_eq!(team.view(&one).await.seen(), 3, "both are on the record");
        assert_eq!(team.plan(id).await.tries(), 1, "at one moment they rang once");
    });
}

#[test]
fn calls_soon_after_one_another_are_one_attempt_and_do_not_bring_the_end_nearer() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission()).await;
        let tries = async || team.plan(id).await.tries();
        team.rings(team.terry, id, ContactOutcome::NoAnswer).await;
        team.rings(team.terry, id, ContactOutcome::NoAnswer).await;
        team.app.clock.advance_minutes(1);
        // Put right: it was a voicemail.
        team.rings(team.terry, id, ContactOutcome::Voicemail).await;
        assert_eq!(tries().await, 1);
        assert_eq!(team.view(&one).await.seen(), 4, "all of it is on the record");
        team.app.clock.advance_minutes(29);
        team.rings(team.sam, id, ContactOutcome::NoAnswer).await;
        assert_eq!(tries().await, 1, "redialled");
        team.app.clock.advance_minutes(30);
        team.rings(team.terry, id, ContactOutcome::NoAnswer).await;
        assert_eq!(tries().await, 2, "that is another attempt");
    });
}

#[test]
fn nobody_is_reached_in_a_way_they_did_not_allow() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let silent = Person {
            voicemail_ok: false,
            text_ok: false,
            write_ok: false,
            ..person("Robin Example")
        };
        let (id, one) = team.received(submission().about(silent.clone())).await;
        for outcome in [
            ContactOutcome::Voicemail,
            ContactOutcome::TextSent,
            ContactOutcome::EmailSent,
            ContactOutcome::LetterSent,
        ] {
            assert_eq!(
                team.rings(team.terry, id, outcome).await,
                Recorded::NotAllowed,
                "{outcome:?}"
            );
        }
        let unphoned = Person {
            phone: None,
            ..silent
        };
        let (other, _) = team.received(submission().about(unphoned)).await;
        assert_eq!(
            team.rings(team.terry, other, ContactOutcome::NoAnswer).await,
            Recorded::NotAllowed
        );
        assert_eq!(team.view(&one).await.seen(), 1, "nothing was kept");
        assert_eq!(team.owed(id).await, ["first_contact"]);
    });
}

#[test]
fn only_speaking_or_an_answer_keeps_a_promise_and_everything_else_plans_the_next_attempt() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        for outcome in ContactOutcome::ALL {
            let willing = Person {
                text_ok: true,
                write_ok: true,
                voicemail_ok: true,
                address: vec!["1 Example Street".to_owned()],
                postcode: Some("S1 1AA".to_owned()),
                ..person("Robin Example")
            };
            let (id, one) = team.received(submission().item9(1).about(willing)).await;
            let promised = team.view(&one).await.contact_by;
            let recorded = team.rings(team.terry, id, outcome).await;
            let plan = team.plan(id).await;
            match outcome.is_contact() {
                true => assert!(plan.was_reached(), "{outcome:?}"),
                false => {
                    assert_eq!(plan.due_at(), Some(promised), "{outcome:?}");
                    assert!(next(&recorded) > Some(team.app.clock.now()), "{outcome:?}");
                }
            }
        }
    });
}

#[test]
fn an_outcome_recorded_by_mistake_is_undone_and_the_promise_is_back_with_its_old_time() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission().item9(1)).await;
        let promised = team.view(&one).await.contact_by;
        team.rings(team.terry, id, ContactOutcome::Spoke).await;
        assert!(team.owed(id).await.is_empty());
        let undone = team.undoes(team.sam, id).await;
        assert_eq!(undone, Some(ContactOutcome::Spoke));
        assert_eq!(
            (team.owed(id).await, team.plan(id).await.due_at()),
            (vec!["first_contact"], Some(promised))
        );
        assert_eq!(team.undoes(team.sam, id).await, None, "once");
        team.rings(team.terry, id, ContactOutcome::NoAnswer).await;
        assert_eq!(team.plan(id).await.tries(), 1);
        team.undoes(team.terry, id).await;
        assert_eq!(team.plan(id).await.tries(), 0);
        assert_eq!(team.view(&one).await.seen(), 5, "all of it stays on the record");
    });
}

#[test]
fn a_wrong_number_stays_to_be_reached_until_the_patient_gives_another_one() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission()).await;
        let wrong = team.rings(team.terry, id, ContactOutcome::WrongNumber).await;
        assert_eq!(
            next(&wrong),
            Some(at("2026-11-24T17:00:00Z")),
            "another way is found"
        );
        assert!(team.plan(id).await.number_wrong());
        let details = ContactDetails {
            phone: Some("+447700900124".to_owned()),
            ..ContactDetails::of(&team.view(&one).await.person)
        };
        let (inside, now) = (team.app.clone(), team.app.clock.now());
        let changing = Changing::draw(now).expect("drawn");
        let changed = team
            .app
            .db
            .write(move |conn| change_contact(conn, &inside, id, &details, changing));
        changed.await.expect("changed");
        let known = team.plan(id).await;
        assert_eq!(
            (known.number_wrong(), known.tries(), known.next_at()),
            (false, 0, Some(now)),
            "the new number is there to be rung"
        );
    });
}
