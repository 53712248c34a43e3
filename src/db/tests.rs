use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};

use anyhow::anyhow;
use diesel::prelude::*;

use super::schema::counter;
use super::{Conn, Db, Error, Result};
use crate::config::DatabaseUrl;

async fn fresh() -> (tempfile::TempDir, Db) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("t.sqlite")))
        .await
        .expect("a database");
    db.migrate().await.expect("a schema");
    (folder, db)
}

fn insert(conn: &mut Conn<'_>, name: &str) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(counter::table)
        .values((counter::name.eq(name), counter::value.eq(1)))
        .execute(c))?;
    Ok(())
}

async fn count(db: &Db) -> i64 {
    db.read(|conn| Ok(dispatch!(conn, c => counter::table.count().get_result(c))?))
        .await
        .expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_jobs_error_or_panic_undoes_that_job_alone() {
    let (_folder, db) = fresh().await;
    let hold = Arc::new(Barrier::new(2));
    let gate = hold.clone();
    let first = tokio::spawn({
        let db = db.clone();
        async move {
            db.write(move |conn| {
                gate.wait();
                insert(conn, "first")
            })
            .await
        }
    });
    // While the writer stands in the first job, the others queue and become one group with each other.
    let failing = tokio::spawn({
        let db = db.clone();
        async move {
            db.write(|conn| {
                insert(conn, "failing")?;
                Err::<(), _>(Error::Other(anyhow!("no")))
            })
            .await
        }
    });
    let panicking = tokio::spawn({
        let db = db.clone();
        async move {
            db.write::<(), _>(|conn| {
                insert(conn, "panicking")?;
                panic!("on purpose")
            })
            .await
        }
    });
    let nested = tokio::spawn({
        let db = db.clone();
        async move { db.write(|conn| insert(conn, "good")).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    hold.wait();
    first.await.expect("joined").expect("written");
    assert!(failing.await.expect("joined").is_err());
    assert!(panicking.await.expect("joined").is_err());
    nested.await.expect("joined").expect("written");
    assert_eq!(count(&db).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_commit_is_told_to_everyone_and_the_next_write_works() {
    let (_folder, db) = fresh().await;
    // A deferred foreign key is only looked at by COMMIT, which then fails for the whole group.
    db.write(|conn| {
        use diesel::connection::SimpleConnection;
        dispatch!(conn, c => c.batch_execute(
            "CREATE TABLE a (id INTEGER PRIMARY KEY);
             CREATE TABLE b (a INTEGER REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)"))?;
        Ok(())
    })
    .await
    .expect("tables");
    let refused = db
        .write(|conn| {
            dispatch!(conn, c => diesel::sql_query("INSERT INTO b VALUES (7)").execute(c))?;
            Ok(())
        })
        .await;
    assert!(refused.is_err());
    db.write(|conn| insert(conn, "after"))
        .await
        .expect("the writer goes on");
    assert_eq!(count(&db).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_cannot_change_anything() {
    let (_folder, db) = fresh().await;
    assert!(db.read(|conn| insert(conn, "sneaky")).await.is_err());
    assert_eq!(count(&db).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_at_once_are_all_kept() {
    let (_folder, db) = fresh().await;
    let ran = Arc::new(AtomicU32::new(0));
    let tasks: Vec<_> = (0..300)
        .map(|number| {
            let (db, ran) = (db.clone(), ran.clone());
            tokio::spawn(async move {
                let name = format!("n{number}");
                db.write(move |conn| {
                    ran.fetch_add(1, Ordering::SeqCst);
                    insert(conn, &name)
                })
                .await
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("joined").expect("written");
    }
    assert_eq!(count(&db).await, 300);
}
