//! Which answers are answered with help in the same response, and when the database has to hold them.
//! What is worrying enough for a person to look today is for the rules to say, not for this file.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;

use super::draft::Draft;
use super::sheet;
use crate::config::Locality;
use crate::questionnaire::{Answers, CrisisNow, Page, Question, find_risk_words, item9, limits};
use crate::triage::{Decision, RuleSet, decide};
use crate::web::form::{Errors, Posted};

/// What has to be shown before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Help {
    /// Whom to ring now, and "Can you keep yourself safe right now?"
    Crisis,
    /// Go to A&E now: the spine.
    Spine,
    /// Both on one page.
    Both,
    /// Whom to ring, for somebody who would rather not say.
    RatherNot,
}

/// The help that the answers of this page ask for (domain facts, section 3). Danger comes first; a page on which
/// both the spine and something else worries shows both.
pub(super) fn help_for(page: Page, answers: &Answers, risk_words: &[String]) -> Option<Help> {
    let asked = |wanted: Help| {
        let mut questions = page.questions().iter();
        questions.any(|question| help_with(*question, answers, risk_words) == Some(wanted))
    };
    match (asked(Help::Crisis), asked(Help::Spine)) {
        (true, true) => Some(Help::Both),
        (true, false) => Some(Help::Crisis),
        (false, true) => Some(Help::Spine),
        (false, false) => Some(Help::RatherNot).filter(|wanted| asked(*wanted)),
    }
}

fn help_with(question: Question, answers: &Answers, risk_words: &[String]) -> Option<Help> {
    let worries = |text: &str| !find_risk_words(risk_words, text).is_empty();
    let asked = match question {
        Question::Spine => return answers.spine.filter(|spine| spine.any()).map(|_| Help::Spine),
        Question::Safety if answers.crisis_now == Some(CrisisNow::PreferNot) => return Some(Help::RatherNot),
        Question::Safety => answers.crisis_now == Some(CrisisNow::Yes),
        Question::SafetyTicks => answers
            .safety_ticks
            .is_some_and(|ticks| ticks.harm_to_others || ticks.safeguarding),
        Question::Phq9 => answers
            .phq9_items()
            .and_then(|items| item9(&items))
            .is_some_and(|answer| answer >= 1),
        Question::LongTerm => answers
            .long_term
            .as_ref()
            .is_some_and(|given| worries(&given.other)),
        Question::Needs => answers
            .needs
            .as_ref()
            .is_some_and(|needs| worries(&needs.format_need) || worries(&needs.other_language)),
        Question::AnythingElse => answers.anything_else.as_deref().is_some_and(worries),
        Question::Name
        | Question::BirthDate
        | Question::GpSurgery
        | Question::NhsNumber
        | Question::Contact
        | Question::Address
        | Question::Problem
        | Question::Linked
        | Question::PainLength
        | Question::CareTicks
        | Question::LifeTicks
        | Question::Scales
        | Question::Gad7
        | Question::Wsas
        | Question::Agreement => false,
    };
    asked.then_some(Help::Crisis)
}

/// The fields in which people write in their own words.
const FREE_TEXTS: [&str; 3] = ["anything_else", "other_condition", "format_need"];

/// Whether a text that has to be corrected holds a risk word. What fits of it is then kept among the answers, so
/// that a person sees it even if the correction never comes.
pub(super) fn keep_words(
    posted: &Posted,
    errors: &Errors,
    answers: &mut Answers,
    risk_words: &[String],
) -> bool {
    let wrong = FREE_TEXTS.iter().filter(|field| errors.at(field).is_some());
    let mut worrying = wrong.filter_map(|field| {
        let typed = posted.one(field);
        let found = find_risk_words(risk_words, typed).into_iter().next()?;
        // The words themselves go first: they may stand beyond what fits.
        Some(format!("“{}” … {typed}", found.words))
    });
    let Some(kept) = worrying.next() else {
        return false;
    };
    answers.anything_else = Some(kept.chars().take(limits::ANYTHING_ELSE).collect());
    true
}

/// What the rules say of the answers so far.
pub(super) fn looked_at(draft: &Draft, rules: &RuleSet, here: &Locality, today: Date) -> Decision {
    decide(rules, &sheet::facts(draft, here, today).0)
}

/// A hash of what a person of the team would act on: what the rules found, how to reach whom, and what they have to
/// check. When it changes, what was kept is out of date.
pub(super) fn mark(draft: &Draft, decision: &Decision, needs_checking: &[String]) -> u32 {
    let mut hasher = DefaultHasher::new();
    decision.priority.number().hash(&mut hasher);
    decision.flags.hash(&mut hasher);
    let person = sheet::person(draft);
    (
        person.name,
        person.phone,
        person.email,
        person.address,
        person.postcode,
    )
        .hash(&mut hasher);
    let agreed = draft.answers.agreement.as_ref().map(|given| given.agreed);
    agreed.hash(&mut hasher);
    needs_checking.hash(&mut hasher);
    let [a, b, c, d, ..] = hasher.finish().to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::{LongTerm, SafetyTicks, Scale, SpineTicks};

    fn here() -> Locality {
        Locality::example().expect("a locality")
    }

    fn urgent(answers: Answers) -> bool {
        let here = here();
        let rules = RuleSet::shipped(&here.long_term_conditions).expect("rules");
        let draft = Draft {
            answers,
            ..Draft::start(None)
        };
        looked_at(&draft, &rules, &here, jiff::civil::date(2026, 11, 23)).is_urgent()
    }

    fn phq9(item9: Option<u8>) -> Answers {
        let mut items = [Some(0); 9];
        items[8] = item9;
        Answers {
            phq9: Some(Scale::Given(items)),
            ..Answers::default()
        }
    }

    #[test]
    fn any_answer_to_item_9_but_zero_is_answered_with_help() {
        let help = |answers: &Answers| help_for(Page::Phq9, answers, &[]);
        assert_eq!(help(&phq9(Some(0))), None);
        for answer in 1..=3 {
            assert_eq!(help(&phq9(Some(answer))), Some(Help::Crisis));
            assert!(urgent(phq9(Some(answer))));
        }
        assert_eq!(
            help(&Answers {
                phq9: Some(Scale::PASSED),
                ..Answers::default()
            }),
            None
        );
    }

    #[test]
    fn a_skipped_item_9_is_looked_at_by_a_person_today() {
        assert!(urgent(phq9(None)));
        assert!(!urgent(phq9(Some(0))));
    }

    #[test]
    fn rather_not_saying_is_met_with_whom_to_ring_and_looked_at_by_a_person_today() {
        let answers = Answers {
            crisis_now: Some(CrisisNow::PreferNot),
            ..Answers::default()
        };
        assert_eq!(help_for(Page::Safety, &answers, &[]), Some(Help::RatherNot));
        assert!(urgent(answers));
        assert!(
            !urgent(Answers::default()),
            "nothing answered yet is nothing worrying"
        );
    }

    #[test]
    fn the_spine_has_its_own_help() {
        let answers = Answers {
            spine: Some(SpineTicks {
                saddle_numbness: true,
                ..SpineTicks::default()
            }),
            ..Answers::default()
        };
        assert_eq!(help_for(Page::Problem, &answers, &[]), Some(Help::Spine));
        let both = Answers {
            anything_else: Some("I want to end it all".to_owned()),
            ..answers.clone()
        };
        assert_eq!(
            help_for(Page::Problem, &both, &here().risk_words),
            Some(Help::Both)
        );
        assert!(urgent(answers));
    }

    #[test]
    fn danger_to_others_and_worrying_words_are_answered_with_help() {
        let answers = Answers {
            safety_ticks: Some(SafetyTicks {
                harm_to_others: true,
                ..SafetyTicks::default()
            }),
            long_term: Some(LongTerm {
                conditions: Vec::new(),
                other: "I want to end it all".to_owned(),
            }),
            ..Answers::default()
        };
        let words = here().risk_words;
        assert_eq!(help_for(Page::Apply, &answers, &words), Some(Help::Crisis));
        assert_eq!(help_for(Page::Problem, &answers, &words), Some(Help::Crisis));
        assert_eq!(help_for(Page::You, &answers, &words), None);
        assert!(urgent(answers));
    }

    #[test]
    fn what_a_person_would_act_on_changes_the_mark() {
        let here = here();
        let rules = RuleSet::shipped(&here.long_term_conditions).expect("rules");
        let today = jiff::civil::date(2026, 11, 23);
        let mut draft = Draft::start(None);
        let of = |draft: &Draft| mark(draft, &looked_at(draft, &rules, &here, today), &[]);
        let first = of(&draft);
        assert_eq!(first, of(&draft));
        draft.answers.name = Some("Ann Example".to_owned());
        let named = of(&draft);
        assert_ne!(first, named);
        draft.answers.phq9 = phq9(Some(1)).phq9;
        assert_ne!(named, of(&draft));
    }
}
