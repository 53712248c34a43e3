//! Builders for made-up people and their submissions. Numbers and addresses are from ranges reserved for fiction.

use std::sync::{Arc, OnceLock};

use iapt_pad::app::App;
use iapt_pad::questionnaire::{CrisisNow, Linked};
use iapt_pad::referrals::{By, Door, Person, Submission, Submitted, submit};
use iapt_pad::triage::{Facts, RuleSet, Source};
use iapt_pad::values::{Id, SlipCode};

/// The rules that ship, with the pathways of the example locality, which every test has. Compiled once.
pub fn shipped_rules(app: &App) -> Arc<RuleSet> {
    static RULES: OnceLock<Arc<RuleSet>> = OnceLock::new();
    let pathways = &app.config.locality.long_term_conditions;
    RULES
        .get_or_init(|| Arc::new(RuleSet::shipped(pathways).expect("sound rules")))
        .clone()
}

/// A submission with everything a calm, complete form holds.
#[derive(Clone)]
pub struct ASubmission(pub Submission);

/// Someone with back pain that is linked to low mood, in no danger.
pub fn submission() -> ASubmission {
    let facts = Facts {
        source: Source::Patient,
        crisis_now: Some(CrisisNow::No),
        phq9: Some([Some(1); 9].map(|item: Option<u8>| item)),
        gad7: Some([Some(1); 7]),
        ltc: vec!["back_pain".to_owned()],
        ltc_linked: Linked::Yes,
        pain_weeks: Some(52),
        ..Facts::default()
    };
    let mut facts = facts;
    if let Some(items) = facts.phq9.as_mut() {
        items[8] = Some(0);
    }
    ASubmission(Submission {
        draft_id: Id::new(),
        door: Door::Patient,
        by: By::Patient,
        slip: None,
        bound_to: None,
        unknown_code: false,
        share_status: false,
        person: person("Robin Example"),
        facts,
        not_asked: Vec::new(),
        answers: None,
        needs_checking: Vec::new(),
        incomplete: false,
    })
}

/// A made-up person of this name.
pub fn person(name: &str) -> Person {
    Person {
        name: name.to_owned(),
        date_of_birth: Some(jiff::civil::date(1980, 2, 29)),
        nhs_number: None,
        email: Some("robin@example.org".to_owned()),
        phone: Some("+447700900123".to_owned()),
        voicemail_ok: true,
        text_ok: true,
        write_ok: true,
        address: vec!["1 Made-up Street".to_owned()],
        postcode: Some("S1 2HE".to_owned()),
        gp_surgery: Some("Example Surgery".to_owned()),
        ..Person::default()
    }
}

impl ASubmission {
    /// Somebody else: with another name comes another phone and another e-mail address.
    pub fn named(mut self, name: &str) -> Self {
        self.0.person.name = name.to_owned();
        let number = name
            .bytes()
            .fold(0u32, |sum, byte| (sum * 31 + u32::from(byte)) % 900);
        self.0.person.phone = Some(format!("+447700900{number:03}"));
        self.0.person.email = Some(format!("person{number}@example.org"));
        self
    }

    pub fn with_slip(mut self, code: &SlipCode) -> Self {
        self.0.slip = Some(*code);
        self
    }

    /// Says they are not safe now.
    pub fn in_danger(mut self) -> Self {
        self.0.facts.crisis_now = Some(CrisisNow::Yes);
        self
    }

    /// Thoughts of death or self-harm on several days.
    pub fn item9(mut self, answer: u8) -> Self {
        if let Some(items) = self.0.facts.phq9.as_mut() {
            items[8] = Some(answer);
        }
        self
    }

    /// Pregnant, or with a baby.
    pub fn expecting(mut self) -> Self {
        self.0.facts.perinatal = true;
        self
    }

    /// Someone of whom nothing but the name is known.
    pub fn about(mut self, person: Person) -> Self {
        self.0.person = person;
        self
    }

    /// Stopped before the end.
    pub fn unfinished(mut self) -> Self {
        self.0.incomplete = true;
        self
    }

    pub async fn send(&self, app: &Arc<App>) -> Submitted {
        submit(app, &shipped_rules(app), self.0.clone())
            .await
            .expect("submitted")
    }
}
