//! Which forms the page of a referral offers.

use crate::referrals::ReviewState;

/// Which forms the page offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::inbox) struct Offered {
    pub acknowledge: bool,
    pub claim: bool,
    pub accept: bool,
    pub send_on: bool,
    pub ask: bool,
    pub decline: bool,
    pub could_not_reach: bool,
    pub close: bool,
    pub reopen: bool,
}

/// What the state allows now. An urgent referral is acknowledged by name before it ends, or its patient is asked.
pub(in crate::inbox) fn offered(state: ReviewState, needs_acknowledging: bool) -> Offered {
    let may = |next| state.may_become().contains(&next);
    let known = !needs_acknowledging;
    Offered {
        acknowledge: needs_acknowledging,
        claim: known && !is_over(state) || needs_acknowledging,
        accept: may(ReviewState::Accepted)
            && !matches!(state, ReviewState::Started | ReviewState::HandedOver),
        send_on: state.awaits_triage(),
        ask: known && (may(ReviewState::WaitingForPatient) || state == ReviewState::WaitingForPatient),
        decline: known && may(ReviewState::Declined),
        could_not_reach: known && may(ReviewState::Closed) && state != ReviewState::Started,
        close: known && may(ReviewState::Closed),
        reopen: !state.awaits_triage() && may(ReviewState::New),
    }
}

fn is_over(state: ReviewState) -> bool {
    match state {
        ReviewState::HandedOver | ReviewState::Closed | ReviewState::Declined | ReviewState::Withdrawn => {
            true
        }
        ReviewState::Incomplete
        | ReviewState::New
        | ReviewState::WaitingForPatient
        | ReviewState::Accepted
        | ReviewState::Started => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_follows_the_state() {
        let new = offered(ReviewState::New, false);
        assert!(new.accept && new.send_on && new.ask && new.decline && !new.reopen && !new.acknowledge);
        let urgent = offered(ReviewState::New, true);
        assert!(urgent.acknowledge && urgent.accept && urgent.claim);
        assert!(!urgent.decline && !urgent.ask && !urgent.close && !urgent.could_not_reach);
        let declined = offered(ReviewState::Declined, false);
        let only_reopen = Offered {
            reopen: true,
            ..Offered::default()
        };
        assert_eq!(declined, only_reopen);
        let started = offered(ReviewState::Started, false);
        assert!(started.close && started.claim && !started.could_not_reach && !started.accept);
        for state in ReviewState::ALL {
            assert!(offered(state, true).acknowledge, "{state:?}");
        }
    }
}
