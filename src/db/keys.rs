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

/// How wrapping the data keys under another `SECRET_KEY` ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewrapped {
    /// The new key opens the table now, and the old one does not.
    Done {
        /// How many data keys there are.
        keys: usize,
    },
    /// It is the same key.
    SameKey,
    /// Somebody else changed the table at the same moment; nothing was written.
    ChangedMeanwhile,
}

/// How drawing a new data key ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// New values are made with it, by whoever opens the table from now on.
    Done {
        /// Its number.
        id: KeyId,
        /// Older keys for the same purpose that are gone.
        dropped: usize,
    },
    /// Somebody else changed the table at the same moment; nothing was written.
    ChangedMeanwhile,
}

impl Db {
    /// Wraps the data keys under `next`, all or none. What was sealed, hashed and printed stays as it is. A program
    /// that has opened the table goes on; whoever opens it now needs `next`.
    pub async fn rewrap(&self, master: &MasterKey, next: &MasterKey) -> Result<Rewrapped> {
        let before = self.read(list).await?;
        let ring = Keyring::open_table(master, &before)?;
        if Keyring::open_table(next, &before).is_ok() {
            return Ok(Rewrapped::SameKey);
        }
        let after = ring.rewrap(next)?;
        // Nothing is written that the new key does not open.
        Keyring::open_table(next, &after)?;
        let keys = after.len();
        let changed = self.write(move |conn| {
            if !is_still(conn, &before)? {
                return Ok(false);
            }
            for row in &after {
                let one = key::table.filter(key::id.eq(row.id.0));
                let wrapped = key::wrapped.eq(&row.wrapped);
                dispatch!(conn, c => diesel::update(one).set(wrapped).execute(c))?;
            }
            Ok(true)
        });
        Ok(match changed.await? {
            true => Rewrapped::Done { keys },
            false => Rewrapped::ChangedMeanwhile,
        })
    }

    /// Draws a new data key for a purpose; older ones still open what they sealed. Of the keys for cookies only the one
    /// before is kept, for drafts that are being written: a second renewal ends what an old one could forge.
    pub async fn renew(&self, master: &MasterKey, purpose: Purpose, now: Ts) -> Result<Renewed> {
        let before = self.read(list).await?;
        // Proves that `master` is the key of this table, before anything is wrapped under it.
        Keyring::open_table(master, &before)?;
        let number = before.iter().map(|row| row.id.0).max().unwrap_or(0) + 1;
        let drawn = Keyring::draw_one(master, KeyId(number), purpose)?;
        let dropped: Vec<i32> = before
            .iter()
            .filter(|row| purpose == Purpose::Cookies && row.purpose == purpose && !row.current)
            .map(|row| row.id.0)
            .collect();
        let gone = dropped.len();
        let changed = self.write(move |conn| {
            if !is_still(conn, &before)? {
                return Ok(false);
            }
            let older = key::table.filter(key::purpose.eq(purpose.as_str()));
            let retired = key::is_current.eq(false);
            dispatch!(conn, c => diesel::update(older).set(retired).execute(c))?;
            let old = key::table.filter(key::id.eq_any(&dropped));
            dispatch!(conn, c => diesel::delete(old).execute(c))?;
            insert(conn, std::slice::from_ref(&drawn), now)?;
            Ok(true)
        });
        let id = KeyId(number);
        Ok(match changed.await? {
            true => Renewed::Done { id, dropped: gone },
            false => Renewed::ChangedMeanwhile,
        })
    }
}

/// Whether the table is as it was read.
fn is_still(conn: &mut Conn<'_>, before: &[WrappedKey]) -> Result<bool> {
    // Two who change it at once: the second waits here for the first, then sees what it did.
    let all = key::table;
    dispatch!(conn, c => diesel::update(all).set(key::is_current.eq(key::is_current)).execute(c))?;
    let now = list(conn)?;
    let same = |(one, other): (&WrappedKey, &WrappedKey)| {
        (one.id, one.current) == (other.id, other.current) && one.wrapped == other.wrapped
    };
    Ok(now.len() == before.len() && now.iter().zip(before).all(same))
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
