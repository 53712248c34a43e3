//! The beginning of an alarm: mail to the service, and a call to the first on shift, in the transaction that causes it.

use super::together::{self, Recipient, Sounding, Ways};
use crate::app::App;
use crate::db::{Conn, Error, Result};
use crate::notify;
use crate::referrals::messages;
use crate::referrals::reference::Reference;
use crate::referrals::state::Queue;
use crate::referrals::store::Row;
use crate::referrals::store::escalations::{self, Step};
use crate::triage::Priority;
use crate::values::Ts;

/// Tells the service of a referral by mail. Where that puts it among those who need somebody now, an alarm begins: the
/// first who is on shift is called by the second channel in the same moment, if there is one, and the clock starts. An
/// alarm that is running already goes on: more worry never sets its clock back.
pub(in crate::referrals) fn tell_service(
    conn: &mut Conn<'_>,
    app: &App,
    row: &Row,
    told: (&Reference, Priority),
    (sounding, now): (Sounding, Ts),
    was_running: bool,
) -> Result<()> {
    let (reference, priority) = told;
    if row.queue != Queue::Now {
        let message = messages::to_service(&app.config, row.service, priority, row.id, reference);
        return notify::enqueue(conn, &app.keys, sounding.mail, &message, now);
    }
    let to = Recipient::service(app, row.service);
    let by_mail = Ways {
        mail: true,
        call: false,
    };
    let mail = together::tell(conn, app, &to, row.id, by_mail, (sounding, now))?.mail;
    if was_running {
        return Ok(());
    }
    let last = escalations::find_last(conn, row.id)?;
    let duty = notify::people_on_duty(conn, &app.config.locality, now)?;
    let called = duty.people.first().filter(|_| app.mailer.has_second_channel());
    let by_call = Ways {
        mail: false,
        call: true,
    };
    let call = match called {
        Some(person) => {
            let to = Recipient::Person(person.id);
            together::tell(conn, app, &to, row.id, by_call, (sounding, now))?.call
        }
        None => None,
    };
    let step = Step {
        referral_id: row.id,
        step: last.map_or(0, |last| last.step + 1),
        first: true,
        person_id: called.map(|person| person.id),
        person: called.map(|person| person.name.clone()),
        mail_id: mail,
        webhook_id: call,
        at: now,
    };
    match escalations::insert(conn, &step)? {
        true => Ok(()),
        false => Err(Error::Conflict),
    }
}
