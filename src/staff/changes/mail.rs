//! What is written to staff: a neutral line and a link, without a name and without a health word.

use crate::app::App;
use crate::notify::{Lane, Message, SealedMessage};
use crate::staff::Account;
use crate::staff::link::LinkToken;
use crate::values::{Id, KeyError, Ts};
use crate::web::paths;

use super::second::approves;

/// Which notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// To leads: something waits.
    Waits,
    /// To leads: something was approved without one.
    WithoutLead,
    /// To leads: one of them was deactivated or has another role.
    LeadChanged,
}

/// The message with the link to choose a password.
pub(super) fn choose_password(
    app: &App,
    to: &str,
    token: &LinkToken,
    until: Ts,
    now: Ts,
) -> Result<SealedMessage, KeyError> {
    let link = format!(
        "{}{}",
        app.config.base_url,
        paths::choose_password(token.reveal())
    );
    let body = include_str!("../messages/choose_password.txt")
        .replace("{until}", &until.display())
        .replace("{link}", &link);
    seal(app, to, "Choose your password", body, now)
}

/// The message to the address that no messages go to after this one.
pub(super) fn address_changed(app: &App, old: &str, now: Ts) -> Result<SealedMessage, KeyError> {
    let body = include_str!("../messages/address_changed.txt").to_owned();
    seal(app, old, "Your e-mail address was changed", body, now)
}

/// A notice to every lead with an e-mail address, also to one who is away or deactivated where it is about that.
pub(super) fn to_leads(
    app: &App,
    notice: Notice,
    accounts: &[Account],
    now: Ts,
) -> Result<Vec<SealedMessage>, KeyError> {
    let link = format!("{}{}", app.config.base_url, paths::ADMIN_APPROVALS);
    let (subject, body) = match notice {
        Notice::Waits => ("An approval is asked for", include_str!("../messages/waits.txt")),
        Notice::WithoutLead => (
            "An account was changed without a lead",
            include_str!("../messages/without_lead.txt"),
        ),
        Notice::LeadChanged => (
            "The account of a lead was changed",
            include_str!("../messages/lead_changed.txt"),
        ),
    };
    let body = body.replace("{link}", &link);
    let told = accounts.iter().filter(|account| approves(account.role));
    // Who is deactivated cannot open the page of what waits.
    let told = told.filter(|account| account.active || notice != Notice::Waits);
    let addresses = told.filter_map(|account| account.email.as_deref());
    addresses
        .map(|to| seal(app, to, subject, body.clone(), now))
        .collect()
}

fn seal(app: &App, to: &str, subject: &str, body: String, now: Ts) -> Result<SealedMessage, KeyError> {
    let message = Message {
        about: None,
        lane: Lane::Normal,
        to: to.to_owned(),
        subject: subject.to_owned(),
        body,
    };
    SealedMessage::seal(&app.keys, Id::new(), &message, now)
}
