//! What a patient has answered so far. It travels in a sealed cookie and is nowhere else, but for worrying
//! answers: those are written to the database as soon as somebody could reach the person.

use serde::{Deserialize, Serialize};

use crate::questionnaire::{Answers, Condition, Contact, Journey, JourneyContext};
use crate::triage::Source;
use crate::values::{Id, Phone, SlipCode};

/// What the cookie carries.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Carried {
    /// Answers on their way.
    #[serde(rename = "d")]
    Draft(Box<Draft>),
    /// They have been sent; only what the confirmation shows is left.
    #[serde(rename = "s")]
    Sent(Sent),
    /// They have been sent, and were added to a referral that another sender began.
    #[serde(rename = "m")]
    Added(AddedTo),
}

/// What became of a form that this browser sent.
pub(super) enum Done {
    /// A referral of its own.
    Own(Sent),
    /// It was added to a referral that another sender began.
    Added(AddedTo),
}

impl Done {
    /// The code of the slip it came with.
    pub fn slip(&self) -> Option<&str> {
        match self {
            Done::Own(sent) => sent.slip.as_deref(),
            Done::Added(added) => added.slip.as_deref(),
        }
    }
}

/// Answers on their way. The names are short because a cookie is.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Draft {
    /// Makes every repetition of the submission the same submission.
    #[serde(rename = "i")]
    pub id: Id,
    /// The slip's code.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub slip: Option<String>,
    /// What the database held when a worrying answer was last kept: a hash, to see whether it has to be kept anew.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<u32>,
    /// The slip cannot be used and is only told to the team: used by somebody, taken back or out of date.
    #[serde(rename = "w", default, skip_serializing_if = "std::ops::Not::not")]
    pub without: bool,
    /// What the physio suggested help with, until the patient has answered that question.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Condition>,
    /// On a device that somebody of staff handed over: short-lived, and nothing of it can be read back.
    #[serde(rename = "t", default, skip_serializing_if = "std::ops::Not::not")]
    pub tablet: bool,
    /// A GP or another professional fills it in for a patient who is not there.
    #[serde(rename = "g", default, skip_serializing_if = "std::ops::Not::not")]
    pub for_another: bool,
    /// Whom to ring, from the help page, until name and contact are known.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub ring: Option<Ring>,
    /// The date of birth as somebody at risk typed it, while it is no date.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub born_typed: Option<String>,
    /// The answers.
    #[serde(rename = "a")]
    pub answers: Answers,
}

/// Longest date of birth that is kept as typed, in bytes of JSON: a date that can be read takes as much room.
pub(super) const BORN_TYPED: usize = 12;

/// The short form of the help page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ring {
    /// A first name; may be empty.
    #[serde(rename = "n")]
    pub name: String,
    /// A phone number as stored, or as typed where it could not be read; may be empty.
    #[serde(rename = "p")]
    pub phone: String,
}

impl Ring {
    /// Whether the number is only as it was typed.
    pub fn is_as_typed(&self) -> bool {
        !self.phone.is_empty() && Phone::parse(&self.phone).is_err()
    }
}

/// What is left once the answers are sent.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Sent {
    /// The draft's id: a worrying answer that comes after all belongs to the same referral.
    #[serde(rename = "i")]
    pub id: Id,
    /// What the patient keeps.
    #[serde(rename = "r")]
    pub reference: String,
    /// The secret part of the address of the own page.
    #[serde(rename = "t")]
    pub token: String,
    /// By when somebody will have been in touch: a date in words.
    #[serde(rename = "b")]
    pub contact_by: String,
    /// When somebody reads the answers: words that were true when they were sent.
    #[serde(rename = "w", default)]
    pub read_when: String,
    /// Whether nobody was there when they were sent.
    #[serde(rename = "o", default)]
    pub closed: bool,
    /// How they will be in touch.
    #[serde(rename = "h")]
    pub how: Reach,
    /// The slip's code, so that scanning it again leads to the confirmation.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub slip: Option<String>,
}

/// What is left once the answers were added to a referral that another sender began. Nothing of that referral is shown
/// to this browser; the seal alone knows which one it is.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct AddedTo {
    /// The referral: a worrying answer that comes after all is added to it too.
    #[serde(rename = "r")]
    pub referral: Id,
    /// When somebody reads the answers: words that were true when they were sent.
    #[serde(rename = "w")]
    pub read_when: String,
    /// Whether nobody was there when they were sent.
    #[serde(rename = "o")]
    pub closed: bool,
    /// The slip's code, so that scanning it again leads to the confirmation.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub slip: Option<String>,
}

/// How a person can be reached, for the words of the confirmation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) enum Reach {
    /// By phone.
    #[serde(rename = "p")]
    Phone,
    /// By e-mail.
    #[serde(rename = "e")]
    Email,
    /// By letter.
    #[serde(rename = "l")]
    Letter,
}

impl Draft {
    /// An empty draft; with the code of the slip it came with.
    pub fn start(slip: Option<SlipCode>) -> Self {
        Draft {
            id: Id::new(),
            slip: slip.map(|code| code.compact()),
            kept: None,
            without: false,
            hint: None,
            tablet: false,
            for_another: false,
            ring: None,
            born_typed: None,
            answers: Answers::default(),
        }
    }

    /// Whether there is a clinic with which the patient may share how far it is: the slip can be used.
    pub fn uses_slip(&self) -> bool {
        self.slip.is_some() && !self.without
    }

    /// The slip's code.
    pub fn slip(&self) -> Option<SlipCode> {
        self.slip.as_deref().and_then(|code| SlipCode::parse(code).ok())
    }

    /// The way through the pages from here.
    pub fn journey(&self) -> Journey {
        Journey::new(&self.answers, self.context())
    }

    /// What the path depends on besides the answers.
    pub fn context(&self) -> JourneyContext {
        JourneyContext {
            asks_wsas: false,
            submitted: false,
        }
    }

    /// Who refers: the patient, somebody who helps them, or a professional for them.
    pub fn source(&self) -> Source {
        match (self.for_another, self.answers.helper.is_some()) {
            (true, _) => Source::Gp,
            (false, true) => Source::Carer,
            (false, false) => Source::Patient,
        }
    }

    /// Lets go of the short form once the long one has the same: the cookie has no room for both. A number of the short
    /// form that can be dialled is not let go of for one that cannot.
    pub fn tidy(&mut self) {
        if self.answers.born.is_some() {
            self.born_typed = None;
        }
        if !self.answers.is_reachable() {
            return;
        }
        let is_sound = |phone: &str| Phone::parse(phone).is_ok();
        let unread = |contact: &Contact| contact.phone.as_deref().is_some_and(|phone| !is_sound(phone));
        let rings = self.ring.as_ref().is_some_and(|ring| is_sound(&ring.phone));
        match (self.answers.contact.as_mut(), self.ring.as_mut()) {
            (Some(contact), Some(ring)) if rings && unread(contact) => {
                contact.phone = None;
                ring.name.clear();
            }
            _ => self.ring = None,
        }
    }

    /// How this person can be reached.
    pub fn reach(&self) -> Reach {
        match self.answers.contact.as_ref() {
            Some(contact) if contact.phone.is_some() => Reach::Phone,
            Some(contact) if contact.email.is_some() => Reach::Email,
            Some(_) => Reach::Letter,
            None => Reach::Phone,
        }
    }
}

/// A log line shows only that they are there.
impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Draft [redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::limits;
    use crate::web::cookies;

    /// The bytes of JSON that the two cookies hold: a test of the cookies pins the number down.
    #[test]
    fn the_largest_draft_fits_its_cookies() {
        let mut draft = Draft::start(SlipCode::parse("7K3M-9QXT-2VBR").ok());
        draft.kept = Some(u32::MAX);
        // They are never all there: an unusable slip suggests nothing. All are counted all the same.
        draft.without = true;
        draft.hint = Some(Condition::ChronicPain);
        draft.tablet = true;
        draft.for_another = true;
        let around = serde_json::to_string(&Carried::Draft(Box::new(draft)))
            .expect("text")
            .len();
        assert!(
            around + limits::LARGEST_JSON <= cookies::LARGEST_JSON,
            "{around} bytes around the answers"
        );
    }

    #[test]
    fn the_short_form_goes_once_the_long_one_has_the_same() {
        let mut draft = Draft::start(None);
        draft.ring = Some(Ring {
            name: "Ann".to_owned(),
            phone: "+447700900123".to_owned(),
        });
        draft.tidy();
        assert!(draft.ring.is_some());
        draft.answers.name = Some("Ann Example".to_owned());
        draft.answers.contact = Some(crate::questionnaire::Contact {
            phone: Some("+447700900123".to_owned()),
            ..Default::default()
        });
        draft.tidy();
        assert!(draft.ring.is_none());
    }

    #[test]
    fn a_number_that_can_be_dialled_is_not_let_go_of_for_one_that_cannot() {
        let mut draft = Draft::start(None);
        draft.ring = Some(Ring {
            name: "Ann".to_owned(),
            phone: "+447700900123".to_owned(),
        });
        draft.answers.name = Some("Ann Example".to_owned());
        draft.answers.contact = Some(Contact {
            phone: Some("0770".to_owned()),
            email: Some("ann@example.org".to_owned()),
            ..Contact::default()
        });
        draft.tidy();
        let person = crate::patient::sheet::person(&draft);
        assert_eq!(person.phone.as_deref(), Some("+447700900123"));
        assert_eq!(
            (person.name.as_str(), person.email.as_deref()),
            ("Ann Example", Some("ann@example.org"))
        );
    }

    #[test]
    fn a_draft_survives_its_cookie() {
        let mut draft = Draft::start(SlipCode::parse("7K3M-9QXT-2VBR").ok());
        draft.answers.anything_else = Some("kept".to_owned());
        let text = serde_json::to_string(&Carried::Draft(Box::new(draft.clone()))).expect("text");
        let Ok(Carried::Draft(back)) = serde_json::from_str(&text) else {
            panic!("a draft")
        };
        assert!(back.id == draft.id && back.slip() == draft.slip() && back.answers == draft.answers);
    }
}
