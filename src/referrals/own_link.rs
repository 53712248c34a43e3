//! The link to the patient's own page is replaced, because somebody else may have it. The link that stood opens nothing from
//! that moment on. The new one goes to the address on record or to nobody; no colleague sees it.

use super::event_kind::EventKind;
use super::messages;
use super::state::ReviewState;
use super::store::{self, NewEvent};
use super::timeline::{By, Payload};
use crate::app::App;
use crate::db::{Conn, Error, Result};
use crate::notify;
use crate::values::{Id, Ts, random};

/// What is drawn before the transaction, because a transaction may run twice.
#[derive(Clone, Debug)]
pub struct Replacing {
    by: Id,
    at: Ts,
    salt: [u8; 16],
    message: Id,
}

impl Replacing {
    /// Replaced by this member of staff.
    pub fn draw(by: Id, at: Ts) -> Result<Self> {
        Ok(Self {
            by,
            at,
            salt: random()?,
            message: Id::new(),
        })
    }
}

/// What became of replacing a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// The new link goes to the address on record.
    Sent,
    /// The old link is dead, and nobody has the new one: there is no address that may be written to.
    ToNobody,
    /// The form was taken back: there is no page any more.
    Ended,
    /// There is no such referral.
    Missing,
}

/// Replaces the link, in the caller's transaction.
pub fn replace_link(conn: &mut Conn<'_>, app: &App, referral: Id, replacing: &Replacing) -> Result<Replaced> {
    let Some(mut row) = store::find_by_id(conn, referral)? else {
        return Ok(Replaced::Missing);
    };
    if row.state == ReviewState::Withdrawn {
        return Ok(Replaced::Ended);
    }
    let person = row.open_person(&app.keys)?;
    let email = person
        .email
        .as_ref()
        .filter(|_| person.may_mail() && row.died_at.is_none());
    let payload = Payload::text(match email {
        Some(_) => "The new link goes to the e-mail address on record",
        None => "Nobody has the new link: there is no e-mail address that may be written to",
    });
    let head = row.head_seq;
    let event = NewEvent {
        kind: EventKind::LinkReplaced,
        by: By::Staff(replacing.by),
        at: replacing.at,
        payload: &payload,
        salt: replacing.salt,
    };
    let event = store::chain_event(&app.keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, head)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    store::replace_link(conn, &app.keys, &mut row)?;
    let Some(email) = email else {
        return Ok(Replaced::ToNobody);
    };
    let token = row.token(&app.keys)?;
    let message = messages::link(&app.config, email, row.id, &row.reference()?, &token);
    notify::enqueue(conn, &app.keys, replacing.message, &message, replacing.at)?;
    Ok(Replaced::Sent)
}
