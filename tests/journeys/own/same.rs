//! Whatever the answers: the pages a patient sees differ only where a place may be chosen, and by their dates.

use std::collections::BTreeSet;

use super::copy::TEAMS;
use super::{Owner, house};
use crate::support::courses::Diary;
use crate::support::databases::on_both;
use crate::support::referrals::{ASubmission, submission};

fn with(change: impl Fn(&mut iapt_pad::triage::Facts)) -> ASubmission {
    let mut sent = submission();
    change(&mut sent.0.facts);
    sent
}

/// Very different people in the eyes of the rules.
fn people() -> Vec<ASubmission> {
    vec![
        submission(),
        with(|facts| facts.phq9 = Some([Some(0); 9])),
        with(|facts| {
            facts.phq9 = Some([
                Some(3),
                Some(3),
                Some(3),
                Some(3),
                Some(3),
                Some(3),
                Some(3),
                Some(3),
                Some(0),
            ])
        }),
        with(|facts| facts.gad7 = Some([Some(3); 7])),
        with(|facts| facts.phq9 = None),
        submission().item9(1),
        submission().item9(3),
        submission().in_danger(),
        submission().expecting(),
        with(|facts| facts.safeguarding = true),
        with(|facts| facts.harm_to_others = true),
        with(|facts| facts.spine_red_flag = true),
        with(|facts| facts.psychosis_mania = true),
        with(|facts| facts.interpreter = Some("ur".to_owned())),
        with(|facts| facts.secondary_mh = true),
    ]
}

/// A page without what is this referral's own: its reference, its token, its dates.
fn plain(owner: &Owner, page: &str) -> String {
    let page = page
        .replace(&owner.token, "TOKEN")
        .replace(&owner.reference, "REFERENCE");
    let months = ["November", "December", "January"];
    let mut told = Vec::new();
    for word in page.split(' ') {
        let is_day = word.len() <= 2 && word.chars().all(|letter| letter.is_ascii_digit());
        let is_date = months.iter().any(|month| word.starts_with(month)) || word.contains("day");
        if !(is_day || is_date) {
            told.push(word);
        }
    }
    told.join(" ")
}

#[test]
fn whatever_the_answers_a_patients_pages_say_the_same() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let _diary = Diary::within(house.visit.app.clone(), 20).await;
        let mut kinds: [BTreeSet<String>; 2] = Default::default();
        for sent in people() {
            let owner = Owner::of(&house.visit, sent).await;
            let mut all = owner.sees("").await.body;
            all += &owner.sees("/open?then=page").await.body;
            owner.opens().await;
            let chooses = !owner.sees("/place").await.location.ends_with(&owner.token);
            for at in ["", "/details", "/copy", "/stop"] {
                all += &owner.sees(at).await.body;
            }
            if chooses {
                all += &owner.sees("/place").await.body;
            }
            let gone = owner.sends("/stop", "then=stop").await;
            gone.is(200);
            all += &gone.body;
            all += &owner.sees("").await.body;
            let all = plain(&owner, &all);
            for word in TEAMS {
                assert!(!all.contains(word), "{word} is on a page");
            }
            kinds[usize::from(chooses)].insert(all);
        }
        for (chooses, said) in kinds.iter().enumerate() {
            assert_eq!(said.len(), 1, "{chooses}: {said:#?}");
        }
        house.visit.ends().await;
    });
}
