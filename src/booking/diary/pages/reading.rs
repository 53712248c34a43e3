//! Reading what staff typed: text of a bearable length, whole numbers, a day and a time. Each complaint stands at its
//! field.

use jiff::civil::{Date, Time};

use crate::booking::diary::when::{self, NotThen};
use crate::config::{Locality, ServiceName};
use crate::values::{Id, Ts, Unfit};
use crate::web::form::{Choice, Errors, Posted};

/// One line that has to be there.
pub(super) fn line(
    errors: &mut Errors,
    posted: &Posted,
    field: &'static str,
    what: &str,
    most: usize,
) -> Option<String> {
    let typed = posted.one(field);
    if typed.is_empty() {
        errors.add(field, format!("Enter {what}"));
        return None;
    }
    maybe(errors, posted, field, most)
}

/// One line that may be left empty.
pub(super) fn maybe(
    errors: &mut Errors,
    posted: &Posted,
    field: &'static str,
    most: usize,
) -> Option<String> {
    let typed = posted.one(field);
    let read = match typed.chars().count() > most {
        true => Err(Unfit(format!("Use {most} characters or fewer").into())),
        false => Ok(typed.replace('\n', " ")),
    };
    errors.keep(field, read)
}

/// A whole number within bounds.
pub(super) fn number(
    errors: &mut Errors,
    posted: &Posted,
    field: &'static str,
    what: &str,
    within: std::ops::RangeInclusive<i32>,
) -> Option<i32> {
    let typed = posted.one(field);
    let plain = !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_digit());
    let read = plain
        .then(|| typed.parse().ok())
        .flatten()
        .filter(|read| within.contains(read));
    let (least, most) = (within.start(), within.end());
    errors.keep(
        field,
        read.ok_or_else(|| Unfit(format!("Enter {what}, a number from {least} to {most}").into())),
    )
}

/// The three boxes of a day.
pub(super) fn day(errors: &mut Errors, posted: &Posted, field: &'static str) -> Option<Date> {
    let part = |part: &str| posted.one(&format!("{field}-{part}")).to_owned();
    errors.keep_date(field, when::day(&part("day"), &part("month"), &part("year")))
}

/// A time of day.
pub(super) fn clock(errors: &mut Errors, posted: &Posted, field: &'static str) -> Option<Time> {
    errors.keep(field, when::clock(posted.one(field)))
}

/// Day and time as a moment that lies ahead; the complaint stands at the one that is the trouble.
pub(super) fn moment(
    errors: &mut Errors,
    (day_field, day): (&'static str, Date),
    (time_field, time): (&'static str, Time),
    now: Ts,
) -> Option<Ts> {
    match when::moment(day, time, now) {
        Ok(moment) => Some(moment),
        Err(NotThen::Day(unfit)) => errors.keep(day_field, Err(unfit)),
        Err(NotThen::Time(unfit)) => errors.keep(time_field, Err(unfit)),
    }
}

/// One of the rows that can be chosen, by id.
pub(super) fn chosen(
    errors: &mut Errors,
    posted: &Posted,
    field: &'static str,
    what: &'static str,
    among: &[Choice],
) -> Option<Id> {
    let typed = posted.one(field);
    let known = among.iter().any(|choice| choice.value == typed);
    let id = Id::parse(typed).filter(|_| known);
    errors.keep(field, id.ok_or(Unfit::because(what)))
}

/// The services that hold courses and appointments.
pub(super) fn services(locality: &Locality) -> Vec<Choice> {
    let those = [ServiceName::Hwb, ServiceName::Core].into_iter();
    those
        .map(|service| Choice::new(service.as_str(), locality.service(service).staff_name.clone()))
        .collect()
}

/// The service that was chosen.
pub(super) fn service(errors: &mut Errors, posted: &Posted) -> Option<ServiceName> {
    let read = ServiceName::parse(posted.one("service")).filter(|name| *name != ServiceName::Review);
    errors.keep("service", read.ok_or(Unfit::because("Select a service")))
}

/// "Tue 8 Dec 2026".
pub(super) fn short_day(at: Ts) -> String {
    at.london().strftime("%a %-d %b %Y").to_string()
}

/// "Tuesday 8 December 2026".
pub(super) fn long_day(at: Ts) -> String {
    format!("{} {}", at.london().strftime("%A"), at.display_date())
}
