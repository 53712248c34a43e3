//! Places, appointments and treatment.

use iapt_pad::booking::{
    Attendance, Join, Mark, Marked, NewSlot, SlotKind, add_slots, confirm, hold_slot, mark,
};
use iapt_pad::config::ServiceName;
use iapt_pad::referrals::{By, tell_daily};
use iapt_pad::values::Id;

use super::Story;
use crate::support::app::at;
use crate::support::courses::{Diary, act};

impl Story {
    /// Places that are held, confirmed, waited for and offered, an appointment, and treatment that began.
    pub(super) async fn places(&self) {
        let (wide, narrow) = (
            Diary::within(self.app.clone(), 20).await,
            Diary::within(self.app.clone(), 1).await,
        );
        let (terry, run) = (self.team.terry, wide.run.id);
        let starts = self.sent("Oakley Example", |one| one).await;
        let confirmed = self.sent("Pat Example", |one| one).await;
        for reference in [&starts, &confirmed] {
            self.holds(reference, run).await;
            self.accepts(reference).await;
            let id = self.view(reference).await.id;
            let done = act(&self.app, By::Staff(terry), move |conn, app, act| {
                confirm(conn, app, act, id)
            });
            assert!(done.await);
        }
        let held = self.sent("Quinn Example", |one| one).await;
        self.holds(&held, run).await;
        let by_voice = self.sent("Reese Example", |mut one| {
            one.0.person.email = None;
            one
        });
        self.holds(&by_voice.await, run).await;
        let gone = self.sent("Riley Example", |one| one).await;
        self.holds(&gone, narrow.run.id).await;
        for name in ["Rory Example", "Rowan Example"] {
            let waits = self.view(&self.sent(name, |one| one).await).await.id;
            assert_eq!(narrow.join(waits).await, Join::Joined, "{name}");
        }
        assert!(narrow.cancel(self.view(&gone).await.id).await);
        let slot = NewSlot {
            id: Id::new(),
            service: ServiceName::Hwb,
            starts: at("2026-12-10T09:00:00Z"),
            minutes: 45,
            kind: SlotKind::Phone,
            venue: None,
            staff: Some(terry),
        };
        let slot_id = slot.id;
        self.app
            .db
            .write(move |conn| add_slots(conn, std::slice::from_ref(&slot)))
            .await
            .expect("a slot");
        let assessed = self.sent("Sage Example", |mut one| {
            one.0.facts.pain_weeks = Some(6);
            one
        });
        let id = self.view(&assessed.await).await.id;
        act(&self.app, By::Staff(terry), move |conn, app, act| {
            hold_slot(conn, app, act, slot_id, id)
        })
        .await;
        self.app.clock.set(at("2026-12-08T15:00:00Z"));
        let marked = [(&starts, Attendance::Came), (&confirmed, Attendance::DidNotCome)];
        for (reference, now) in marked {
            let ticked = Mark {
                referral: self.view(reference).await.id,
                was: None,
                now,
            };
            let marked = act(&self.app, By::Staff(terry), move |conn, app, act| {
                mark(conn, app, act, run, 1, &[ticked])
            });
            assert!(matches!(marked.await, Marked::Done { changed: 1, .. }));
        }
        tell_daily(&self.app).await.expect("a digest");
    }
}
