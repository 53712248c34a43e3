//! What is looked for, in a small notation that a locality file can hold:
//!
//! | written | finds |
//! |---|---|
//! | `end my life` | these words, one behind the other |
//! | `suicid*` | any word that begins so |
//! | `end\|ending` | one of these words |
//! | `?` | one word more, or none |
//! | `~` | up to three words more, within the sentence |
//! | `!lifting\|at` | not where one of these words follows at once |
//! | `.` | only where the clause ends here |

use std::collections::HashMap;
use std::ops::Range;

use super::token::{Token, words};

/// As many words as `~` skips at most.
const MOST_SKIPPED: usize = 3;

/// One word of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    /// This word.
    Is(String),
    /// Any word that begins so.
    Begins(String),
}

impl Word {
    fn fits(&self, token: &Token) -> bool {
        match self {
            Word::Is(word) => *word == token.word,
            Word::Begins(stem) => token.word.starts_with(stem.as_str()),
        }
    }
}

#[derive(Clone, Debug)]
enum Part {
    OneOf(Vec<Word>),
    UpTo(usize),
    NotBefore(Vec<Word>),
    Pause,
}

/// One pattern.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    parts: Vec<Part>,
}

impl Pattern {
    /// Reads the notation. Whatever is written is a pattern; one without a word finds nothing.
    pub fn read(written: &str) -> Self {
        let mut parts = Vec::new();
        // Plain words are read together, so that "do not" is spelled as in a text.
        let mut plain = String::new();
        let flush = |plain: &mut String, parts: &mut Vec<Part>| {
            parts.extend(
                words(plain)
                    .into_iter()
                    .map(|word| Part::OneOf(vec![Word::Is(word)])),
            );
            plain.clear();
        };
        for chunk in written.split_whitespace() {
            let part = match chunk {
                "~" => Part::UpTo(MOST_SKIPPED),
                "?" => Part::UpTo(1),
                "." => Part::Pause,
                other if other.starts_with('!') => Part::NotBefore(one_of(other)),
                other if other.contains(['|', '*']) => Part::OneOf(one_of(other)),
                other => {
                    plain.push(' ');
                    plain.push_str(other);
                    continue;
                }
            };
            flush(&mut plain, &mut parts);
            parts.push(part);
        }
        flush(&mut plain, &mut parts);
        let first = parts
            .iter()
            .position(|part| matches!(part, Part::OneOf(words) if !words.is_empty()));
        let parts = first.map_or_else(Vec::new, |first| parts.split_off(first));
        Self { parts }
    }

    /// Whether it can find anything.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The words it may begin with.
    fn first(&self) -> &[Word] {
        match self.parts.first() {
            Some(Part::OneOf(words)) => words,
            Some(Part::UpTo(_) | Part::NotBefore(_) | Part::Pause) | None => &[],
        }
    }

    /// The words of the text that fit from `at` on.
    fn fits_at(&self, text: &[Token], at: usize) -> Option<Range<usize>> {
        fits(&self.parts, text, at).map(|end| at..end)
    }
}

fn one_of(chunk: &str) -> Vec<Word> {
    let alternatives = chunk.trim_start_matches('!').split('|');
    alternatives
        .filter_map(|written| {
            let word = words(written.trim_end_matches('*')).concat();
            match (word.is_empty(), written.ends_with('*')) {
                (true, _) => None,
                (false, true) => Some(Word::Begins(word)),
                (false, false) => Some(Word::Is(word)),
            }
        })
        .collect()
}

/// Where the words that fit end.
fn fits(parts: &[Part], text: &[Token], at: usize) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else {
        return Some(at);
    };
    let next = text.get(at);
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    match part {
        Part::OneOf(words) => {
            let token = next?;
            words
                .iter()
                .any(|word| word.fits(token))
                .then(|| fits(rest, text, at + 1))?
        }
        Part::UpTo(most) => (0..=*most)
            .take_while(|more| *more == 0 || text.get(at + more - 1).is_some_and(|skipped| !skipped.stop))
            .find_map(|more| fits(rest, text, at + more)),
        Part::NotBefore(words) => {
            let follows = next.filter(|_| before.is_some_and(|before| !before.pause));
            let excluded = follows.is_some_and(|token| words.iter().any(|word| word.fits(token)));
            (!excluded).then(|| fits(rest, text, at))?
        }
        Part::Pause => before
            .is_some_and(|before| before.pause)
            .then(|| fits(rest, text, at))?,
    }
}

/// Many patterns, found by the word they begin with.
pub(super) struct Patterns<T> {
    all: Vec<(T, Pattern)>,
    by_word: HashMap<String, Vec<usize>>,
    by_stem: Vec<(String, usize)>,
}

impl<T: Copy> Patterns<T> {
    pub fn new(written: impl Iterator<Item = (T, Pattern)>) -> Self {
        let mut patterns = Self {
            all: Vec::new(),
            by_word: HashMap::new(),
            by_stem: Vec::new(),
        };
        for (index, (what, pattern)) in written.enumerate() {
            for word in pattern.first() {
                match word {
                    Word::Is(word) => patterns.by_word.entry(word.clone()).or_default().push(index),
                    Word::Begins(stem) => patterns.by_stem.push((stem.clone(), index)),
                }
            }
            patterns.all.push((what, pattern));
        }
        patterns
    }

    /// Every place in the text where one of them fits, in the order of the text: what it is, and which words.
    pub fn find(&self, text: &[Token]) -> Vec<(T, Range<usize>)> {
        let mut found = Vec::new();
        for (at, token) in text.iter().enumerate() {
            let exact = self.by_word.get(&token.word).into_iter().flatten().copied();
            let stems = self.by_stem.iter();
            let stems = stems.filter(|(stem, _)| token.word.starts_with(stem.as_str()));
            for index in exact.chain(stems.map(|(_, index)| *index)) {
                let Some((what, pattern)) = self.all.get(index) else {
                    continue;
                };
                found.extend(pattern.fits_at(text, at).map(|words| (*what, words)));
            }
        }
        found
    }
}
