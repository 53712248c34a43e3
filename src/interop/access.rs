//! Who sends a request, and how often. A key that reads or mints too fast waits; a key that sends faulty bodies too
//! fast is told to wait instead of being told what is wrong. A sound referral is never refused for being one too
//! many: a worrying answer may be in it.

use std::num::NonZeroU32;
use std::sync::LazyLock;

use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::problem::{Problem, Refused};
use crate::app::App;
use crate::db::Haste;
use crate::staff::{ApiKey, Scope, authenticate_in};
use crate::values::Id;

/// Reads and slips a second, in the long run and at once, for one key.
const CALLS: (u32, u32) = (50, 500);
/// Faulty bodies a second, likewise: a guess at a slip code is one.
const FAULTS: (u32, u32) = (2, 120);

/// One counter a process: two instances allow twice as much, which is no matter here.
static CALLS_OF: LazyLock<Counter> = LazyLock::new(|| Counter::new(CALLS));
static FAULTS_OF: LazyLock<Counter> = LazyLock::new(|| Counter::new(FAULTS));

/// The key that a request carries, if it may be used for `scope`.
pub(super) async fn caller(request: &HttpRequest, app: &App, scope: Scope) -> Result<ApiKey, Refused> {
    let sent = request.headers().get(header::AUTHORIZATION);
    let text = sent.and_then(|value| value.to_str().ok());
    // What is sent in may hold a risk answer; nobody knows before it is read.
    let haste = match scope {
        Scope::Submit => Haste::Urgent,
        Scope::Issue | Scope::Read | Scope::Triage => Haste::Ordinary,
    };
    let key = authenticate_in(haste, &app.db, &app.keys, text).await?;
    let key = key.ok_or_else(|| Problem::who_are_you(sent.is_some()))?;
    match key.allows(scope) {
        true => Ok(key),
        false => {
            let told = format!("this API key has no scope `{}`", scope.as_str());
            Err(Problem::of(StatusCode::FORBIDDEN, told).into())
        }
    }
}

/// Counts a call that reads or mints.
pub(super) fn count_call(key: &ApiKey) -> Result<(), Refused> {
    CALLS_OF
        .count(key.id)
        .map_err(|wait| Problem::too_many(wait).into())
}

/// The refusal of a faulty body, or of one faulty body too many.
pub(super) fn count_fault(key: &ApiKey, refusal: Problem) -> Refused {
    match FAULTS_OF.count(key.id) {
        Ok(()) => refusal.into(),
        Err(wait) => {
            tracing::warn!(api_key = %key.id, "an API key sends too many faulty bodies");
            Problem::too_many(wait).into()
        }
    }
}

struct Counter(DefaultKeyedRateLimiter<Id>);

impl Counter {
    fn new((a_second, at_once): (u32, u32)) -> Self {
        let some = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self(RateLimiter::keyed(
            Quota::per_second(some(a_second)).allow_burst(some(at_once)),
        ))
    }

    /// Counts one; the error says how many seconds to wait.
    fn count(&self, key: Id) -> Result<(), u64> {
        self.0
            .check_key(&key)
            .map_err(|refused| refused.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_asks_too_often_waits_and_others_do_not() {
        let counter = Counter::new((1, 3));
        let (one, other) = (Id::new(), Id::new());
        assert!((0..3).all(|_| counter.count(one).is_ok()));
        assert_eq!(counter.count(one), Err(1));
        assert_eq!(counter.count(other), Ok(()));
    }
}
