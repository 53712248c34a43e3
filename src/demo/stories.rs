//! Three hundred made-up people, drawn from a fixed seed, so that every demo tells the same stories: mostly calm,
//! some urgent, a few in danger, as a service of this size would see.

use jiff::civil::date;

use super::cast::{FIRST_NAMES, SURNAMES};
use crate::questionnaire::{CrisisNow, Linked, Problem};
use crate::referrals::Person;
use crate::triage::{Facts, Source};
use crate::values::Ts;

/// Two people are in danger, this one now: the row that must never be missed.
const IN_DANGER_NOW: u32 = 2;
/// As many people as a demo has.
pub const PEOPLE: u32 = 300;
/// Over how many days they came.
const DAYS: i64 = 56;

/// As long ago the one in danger came whom nobody has acknowledged yet, in minutes: before the first alarm.
const JUST_NOW: i64 = 6;

/// What the team forgot: a few of three hundred, so that the demo shows what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forgotten {
    /// Nobody rang as promised.
    Call,
    /// Accepted, and not entered into the record system.
    Entering,
}

/// Who came, when, with what.
pub(super) struct Story {
    pub number: u32,
    pub person: Person,
    pub facts: Facts,
    pub came: Ts,
    /// Came with a slip.
    pub with_slip: bool,
    /// What the team did since; drawn, so that every queue has somebody in it.
    pub fate: u32,
    pub forgotten: Option<Forgotten>,
}

/// Whole days from one moment to another.
#[derive(Clone, Copy)]
pub(super) struct LastDays(pub i64);

impl LastDays {
    pub fn between(came: Ts, now: Ts) -> Self {
        Self(now.since(came).as_hours() / 24)
    }
}

/// A small generator with a fixed seed: the same demo on every machine. Nothing secret is drawn with it.
pub(super) struct Dice(u64);

impl Dice {
    pub fn seeded(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    /// A number below `sides`.
    pub fn below(&mut self, sides: u64) -> u64 {
        self.next() % sides.max(1)
    }

    /// Whether something happens to `percent` in a hundred.
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, from: &[T], otherwise: T) -> T {
        let index = usize::try_from(self.below(from.len() as u64)).unwrap_or_default();
        from.get(index).copied().unwrap_or(otherwise)
    }

    fn small(&mut self, sides: u64) -> i8 {
        i8::try_from(self.below(sides)).unwrap_or_default()
    }
}

/// The story of person `number` of so many.
pub(super) fn story(number: u32, people: u32, now: Ts) -> Story {
    let dice = &mut Dice::seeded(u64::from(number) + 1);
    let days_ago = (i64::from(number) * DAYS) / i64::from(people.max(1));
    let minutes = i64::try_from(dice.below(9 * 60)).unwrap_or_default();
    let came = match number {
        IN_DANGER_NOW => now.plus_minutes(-JUST_NOW),
        _ => now.plus_days(-days_ago).plus_minutes(-minutes - 5),
    };
    let facts = facts(dice, number);
    Story {
        person: person(dice, number),
        facts,
        came,
        with_slip: dice.chance(70),
        fate: number_of(dice.below(100)),
        forgotten: forgotten(number),
        number,
    }
}

fn forgotten(number: u32) -> Option<Forgotten> {
    match number {
        101 | 112 | 131 => Some(Forgotten::Call),
        41 | 58 | 77 => Some(Forgotten::Entering),
        _ => None,
    }
}

fn number_of(drawn: u64) -> u32 {
    u32::try_from(drawn).unwrap_or_default()
}

fn person(dice: &mut Dice, number: u32) -> Person {
    let first = dice.pick(&FIRST_NAMES, "Pat");
    let last = dice.pick(&SURNAMES, "Example");
    let year = 1940 + i16::try_from(dice.below(65)).unwrap_or_default();
    let born = date(year, 1 + dice.small(12), 1 + dice.small(28));
    let district = 1 + dice.below(13);
    Person {
        name: format!("{first} {last}"),
        date_of_birth: Some(born),
        // Ofcom keeps 07700 900000 to 900999 for drama.
        phone: dice.chance(94).then(|| format!("+447700900{:03}", number % 1000)),
        email: Some(format!(
            "{}.{}{number}@example.org",
            first.to_lowercase(),
            last.to_lowercase()
        )),
        voicemail_ok: dice.chance(75),
        text_ok: dice.chance(80),
        write_ok: dice.chance(85),
        address: vec![
            format!("{} Made-up Street", 1 + dice.below(200)),
            "Sheffield".to_owned(),
        ],
        postcode: Some(format!("S{district} 9ZZ")),
        gp_surgery: Some(
            dice.pick(
                &["Example Surgery", "Sample Medical Centre", "Placeholder Practice"],
                "",
            )
            .to_owned(),
        ),
        ..Person::default()
    }
}

pub(super) fn facts(dice: &mut Dice, number: u32) -> Facts {
    let in_pain = dice.chance(78);
    let mut facts = Facts {
        source: if dice.chance(8) {
            Source::Gp
        } else {
            Source::Patient
        },
        crisis_now: Some(CrisisNow::No),
        phq9: Some(scale(dice)),
        gad7: Some(scale(dice)),
        problem: problem(dice, in_pain),
        ltc: if in_pain {
            vec![
                dice.pick(&["back_pain", "sciatica", "chronic_pain"], "back_pain")
                    .to_owned(),
            ]
        } else {
            Vec::new()
        },
        ltc_linked: if in_pain && dice.chance(85) {
            Linked::Yes
        } else {
            Linked::No
        },
        pain_weeks: in_pain.then(|| dice.pick(&[6, 12, 52, 52, 52], 52)),
        work_affected: dice.chance(25),
        step2_no_benefit: dice.chance(8),
        perinatal: dice.chance(3),
        secondary_mh: dice.chance(3),
        format_need: dice.chance(4),
        ..Facts::default()
    };
    if dice.chance(5) {
        facts.interpreter = Some(dice.pick(&["ar", "ur", "pl", "so"], "ar").to_owned());
    }
    if let Some(items) = facts.phq9.as_mut() {
        items[8] = Some(thoughts(dice, number));
        if dice.chance(4) {
            items[3] = None;
        }
    }
    if number == IN_DANGER_NOW || number == 150 {
        facts.crisis_now = Some(CrisisNow::Yes);
    }
    facts
}

/// Item 9: most answer not at all.
fn thoughts(dice: &mut Dice, number: u32) -> u8 {
    if number == 7 {
        return 3;
    }
    let drawn = dice.below(100);
    if drawn < 86 {
        0
    } else if drawn < 96 {
        1
    } else {
        2
    }
}

fn problem(dice: &mut Dice, in_pain: bool) -> Problem {
    let common = [
        Problem::LowMood,
        Problem::LowMood,
        Problem::Worry,
        Problem::Worry,
        Problem::Panic,
        Problem::NotSure,
    ];
    let others = [
        Problem::Ptsd,
        Problem::SocialAnxiety,
        Problem::Ocd,
        Problem::HealthAnxiety,
        Problem::Phobia,
    ];
    if in_pain && dice.chance(45) {
        Problem::StressLtc
    } else if dice.chance(82) {
        dice.pick(&common, Problem::LowMood)
    } else {
        dice.pick(&others, Problem::Phobia)
    }
}

/// Answers around one person's own level, so that totals spread as they do in a clinic.
fn scale<const N: usize>(dice: &mut Dice) -> [Option<u8>; N] {
    let level = dice.below(3);
    std::array::from_fn(|_| u8::try_from((level + dice.below(2)).min(3)).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Locality;
    use crate::triage::{Priority, RuleSet, decide};

    #[test]
    fn every_demo_tells_the_same_stories() {
        let now = Ts("2026-11-23T09:00:00Z".parse().expect("a timestamp"));
        let (one, two) = (story(17, PEOPLE, now), story(17, PEOPLE, now));
        assert_eq!((one.person.name, one.came), (two.person.name, two.came));
    }

    #[test]
    fn what_is_forgotten_is_routine() {
        let now = Ts("2026-11-23T09:00:00Z".parse().expect("a timestamp"));
        let conditions = Locality::example().expect("an example").long_term_conditions;
        let rules = RuleSet::shipped(&conditions).expect("sound rules");
        let forgotten = (0..PEOPLE).map(|number| story(number, PEOPLE, now));
        let forgotten: Vec<Story> = forgotten.filter(|story| story.forgotten.is_some()).collect();
        assert_eq!(forgotten.len(), 6);
        for story in forgotten {
            let priority = decide(&rules, &story.facts).priority;
            assert!(
                matches!(priority, Priority::P3 | Priority::P4),
                "number {}: {priority:?}",
                story.number
            );
            assert!(
                story.fate >= 6 && story.person.phone.is_some(),
                "number {}",
                story.number
            );
        }
    }

    #[test]
    fn everyone_is_obviously_made_up() {
        let now = Ts("2026-11-23T09:00:00Z".parse().expect("a timestamp"));
        for number in 0..PEOPLE {
            let person = story(number, PEOPLE, now).person;
            let surname = person.name.split(' ').nth(1).expect("a surname");
            assert!(SURNAMES.contains(&surname));
            assert!(person.email.expect("an address").ends_with("@example.org"));
            assert!(person.phone.is_none_or(|phone| phone.starts_with("+447700900")));
        }
    }

    #[test]
    fn the_mix_has_calm_worried_and_endangered_people() {
        let now = Ts("2026-11-23T09:00:00Z".parse().expect("a timestamp"));
        let stories: Vec<Story> = (0..PEOPLE).map(|number| story(number, PEOPLE, now)).collect();
        let positive = stories
            .iter()
            .filter(|story| story.facts.item9().is_some_and(|answer| answer > 0))
            .count();
        assert!(
            (20..=80).contains(&positive),
            "{positive} of {PEOPLE} with a positive item 9"
        );
        assert_eq!(
            stories
                .iter()
                .filter(|story| story.facts.crisis_now == Some(CrisisNow::Yes))
                .count(),
            2
        );
    }
}
