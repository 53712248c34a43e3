//! What today's program does with an old database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::booking::{self, enter_calls, list_runs};
use iapt_pad::config::{DatabaseUrl, Mail};
use iapt_pad::db::{Db, Rewrapped};
use iapt_pad::inbox::{self, PAGE};
use iapt_pad::pads::{Scan, Whose, list_kept, list_pads, resolve, show_kept};
use iapt_pad::referrals::{
    LedgerEntry, ManageToken, Outcome, Queue, Reference, ReferralView, Subject, enter_ledger, escalate,
    find_own, list_to_contact, open, shelve_all, tell_daily, verify_timelines,
};
use iapt_pad::staff::{authenticate, list_accounts, list_clinics, list_keys};
use iapt_pad::triage::{DEFAULT_RULES, DEFAULT_RULES_NAME, start};
use iapt_pad::values::{Clock, Id, MasterKey, SlipCode};

use super::golden::{Golden, Kept};
use super::story::draft_opens;
use crate::support::app::{at, test_app_with};
use crate::support::referrals::submission;

/// Everything, on a copy that may be changed.
pub async fn all(url: &DatabaseUrl, secret: MasterKey, golden: Golden) {
    let app = opened(url, secret.clone(), &golden).await;
    assert!(!app.db.needs_migration().await.expect("asked"));
    shelve_all(&app).await.expect("put into the lists");
    assert_eq!(shelve_all(&app).await.expect("looked"), 0, "all are in the lists");
    what_was_owed_is_in_the_ledger(&app, &golden).await;
    everything_opens(&app, &golden).await;

    let next = MasterKey::draw().expect("randomness");
    let rewrapped = app.db.rewrap(&secret, &next).await.expect("rotated");
    assert!(matches!(rewrapped, Rewrapped::Done { .. }), "{rewrapped:?}");
    let now = app.clock.now();
    assert!(app.db.keyring(&secret, now).await.is_err(), "the former secret");
    drop(app);
    let app = opened(url, next, &golden).await;
    everything_opens(&app, &golden).await;
    life_goes_on(&app, &golden).await;
}

/// Today's program on the database, migrated.
async fn opened(url: &DatabaseUrl, secret: MasterKey, golden: &Golden) -> Arc<App> {
    let db = Db::open(url).await.expect("a database");
    db.migrate().await.expect("migrated");
    let mail = Mail::Captured(std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new())));
    Arc::new(test_app_with(db, Clock::fixed(at(&golden.now)), mail, secret).await)
}

async fn everything_opens(app: &Arc<App>, golden: &Golden) {
    let audit = verify_timelines(app).await.expect("verified");
    assert_eq!((audit.whole, audit.broken), (golden.referrals.len(), Vec::new()));
    for kept in &golden.referrals {
        is_as_it_was(&view(app, &kept.reference).await, kept);
        own_page_is_found(app, kept).await;
    }
    lists_show_everybody_once(app, golden).await;
    the_rest_is_read(app, golden).await;
    draft_opens(app, &golden.derived["draft"]).await;
}

/// What somebody at risk is still owed is due, once, and nobody is paged for it; what was decided stays as it was.
async fn what_was_owed_is_in_the_ledger(app: &Arc<App>, golden: &Golden) {
    let waiting = async || {
        let counts = app.db.read(iapt_pad::notify::counts).await.expect("counts");
        (counts.waiting, counts.urgent_waiting)
    };
    let before = waiting().await;
    let entered = enter_ledger(app).await.expect("entered");
    assert_eq!(
        enter_ledger(app).await.expect("looked"),
        LedgerEntry::default(),
        "once"
    );
    enter_calls(app).await.expect("entered");
    assert_eq!(enter_calls(app).await.expect("looked"), 0, "once");
    if entered.referrals > 0 {
        assert_eq!(entered.referrals, golden.referrals.len());
        assert!(entered.due > 0 && entered.due < entered.referrals);
        let after = waiting().await;
        assert_eq!(after.1, before.1, "no urgent message for old records");
        assert!(
            (1..=3).contains(&(after.0 - before.0)),
            "one notice to each service"
        );
    }
    for kept in &golden.referrals {
        let view = view(app, &kept.reference).await;
        let owed = view.plan.about(Subject::BeforeLedger).is_some();
        let spoke = view.timeline.iter().any(|event| {
            let text = event.payload.text.as_deref().unwrap_or_default();
            event.kind.as_str() == "rang" && text.starts_with("Spoke")
        });
        let is_open = !matches!(
            kept.state.as_str(),
            "handed_over" | "closed" | "started" | "declined"
        );
        let at_risk = view.is_at_risk() && is_open && view.queue != Queue::Done;
        assert_eq!(
            owed,
            at_risk && !spoke && entered.referrals > 0,
            "{}",
            kept.reference
        );
        assert!(!view.plan.all().is_empty(), "{}", kept.reference);
    }
}

async fn view(app: &Arc<App>, reference: &str) -> ReferralView {
    let (inside, reference) = (app.clone(), Reference::parse(reference).expect("a reference"));
    let read = app.db.read(move |conn| open(conn, &inside.keys, &reference));
    read.await.expect("it opens").expect("it is there")
}

/// Person, answers and the words of every event; what happened since may have been added behind.
fn is_as_it_was(view: &ReferralView, kept: &Kept) {
    let told = &kept.reference;
    assert_eq!(view.person.name, kept.name, "{told}");
    assert_eq!(view.state.as_str(), kept.state, "{told}");
    assert!(view.chain_is_whole, "{told}");
    assert!(!view.case_sheet.decision.reasons.is_empty(), "{told}");
    let events = view.timeline.iter();
    let events = events.map(|event| (event.kind.as_str().to_owned(), event.payload.text.clone()));
    let events: Vec<_> = events.take(kept.events.len()).collect();
    assert_eq!(events, kept.events, "{told}");
}

async fn own_page_is_found(app: &Arc<App>, kept: &Kept) {
    let (inside, token) = (app.clone(), ManageToken::parse(&kept.token).expect("a token"));
    let read = app.db.read(move |conn| find_own(conn, &inside.keys, &token));
    let own = read.await.expect("it opens").expect("the link still leads there");
    assert_eq!(own.reference.to_string(), kept.reference);
}

async fn lists_show_everybody_once(app: &Arc<App>, golden: &Golden) {
    let mut shown: BTreeMap<String, String> = BTreeMap::new();
    for queue in Queue::ALL {
        let mut after = None;
        loop {
            let inside = app.clone();
            let page = app
                .db
                .read(move |conn| inbox::list(conn, &inside.keys, queue, after));
            let page = page.await.expect("a page");
            assert!(page.rows.len() <= PAGE);
            for row in page.rows {
                let twice = shown.insert(row.reference.to_string(), row.name);
                assert!(twice.is_none(), "{} stands in two places", row.reference);
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    let all: BTreeMap<String, String> = golden
        .referrals
        .iter()
        .map(|kept| (kept.reference.clone(), kept.name.clone()))
        .collect();
    assert_eq!(shown, all);
    for kept in &golden.referrals {
        let (inside, name) = (app.clone(), kept.name.clone());
        let today = app.clock.now().london_date();
        let found = app
            .db
            .read(move |conn| inbox::search(conn, &inside.keys, &name, today));
        let found: BTreeSet<String> = found
            .await
            .expect("a search")
            .rows
            .iter()
            .map(|row| row.reference.to_string())
            .collect();
        assert!(
            found.contains(&kept.reference),
            "{} is found by name",
            kept.reference
        );
    }
}

/// Calls, places, pads and their books, slips, accounts and keys.
async fn the_rest_is_read(app: &Arc<App>, golden: &Golden) {
    let now = app.clock.now();
    inbox::now_band(app, iapt_pad::db::Haste::Ordinary)
        .await
        .expect("the band");
    let due = app.db.read(move |conn| list_to_contact(conn, now, 100)).await;
    assert!(!due.expect("calls that are due").is_empty());
    app.db.read(move |conn| list_runs(conn, now)).await.expect("runs");
    assert!(!list_pads(app, Whose::All, 100).await.expect("pads").is_empty());
    let pads = list_kept(app, None, i32::MAX, 100).await.expect("pads");
    assert!(!pads.is_empty());
    for pad in pads {
        let kept = show_kept(app, pad.number, Whose::All)
            .await
            .expect("read")
            .expect("a pad");
        assert!(kept.totals.is_ok(), "the books of pad {} agree", pad.number);
    }
    let (inside, code) = (
        app.clone(),
        SlipCode::parse(&golden.derived["unused slip"]).expect("a code"),
    );
    let scan = app
        .db
        .read(move |conn| resolve(conn, &inside.keys, &code, now))
        .await;
    assert!(matches!(scan.expect("resolved"), Scan::Unused(_)));
    assert!(!list_accounts(&app.db).await.expect("accounts").is_empty());
    assert!(!list_clinics(&app.db).await.expect("clinics").is_empty());
    assert!(!list_keys(&app.db).await.expect("keys").is_empty());
    let bearer = format!("Bearer {}", golden.derived["API key"]);
    let known = authenticate(&app.db, &app.keys, Some(&bearer))
        .await
        .expect("asked");
    assert!(known.is_some(), "an API key still opens");
}

/// What runs by itself runs, and a new referral comes in.
async fn life_goes_on(app: &Arc<App>, golden: &Golden) {
    let now = app.clock.now();
    let pathways = &app.config.locality.long_term_conditions;
    start(&app.db, DEFAULT_RULES_NAME, DEFAULT_RULES, pathways, now)
        .await
        .expect("rules");
    app.clock.advance_minutes(60);
    escalate(app).await.expect("the rota's clock");
    booking::tend(app).await.expect("places");
    iapt_pad::referrals::tend(app).await.expect("whoever left");
    tell_daily(app).await.expect("the digest");
    let sent = submission().named("Someone New").send(app).await;
    let new = view(app, &sent.receipt().expect("a receipt").reference.to_string()).await;
    assert_eq!(new.person.name, "Someone New");
    let accounts = list_accounts(&app.db).await.expect("accounts");
    let by = accounts
        .iter()
        .find(|account| account.username == "terry")
        .expect("terry")
        .id;
    let first = Reference::parse(&golden.referrals[0].reference).expect("a reference");
    let note = iapt_pad::referrals::Deed::Note("Read again after the upgrade.".to_owned());
    let noted = iapt_pad::referrals::review(app, &first, None, by, note).await;
    assert_eq!(noted.expect("noted"), Outcome::Done);
    let audit = verify_timelines(app).await.expect("verified");
    assert_eq!(
        (audit.whole, audit.broken),
        (golden.referrals.len() + 1, Vec::new())
    );
}
