//! The pages of the journey: their order and the numbers in their addresses, which say nothing about health.

/// One page of the journey. The order is the order asked; contact comes before PHQ-9, so that nobody who gives a
/// worrying answer there is out of reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Page {
    /// "Are you safe right now?"
    Safety = 1,
    /// Who the service is for: age and GP surgery in the area.
    Eligibility,
    /// Agreement to be referred, and to tell the referrer how far it is.
    Agreement,
    /// Full name, and who is helping.
    Name,
    /// Date of birth.
    BirthDate,
    /// Phone, e-mail and how they may be used.
    Contact,
    /// Address, or no fixed address.
    Address,
    /// GP surgery.
    GpSurgery,
    /// NHS number, if known.
    NhsNumber,
    /// The main problem.
    Problem,
    /// Long-term conditions.
    LongTerm,
    /// Whether condition and problem are linked.
    Linked,
    /// How long the pain has lasted.
    PainLength,
    /// New trouble that can come from the spine.
    Spine,
    /// First "Do any of these apply?": safety.
    SafetyTicks,
    /// Second "Do any of these apply?": other care.
    CareTicks,
    /// Third "Do any of these apply?": life now.
    LifeTicks,
    /// PHQ-9.
    Phq9,
    /// GAD-7.
    Gad7,
    /// WSAS, only where the deployment holds its text.
    Wsas,
    /// Interpreter, BSL, format.
    Needs,
    /// Anything else.
    AnythingElse,
    /// Check your answers.
    Check,
    /// What happens next.
    Confirmation,
}

impl Page {
    /// Every page, in order.
    pub const ALL: [Page; 24] = [
        Page::Safety,
        Page::Eligibility,
        Page::Agreement,
        Page::Name,
        Page::BirthDate,
        Page::Contact,
        Page::Address,
        Page::GpSurgery,
        Page::NhsNumber,
        Page::Problem,
        Page::LongTerm,
        Page::Linked,
        Page::PainLength,
        Page::Spine,
        Page::SafetyTicks,
        Page::CareTicks,
        Page::LifeTicks,
        Page::Phq9,
        Page::Gad7,
        Page::Wsas,
        Page::Needs,
        Page::AnythingElse,
        Page::Check,
        Page::Confirmation,
    ];

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
        assert_eq!(Page::from_number(25), None);
    }

    #[test]
    fn contact_is_asked_before_phq9() {
        assert!(Page::Contact < Page::Phq9);
    }
}
