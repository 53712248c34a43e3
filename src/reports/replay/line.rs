//! The lines of a result: what is said, how many referrals, and which.

use super::report::{change_word, grouped, outcome_words};
use crate::config::Locality;
use crate::triage::{FlagMove, Named, Outcome, Tally, flag_meaning, is_safety_flag};

/// One line, with the word that names it in an address.
#[derive(Clone)]
pub(super) struct Line {
    pub word: String,
    pub told: String,
    /// What it becomes; empty where nothing moves.
    pub becomes: String,
    pub count: u64,
    /// The count as it is shown: "1,204".
    pub shown: String,
    pub references: Vec<String>,
    /// Whether it is about a safety flag that would be lost.
    pub worrying: bool,
}

/// All lines of a tally.
pub(super) struct Lines {
    pub safety: Line,
    pub moves: Vec<Line>,
    pub flags: Vec<Line>,
    pub otherwise: Line,
}

/// The lines of a tally, the heaviest first.
pub(super) fn lines(tally: &Tally, locality: &Locality) -> Lines {
    let words = |outcome: &Outcome| outcome_words(outcome, &locality.service(outcome.service).staff_name);
    let safety = "Decisions about safety that would be less urgent or lose a safety flag";
    let otherwise = "Decided otherwise at the time than the rules in force say now";
    let moves = tally.moves_by_count().into_iter();
    let flags = tally.flags_by_weight().into_iter();
    Lines {
        safety: line(
            "safety".to_owned(),
            safety.to_owned(),
            String::new(),
            &tally.less_safe,
        ),
        moves: moves
            .map(|((from, to), named)| {
                let word = format!("move-{}-{}", outcome_word(from), outcome_word(to));
                line(word, words(from), words(to), named)
            })
            .collect(),
        flags: flags
            .map(|((flag, how), named)| flag_line(flag, *how, named))
            .collect(),
        otherwise: line(
            "otherwise".to_owned(),
            otherwise.to_owned(),
            String::new(),
            &tally.decided_otherwise,
        ),
    }
}

fn line(word: String, told: String, becomes: String, named: &Named) -> Line {
    Line {
        word,
        told,
        becomes,
        count: named.count,
        shown: grouped(named.count),
        references: named.references().map(str::to_owned).collect(),
        worrying: false,
    }
}

fn flag_line(flag: &str, how: FlagMove, named: &Named) -> Line {
    let change = change_word(how);
    let told = match flag_meaning(flag) {
        Some(meaning) => format!("{meaning} ({flag})"),
        None => flag.to_owned(),
    };
    Line {
        worrying: how == FlagMove::Lost && is_safety_flag(flag),
        ..line(format!("{change}-{flag}"), told, change.to_owned(), named)
    }
}

fn outcome_word(outcome: &Outcome) -> String {
    [
        outcome.service.as_str(),
        outcome.step.as_str(),
        outcome.priority.as_str(),
        outcome.booking.as_str(),
    ]
    .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_word_of_its_own() {
        let mut tally = Tally::default();
        let outcome = |step| Outcome {
            service: crate::config::ServiceName::Core,
            step,
            priority: crate::triage::Priority::P4,
            booking: crate::triage::SelfBooking::Assessment,
        };
        let (two, three) = (
            outcome(crate::triage::Step::Two),
            outcome(crate::triage::Step::Three),
        );
        tally.moves.insert((two, three), Named::default());
        tally.moves.insert((three, two), Named::default());
        for how in [FlagMove::Lost, FlagMove::Gained] {
            tally
                .flags
                .insert(("RISK_ITEM9".to_owned(), how), Named::default());
        }
        let found = lines(&tally, &Locality::example().expect("an example"));
        let words = found
            .moves
            .iter()
            .chain(&found.flags)
            .map(|line| line.word.as_str());
        let mut words: Vec<&str> = words
            .chain([found.safety.word.as_str(), &found.otherwise.word])
            .collect();
        words.sort_unstable();
        assert_eq!(
            words,
            [
                "gained-RISK_ITEM9",
                "lost-RISK_ITEM9",
                "move-core-2-P4-assessment-core-3-P4-assessment",
                "move-core-3-P4-assessment-core-2-P4-assessment",
                "otherwise",
                "safety"
            ]
        );
        assert!(found.flags[0].worrying && !found.flags[1].worrying);
    }
}
