//! The flags a rule may ask for: those that rules above it raise. Says what to do where a flag is raised only below,
//! by two rules that wait for each other, or by no rule.

use std::collections::BTreeSet;

use super::vocabulary::nearest_of;

/// A rule as far as flags go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Promise<'r> {
    /// Its id.
    pub id: &'r str,
    /// Its condition as written.
    pub when: &'r str,
    /// The flags it raises.
    pub raises: &'r [String],
}

/// What is raised above a rule, and by whom below it.
#[derive(Debug, Default)]
pub(super) struct Flags<'r> {
    /// The flags that rules above can raise.
    pub above: BTreeSet<&'r str>,
    /// The place of the rule among all.
    place: usize,
    /// All rules of the file.
    all: &'r [Promise<'r>],
}

impl<'r> Flags<'r> {
    /// Those of the rule at this place.
    pub fn at(place: usize, all: &'r [Promise<'r>]) -> Flags<'r> {
        let earlier = all.iter().take(place);
        Flags {
            above: earlier.flat_map(|rule| rule.raises).map(String::as_str).collect(),
            place,
            all,
        }
    }

    /// The rules above.
    pub fn earlier(&self) -> impl Iterator<Item = &Promise<'r>> {
        self.all.iter().take(self.place)
    }

    /// What to do about a flag that no rule above raises.
    pub fn missing(&self, flag: &str) -> String {
        let raisers = |flag: &str| {
            let raises = move |rule: &&Promise<'r>| rule.raises.iter().any(|own| own == flag);
            self.all
                .iter()
                .skip(self.place)
                .filter(raises)
                .copied()
                .collect::<Vec<_>>()
        };
        let own = self.all.get(self.place);
        if let Some(own) = own
            && let Some(circle) = self.circle(own, flag, &raisers)
        {
            return circle;
        }
        if let Some(below) = raisers(flag).first() {
            let id = below.id;
            return format!(
                "asks for the flag '{flag}', which only {id} below raises: move this rule below {id}"
            );
        }
        let known = self.all.iter().flat_map(|rule| rule.raises).map(String::as_str);
        match nearest_of(flag, known.chain(self.above.iter().copied())) {
            Some(near) => format!("asks for the flag '{flag}', which no rule raises; did you mean '{near}'?"),
            None => format!("asks for the flag '{flag}', which no rule raises: take it out, or add the rule"),
        }
    }

    /// Follows the wait for this flag from rule to rule; says so if it comes back to where it began.
    fn circle(
        &self,
        own: &Promise<'r>,
        flag: &str,
        raisers: &dyn Fn(&str) -> Vec<Promise<'r>>,
    ) -> Option<String> {
        let mut ways: Vec<Vec<(String, Promise<'r>)>> = raisers(flag)
            .into_iter()
            .map(|rule| vec![(flag.to_owned(), rule)])
            .collect();
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop() {
            let (_, last) = way.last()?;
            if last.id == own.id {
                return Some(told_circle(own, &way));
            }
            if seen.insert(last.id) {
                for next in awaited(last, self.all) {
                    for rule in raisers(next) {
                        ways.push([way.clone(), vec![(next.to_owned(), rule)]].concat());
                    }
                }
            }
        }
        None
    }
}

/// The flags a rule's condition names.
fn awaited<'r>(rule: &Promise<'r>, all: &[Promise<'r>]) -> Vec<&'r str> {
    let mut flags: Vec<&str> = all
        .iter()
        .flat_map(|rule| rule.raises)
        .map(String::as_str)
        .collect();
    flags.retain(|flag| {
        rule.when.contains(&format!("'{flag}'")) || rule.when.contains(&format!("\"{flag}\""))
    });
    flags.sort_unstable();
    flags.dedup();
    flags
}

fn told_circle(own: &Promise<'_>, way: &[(String, Promise<'_>)]) -> String {
    if let [(flag, _)] = way {
        return format!("waits for the flag '{flag}', which only this rule itself raises: it can never hold");
    }
    let mut waiting = own.id;
    let mut told = Vec::new();
    for (flag, rule) in way {
        told.push(format!("{waiting} waits for '{flag}', which {} raises", rule.id));
        waiting = rule.id;
    }
    format!(
        "is in a circle of flags: {}. None of them can ever hold: take one of these conditions out",
        told.join("; ")
    )
}
