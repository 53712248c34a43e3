//! What there is to choose from, as the page lists it: runs and first talks by day, and courses to wait for.

use super::Mine;
use super::place::{access, facts, long_day, talk, times};
use crate::booking::{Choice, SlotChoice};
use crate::values::Id;

/// At so many places left the list says how many.
const FEW: usize = 3;

/// What there is to choose from, by the day it begins.
#[derive(Default)]
pub(in crate::patient) struct Listed {
    pub days: Vec<Day>,
    /// Courses that are full.
    pub waits: Vec<Wait>,
    /// The list is of times for a first talk, not of courses.
    pub talks: bool,
}

/// The runs that begin on one day.
pub(in crate::patient) struct Day {
    pub day: String,
    pub runs: Vec<Run>,
}

/// One run.
pub(in crate::patient) struct Run {
    pub value: String,
    pub course: String,
    pub time: String,
    /// The other days.
    pub then: String,
    pub venue: String,
    pub address: String,
    pub access: Vec<String>,
    /// "3 places left"; nothing where there are enough.
    pub few: String,
}

/// A course to wait for.
pub(in crate::patient) struct Wait {
    pub value: String,
    pub course: String,
}

impl Listed {
    /// All that may be chosen, without the run that is theirs already.
    pub fn of(mine: &Mine) -> Self {
        let own = mine.place.as_ref().map(|place| place.run.id);
        let runs = mine.choices.runs.iter();
        let mut listed = Listed::default();
        for choice in runs.filter(|choice| Some(choice.run.id) != own) {
            let day = format!("From {}", long_day(choice.run.first_session));
            listed.add(day, run(choice));
        }
        listed.talks = !mine.slots.is_empty();
        for choice in &mine.slots {
            listed.add(long_day(choice.slot.starts), appointment(choice));
        }
        let waits_for = |course: Id| mine.waiting.iter().any(|wait| wait.course == course);
        listed.waits = mine
            .choices
            .waiting
            .iter()
            .filter(|wait| !mine.has_place() && !waits_for(wait.course))
            .map(|wait| Wait {
                value: format!("wait-{}", wait.course),
                course: wait.name.clone(),
            })
            .collect();
        listed
    }

    /// Adds one under its day; they come in order.
    fn add(&mut self, day: String, run: Run) {
        match self.days.last_mut().filter(|last| last.day == day) {
            Some(last) => last.runs.push(run),
            None => self.days.push(Day { day, runs: vec![run] }),
        }
    }

    /// Whether there is nothing to choose.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty() && self.waits.is_empty()
    }
}

fn run(choice: &Choice) -> Run {
    let run = &choice.run;
    let then: Vec<String> = run
        .session_starts()
        .iter()
        .skip(1)
        .map(|at| at.london().strftime("%-d %B").to_string())
        .collect();
    Run {
        value: format!("run-{}", run.id),
        course: run.course_name.clone(),
        time: times(run.first_session, run.minutes),
        then: then.join(", "),
        venue: run.venue.clone(),
        address: run.address.clone(),
        access: access(run),
        few: match choice.free {
            1 => "One place left".to_owned(),
            few if few <= FEW => format!("{few} places left"),
            _ => String::new(),
        },
    }
}

fn appointment(choice: &SlotChoice) -> Run {
    let slot = &choice.slot;
    Run {
        value: format!("slot-{}", slot.id),
        course: talk(slot.kind).to_owned(),
        time: times(slot.starts, slot.minutes),
        then: String::new(),
        venue: choice.venue.clone(),
        address: choice.address.clone(),
        access: facts(&choice.facts),
        few: String::new(),
    }
}
