//! What differs between two versions of the rules, rule by rule.

use super::rules::{Rule, RuleSet};

/// One rule that differs.
#[derive(Debug)]
pub enum Change<'r> {
    /// It is new.
    Added(&'r Rule),
    /// It is gone.
    TakenOut(&'r Rule),
    /// Condition, effect, group, reason or source differ: before and after.
    Changed(&'r Rule, &'r Rule),
    /// The same rule stands elsewhere: only its place among those that stayed differs.
    Moved(&'r Rule),
}

impl<'r> Change<'r> {
    /// The rule's id.
    pub fn id(&self) -> &'r str {
        match self {
            Change::Added(rule) | Change::TakenOut(rule) | Change::Changed(_, rule) | Change::Moved(rule) => {
                &rule.id
            }
        }
    }

    /// "A3 changed".
    pub fn told(&self) -> String {
        let what = match self {
            Change::Added(_) => "added",
            Change::TakenOut(_) => "taken out",
            Change::Changed(..) => "changed",
            Change::Moved(_) => "moved",
        };
        format!("{} {what}", self.id())
    }
}

/// Every rule that differs, in the order of the later version; what was taken out comes last.
pub fn differences<'r>(before: &'r RuleSet, after: &'r RuleSet) -> Vec<Change<'r>> {
    let former = |id: &str| before.rules.iter().find(|rule| rule.id == id);
    let moved = moved(before, after);
    let mut changes: Vec<Change<'r>> = Vec::new();
    for rule in &after.rules {
        match former(&rule.id) {
            None => changes.push(Change::Added(rule)),
            Some(old) if !says_the_same(old, rule) => changes.push(Change::Changed(old, rule)),
            Some(_) if moved.contains(&rule.id.as_str()) => changes.push(Change::Moved(rule)),
            Some(_) => {}
        }
    }
    let stays = |rule: &&Rule| after.rules.iter().any(|other| other.id == rule.id);
    let gone = before.rules.iter().filter(|rule| !stays(rule));
    changes.extend(gone.map(Change::TakenOut));
    changes
}

fn says_the_same(one: &Rule, other: &Rule) -> bool {
    one.group == other.group
        && one.when == other.when
        && one.then == other.then
        && one.text == other.text
        && one.source == other.source
}

/// The ids that stand in both and not in the same order: the fewest that would have to be moved.
fn moved<'r>(before: &RuleSet, after: &'r RuleSet) -> Vec<&'r str> {
    let place = |id: &str| before.rules.iter().position(|rule| rule.id == id);
    let kept: Vec<(&str, usize)> = after
        .rules
        .iter()
        .filter_map(|rule| Some((rule.id.as_str(), place(&rule.id)?)))
        .collect();
    // The longest run that is still in the old order stays; the rest moved.
    let mut longest: Vec<Vec<usize>> = Vec::with_capacity(kept.len());
    for (at, (_, old)) in kept.iter().enumerate() {
        let earlier = kept
            .iter()
            .take(at)
            .zip(&longest)
            .filter(|((_, other), _)| other < old);
        let best = earlier.map(|(_, run)| run).max_by_key(|run| run.len());
        let mut run = best.cloned().unwrap_or_default();
        run.push(at);
        longest.push(run);
    }
    let stays = longest.into_iter().max_by_key(Vec::len).unwrap_or_default();
    let elsewhere = kept.iter().enumerate().filter(|(at, _)| !stays.contains(at));
    elsewhere.map(|(_, (id, _))| *id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::DEFAULT_RULES;

    fn told(text: &str) -> Vec<String> {
        let read = |text| RuleSet::parse("x.toml", text, &[]).unwrap_or_else(|wrong| panic!("{wrong}"));
        let (before, after) = (read(DEFAULT_RULES), read(text));
        differences(&before, &after).iter().map(Change::told).collect()
    }

    /// The shipped text, cut into the block of one rule and what stands around it.
    fn block(id: &str) -> (String, String, String) {
        let at = DEFAULT_RULES
            .find(&format!("[[rule]]\nid = \"{id}\""))
            .expect("the rule");
        let (before, rest) = DEFAULT_RULES.split_at(at);
        let end = rest[1..].find("[[rule]]").map_or(rest.len(), |end| end + 1);
        let (own, after) = rest.split_at(end);
        (before.to_owned(), own.to_owned(), after.to_owned())
    }

    #[test]
    fn each_kind_of_change_is_told() {
        assert_eq!(told(DEFAULT_RULES), [""; 0]);
        assert_eq!(told(&format!("{DEFAULT_RULES}\n# a remark")), [""; 0]);
        let raised = DEFAULT_RULES.replace(
            "priority = \"P2\", flags = [\"RISK_ITEM9\"]",
            "priority = \"P1\", flags = [\"RISK_ITEM9\"]",
        );
        assert_eq!(told(&raised), ["A3 changed"]);
        let (before, own, after) = block("E7");
        assert_eq!(told(&format!("{before}{after}")), ["E7 taken out"]);
        let renamed = own.replace("\"E7\"", "\"E8\"");
        assert_eq!(
            told(&format!("{before}{renamed}{after}")),
            ["E8 added", "E7 taken out"]
        );
        let (first, second) = before.split_at(before.find("[[rule]]").expect("a rule"));
        assert_eq!(told(&format!("{first}{own}{second}{after}")), ["E7 moved"]);
    }
}
