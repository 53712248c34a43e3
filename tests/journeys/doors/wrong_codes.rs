//! Guessing codes gets slow, and a right code never does.

use std::time::{Duration, Instant};

use super::{Caller, House, NO_SLIP, ROBIN, Way};
use crate::support::databases::on_both;
use crate::support::slips::a_slip;

/// What the first slow answer takes at least; no answer that is not held back should take that long.
const HELD_BACK: Duration = Duration::from_secs(1);

async fn timed<T>(doing: impl Future<Output = T>) -> (Duration, T) {
    let begun = Instant::now();
    let done = doing.await;
    (begun.elapsed(), done)
}

#[test]
fn wrong_codes_from_one_address_get_slow_and_a_right_code_passes_at_once() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let slip = a_slip(&house.visit.app, 1, "unused").await;
        let wrong = format!("/s/{}", NO_SLIP.replace('-', ""));
        let right = format!("/s/{}", slip.compact());
        let browser = &house.visit.browser;
        // Ten slips of the pen are free, at whatever door.
        for _ in 0..4 {
            browser.get(&wrong).await.is(404);
        }
        for _ in 0..2 {
            browser.post(&wrong, "").await.leads_to(&wrong);
        }
        for way in [Way::Phone, Way::Physio, Way::Api] {
            let (took, sent) = timed(house.sends(way, NO_SLIP, ROBIN)).await;
            assert_eq!(sent.status(), 422);
            assert!(took < HELD_BACK, "{way:?}: {took:?}");
        }
        let (took, _) = timed(browser.get(&wrong)).await;
        assert!(took < HELD_BACK, "the tenth: {took:?}");
        let (took, page) = timed(browser.get(&wrong)).await;
        page.is(404);
        assert!(took >= HELD_BACK, "the eleventh: {took:?}");
        // While a wrong code waits, a right one passes.
        let (slow, quick) = tokio::join!(timed(browser.get(&wrong)), timed(house.team.get(&right)));
        assert!(slow.0 >= 2 * HELD_BACK, "the twelfth: {:?}", slow.0);
        assert!(quick.0 < HELD_BACK, "the right one: {:?}", quick.0);
        quick.1.is(200).says("Start now");
        // Quiet is forgiven.
        house.visit.app.clock.advance_minutes(60);
        let (took, _) = timed(browser.get(&wrong)).await;
        assert!(took < HELD_BACK, "an hour later: {took:?}");
        house.visit.ends().await;
    });
}

#[test]
fn a_worrying_answer_with_a_wrong_code_never_waits() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let wrong = format!("/s/{}", NO_SLIP.replace('-', ""));
        for _ in 0..10 {
            house.visit.browser.get(&wrong).await.is(404);
        }
        let danger = Caller {
            danger: true,
            ..ROBIN
        };
        for way in [Way::Phone, Way::Physio, Way::Api] {
            let (took, sent) = timed(house.sends(way, NO_SLIP, danger)).await;
            sent.is_taken_in();
            assert!(took < HELD_BACK, "{way:?}: {took:?}");
        }
        assert_eq!(house.visit.referrals().await.len(), 3);
        house.visit.ends().await;
    });
}
