//! What a second look may change: it adds what is worrying and never takes it away. A new answer of "no" does not
//! unsay an earlier "yes"; only a person does.

use crate::config::ServiceName;
use crate::triage::{Decision, Priority, SelfBooking, Step};

/// Flags that only a person may set aside. The others describe the latest answers and follow them.
const STANDING: [&str; 14] = [
    "NEEDS_CHECKING",
    "PERINATAL",
    "PSYCHOSIS_MANIA",
    "RISK_ALIKE",
    "RISK_CRISIS",
    "RISK_FREE_TEXT",
    "RISK_ITEM9",
    "RISK_OTHERS",
    "RULE_FAILED",
    "SAFEGUARDING",
    "SLIP_EXPIRED",
    "SLIP_UNKNOWN",
    "SLIP_USED",
    "SLIP_VOID",
];
/// The spine's red flag stands too; apart, because it is the only one that is about the body.
const SPINE: &str = "SPINE_RED_FLAG";

/// Two decisions about one person as one: the more urgent priority, all standing flags, all their reasons.
pub(super) fn merged(before: &Decision, after: Decision) -> Decision {
    let mut both = after;
    both.priority = both.priority.min(before.priority);
    let standing: Vec<&String> = before
        .flags
        .iter()
        .filter(|flag| stands(flag) && !both.has_flag(flag))
        .collect();
    if standing.is_empty() {
        return both;
    }
    for flag in &standing {
        both.add_flag(flag);
    }
    let told: Vec<String> = both.reasons.iter().map(|reason| reason.rule.clone()).collect();
    let kept = before
        .reasons
        .iter()
        .filter(|reason| reason.rule.starts_with('A') && !told.contains(&reason.rule));
    let kept: Vec<_> = kept.cloned().collect();
    both.reasons.splice(0..0, kept);
    both.booking = SelfBooking::None;
    if before.service == ServiceName::Review {
        both.service = ServiceName::Review;
        both.step = Step::Assess;
    }
    both
}

/// Flags about the form itself: what was typed wrong, or a slip that could not be used.
const OF_THE_FORM: [&str; 5] = [
    "NEEDS_CHECKING",
    "SLIP_EXPIRED",
    "SLIP_UNKNOWN",
    "SLIP_USED",
    "SLIP_VOID",
];

/// The earlier decision about a form that is sent again, corrected: without what was wrong with the form then.
pub(super) fn before_this_form(before: &Decision) -> Decision {
    let mut before = before.clone();
    before.flags.retain(|flag| !OF_THE_FORM.contains(&flag.as_str()));
    before
}

/// Whether the later decision worries more than the earlier: more urgent, or with a safety flag that is new.
pub(super) fn worries_more(before: &Decision, after: &Decision) -> bool {
    let urgent = after.priority <= Priority::P2;
    let new_flag = after
        .flags
        .iter()
        .any(|flag| stands(flag) && !before.has_flag(flag));
    after.priority < before.priority || (urgent && new_flag)
}

fn stands(flag: &str) -> bool {
    flag == SPINE || STANDING.contains(&flag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::Reason;

    fn decision(priority: Priority, flags: &[&str], service: ServiceName) -> Decision {
        let reasons = flags.iter().map(|flag| Reason {
            rule: format!("A-{flag}"),
            text: String::new(),
            source: String::new(),
        });
        Decision {
            service,
            step: Step::Two,
            priority,
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            booking: SelfBooking::Course,
            reasons: reasons.collect(),
            rules_version: "t".to_owned(),
        }
    }

    #[test]
    fn a_later_no_does_not_unsay_an_earlier_yes() {
        let before = decision(Priority::P1, &["RISK_CRISIS"], ServiceName::Review);
        let both = merged(&before, decision(Priority::P4, &[], ServiceName::Hwb));
        assert_eq!((both.priority, both.service), (Priority::P1, ServiceName::Review));
        assert_eq!(
            (both.flags, both.booking),
            (vec!["RISK_CRISIS".to_owned()], SelfBooking::None)
        );
        assert_eq!(both.reasons.len(), 1);
    }

    #[test]
    fn what_was_only_missing_is_gone_once_it_is_there() {
        let before = decision(
            Priority::P2,
            &["RISK_UNKNOWN", "SCORES_MISSING"],
            ServiceName::Core,
        );
        let both = merged(&before, decision(Priority::P4, &[], ServiceName::Hwb));
        assert_eq!(
            (both.priority, both.flags, both.service),
            (Priority::P2, vec![], ServiceName::Hwb)
        );
    }

    #[test]
    fn a_new_worry_is_noticed_and_the_same_worry_is_not_new() {
        let calm = decision(Priority::P4, &[], ServiceName::Core);
        let risk = decision(Priority::P2, &["RISK_ITEM9"], ServiceName::Core);
        let more = decision(Priority::P2, &["RISK_FREE_TEXT", "RISK_ITEM9"], ServiceName::Core);
        assert!(worries_more(&calm, &risk) && worries_more(&risk, &more));
        assert!(!worries_more(&risk, &risk) && !worries_more(&risk, &calm));
    }
}
