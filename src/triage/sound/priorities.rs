//! No rule lowers a priority: the most urgent wins, whatever comes later. A rule that seems to lower one, or that can
//! never raise it, would be read wrongly by whoever reads the file.

use super::super::decision::Priority;
use super::groups::covered;
use super::tried::Tried;
use super::{Key, Told};

pub(super) fn check(tried: &Tried<'_>, told: &mut Told<'_>) {
    for (place, rule) in tried.places() {
        let Some(priority) = rule.then.priority else {
            continue;
        };
        if priority == Priority::P4 {
            let message = "sets P4, which does nothing: every decision begins there and no rule lowers a priority. \
                           Take `priority` out";
            told.add(rule, Key::Then, message);
            continue;
        }
        let raises_as_high = |other: &super::Rule| {
            other.group.is_none() && other.then.priority.is_some_and(|raised| raised <= priority)
        };
        let above = tried
            .places()
            .take(place)
            .filter(|(_, other)| raises_as_high(other));
        let above: Vec<usize> = above.map(|(at, _)| at).collect();
        if tried.cases(place, 1).is_empty() {
            continue;
        }
        if let Some(by) = covered(tried, place, &above) {
            let highest = above.iter().filter_map(|at| tried.rule(*at)?.then.priority).min();
            let highest = highest.unwrap_or(priority).as_str();
            let lowers = if highest < priority.as_str() {
                "no rule lowers a priority"
            } else {
                "it raises nothing"
            };
            told.add(
                rule,
                Key::Then,
                format!(
                    "sets {}, but whenever this holds, {by} above has set as much or more: {lowers}. Take `priority` \
                     out, or change {by}",
                    priority.as_str()
                ),
            );
        }
    }
}
