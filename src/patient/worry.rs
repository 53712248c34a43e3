//! Which answers are answered with help in the same response, and when the database has to hold them.
//! What is worrying enough for a person to look today is for the rules to say, not for this file.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;

use super::draft::Draft;
use super::sheet;
use crate::config::Locality;
use crate::questionnaire::{Answers, CrisisNow, Page, find_risk_words, item9, limits};
use crate::triage::{Decision, RuleSet, decide};
use crate::web::form::Posted;

/// What has to be shown before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Help {
    /// Whom to ring now, and "Can you keep yourself safe right now?"
    Crisis,
    /// Go to A&E now: the spine.
    Spine,
}

/// The help that the answers of this page ask for (domain facts, section 3).
pub(super) fn help_for(page: Page, answers: &Answers, risk_words: &[String]) -> Option<Help> {
    let worries = |text: &str| !find_risk_words(risk_words, text).is_empty();
    let asked = match page {
        Page::Spine => return answers.spine.filter(|spine| spine.any()).map(|_| Help::Spine),
        Page::Safety => answers.crisis_now == Some(CrisisNow::Yes),
        Page::SafetyTicks => answers
            .safety_ticks
            .is_some_and(|ticks| ticks.harm_to_others || ticks.safeguarding),
        Page::Phq9 => answers
            .phq9_items()
            .and_then(|items| item9(&items))
            .is_some_and(|answer| answer >= 1),
        Page::LongTerm => answers
            .long_term
            .as_ref()
            .is_some_and(|given| worries(&given.other)),
        Page::Needs => answers
            .needs
            .as_ref()
            .is_some_and(|needs| worries(&needs.format_need) || worries(&needs.other_language)),
        Page::AnythingElse => answers.anything_else.as_deref().is_some_and(worries),
        Page::Eligibility
        | Page::Agreement
        | Page::Name
        | Page::BirthDate
        | Page::Contact
        | Page::Address
        | Page::GpSurgery
        | Page::NhsNumber
        | Page::Problem
        | Page::Linked
        | Page::PainLength
        | Page::CareTicks
        | Page::LifeTicks
        | Page::Gad7
        | Page::Wsas
        | Page::Check
        | Page::Confirmation => false,
    };
    asked.then_some(Help::Crisis)
}

/// Whether what was typed and has to be corrected holds a risk word. What fits of it is then kept among the
/// answers, so that a person sees it even if the correction never comes.
pub(super) fn keep_words(page: Page, posted: &Posted, answers: &mut Answers, risk_words: &[String]) -> bool {
    let field = match page {
        Page::AnythingElse => "anything_else",
        Page::LongTerm => "other_condition",
        Page::Needs => "format_need",
        _ => return false,
    };
    let typed = posted.one(field);
    let Some(first) = find_risk_words(risk_words, typed).first().copied() else {
        return false;
    };
    // The word itself goes first: it may stand beyond what fits.
    let kept = format!("“{first}” … {typed}");
    answers.anything_else = Some(kept.chars().take(limits::ANYTHING_ELSE).collect());
    true
}

/// What the rules say of the answers so far.
pub(super) fn looked_at(draft: &Draft, rules: &RuleSet, here: &Locality, today: Date) -> Decision {
    decide(rules, &sheet::facts(&draft.answers, here, today).0)
}

/// A hash of what a person of the team would act on: what the rules found, and how to reach whom. When it
/// changes, what was kept is out of date.
pub(super) fn mark(draft: &Draft, decision: &Decision) -> u32 {
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
    fn rather_not_saying_is_looked_at_by_a_person_today() {
        let answers = Answers {
            crisis_now: Some(CrisisNow::PreferNot),
            ..Answers::default()
        };
        assert_eq!(help_for(Page::Safety, &answers, &[]), None);
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
        assert_eq!(help_for(Page::Spine, &answers, &[]), Some(Help::Spine));
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
        assert_eq!(help_for(Page::SafetyTicks, &answers, &words), Some(Help::Crisis));
        assert_eq!(help_for(Page::LongTerm, &answers, &words), Some(Help::Crisis));
        assert_eq!(help_for(Page::Name, &answers, &words), None);
        assert!(urgent(answers));
    }

    #[test]
    fn what_a_person_would_act_on_changes_the_mark() {
        let here = here();
        let rules = RuleSet::shipped(&here.long_term_conditions).expect("rules");
        let today = jiff::civil::date(2026, 11, 23);
        let mut draft = Draft::start(None);
        let of = |draft: &Draft| mark(draft, &looked_at(draft, &rules, &here, today));
        let first = of(&draft);
        assert_eq!(first, of(&draft));
        draft.answers.name = Some("Ann Example".to_owned());
        let named = of(&draft);
        assert_ne!(first, named);
        draft.answers.phq9 = phq9(Some(1)).phq9;
        assert_ne!(named, of(&draft));
    }
}
