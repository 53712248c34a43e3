//! What proposed rules would have changed over past referrals: as a lead sees it, and as the command tells it.

use std::io::Write;
use std::time::Duration;

use iapt_pad::config::Mail;
use iapt_pad::staff::{self, DisplayName, NewAccount, Password, Role, Username};
use iapt_pad::triage::{DEFAULT_RULES, bring, version_of};
use iapt_pad::values::{Id, MasterKey};

use super::command_line::{iapt_pad, ran, settings};
use crate::support::app::{monday_morning, test_app_with};
use crate::support::browser::{Browser, Page};
use crate::support::databases::{Fresh, on_both};
use crate::support::referrals::submission;
use crate::support::server::{Served, served};

/// Rules that ask nobody to look tomorrow at thoughts of self-harm on several days, and more weeks of pain for a course.
fn proposed() -> String {
    let later = "then = { priority = \"P2\", flags = [\"RISK_ITEM9\"] }";
    assert!(DEFAULT_RULES.contains(later));
    DEFAULT_RULES
        .replace(later, "then = { flags = [\"RISK_ITEM9\"] }")
        .replace("pain_weeks >= 12", "pain_weeks >= 60")
}

struct Office {
    served: Served,
    address: String,
}

impl Office {
    async fn new(fresh: Fresh) -> Office {
        let folder = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
        let served = served(fresh, monday_morning(), Mail::Captured(folder)).await;
        let (now, id) = (served.app.clock.now(), Id::new());
        let brought = served.app.db.write(move |conn| {
            bring(conn, Id::new(), DEFAULT_RULES, "file", now)?;
            bring(conn, id, &proposed(), "Lee Example", now)
        });
        brought.await.expect("brought");
        let address = format!("/admin/rules/{}/replay", version_of(&proposed()));
        Office { served, address }
    }

    async fn desk(&self, username: &str, role: Role) -> Browser {
        let account = NewAccount {
            username: Username::parse(username).expect("a username"),
            display_name: DisplayName::parse("Lee Example").expect("a name"),
            role,
            clinic: None,
        };
        let app = &self.served.app;
        let password = Password::typed("one-two-three-four");
        staff::add_account_with(&app.db, app.clock.now(), account, password)
            .await
            .expect("added");
        let browser = Browser::at(&self.served.base);
        let form = format!("username={username}&password=one-two-three-four");
        browser.post("/staff/sign-in", &form).await.is(303);
        browser
    }

    /// Starts a replay and looks until it is done.
    async fn found(&self, desk: &Browser) -> Page {
        let started = desk.post(&self.address, "since=all").await;
        started.leads_to(&format!("{}?watch", self.address));
        for _ in 0..600 {
            let page = desk.get(&self.address).await;
            if page.body.contains("data-found") && !page.body.contains("data-running") {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it never ended");
    }
}

#[test]
fn a_lead_sees_what_would_move_and_first_what_would_be_less_urgent() {
    on_both(async |fresh| {
        let office = Office::new(fresh).await;
        let app = &office.served.app;
        let worried = submission().item9(1).send(app).await;
        let calm = submission().named("Alex Sample").send(app).await;
        // Somebody else, or the first would be raised by it and stand in the band of every page.
        submission().named("Kim Sample").in_danger().send(app).await;
        let desk = office.desk("lee", Role::Lead).await;
        desk.get(&office.address)
            .await
            .is(200)
            .says("No referral is changed by it")
            .says("not clinically validated");
        let page = office.found(&desk).await;
        page.says("data-less-safe=\"1\"")
            .says("3 referrals were looked at; 2 would be decided otherwise")
            .says("Health and Wellbeing IAPT, step 2, P4, may book a course")
            .says("Health and Wellbeing IAPT, step 2, P4, may book an assessment")
            .says("Kept until this server starts again");
        let safety = page.body.find("data-less-safe").expect("the number");
        assert!(
            safety < page.body.find("Moves</h3>").expect("the moves"),
            "that number first"
        );
        let listed = desk.get(&format!("{}?of=safety", office.address)).await;
        let (first, other) = (
            &worried.receipt().expect("a receipt").reference,
            &calm.receipt().expect("a receipt").reference,
        );
        listed.says(&first.to_string()).never_says(&other.to_string());
        listed
            .never_says("Robin")
            .says("Opening one is noted in the read log");
        let moved = "move-hwb-2-P4-course-hwb-2-P4-assessment";
        let listed = desk.get(&format!("{}?of={moved}", office.address)).await;
        listed.says(&other.to_string()).never_says(&first.to_string());
        desk.get(&format!("{}?of=move-nowhere", office.address))
            .await
            .is(404);
        office.served.running.stop().await.expect("stopped");
    });
}

#[test]
fn nobody_but_a_lead_replays_and_what_is_not_there_is_not_found() {
    on_both(async |fresh| {
        let office = Office::new(fresh).await;
        for (username, role) in [("terry", Role::Triage), ("ada", Role::Admin)] {
            let desk = office.desk(username, role).await;
            desk.get(&office.address).await.is(403);
            desk.post(&office.address, "since=all").await.is(403);
        }
        let desk = office.desk("lee", Role::Lead).await;
        desk.get("/admin/rules/0123456789ab/replay").await.is(404);
        desk.post("/admin/rules/0123456789ab/replay", "since=all")
            .await
            .is(404);
        desk.post(&office.address, "since=whenever")
            .await
            .is(422)
            .says("Select which referrals to look at");
        office.served.running.stop().await.expect("stopped");
    });
}

#[test]
fn looking_again_is_asked_for_and_can_be_stopped() {
    on_both(async |fresh| {
        let office = Office::new(fresh).await;
        let desk = office.desk("lee", Role::Lead).await;
        office.found(&desk).await;
        // It is over: nothing is looked for again, even where it was asked for.
        let page = desk.get(&format!("{}?watch", office.address)).await;
        page.is(200)
            .never_says("looks again every 5 seconds")
            .says("Run it again");
        page.never_says("http-equiv");
        office.served.running.stop().await.expect("stopped");
    });
}

#[test]
fn the_command_tells_the_same_and_looks_only_as_far_back_as_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::draw().expect("randomness");
    let file = folder.path().join("proposed.toml");
    let mut written = std::fs::File::create(&file).expect("a file");
    written.write_all(proposed().as_bytes()).expect("written");
    let environment = settings(folder.path(), &key.to_base64());
    let (code, _, told) = ran(iapt_pad(&["migrate"]).envs(environment.clone()));
    assert_eq!(code, 0, "{told}");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let reference = runtime.block_on(async {
        let url = format!("sqlite:{}", folder.path().join("pad.sqlite").display());
        let url = iapt_pad::config::DatabaseUrl::parse(&url).expect("an address");
        let db = iapt_pad::db::Db::open(&url).await.expect("a database");
        let mail = Mail::Captured(folder.path().join("mail"));
        let app = std::sync::Arc::new(test_app_with(db, monday_morning(), mail, key).await);
        let worried = submission().item9(2).send(&app).await;
        app.clock.advance_minutes(3 * 24 * 60);
        submission().named("Alex Sample").send(&app).await;
        worried.receipt().expect("a receipt").reference.to_string()
    });
    let path = file.to_str().expect("a path");
    let mut replay = iapt_pad(&["triage", "replay", path]);
    let (code, told, wrong) = ran(replay.envs(environment.clone()));
    assert_eq!(code, 0, "{wrong}");
    let first = told.lines().next().unwrap_or_default();
    assert_eq!(
        first,
        "1 decision about safety would be less urgent or lose a safety flag."
    );
    assert!(
        told.contains(&reference) && told.contains("2 referrals: 2 would be decided otherwise"),
        "{told}"
    );
    assert!(
        told.contains("hwb, step 2, P4, may book a course -> hwb, step 2, P4, may book an assessment"),
        "{told}"
    );
    assert!(told.contains("not clinically validated"), "{told}");
    let mut replay = iapt_pad(&["triage", "replay", path, "--since", "2026-11-25", "--json"]);
    let (code, told, _) = ran(replay.envs(environment.clone()));
    assert_eq!(code, 0);
    let found: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(
        (&found["looked"], &found["less_safe"]["count"]),
        (&1.into(), &0.into())
    );
    assert_eq!(found["moves"][0]["from"]["booking"], "course");
    assert_eq!(found["moves"][0]["count"], 1);
    let (code, _, wrong) = ran(iapt_pad(&["triage", "replay", "/nowhere.toml"]).envs(environment));
    assert_eq!(code, 1);
    assert!(wrong.contains("/nowhere.toml"), "{wrong}");
}
