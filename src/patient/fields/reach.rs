//! How to reach the person, and where they live.

use super::{one, take_text, ticked};
use crate::questionnaire::{Address, Answers, BestTime, Contact, limits};
use crate::values::{Email, Phone, Postcode};
use crate::web::form::{Errors, Posted};

/// Whether the person asks for letters, having neither phone nor e-mail: then the whole address is needed.
fn by_post(posted: &Posted) -> bool {
    posted.has("may", "only_post") && posted.one("phone").is_empty() && posted.one("email").is_empty()
}

pub(in crate::patient) fn take_contact(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let phone = errors.keep_if_given("phone", posted.one("phone"), Phone::parse);
    let email = errors.keep_if_given("email", posted.one("email"), Email::parse);
    if email
        .as_ref()
        .is_some_and(|email| email.as_str().len() > limits::EMAIL)
    {
        errors.add("email", "Email address must be 100 characters or fewer");
    }
    let by_post = by_post(posted);
    if posted.one("phone").is_empty() && posted.one("email").is_empty() && !by_post {
        errors.add(
            "phone",
            "Enter a phone number or an email address, so that we can reach you",
        );
    }
    let best_time = match posted.one("best_time") {
        "" => None,
        key => BestTime::from_key(key).or_else(|| {
            errors.add("best_time", "Select when is best for you");
            None
        }),
    };
    answers.contact = Some(Contact {
        voicemail_ok: phone.is_some() && posted.has("may", "voicemail"),
        text_ok: phone.is_some() && posted.has("may", "text"),
        write_ok: by_post || posted.has("may", "write"),
        phone: phone.map(|phone| phone.as_str().to_owned()),
        email: email.map(|email| email.as_str().to_owned()),
        best_time,
    });
}

/// The ways to reach somebody at risk of whom something has to be corrected, and what they allowed. What they allowed for
/// a number that could not be read is not taken for the one before.
pub(super) fn keep_contact(posted: &Posted, answers: &mut Answers) {
    let before = answers.contact.take().unwrap_or_default();
    let parsed = Phone::parse(posted.one("phone"))
        .ok()
        .map(|phone| phone.as_str().to_owned());
    let earlier = before
        .phone
        .filter(|stored| parsed.is_none() && Phone::parse(stored).is_ok());
    let is_earlier = earlier.is_some();
    let sound = parsed.or(earlier);
    let phone = sound.or_else(|| limits::fitting(posted.one("phone"), limits::PHONE));
    let may = |ticked: bool, before: bool| ticked && phone.is_some() && (before || !is_earlier);
    let voicemail = posted.has("may", "voicemail") || posted.has("voicemail", "yes");
    let email = Email::parse(posted.one("email"))
        .ok()
        .map(|email| email.as_str().to_owned());
    let email = email.filter(|email| email.len() <= limits::EMAIL);
    let email = email.or(before.email.filter(|stored| Email::parse(stored).is_ok()));
    let email = email.or_else(|| limits::fitting(posted.one("email"), limits::EMAIL));
    if phone.is_none() && email.is_none() {
        return;
    }
    answers.contact = Some(Contact {
        voicemail_ok: may(voicemail, before.voicemail_ok),
        text_ok: may(posted.has("may", "text"), before.text_ok),
        write_ok: posted.has("may", "write"),
        phone,
        email,
        best_time: BestTime::from_key(posted.one("best_time")),
    });
}

pub(in crate::patient) fn show_contact(answers: &Answers) -> Posted {
    let Some(contact) = answers.contact.as_ref() else {
        return Posted::default();
    };
    let by_post = contact.phone.is_none() && contact.email.is_none();
    let may = [
        ("voicemail", contact.voicemail_ok),
        ("text", contact.text_ok),
        ("write", contact.write_ok && !by_post),
        ("only_post", by_post),
    ];
    let form = ticked(
        Posted::default(),
        "may",
        may.iter().filter(|(_, on)| *on).map(|(key, _)| *key),
    );
    form.with("phone", shown_phone(contact.phone.as_deref()))
        .with("email", contact.email.as_deref().unwrap_or_default())
        .with("best_time", contact.best_time.map_or("", |time| time.key()))
}

/// A stored number as people write it.
pub(in crate::patient) fn shown_phone(stored: Option<&str>) -> String {
    let stored = stored.unwrap_or_default();
    Phone::parse(stored).map_or_else(|_| stored.to_owned(), |phone| phone.display())
}

const LINES: [&str; limits::ADDRESS_LINES] = ["line1", "line2", "town"];

pub(in crate::patient) fn take_address(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let mut lines = Vec::new();
    for field in LINES {
        let line = take_text(posted, errors, field, "This line", limits::ADDRESS_LINE);
        lines.extend(Some(line).filter(|line| !line.is_empty()));
    }
    let typed = posted.one("postcode");
    let no_fixed_address = posted.has("no_fixed_address", "yes");
    let by_post = by_post(posted);
    if no_fixed_address && !(lines.is_empty() && typed.is_empty()) {
        errors.add(
            "no_fixed_address",
            "Enter your address, or select that you have no fixed address, but not both",
        );
    }
    if by_post && (no_fixed_address || lines.is_empty()) {
        errors.add("line1", "Enter your address, so that we can write to you");
    }
    let postcode = match no_fixed_address {
        true => None,
        false => errors.keep("postcode", Postcode::parse(typed)),
    };
    answers.address = Some(Address {
        no_fixed_address,
        postcode: postcode.map(|postcode| postcode.as_str().to_owned()),
        lines,
    });
}

/// The address of somebody at risk of which something has to be corrected.
pub(super) fn keep_address(posted: &Posted, answers: &mut Answers) {
    let before = answers.address.take().unwrap_or_default();
    let lines = LINES.iter().filter_map(|field| {
        let clipped: String = posted.one(field).chars().take(limits::ADDRESS_LINE).collect();
        (!clipped.is_empty()).then_some(clipped)
    });
    let lines: Vec<String> = lines.collect();
    let postcode = Postcode::parse(posted.one("postcode"))
        .ok()
        .map(|code| code.as_str().to_owned());
    let postcode = postcode.or(before.postcode.filter(|stored| Postcode::parse(stored).is_ok()));
    let postcode = postcode.or_else(|| limits::fitting(posted.one("postcode"), limits::POSTCODE));
    if lines.is_empty() && postcode.is_none() {
        return;
    }
    answers.address = Some(Address {
        no_fixed_address: false,
        lines: if lines.is_empty() { before.lines } else { lines },
        postcode,
    });
}

pub(in crate::patient) fn show_address(answers: &Answers) -> Posted {
    let Some(address) = answers.address.as_ref() else {
        return Posted::default();
    };
    if address.no_fixed_address {
        return one("no_fixed_address", Some("yes"));
    }
    let mut form = one("postcode", address.postcode.as_deref());
    for (field, line) in LINES.into_iter().zip(&address.lines) {
        form = form.with(field, line);
    }
    form
}
