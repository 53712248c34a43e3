//! The names a condition may use, and the values each can take: what a rules file is checked against when loaded.

use super::decision::{Priority, Step};
use super::facts::NOT_ASKED;
use crate::questionnaire::{CrisisNow, GpInArea, KeepSafe, Linked, Problem, Veteran};

/// What kind of value stands behind a name.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// True or false.
    Flag,
    /// A whole number between the two, never missing.
    Number(i64, i64),
    /// A whole number between the two, or null.
    MaybeNumber(i64, i64),
    /// One of a closed list of words.
    Word(fn() -> Vec<&'static str>),
    /// One of a closed list of words, or null.
    MaybeWord(fn() -> Vec<&'static str>),
    /// Any word, or null.
    AnyWord,
    /// A list of names of conditions.
    Names,
    /// The flags raised by earlier rules.
    Flags,
    /// Questionnaire answers: so many items, or null; an item may be null.
    Items(usize),
}

impl Kind {
    /// In words, for errors.
    pub fn told(self) -> &'static str {
        match self {
            Kind::Flag => "true or false",
            Kind::Number(..) => "a number",
            Kind::MaybeNumber(..) => "a number or null",
            Kind::Word(_) => "a word",
            Kind::MaybeWord(_) | Kind::AnyWord => "a word or null",
            Kind::Names => "a list of conditions",
            Kind::Flags => "the flags raised so far",
            Kind::Items(_) => "a list of answers or null",
        }
    }
}

/// Every name a condition may use.
pub const VOCABULARY: [(&str, Kind); 42] = [
    ("age", Kind::Number(0, 120)),
    ("min_age", Kind::Number(0, 120)),
    (
        "gp_in_area",
        Kind::Word(|| GpInArea::ALL.iter().map(|c| c.key()).collect()),
    ),
    ("agreed", Kind::Flag),
    ("source", Kind::Word(|| vec!["self", "physio", "gp", "carer"])),
    ("pad_target", Kind::MaybeWord(|| vec!["core", "hwb"])),
    ("crisis_now", Kind::Word(crisis_words)),
    (
        "keep_safe",
        Kind::MaybeWord(|| KeepSafe::ALL.iter().map(|c| c.key()).collect()),
    ),
    ("phq9", Kind::Items(9)),
    ("gad7", Kind::Items(7)),
    ("phq9_started", Kind::Flag),
    ("phq9_total", Kind::MaybeNumber(0, 27)),
    ("item9", Kind::MaybeNumber(0, 3)),
    ("gad7_total", Kind::MaybeNumber(0, 21)),
    ("wsas_total", Kind::MaybeNumber(0, 40)),
    ("harm_to_others", Kind::Flag),
    ("safeguarding", Kind::Flag),
    ("free_text_risk", Kind::Flag),
    ("psychosis_mania", Kind::Flag),
    ("spine_red_flag", Kind::Flag),
    ("secondary_mh", Kind::Flag),
    ("substance_main", Kind::Flag),
    ("eating_disorder", Kind::Flag),
    ("step2_no_benefit", Kind::Flag),
    ("perinatal", Kind::Flag),
    ("work_affected", Kind::Flag),
    ("bsl", Kind::Flag),
    ("format_need", Kind::Flag),
    ("no_voicemail", Kind::Flag),
    (
        "problem",
        Kind::Word(|| Problem::ALL.iter().map(|c| c.key()).collect()),
    ),
    ("ltc", Kind::Names),
    ("has_ltc", Kind::Flag),
    ("ltc_listed", Kind::Flag),
    (
        "ltc_linked",
        Kind::Word(|| Linked::ALL.iter().map(|c| c.key()).collect()),
    ),
    ("pain_weeks", Kind::MaybeNumber(0, 5200)),
    (
        "veteran",
        Kind::Word(|| Veteran::ALL.iter().map(|c| c.key()).collect()),
    ),
    ("interpreter", Kind::AnyWord),
    ("review", Kind::Flag),
    ("flags", Kind::Flags),
    (
        "priority",
        Kind::Word(|| Priority::ALL.iter().map(|p| p.as_str()).collect()),
    ),
    ("service", Kind::MaybeWord(|| vec!["core", "hwb", "review"])),
    (
        "step",
        Kind::MaybeWord(|| Step::ALL.iter().map(|s| s.as_str()).collect()),
    ),
];

fn crisis_words() -> Vec<&'static str> {
    CrisisNow::ALL
        .iter()
        .map(|choice| choice.key())
        .chain([NOT_ASKED])
        .collect()
}

/// The kind behind a name, if a condition may use it.
pub fn kind_of(name: &str) -> Option<Kind> {
    VOCABULARY
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, kind)| *kind)
}

/// The known name nearest to a misspelt one, if any is near.
pub fn nearest(name: &str) -> Option<&'static str> {
    nearest_of(name, VOCABULARY.iter().map(|(known, _)| *known))
}

/// The word nearest to a misspelt one, if any is near.
pub fn nearest_of<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let near = known.map(|known| (distance(word, known), known)).min();
    let most = 3.min(word.chars().count().saturating_sub(1));
    near.filter(|(steps, _)| *steps <= most).map(|(_, known)| known)
}

/// Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let above = *cell;
            let best = (diagonal + usize::from(from != *to)).min(above + 1).min(left + 1);
            diagonal = above;
            left = best;
            *cell = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_its_neighbour() {
        assert_eq!(nearest("harm_to_other"), Some("harm_to_others"));
        assert_eq!(nearest("phq_total"), Some("phq9_total"));
        assert_eq!(nearest("something_else_entirely"), None);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn no_name_stands_twice() {
        for (index, (name, _)) in VOCABULARY.iter().enumerate() {
            assert!(
                VOCABULARY.iter().skip(index + 1).all(|(other, _)| other != name),
                "{name}"
            );
        }
        assert!(kind_of("step").is_some() && kind_of("nothing").is_none());
    }
}
