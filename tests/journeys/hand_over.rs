//! The hand-over to the record system: everything a clerk types, and who entered it under which number.

use actix_web::http::StatusCode;
use diesel::prelude::*;
use iapt_pad::config::Mail;
use iapt_pad::db::{Conn, Db};
use iapt_pad::notify::captured;
use iapt_pad::referrals::{Deed, Person, Queue, ReviewState, open, review, tell_daily};
use iapt_pad::staff::Role;
use iapt_pad::triage::Step;
use tokio::task::JoinSet;

use super::triage::House;
use crate::support::app::at;
use crate::support::databases::on_both;
use crate::support::referrals::{person, submission};
use crate::support::tools::{run, there_are};

fn to_step_two() -> Deed {
    Deed::Accept {
        step: Step::Two,
        reason: None,
        with: None,
    }
}

async fn accept(house: &House, reference: &iapt_pad::referrals::Reference) {
    let terry = house.id_of("terry").await;
    review(&house.app, reference, None, terry, to_step_two())
        .await
        .expect("accepted");
}

async fn state(house: &House, reference: &iapt_pad::referrals::Reference) -> (ReviewState, Queue, usize) {
    let (inside, reference) = (house.app.clone(), reference.clone());
    let view = house
        .app
        .db
        .read(move |conn| open(conn, &inside.keys, &reference))
        .await;
    let view = view.expect("read").expect("a referral");
    assert!(view.chain_is_whole);
    (view.state, view.queue, view.seen())
}

#[test]
fn a_clerk_types_it_over_and_notes_the_number_and_the_clock_goes_on_there() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        house.add("clem", "Clem Clerk", Role::Triage).await;
        let one = house.received(submission()).await;
        accept(&house, &one).await;
        let desk = house.sign_in("clem").await;
        let record = desk.look(&format!("/inbox/{}", one.as_str())).await;
        record
            .says("Accepted, and not yet in iaptus")
            .says("calendar days in London");
        let at = format!("/inbox/{}/hand-over", one.as_str());
        let page = desk.look(&at).await;
        for part in [
            "Robin Example",
            "29/02/1980",
            "S1 2HE",
            "07700 900123",
            "B1",
            "Terry Example",
        ] {
            page.says(part);
        }
        page.says("data-copy=\"f-name\"").says("Not given");
        assert_eq!(house.reads("referral: hand-over").await, 1);
        let (_, _, seen) = state(&house, &one).await;
        let seen = seen.to_string();

        let wrong = desk
            .send(&at, &[("seen", &seen), ("record_number", "<12>")])
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("There is a problem").says("&#60;12&#62;");
        let missing = desk.send(&at, &[("seen", &seen)]).await;
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);

        let entered = desk
            .send(&at, &[("seen", &seen), ("record_number", " 778-1 ")])
            .await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
        assert!(!entered.to.contains("778"), "no number in an address");
        desk.look(&entered.to)
            .await
            .says("778-1")
            .says("Clem Clerk")
            .says("The clock continues in iaptus");
        assert_eq!(state(&house, &one).await.0, ReviewState::HandedOver);
        assert_eq!(state(&house, &one).await.1, Queue::Done);
        let record = desk.look(&format!("/inbox/{}", one.as_str())).await;
        record.says("the clock continues in iaptus").says("As 778-1");

        // It was a mistake: back to where it was, with a reason.
        let (_, _, seen) = state(&house, &one).await;
        let undo = format!("{at}/undo");
        let seen = seen.to_string();
        assert_eq!(
            desk.send(&undo, &[("seen", &seen)]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let undone = desk
            .send(&undo, &[("seen", &seen), ("undo_reason", "Wrong person opened")])
            .await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER);
        assert_eq!(state(&house, &one).await.1, Queue::Accepted);
        desk.look(&at).await.says("Entered as this number");
    });
}

#[test]
fn whoever_was_second_is_told_who_entered_it_and_keeps_what_they_typed() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        house.add("clem", "Clem Clerk", Role::Triage).await;
        let one = house.received(submission()).await;
        accept(&house, &one).await;
        let at = format!("/inbox/{}/hand-over", one.as_str());
        let seen = state(&house, &one).await.2.to_string();
        let (clem, terry) = (house.sign_in("clem").await, house.sign_in("terry").await);
        clem.send(&at, &[("seen", &seen), ("record_number", "1111")])
            .await;
        let second = terry
            .send(&at, &[("seen", &seen), ("record_number", "2222")])
            .await;
        assert_eq!(second.status, StatusCode::CONFLICT);
        second
            .says("Clem Clerk: Entered in the record system")
            .says("2222");
        let (state_now, _, _) = state(&house, &one).await;
        assert_eq!(state_now, ReviewState::HandedOver);
        let page = clem.look(&at).await;
        page.says("1111").keeps_quiet_about("2222");
    });
}

#[test]
fn an_urgent_referral_nobody_acknowledged_is_not_handed_over() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let urgent = house.received(submission().in_danger()).await;
        let desk = house.sign_in("terry").await;
        let at = format!("/inbox/{}/hand-over", urgent.as_str());
        desk.look(&at).await.says("Acknowledge this referral first");
        let seen = state(&house, &urgent).await.2.to_string();
        let refused = desk.send(&at, &[("seen", &seen), ("record_number", "1")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        refused.says("only after a named person has acknowledged it");
        assert_eq!(state(&house, &urgent).await.1, Queue::Now);
    });
}

#[test]
fn one_page_and_one_row_leave_under_the_reference_alone_and_each_is_on_the_record() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let longest = Person {
            name: "Wilhelmina-Maximiliana ".repeat(3).trim().to_owned(),
            nhs_number: Some("9990023115".to_owned()),
            email: Some(format!("{}@example.org", "w".repeat(88))),
            address: vec!["W".repeat(40), "M".repeat(40), "W".repeat(40)],
            gp_surgery: Some(
                "=HYPERLINK(\"W\") The Surgery at the End of the Very Long Road, Sheffield".to_owned(),
            ),
            helper: Some("Wanda Example, my neighbour and friend of many, many years".to_owned()),
            ..person("x")
        };
        let one = house
            .received(submission().about(longest).in_danger().item9(3).expecting())
            .await;
        let desk = house.sign_in("terry").await;
        let at = format!("/inbox/{}/hand-over", one.as_str());
        let (pdf, name) = desk.download(&format!("{at}.pdf")).await;
        assert_eq!(name, format!("attachment; filename=\"{one}.pdf\""));
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sheet.pdf");
        std::fs::write(&path, pdf).expect("written");
        let path = path.to_string_lossy().into_owned();
        if !there_are(&["pdftotext", "pdfinfo"]) {
            return;
        }
        let text = run("pdftotext", &["-layout", &path, "-"]);
        for part in [
            "Wilhelmina-Maximiliana",
            "999 002 3115",
            "29/02/1980",
            "To know",
            "PHQ-9",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        let told = run("pdfinfo", &[&path]);
        assert!(told.contains("Pages:           1"), "{told}");
        assert!(
            told.contains("A4") && told.contains(&format!("Referral {one}")) && !told.contains("Wilhelmina")
        );
        let (csv, name) = desk.download(&format!("{at}.csv")).await;
        assert_eq!(name, format!("attachment; filename=\"{one}.csv\""));
        let text = String::from_utf8(csv).expect("text");
        assert!(text.starts_with("\u{feff}name,date_of_birth,nhs_number,"));
        assert!(
            text.contains("1980-02-29,9990023115,") && text.contains("'=HYPERLINK"),
            "{text}"
        );
        assert_eq!(text.lines().count(), 2);
        assert_eq!(house.reads("referral: hand-over, printed").await, 1);
        assert_eq!(house.reads("referral: hand-over, as a row").await, 1);
    });
}

#[test]
fn each_day_lists_who_is_accepted_and_not_entered_and_marks_the_overdue() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let old = house.received(submission().named("Olive Older")).await;
        accept(&house, &old).await;
        house.app.clock.advance_minutes(3 * 24 * 60);
        let fresh = house.received(submission().named("Nina Newer")).await;
        accept(&house, &fresh).await;
        let not_accepted = house.received(submission().named("Una Undecided")).await;
        let desk = house.sign_in("terry").await;
        let page = desk.look("/inbox/accepted-not-entered").await;
        page.says("2 people wait to be entered")
            .says("1 overdue:")
            .says("3 days ago")
            .says("Day 3 of 42")
            .keeps_quiet_about(&not_accepted.to_string());
        let (first, second) = (page.body.find("Olive Older"), page.body.find("Nina Newer"));
        assert!(first < second, "the longest waiting first");
        let (csv, name) = desk.download("/inbox/accepted-not-entered.csv").await;
        assert_eq!(name, "attachment; filename=\"to-be-entered-2026-11-26.csv\"");
        let text = String::from_utf8(csv).expect("text");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "\u{feff}reference,name,service,received,day,accepted,days_since_accepted,overdue"
        );
        assert!(
            lines[1].contains("Olive Older") && lines[1].ends_with("2026-11-23,3,yes"),
            "{}",
            lines[1]
        );
        assert!(lines[2].ends_with(",0,no"), "{}", lines[2]);
        assert_eq!(house.reads("inbox: accepted, not entered").await, 1);
        assert_eq!(house.reads("inbox: accepted, not entered, as a table").await, 1);
        house.add("phil", "Phil Physio", Role::Physio).await;
        let physio = house.sign_in("phil").await;
        assert_eq!(
            physio.look("/inbox/accepted-not-entered").await.status,
            StatusCode::FORBIDDEN
        );
    });
}

#[test]
fn the_table_holds_everybody_however_long_the_list_and_the_page_says_that_there_are_more() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let (mut came, terry) = (Vec::new(), house.id_of("terry").await);
        let numbers: Vec<u32> = (0..503).collect();
        for together in numbers.chunks(100) {
            // The clock stands still for some: their ids are in random order, and nobody may fall between two parts.
            house.app.clock.advance_minutes(1);
            let mut sending = JoinSet::new();
            for number in together {
                let (one, app) = (submission().named(&format!("Person {number}")), house.app.clone());
                sending.spawn(async move {
                    let sent = one.send(&app).await;
                    let reference = sent.receipt().expect("a receipt").reference.clone();
                    let accepted = review(&app, &reference, None, terry, to_step_two()).await;
                    accepted.expect("accepted");
                    reference.to_string()
                });
            }
            came.extend(sending.join_all().await);
        }
        let desk = house.sign_in("terry").await;
        desk.look("/inbox/accepted-not-entered")
            .await
            .says("500 and more people wait to be entered")
            .says("The table (CSV) holds all of them");
        let (csv, _) = desk.download("/inbox/accepted-not-entered.csv").await;
        let text = String::from_utf8(csv).expect("text");
        let rows = text.lines().skip(1);
        let mut listed: Vec<String> = rows
            .filter_map(|row| row.split(',').next().map(str::to_owned))
            .collect();
        assert_eq!(listed.len(), 503);
        listed.sort_unstable();
        came.sort_unstable();
        assert_eq!(listed, came, "each once");
        assert_eq!(house.reads("inbox: accepted, not entered, as a table").await, 1);
    });
}

#[test]
fn the_daily_mail_says_a_number_once_on_a_working_day_although_two_instances_run() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let app = house.app.clone().into_inner();
        // Nothing waits: no mail, and none later that day.
        assert_eq!(tell_daily(&app).await.expect("told"), 0);
        for name in ["Ann Example", "Bob Example"] {
            let one = house.received(submission().named(name)).await;
            accept(&house, &one).await;
        }
        assert_eq!(tell_daily(&app).await.expect("told"), 0);
        // Tuesday before opening, then at ten.
        app.clock.set(at("2026-11-24T07:00:00Z"));
        assert_eq!(tell_daily(&app).await.expect("told"), 0);
        app.clock.set(at("2026-11-24T10:00:00Z"));
        let (one, two) = tokio::join!(tell_daily(&app), tell_daily(&app));
        assert_eq!(one.expect("told") + two.expect("told"), 1);
        assert_eq!(tell_daily(&app).await.expect("told"), 0);
        // Nobody is there on a Saturday.
        app.clock.set(at("2026-11-28T10:00:00Z"));
        assert_eq!(tell_daily(&app).await.expect("told"), 0);
        app.postman().deliver_due().await;
        let Mail::Captured(folder) = &app.config.mail else {
            panic!("captured mail")
        };
        let mails = captured(folder).expect("mails");
        let daily: Vec<_> = mails
            .iter()
            .filter(|mail| mail.subject.starts_with("To be entered"))
            .collect();
        assert_eq!(daily.len(), 1);
        assert_eq!(daily[0].subject, "To be entered: 2 entries");
        assert!(
            daily[0]
                .body
                .contains("https://talking.example.org/inbox/accepted-not-entered")
        );
        assert!(!daily[0].body.contains("Example,") && !daily[0].body.contains("Ann"));
    });
}

#[test]
fn the_figures_leave_out_what_was_handed_over() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let entered = house.received(submission().named("Eve Entered")).await;
        let waiting = house.received(submission().named("Wim Waiting")).await;
        accept(&house, &entered).await;
        accept(&house, &waiting).await;
        house.app.clock.advance_minutes(43 * 24 * 60);
        let desk = house.sign_in("terry").await;
        let past = |count: usize| format!("Past day 42</th><td>{count}</td>");
        desk.look("/inbox/waiting-times")
            .await
            .says(&past(2))
            .says("iaptus is left out");
        let seen = state(&house, &entered).await.2.to_string();
        let at = format!("/inbox/{}/hand-over", entered.as_str());
        desk.send(&at, &[("seen", &seen), ("record_number", "1")]).await;
        desk.look("/inbox/waiting-times").await.says(&past(1));
    });
}

#[test]
fn the_figures_and_the_daily_list_are_read_from_indexes() {
    on_both(async |fresh| {
        let plans = [
            "SELECT count(*) FROM referral WHERE queue IN ('now','today','new','waiting','accepted') AND queue <> 'done' AND priority IN (1,2,3,4) AND received_at < {moment} AND state IN ('incomplete','new','waiting_for_patient','accepted')",
            "SELECT received_at, started_at FROM referral WHERE started_at IS NOT NULL AND started_at >= {moment}",
            "SELECT referral_id FROM referral_facet WHERE shelf = 7 ORDER BY referral_id LIMIT 501",
            "SELECT count(*) FROM referral_facet WHERE shelf IN (7, 8, 9, 10)",
        ];
        for query in plans {
            let plan = explained(&fresh.db, query).await;
            let scans = ["Seq Scan", "SCAN referral\n", "SCAN referral_facet\n"];
            assert!(!scans.iter().any(|scan| plan.contains(scan)), "{query}\n{plan}");
            assert!(plan.contains("referral_"), "{query}\n{plan}");
        }
    });
}

/// How the database would go about a query.
async fn explained(db: &Db, query: &str) -> String {
    #[derive(QueryableByName)]
    struct Sqlite {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    #[derive(QueryableByName)]
    struct Pg {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        detail: String,
    }
    let query = query.to_owned();
    let lines: Vec<String> = db
        .write(move |conn| {
            Ok(match conn {
                Conn::Sqlite(c) => {
                    let query = format!("EXPLAIN QUERY PLAN {}", query.replace("{moment}", "1"));
                    let rows: Vec<Sqlite> = diesel::sql_query(query).load(*c)?;
                    rows.into_iter().map(|row| row.detail).collect()
                }
                Conn::Pg(c) => {
                    // An empty table is read whole, whatever indexes there are: the planner is told not to.
                    diesel::sql_query("SET LOCAL enable_seqscan = off").execute(*c)?;
                    let query = format!("EXPLAIN {}", query.replace("{moment}", "now()"));
                    let rows: Vec<Pg> = diesel::sql_query(query).load(*c)?;
                    rows.into_iter().map(|row| row.detail).collect()
                }
            })
        })
        .await
        .expect("a plan");
    lines.join("\n") + "\n"
}
