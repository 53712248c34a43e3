//! Two lists of sentences hold what the floor finds: as people write who are in danger, and as people write who are in
//! pain. All are made up.

use std::sync::LazyLock;

use super::find_risk_words;
use crate::config::Locality;

const RISK: &str = include_str!("sentences/risk.txt");
const PAIN: &str = include_str!("sentences/pain.txt");

/// Sentences of the second list that raise all the same. A person looks at them sooner than would be needed; each is
/// too near to what somebody in danger writes to be left out.
const FALSE_ALARMS: [&str; 8] = [
    "I don't want to live in pain for the rest of my days",
    "The nurse warned me about overdosing on paracetamol",
    "I am not suicidal",
    "I have never thought of suicide",
    "My brother took his own life in 2010",
    "I don't want to die, I am scared of my heart stopping",
    "I'm worried I will hurt someone by driving with this medication",
    "I can't carry on like this at work",
];

/// With the list that ships, and with the floor alone.
fn raises(sentence: &str) -> bool {
    static SHIPPED: LazyLock<Vec<String>> =
        LazyLock::new(|| Locality::example().expect("a locality").risk_words);
    let floor = !find_risk_words(&[], sentence).is_empty();
    assert_eq!(
        floor,
        !find_risk_words(&SHIPPED, sentence).is_empty(),
        "{sentence}"
    );
    floor
}

#[test]
fn every_sentence_of_danger_raises() {
    let all: Vec<&str> = RISK.lines().collect();
    assert!(all.len() >= 60, "{} sentences", all.len());
    let silent: Vec<&&str> = all.iter().filter(|sentence| !raises(sentence)).collect();
    assert!(
        silent.is_empty(),
        "{} of {} are silent: {silent:#?}",
        silent.len(),
        all.len()
    );
}

#[test]
fn of_the_sentences_of_people_in_pain_these_raise_and_no_others() {
    let all: Vec<&str> = PAIN.lines().collect();
    assert!(all.len() >= 60, "{} sentences", all.len());
    let alarms: Vec<&str> = all.iter().copied().filter(|sentence| raises(sentence)).collect();
    assert_eq!(alarms, FALSE_ALARMS, "of {}", all.len());
}

/// What people say in pictures is found by nobody but a reader: a find raises, its absence means nothing.
#[test]
fn no_list_of_words_finds_what_is_only_hinted_at() {
    for sentence in [
        "I drove to the cliffs and sat there for an hour",
        "I wish the ground would swallow me up and I'd never come back",
        "I pick up the scissors and cut",
    ] {
        assert!(
            !raises(sentence),
            "{sentence}: move it to the sentences that raise"
        );
    }
}
