//! The tables `alarm_window` and `alarm_member`: how often one person or mailbox is told, and which referrals one message
//! is about.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::config::ServiceName;
use crate::db::schema::{alarm_member, alarm_window, referral};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::state::Queue;
use crate::values::{Id, Ts};

/// What is known of one who is told.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = alarm_window, primary_key(recipient), treat_none_as_null = true)]
pub(in crate::referrals) struct Window {
    pub recipient: String,
    /// Until then nothing more is written to them.
    pub open_until: Ts,
    /// The ids under which a mail and a call are written then.
    pub mail_id: Option<Id>,
    pub webhook_id: Option<Id>,
    /// The last messages that were about several.
    pub last_mail_id: Option<Id>,
    pub last_webhook_id: Option<Id>,
}

/// A referral that nobody has acknowledged.
#[derive(Clone, Debug, Queryable)]
pub(in crate::referrals) struct Member {
    pub referral: Id,
    pub reference: String,
    pub service: ServiceName,
}

/// Something waits to be written.
fn waits() -> SqlLiteral<Bool> {
    sql("(mail_id IS NOT NULL OR webhook_id IS NOT NULL)")
}

/// The window of a recipient, held against others until the transaction ends; one that is over where there was none.
pub(in crate::referrals) fn hold(conn: &mut Conn<'_>, recipient: &str, now: Ts) -> Result<Window> {
    let fresh = Window {
        recipient: recipient.to_owned(),
        open_until: now,
        mail_id: None,
        webhook_id: None,
        last_mail_id: None,
        last_webhook_id: None,
    };
    // Whoever writes the row first holds it; the other waits here.
    dispatch!(conn, c => diesel::insert_into(alarm_window::table)
        .values(&fresh).on_conflict(alarm_window::recipient).do_nothing().execute(c))?;
    let held = alarm_window::table.find(recipient);
    let held = match conn {
        Conn::Sqlite(c) => held.select(Window::as_select()).first(*c).optional()?,
        Conn::Pg(c) => held
            .select(Window::as_select())
            .for_update()
            .first(*c)
            .optional()?,
    };
    Ok(held.unwrap_or(fresh))
}

pub(in crate::referrals) fn update(conn: &mut Conn<'_>, window: &Window) -> Result<()> {
    dispatch!(conn, c => diesel::update(alarm_window::table.find(&window.recipient))
        .set(window).execute(c))?;
    Ok(())
}

/// Those for whom something waits and whose window is over.
pub(in crate::referrals) fn list_over(conn: &mut Conn<'_>, now: Ts) -> Result<Vec<String>> {
    let over = alarm_window::table
        .filter(alarm_window::open_until.le(now))
        .filter(waits())
        .order(alarm_window::open_until)
        .select(alarm_window::recipient);
    Ok(dispatch!(conn, c => over.load(c))?)
}

/// The messages that are still to be written, each with the moment from which it is.
pub(in crate::referrals) fn list_to_write(conn: &mut Conn<'_>) -> Result<Vec<(Id, Ts)>> {
    let waiting = alarm_window::table.filter(waits()).select((
        alarm_window::mail_id,
        alarm_window::webhook_id,
        alarm_window::open_until,
    ));
    let rows: Vec<(Option<Id>, Option<Id>, Ts)> = dispatch!(conn, c => waiting.load(c))?;
    let each = rows
        .into_iter()
        .flat_map(|(mail, call, at)| [mail, call].into_iter().flatten().map(move |id| (id, at)));
    Ok(each.collect())
}

/// Notes that a message is about this referral, too.
pub(in crate::referrals) fn add_member(conn: &mut Conn<'_>, message: Id, referral: Id) -> Result<()> {
    let row = (
        alarm_member::message_id.eq(message),
        alarm_member::referral_id.eq(referral),
    );
    dispatch!(conn, c => diesel::insert_into(alarm_member::table)
        .values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Which referrals that nobody has acknowledged these messages are about, the longest waiting first.
pub(in crate::referrals) fn list_members(conn: &mut Conn<'_>, messages: &[Id]) -> Result<Vec<Member>> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let of = alarm_member::table
        .inner_join(referral::table)
        .filter(alarm_member::message_id.eq_any(messages.to_vec()))
        .filter(referral::queue.eq(Queue::Now))
        .order((referral::received_at, referral::id))
        .distinct()
        .select((
            referral::id,
            referral::reference,
            referral::service,
            referral::received_at,
        ));
    let rows: Vec<(Id, String, ServiceName, Ts)> = dispatch!(conn, c => of.load(c))?;
    let member = |(referral, reference, service, _)| Member {
        referral,
        reference,
        service,
    };
    Ok(rows.into_iter().map(member).collect())
}

/// Forgets whom a message was about: it has arrived, or it is over.
pub(in crate::referrals) fn forget_members(conn: &mut Conn<'_>, message: Id) -> Result<()> {
    let rows = alarm_member::table.filter(alarm_member::message_id.eq(message));
    dispatch!(conn, c => diesel::delete(rows).execute(c))?;
    Ok(())
}

/// Those to whom a message about several was written that is now about nobody: all of them were acknowledged.
pub(in crate::referrals) fn list_ended(conn: &mut Conn<'_>) -> Result<Vec<String>> {
    let written = alarm_window::table
        .filter(sql::<Bool>(
            "(last_mail_id IS NOT NULL OR last_webhook_id IS NOT NULL)",
        ))
        .select((
            alarm_window::recipient,
            alarm_window::last_mail_id,
            alarm_window::last_webhook_id,
        ));
    let rows: Vec<(String, Option<Id>, Option<Id>)> = dispatch!(conn, c => written.load(c))?;
    let mut ended = Vec::new();
    for (recipient, mail, call) in rows {
        for message in [mail, call].into_iter().flatten() {
            if list_members(conn, &[message])?.is_empty() && !ended.contains(&recipient) {
                ended.push(recipient.clone());
            }
        }
    }
    Ok(ended)
}
