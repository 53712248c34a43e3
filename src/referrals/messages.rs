//! What is told, and to whom. A mail carries a reference, "new referral" or "needs attention today", and a link;
//! nothing else, subject and sender included (DCB1596: mail is not a safe place for a person).

use crate::config::{Config, ServiceName};
use crate::notify::{Lane, Message};
use crate::triage::Priority;
use crate::values::Id;

use super::reference::{ManageToken, Reference};
use crate::web::paths;

/// The notice to the mailbox of the service.
pub(super) fn to_service(
    config: &Config,
    service: ServiceName,
    priority: Priority,
    referral: Id,
    reference: &Reference,
) -> Message {
    let (subject, body, lane) = match priority {
        Priority::P1 | Priority::P2 => (
            format!("Needs attention today: {reference}"),
            include_str!("messages/attention.txt"),
            Lane::Urgent,
        ),
        Priority::P3 | Priority::P4 => (
            format!("New referral: {reference}"),
            include_str!("messages/new_referral.txt"),
            Lane::Normal,
        ),
    };
    let link = format!("{}/inbox/{}", config.base_url, reference.as_str());
    Message {
        about: Some(referral),
        lane,
        to: config.locality.service(service).mailbox.clone(),
        subject,
        body: body
            .replace("{reference}", &reference.to_string())
            .replace("{link}", &link),
    }
}

/// The notice that somebody has answered what the team asked. What they wrote stands on the record.
pub(super) fn answered(
    config: &Config,
    service: ServiceName,
    referral: Id,
    reference: &Reference,
) -> Message {
    let link = format!("{}{}", config.base_url, paths::referral(reference.as_str()));
    Message {
        about: Some(referral),
        lane: Lane::Normal,
        to: config.locality.service(service).mailbox.clone(),
        subject: format!("An answer arrived: {reference}"),
        body: include_str!("messages/answered.txt")
            .replace("{reference}", &reference.to_string())
            .replace("{link}", &link),
    }
}

/// How many accepted referrals wait to be entered: a number and a link.
pub(super) fn to_enter(config: &Config, service: ServiceName, count: i64) -> Message {
    let told = match count {
        1 => "1 entry".to_owned(),
        many => format!("{many} entries"),
    };
    let link = format!("{}{}", config.base_url, crate::web::paths::INBOX_TO_ENTER);
    Message {
        about: None,
        lane: Lane::Normal,
        to: config.locality.service(service).mailbox.clone(),
        subject: format!("To be entered: {told}"),
        body: include_str!("messages/to_enter.txt")
            .replace("{count}", &told)
            .replace("{link}", &link),
    }
}

/// One notice, on the day of the upgrade, about referrals from before the ledger of contact: a number and a link.
pub(super) fn before_ledger(config: &Config, service: ServiceName, count: usize) -> Message {
    let told = match count {
        1 => "1 entry".to_owned(),
        many => format!("{many} entries"),
    };
    let link = format!("{}{}", config.base_url, paths::INBOX_RINGS);
    Message {
        about: None,
        lane: Lane::Normal,
        to: config.locality.service(service).mailbox.clone(),
        subject: format!("Contact to be recorded: {told}"),
        body: include_str!("messages/before_ledger.txt")
            .replace("{count}", &told)
            .replace("{link}", &link),
    }
}

/// How many people are owed contact that is past its time: a number and a link, at opening.
pub(super) fn overdue(config: &Config, service: ServiceName, count: i64) -> Message {
    let (told, are) = match count {
        1 => ("1 entry".to_owned(), "is"),
        many => (format!("{many} entries"), "are"),
    };
    let link = format!("{}{}", config.base_url, paths::INBOX_RINGS);
    Message {
        about: None,
        lane: Lane::Normal,
        to: config.locality.service(service).mailbox.clone(),
        subject: format!("Overdue: {told}"),
        body: include_str!("messages/overdue.txt")
            .replace("{count}", &told)
            .replace("{are}", are)
            .replace("{link}", &link),
    }
}

/// The notice to a service that was told of a referral and has it no longer: who has it now.
pub(super) fn is_now_with(
    config: &Config,
    from: ServiceName,
    to: ServiceName,
    referral: Id,
    reference: &Reference,
) -> Message {
    let link = format!("{}{}", config.base_url, paths::referral(reference.as_str()));
    let name = &config.locality.service(to).staff_name;
    Message {
        about: Some(referral),
        lane: Lane::Normal,
        to: config.locality.service(from).mailbox.clone(),
        subject: format!("{reference} is now with {name}"),
        body: include_str!("messages/is_now_with.txt")
            .replace("{reference}", &reference.to_string())
            .replace("{name}", name)
            .replace("{link}", &link),
    }
}

/// The notice that somebody who was acknowledged has not been reached in time. It stands for itself: an action on the
/// referral that reaches nobody does not stop it.
pub(super) fn not_reached(config: &Config, to: &str, id: Id, which: &[Reference]) -> Message {
    let (subject, told, link) = match which {
        [one] => (
            format!("Overdue: {one}"),
            format!("{one} is overdue. It was acknowledged, and no contact is recorded."),
            paths::referral(one.as_str()),
        ),
        many => (
            format!("Overdue: {} entries", many.len()),
            format!(
                "{} entries are overdue. They were acknowledged, and no contact is recorded.",
                many.len()
            ),
            paths::INBOX_RINGS.to_owned(),
        ),
    };
    Message {
        about: Some(id),
        lane: Lane::Urgent,
        to: to.to_owned(),
        subject,
        body: include_str!("messages/not_reached.txt")
            .replace("{told}", &told)
            .replace("{link}", &format!("{}{link}", config.base_url)),
    }
}

/// The notice to the next on the rota, while nobody acknowledges.
pub(super) fn to_next_on_rota(config: &Config, to: &str, referral: Id, reference: &Reference) -> Message {
    let link = format!("{}/inbox/{}", config.base_url, reference.as_str());
    let body = include_str!("messages/still_waiting.txt")
        .replace("{reference}", &reference.to_string())
        .replace("{link}", &link);
    Message {
        about: Some(referral),
        lane: Lane::Urgent,
        to: to.to_owned(),
        subject: format!("Still needs attention today: {reference}"),
        body,
    }
}

/// The notice that several need attention: their number, and a link to the list of them. Stopped by the message's own
/// id, since it is about no single referral.
pub(super) fn several(config: &Config, to: &str, id: Id, count: usize) -> Message {
    let link = format!("{}{}", config.base_url, paths::INBOX_NOW);
    Message {
        about: Some(id),
        lane: Lane::Urgent,
        to: to.to_owned(),
        subject: format!("Need attention today: {count} entries"),
        body: include_str!("messages/several.txt")
            .replace("{count}", &count.to_string())
            .replace("{link}", &link),
    }
}

/// The neutral message to the patient: there is something on their own page. What it is stands behind the date of birth.
pub(super) fn look(
    config: &Config,
    email: &str,
    referral: Id,
    reference: &Reference,
    token: &ManageToken,
) -> Message {
    let link = format!("{}{}", config.base_url, paths::own_page(token.expose()));
    let body = include_str!("messages/look.txt")
        .replace("{reference}", &reference.to_string())
        .replace("{link}", &link)
        .replace("{phone}", &config.locality.organisation.phone);
    Message {
        about: Some(referral),
        lane: Lane::Normal,
        to: email.to_owned(),
        subject: format!("Please look at your page: {reference}"),
        body,
    }
}

/// The link to the own page once more: to the address on record, and nowhere else.
pub(super) fn link(
    config: &Config,
    email: &str,
    referral: Id,
    reference: &Reference,
    token: &ManageToken,
) -> Message {
    let link = format!("{}{}", config.base_url, paths::own_page(token.expose()));
    let body = include_str!("messages/link.txt")
        .replace("{reference}", &reference.to_string())
        .replace("{link}", &link)
        .replace("{phone}", &config.locality.organisation.phone);
    Message {
        about: Some(referral),
        lane: Lane::Normal,
        to: email.to_owned(),
        subject: format!("The link to your page: {reference}"),
        body,
    }
}

/// To the address that stood until now: how the person is reached was changed on their own page. It holds no link and
/// nothing of what was changed.
pub(super) fn details_changed(config: &Config, email: &str, referral: Id, reference: &Reference) -> Message {
    let body = include_str!("messages/details_changed.txt")
        .replace("{reference}", &reference.to_string())
        .replace("{phone}", &config.locality.organisation.phone);
    Message {
        about: Some(referral),
        lane: Lane::Normal,
        to: email.to_owned(),
        subject: format!("Your details were changed: {reference}"),
        body,
    }
}

/// The neutral confirmation to the patient: what was received is not said.
pub(super) fn to_patient(
    config: &Config,
    email: &str,
    referral: Id,
    reference: &Reference,
    token: &ManageToken,
) -> Message {
    let link = format!("{}/r/{}", config.base_url, token.expose());
    let body = include_str!("messages/confirmation.txt")
        .replace("{reference}", &reference.to_string())
        .replace("{link}", &link)
        .replace("{phone}", &config.locality.organisation.phone);
    Message {
        about: Some(referral),
        lane: Lane::Normal,
        to: email.to_owned(),
        subject: format!("We have received your form: {reference}"),
        body,
    }
}
