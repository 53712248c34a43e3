//! The tables `staff` and `clinic`.

use diesel::prelude::*;

use crate::db::schema::{clinic, staff};
use crate::db::{Conn, Result};
use crate::staff::account::{Account, Clinic, ClinicCode, NewAccount};
use crate::staff::{Actor, Role};
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(Role);

/// Adds an account that is in force; false when the username is taken.
pub fn insert_account(
    conn: &mut Conn<'_>,
    id: Id,
    account: &NewAccount,
    email: Option<&str>,
    password_hash: &str,
    now: Ts,
) -> Result<bool> {
    let clinic = account.clinic.filter(|_| account.role.needs_clinic());
    let row = (
        staff::id.eq(id),
        staff::username.eq(account.username.as_str()),
        staff::display_name.eq(account.display_name.as_str()),
        staff::role.eq(account.role),
        staff::clinic_id.eq(clinic),
        staff::password_hash.eq(password_hash),
        staff::active.eq(true),
        staff::created_at.eq(now),
        staff::email.eq(email),
        staff::approved_at.eq(Some(now)),
    );
    let added = dispatch!(conn, c => diesel::insert_into(staff::table)
        .values(row).on_conflict(staff::username).do_nothing().execute(c))?;
    Ok(added == 1)
}

/// What signing in needs to know of an account.
#[derive(Queryable)]
pub struct Credentials {
    pub id: Id,
    pub role: Role,
    pub password_hash: String,
}

/// The account that may sign in with this name.
pub fn find_credentials(conn: &mut Conn<'_>, username: &str) -> Result<Option<Credentials>> {
    let wanted = staff::table
        .filter(staff::username.eq(username))
        .filter(staff::active.eq(true))
        .select((staff::id, staff::role, staff::password_hash));
    Ok(dispatch!(conn, c => wanted.first(c).optional())?)
}

/// Whether the account still is as it was when the password was compared.
pub fn is_unchanged(conn: &mut Conn<'_>, credentials: &Credentials) -> Result<bool> {
    let same = staff::table
        .filter(staff::id.eq(credentials.id))
        .filter(staff::active.eq(true))
        .filter(staff::password_hash.eq(&credentials.password_hash));
    let count: i64 = dispatch!(conn, c => same.count().get_result(c))?;
    Ok(count == 1)
}

#[derive(Queryable)]
struct AccountRow {
    id: Id,
    username: String,
    display_name: String,
    role: Role,
    clinic_id: Option<Id>,
    clinic_name: Option<String>,
    active: bool,
    created_at: Ts,
    email: Option<String>,
    approved_at: Option<Ts>,
    away_from: Option<Ts>,
    away_until: Option<Ts>,
    ended_at: Option<Ts>,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Account {
            id: row.id,
            username: row.username,
            display_name: row.display_name,
            role: row.role,
            clinic: row.clinic_id.zip(row.clinic_name),
            active: row.active,
            created_at: row.created_at,
            email: row.email,
            approved_at: row.approved_at,
            away: row.away_from.zip(row.away_until),
            ended_at: row.ended_at,
        }
    }
}

impl From<Account> for Actor {
    fn from(account: Account) -> Self {
        Actor {
            id: account.id,
            username: account.username,
            display_name: account.display_name,
            role: account.role,
            clinic: account.clinic,
        }
    }
}

/// The account of this row with the name of its clinic. A macro, because the type of a diesel query has no
/// short name.
macro_rules! accounts {
    () => {
        staff::table
            .left_join(clinic::table.on(clinic::id.nullable().eq(staff::clinic_id)))
            .select((
                staff::id,
                staff::username,
                staff::display_name,
                staff::role,
                staff::clinic_id,
                clinic::name.nullable(),
                staff::active,
                staff::created_at,
                staff::email,
                staff::approved_at,
                staff::away_from,
                staff::away_until,
                staff::ended_at,
            ))
    };
}

/// All accounts, those in use first, then by name.
pub fn list_accounts(conn: &mut Conn<'_>) -> Result<Vec<Account>> {
    let wanted = accounts!().order((staff::active.desc(), staff::display_name, staff::id));
    let rows: Vec<AccountRow> = dispatch!(conn, c => wanted.load(c))?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// One account by its row.
pub fn find_account(conn: &mut Conn<'_>, id: Id) -> Result<Option<Account>> {
    let wanted = accounts!().filter(staff::id.eq(id));
    let row: Option<AccountRow> = dispatch!(conn, c => wanted.first(c).optional())?;
    Ok(row.map(Account::from))
}

/// One account by the name it signs in with.
pub fn find_account_named(conn: &mut Conn<'_>, username: &str) -> Result<Option<Account>> {
    let wanted = accounts!().filter(staff::username.eq(username));
    let row: Option<AccountRow> = dispatch!(conn, c => wanted.first(c).optional())?;
    Ok(row.map(Account::from))
}

/// The accounts of physios of one clinic that are in use.
pub fn list_physios(conn: &mut Conn<'_>, clinic_id: Id) -> Result<Vec<Account>> {
    let wanted = accounts!()
        .filter(staff::clinic_id.eq(clinic_id))
        .filter(staff::active.eq(true))
        .order((staff::display_name, staff::id));
    let rows: Vec<AccountRow> = dispatch!(conn, c => wanted.load(c))?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// The accounts that have ended: nobody signs in with them any more.
pub fn list_ended(conn: &mut Conn<'_>) -> Result<Vec<Id>> {
    let ended = staff::table.filter(staff::active.eq(false)).select(staff::id);
    Ok(dispatch!(conn, c => ended.load(c))?)
}

/// Deactivates an account; false when it is deactivated already or was never there.
pub fn mark_disabled(conn: &mut Conn<'_>, id: Id, now: Ts) -> Result<bool> {
    let wanted = staff::table
        .filter(staff::id.eq(id))
        .filter(staff::active.eq(true));
    let ended = (staff::active.eq(false), staff::ended_at.eq(Some(now)));
    let changed = dispatch!(conn, c => diesel::update(wanted).set(ended).execute(c))?;
    Ok(changed == 1)
}

/// Gives an account a new password and opens it; false when there is none.
pub fn mark_reset(conn: &mut Conn<'_>, id: Id, password_hash: &str) -> Result<bool> {
    let fresh = (
        staff::password_hash.eq(password_hash),
        staff::active.eq(true),
        staff::ended_at.eq(None::<Ts>),
    );
    let changed = dispatch!(conn, c => diesel::update(staff::table.filter(staff::id.eq(id)))
        .set(fresh).execute(c))?;
    Ok(changed == 1)
}

/// Stores the password that the person chose, if the account is still open.
pub fn mark_password(conn: &mut Conn<'_>, id: Id, password_hash: &str) -> Result<bool> {
    let wanted = staff::table
        .filter(staff::id.eq(id))
        .filter(staff::active.eq(true));
    let changed = dispatch!(conn, c => diesel::update(wanted)
        .set(staff::password_hash.eq(password_hash)).execute(c))?;
    Ok(changed == 1)
}

/// Sets role, clinic and e-mail address; with another role the account is in force from now.
pub fn mark_set(
    conn: &mut Conn<'_>,
    id: Id,
    role: Role,
    clinic: Option<Id>,
    email: Option<&str>,
    approved_at: Option<Ts>,
) -> Result<bool> {
    let clinic = clinic.filter(|_| role.needs_clinic());
    let set = (
        staff::role.eq(role),
        staff::clinic_id.eq(clinic),
        staff::email.eq(email),
        staff::approved_at.eq(approved_at),
    );
    let changed = dispatch!(conn, c => diesel::update(staff::table.filter(staff::id.eq(id)))
        .set(set).execute(c))?;
    Ok(changed == 1)
}

/// Sets the e-mail address alone.
pub fn mark_email(conn: &mut Conn<'_>, id: Id, email: &str) -> Result<bool> {
    let wanted = staff::table.filter(staff::id.eq(id));
    let changed = dispatch!(conn, c => diesel::update(wanted)
        .set(staff::email.eq(Some(email))).execute(c))?;
    Ok(changed == 1)
}

/// Notes the leave of a lead, or that it is over.
pub fn mark_away(conn: &mut Conn<'_>, id: Id, leave: Option<(Ts, Ts)>) -> Result<()> {
    let set = (
        staff::away_from.eq(leave.map(|(from, _)| from)),
        staff::away_until.eq(leave.map(|(_, until)| until)),
    );
    dispatch!(conn, c => diesel::update(staff::table.filter(staff::id.eq(id))).set(set).execute(c))?;
    Ok(())
}

/// Adds a clinic; false when the code is taken.
pub fn insert_clinic(conn: &mut Conn<'_>, id: Id, code: &ClinicCode, name: &str, now: Ts) -> Result<bool> {
    let row = (
        clinic::id.eq(id),
        clinic::code.eq(code.as_str()),
        clinic::name.eq(name),
        clinic::active.eq(true),
        clinic::created_at.eq(now),
    );
    let added = dispatch!(conn, c => diesel::insert_into(clinic::table)
        .values(row).on_conflict(clinic::code).do_nothing().execute(c))?;
    Ok(added == 1)
}

const CLINIC: (clinic::id, clinic::code, clinic::name, clinic::active) =
    (clinic::id, clinic::code, clinic::name, clinic::active);

fn clinic_of((id, code, name, active): (Id, String, String, bool)) -> Clinic {
    Clinic {
        id,
        code,
        name,
        active,
    }
}

/// One clinic by its row.
pub fn find_clinic(conn: &mut Conn<'_>, id: Id) -> Result<Option<Clinic>> {
    let wanted = clinic::table.filter(clinic::id.eq(id)).select(CLINIC);
    Ok(dispatch!(conn, c => wanted.first(c).optional())?.map(clinic_of))
}

/// One clinic by its code.
pub fn find_clinic_coded(conn: &mut Conn<'_>, code: &str) -> Result<Option<Clinic>> {
    let wanted = clinic::table.filter(clinic::code.eq(code)).select(CLINIC);
    Ok(dispatch!(conn, c => wanted.first(c).optional())?.map(clinic_of))
}

/// All clinics by name.
pub fn list_clinics(conn: &mut Conn<'_>) -> Result<Vec<Clinic>> {
    let wanted = clinic::table.order((clinic::name, clinic::id)).select(CLINIC);
    let rows: Vec<_> = dispatch!(conn, c => wanted.load(c))?;
    Ok(rows.into_iter().map(clinic_of).collect())
}
