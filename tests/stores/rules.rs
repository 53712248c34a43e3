//! The table of rule versions: the file seeds it, and after that two people rule.

use iapt_pad::triage::{
    Approval, Brought, DEFAULT_RULES, DEFAULT_RULES_NAME, Proposal, Proposing, Refusal, RuleState,
    RulesInForce, approve, bring, propose, refuse, start, version_of,
};
use iapt_pad::values::{Id, Keyring, MasterKey, Purpose};

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
        let first = rules.now().version.clone();
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
            let (named, seen) = (version.clone(), first.clone());
            let approval = fresh
                .db
                .write(move |conn| approve(conn, &named, by, &seen, now))
                .await
                .expect("answered");
            assert_eq!(approval, expected);
        }
        let unknown = fresh
            .db
            .write(move |conn| approve(conn, "000000000000", "a@example.org", "000000000000", now))
            .await;
        assert_eq!(unknown.expect("answered"), Approval::NotProposed);

        assert_ne!(rules.now().version, version, "not before it is read anew");
        rules.keep_up(&fresh.db, &[]).await.expect("looked");
        assert_eq!(
            rules.now().version,
            version,
            "as every other instance does within a minute"
        );
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

/// The shipped rules with a comment line at the end: other words, the same rules.
fn reworded(n: usize) -> String {
    format!("{DEFAULT_RULES}\n# change {n}\n")
}

async fn proposed(fresh: &Fresh, keys: &Keyring, text: &str, by: &str) -> Proposal {
    let new = Proposing::new(keys, text, by, "Because", at("2026-11-24T09:30:00Z")).expect("sealed");
    fresh
        .db
        .write(move |conn| propose(conn, &new))
        .await
        .expect("answered")
}

#[test]
fn of_two_approvals_at_once_one_puts_its_version_into_force_and_the_other_is_told() {
    on_both(|fresh| async move {
        let keys = fresh
            .db
            .keyring(
                &MasterKey::draw().expect("randomness"),
                at("2026-11-23T09:30:00Z"),
            )
            .await;
        let keys = keys.expect("keys");
        let (rules, _) = start_with(&fresh, DEFAULT_RULES).await;
        let first = rules.now().version.clone();
        let texts = [reworded(1), reworded(2)];
        for text in &texts {
            assert_eq!(proposed(&fresh, &keys, text, "lead").await, Proposal::Proposed);
        }
        // Two leads at once, on two versions and twice on one: whoever is first wins, the rest changes nothing.
        let approvals = [&texts[0], &texts[1], &texts[0]].map(|text| {
            let (db, version, seen) = (fresh.db.clone(), version_of(text), first.clone());
            let now = at("2026-11-24T10:00:00Z");
            tokio::spawn(async move {
                db.write(move |conn| approve(conn, &version, "lead2", &seen, now))
                    .await
                    .expect("answered")
            })
        });
        let mut in_force = 0;
        for approval in approvals {
            match approval.await.expect("ran") {
                Approval::InForce => in_force += 1,
                Approval::Overtaken | Approval::NotProposed => {}
                Approval::SamePerson => panic!("another person approved"),
            }
        }
        assert_eq!(in_force, 1);
        rules.keep_up(&fresh.db, &[]).await.expect("looked");
        assert!(texts.iter().any(|text| version_of(text) == rules.now().version));
    });
}

#[test]
fn what_was_refused_stays_refused_and_its_words_are_sealed() {
    on_both(|fresh| async move {
        let keys = fresh
            .db
            .keyring(
                &MasterKey::draw().expect("randomness"),
                at("2026-11-23T09:30:00Z"),
            )
            .await;
        let keys = keys.expect("keys");
        let (rules, _) = start_with(&fresh, DEFAULT_RULES).await;
        let text = reworded(1);
        assert_eq!(proposed(&fresh, &keys, &text, "lead").await, Proposal::Proposed);
        let again = proposed(&fresh, &keys, &text, "lead2").await;
        assert_eq!(again, Proposal::Known(RuleState::Proposed));
        let reason = keys.seal(Purpose::Person, Id::new(), b"Not yet").expect("sealed");
        let now = at("2026-11-24T10:00:00Z");
        for (by, expected) in [
            ("lead", Refusal::SamePerson),
            ("lead2", Refusal::Refused),
            ("lead2", Refusal::NotProposed),
        ] {
            let (version, reason) = (version_of(&text), reason.clone());
            let refusal = fresh
                .db
                .write(move |conn| refuse(conn, &version, by, &reason, now))
                .await;
            assert_eq!(refusal.expect("answered"), expected);
        }
        let (version, seen) = (version_of(&text), rules.now().version.clone());
        let approval = fresh
            .db
            .write(move |conn| approve(conn, &version, "lead2", &seen, now))
            .await;
        assert_eq!(approval.expect("answered"), Approval::NotProposed);
        let again = proposed(&fresh, &keys, &text, "lead").await;
        assert_eq!(again, Proposal::Known(RuleState::Refused));
        let known = proposed(&fresh, &keys, DEFAULT_RULES, "lead").await;
        assert_eq!(known, Proposal::Known(RuleState::InForce));
    });
}

#[test]
fn a_file_below_the_floor_is_not_even_proposed() {
    on_both(|fresh| async move {
        start_with(&fresh, DEFAULT_RULES).await;
        let below = DEFAULT_RULES.replace(
            "when = \"spine_red_flag\"",
            "when = \"spine_red_flag && age > 20\"",
        );
        let refused = start(&fresh.db, "x.toml", &below, &[], at("2026-11-23T09:30:00Z")).await;
        let told = format!("{:#}", refused.map(|_| ()).expect_err("refused"));
        assert!(
            told.contains("rule A10") && told.contains("below the floor"),
            "{told}"
        );
        assert_eq!(start_with(&fresh, DEFAULT_RULES).await.1, Brought::Known);
    });
}
