//! The path for ordinary people and for every mixture of answers.

use super::super::choices::{CrisisNow, GpInArea, Linked, PainLength, Problem, Veteran};
use super::super::parts::{
    Address, Agreement, CareTicks, Contact, GpSurgery, LifeTicks, LongTerm, Needs, SafetyTicks, SpineTicks,
};
use super::super::scale::Scale;
use super::*;
use jiff::civil::date;
use proptest::prelude::*;

const HERE: JourneyContext = JourneyContext {
    asks_wsas: false,
    submitted: false,
};

/// Answers what is asked on one page, as an ordinary person with these conditions would who answers the
/// questionnaires.
fn answer_page(answers: &mut Answers, page: Page, conditions: &[Condition]) {
    for question in page.questions() {
        if question.is_asked(answers, HERE) || *question == Question::Wsas {
            answer(answers, *question, conditions);
        }
    }
}

fn answer(answers: &mut Answers, question: Question, conditions: &[Condition]) {
    match question {
        Question::Safety => answers.crisis_now = Some(CrisisNow::No),
        Question::Agreement => {
            answers.agreement = Some(Agreement {
                agreed: true,
                share_status: Some(true),
            })
        }
        Question::Name => answers.name = Some("Sam Example".into()),
        Question::BirthDate => answers.born = Some(date(1980, 2, 29)),
        Question::Contact => answers.contact = Some(Contact::default()),
        Question::Address => answers.address = Some(Address::default()),
        Question::GpSurgery => {
            answers.gp = Some(GpSurgery::Unknown);
            answers.gp_in_area = Some(GpInArea::Yes);
        }
        Question::NhsNumber => answers.nhs_number = Some(String::new()),
        Question::Problem => answers.problem = Some(Problem::NotSure),
        Question::LongTerm => {
            answers.long_term = Some(LongTerm {
                conditions: conditions.to_vec(),
                other: String::new(),
            })
        }
        Question::Linked => answers.linked = Some(Linked::Yes),
        Question::PainLength => answers.pain_length = Some(PainLength::Year),
        Question::Spine => answers.spine = Some(SpineTicks::default()),
        Question::SafetyTicks => answers.safety_ticks = Some(SafetyTicks::default()),
        Question::CareTicks => answers.care_ticks = Some(CareTicks::default()),
        Question::LifeTicks => {
            answers.life_ticks = Some(LifeTicks {
                perinatal: false,
                work_affected: false,
                veteran: Veteran::No,
            })
        }
        Question::Phq9 => answers.phq9 = Some(Scale::PASSED),
        Question::Gad7 => answers.gad7 = Some(Scale::PASSED),
        Question::Wsas => answers.wsas = Some(Scale::PASSED),
        Question::Needs => answers.needs = Some(Needs::default()),
        Question::Scales => answers.scales_now = Some(true),
        Question::AnythingElse => answers.anything_else = Some(String::new()),
    }
}

/// Walks from the first page to "check your answers", as the pages lead.
fn walk(conditions: &[Condition], scales_now: bool, context: JourneyContext) -> Vec<Page> {
    let mut answers = Answers::default();
    let mut visited = vec![];
    let mut page = Page::Safety;
    while page != Page::Check {
        let journey = Journey::new(&answers, context);
        assert!(journey.may_visit(page), "{page:?}");
        assert_eq!(journey.first_unanswered(), Some(page));
        visited.push(page);
        answer_page(&mut answers, page, conditions);
        if page == Page::Apply {
            answers.scales_now = Some(scales_now);
        }
        page = Journey::new(&answers, context).next_after(page).expect("a value");
    }
    let journey = Journey::new(&answers, context);
    assert!(journey.may_visit(Page::Check));
    assert!(!journey.may_visit(Page::Confirmation));
    let sent = Journey::new(
        &answers,
        JourneyContext {
            submitted: true,
            ..context
        },
    );
    assert!(sent.may_visit(Page::Confirmation));
    assert_eq!(sent.first_unanswered(), None);
    visited
}

/// Everything answered by somebody without a condition.
fn all_answered() -> Answers {
    let mut answers = Answers::default();
    for page in Page::ALL {
        answer_page(&mut answers, page, &[]);
    }
    answers
}

/// The slip's page before and the confirmation after it count too: eight pages in all, ten with questionnaires,
/// eleven with the page that says which place is kept.
#[test]
fn the_patient_who_exists_meets_five_pages_before_the_check_and_seven_with_questionnaires() {
    let short = walk(&[Condition::BackPain], false, HERE);
    assert_eq!(
        short,
        [Page::Safety, Page::You, Page::Reach, Page::Problem, Page::Apply]
    );
    let long = walk(&[Condition::BackPain], true, HERE);
    assert_eq!(long[..5], short);
    assert_eq!(long[5..], [Page::Phq9, Page::Gad7]);
}

#[test]
fn what_follows_from_a_condition_is_asked_only_with_it() {
    let asked = |condition, question: Question| {
        let mut answers = Answers::default();
        answer(&mut answers, Question::LongTerm, &[condition]);
        question.is_asked(&answers, HERE)
    };
    for (condition, pain, spine) in [
        (Condition::BackPain, true, true),
        (Condition::Sciatica, true, true),
        (Condition::ChronicPain, true, false),
        (Condition::Diabetes, false, false),
    ] {
        assert!(asked(condition, Question::Linked));
        assert_eq!(asked(condition, Question::PainLength), pain, "{condition:?}");
        assert_eq!(asked(condition, Question::Spine), spine, "{condition:?}");
    }
    assert!(!Question::Linked.is_asked(&Answers::default(), HERE));
}

#[test]
fn wsas_is_asked_only_where_its_text_is_held() {
    let here = JourneyContext {
        asks_wsas: true,
        ..HERE
    };
    assert!(walk(&[], true, here).contains(&Page::Wsas));
    assert!(!walk(&[], false, here).contains(&Page::Wsas));
}

#[test]
fn a_worrying_answer_does_not_change_the_path() {
    let mut answers = Answers::default();
    answer(&mut answers, Question::Safety, &[]);
    let calm: Vec<Page> = Journey::new(&answers, HERE).pages().collect();
    answers.crisis_now = Some(CrisisNow::Yes);
    assert_eq!(Journey::new(&answers, HERE).pages().collect::<Vec<_>>(), calm);
}

#[test]
fn a_page_that_fell_off_the_path_still_leads_on() {
    let mut answers = all_answered();
    answers.scales_now = Some(false);
    let journey = Journey::new(&answers, HERE);
    assert!(!journey.may_visit(Page::Gad7));
    assert_eq!(journey.next_after(Page::Gad7), Some(Page::Check));
    assert_eq!(journey.before(Page::Gad7), Some(Page::Apply));
}

#[test]
fn ticking_back_pain_later_asks_what_follows_from_it() {
    let mut answers = all_answered();
    assert_eq!(Journey::new(&answers, HERE).first_unanswered(), Some(Page::Check));
    answer(&mut answers, Question::LongTerm, &[Condition::Sciatica]);
    let journey = Journey::new(&answers, HERE);
    assert_eq!(journey.first_unanswered(), Some(Page::Problem));
    assert!(!journey.may_visit(Page::Check));
}

proptest! {
    /// Any subset of questions answered, with any conditions, in any context.
    #[test]
    fn every_page_but_the_end_has_a_next_and_opens_only_when_all_before_are_answered(
        answered in 0u32..(1 << 22),
        conditions in proptest::sample::subsequence(Condition::ALL.to_vec(), 0..=Condition::ALL.len()),
        scales_now: bool, asks_wsas: bool, submitted: bool,
    ) {
        let context = JourneyContext { asks_wsas, submitted };
        let mut answers = Answers::default();
        let questions = Page::ALL.into_iter().flat_map(|page| page.questions());
        for (index, question) in questions.enumerate() {
            if answered & (1 << index) != 0 {
                answer(&mut answers, *question, &conditions);
            }
        }
        answers.scales_now = answers.scales_now.map(|_| scales_now);
        let journey = Journey::new(&answers, context);
        let pages: Vec<Page> = journey.pages().collect();
        let end = *pages.last().expect("a value");
        let first_open = journey.first_unanswered();
        for (index, page) in pages.iter().copied().enumerate() {
            prop_assert_eq!(journey.next_after(page).is_none(), page == end);
            prop_assert_eq!(journey.before(page), index.checked_sub(1).map(|before| pages[before]));
            prop_assert_eq!(journey.may_visit(page), first_open.is_none_or(|open| page <= open));
        }
        for page in Page::ALL {
            if !pages.contains(&page) {
                prop_assert!(!journey.may_visit(page));
            }
        }
    }
}
