//! A referral with everything its page says about it, read at once; and the note in the read log of who sees it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::app::App;
use crate::booking::{Choice as RunChoice, OwnPlace, OwnWait, own_place, own_waiting, runs_with_room};
use crate::db::{self, Conn};
use crate::inbox::store;
use crate::inbox::timeline;
use crate::referrals::{
    Link, LookAlike, Reference, ReferralView, Tellings, links, look_alikes, open, tellings,
};
use crate::staff::{self, Actor, ReadEntry, ReadNote, note_read};
use crate::triage::text_of_version;
use crate::values::Id;

/// A referral with everything its page says about it.
pub(in crate::inbox::pages) struct Opened {
    pub view: ReferralView,
    pub alike: Vec<LookAlike>,
    /// What people said about it and others.
    pub links: Vec<Link>,
    /// Who has read it before, the latest first.
    pub reads: Vec<ReadEntry>,
    pub names: HashMap<Id, String>,
    /// Who has taken it on, or had when they left.
    pub carer: Option<String>,
    pub clinic: Option<String>,
    pub serial: Option<i64>,
    pub place: Option<OwnPlace>,
    pub waits: Vec<OwnWait>,
    pub runs: Vec<RunChoice>,
    /// How often who was told while nobody acknowledged it.
    pub tellings: Option<Tellings>,
    /// The text of the rules that made the suggestion, if the table still holds them.
    pub rules_text: Option<String>,
}

impl Opened {
    /// Reads it; nothing is shown yet, so nothing is noted yet.
    pub async fn read(app: &Arc<App>, reference: &Reference) -> db::Result<Option<Self>> {
        let (inside, reference) = (app.clone(), reference.clone());
        app.db
            .read(move |conn| {
                let Some(view) = open(conn, &inside.keys, &reference)? else {
                    return Ok(None);
                };
                let alike = look_alikes(conn, &inside.keys, view.id)?;
                let links = links(conn, view.id)?;
                let mut acted = timeline::actors(&view);
                acted.extend(links.iter().map(|link| link.by));
                let clinic = match view.clinic_id {
                    Some(id) => staff::find_clinic(conn, id)?.map(|clinic| clinic.name),
                    None => None,
                };
                let serial = match view.slip_id {
                    Some(id) => store::find_serial(conn, id)?,
                    None => None,
                };
                let now = inside.clock.now();
                Ok(Some(Self {
                    place: own_place(conn, view.id)?,
                    waits: own_waiting(conn, view.id, now)?,
                    runs: runs_with_room(conn, now)?,
                    tellings: tellings(conn, view.id)?,
                    names: store::list_names(conn, &acted)?,
                    links,
                    reads: staff::list_reads(conn, view.id)?,
                    rules_text: text_of_version(conn, &view.case_sheet.decision.rules_version)?,
                    carer: carer(conn, &view)?,
                    alike,
                    clinic,
                    serial,
                    view,
                }))
            })
            .await
    }

    /// Puts on the record who sees it, and whom they see beside it, before it is shown.
    pub async fn note(&self, app: &Arc<App>, actor: &Actor) -> db::Result<()> {
        let now = app.clock.now();
        let this = ReadNote::new(actor, "referral", Some(self.view.id), now);
        let others = self.alike.iter();
        let others =
            others.map(|other| ReadNote::new(actor, "referral: possible duplicate", Some(other.id), now));
        let notes: Vec<ReadNote> = std::iter::once(this).chain(others).collect();
        app.db
            .write(move |conn| notes.iter().try_for_each(|note| note_read(conn, note)))
            .await
    }
}

fn carer(conn: &mut Conn<'_>, view: &ReferralView) -> db::Result<Option<String>> {
    let Some((id, _)) = view.claimed else {
        return Ok(None);
    };
    let mut carers = store::list_carers(conn, &[id])?;
    Ok(Some(carers.remove(&id).unwrap_or_else(|| SOMEBODY.to_owned())))
}

/// Somebody of the team whose name is not known any more.
const SOMEBODY: &str = "A member of staff";

/// What colleagues call somebody; those who are unknown are still somebody.
pub(in crate::inbox::pages) fn named(names: &HashMap<Id, String>, id: Id) -> String {
    names.get(&id).cloned().unwrap_or_else(|| SOMEBODY.to_owned())
}
