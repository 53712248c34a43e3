//! Single changes of one fact that the rules look at, each with its size. What no page may ever propose to be otherwise
//! is not among them: answers about safety, the age, the agreement.

use std::collections::BTreeSet;

use crate::config::ServiceName;
use crate::questionnaire::{GpInArea, Linked, Problem, Veteran};
use crate::triage::facts::{Facts, Source};
use crate::triage::rules::RuleSet;

/// The size of a change that goes over the whole range of a fact. Smaller ones are a share of it, so that facts of
/// different kinds can be compared: the distance of each fact is divided by its own range (Gower, "A general
/// coefficient of similarity and some of its properties", Biometrics 1971).
pub(super) const WHOLE: u32 = 10_000;
/// Weeks of pain that count as the whole range: beyond a year the form asks no further.
const WEEKS: u32 = 52;
/// The most weeks a fact can hold.
const MOST_WEEKS: i64 = 5_200;

/// Which fact is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Touched {
    /// The fact of this key.
    Fact(&'static str),
    /// One answer of this questionnaire, from 0.
    Item(&'static str, usize),
}

/// One fact, otherwise.
pub(super) struct Candidate {
    /// In parts of [`WHOLE`].
    pub size: u32,
    pub touched: Touched,
    /// All facts with this one changed.
    pub facts: Facts,
}

/// Facts that are true or false and may be otherwise. Not among them, and never to be: `harm_to_others`,
/// `safeguarding`, `free_text_risk`, `psychosis_mania`, `spine_red_flag`, `agreed`.
const FLAGS: [&str; 9] = [
    "secondary_mh",
    "substance_main",
    "eating_disorder",
    "step2_no_benefit",
    "perinatal",
    "work_affected",
    "bsl",
    "format_need",
    "no_voicemail",
];

/// Every change worth trying, in the order in which the form asks.
pub(super) fn candidates(rules: &RuleSet, facts: &Facts) -> Vec<Candidate> {
    let mut list = List {
        rules,
        facts,
        made: Vec::with_capacity(64),
    };
    list.words();
    list.conditions();
    list.weeks();
    list.flags();
    list.phq9();
    list.gad7();
    list.wsas();
    list.made
}

/// The age and the agreement, otherwise. They are looked at to say that nothing else decides, never to propose a change.
pub(super) fn fixed(rules: &RuleSet, facts: &Facts) -> Vec<Candidate> {
    let mut list = List {
        rules,
        facts,
        made: Vec::new(),
    };
    let written = list.numbers("age");
    let limits = written.into_iter().chain([i64::from(facts.min_age)]);
    for age in around(limits, 0, 120) {
        if let Ok(age) = u8::try_from(age)
            && age != facts.age
        {
            let size = u32::from(age.abs_diff(facts.age)) * WHOLE / 120;
            list.add(size, Touched::Fact("age"), |facts| facts.age = age);
        }
    }
    list.add(WHOLE, Touched::Fact("agreed"), |facts| {
        facts.agreed = !facts.agreed
    });
    list.made
}

/// Each number with its neighbours, within a range.
pub(super) fn around(numbers: impl IntoIterator<Item = i64>, least: i64, most: i64) -> BTreeSet<i64> {
    let near = numbers
        .into_iter()
        .flat_map(|n| [n.saturating_sub(1), n, n.saturating_add(1)]);
    near.filter(|n| (least..=most).contains(n)).collect()
}

/// The changes found so far, of these facts under these rules.
pub(super) struct List<'a> {
    rules: &'a RuleSet,
    pub(super) facts: &'a Facts,
    made: Vec<Candidate>,
}

impl List<'_> {
    pub(super) fn add(&mut self, size: u32, touched: Touched, change: impl FnOnce(&mut Facts)) {
        let mut facts = self.facts.clone();
        change(&mut facts);
        self.made.push(Candidate { size, touched, facts });
    }

    /// Whether a rule looks at this name.
    pub(super) fn is_asked(&self, name: &str) -> bool {
        let mut conditions = self.rules.rules.iter().map(|rule| &rule.condition);
        conditions.any(|condition| condition.names().iter().any(|known| known == name))
    }

    /// What is written in the conditions that look at a name.
    pub(super) fn numbers(&self, name: &str) -> BTreeSet<i64> {
        let conditions = self.rules.rules.iter().map(|rule| &rule.condition);
        conditions
            .filter(|condition| condition.names().iter().any(|known| known == name))
            .flat_map(|condition| condition.written.numbers.iter().copied())
            .collect()
    }

    /// Choices in their order: the further apart, the larger. `ordered` is false where no order means anything.
    fn choice<T: Copy + PartialEq>(
        &mut self,
        key: &'static str,
        all: &[T],
        ordered: bool,
        read: impl Fn(&Facts) -> T,
        set: impl Fn(&mut Facts, T),
    ) {
        if !self.is_asked(key) {
            return;
        }
        let now = read(self.facts);
        let here = all.iter().position(|choice| *choice == now).unwrap_or_default();
        let range = u32::try_from(all.len().saturating_sub(1)).unwrap_or(1).max(1);
        for (place, choice) in all.iter().enumerate().filter(|(_, choice)| **choice != now) {
            let apart = u32::try_from(place.abs_diff(here)).unwrap_or(range);
            let size = if ordered { apart * WHOLE / range } else { WHOLE };
            self.add(size, Touched::Fact(key), |facts| set(facts, *choice));
        }
    }

    fn words(&mut self) {
        let areas = [GpInArea::No, GpInArea::Unknown, GpInArea::Yes];
        self.choice(
            "gp_in_area",
            &areas,
            true,
            |f| f.gp_in_area,
            |f, to| f.gp_in_area = to,
        );
        self.choice("source", &Source::ALL, false, |f| f.source, |f, to| f.source = to);
        let targets = [None, Some(ServiceName::Core), Some(ServiceName::Hwb)];
        self.choice(
            "pad_target",
            &targets,
            false,
            |f| f.pad_target,
            |f, to| f.pad_target = to,
        );
        self.choice(
            "problem",
            Problem::ALL,
            false,
            |f| f.problem,
            |f, to| f.problem = to,
        );
        let links = [Linked::No, Linked::Unsure, Linked::Yes];
        self.choice(
            "ltc_linked",
            &links,
            true,
            |f| f.ltc_linked,
            |f, to| f.ltc_linked = to,
        );
        let served = [Veteran::No, Veteran::Yes, Veteran::ServiceRelated];
        self.choice("veteran", &served, true, |f| f.veteran, |f, to| f.veteran = to);
        if self.is_asked("interpreter") {
            // `und`: a language that is not named.
            let other = self.facts.interpreter.is_none().then(|| "und".to_owned());
            self.add(WHOLE, Touched::Fact("interpreter"), |facts| {
                facts.interpreter = other
            });
        }
    }

    /// One condition more or less: those that rules write, those with a pathway, and one that is neither.
    fn conditions(&mut self) {
        if !["ltc", "has_ltc", "ltc_listed"]
            .iter()
            .any(|name| self.is_asked(name))
        {
            return;
        }
        let rules = self.rules.rules.iter().map(|rule| &rule.condition);
        let written = rules
            .filter(|condition| condition.names().iter().any(|known| known == "ltc"))
            .flat_map(|condition| condition.written.words.iter());
        let named: BTreeSet<String> = written
            .chain(&self.rules.pathways)
            .chain(&self.facts.ltc)
            .cloned()
            .chain(["other".to_owned()])
            .collect();
        for condition in named {
            self.add(WHOLE, Touched::Fact("ltc"), |facts| {
                match facts.ltc.iter().position(|known| *known == condition) {
                    Some(place) => {
                        facts.ltc.remove(place);
                    }
                    None => facts.ltc.push(condition),
                }
            });
        }
    }

    fn weeks(&mut self) {
        if !self.is_asked("pain_weeks") {
            return;
        }
        for weeks in around(self.numbers("pain_weeks"), 0, MOST_WEEKS) {
            let Ok(to) = u16::try_from(weeks) else { continue };
            let size = match self.facts.pain_weeks {
                Some(now) if now == to => continue,
                Some(now) => u32::from(now.abs_diff(to)) * WHOLE / WEEKS,
                None => WHOLE,
            };
            self.add(size, Touched::Fact("pain_weeks"), |facts| {
                facts.pain_weeks = Some(to)
            });
        }
    }

    fn flags(&mut self) {
        for key in FLAGS {
            if self.is_asked(key) {
                self.add(WHOLE, Touched::Fact(key), |facts| {
                    if let Some(flag) = facts.flag_mut(key) {
                        *flag = !*flag;
                    }
                });
            }
        }
    }
}
