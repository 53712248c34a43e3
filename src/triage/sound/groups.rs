//! In a group only the first rule that holds is applied: a rule that holds only where one above it in the group holds
//! too can never be applied.

use super::tried::{Escape, Tried};
use super::{Key, Told};

pub(super) fn check(tried: &Tried<'_>, told: &mut Told<'_>) {
    for (place, rule) in tried.places().filter(|(_, rule)| rule.group.is_some()) {
        let above = tried
            .places()
            .take(place)
            .filter(|(_, other)| other.group == rule.group);
        let above: Vec<usize> = above.map(|(at, _)| at).collect();
        if tried.cases(place, 1).is_empty() {
            // Told with its place already.
            continue;
        }
        if let Some(by) = covered(tried, place, &above) {
            let group = rule.group.map_or("", |group| group.as_str());
            told.add(
                rule,
                Key::When,
                format!(
                    "can never be applied: in the group `{group}` the first that holds wins, and whenever this \
                     holds, {by} above holds too. Move it above, or ask for more here"
                ),
            );
        }
    }
}

/// The rules that hold whenever the one at this place holds: one of them if one is enough, else all that it takes.
pub(super) fn covered(tried: &Tried<'_>, place: usize, others: &[usize]) -> Option<String> {
    let id = |at: &usize| tried.rule(*at).map(|rule| rule.id.clone());
    if others.is_empty() {
        return None;
    }
    if let Some(one) = others
        .iter()
        .find(|other| tried.escapes(place, &[**other]) == Escape::Never)
    {
        return id(one);
    }
    if tried.escapes(place, others) == Escape::Yes {
        return None;
    }
    let mut needed = others.to_vec();
    for other in others {
        let without: Vec<usize> = needed.iter().copied().filter(|at| at != other).collect();
        if tried.escapes(place, &without) == Escape::Never {
            needed = without;
        }
    }
    Some(needed.iter().filter_map(id).collect::<Vec<_>>().join(" or "))
}
