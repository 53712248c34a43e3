//! The patient changes how they are reached. The new details take the place of the old ones; the old ones stay on the
//! timeline beside them, sealed, and still find the person. Whoever can open the page can do this: so the old address is
//! told, and an earlier number stays to be rung until somebody has spoken with them.

use serde::{Deserialize, Serialize};

use super::event_kind::EventKind;
use super::messages;
use super::person::Person;
use super::promise::{contact_plan, new_number};
use super::store::{self, NewEvent, Row};
use super::timeline::{By, Payload};
use crate::app::App;
use crate::db::{Conn, Error, Result};
use crate::notify;
use crate::values::{Id, Keyring, Purpose, Ts, random};

/// The flag that says so in the lists.
const NO_VOICEMAIL: &str = "NO_VOICEMAIL";

/// How somebody is reached.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactDetails {
    /// Phone number in E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// May a voicemail be left?
    pub voicemail_ok: bool,
    /// May a text be sent?
    pub text_ok: bool,
    /// May a letter or an e-mail be sent?
    pub write_ok: bool,
    /// When to ring.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_time: Option<String>,
    /// Lines of the address, without the postcode.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<String>,
    /// Postcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
}

/// How somebody was reached before, and is from now on.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactChange {
    /// Before.
    pub was: ContactDetails,
    /// From now on.
    pub now: ContactDetails,
}

impl std::fmt::Debug for ContactDetails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ContactDetails [redacted]")
    }
}

impl std::fmt::Debug for ContactChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ContactChange [redacted]")
    }
}

impl ContactDetails {
    /// How this person is reached.
    pub fn of(person: &Person) -> Self {
        Self {
            phone: person.phone.clone(),
            email: person.email.clone(),
            voicemail_ok: person.voicemail_ok,
            text_ok: person.text_ok,
            write_ok: person.write_ok,
            best_time: person.best_time.clone(),
            address: person.address.clone(),
            postcode: person.postcode.clone(),
        }
    }

    /// Whether anybody could reach them: by phone, by e-mail, or by a letter that may be sent.
    pub fn reaches(&self) -> bool {
        let by_letter = self.write_ok && !self.address.is_empty() && self.postcode.is_some();
        self.phone.is_some() || self.email.is_some() || by_letter
    }

    fn put(&self, person: &mut Person) {
        let new = self.clone();
        person.phone = new.phone;
        person.email = new.email;
        person.voicemail_ok = new.voicemail_ok;
        person.text_ok = new.text_ok;
        person.write_ok = new.write_ok;
        person.best_time = new.best_time;
        person.address = new.address;
        person.postcode = new.postcode;
    }
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contacted {
    /// Kept; the team sees both.
    Changed,
    /// It was so before.
    Same,
    /// Nothing would be left to reach them by: nothing was changed.
    Unreachable,
    /// There is no such referral.
    Missing,
}

/// What is drawn before the transaction, because a transaction may run twice.
#[derive(Clone, Copy, Debug)]
pub struct Changing {
    at: Ts,
    salt: [u8; 16],
    message: Id,
}

impl Changing {
    /// Draws it.
    pub fn draw(at: Ts) -> Result<Self> {
        Ok(Self {
            at,
            salt: random()?,
            message: Id::new(),
        })
    }
}

/// Changes how the patient of a referral is reached.
pub fn change_contact(
    conn: &mut Conn<'_>,
    app: &App,
    referral: Id,
    new: &ContactDetails,
    Changing { at, salt, message }: Changing,
) -> Result<Contacted> {
    let keys = &app.keys;
    let Some(mut row) = store::find_by_id(conn, referral)? else {
        return Ok(Contacted::Missing);
    };
    let mut person = row.open_person(keys)?;
    let was = ContactDetails::of(&person);
    if was == *new {
        return Ok(Contacted::Same);
    }
    if !new.reaches() {
        return Ok(Contacted::Unreachable);
    }
    let before = person.clone();
    new.put(&mut person);
    // A number that somebody else answered is not kept to be rung.
    if !contact_plan(conn, row.id)?.number_wrong() {
        person.keep_earlier(&before, at.london_date());
    }
    row.person = keys.seal_json(Purpose::Person, row.id, &person)?;
    tell_the_lists(keys, &mut row, &person)?;
    let head = row.head_seq;
    let other_number = was.phone != new.phone;
    let payload = Payload {
        contact: Some(Box::new(ContactChange {
            was,
            now: new.clone(),
        })),
        ..Payload::nothing()
    };
    let event = NewEvent {
        kind: EventKind::ContactChanged,
        by: By::Patient,
        at,
        payload: &payload,
        salt,
    };
    let event = store::chain_event(keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, head)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    store::add_terms(conn, row.id, &person.terms(keys)?)?;
    if other_number {
        new_number(conn, row.id, at)?;
    }
    let may_tell = before.may_mail() && row.died_at.is_none();
    if let Some(email) = before.email.as_ref().filter(|_| may_tell) {
        let told = messages::details_changed(&app.config, email, row.id, &row.reference()?);
        notify::enqueue(conn, keys, message, &told, at)?;
    }
    Ok(Contacted::Changed)
}

/// Whether a voicemail may be left stands in the lists, too, where a colleague looks before ringing. What was decided
/// then stays on the timeline as it was.
fn tell_the_lists(keys: &Keyring, row: &mut Row, person: &Person) -> Result<()> {
    let mut sheet = row.open_case(keys)?;
    sheet.facts.no_voicemail = person.phone.is_some() && !person.voicemail_ok;
    match sheet.facts.no_voicemail {
        true => sheet.decision.add_flag(NO_VOICEMAIL),
        false => sheet.decision.flags.retain(|flag| flag != NO_VOICEMAIL),
    }
    row.flags = sheet.decision.flags.join(" ");
    row.case_sheet = keys.seal_json(Purpose::Person, row.id, &sheet)?;
    Ok(())
}
