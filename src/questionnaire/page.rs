//! The pages of the journey: their order, what each asks, and the numbers in their addresses, which say nothing
//! about health.

use super::question::Question;

/// One page of the journey. The order is the order asked; name and contact come before PHQ-9, so that nobody who
/// gives a worrying answer there is out of reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Page {
    /// "Are you safe right now?"
    Safety = 1,
    /// Who the person is.
    You,
    /// How to reach them, and what makes that possible.
    Reach,
    /// What they would like help with.
    Problem,
    /// "Do any of these apply?"
    Apply,
    /// PHQ-9.
    Phq9,
    /// GAD-7.
    Gad7,
    /// WSAS, only where the deployment holds its text.
    Wsas,
    /// Check your answers, agree and send.
    Check,
    /// What happens next.
    Confirmation,
}

impl Page {
    /// Every page, in order.
    pub const ALL: [Page; 10] = [
        Page::Safety,
        Page::You,
        Page::Reach,
        Page::Problem,
        Page::Apply,
        Page::Phq9,
        Page::Gad7,
        Page::Wsas,
        Page::Check,
        Page::Confirmation,
    ];

    /// What the page asks, in the order it stands there.
    pub fn questions(self) -> &'static [Question] {
        match self {
            Page::Safety => &[Question::Safety],
            Page::You => &[
                Question::Name,
                Question::BirthDate,
                Question::GpSurgery,
                Question::NhsNumber,
            ],
            Page::Reach => &[Question::Contact, Question::Address, Question::Needs],
            Page::Problem => &[
                Question::Problem,
                Question::AnythingElse,
                Question::LongTerm,
                Question::Linked,
                Question::PainLength,
                Question::Spine,
            ],
            Page::Apply => &[
                Question::SafetyTicks,
                Question::CareTicks,
                Question::LifeTicks,
                Question::Scales,
            ],
            Page::Phq9 => &[Question::Phq9],
            Page::Gad7 => &[Question::Gad7],
            Page::Wsas => &[Question::Wsas],
            Page::Check => &[Question::Agreement],
            Page::Confirmation => &[],
        }
    }

    /// The number in the address, from 1. A page keeps its number whatever else is asked.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The page with this number.
    pub fn from_number(number: u8) -> Option<Page> {
        Page::ALL.into_iter().find(|page| page.number() == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_run_from_one_in_the_order_asked() {
        for (index, page) in Page::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(page.number()), index + 1);
            assert_eq!(Page::from_number(page.number()), Some(page));
        }
        assert_eq!(Page::from_number(0), None);
        assert_eq!(Page::from_number(11), None);
    }

    #[test]
    fn every_question_is_asked_once_and_in_order() {
        let asked: Vec<Question> = Page::ALL
            .into_iter()
            .flat_map(|page| page.questions().iter().copied())
            .collect();
        assert!(asked.is_sorted() && asked.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(asked.len(), Question::Agreement as usize + 1);
        for question in asked {
            assert!(question.page().questions().contains(&question));
        }
    }

    #[test]
    fn name_and_contact_are_asked_before_phq9() {
        assert!(Question::Name.page() < Page::Phq9 && Question::Contact.page() < Page::Phq9);
    }
}
