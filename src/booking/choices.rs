//! What a patient may choose from: runs with a place left, and courses to wait for.

use super::facts::RunFacts;
use super::queue::may_have_place;
use super::rules::BookingRules;
use super::store::{places, runs, waits};
use crate::config::ServiceName;
use crate::db::{Conn, Result};
use crate::referrals::ReviewState;
use crate::triage::SelfBooking;
use crate::values::{Id, Ts};

/// What is known of a referral that may choose.
#[derive(Clone, Copy, Debug)]
pub struct Offerable {
    /// The service it is with.
    pub service: ServiceName,
    /// What its stored decision allows.
    pub booking: SelfBooking,
    /// Where it is.
    pub state: ReviewState,
}

/// A run with a place left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The run, its course and its venue.
    pub run: RunFacts,
    /// Places left.
    pub free: usize,
}

/// A course whose runs ahead are all full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseWait {
    /// The course.
    pub course: Id,
    /// "Living Well with Pain".
    pub name: String,
}

/// What may be chosen; everything empty where a person books instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Runs, the earliest first.
    pub runs: Vec<Choice>,
    /// Courses to wait for.
    pub waiting: Vec<CourseWait>,
}

impl Choices {
    /// Whether there is nothing to choose and nothing to wait for.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty() && self.waiting.is_empty()
    }
}

/// Every run ahead with a free place, whatever patients may choose: what staff move people to.
pub fn runs_with_room(conn: &mut Conn<'_>, now: Ts) -> Result<Vec<Choice>> {
    let ahead = runs::list_ahead(conn, now)?;
    let ids: Vec<Id> = ahead.iter().map(|run| run.id).collect();
    let free = places::list_free(conn, &ids)?;
    let with_room = ahead.into_iter().map(|run| Choice {
        free: free.iter().filter(|id| **id == run.id).count(),
        run,
    });
    Ok(with_room.filter(|choice| choice.free > 0).collect())
}

/// One run with its course and its venue.
pub fn find_run(conn: &mut Conn<'_>, run: Id) -> Result<Option<RunFacts>> {
    runs::find_run(conn, run)
}

/// What this referral may choose from now.
pub fn choices(conn: &mut Conn<'_>, of: &Offerable, rules: &BookingRules<'_>, now: Ts) -> Result<Choices> {
    let may = rules.course && of.booking == SelfBooking::Course && may_have_place(of.state);
    if !may {
        return Ok(Choices::default());
    }
    let mut ahead = runs::list_ahead(conn, now)?;
    ahead.retain(|run| run.active && run.service == of.service && rules.is_open(now, run.first_session));
    let ids: Vec<Id> = ahead.iter().map(|run| run.id).collect();
    let free = places::list_free(conn, &ids)?;
    let mut choices = Choices::default();
    for run in ahead {
        let free = free.iter().filter(|id| **id == run.id).count();
        // A place that came free this instant belongs to whoever waits.
        let waited_for = waits::first_waiting(conn, run.course, None)?.is_some();
        if free > 0 && !waited_for {
            choices.runs.push(Choice { run, free });
        } else if !choices.waiting.iter().any(|wait| wait.course == run.course) {
            choices.waiting.push(CourseWait {
                course: run.course,
                name: run.course_name,
            });
        }
    }
    let has_room = |course: Id| choices.runs.iter().any(|choice| choice.run.course == course);
    let waiting = choices.waiting.iter();
    let waiting = waiting.filter(|wait| !has_room(wait.course)).cloned().collect();
    Ok(Choices { waiting, ..choices })
}
