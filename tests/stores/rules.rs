//! The table of rule versions: the file seeds it, and after that two people rule.

use iapt_pad::triage::{
    Approval, Brought, DEFAULT_RULES, DEFAULT_RULES_NAME, RulesInForce, approve, bring, start, version_of,
};
use iapt_pad::values::Id;

use crate::support::app::at;
use crate::support::databases::{Fresh, on_both};

async fn start_with(fresh: &Fresh, text: &str) -> (RulesInForce, Brought) {
    start(
        &fresh.db,
        DEFAULT_RULES_NAME,
        text,
        &[],
        at("2026-11-23T09:30:00Z"),
    )
    .await
    .expect("rules")
}

#[test]
fn a_file_seeds_an_empty_table_and_a_changed_file_only_proposes() {
    on_both(|fresh| async move {
        let (rules, brought) = start_with(&fresh, DEFAULT_RULES).await;
        assert_eq!(brought, Brought::InForce);
        let first = rules.now().version.clone();
        assert_eq!(first, version_of(DEFAULT_RULES));
        assert_eq!(start_with(&fresh, DEFAULT_RULES).await.1, Brought::Known);

        let changed = format!("{DEFAULT_RULES}\n# a change\n");
        let (rules, brought) = start_with(&fresh, &changed).await;
        assert_eq!(brought, Brought::Proposed);
        assert_eq!(rules.now().version, first, "the former rules still decide");
    });
}

#[test]
fn a_proposal_comes_into_force_only_by_a_second_person() {
    on_both(|fresh| async move {
        let (rules, _) = start_with(&fresh, DEFAULT_RULES).await;
        let now = at("2026-11-24T09:30:00Z");
        let changed = format!("{DEFAULT_RULES}\n# a change\n");
        let version = version_of(&changed);
        let id = Id::new();
        let brought = fresh
            .db
            .write(move |conn| bring(conn, id, &changed, "lead@example.org", now))
            .await;
        assert_eq!(brought.expect("brought"), Brought::Proposed);

        let steps = [
            ("lead@example.org", Approval::SamePerson),
            ("officer@example.org", Approval::InForce),
            ("officer@example.org", Approval::NotProposed),
        ];
        for (by, expected) in steps {
            let named = version.clone();
            let approval = fresh
                .db
                .write(move |conn| approve(conn, &named, by, now))
                .await
                .expect("answered");
            assert_eq!(approval, expected);
        }
        let unknown = fresh
            .db
            .write(move |conn| approve(conn, "000000000000", "a@example.org", now))
            .await;
        assert_eq!(unknown.expect("answered"), Approval::NotProposed);

        assert_ne!(rules.now().version, version, "not before it is read anew");
        rules.reload(&fresh.db, &[]).await.expect("reloaded");
        assert_eq!(rules.now().version, version);
    });
}

#[test]
fn a_file_that_does_not_hold_its_check_stops_the_start() {
    on_both(|fresh| async move {
        let broken = DEFAULT_RULES.replace("item9 == 3", "item9 >= 3");
        let refused = start(&fresh.db, "x.toml", &broken, &[], at("2026-11-23T09:30:00Z")).await;
        let told = format!("{:#}", refused.map(|_| ()).expect_err("refused"));
        assert!(
            told.contains("x.toml, line") && told.contains("rule A2"),
            "{told}"
        );
    });
}
