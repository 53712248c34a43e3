//! A worrying answer is never only in a cookie: as soon as there is a name, or anything that somebody could try to reach
//! the person by, what was answered so far is written, in the transaction that answers the request. A database that fails must not keep the help
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
    /// So they are, under a name alone: nobody knows how to reach the person.
    WithoutWay,
    /// Nothing is known of the person yet.
    NotReachable,
    /// They could not be written, or it is not known whether they were.
    NotSaved,
}

impl Kept {
    /// Whether the team has them.
    pub fn is_with_the_team(self) -> bool {
        match self {
            Kept::Saved | Kept::WithoutWay => true,
            Kept::NothingToKeep | Kept::NotReachable | Kept::NotSaved => false,
        }
    }
}

/// Writes what was answered so far, if a person has to see it and it is not written yet. `wrong`: what could not be
/// read on this page, as it was typed.
pub(super) async fn keep(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    draft: &mut Draft,
    wrong: Vec<String>,
) -> Kept {
    draft.tidy();
    let here = &app.config.locality;
    let today = app.clock.now().london_date();
    let decision = worry::looked_at(draft, rules, here, today);
    if !decision.is_urgent() && draft.kept.is_none() {
        return Kept::NothingToKeep;
    }
    let mut submission = sheet::submission(draft, here, today, true);
    if !submission.person.has_anything() {
        return Kept::NotReachable;
    }
    let kept = match submission.person.has_way() {
        true => Kept::Saved,
        false => Kept::WithoutWay,
    };
    submission.needs_checking = with_all(wrong, submission.needs_checking);
    let mark = worry::mark(draft, &decision, &submission.needs_checking);
    if draft.kept == Some(mark) {
        return kept;
    }
    match write(app, rules, submission).await {
        Some(_) => {
            draft.kept = Some(mark);
            kept
        }
        None => Kept::NotSaved,
    }
}

/// What has to be checked: as typed on this page, then what was kept before of other fields.
pub(super) fn with_all(mut wrong: Vec<String>, kept: Vec<String>) -> Vec<String> {
    let label = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
    let labels: Vec<String> = wrong.iter().map(|line| label(line)).collect();
    let others = kept.into_iter().filter(|line| !labels.contains(&label(line)));
    wrong.extend(others);
    wrong
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
