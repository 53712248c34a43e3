//! What a suggestion costs: a decision, what would change it (once for each referral opened), and a replay of a thousand
//! referrals by two sets of rules, without the database. Decisions per second are in the column "items".
//!
//! `cargo bench --bench triage`; over a database, `iapt-pad triage replay FILE` (docs/operations.md).

use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use iapt_pad::config::Locality;
use iapt_pad::triage::{DEFAULT_RULES, Facts, PastCase, Replay, RuleSet, decide, what_would_change};
use iapt_pad::values::Id;

fn main() {
    divan::main();
}

fn locality() -> Locality {
    Locality::example().expect("the example is right")
}

fn rules(text: &str) -> Arc<RuleSet> {
    let rules = RuleSet::parse("rules", text, &locality().long_term_conditions);
    Arc::new(rules.expect("rules that load"))
}

/// People who differ: answers drawn from a small generator with a fixed seed.
fn people(count: u64) -> Vec<Facts> {
    let mut drawn: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut below = move |sides: u64| {
        drawn ^= drawn << 13;
        drawn ^= drawn >> 7;
        drawn ^= drawn << 17;
        (drawn >> 11) % sides
    };
    let mut one = || {
        let mut items = |count: usize| {
            let answers: Vec<String> = (0..count).map(|_| below(4).to_string()).collect();
            format!("[{}]", answers.join(","))
        };
        let (phq9, gad7) = (items(8), items(7));
        let phq9 = phq9.replace(']', if below(7) == 0 { ",1]" } else { ",0]" });
        let ltc = ["[]", "[\"back_pain\"]", "[\"sciatica\"]", "[\"diabetes\"]"];
        let linked = ["yes", "no", "unsure"];
        let problems = ["low_mood", "worry", "ptsd", "ocd", "panic", "not_sure"];
        let mut pick =
            |from: &[&str]| from[usize::try_from(below(from.len() as u64)).unwrap_or(0)].to_owned();
        let facts = format!(
            "{{\"phq9\":{phq9},\"gad7\":{gad7},\"ltc\":{},\"ltc_linked\":\"{}\",\"problem\":\"{}\",\
             \"pain_weeks\":{},\"age\":{},\"bsl\":{},\"perinatal\":{}}}",
            pick(&ltc),
            pick(&linked),
            pick(&problems),
            pick(&["0", "6", "12", "52", "null"]),
            pick(&["17", "19", "34", "40", "58", "81"]),
            pick(&["false", "false", "false", "true"]),
            pick(&["false", "false", "false", "true"]),
        );
        Facts::from_json(&facts).expect("facts")
    };
    (0..count).map(|_| one()).collect()
}

#[divan::bench]
fn decisions_1000(bencher: Bencher) {
    let (rules, people) = (rules(DEFAULT_RULES), people(1_000));
    bencher.counter(ItemsCount::new(people.len())).bench_local(|| {
        let flags = people.iter().map(|facts| decide(&rules, facts).flags.len());
        flags.sum::<usize>()
    });
}

/// The longest of these is what a page may have to wait for.
#[divan::bench]
fn what_would_change_100(bencher: Bencher) {
    let (rules, people, locality) = (rules(DEFAULT_RULES), people(100), locality());
    bencher.counter(ItemsCount::new(people.len())).bench_local(|| {
        for facts in &people {
            divan::black_box(what_would_change(&rules, facts, &locality));
        }
    });
}

#[divan::bench]
fn replay_10000(bencher: Bencher) {
    let (in_force, proposed) = (
        rules(DEFAULT_RULES),
        rules(&DEFAULT_RULES.replace("phq9_total >= 20", "phq9_total >= 18")),
    );
    let case = |(number, facts): (u8, Facts)| {
        let decision = decide(&in_force, &facts);
        PastCase {
            id: Id::from_bytes([number; 16]),
            reference: number.to_string(),
            facts,
            then: decision.outcome(),
            flags: decision.flags,
        }
    };
    let cases: Vec<PastCase> = (0..=u8::MAX).cycle().zip(people(10_000)).map(case).collect();
    bencher.counter(ItemsCount::new(cases.len())).bench_local(|| {
        let mut replay = Replay::new(in_force.clone(), proposed.clone());
        cases.iter().for_each(|case| replay.look(case));
        replay.tally().changed
    });
}
