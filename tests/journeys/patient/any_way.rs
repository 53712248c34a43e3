//! Any way through the pages: half-filled, garbled, out of order, back and forth. Whatever else happens, a worrying
//! answer is met with whom to ring in the very response, and once somebody can be reached the team has it.

use std::sync::atomic::{AtomicU64, Ordering};

use iapt_pad::values::Id;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{ANSWERS, CHECK, Visit};
use crate::support::browser::{Browser, Page};
use crate::support::budget::budget;
use crate::support::databases::on_both;

/// One post: which page, which of its fields is left out, which is garbled, whether it worries.
type Step = (usize, u8, u8, bool);

/// What worries on a page, and the flag by which the team sees it.
fn worry(page: u8) -> Option<(&'static str, &'static str)> {
    match page {
        1 => Some(("crisis_now=yes", "RISK_CRISIS")),
        4 => Some(("spine=both_legs_weak", "SPINE_RED_FLAG")),
        5 => Some(("safety=harm_to_others", "RISK_OTHERS")),
        6 => Some(("item9=2", "RISK_ITEM9")),
        _ => None,
    }
}

/// The form of a step: good answers, one left out, one garbled, and the worrying one as it is.
fn form(page: u8, good: &str, (_, left_out, garbled, worries): Step) -> String {
    let worrying = worry(page).filter(|_| worries).map(|(field, _)| field);
    let name_of = |field: &str| field.split('=').next().unwrap_or_default().to_owned();
    let fields = good.split('&').enumerate().filter_map(|(at, field)| {
        if worrying.is_some_and(|worrying| name_of(worrying) == name_of(field)) {
            return worrying.map(str::to_owned);
        }
        match usize::from(left_out) == at {
            true => None,
            false if usize::from(garbled) == at => Some(format!("{}=%00zzz", name_of(field))),
            false => Some(field.to_owned()),
        }
    });
    fields.collect::<Vec<_>>().join("&")
}

/// Whether the person on the draft can be reached, as far as the pages told: the browser shows it on them.
async fn is_reachable(browser: &Browser) -> bool {
    let shows = |page: &Page, what: &str| page.status == 200 && page.body.contains(what);
    shows(&browser.get("/refer/2").await, "value=\"Robin Example\"")
        && shows(&browser.get("/refer/3").await, "value=\"07700 900123\"")
}

async fn walk(visit: &Visit, steps: &[Step]) {
    let browser = Browser::at(&visit.app.config.base_url);
    browser.post("/", "then=without").await.leads_to("/refer/1");
    let before: Vec<Id> = visit.referrals().await.iter().map(|known| known.id).collect();
    let mut flags: Vec<&str> = Vec::new();
    for step in steps {
        let (page, good) = ANSWERS[step.0 % ANSWERS.len()];
        if page == CHECK {
            browser.post("/refer/follow-up", "then=go").await;
            continue;
        }
        let answer = browser
            .post(&format!("/refer/{page}"), &form(page, good, *step))
            .await;
        assert!(matches!(answer.status, 200 | 303 | 422), "{}", answer.body);
        let Some((_, flag)) = worry(page).filter(|_| step.3) else {
            continue;
        };
        assert!(
            answer.body.contains("tel:999"),
            "page {page} answers {} {} to {}: {steps:?}",
            answer.status,
            answer.location,
            form(page, good, *step)
        );
        flags.push(flag);
        if is_reachable(&browser).await {
            let all = visit.referrals().await;
            let ours: Vec<_> = all.iter().filter(|one| !before.contains(&one.id)).collect();
            assert_eq!(ours.len(), 1, "the team has this person, once: {steps:?}");
            for flag in &flags {
                let has_it = ours[0].case_sheet.decision.has_flag(flag);
                assert!(has_it, "{flag} is not there after page {page}: {steps:?}");
            }
        }
    }
}

#[test]
fn on_any_way_a_worrying_answer_is_met_with_help_and_reaches_the_team() {
    static WALKED: AtomicU64 = AtomicU64::new(0);
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let config = Config {
            failure_persistence: None,
            ..Config::default()
        };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let steps = proptest::collection::vec((0_usize..8, 0_u8..12, 0_u8..20, any::<bool>()), 4..16);
        // Every other way begins with the pages in order, so that it gets far enough to be reached.
        for round in 0..budget(16, 40) {
            let tree = steps.new_tree(&mut runner).expect("steps");
            let mut way: Vec<Step> = Vec::new();
            if round % 2 == 0 {
                way.extend((0..4).map(|page| (page, 99, 99, false)));
            }
            way.extend(tree.current());
            walk(&visit, &way).await;
            WALKED.fetch_add(1, Ordering::Relaxed);
        }
        assert!(!visit.referrals().await.is_empty(), "some ways reached the team");
        visit.ends().await;
    });
    assert!(WALKED.load(Ordering::Relaxed) >= budget(16, 40));
}
