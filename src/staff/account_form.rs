//! The forms about accounts: what there is to choose from, and what was typed.

use super::{DisplayName, NewAccount, Role, Username, roster};
use crate::app::App;
use crate::values::{Email, Id, Unfit};
use crate::web;
use crate::web::form::{Choice, Errors, Posted};

/// Longest reason, in characters.
pub(super) const REASON_LIMIT: usize = 500;

/// The roles to choose from.
pub(super) fn role_choices() -> Vec<Choice> {
    let roles = Role::ALL.map(|role| Choice::new(role.as_str(), role.label()).hint(about(role)));
    roles.into()
}

/// The clinics to choose from, by id.
pub(super) async fn clinic_choices(app: &App) -> Result<Vec<Choice>, web::Error> {
    let clinics = roster::list_clinics(&app.db).await?;
    let active = clinics.into_iter().filter(|clinic| clinic.active);
    Ok(active
        .map(|clinic| Choice::new(clinic.id.to_string(), clinic.name))
        .collect())
}

/// What a role may do, for who gives it out.
fn about(role: Role) -> &'static str {
    match role {
        Role::Physio => "Hands out slips and sees whether they were used, not by whom",
        Role::Triage => "Reads referrals and decides on them. A lead has to approve the account",
        Role::Lead => "Triage, and answers for the rules and the reports. A lead has to approve the account",
        Role::Admin => "Runs accounts and API keys, and sees nothing about patients",
    }
}

const CLINIC_MISSING: &str = "Select the clinic of the physiotherapist";

/// Somebody new, with the mailbox.
pub(super) fn read_account(posted: &Posted, errors: &mut Errors) -> Option<(NewAccount, Option<Email>)> {
    let display_name = errors.keep("name", DisplayName::parse(posted.one("name")));
    let username = errors.keep("username", Username::parse(posted.one("username")));
    let email = errors.keep_if_given("email", posted.one("email"), Email::parse);
    let (role, clinic) = read_role(posted, errors);
    if errors.any() {
        return None;
    }
    let account = NewAccount {
        username: username?,
        display_name: display_name?,
        role: role?,
        clinic,
    };
    Some((account, email))
}

/// The role, and the clinic of a physio.
pub(super) fn read_role(posted: &Posted, errors: &mut Errors) -> (Option<Role>, Option<Id>) {
    let role = Role::parse(posted.one("role"));
    let role = errors.keep("role", role.ok_or(Unfit::because("Select a role")));
    let clinic = Id::parse(posted.one("clinic"));
    if role.is_some_and(Role::needs_clinic) && clinic.is_none() {
        errors.add("clinic", CLINIC_MISSING);
    }
    (role, clinic.filter(|_| role.is_some_and(Role::needs_clinic)))
}

/// Why something is asked for; must be said where a lead has to read it.
pub(super) fn read_reason(
    posted: &Posted,
    field: &'static str,
    is_needed: bool,
    errors: &mut Errors,
) -> Option<String> {
    let reason = posted.one(field).to_owned();
    if is_needed && reason.is_empty() {
        errors.add(field, "Enter a reason. A lead reads it before they approve");
        return None;
    }
    if reason.chars().count() > REASON_LIMIT {
        errors.add(field, "Reason must be 500 characters or fewer");
        return None;
    }
    Some(reason)
}
