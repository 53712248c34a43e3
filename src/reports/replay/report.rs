//! What a replay found, in words and as data.

use std::fmt::{self, Display};

use serde::Serialize;

use crate::triage::{
    FlagMove, MOST_NAMED, NOT_VALIDATED, Named, Outcome, SelfBooking, Step, Tally, flag_meaning,
};

/// What a replay found, as `--json` prints it.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The version of the rules in force.
    pub in_force: String,
    /// The version of the proposed rules.
    pub proposed: String,
    /// From which day on; `null` for all referrals.
    pub since: Option<String>,
    /// Referrals looked at.
    pub looked: u64,
    /// Referrals whose sheet could not be read.
    pub unread: u64,
    /// Referrals for which anything would be otherwise.
    pub changed: u64,
    /// Decisions about safety that would be less urgent, or would lose a safety flag.
    pub less_safe: Group,
    /// From what to what, most referrals first.
    pub moves: Vec<Move>,
    /// Flags that would be lost or gained, lost safety flags first.
    pub flags: Vec<FlagChange>,
    /// Referrals about which something else was decided at the time than the rules in force say now.
    pub decided_otherwise: Group,
    /// What stands wherever decisions are shown.
    pub note: &'static str,
}

/// So many referrals, and the first of them.
#[derive(Debug, Serialize)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// The references of the first.
    pub references: Vec<String>,
}

/// From what to what.
#[derive(Debug, Serialize)]
pub struct Move {
    /// By the rules in force.
    pub from: Outcome,
    /// By the proposed rules.
    pub to: Outcome,
    /// Which referrals.
    #[serde(flatten)]
    pub named: Group,
}

/// A flag that would be lost or gained.
#[derive(Debug, Serialize)]
pub struct FlagChange {
    /// The flag.
    pub flag: String,
    /// "lost" or "gained".
    pub change: &'static str,
    /// Which referrals.
    #[serde(flatten)]
    pub named: Group,
}

impl From<&Named> for Group {
    fn from(named: &Named) -> Self {
        Group {
            count: named.count,
            references: named.references().map(str::to_owned).collect(),
        }
    }
}

/// "lost" or "gained".
pub(super) fn change_word(how: FlagMove) -> &'static str {
    match how {
        FlagMove::Lost => "lost",
        FlagMove::Gained => "gained",
    }
}

/// "Core IAPT, step 2, P4, may book an assessment"; `service` as the reader calls it.
pub(super) fn outcome_words(outcome: &Outcome, service: &str) -> String {
    let step = match outcome.step {
        Step::Two => "step 2",
        Step::Three => "step 3",
        Step::Assess => "assess first",
    };
    let booking = match outcome.booking {
        SelfBooking::None => "the team books",
        SelfBooking::Assessment => "may book an assessment",
        SelfBooking::Course => "may book a course",
    };
    format!("{service}, {step}, {}, {booking}", outcome.priority.as_str())
}

/// 1204 as "1,204".
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut told = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

impl Report {
    /// What the command prints about a tally.
    pub fn of(tally: &Tally, in_force: &str, proposed: &str, since: Option<String>) -> Report {
        let moves = tally.moves_by_count().into_iter();
        let flags = tally.flags_by_weight().into_iter();
        Report {
            in_force: in_force.to_owned(),
            proposed: proposed.to_owned(),
            since,
            looked: tally.looked,
            unread: tally.unread,
            changed: tally.changed,
            less_safe: Group::from(&tally.less_safe),
            moves: moves
                .map(|((from, to), named)| Move {
                    from: *from,
                    to: *to,
                    named: Group::from(named),
                })
                .collect(),
            flags: flags
                .map(|((flag, how), named)| FlagChange {
                    flag: flag.clone(),
                    change: change_word(*how),
                    named: Group::from(named),
                })
                .collect(),
            decided_otherwise: Group::from(&tally.decided_otherwise),
            note: NOT_VALIDATED,
        }
    }

    /// The first line: how many decisions about safety would be less safe.
    pub fn headline(&self) -> String {
        let many = match self.less_safe.count {
            1 => "1 decision about safety".to_owned(),
            count => format!("{} decisions about safety", grouped(count)),
        };
        format!("{many} would be less urgent or lose a safety flag.")
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.less_safe.references.is_empty() {
            writeln!(f, "  {}", named(&self.less_safe))?;
        }
        let since = self
            .since
            .as_ref()
            .map_or(String::new(), |day| format!(" received since {day}"));
        writeln!(
            f,
            "\n{} referrals{since}: {} would be decided otherwise by {} than by {}, the rules in force.",
            grouped(self.looked),
            grouped(self.changed),
            self.proposed,
            self.in_force
        )?;
        if self.unread > 0 {
            writeln!(f, "{} could not be read.", grouped(self.unread))?;
        }
        for one in &self.moves {
            let words = |outcome: &Outcome| outcome_words(outcome, outcome.service.as_str());
            let (from, to) = (words(&one.from), words(&one.to));
            writeln!(f, "{:>11}  {from} -> {to}", grouped(one.named.count))?;
        }
        if !self.flags.is_empty() {
            writeln!(f, "\nFlags")?;
        }
        for one in &self.flags {
            let meaning = flag_meaning(&one.flag).map_or(String::new(), |meaning| format!(" ({meaning})"));
            writeln!(
                f,
                "{:>11}  {} {}{meaning}",
                grouped(one.named.count),
                one.change,
                one.flag
            )?;
        }
        writeln!(
            f,
            "\nAt the time, {} were decided otherwise than the rules in force say now: the rules were changed since, or \
             answers were added.\n{} --json names the first {MOST_NAMED} referrals of each line.",
            grouped(self.decided_otherwise.count),
            self.note
        )
    }
}

/// The first few references, and how many more there are.
fn named(group: &Group) -> String {
    let shown: Vec<&str> = group.references.iter().take(10).map(String::as_str).collect();
    let shown_count = u64::try_from(shown.len()).unwrap_or_default();
    match group.count.saturating_sub(shown_count) {
        0 => shown.join(", "),
        more => format!("{} and {} more", shown.join(", "), grouped(more)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ServiceName;
    use crate::triage::Priority;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, told) in [(0, "0"), (999, "999"), (1_204, "1,204"), (1_000_000, "1,000,000")] {
            assert_eq!(grouped(number), told);
        }
    }

    #[test]
    fn an_outcome_reads_in_one_line() {
        let outcome = Outcome {
            service: ServiceName::Core,
            step: Step::Two,
            priority: Priority::P4,
            booking: SelfBooking::Assessment,
        };
        assert_eq!(
            outcome_words(&outcome, "core"),
            "core, step 2, P4, may book an assessment"
        );
    }

    #[test]
    fn nothing_found_is_said_and_not_called_safe() {
        let report = Report::of(&Tally::default(), "a", "b", Some("1 November 2026".to_owned()));
        assert_eq!(
            report.headline(),
            "0 decisions about safety would be less urgent or lose a safety flag."
        );
        let told = report.to_string();
        assert!(told.contains("0 referrals received since 1 November 2026: 0 would be decided otherwise"));
        assert!(told.contains("not clinically validated") && told.contains("A named person decides"));
        for word in ["low risk", "no risk", "safe to"] {
            assert!(!told.contains(word), "{told}");
        }
    }
}
