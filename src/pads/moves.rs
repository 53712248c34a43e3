//! Where pads go: handed to a clinic or a named physio, counted back, lost. Each verb looks at the pad again under its
//! lock, asks the table of allowed moves (`ledger.rs`), and makes its entry in the same transaction.

use std::fmt;

use super::custody::{Whose, entry, take_back_range};
use super::ledger::{Entry, Happened, Standing};
use super::serials::SerialRange;
use super::store::{self, NewEvent, PadRow};
use super::whereabouts::Custody;
use crate::app::App;
use crate::db::{Conn, Result};
use crate::staff::{Account, Role};
use crate::values::Id;

/// Who gets a pad.
#[derive(Clone)]
pub enum Recipient {
    /// The clinic itself, to hand on to its physios.
    Clinic(Id),
    /// One of its physios.
    Physio(Box<Account>),
}

/// Why a pad was not moved. The words tell nothing about slips that were used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no pad of this number among those that are theirs to move.
    NoSuchPad,
    /// A slip on a screen has no paper to be moved.
    OnScreen,
    /// From where it is, it cannot go there.
    NotFrom(Custody, Custody),
    /// They have it already.
    HasItAlready,
    /// The slips carry the name of another clinic.
    OtherClinic(String),
    /// Pads are handed to physios, and to those with an open account.
    NotAPhysio,
    /// Every slip of it was taken back.
    NothingLeft,
    /// No more can come back than there are.
    TooMany(i32),
    /// The serials are of another pad.
    NotOnPad,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NoSuchPad => f.write_str("There is no such pad"),
            Refusal::OnScreen => {
                f.write_str("This is a slip on a screen: there is no paper to hand, count or lose")
            }
            Refusal::NotFrom(_, Custody::Returned) => {
                f.write_str("This pad was not handed out, so it cannot be counted back")
            }
            Refusal::NotFrom(Custody::Lost, _) => f.write_str("This pad was reported lost already"),
            Refusal::NotFrom(from, to) => {
                write!(f, "A pad cannot go from {:?} to {:?}", from.label(), to.label())
            }
            Refusal::HasItAlready => f.write_str("They have this pad already"),
            Refusal::OtherClinic(name) => {
                write!(
                    f,
                    "The slips carry the name of {name}: hand it to that clinic or a physio there"
                )
            }
            Refusal::NotAPhysio => f.write_str("This account is not a physiotherapist's, or it was stopped"),
            Refusal::NothingLeft => f.write_str("Every slip of this pad was taken back"),
            Refusal::TooMany(slips) => write!(f, "Enter a number from 0 to {slips}, the slips of this pad"),
            Refusal::NotOnPad => f.write_str("These serials are not on this pad"),
        }
    }
}

/// How a move ended: what it did, or why it was not made.
pub type Move<T> = std::result::Result<T, Refusal>;

/// What a count told the house. Never shown to a physio: the difference tells who came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// How many slips came back.
    pub slips: i32,
    /// How many are neither used nor taken back.
    pub unused: i64,
}

/// Hands a pad to a clinic, or to a named physio of it.
pub async fn hand(app: &App, number: i32, to: Recipient, by: Option<Id>) -> anyhow::Result<Move<Custody>> {
    let (id, now) = (Id::new(), app.clock.now());
    let handed = app.db.write(move |conn| {
        let pad = match lock(conn, number, Whose::All)? {
            Ok(pad) => pad,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (place, physio) = match may_receive(&pad, &to) {
            Ok(there) => there,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if store::count_printable(conn, pad.id)? == 0 {
            return Ok(Err(Refusal::NothingLeft));
        }
        let slips = standing(conn, pad.id)?.handed_over();
        let event = NewEvent {
            slips: i32::try_from(slips).map_err(anyhow::Error::new)?,
            to_physio_id: physio,
            ..whole(&pad, entry(id, pad.id, Happened::Handed, by, now))
        };
        store::mark_custody(conn, pad.id, place, physio)?;
        store::insert_event(conn, event)?;
        Ok(Ok(place))
    });
    Ok(handed.await?)
}

/// Where the pad goes and with whom, if it may.
fn may_receive(pad: &PadRow, to: &Recipient) -> Move<(Custody, Option<Id>)> {
    let (place, clinic, physio) = match to {
        Recipient::Clinic(clinic) => (Custody::Clinic, Some(*clinic), None),
        Recipient::Physio(account) if account.role == Role::Physio && account.active => {
            let clinic = account.clinic.as_ref().map(|(clinic, _)| *clinic);
            (Custody::Physio, clinic, Some(account.id))
        }
        Recipient::Physio(_) => return Err(Refusal::NotAPhysio),
    };
    if clinic != Some(pad.clinic) {
        return Err(Refusal::OtherClinic(pad.clinic_name.clone()));
    }
    let has_it = pad.custody == place && pad.physio == physio;
    if has_it {
        return Err(Refusal::HasItAlready);
    }
    may_go(pad, place).map(|()| (place, physio))
}

fn may_go(pad: &PadRow, to: Custody) -> Move<()> {
    if pad.custody.may_go_to(to) {
        Ok(())
    } else {
        Err(Refusal::NotFrom(pad.custody, to))
    }
}

/// Counts a pad back: the number of slips that are still on it.
pub async fn take_back(
    app: &App,
    number: i32,
    counted: i32,
    by: Option<Id>,
) -> anyhow::Result<Move<Counted>> {
    let (id, now) = (Id::new(), app.clock.now());
    let taken = app.db.write(move |conn| {
        let pad = match lock(conn, number, Whose::All)? {
            Ok(pad) => pad,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Err(refusal) = may_go(&pad, Custody::Returned) {
            return Ok(Err(refusal));
        }
        if !(0..=pad.slips).contains(&counted) {
            return Ok(Err(Refusal::TooMany(pad.slips)));
        }
        let event = NewEvent {
            slips: counted,
            ..whole(&pad, entry(id, pad.id, Happened::Returned, by, now))
        };
        // The physio who had it goes on seeing the slips that were given out.
        store::mark_custody(conn, pad.id, Custody::Returned, pad.physio)?;
        store::insert_event(conn, event)?;
        let rows = store::count_rows(conn, pad.id, now)?;
        Ok(Ok(Counted {
            slips: counted,
            unused: rows.usable + rows.expired,
        }))
    });
    Ok(taken.await?)
}

/// Reports a pad lost, or a range of it: what is unused in it is void at once. Hands back how many slips that were;
/// say it to nobody but the house.
pub async fn report_lost(
    app: &App,
    number: i32,
    range: Option<SerialRange>,
    whose: Whose,
    by: Option<Id>,
) -> anyhow::Result<Move<usize>> {
    let (id, now) = (Id::new(), app.clock.now());
    let lost = app.db.write(move |conn| {
        let pad = match lock(conn, number, whose)? {
            Ok(pad) => pad,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Err(refusal) = may_go(&pad, Custody::Lost) {
            return Ok(Err(refusal));
        }
        let all = serials(&pad);
        let range = match range {
            Some(range) if all.is_some_and(|all| all.covers(range)) => Some(range),
            Some(_) => return Ok(Err(Refusal::NotOnPad)),
            None => all,
        };
        let Some(range) = range else {
            return Ok(Err(Refusal::NoSuchPad));
        };
        let event = entry(id, pad.id, Happened::Lost, by, now);
        if Some(range) == all {
            return lose(conn, &pad, range, event).map(Ok);
        }
        take_back_range(conn, range, event).map(Ok)
    });
    Ok(lost.await?)
}

/// The whole pad. The entry is made even if every slip was taken back before: the pad has another place now.
fn lose(conn: &mut Conn<'_>, pad: &PadRow, range: SerialRange, event: NewEvent) -> Result<usize> {
    let taken = store::mark_taken_back(conn, pad.id, range, event.at)?;
    store::mark_custody(conn, pad.id, Custody::Lost, pad.physio)?;
    let slips = i32::try_from(taken.voided).map_err(anyhow::Error::new)?;
    store::insert_event(
        conn,
        NewEvent {
            slips,
            ..whole(pad, event)
        },
    )?;
    Ok(taken.voided)
}

/// The pad as it is now, held until the end of the transaction.
fn lock(conn: &mut Conn<'_>, number: i32, whose: Whose) -> Result<Move<PadRow>> {
    let Some(found) = store::find_pad(conn, number, whose)? else {
        return Ok(Err(Refusal::NoSuchPad));
    };
    store::lock_pad(conn, found.id)?;
    Ok(match store::find_pad(conn, number, whose)? {
        Some(pad) if pad.electronic => Err(Refusal::OnScreen),
        Some(pad) => Ok(pad),
        None => Err(Refusal::NoSuchPad),
    })
}

fn standing(conn: &mut Conn<'_>, pad: Id) -> Result<Standing> {
    let entries: Vec<Entry> = store::list_entries(conn, pad)?
        .into_iter()
        .map(|(entry, _, _)| entry)
        .collect();
    Ok(Standing::after(&entries).map_err(anyhow::Error::new)?)
}

fn serials(pad: &PadRow) -> Option<SerialRange> {
    let (first, last) = pad.first_serial.zip(pad.last_serial)?;
    Some(SerialRange { first, last })
}

fn whole(pad: &PadRow, event: NewEvent) -> NewEvent {
    NewEvent {
        first_serial: pad.first_serial,
        last_serial: pad.last_serial,
        ..event
    }
}
