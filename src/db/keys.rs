//! The key table: drawn once on an empty database, opened at every start.

use diesel::prelude::*;

use super::schema::key;
use super::{Conn, Db, Result};
use crate::dispatch;
use crate::values::{KeyError, KeyId, Keyring, MasterKey, Purpose, Ts, WrappedKey};

#[derive(Insertable)]
#[diesel(table_name = key)]
struct NewKey<'a> {
    id: i32,
    purpose: &'static str,
    wrapped: &'a [u8],
    is_current: bool,
    created_at: Ts,
}

impl Db {
    /// The data keys, drawn now if the table is empty. Refuses a `SECRET_KEY` that does not open the table.
    pub async fn keyring(&self, master: &MasterKey, now: Ts) -> Result<Keyring> {
        let drawn = Keyring::draw(master, 1)?;
        let table = self
            .write(move |conn| {
                let table = list(conn)?;
                if !table.is_empty() {
                    return Ok(table);
                }
                insert(conn, &drawn, now)?;
                Ok(drawn.clone())
            })
            .await?;
        Ok(Keyring::open_table(master, &table)?)
    }
}

fn insert(conn: &mut Conn<'_>, drawn: &[WrappedKey], now: Ts) -> Result<()> {
    for row in drawn {
        let row = NewKey {
            id: row.id.0,
            purpose: row.purpose.as_str(),
            wrapped: &row.wrapped,
            is_current: row.current,
            created_at: now,
        };
        dispatch!(conn, c => diesel::insert_into(key::table).values(&row).execute(c))?;
    }
    Ok(())
}

fn list(conn: &mut Conn<'_>) -> Result<Vec<WrappedKey>> {
    let columns = (key::id, key::purpose, key::wrapped, key::is_current);
    let rows: Vec<(i32, String, Vec<u8>, bool)> =
        dispatch!(conn, c => key::table.select(columns).order(key::id).load(c))?;
    rows.into_iter()
        .map(|(id, purpose, wrapped, current)| {
            let purpose = Purpose::parse(&purpose).ok_or(KeyError::UnknownKey)?;
            Ok(WrappedKey {
                id: KeyId(id),
                purpose,
                wrapped,
                current,
            })
        })
        .collect()
}
