//! The questions of the journey: the smallest things a person is asked, each with its own answer.

use super::page::Page;

/// One question. A page asks one or a few that belong together; the order here is the order on the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// "Are you thinking about ending your life, or is anyone in danger right now?"
    Safety,
    /// Full name, and who is helping.
    Name,
    /// Date of birth.
    BirthDate,
    /// GP surgery, and whether it lies in the area.
    GpSurgery,
    /// NHS number, if known.
    NhsNumber,
    /// Phone, e-mail and how they may be used.
    Contact,
    /// Address, or no fixed address.
    Address,
    /// Interpreter, BSL, format.
    Needs,
    /// The main problem.
    Problem,
    /// Anything else, in the person's own words.
    AnythingElse,
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
    /// Whether the questionnaires are answered now or left for a talk.
    Scales,
    /// PHQ-9.
    Phq9,
    /// GAD-7.
    Gad7,
    /// WSAS, only where the deployment holds its text.
    Wsas,
    /// Agreement to be referred, and to tell the referrer how far it is: given with "send".
    Agreement,
}

impl Question {
    /// The page that asks it.
    pub fn page(self) -> Page {
        let asks = |page: &Page| page.questions().contains(&self);
        // Every question is on a page: a test holds the table to it.
        Page::ALL.into_iter().find(asks).unwrap_or(Page::Check)
    }
}
