//! Whatever happens to an entry, it stays in the table, in its position, and ends once.

use proptest::prelude::*;

use super::*;

fn ts(micros: i64) -> Ts {
    Ts::from_micros(micros)
}

fn any_event() -> impl Strategy<Value = WaitEvent> {
    prop_oneof![
        3 => (1..20_i32, any::<bool>()).prop_map(|(seat, mail)| WaitEvent::Offer {
            run: Id::from_bytes([7; 16]),
            seat,
            message: mail.then(|| Id::from_bytes([8; 16])),
        }),
        3 => (0..1000_i64).prop_map(|at| WaitEvent::Reached { lapses_at: ts(at) }),
        2 => Just(WaitEvent::Lapse),
        1 => Just(WaitEvent::TakeBack),
        1 => Just(WaitEvent::Take),
        1 => Just(WaitEvent::Refuse),
        1 => Just(WaitEvent::Leave),
        1 => Just(WaitEvent::End),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_to_an_entry_the_table_holds(events in prop::collection::vec(any_event(), 0..40)) {
        let first = Entry::new(Id::from_bytes([1; 16]), Id::from_bytes([2; 16]), Id::from_bytes([3; 16]), ts(5));
        let mut entry = first.clone();
        for (now, event) in (10..).zip(events) {
            let Some(next) = entry.after(event, ts(now)) else { continue };
            prop_assert_eq!((next.id, next.course, next.referral, next.joined_at),
                (first.id, first.course, first.referral, first.joined_at));
            prop_assert!(next.state == entry.state || entry.state.may_become().contains(&next.state));
            prop_assert_eq!(next.offer.is_some(), next.state == WaitState::Offered);
            prop_assert_eq!(next.ended_at.is_some(), !next.state.is_live());
            prop_assert!(next.lapses <= LAPSES_FORGIVEN + 1);
            // An offer runs out only once it reached the person, and being told again gives no more time.
            if let (Some(before), Some(after)) = (entry.offer, next.offer)
                && before.told_at.is_some() {
                prop_assert_eq!(before.lapses_at, after.lapses_at);
            }
            if entry.state == WaitState::Offered && event == WaitEvent::Lapse {
                let second = entry.lapses >= LAPSES_FORGIVEN;
                prop_assert_eq!(next.state == WaitState::Lapsed, second);
            }
            entry = next;
        }
        if !entry.state.is_live() {
            prop_assert!(entry.after(WaitEvent::Leave, ts(99)).is_none());
            prop_assert!(entry.after(WaitEvent::Take, ts(99)).is_none());
        }
    }
}

#[test]
fn every_state_is_read_back() {
    for state in WaitState::ALL {
        assert_eq!(WaitState::parse(state.as_str()), Some(state));
    }
}

#[test]
fn only_an_offer_can_run_out_or_be_refused() {
    let entry = Entry::new(
        Id::from_bytes([1; 16]),
        Id::from_bytes([2; 16]),
        Id::from_bytes([3; 16]),
        ts(5),
    );
    for event in [
        WaitEvent::Lapse,
        WaitEvent::Refuse,
        WaitEvent::TakeBack,
        WaitEvent::Reached { lapses_at: ts(9) },
    ] {
        assert_eq!(entry.after(event, ts(6)), None, "{event:?}");
    }
}
