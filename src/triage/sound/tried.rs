//! Conditions held against each other: one list of values for each name, shared by all rules that look at it. What
//! earlier rules found is limited to what it can be at a rule's place, and is another variable once a rule in between
//! could have changed it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use cel::Value;

use super::super::grid::{Sample, Written, samples};
use super::super::rules::{Rule, RuleSet};
use super::super::vocabulary::kind_of;
use super::places::{Place, is_found, last_change};

/// The most combinations looked at for one question; beyond it nothing is claimed.
const MOST_LOOKED_AT: usize = 200_000;

/// A name as a rule sees it: a fact is the same for all rules, what was found is not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Variable {
    name: String,
    /// For what was found: the last rule above that could change it, if any.
    since: Option<usize>,
}

/// Rules, with the values that each of their names can take.
pub(super) struct Tried<'r> {
    pub rules: &'r RuleSet,
    variables: Vec<(String, Vec<Value>)>,
    /// For each rule the variables it looks at, in the order of its names.
    looks_at: Vec<Vec<usize>>,
    known: RefCell<HashMap<(usize, Vec<u16>), bool>>,
}

/// Whether a rule can hold where none of some others holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// There is a case.
    Yes,
    /// There is none.
    Never,
}

impl<'r> Tried<'r> {
    pub fn over(rules: &'r RuleSet) -> Tried<'r> {
        let mut written: BTreeMap<Variable, (usize, Written)> = BTreeMap::new();
        let variable = |place: usize, name: &String| Variable {
            name: name.clone(),
            since: is_found(name).then(|| last_change(rules, name, place)).flatten(),
        };
        for (place, rule) in rules.rules.iter().enumerate() {
            for name in rule.names() {
                let (_, all) = written
                    .entry(variable(place, name))
                    .or_insert_with(|| (place, Written::default()));
                all.take_in(&rule.condition.written, name);
            }
        }
        let ids: Vec<Variable> = written.keys().cloned().collect();
        let looks_at = rules.rules.iter().enumerate().map(|(place, rule)| {
            let id = |name| ids.binary_search(&variable(place, name)).ok();
            rule.names().iter().filter_map(id).collect()
        });
        let looks_at = looks_at.collect();
        let values = written.into_iter().map(|(variable, (place, written))| {
            let name = variable.name;
            let found = Place::of(rules, place).values(&name, &written);
            let values = found.or_else(|| Some(samples(kind_of(&name)?, &written, &Default::default())));
            (name, values.unwrap_or_default())
        });
        Tried {
            variables: values.collect(),
            looks_at,
            known: RefCell::default(),
            rules,
        }
    }

    /// The rule at this place.
    pub fn rule(&self, place: usize) -> Option<&'r Rule> {
        self.rules.rules.get(place)
    }

    /// All places with their rules.
    pub fn places(&self) -> impl DoubleEndedIterator<Item = (usize, &'r Rule)> + use<'r> {
        self.rules.rules.iter().enumerate()
    }

    /// The values a fact is tried with; none for what no rule looks at.
    pub fn values(&self, name: &str) -> &[Value] {
        let found = self.variables.iter().find(|(known, _)| known == name);
        found.map_or(&[], |(_, values)| values.as_slice())
    }

    /// The cases in which a rule holds: each of its names with a value. At most so many, spread over all.
    pub fn cases(&self, place: usize, most: usize) -> Vec<Vec<(&str, &Value)>> {
        let looks_at = self.looks_at.get(place).map_or(&[][..], Vec::as_slice);
        let mut cases = Vec::new();
        let mut search = Search::new(self, looks_at, &[]);
        search.require(place);
        search.run(&mut |assigned| {
            let case = looks_at
                .iter()
                .filter_map(|id| self.value(*id, *assigned.get(id)?));
            cases.push(case.collect::<Vec<_>>());
            true
        });
        let step = cases.len().div_ceil(most.max(1)).max(1);
        cases.into_iter().step_by(step).collect()
    }

    /// Whether a rule can hold where none of the others holds.
    pub fn escapes(&self, place: usize, others: &[usize]) -> Escape {
        let none = Vec::new();
        let own = self.looks_at.get(place).unwrap_or(&none);
        let further = others
            .iter()
            .filter_map(|other| self.looks_at.get(*other))
            .flatten();
        let mut order = own.clone();
        for id in further {
            if !order.contains(id) {
                order.push(*id);
            }
        }
        let mut escape = Escape::Never;
        let mut search = Search::new(self, &order, others);
        search.require(place);
        let whole = search.run(&mut |_| {
            escape = Escape::Yes;
            false
        });
        // What is too much to look at is not claimed to be never.
        if whole { escape } else { Escape::Yes }
    }

    fn value(&self, id: usize, index: u16) -> Option<(&str, &Value)> {
        let (name, values) = self.variables.get(id)?;
        values.get(usize::from(index)).map(|value| (name.as_str(), value))
    }

    /// Whether a rule holds where its variables have these values.
    fn holds(&self, place: usize, assigned: &BTreeMap<usize, u16>) -> bool {
        let (Some(rule), Some(looks_at)) = (self.rule(place), self.looks_at.get(place)) else {
            return false;
        };
        if rule.condition.always {
            return true;
        }
        let indices: Vec<u16> = looks_at
            .iter()
            .filter_map(|id| assigned.get(id).copied())
            .collect();
        let key = (place, indices);
        if let Some(known) = self.known.borrow().get(&key) {
            return *known;
        }
        let values = looks_at.iter().zip(&key.1);
        let sample = Sample(values.filter_map(|(id, index)| self.value(*id, *index)).collect());
        // A condition that held its check when read cannot fail here.
        let holds = rule.condition.holds(&sample, self.rules.env()).unwrap_or(false);
        self.known.borrow_mut().insert(key, holds);
        holds
    }
}

/// Goes through the values of some variables in turn.
struct Search<'t, 'r> {
    tried: &'t Tried<'r>,
    order: &'t [usize],
    /// Rules that must hold, and rules that must not, each with the depth at which all it looks at has a value.
    wanted: Vec<(usize, bool, usize)>,
    looked_at: usize,
}

impl<'t, 'r> Search<'t, 'r> {
    fn new(tried: &'t Tried<'r>, order: &'t [usize], never: &[usize]) -> Self {
        let mut search = Search {
            tried,
            order,
            wanted: Vec::new(),
            looked_at: 0,
        };
        for place in never {
            search.want(*place, false);
        }
        search
    }

    fn require(&mut self, place: usize) {
        self.want(place, true);
    }

    fn want(&mut self, place: usize, holds: bool) {
        let looks_at = self.tried.looks_at.get(place);
        let depths = looks_at.into_iter().flatten().filter_map(|id| {
            let at = self.order.iter().position(|other| other == id)?;
            Some(at + 1)
        });
        self.wanted.push((place, holds, depths.max().unwrap_or(0)));
    }

    /// Tells each case that fits, until told to stop. False if there was too much to look at.
    fn run(&mut self, found: &mut dyn FnMut(&BTreeMap<usize, u16>) -> bool) -> bool {
        let mut assigned = BTreeMap::new();
        self.go_on(0, &mut assigned, found);
        self.looked_at <= MOST_LOOKED_AT
    }

    /// Whether to go on looking.
    fn go_on(
        &mut self,
        depth: usize,
        assigned: &mut BTreeMap<usize, u16>,
        found: &mut dyn FnMut(&BTreeMap<usize, u16>) -> bool,
    ) -> bool {
        self.looked_at += 1;
        if self.looked_at > MOST_LOOKED_AT {
            return false;
        }
        let due = self.wanted.iter().filter(|(_, _, at)| *at == depth);
        let fits = due
            .clone()
            .all(|(place, holds, _)| self.tried.holds(*place, assigned) == *holds);
        if !fits || !self.is_possible(assigned) {
            return true;
        }
        let Some(id) = self.order.get(depth).copied() else {
            return found(assigned);
        };
        let many = self.tried.variables.get(id).map_or(0, |(_, values)| values.len());
        for index in 0..u16::try_from(many).unwrap_or(u16::MAX) {
            assigned.insert(id, index);
            if !self.go_on(depth + 1, assigned, found) {
                return false;
            }
        }
        assigned.remove(&id);
        true
    }

    /// Whether facts that are derived from each other agree.
    fn is_possible(&self, assigned: &BTreeMap<usize, u16>) -> bool {
        let value = |wanted: &str| {
            let values = assigned
                .iter()
                .filter_map(|(id, index)| self.tried.value(*id, *index));
            values
                .filter(|(name, _)| *name == wanted)
                .map(|(_, value)| value)
                .next()
        };
        let is = |name: &str, wanted: bool| value(name).is_some_and(|value| *value == Value::Bool(wanted));
        let known = |name: &str| value(name).is_some_and(|value| *value != Value::Null);
        let number = |name: &str| match value(name) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        };
        let empty = |name: &str| matches!(value(name), Some(Value::List(list)) if list.is_empty());
        let filled = |name: &str| matches!(value(name), Some(Value::List(list)) if !list.is_empty());
        let contradictions = [
            is("has_ltc", false) && (filled("ltc") || is("ltc_listed", true)),
            is("has_ltc", true) && empty("ltc"),
            is("ltc_listed", true) && empty("ltc"),
            is("phq9_started", false) && (known("item9") || known("phq9_total") || known("phq9")),
            value("item9") == Some(&Value::Null) && known("phq9_total"),
            number("phq9_total")
                .zip(number("item9"))
                .is_some_and(|(total, item)| total < item || total > item + 24),
        ];
        !contradictions.contains(&true)
    }
}
