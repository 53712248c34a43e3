//! From a draft to what `referrals::submit` takes: the person, the facts, and what nobody asked.

use jiff::civil::Date;

use super::draft::Draft;
use super::fields::line;
use crate::config::Locality;
use crate::questionnaire::{Answers, GpSurgery, find_risk_words};
use crate::referrals::{By, Door, Person, Submission};
use crate::triage::{Facts, Given};
use crate::values::{Phone, Postcode};

/// The draft as a submission: finished, or kept because of a worrying answer.
pub(super) fn submission(draft: &Draft, here: &Locality, today: Date, incomplete: bool) -> Submission {
    let (facts, not_asked) = facts(draft, here, today);
    let agreement = draft.answers.agreement.as_ref();
    let person = person(draft);
    let mut needs_checking = person.to_check();
    needs_checking.extend(
        draft
            .born_typed
            .as_deref()
            .map(|typed| line("Date of birth", typed)),
    );
    Submission {
        draft_id: draft.id,
        door: Door::Patient,
        by: By::Patient,
        slip: draft.slip(),
        bound_to: None,
        unknown_code: false,
        share_status: agreement.is_some_and(|given| given.agreed && given.share_status == Some(true)),
        person,
        facts,
        not_asked: not_asked.into_iter().map(str::to_owned).collect(),
        answers: Some(draft.answers.clone()),
        needs_checking,
        incomplete,
    }
}

/// The facts these answers carry, and the questions that were due and not asked.
pub(super) fn facts(draft: &Draft, here: &Locality, today: Date) -> (Facts, Vec<&'static str>) {
    let answers = &draft.answers;
    let given = Given {
        age: answers.age_on(today),
        min_age: here.min_age,
        source: draft.source(),
        pad_target: None,
        risk_words: has_risk_words(answers, here),
    };
    Facts::from_answers(answers, given)
}

/// Whether something the patient wrote holds a risk word of the locality.
pub(super) fn has_risk_words(answers: &Answers, here: &Locality) -> bool {
    answers
        .free_texts()
        .any(|text| !find_risk_words(&here.risk_words, text).is_empty())
}

/// Who it is about, as far as is known.
pub(super) fn person(draft: &Draft) -> Person {
    let answers = &draft.answers;
    let contact = answers.contact.as_ref();
    let address = answers.address.as_ref();
    let ring = draft.ring.as_ref();
    let postcode = match address {
        Some(address) if address.no_fixed_address => Some(Postcode::no_fixed_abode().as_str().to_owned()),
        Some(address) => address.postcode.clone(),
        None => None,
    };
    let phone = contact
        .and_then(|contact| contact.phone.clone())
        .or_else(|| ring.map(|ring| ring.phone.clone()))
        .filter(|phone| !phone.is_empty());
    // Nobody knows whose voicemail answers at a number that could not be read.
    let is_sound = phone.as_deref().is_some_and(|phone| Phone::parse(phone).is_ok());
    Person {
        name: answers
            .name
            .clone()
            .or_else(|| ring.map(|ring| ring.name.clone()))
            .unwrap_or_default(),
        date_of_birth: answers.born,
        nhs_number: answers.nhs_number.clone().filter(|number| !number.is_empty()),
        email: contact.and_then(|contact| contact.email.clone()),
        phone,
        earlier_phones: Vec::new(),
        voicemail_ok: is_sound && contact.is_some_and(|contact| contact.voicemail_ok),
        text_ok: is_sound && contact.is_some_and(|contact| contact.text_ok),
        write_ok: contact.is_some_and(|contact| contact.write_ok),
        best_time: contact
            .and_then(|contact| contact.best_time)
            .map(|time| time.label().to_owned()),
        address: address.map(|address| address.lines.clone()).unwrap_or_default(),
        postcode,
        gp_surgery: answers.gp.as_ref().map(|gp| match gp {
            GpSurgery::Named(name) => name.clone(),
            GpSurgery::Unknown => "Does not know".to_owned(),
            GpSurgery::None => "Not with a GP surgery".to_owned(),
        }),
        gp_ods: None,
        helper: answers
            .helper
            .as_ref()
            .map(|helper| match helper.relation.as_str() {
                "" => helper.name.clone(),
                relation => format!("{} ({relation})", helper.name),
            }),
    }
}
