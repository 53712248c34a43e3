//! The table `api_key`.

use anyhow::anyhow;
use diesel::prelude::*;

use crate::db::schema::api_key;
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::staff::api_key::{ApiKey, Scope};
use crate::values::{Id, Ts};

/// Adds a key.
pub fn insert_key(conn: &mut Conn<'_>, key: &ApiKey, hash: &[u8]) -> Result<()> {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    let row = (
        api_key::id.eq(key.id),
        api_key::label.eq(&key.label),
        api_key::token_hash.eq(hash),
        api_key::scopes.eq(scopes.join(" ")),
        api_key::clinic_id.eq(key.clinic),
        api_key::active.eq(key.active),
        api_key::created_at.eq(key.created_at),
    );
    dispatch!(conn, c => diesel::insert_into(api_key::table).values(row).execute(c))?;
    Ok(())
}

#[derive(Queryable)]
struct KeyRow {
    id: Id,
    label: String,
    scopes: String,
    clinic_id: Option<Id>,
    active: bool,
    created_at: Ts,
}

impl KeyRow {
    fn read(self) -> Result<ApiKey> {
        let scopes = self.scopes.split_whitespace().map(|word| {
            // A scope this program does not know is not left out in silence: the key would look harmless.
            Scope::parse(word).ok_or_else(|| anyhow!("API key {} has the unknown scope {word:?}", self.id))
        });
        Ok(ApiKey {
            id: self.id,
            scopes: scopes.collect::<anyhow::Result<_>>()?,
            label: self.label,
            clinic: self.clinic_id,
            active: self.active,
            created_at: self.created_at,
        })
    }
}

type Columns = (
    api_key::id,
    api_key::label,
    api_key::scopes,
    api_key::clinic_id,
    api_key::active,
    api_key::created_at,
);
const KEY: Columns = (
    api_key::id,
    api_key::label,
    api_key::scopes,
    api_key::clinic_id,
    api_key::active,
    api_key::created_at,
);

/// The key with this token, if it still works.
pub fn find_key(conn: &mut Conn<'_>, hash: &[u8]) -> Result<Option<ApiKey>> {
    let wanted = api_key::table
        .filter(api_key::token_hash.eq(hash))
        .filter(api_key::active.eq(true))
        .select(KEY);
    let row: Option<KeyRow> = dispatch!(conn, c => wanted.first(c).optional())?;
    row.map(KeyRow::read).transpose()
}

/// All keys, the oldest first.
pub fn list_keys(conn: &mut Conn<'_>) -> Result<Vec<ApiKey>> {
    let wanted = api_key::table
        .order((api_key::created_at, api_key::id))
        .select(KEY);
    let rows: Vec<KeyRow> = dispatch!(conn, c => wanted.load(c))?;
    rows.into_iter().map(KeyRow::read).collect()
}

/// Ends a key, and hands back what it is called; none when no key with this id works.
pub fn mark_key_revoked(conn: &mut Conn<'_>, id: Id) -> Result<Option<String>> {
    let wanted = api_key::table
        .filter(api_key::id.eq(id))
        .filter(api_key::active.eq(true));
    let changed = dispatch!(conn, c => diesel::update(wanted).set(api_key::active.eq(false)).execute(c))?;
    if changed == 0 {
        return Ok(None);
    }
    let label = api_key::table.filter(api_key::id.eq(id)).select(api_key::label);
    Ok(dispatch!(conn, c => label.first(c).optional())?)
}
