//! The path for ordinary people and for every mixture of answers.

use super::super::choices::{CrisisNow, GpInArea, Linked, PainLength, Problem, Veteran};
use super::super::parts::{
    Address, Agreement, CareTicks, Contact, Eligibility, GpSurgery, LifeTicks, LongTerm, Needs, SafetyTicks,
    SpineTicks,
};
use super::super::scale::Scale;
use super::*;
use jiff::civil::date;
use proptest::prelude::*;

const SLIP: JourneyContext = JourneyContext {
    from_slip: true,
    asks_wsas: false,
    submitted: false,
};

/// Answers one page, as an ordinary person with these conditions would.
fn answer(answers: &mut Answers, page: Page, conditions: &[Condition]) {
    match page {
        Page::Safety => answers.crisis_now = Some(CrisisNow::No),
        Page::Eligibility => {
            answers.eligibility = Some(Eligibility {
                aged_enough: true,
                gp_in_area: GpInArea::Yes,
            })
        }
        Page::Agreement => {
            answers.agreement = Some(Agreement {
                agreed: true,
                share_status: Some(true),
            })
        }
        Page::Name => answers.name = Some("Sam Example".into()),
        Page::BirthDate => answers.born = Some(date(1980, 2, 29)),
        Page::Contact => answers.contact = Some(Contact::default()),
        Page::Address => answers.address = Some(Address::default()),
        Page::GpSurgery => answers.gp = Some(GpSurgery::Unknown),
        Page::NhsNumber => answers.nhs_number = Some(String::new()),
        Page::Problem => answers.problem = Some(Problem::NotSure),
        Page::LongTerm => {
            answers.long_term = Some(LongTerm {
                conditions: conditions.to_vec(),
                other: String::new(),
            })
        }
        Page::Linked => answers.linked = Some(Linked::Yes),
        Page::PainLength => answers.pain_length = Some(PainLength::Year),
        Page::Spine => answers.spine = Some(SpineTicks::default()),
        Page::SafetyTicks => answers.safety_ticks = Some(SafetyTicks::default()),
        Page::CareTicks => answers.care_ticks = Some(CareTicks::default()),
        Page::LifeTicks => {
            answers.life_ticks = Some(LifeTicks {
                perinatal: false,
                work_affected: false,
                veteran: Veteran::No,
            })
        }
        Page::Phq9 => answers.phq9 = Some(Scale::PASSED),
        Page::Gad7 => answers.gad7 = Some(Scale::PASSED),
        Page::Wsas => answers.wsas = Some(Scale::PASSED),
        Page::Needs => answers.needs = Some(Needs::default()),
        Page::AnythingElse => answers.anything_else = Some(String::new()),
        Page::Check | Page::Confirmation => {}
    }
}

/// Walks from the first page to "check your answers", as the pages lead.
fn walk(conditions: &[Condition], context: JourneyContext) -> Vec<Page> {
    let mut answers = Answers::default();
    let mut visited = vec![];
    let mut page = Page::Safety;
    while page != Page::Check {
        let journey = Journey::new(&answers, context);
        assert!(journey.may_visit(page), "{page:?}");
        assert_eq!(journey.first_unanswered(), Some(page));
        visited.push(page);
        answer(&mut answers, page, conditions);
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

#[test]
fn the_pages_lead_an_ordinary_person_to_the_end() {
    let visited = walk(&[], SLIP);
    assert_eq!(visited.len(), 18);
    for left_out in [Page::Linked, Page::PainLength, Page::Spine, Page::Wsas] {
        assert!(!visited.contains(&left_out));
    }
}

#[test]
fn the_spine_is_asked_about_only_with_back_pain_or_sciatica() {
    for (condition, spine) in [
        (Condition::BackPain, true),
        (Condition::Sciatica, true),
        (Condition::ChronicPain, false),
    ] {
        let visited = walk(&[condition], SLIP);
        assert_eq!(visited.contains(&Page::Spine), spine, "{condition:?}");
        assert!(visited.contains(&Page::PainLength));
        assert!(visited.contains(&Page::Linked));
    }
    let diabetes = walk(&[Condition::Diabetes], SLIP);
    assert!(diabetes.contains(&Page::Linked));
    assert!(!diabetes.contains(&Page::PainLength));
}

#[test]
fn wsas_is_asked_only_where_its_text_is_held() {
    assert!(
        walk(
            &[],
            JourneyContext {
                asks_wsas: true,
                ..SLIP
            }
        )
        .contains(&Page::Wsas)
    );
}

#[test]
fn not_agreeing_ends_the_path() {
    let mut answers = Answers::default();
    for page in [Page::Safety, Page::Eligibility] {
        answer(&mut answers, page, &[]);
    }
    answers.agreement = Some(Agreement {
        agreed: false,
        share_status: None,
    });
    let journey = Journey::new(&answers, SLIP);
    assert_eq!(journey.pages().last(), Some(Page::Agreement));
    assert_eq!(journey.next_after(Page::Agreement), None);
    assert!(!journey.may_visit(Page::Name));
    assert_eq!(journey.first_unanswered(), None);
}

#[test]
fn with_a_slip_sharing_must_be_answered_and_without_one_it_is_not_asked() {
    let mut answers = Answers::default();
    for page in [Page::Safety, Page::Eligibility] {
        answer(&mut answers, page, &[]);
    }
    answers.agreement = Some(Agreement {
        agreed: true,
        share_status: None,
    });
    assert_eq!(
        Journey::new(&answers, SLIP).first_unanswered(),
        Some(Page::Agreement)
    );
    let typed = JourneyContext {
        from_slip: false,
        ..SLIP
    };
    assert_eq!(Journey::new(&answers, typed).first_unanswered(), Some(Page::Name));
}

#[test]
fn a_worrying_answer_does_not_change_the_path() {
    let mut answers = Answers::default();
    answer(&mut answers, Page::Safety, &[]);
    let calm: Vec<Page> = Journey::new(&answers, SLIP).pages().collect();
    answers.crisis_now = Some(CrisisNow::Yes);
    assert_eq!(Journey::new(&answers, SLIP).pages().collect::<Vec<_>>(), calm);
}

#[test]
fn a_page_that_fell_off_the_path_still_leads_on() {
    let mut answers = Answers::default();
    for page in Page::ALL {
        answer(&mut answers, page, &[]);
    }
    let journey = Journey::new(&answers, SLIP);
    assert!(!journey.may_visit(Page::Spine));
    assert_eq!(journey.next_after(Page::Spine), Some(Page::SafetyTicks));
    assert_eq!(journey.before(Page::Spine), Some(Page::LongTerm));
}

#[test]
fn ticking_back_pain_later_asks_the_spine_questions_again() {
    let mut answers = Answers::default();
    for page in Page::ALL {
        answer(&mut answers, page, &[]);
    }
    answers.spine = None;
    answers.linked = None;
    answers.pain_length = None;
    assert_eq!(Journey::new(&answers, SLIP).first_unanswered(), Some(Page::Check));
    answer(&mut answers, Page::LongTerm, &[Condition::Sciatica]);
    let journey = Journey::new(&answers, SLIP);
    assert_eq!(journey.first_unanswered(), Some(Page::Linked));
    assert!(!journey.may_visit(Page::Check));
}

proptest! {
    /// Any subset of pages answered, with any conditions, in any context.
    #[test]
    fn every_page_but_the_end_has_a_next_and_opens_only_when_all_before_are_answered(
        answered in 0u32..(1 << 24),
        conditions in proptest::sample::subsequence(Condition::ALL.to_vec(), 0..=Condition::ALL.len()),
        agrees: bool, from_slip: bool, asks_wsas: bool, submitted: bool,
    ) {
        let context = JourneyContext { from_slip, asks_wsas, submitted };
        let mut answers = Answers::default();
        for (index, page) in Page::ALL.into_iter().enumerate() {
            if answered & (1 << index) != 0 {
                answer(&mut answers, page, &conditions);
            }
        }
        if let Some(agreement) = &mut answers.agreement {
            agreement.agreed = agrees;
        }
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
