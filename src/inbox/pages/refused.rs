//! Why a deed was not done, and who did what meanwhile, in words for whoever was second.

use super::record::ending::more_calls;
use super::record::{Notice, Opened};
use crate::app::App;
use crate::inbox::clocks::moment;
use crate::inbox::timeline::actor;
use crate::referrals::Outcome;

/// Why nothing was done, and who did what meanwhile; `typed` are the words that would be lost.
pub(super) fn not_done(app: &App, refused: Outcome, after: &Opened, seen: i32, typed: &str) -> Notice {
    let (heading, told) = words(refused);
    Notice::NotDone {
        heading,
        told,
        meanwhile: match refused {
            Outcome::ChangedMeanwhile => meanwhile(app, after, seen),
            Outcome::NotFrom(_)
            | Outcome::AcknowledgeFirst
            | Outcome::AlreadySo
            | Outcome::TryAgain(_)
            | Outcome::LeadOnly
            | Outcome::SayWhoWasTold
            | Outcome::SayWhy
            | Outcome::ChooseService
            | Outcome::NotThisWay
            | Outcome::Done
            | Outcome::Missing => Vec::new(),
        },
        typed: typed.to_owned(),
    }
}

/// What happened since the page was loaded.
fn meanwhile(app: &App, after: &Opened, seen: i32) -> Vec<String> {
    let now = app.clock.now();
    let since = after.view.timeline.iter().filter(|event| event.seq > seen.max(0));
    let since = since.map(|event| {
        let who = actor(event.by, &after.names);
        format!("{who}: {}, {}", event.kind.label(), moment(event.at, now))
    });
    since.collect()
}

fn words(refused: Outcome) -> (&'static str, String) {
    match refused {
        Outcome::ChangedMeanwhile => (
            "Somebody changed this referral while you were reading it",
            "Nothing you chose was done. Look at what is new, then decide again.".to_owned(),
        ),
        Outcome::NotFrom(state) => (
            "This cannot be done now",
            format!("The referral is now: {}.", state.label()),
        ),
        Outcome::AcknowledgeFirst => (
            "Acknowledge this referral first",
            "Nothing is decided about an urgent referral before a named person has acknowledged it: the alarm goes on \
             until then."
                .to_owned(),
        ),
        Outcome::AlreadySo => ("This was so already", "Nothing had to be changed.".to_owned()),
        Outcome::TryAgain(missing) => (
            "Ring again first",
            format!("{} before it may be closed as \u{201c}could not reach\u{201d}.", more_calls(missing)),
        ),
        Outcome::LeadOnly => (
            "Only a clinical lead may close this",
            "A safety flag was raised. Ask your lead, and leave a note of what was tried.".to_owned(),
        ),
        Outcome::SayWhoWasTold => (
            "Say who was told",
            "A safety flag was raised: it ends only with who was told, by name.".to_owned(),
        ),
        Outcome::SayWhy => (
            "Say why the step is another one",
            "Your decision differs from the suggestion: it needs a reason.".to_owned(),
        ),
        Outcome::ChooseService => (
            "Send it to a service first",
            "Nobody has chosen a service yet: in review it can be accepted for an assessment only.".to_owned(),
        ),
        Outcome::NotThisWay => (
            "They cannot be told this way any more",
            "Look at how they may be reached, then choose again.".to_owned(),
        ),
        Outcome::Done | Outcome::Missing => ("Nothing was changed", String::new()),
    }
}
