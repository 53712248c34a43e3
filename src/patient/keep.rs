//! A worrying answer is never only in a cookie: as soon as somebody could reach the person, what was answered so
//! far is written, in the transaction that answers the request. A database that fails must not keep the help
//! page from being shown, so nothing here is an error to its caller.

use std::sync::Arc;
use std::time::Duration;

use super::draft::Draft;
use super::{sheet, worry};
use crate::app::App;
use crate::referrals::{self, Submission, Submitted};
use crate::triage::RuleSet;
use crate::values::Id;

/// Somebody in danger does not wait longer for a page; the next page tries again.
pub(super) const PATIENCE: Duration = Duration::from_secs(4);

/// What has become of the worrying answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// There are none.
    NothingToKeep,
    /// They are in the database, and the team has been told.
    Saved,
    /// Nobody could reach the person yet.
    NotReachable,
    /// They could not be written, or it is not known whether they were.
    NotSaved,
}

/// Writes what was answered so far, if a person has to see it and it is not written yet.
pub(super) async fn keep(app: &Arc<App>, rules: &Arc<RuleSet>, draft: &mut Draft) -> Kept {
    draft.tidy();
    let here = &app.config.locality;
    let today = app.clock.now().london_date();
    let decision = worry::looked_at(draft, rules, here, today);
    if !decision.is_urgent() && draft.kept.is_none() {
        return Kept::NothingToKeep;
    }
    if !draft.is_reachable() {
        return Kept::NotReachable;
    }
    let mark = worry::mark(draft, &decision);
    if draft.kept == Some(mark) {
        return Kept::Saved;
    }
    match write(app, rules, sheet::submission(draft, here, today, true)).await {
        Some(_) => {
            draft.kept = Some(mark);
            Kept::Saved
        }
        None => Kept::NotSaved,
    }
}

/// Writes a submission with a worrying answer; nothing if it could not be written, or not in time.
pub(super) async fn write(app: &Arc<App>, rules: &Arc<RuleSet>, submission: Submission) -> Option<Submitted> {
    // In a task of its own, so that a writing that takes too long is not broken off with the request.
    let (app, rules) = (app.clone(), rules.clone());
    let writing = tokio::spawn(async move { referrals::submit(&app, &rules, submission).await });
    match tokio::time::timeout(PATIENCE, writing).await {
        Ok(Ok(Ok(submitted))) => Some(submitted),
        Ok(Ok(Err(refused))) => not_saved(&refused),
        Ok(Err(broken)) => not_saved(&broken),
        Err(_) => not_saved(&"it took too long"),
    }
}

/// Adds a worrying answer to the referral to which this browser had added before.
pub(super) async fn write_more(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    referral: Id,
    submission: Submission,
) -> Kept {
    let (app, rules) = (app.clone(), rules.clone());
    let writing =
        tokio::spawn(async move { referrals::submit_more(&app, &rules, referral, submission).await });
    let written = match tokio::time::timeout(PATIENCE, writing).await {
        Ok(Ok(Ok(()))) => Some(()),
        Ok(Ok(Err(refused))) => not_saved(&refused),
        Ok(Err(broken)) => not_saved(&broken),
        Err(_) => not_saved(&"it took too long"),
    };
    written.map_or(Kept::NotSaved, |()| Kept::Saved)
}

fn not_saved<T>(why: &dyn std::fmt::Display) -> Option<T> {
    tracing::error!("a worrying answer could not be kept: {why}");
    None
}

/// Sends the finished answers.
pub(super) async fn send(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    draft: &Draft,
) -> crate::db::Result<Submitted> {
    let today = app.clock.now().london_date();
    let submission = sheet::submission(draft, &app.config.locality, today, false);
    referrals::submit(app, rules, submission).await
}
