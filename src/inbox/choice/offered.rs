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
    pub close_contact: bool,
    pub owe_contact: bool,
    pub record_death: bool,
    pub reopen: bool,
}

/// What the state allows now; `owed`: contact was promised and not made; `left`: that is for a lead to look through. An urgent referral is acknowledged by name before
/// anything is decided about it.
pub(in crate::inbox) fn offered(
    state: ReviewState,
    needs_acknowledging: bool,
    (owed, left, died): (bool, bool, bool),
    is_lead: bool,
) -> Offered {
    let may = |next| state.may_become().contains(&next);
    let known = !needs_acknowledging;
    Offered {
        acknowledge: needs_acknowledging,
        claim: known && !is_over(state) || needs_acknowledging,
        accept: known
            && may(ReviewState::Accepted)
            && !matches!(state, ReviewState::Started | ReviewState::HandedOver),
        send_on: known && state.awaits_triage(),
        ask: known && (may(ReviewState::WaitingForPatient) || state == ReviewState::WaitingForPatient),
        decline: known && may(ReviewState::Declined),
        could_not_reach: known && may(ReviewState::Closed) && state != ReviewState::Started,
        close: known && may(ReviewState::Closed),
        close_contact: known && (owed || left) && is_lead,
        owe_contact: left && is_lead,
        record_death: is_lead && !died,
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
        let calm = |state| offered(state, false, (false, false, false), false);
        let urgent = |state| offered(state, true, (true, false, false), false);
        let new = calm(ReviewState::New);
        assert!(new.accept && new.send_on && new.ask && new.decline && !new.reopen && !new.acknowledge);
        let now = urgent(ReviewState::New);
        assert!(now.acknowledge && now.claim);
        assert!(!now.accept && !now.send_on, "an alarm is not ended by a decision");
        assert!(!now.decline && !now.ask && !now.close && !now.could_not_reach);
        let only_reopen = Offered {
            reopen: true,
            ..Offered::default()
        };
        assert_eq!(calm(ReviewState::Declined), only_reopen);
        let started = calm(ReviewState::Started);
        assert!(started.close && started.claim && !started.could_not_reach && !started.accept);
        for state in ReviewState::ALL {
            assert!(urgent(state).acknowledge, "{state:?}");
        }
    }

    #[test]
    fn only_a_lead_closes_a_promise_and_only_one_that_is_owed() {
        for (owed, lead, offers) in [
            (true, true, true),
            (true, false, false),
            (false, true, false),
            (false, false, false),
        ] {
            let offered = offered(ReviewState::Accepted, false, (owed, false, false), lead);
            assert_eq!(offered.close_contact, offers);
            assert_eq!(offered.record_death, lead);
        }
    }
}
