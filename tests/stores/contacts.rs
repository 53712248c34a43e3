//! The story of reaching people by phone: each attempt is kept with a name, the next one is due at another time of day,
//! and what was tried does not get lost between two people who ring at once.

use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::config::Mail;
use iapt_pad::referrals::{
    CallOutcome, ContactDetails, NextContact, Person, Reference, ReferralView, Ringing, Rung, change_contact,
    contacts_due, next_contact, open, ring,
};
use iapt_pad::staff::{self, Added, DisplayName, NewAccount, Password, Role, Username};
use iapt_pad::values::Id;

use crate::support::app::{at, monday_morning, test_app};
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

    pub async fn rings(&self, who: Id, referral: Id, outcome: CallOutcome) -> Rung {
        let ringing = Ringing::new(self.app.clock.now(), who, outcome, "").expect("randomness");
        let inside = self.app.clone();
        let rung = self
            .app
            .db
            .write(move |conn| ring(conn, &inside, referral, &ringing));
        rung.await.expect("rung")
    }

    pub async fn next(&self, referral: Id) -> Option<NextContact> {
        let next = self.app.db.read(move |conn| next_contact(conn, referral));
        next.await.expect("read")
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

#[test]
fn each_attempt_is_kept_and_the_next_is_due_at_another_time_of_day() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission().item9(1)).await;
        assert_eq!(team.next(id).await, None, "nobody has tried");
        let due = at("2026-11-23T14:00:00Z");
        assert_eq!(
            team.rings(team.terry, id, CallOutcome::NoAnswer).await,
            Rung::Kept(Some(due))
        );
        team.app.clock.set(due.plus_minutes(5));
        let tonight = at("2026-11-24T00:00:00Z");
        let list = team.app.db.read(move |conn| contacts_due(conn, tonight, 10));
        let list = list.await.expect("read");
        assert_eq!((list.len(), list[0].referral, list[0].due_at), (1, id, Some(due)));
        let again = team.rings(team.sam, id, CallOutcome::Voicemail).await;
        assert_eq!(again, Rung::Kept(Some(at("2026-11-23T16:00:00Z"))));
        let known = team.next(id).await.expect("known");
        assert_eq!((known.tries, known.outcome), (2, Some(CallOutcome::Voicemail)));
        // Somebody speaks with them: nothing is due, and the count begins anew.
        assert_eq!(
            team.rings(team.terry, id, CallOutcome::Spoke).await,
            Rung::Kept(None)
        );
        let known = team.next(id).await.expect("known");
        assert_eq!((known.tries, known.due_at), (0, None));
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
            team.rings(team.terry, id, CallOutcome::NoAnswer),
            team.rings(team.sam, id, CallOutcome::NoAnswer),
        );
        assert!(matches!((first, second), (Rung::Kept(_), Rung::Kept(_))));
        assert_eq!(team.view(&one).await.seen(), 3, "both are on the record");
        assert_eq!(
            team.next(id).await.expect("known").tries,
            1,
            "at one moment they rang once"
        );
    });
}

#[test]
fn calls_soon_after_one_another_are_one_attempt_and_do_not_bring_the_end_nearer() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission()).await;
        let tries = async || team.next(id).await.expect("known").tries;
        team.rings(team.terry, id, CallOutcome::NoAnswer).await;
        team.rings(team.terry, id, CallOutcome::NoAnswer).await;
        team.app.clock.advance_minutes(1);
        // Put right: it was a voicemail.
        team.rings(team.terry, id, CallOutcome::Voicemail).await;
        assert_eq!(tries().await, 1);
        assert_eq!(team.view(&one).await.seen(), 4, "all of it is on the record");
        team.app.clock.advance_minutes(29);
        team.rings(team.sam, id, CallOutcome::NoAnswer).await;
        assert_eq!(tries().await, 1, "redialled");
        team.app.clock.advance_minutes(30);
        team.rings(team.terry, id, CallOutcome::NoAnswer).await;
        assert_eq!(tries().await, 2, "that is another attempt");
        team.rings(team.terry, id, CallOutcome::Spoke).await;
        team.rings(team.terry, id, CallOutcome::NoAnswer).await;
        assert_eq!(tries().await, 1, "after a talk the count begins anew");
    });
}

#[test]
fn a_voicemail_is_no_way_to_reach_who_did_not_allow_it() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let silent = Person {
            voicemail_ok: false,
            ..person("Robin Example")
        };
        let (id, one) = team.received(submission().about(silent.clone())).await;
        assert_eq!(
            team.rings(team.terry, id, CallOutcome::Voicemail).await,
            Rung::NoVoicemail
        );
        let unphoned = Person {
            phone: None,
            ..silent
        };
        let (other, _) = team.received(submission().about(unphoned)).await;
        assert_eq!(
            team.rings(team.terry, other, CallOutcome::NoAnswer).await,
            Rung::NoNumber
        );
        assert_eq!(team.view(&one).await.seen(), 1, "nothing was kept");
        assert_eq!(team.next(id).await, None);
    });
}

#[test]
fn a_wrong_number_is_marked_until_the_patient_gives_another_one() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission()).await;
        assert_eq!(
            team.rings(team.terry, id, CallOutcome::WrongNumber).await,
            Rung::Kept(None)
        );
        let known = team.next(id).await.expect("known");
        assert!(
            known.number_wrong && known.due_at.is_none(),
            "nobody rings it again"
        );
        let details = ContactDetails {
            phone: Some("+447700900124".to_owned()),
            ..ContactDetails::of(&team.view(&one).await.person)
        };
        let (inside, now) = (team.app.clone(), team.app.clock.now());
        let drawn = (now, [7; 16]);
        let changed = team
            .app
            .db
            .write(move |conn| change_contact(conn, &inside.keys, id, &details, drawn));
        changed.await.expect("changed");
        let known = team.next(id).await.expect("known");
        assert_eq!(
            (known.number_wrong, known.tries, known.due_at),
            (false, 0, Some(now)),
            "the new number is there to be rung"
        );
    });
}
