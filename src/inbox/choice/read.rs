//! The form of a choice, read; what is missing comes back at its field.

use jiff::ToSpan;

use super::{Choice, NAME_LIMIT, NOTE_LIMIT, REASON_LIMIT};
use crate::config::{Locality, ServiceName};
use crate::patient::AskedQuestion;
use crate::referrals::{
    Asking, ContactClosing, ContactPlan, Declining, Deed, ReferralView, Way, may_accept_to,
};
use crate::triage::Step;
use crate::values::Ts;
use crate::web::form::{Errors, Posted};

/// Most days a patient is given to answer.
const MOST_DAYS: i32 = 60;

/// What a form is read against: the referral as it is now, and the day.
pub(in crate::inbox) struct Reading<'a> {
    pub posted: &'a Posted,
    pub view: &'a ReferralView,
    pub plan: &'a ContactPlan,
    pub locality: &'a Locality,
    pub now: Ts,
}

impl Reading<'_> {
    /// Whether there is a number, and nobody said it is wrong.
    fn has_number(&self) -> bool {
        self.view.person.can_be_rung() && !self.plan.number_wrong()
    }
}

/// Reads the form of a choice; what is missing comes back at its field.
pub(in crate::inbox) fn read(choice: Choice, reading: &Reading<'_>) -> Result<Deed, Errors> {
    let posted = reading.posted;
    let mut errors = posted.errors();
    let deed = match choice {
        Choice::Acknowledge => Some(Deed::Acknowledge),
        Choice::Claim => Some(Deed::Claim),
        Choice::Release => Some(Deed::Release),
        Choice::Accept => accept(posted, reading.view, &mut errors),
        Choice::SendOn => send_on(posted, reading.view, &mut errors),
        Choice::Ask => ask(reading, &mut errors),
        Choice::Decline => decline(reading, &mut errors),
        Choice::CouldNotReach => could_not_reach(reading, &mut errors),
        Choice::Close => close(reading, &mut errors),
        Choice::CloseContact => close_contact(posted, &mut errors),
        Choice::OweContact => Some(Deed::OweContact),
        Choice::RecordDeath => words(posted, "death_details", "Enter how this is known", &mut errors)
            .map(|details| Deed::RecordDeath { details }),
        Choice::Reopen => words(posted, "reopen_reason", "Say why it is opened again", &mut errors)
            .map(|reason| Deed::Reopen { reason }),
        Choice::Note => note(posted, &mut errors),
    };
    deed.filter(|_| errors.is_empty()).ok_or(errors)
}

fn accept(posted: &Posted, view: &ReferralView, errors: &mut Errors) -> Option<Deed> {
    let Some(step) = Step::parse(posted.one("accept_step")) else {
        errors.add("accept_step", "Select a step");
        return None;
    };
    if !may_accept_to(view.service, step) {
        errors.add(
            "accept_step",
            "Send it to a service first: in review it can be accepted for an assessment only",
        );
    }
    let suggested = view.case_sheet.decision.step;
    let reason = posted.one("accept_reason");
    if step != suggested && reason.is_empty() {
        errors.add(
            "accept_reason",
            "Say why your decision differs from the suggestion",
        );
    }
    too_long(reason, "accept_reason", REASON_LIMIT, errors);
    let with = posted.one("accept_with");
    too_long(with, "accept_with", NAME_LIMIT, errors);
    Some(Deed::Accept {
        step,
        reason: given(reason),
        with: given(with),
    })
}

fn send_on(posted: &Posted, view: &ReferralView, errors: &mut Errors) -> Option<Deed> {
    let to = ServiceName::parse(posted.one("send_to")).filter(|to| *to != view.service);
    if to.is_none() {
        errors.add("send_to", "Select where to send it");
    }
    let reason = words(posted, "send_reason", "Say why it is sent on", errors)?;
    Some(Deed::SendOn { to: to?, reason })
}

fn ask(reading: &Reading<'_>, errors: &mut Errors) -> Option<Deed> {
    let posted = reading.posted;
    let own = posted.one("ask_own");
    too_long(own, "ask_own", REASON_LIMIT, errors);
    let chosen = AskedQuestion::parse(posted.one("ask_which")).map(AskedQuestion::words);
    let question = match (chosen, own.is_empty()) {
        (Some(chosen), true) => chosen.to_owned(),
        (Some(chosen), false) => format!("{chosen}\n\n{own}"),
        (None, false) => own.to_owned(),
        (None, true) => {
            errors.add("ask_which", "Select what to ask, or write it in your own words");
            String::new()
        }
    };
    let way = Way::parse(posted.one("ask_way")).filter(|way| matches!(way, Way::Call | Way::Page));
    if way.is_none() {
        errors.add("ask_way", "Select how they are asked");
    }
    let days = posted.one("ask_days").parse::<i32>().ok();
    let days = days.filter(|days| (1..=MOST_DAYS).contains(days));
    if days.is_none() {
        errors.add(
            "ask_days",
            format!("Days to answer must be a number from 1 to {MOST_DAYS}"),
        );
    }
    Some(Deed::Ask(Asking {
        question,
        way: way?,
        answer_by: answer_by(reading, days?),
    }))
}

/// The end of the working day on or after that day.
fn answer_by(reading: &Reading<'_>, days: i32) -> Ts {
    let hours = &reading.locality.hours;
    let day = reading.now.london_date().saturating_add(days.days());
    let closing = hours.closing(hours.working_day_after(day, 0));
    closing.unwrap_or_else(|| reading.now.plus_days(i64::from(days)))
}

fn decline(reading: &Reading<'_>, errors: &mut Errors) -> Option<Deed> {
    let posted = reading.posted;
    let reason = words(posted, "decline_reason", "Say why", errors);
    let signpost = words(
        posted,
        "decline_signpost",
        "Say where you pointed the patient to",
        errors,
    );
    let way = Way::parse(posted.one("decline_way"));
    let way = way.filter(|way| matches!(way, Way::Call | Way::Letter | Way::Page));
    if way.is_none() {
        errors.add("decline_way", "Select how the patient is told");
    }
    let told = who_was_told(reading, "decline_told", errors);
    Some(Deed::Decline(Declining {
        reason: reason?,
        signpost: signpost?,
        way: way?,
        told,
    }))
}

fn could_not_reach(reading: &Reading<'_>, errors: &mut Errors) -> Option<Deed> {
    let tried = reading.posted.one("unreached_tried");
    if tried.is_empty() && !reading.has_number() {
        errors.add(
            "unreached_tried",
            "Say how you tried to reach them: no right number is known",
        );
    }
    too_long(tried, "unreached_tried", REASON_LIMIT, errors);
    let told = who_was_told(reading, "unreached_told", errors);
    Some(Deed::CouldNotReach {
        tried: tried.to_owned(),
        told,
    })
}

fn close(reading: &Reading<'_>, errors: &mut Errors) -> Option<Deed> {
    let reason = words(reading.posted, "close_reason", "Say why it is closed", errors);
    let told = who_was_told(reading, "close_told", errors);
    Some(Deed::Close {
        reason: reason?,
        told,
    })
}

fn close_contact(posted: &Posted, errors: &mut Errors) -> Option<Deed> {
    let why = ContactClosing::parse(posted.one("contact_why"));
    if why.is_none() {
        errors.add("contact_why", "Select why");
    }
    let details = words(
        posted,
        "contact_details",
        "Enter who was told, by name, and what was done",
        errors,
    );
    Some(Deed::CloseContact {
        why: why?,
        details: details?,
    })
}

/// Who was told, by name: needed where somebody's safety is in question.
fn who_was_told(reading: &Reading<'_>, field: &'static str, errors: &mut Errors) -> Option<String> {
    let told = reading.posted.one(field);
    if told.is_empty() && reading.view.is_at_risk() {
        errors.add(
            field,
            "Say who was told, by name: a safety flag was raised, and it ends only with somebody who knows",
        );
    }
    too_long(told, field, NAME_LIMIT, errors);
    given(told)
}

fn note(posted: &Posted, errors: &mut Errors) -> Option<Deed> {
    let text = posted.one("note_text");
    if text.is_empty() {
        errors.add("note_text", "Write the note");
    }
    too_long(text, "note_text", NOTE_LIMIT, errors);
    Some(Deed::Note(text.to_owned()))
}

fn given(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn words(posted: &Posted, field: &'static str, missing: &'static str, errors: &mut Errors) -> Option<String> {
    let text = posted.one(field);
    if text.is_empty() {
        errors.add(field, missing);
    }
    too_long(text, field, REASON_LIMIT, errors);
    given(text)
}

fn too_long(text: &str, field: &'static str, limit: usize, errors: &mut Errors) {
    if text.chars().count() > limit {
        errors.add(
            field,
            format!("This is too long. Use {limit} characters or fewer"),
        );
    }
}
