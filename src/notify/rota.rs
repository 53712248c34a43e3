//! The rota: who is told of an urgent referral, in which order. Pure; one change at a time, and never the last person.

use std::fmt;

use jiff::civil::Date;

use crate::config::{RotaEntry, Shift};
use crate::values::{Id, Ts};

/// As many people as a rota may hold: more would be told only after hours.
pub const MOST_ON_ROTA: usize = 20;
/// As many stretches of leave as are kept for one person.
pub const MOST_LEAVE: usize = 20;

/// One person of the rota.
#[derive(Clone, PartialEq, Eq)]
pub struct RotaPerson {
    /// The row; one that stands for the locality file has no row yet.
    pub id: Id,
    /// Name or role.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// The number to ring.
    pub phone: String,
    /// When the person can be told, on London clocks; empty: always.
    pub shifts: Vec<Shift>,
    /// When the person is away, the earliest first.
    pub leave: Vec<Leave>,
}

/// Days on which somebody is away, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leave {
    /// The first day away.
    pub first: Date,
    /// The last day away.
    pub last: Date,
}

impl Leave {
    /// "21 December 2026 to 3 January 2027", or the one day.
    pub fn display(&self) -> String {
        let day = |date: Date| date.strftime("%-d %B %Y").to_string();
        match self.first == self.last {
            true => day(self.first),
            false => format!("{} to {}", day(self.first), day(self.last)),
        }
    }

    /// Whether the person is away on this day.
    pub fn covers(&self, date: Date) -> bool {
        (self.first..=self.last).contains(&date)
    }
}

impl fmt::Debug for RotaPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RotaPerson({}, [redacted])", self.id)
    }
}

impl RotaPerson {
    /// A person as the locality file or a form names them.
    pub fn from_entry(id: Id, entry: &RotaEntry) -> Self {
        Self {
            id,
            name: entry.name.clone(),
            email: entry.email.clone(),
            phone: entry.phone.clone(),
            shifts: entry.shifts.clone(),
            leave: Vec::new(),
        }
    }

    fn in_words(&self) -> String {
        match self.shifts.is_empty() {
            true => format!("{}, {}, {}", self.name, self.email, self.phone),
            false => format!(
                "{}, {}, {}, {}",
                self.name,
                self.email,
                self.phone,
                self.shifts_in_words()
            ),
        }
    }

    /// "Mon-Fri 09:00-17:00; Sat-Sun all day", or "Always".
    pub fn shifts_in_words(&self) -> String {
        let shifts: Vec<String> = self.shifts.iter().map(Shift::display).collect();
        match shifts.is_empty() {
            true => "Always".to_owned(),
            false => shifts.join("; "),
        }
    }
}

/// The rota as its page shows it.
#[derive(Clone, Debug, Default)]
pub struct Rota {
    /// Who is on it, in order.
    pub people: Vec<RotaPerson>,
    /// The number of its last change; a form carries it, so that nobody changes what they have not seen.
    pub version: i32,
    /// The last changes, the newest first.
    pub changes: Vec<RotaChanged>,
}

/// One change that was made.
#[derive(Clone, Debug)]
pub struct RotaChanged {
    /// When.
    pub at: Ts,
    /// Who changed it; nobody where it was taken over from the locality file.
    pub by: Option<Id>,
    /// What, in words.
    pub what: String,
}

/// One change of the rota.
#[derive(Clone, Debug)]
pub enum RotaChange {
    /// Somebody more, at the end.
    Add(RotaPerson),
    /// Other details or shifts of somebody; their leave stays as it is.
    Set(RotaPerson),
    /// Somebody is away.
    AddLeave(Id, Leave),
    /// Somebody is not away after all.
    DropLeave(Id, Leave),
    /// One place earlier.
    Up(Id),
    /// One place later.
    Down(Id),
    /// Off the rota.
    TakeOff(Id),
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotaOutcome {
    /// Done and recorded.
    Done,
    /// Somebody changed the rota since the page was loaded.
    ChangedMeanwhile,
    /// That person is not on it.
    NotOnIt,
    /// Nobody would be left.
    LastOne,
    /// There is no room for more.
    Full,
    /// Somebody on it has this e-mail address.
    TwiceOnIt,
    /// It is so already.
    AlreadySo,
}

/// Makes the change and says it in words; else why not.
pub(super) fn apply(people: &mut Vec<RotaPerson>, change: &RotaChange) -> Result<String, RotaOutcome> {
    let place = |id: Id| people.iter().position(|person| person.id == id);
    let has_mailbox = |wanted: &RotaPerson| {
        let others = people.iter().filter(|person| person.id != wanted.id);
        others
            .into_iter()
            .any(|person| same_mailbox(&person.email, &wanted.email))
    };
    match change {
        RotaChange::Add(_) if people.len() >= MOST_ON_ROTA => Err(RotaOutcome::Full),
        RotaChange::Add(person) | RotaChange::Set(person) if has_mailbox(person) => {
            Err(RotaOutcome::TwiceOnIt)
        }
        RotaChange::Add(person) => {
            people.push(person.clone());
            Ok(format!("Added: {}", person.in_words()))
        }
        RotaChange::Set(person) => {
            let at = place(person.id).ok_or(RotaOutcome::NotOnIt)?;
            let before = people.get_mut(at).ok_or(RotaOutcome::NotOnIt)?;
            let after = RotaPerson {
                leave: before.leave.clone(),
                ..person.clone()
            };
            if *before == after {
                return Err(RotaOutcome::AlreadySo);
            }
            let what = format!("Changed: {}. Before: {}", after.in_words(), before.in_words());
            *before = after;
            Ok(what)
        }
        RotaChange::AddLeave(id, leave) => {
            let person = find(people, *id)?;
            if person.leave.contains(leave) {
                return Err(RotaOutcome::AlreadySo);
            }
            if person.leave.len() >= MOST_LEAVE {
                return Err(RotaOutcome::Full);
            }
            person.leave.push(*leave);
            person.leave.sort_unstable();
            Ok(format!("On leave: {}, {}", person.name, leave.display()))
        }
        RotaChange::DropLeave(id, leave) => {
            let person = find(people, *id)?;
            let before = person.leave.len();
            person.leave.retain(|one| one != leave);
            match person.leave.len() == before {
                true => Err(RotaOutcome::AlreadySo),
                false => Ok(format!(
                    "No longer on leave: {}, {}",
                    person.name,
                    leave.display()
                )),
            }
        }
        RotaChange::Up(id) => {
            let at = place(*id).ok_or(RotaOutcome::NotOnIt)?;
            let earlier = at.checked_sub(1).ok_or(RotaOutcome::AlreadySo)?;
            people.swap(at, earlier);
            Ok(format!("Moved up: {}", named(people, *id)))
        }
        RotaChange::Down(id) => {
            let at = place(*id).ok_or(RotaOutcome::NotOnIt)?;
            let later = at + 1;
            if later >= people.len() {
                return Err(RotaOutcome::AlreadySo);
            }
            people.swap(at, later);
            Ok(format!("Moved down: {}", named(people, *id)))
        }
        RotaChange::TakeOff(id) => {
            let at = place(*id).ok_or(RotaOutcome::NotOnIt)?;
            if people.len() == 1 {
                return Err(RotaOutcome::LastOne);
            }
            let gone = people.remove(at);
            Ok(format!("Taken off: {}", gone.in_words()))
        }
    }
}

fn find(people: &mut [RotaPerson], id: Id) -> Result<&mut RotaPerson, RotaOutcome> {
    let found = people.iter_mut().find(|person| person.id == id);
    found.ok_or(RotaOutcome::NotOnIt)
}

/// The people of the locality file, while the database has no rota: told apart by their places in it.
pub(super) fn seeded(seed: &[RotaEntry]) -> Vec<RotaPerson> {
    let place = |place: u8| {
        let mut bytes = [0; 16];
        bytes[15] = place;
        Id::from_bytes(bytes)
    };
    let people = (0_u8..).zip(seed);
    people
        .map(|(at, entry)| RotaPerson::from_entry(place(at), entry))
        .collect()
}

/// The same with rows of their own; a mailbox that stands twice in the file stands once on the rota.
pub(super) fn drawn(seed: &[RotaEntry]) -> Vec<RotaPerson> {
    let mut people: Vec<RotaPerson> = Vec::new();
    for entry in seed {
        if !people
            .iter()
            .any(|person| same_mailbox(&person.email, &entry.email))
        {
            people.push(RotaPerson::from_entry(Id::new(), entry));
        }
    }
    people
}

fn named(people: &[RotaPerson], id: Id) -> &str {
    let found = people.iter().find(|person| person.id == id);
    found.map_or("", |person| person.name.as_str())
}

fn same_mailbox(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str) -> RotaPerson {
        RotaPerson {
            id: Id::new(),
            name: name.to_owned(),
            email: format!("{name}@example.org"),
            phone: "0114 496 0111".to_owned(),
            shifts: Vec::new(),
            leave: Vec::new(),
        }
    }

    fn names(people: &[RotaPerson]) -> String {
        people.iter().map(|person| person.name.as_str()).collect()
    }

    #[test]
    fn a_rota_changes_one_step_at_a_time_and_never_loses_its_last() {
        let mut rota = vec![person("a"), person("b"), person("c")];
        let [a, b, c] = [0, 1, 2].map(|at: usize| rota[at].id);
        let d = person("d");
        for (change, result, expected) in [
            (RotaChange::Up(a), Err(RotaOutcome::AlreadySo), "abc"),
            (RotaChange::Down(c), Err(RotaOutcome::AlreadySo), "abc"),
            (RotaChange::Down(a), Ok("Moved down: a"), "bac"),
            (RotaChange::Up(c), Ok("Moved up: c"), "bca"),
            (
                RotaChange::Add(d.clone()),
                Ok("Added: d, d@example.org, 0114 496 0111"),
                "bcad",
            ),
            (
                RotaChange::TakeOff(d.id),
                Ok("Taken off: d, d@example.org, 0114 496 0111"),
                "bca",
            ),
            (RotaChange::TakeOff(d.id), Err(RotaOutcome::NotOnIt), "bca"),
            (
                RotaChange::TakeOff(b),
                Ok("Taken off: b, b@example.org, 0114 496 0111"),
                "ca",
            ),
            (
                RotaChange::TakeOff(a),
                Ok("Taken off: a, a@example.org, 0114 496 0111"),
                "c",
            ),
            (RotaChange::TakeOff(c), Err(RotaOutcome::LastOne), "c"),
        ] {
            let told = apply(&mut rota, &change);
            assert_eq!(told.as_deref().map_err(|why| *why), result, "{change:?}");
            assert_eq!(names(&rota), expected, "{change:?}");
        }
    }

    #[test]
    fn nobody_stands_twice_on_it_and_there_is_an_end() {
        let mut rota = vec![person("a"), person("b")];
        let twin = RotaPerson {
            id: Id::new(),
            email: "A@example.org".to_owned(),
            ..person("x")
        };
        assert_eq!(
            apply(&mut rota, &RotaChange::Add(twin)),
            Err(RotaOutcome::TwiceOnIt)
        );
        let renamed = RotaPerson {
            name: "Anna".to_owned(),
            ..rota[0].clone()
        };
        let told = apply(&mut rota, &RotaChange::Set(renamed.clone())).expect("changed");
        assert!(
            told.starts_with("Changed: Anna, a@example.org") && told.contains("Before: a, "),
            "{told}"
        );
        assert_eq!(
            apply(&mut rota, &RotaChange::Set(renamed)),
            Err(RotaOutcome::AlreadySo)
        );
        let stolen = RotaPerson {
            email: "b@example.org".to_owned(),
            ..rota[0].clone()
        };
        assert_eq!(
            apply(&mut rota, &RotaChange::Set(stolen)),
            Err(RotaOutcome::TwiceOnIt)
        );
        while rota.len() < MOST_ON_ROTA {
            rota.push(person(&format!("p{}", rota.len())));
        }
        assert_eq!(
            apply(&mut rota, &RotaChange::Add(person("z"))),
            Err(RotaOutcome::Full)
        );
    }

    #[test]
    fn leave_is_noted_and_taken_back_and_a_change_of_details_keeps_it() {
        let day = |text: &str| text.parse::<Date>().expect("a date");
        let mut rota = vec![person("a"), person("b")];
        let a = rota[0].id;
        let christmas = Leave {
            first: day("2026-12-21"),
            last: day("2027-01-03"),
        };
        let told = apply(&mut rota, &RotaChange::AddLeave(a, christmas));
        assert_eq!(
            told.as_deref(),
            Ok("On leave: a, 21 December 2026 to 3 January 2027")
        );
        let again = apply(&mut rota, &RotaChange::AddLeave(a, christmas));
        assert_eq!(again, Err(RotaOutcome::AlreadySo));
        let on_days = RotaPerson {
            shifts: vec![Shift::parse("Mon-Fri 09:00-17:00").expect("a shift")],
            leave: Vec::new(),
            ..rota[0].clone()
        };
        let told = apply(&mut rota, &RotaChange::Set(on_days)).expect("changed");
        assert!(told.contains("0111, Mon-Fri 09:00-17:00. Before: a"), "{told}");
        assert_eq!(rota[0].leave, [christmas]);
        let told = apply(&mut rota, &RotaChange::DropLeave(a, christmas));
        assert_eq!(
            told.as_deref(),
            Ok("No longer on leave: a, 21 December 2026 to 3 January 2027")
        );
        assert!(rota[0].leave.is_empty());
        let gone = apply(&mut rota, &RotaChange::DropLeave(a, christmas));
        assert_eq!(gone, Err(RotaOutcome::AlreadySo));
        let nobody = apply(&mut rota, &RotaChange::AddLeave(Id::new(), christmas));
        assert_eq!(nobody, Err(RotaOutcome::NotOnIt));
    }
}
