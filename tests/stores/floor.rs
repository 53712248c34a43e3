//! What every room stands on: ids, moments, sealed values and keys come back as they went in.

use diesel::prelude::*;
use iapt_pad::config::DatabaseUrl;
use iapt_pad::db::schema::{clinic, key};
use iapt_pad::db::{Conn, Db, Result};
use iapt_pad::dispatch;
use iapt_pad::values::{Id, KeyError, MasterKey, Purpose, Ts};

use crate::support::databases::{cluster, missing, on_both};

fn at(text: &str) -> Ts {
    Ts(text.parse().expect("a timestamp"))
}

fn insert_clinic(conn: &mut Conn<'_>, id: Id, code: &str, when: Ts) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(clinic::table)
        .values((clinic::id.eq(id), clinic::code.eq(code), clinic::name.eq("A clinic"), clinic::active.eq(true),
            clinic::created_at.eq(when)))
        .execute(c))?;
    Ok(())
}

#[test]
fn ids_and_moments_come_back_exactly() {
    on_both(|fresh| async move {
        let (id, when) = (Id::new(), at("2026-11-23T14:05:06.123456Z"));
        fresh
            .db
            .write(move |conn| insert_clinic(conn, id, "A", when))
            .await
            .expect("written");
        let back: (Id, bool, Ts) = fresh
            .db
            .read(move |conn| {
                let columns = (clinic::id, clinic::active, clinic::created_at);
                Ok(dispatch!(conn, c => clinic::table.select(columns).filter(clinic::id.eq(id)).first(c))?)
            })
            .await
            .expect("read");
        assert_eq!(back, (id, true, when));
    });
}

#[test]
fn a_failed_write_leaves_nothing_behind() {
    on_both(|fresh| async move {
        let when = at("2026-11-23T14:05:06Z");
        let refused = fresh
            .db
            .write(move |conn| {
                insert_clinic(conn, Id::from_bytes([1; 16]), "A", when)?;
                insert_clinic(conn, Id::from_bytes([2; 16]), "A", when)
            })
            .await;
        assert!(refused.is_err(), "the code is unique");
        let count: i64 = fresh
            .db
            .read(|conn| Ok(dispatch!(conn, c => clinic::table.count().get_result(c))?))
            .await
            .expect("read");
        assert_eq!(count, 0);
    });
}

#[test]
fn the_key_table_is_drawn_once_and_opens_only_with_its_secret() {
    on_both(|fresh| async move {
        let (master, when) = (MasterKey::draw().expect("randomness"), at("2026-11-23T14:05:06Z"));
        let first = fresh.db.keyring(&master, when).await.expect("drawn");
        let row = Id::new();
        let sealed = first.seal(Purpose::Person, row, b"kept").expect("sealed");
        let again = fresh.db.keyring(&master, when).await.expect("opened");
        assert_eq!(
            again.open(Purpose::Person, row, &sealed).expect("the same keys"),
            b"kept"
        );
        let other = MasterKey::draw().expect("randomness");
        let refused = fresh.db.keyring(&other, when).await.expect_err("another secret");
        assert_eq!(refused.to_string(), KeyError::WrongSecret.to_string());
        let count: i64 = fresh
            .db
            .read(|conn| Ok(dispatch!(conn, c => key::table.count().get_result(c))?))
            .await
            .expect("read");
        assert_eq!(count, 7);
    });
}

#[test]
fn migrating_twice_changes_nothing() {
    on_both(|fresh| async move {
        assert!(!fresh.db.needs_migration().await.expect("asked"));
        assert!(fresh.db.migrate().await.expect("migrated").is_empty());
    });
}

#[test]
fn postgresql_is_spoken_to_over_tls_only_with_a_known_authority() {
    let Some(cluster) = cluster() else { return };
    let authority = format!("{}/ca.crt", cluster.folder);
    if !std::path::Path::new(&authority).exists() {
        return missing("openssl", "openssl");
    }
    let address = format!(
        "postgres://pad@localhost:{}/postgres?sslmode=require",
        cluster.port
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a thread");
    let unknown = runtime.block_on(Db::open(&DatabaseUrl::Postgres(address.clone())));
    assert!(unknown.is_err(), "a certificate of no known authority is refused");
    let trusted = DatabaseUrl::Postgres(format!("{address}&sslrootcert={authority}"));
    let trusted = runtime.block_on(Db::open(&trusted)).expect("TLS");
    runtime.block_on(trusted.answers()).expect("an answer over TLS");
}
