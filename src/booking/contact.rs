//! Contact with somebody about their place: a call they asked for, and what an attempt to reach them means for an offer.

use super::act::Act;
use super::clock;
use super::store::places;
use super::told::{About, News, have_rung};
use crate::app::App;
use crate::db::{Conn, Result};
use crate::referrals::{self, ContactOutcome, Contacting, Recorded, Subject};
use crate::values::Id;

/// Attempts about an offer that reached nobody before the offer is taken back: the place is not kept from those behind.
const TRIES_FOR_AN_OFFER: i32 = 3;

/// Promises a call because the person asked for it: "None of these suit me".
pub fn ask_to_ring(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<()> {
    places::one_at_a_time(conn)?;
    have_rung(conn, app, act, referral, &News::by_voice(About::Choose, None))
}

/// Records an attempt to reach a patient, and lets the clock of an offer follow it: an offer that reached them begins to
/// run; one that cannot reach them goes to the next person.
pub fn record_contact(
    conn: &mut Conn<'_>,
    app: &App,
    act: &Act,
    referral: Id,
    contacting: &Contacting,
) -> Result<Recorded> {
    places::one_at_a_time(conn)?;
    let recorded = referrals::record_contact(conn, app, referral, contacting)?;
    let Recorded::Kept { owed, .. } = &recorded else {
        return Ok(recorded);
    };
    let offered = owed.iter().find(|(subject, _)| *subject == Subject::PlaceOffered);
    let Some((_, tries)) = offered else {
        return Ok(recorded);
    };
    match contacting.outcome() {
        ContactOutcome::Spoke
        | ContactOutcome::SpokeWithInterpreter
        | ContactOutcome::SpokeByRelay
        | ContactOutcome::Replied
        | ContactOutcome::Voicemail
        | ContactOutcome::TextSent
        | ContactOutcome::EmailSent => clock::start(conn, app, act, referral)?,
        ContactOutcome::WrongNumber => clock::pass_on(conn, app, act, referral)?,
        ContactOutcome::NoAnswer if *tries >= TRIES_FOR_AN_OFFER => {
            clock::pass_on(conn, app, act, referral)?;
        }
        ContactOutcome::NoAnswer | ContactOutcome::LetterSent => {}
    }
    Ok(recorded)
}
