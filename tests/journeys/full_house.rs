//! When more is asked of the database than it can do, what can be sent again is turned away and a risk answer is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use iapt_pad::app::App;
use iapt_pad::db::Error;
use iapt_pad::referrals::Queue;
use iapt_pad::triage::Priority;

use super::doors::{Caller, House, NO_SLIP, ROBIN, Way};
use super::patient::{ANSWERS, CHECK, Visit};
use crate::support::databases::on_both;
use crate::support::referrals::submission;

/// Writes that are held until told to go on, as many as are taken in.
struct Crowd {
    go: Arc<AtomicBool>,
    held: Vec<tokio::task::JoinHandle<()>>,
}

impl Crowd {
    async fn before(app: &Arc<App>) -> Self {
        let go = Arc::new(AtomicBool::new(false));
        let full = Arc::new(AtomicBool::new(false));
        let mut held = Vec::new();
        let begun = Instant::now();
        while !full.load(Ordering::SeqCst) {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "the line is never full"
            );
            for _ in 0..64 {
                let (db, go, full) = (app.db.clone(), go.clone(), full.clone());
                held.push(tokio::spawn(async move {
                    let written = db.write(move |_| {
                        while !go.load(Ordering::SeqCst) {
                            std::thread::sleep(Duration::from_millis(2));
                        }
                        Ok(())
                    });
                    if matches!(written.await, Err(Error::Busy)) {
                        full.store(true, Ordering::SeqCst);
                    }
                }));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Self { go, held }
    }

    async fn goes(self) {
        self.go.store(true, Ordering::SeqCst);
        for one in self.held {
            one.await.expect("ended");
        }
    }
}

#[test]
fn in_a_crowd_a_finished_form_is_turned_away_and_a_risk_answer_is_kept() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.answers_until(CHECK).await;
        let crowd = Crowd::before(&visit.app).await;
        let (status, answer) = visit.browser.ask("POST", "/refer/9", ANSWERS[7].1).await;
        assert_eq!(status, 503, "{answer}");
        assert!(answer.to_lowercase().contains("retry-after"), "{answer}");
        // The same browser goes back and says that it is not safe.
        let (app, browser) = (visit.app.clone(), visit.browser.clone());
        let worried = tokio::spawn(async move { browser.post("/refer/1", "crisis_now=yes").await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        let refused = app.db.write(|_| Ok(())).await;
        assert!(matches!(refused, Err(Error::Busy)), "still full: {refused:?}");
        crowd.goes().await;
        worried
            .await
            .expect("answered")
            .is(200)
            .says("We have kept what you told us");
        let kept = visit.the_referral().await;
        assert_eq!((kept.priority, kept.queue), (Priority::P1, Queue::Now));
        visit.ends().await;
    });
}

#[test]
fn in_a_crowd_the_verb_behind_every_door_keeps_who_is_at_risk() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let app = visit.app.clone();
        let crowd = Crowd::before(&app).await;
        let rules = crate::support::referrals::shipped_rules(&app);
        let calm = submission().named("Alex Example").0;
        let refused = iapt_pad::referrals::submit(&app, &rules, calm).await;
        assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
        let inside = app.clone();
        let urgent = submission().named("Billie Example").item9(2);
        let kept = tokio::spawn(async move { urgent.send(&inside).await });
        tokio::time::sleep(Duration::from_millis(100)).await;
        crowd.goes().await;
        kept.await.expect("kept");
        assert_eq!(visit.the_referral().await.person.name, "Billie Example");
        visit.ends().await;
    });
}

/// A person in danger is kept though their answer reaches us through somebody's session or another system's key. The
/// session was last seen a while ago, so that it is also moved on.
#[test]
fn in_a_crowd_a_call_taken_down_a_physio_and_another_system_get_a_risk_answer_through() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let app = house.visit.app.clone();
        for (way, name) in [
            (Way::Phone, "Alex Example"),
            (Way::Physio, "Billie Example"),
            (Way::Api, "Chris Example"),
        ] {
            let danger = true;
            let who = Caller {
                name,
                danger,
                ..ROBIN
            };
            let code = match way {
                Way::Api => NO_SLIP,
                _ => "",
            };
            let ready = house.goes_in(way, code, who).await;
            app.clock.advance_minutes(5);
            let crowd = Crowd::before(&app).await;
            let sent = tokio::spawn(ready.sends());
            tokio::time::sleep(Duration::from_millis(300)).await;
            let refused = app.db.write(|_| Ok(())).await;
            assert!(matches!(refused, Err(Error::Busy)), "still full: {refused:?}");
            crowd.goes().await;
            sent.await.expect("answered").is_taken_in();
            let kept = house.visit.referrals().await;
            let kept = kept.iter().find(|one| one.person.name == name);
            assert_eq!(kept.expect("kept").priority, Priority::P1, "{way:?}");
        }
        house.visit.ends().await;
    });
}
