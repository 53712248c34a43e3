//! The people who sign in, what they may do, who changes that, and the record of what they read.
//!
//! Receives a name and a password, or an API key. Decides who that is and, in `policy.rs` alone, what they may
//! do. Hands on an [`Actor`] to every room that shows staff pages, and counters against guessing to whoever
//! needs them. Never touches a referral.

mod account;
mod account_answers;
mod account_form;
mod account_pages;
mod actor;
mod api_key;
mod approval_pages;
mod approval_words;
pub mod changes;
mod choose;
mod choose_pages;
mod chosen_password;
mod command;
mod key_pages;
mod ledger_pages;
mod link;
mod next;
mod pages;
mod password;
mod policy;
mod print;
mod read_log;
mod role;
mod roster;
mod rota_pages;
mod session;
mod sign_in;
mod store;
pub mod throttle;

pub use account::{Account, Clinic, ClinicCode, DisplayName, NewAccount, Username};
pub use actor::{Actor, Onlooker};
pub use api_key::{
    ApiKey, ApiToken, KeyLabel, Scope, add_key, authenticate, authenticate_in, list_keys, revoke_key,
};
pub use choose::{Invited, choose_password, find_invited};
pub use command::{AddAccount, ClinicsCommand, KeysCommand, StaffCommand};
pub use link::{LINK_MINUTES, LinkToken};
pub use pages::{end_session, routes};
pub use password::Password;
pub use policy::{Deed, may, sees_patients};
pub use read_log::{MOST_READS, ReadEntry, ReadNote, Reader, list_reads, note_read, record_read};
pub use role::Role;
pub use roster::{
    Added, add_account, add_account_with, add_clinic, disable_account, find_account, find_account_named,
    find_clinic, find_clinic_coded, find_mailbox, list_accounts, list_clinics, list_ended, list_physios,
    reset_account, set_email,
};
pub use session::{IDLE_MINUTES, LONGEST_MINUTES, SessionToken, sign_out};
pub use sign_in::{Attempt, SignIn, sign_in, sign_in_as};
