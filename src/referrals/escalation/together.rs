//! One person or mailbox is told once in some minutes: the first word goes at once, what comes in the minutes after it is
//! told together at their end, with its number. What waits stands in the database, so that neither a killed worker nor a
//! second instance loses it or tells it twice.

use crate::app::App;
use crate::config::ServiceName;
use crate::db::{Conn, Result};
use crate::notify::{self, Alarm, AlarmKind, Message, OnDuty, RotaPerson, Status};
use crate::referrals::messages;
use crate::referrals::reference::Reference;
use crate::referrals::store::alarm_windows::{self, Member};
use crate::referrals::store::escalations;
use crate::triage::Priority;
use crate::values::{Id, Ts};
use crate::web::paths;

/// The ids of what an alarm writes; drawn before the transaction.
#[derive(Clone, Copy, Debug)]
pub(in crate::referrals) struct Sounding {
    /// The mail.
    pub mail: Id,
    /// The call of the second channel.
    pub call: Id,
}

impl Sounding {
    pub(in crate::referrals) fn draw() -> Self {
        Self {
            mail: Id::new(),
            call: Id::new(),
        }
    }
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Recipient {
    /// The mailbox of a service.
    Service(ServiceName),
    /// Somebody on the rota, or the other route.
    Person(Id),
}

impl Recipient {
    /// The mailbox of this service. Services that share one are told once: the first of them stands for all.
    pub fn service(app: &App, service: ServiceName) -> Self {
        let mailbox = |name| &app.config.locality.service(name).mailbox;
        let same = |name: &ServiceName| mailbox(*name).eq_ignore_ascii_case(mailbox(service));
        Recipient::Service(ServiceName::ALL.into_iter().find(same).unwrap_or(service))
    }

    fn key(&self) -> String {
        match self {
            Recipient::Service(name) => format!("service {}", name.as_str()),
            Recipient::Person(id) => format!("person {id}"),
        }
    }

    fn parse(key: &str) -> Option<Self> {
        match key.split_once(' ')? {
            ("service", name) => ServiceName::parse(name).map(Recipient::Service),
            ("person", id) => Id::parse(id).map(Recipient::Person),
            _ => None,
        }
    }
}

/// By which ways.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways {
    pub mail: bool,
    pub call: bool,
}

/// Under which ids a telling is, or will be, in the outbox.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub mail: Option<Id>,
    pub call: Option<Id>,
}

/// Puts a referral among what a recipient is told next, at the end of their window; the caller sees to it that
/// [`write`] is called soon for one who has none. Gives the ids under which it will be written.
pub(super) fn join(
    conn: &mut Conn<'_>,
    to: &Recipient,
    referral: Id,
    ways: Ways,
    (drawn, now): (Sounding, Ts),
) -> Result<Words> {
    let mut window = alarm_windows::hold(conn, &to.key(), now)?;
    let words = Words {
        mail: ways.mail.then(|| *window.mail_id.get_or_insert(drawn.mail)),
        call: ways.call.then(|| *window.webhook_id.get_or_insert(drawn.call)),
    };
    for id in [words.mail, words.call].into_iter().flatten() {
        alarm_windows::add_member(conn, id, referral)?;
    }
    alarm_windows::update(conn, &window)?;
    Ok(words)
}

/// The same, and writes it in this moment unless the recipient was told a few minutes ago.
pub(super) fn tell(
    conn: &mut Conn<'_>,
    app: &App,
    to: &Recipient,
    referral: Id,
    ways: Ways,
    (drawn, now): (Sounding, Ts),
) -> Result<Words> {
    let words = join(conn, to, referral, ways, (drawn, now))?;
    write(conn, app, to, now)?;
    Ok(words)
}

/// Whom something waits for whose window is over.
pub(super) fn list_over(conn: &mut Conn<'_>, now: Ts) -> Result<Vec<Recipient>> {
    let keys = alarm_windows::list_over(conn, now)?;
    Ok(keys.iter().filter_map(|key| Recipient::parse(key)).collect())
}

/// Writes what waits for a recipient, if their window is over, and opens the next one. Who was acknowledged meanwhile is
/// left out; where nobody is left nothing is written. `true` when something was.
pub(super) fn write(conn: &mut Conn<'_>, app: &App, to: &Recipient, now: Ts) -> Result<bool> {
    let mut window = alarm_windows::hold(conn, &to.key(), now)?;
    if window.open_until > now || (window.mail_id.is_none() && window.webhook_id.is_none()) {
        return Ok(false);
    }
    let duty = notify::people_on_duty(conn, &app.config.locality, now)?;
    let person = match to {
        Recipient::Service(_) => None,
        Recipient::Person(id) => find_person(duty, *id),
    };
    let mail = members(conn, window.mail_id.take(), window.last_mail_id, now)?;
    let call = members(conn, window.webhook_id.take(), window.last_webhook_id, now)?;
    let written = mail.is_some() || call.is_some();
    if let Some((id, about)) = mail {
        window.last_mail_id = several(&about).then_some(id);
        let message = mail_to(app, to, person.as_ref(), id, &about)?;
        if let Some(message) = message {
            notify::enqueue(conn, &app.keys, id, &message, now)?;
        }
    }
    if let (Some((id, about)), Some(person)) = (call, &person) {
        window.last_webhook_id = several(&about).then_some(id);
        let alarm = call_to(conn, app, person, id, &about)?;
        notify::enqueue_alarm(conn, &app.keys, id, &alarm, now)?;
    }
    if written {
        let minutes = i64::from(app.config.locality.escalation.together);
        window.open_until = now.plus_minutes(minutes);
    }
    alarm_windows::update(conn, &window)?;
    Ok(written)
}

fn several(about: &[Member]) -> bool {
    about.len() > 1
}

/// Who is told as this person: whoever is on duty where they were taken off the rota meanwhile.
fn find_person(duty: OnDuty, id: Id) -> Option<RotaPerson> {
    let first = duty.people.first().cloned();
    let same = duty.and_others().into_iter().find(|person| person.id == id);
    same.or(first)
}

/// Whom a message is about. One about several that was written before and has not arrived is replaced by it: while mail
/// is down one waits, with the number that is right.
fn members(
    conn: &mut Conn<'_>,
    id: Option<Id>,
    last: Option<Id>,
    now: Ts,
) -> Result<Option<(Id, Vec<Member>)>> {
    let Some(id) = id else {
        return Ok(None);
    };
    let mut messages = vec![id];
    if let Some(last) = last {
        let fates = notify::statuses(conn, &[last])?;
        if fates.iter().any(|(_, status, _)| *status == Status::Waiting) {
            notify::cancel_urgent(conn, last, now)?;
            messages.push(last);
        }
    }
    let about = alarm_windows::list_members(conn, &messages)?;
    for message in messages.into_iter().chain(last) {
        alarm_windows::forget_members(conn, message)?;
    }
    // Of a message about one the referral itself says when it is over.
    for member in about.iter().filter(|_| several(&about)) {
        alarm_windows::add_member(conn, id, member.referral)?;
    }
    Ok((!about.is_empty()).then_some((id, about)))
}

fn mail_to(
    app: &App,
    to: &Recipient,
    person: Option<&RotaPerson>,
    id: Id,
    about: &[Member],
) -> Result<Option<Message>> {
    let config = &app.config;
    Ok(match (to, person, about) {
        (_, _, []) => None,
        (Recipient::Service(_), _, [one]) => {
            let reference = reference(one)?;
            let message = messages::to_service(config, one.service, Priority::P1, one.referral, &reference);
            Some(message)
        }
        (Recipient::Service(name), _, many) => {
            let mailbox = &config.locality.service(*name).mailbox;
            Some(messages::several(config, mailbox, id, many.len()))
        }
        (Recipient::Person(_), Some(person), [one]) => {
            let reference = reference(one)?;
            let message = messages::to_next_on_rota(config, &person.email, one.referral, &reference);
            Some(message)
        }
        (Recipient::Person(_), Some(person), many) => {
            Some(messages::several(config, &person.email, id, many.len()))
        }
        (Recipient::Person(_), None, _) => None,
    })
}

fn call_to(conn: &mut Conn<'_>, app: &App, person: &RotaPerson, id: Id, about: &[Member]) -> Result<Alarm> {
    let mut step = 0;
    for member in about {
        let known = escalations::find_step_of_call(conn, member.referral, id)?;
        step = step.max(known.unwrap_or(0));
    }
    let (about_id, reference, link) = match about {
        [one] => {
            let reference = reference(one)?;
            let link = paths::referral(reference.as_str());
            (one.referral, reference.to_string(), link)
        }
        many => (
            id,
            format!("{} referrals", many.len()),
            paths::INBOX_NOW.to_owned(),
        ),
    };
    Ok(Alarm {
        about: about_id,
        kind: AlarmKind::Urgent,
        reference,
        link: format!("{}{link}", app.config.base_url),
        count: i32::try_from(about.len()).unwrap_or(i32::MAX),
        step,
        phone: person.phone.clone(),
    })
}

fn reference(member: &Member) -> Result<Reference> {
    let reference = Reference::parse(&member.reference);
    Ok(reference.ok_or_else(|| anyhow::anyhow!("a stored reference is not one"))?)
}

/// Those for whom a message about several may still be on its way although all of them were acknowledged.
pub(super) fn list_ended(conn: &mut Conn<'_>) -> Result<Vec<Recipient>> {
    let keys = alarm_windows::list_ended(conn)?;
    Ok(keys.iter().filter_map(|key| Recipient::parse(key)).collect())
}

/// Stops such a message. One about a single referral is stopped where that is acknowledged.
pub(super) fn stop_ended(conn: &mut Conn<'_>, to: &Recipient, now: Ts) -> Result<()> {
    let mut window = alarm_windows::hold(conn, &to.key(), now)?;
    for last in [&mut window.last_mail_id, &mut window.last_webhook_id] {
        let Some(message) = *last else {
            continue;
        };
        if alarm_windows::list_members(conn, &[message])?.is_empty() {
            notify::cancel_urgent(conn, message, now)?;
            alarm_windows::forget_members(conn, message)?;
            *last = None;
        }
    }
    alarm_windows::update(conn, &window)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_is_read_back() {
        for to in [
            Recipient::Service(ServiceName::Core),
            Recipient::Service(ServiceName::Review),
            Recipient::Person(Id::new()),
        ] {
            assert_eq!(Recipient::parse(&to.key()), Some(to));
        }
        assert_eq!(Recipient::parse("service elsewhere"), None);
        assert_eq!(Recipient::parse("nobody"), None);
    }
}
