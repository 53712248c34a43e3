//! How both databases find the rows of the lists: every statement that a look, a search or a count runs is caught and
//! explained. None of them reads a table from end to end, and none sorts what it has read.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use diesel::connection::{Instrumentation, InstrumentationEvent};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use iapt_pad::app::App;
use iapt_pad::db::{Conn, Result};
use iapt_pad::inbox;
use iapt_pad::referrals::Deed;
use iapt_pad::values::Id;

use super::inbox::{done, sent, surroundings};
use crate::support::databases::on_both;
use crate::support::referrals::submission;
use crate::support::slips::a_slip;

/// Statements as they were run, without what was put into them.
type Caught = Arc<Mutex<BTreeSet<String>>>;

fn catch(conn: &mut Conn<'_>, caught: &Caught) {
    let caught = caught.clone();
    let listen = move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let told = query.to_string();
            let statement = told.split(" -- binds").next().unwrap_or_default().to_owned();
            caught.lock().expect("not poisoned").insert(statement);
        }
    };
    match conn {
        Conn::Sqlite(c) => c.set_instrumentation(listen),
        Conn::Pg(c) => c.set_instrumentation(listen),
    }
}

fn no_longer(conn: &mut Conn<'_>) {
    let nothing: Option<Box<dyn Instrumentation>> = None;
    match conn {
        Conn::Sqlite(c) => c.set_instrumentation(nothing),
        Conn::Pg(c) => c.set_instrumentation(nothing),
    }
}

/// Looks in every way there is, and catches what is asked of the database.
async fn statements(app: &Arc<App>, me: Id) -> Vec<String> {
    let caught = Caught::default();
    let (inside, into) = (app.clone(), caught.clone());
    let asking = app.db.read(move |conn| {
        catch(conn, &into);
        let asked = ask_everything(conn, &inside, me);
        no_longer(conn);
        asked
    });
    asking.await.expect("asked");
    let caught = caught.lock().expect("not poisoned");
    caught.iter().cloned().collect()
}

fn ask_everything(conn: &mut Conn<'_>, app: &App, me: Id) -> Result<()> {
    let narrowed = [
        "",
        "flag=RISK_ITEM9",
        "source=self&flag=RISK_ITEM9",
        "service=hwb&clinic=C1",
        "waiting=7&pathway=back_pain",
    ];
    let lists = [
        "",
        "queue=done",
        "queue=accepted",
        "view=mine",
        "view=free",
        "view=overdue",
        "view=left",
    ];
    let deep = format!("after=3.1795426200000001.{}", Id::from_bytes([1; 16]));
    for narrow in narrowed {
        for list in lists {
            for sort in ["", "sort=contact", "sort=longest", "sort=newest"] {
                inbox::look(conn, app, me, &[], &format!("{narrow}&{list}&{sort}"))?;
                for on in ["today", "new", "done", "accepted"] {
                    inbox::look(
                        conn,
                        app,
                        me,
                        &[],
                        &format!("{narrow}&{list}&{sort}&on={on}&{deep}"),
                    )?;
                }
            }
        }
    }
    inbox::counts(conn)?;
    let today = app.clock.now().london_date();
    for typed in [
        "robin example",
        "robin 29/2/1980",
        "4K7M-2PQ0",
        "000001",
        "999 002 3115",
        "07700 900123",
    ] {
        inbox::search(conn, &app.keys, typed, today)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Detail {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// So many rows of nobody, that reading them all would be the right way for a few and the wrong way for these. SQLite
/// plans without looking at how many there are.
const MANY_POSTGRES: [&str; 6] = [
    "INSERT INTO referral (id, reference, draft_id, source, door, state, queue, service, step, priority, booking, flags,
        rules_version, person, list_name, case_sheet, share_status, manage_hash, received_at, contact_by, head_seq,
        head_mac, pathways)
     SELECT gen_random_uuid(), md5(n::text), gen_random_uuid(), 'self', 'patient', 'new',
        CASE n % 5 WHEN 0 THEN 'new' WHEN 1 THEN 'today' WHEN 2 THEN 'accepted' ELSE 'done' END, 'core', '2', 1 + n % 4,
        'none', '', 'x', decode(repeat('00', 400), 'hex'), '\\x00', decode(repeat('00', 900), 'hex'), false,
        decode(md5(n::text), 'hex'), now() - n * interval '1 minute', now() - n * interval '1 minute', 1, '\\x00', ''
     FROM generate_series(1, 20000) AS n",
    "INSERT INTO referral_facet SELECT s * 4096, gen_random_uuid(), now() - n * interval '1 minute'
     FROM generate_series(1, 2000) AS n, generate_series(0, 40) AS s",
    "INSERT INTO search_term SELECT 1, substr(decode(md5((n % 50)::text), 'hex'), 1, 8), id
     FROM (SELECT id, row_number() OVER () AS n FROM referral) AS everyone",
    "INSERT INTO slip (id, serial, pad_id, code_hash, state, expires_at, openings, created_at)
     SELECT gen_random_uuid(), 100000 + n, pad.id, decode(md5(n::text), 'hex'), 'unused', now(), 0, now()
     FROM generate_series(1, 5000) AS n, (SELECT id FROM pad LIMIT 1) AS pad",
    "ANALYZE",
    "SET plan_cache_mode = force_generic_plan",
];

/// The plan of a statement, one step a line.
fn plan(conn: &mut Conn<'_>, statement: &str) -> Vec<String> {
    let details: Vec<Detail> = match conn {
        Conn::Sqlite(c) => {
            #[derive(QueryableByName)]
            struct Step {
                #[diesel(sql_type = Text)]
                detail: String,
            }
            let steps: Vec<Step> = sql_query(format!("EXPLAIN QUERY PLAN {statement}"))
                .load(*c)
                .expect(statement);
            steps
                .into_iter()
                .map(|step| Detail { detail: step.detail })
                .collect()
        }
        Conn::Pg(c) => explain(c, statement),
    };
    details.into_iter().map(|step| step.detail).collect()
}

/// PostgreSQL explains a statement without its values once it is prepared and told to plan for any.
fn explain(c: &mut iapt_pad::db::PgConn, statement: &str) -> Vec<Detail> {
    use diesel::connection::SimpleConnection;
    let values = (1..30)
        .take_while(|number| statement.contains(&format!("${number}")))
        .count();
    let given = match values {
        0 => String::new(),
        _ => format!("({})", vec!["NULL"; values].join(", ")),
    };
    c.batch_execute(&format!("PREPARE asked AS {statement}"))
        .expect(statement);
    c.batch_execute(
        "CREATE OR REPLACE FUNCTION pg_temp.told(asked text) RETURNS SETOF text LANGUAGE plpgsql AS
         $$ BEGIN RETURN QUERY EXECUTE asked; END $$",
    )
    .expect("a function");
    let explained = sql_query(format!(
        "SELECT told AS detail FROM pg_temp.told('EXPLAIN EXECUTE asked{given}')"
    ))
    .load(c)
    .expect(statement);
    c.batch_execute("DEALLOCATE asked").expect("forgotten");
    explained
}

/// Tables that grow with every referral.
const GROWING: [&str; 5] = ["referral", "referral_facet", "search_term", "slip", "read_log"];

/// What is wrong with a plan, if anything.
fn fault(steps: &[String]) -> Option<&String> {
    steps.iter().find(|step| {
        let whole = GROWING.iter().any(|table| {
            // SQLite says "SCAN table" where it reads from end to end, PostgreSQL "Seq Scan on table".
            let lite =
                step.trim() == format!("SCAN {table}") || step.starts_with(&format!("SCAN {table} USING"));
            lite || step.contains(&format!("Seq Scan on {table} "))
                || step.ends_with(&format!("Seq Scan on {table}"))
        });
        let hidden_sort = step.contains("TEMP B-TREE")
            || step
                .trim_start()
                .trim_start_matches("->")
                .trim_start()
                .starts_with("Sort ");
        whole || hidden_sort
    })
}

#[test]
fn no_list_reads_a_table_from_end_to_end() {
    on_both(|fresh| async move {
        let (app, terry) = surroundings(fresh).await;
        let slip = a_slip(&app, 1, "unused").await;
        let one = sent(&app, submission().with_slip(&slip)).await;
        done(&app, &one, terry, Deed::Claim).await;
        sent(&app, submission().item9(1)).await;
        let statements = statements(&app, terry).await;
        assert!(
            statements.len() > 25,
            "only {} statements were caught",
            statements.len()
        );
        let faults = app.db.write(move |conn| {
            if let Conn::Pg(c) = conn {
                for many in MANY_POSTGRES {
                    sql_query(many).execute(*c)?;
                }
            }
            let mut faults = Vec::new();
            for statement in &statements {
                let steps = plan(conn, statement);
                // Clinics and people are few.
                let few = ["clinic", "staff"].iter().any(|table| {
                    statement.contains(&format!("FROM \"{table}\""))
                        || statement.contains(&format!("FROM `{table}`"))
                });
                if let Some(step) = fault(&steps).filter(|_| !few) {
                    faults.push(format!("{step}\n  in {statement}\n  {}", steps.join("\n  ")));
                }
            }
            Ok(faults)
        });
        let faults = faults.await.expect("explained");
        assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    });
}
