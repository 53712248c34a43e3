//! The words of a text as they are compared: plain small letters, whatever apostrophe, accent, width or invisible
//! character was typed, and the same spelling for what is said in several ways ("do not", "don't", "dont").

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// As it is compared.
    pub word: String,
    /// Where it stands in the text.
    pub at: Range<usize>,
    /// Whether a clause ends behind it: a comma, a line, the end of the text.
    pub pause: bool,
    /// Whether a sentence ends behind it.
    pub stop: bool,
}

/// The words of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::with_capacity(text.len() / 5 + 1);
    let mut word = String::new();
    let (mut start, mut end) = (0, 0);
    for (at, typed) in text.char_indices() {
        if is_ignored(typed) {
            continue;
        }
        let length = word.len();
        let splits = spell(typed, &mut word);
        if word.len() > length {
            start = if length == 0 { at } else { start };
            end = at + typed.len_utf8();
        }
        if !splits {
            continue;
        }
        if !word.is_empty() {
            push(&mut all, std::mem::take(&mut word), start..end);
        }
        if let Some(last) = all.last_mut() {
            last.pause |= pauses(typed);
            last.stop |= matches!(typed, '.' | '!' | '?' | '…' | '。' | '！' | '？');
        }
    }
    if !word.is_empty() {
        push(&mut all, word, start..end);
    }
    if let Some(last) = all.last_mut() {
        last.pause = true;
    }
    all
}

/// Adds the plain letters of one character; `true` if it stands between words instead.
fn spell(typed: char, word: &mut String) -> bool {
    if typed.is_ascii() {
        let letter = typed.is_ascii_alphanumeric();
        word.extend(letter.then(|| typed.to_ascii_lowercase()));
        return !letter;
    }
    let mut splits = false;
    for c in std::iter::once(typed).nfkd().flat_map(char::to_lowercase) {
        match c {
            c if is_combining_mark(c) || is_ignored(c) => {}
            c if c.is_alphanumeric() => word.push(plain(c)),
            _ => splits = true,
        }
    }
    splits
}

/// The same words without their places.
pub(super) fn words(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token| token.word).collect()
}

fn pauses(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | ',' | ';' | ':' | '…' | '–' | '—' | '\n' | '\r' | '(' | ')'
    ) || matches!(
        c,
        '。' | '、' | '，' | '；' | '：' | '！' | '？' | '\u{2028}' | '\u{2029}'
    )
}

/// The Turkish i without its dot is an i.
fn plain(c: char) -> char {
    match c {
        'ı' => 'i',
        c => c,
    }
}

/// Apostrophes in all their forms ("don't" is "dont"), accents that stand alone, and characters nobody sees.
fn is_ignored(c: char) -> bool {
    is_apostrophe(c) || is_invisible(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '\u{b4}'
            | '\u{2b9}'
            | '\u{2bb}'..='\u{2bd}'
            | '\u{2c8}'
            | '\u{2ca}'
            | '\u{2cb}'
            | '\u{374}'
            | '\u{384}'
            | '\u{55a}'
            | '\u{5f3}'
            | '\u{7f4}'
            | '\u{7f5}'
            | '\u{1fbd}'
            | '\u{1fbf}'
            | '\u{1fef}'
            | '\u{1ffd}'
            | '\u{1ffe}'
            | '\u{2018}'..='\u{201b}'
            | '\u{2032}'
            | '\u{2035}'
            | '\u{a78b}'
            | '\u{a78c}'
            | '\u{ff07}'
            | '\u{ff40}'
    )
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Adds a word in the spelling that patterns are written in; some join the word before.
fn push(all: &mut Vec<Token>, word: String, at: Range<usize>) {
    if let Some(last) = all.last_mut().filter(|last| !last.pause)
        && let Some(joined) = joined(&last.word, &word)
    {
        last.word = joined;
        last.at.end = at.end;
        return;
    }
    let mut add = |word: &str| {
        all.push(Token {
            word: word.to_owned(),
            at: at.clone(),
            pause: false,
            stop: false,
        });
    };
    match word.as_str() {
        "cannot" => add("cant"),
        "wanna" => ["want", "to"].into_iter().for_each(add),
        "gonna" => ["going", "to"].into_iter().for_each(add),
        own if SELVES.contains(&own) => add("myself"),
        other => add(other),
    }
}

/// Who one is oneself, in every person and as it is spelled and spoken ("mesen" is said in Yorkshire).
const SELVES: [&str; 20] = [
    "himself",
    "herself",
    "hisself",
    "themselves",
    "themself",
    "themselfs",
    "theirself",
    "theirselves",
    "yourself",
    "yourselves",
    "ourselves",
    "oneself",
    "meself",
    "mesen",
    "mysen",
    "misen",
    "myslef",
    "mysefl",
    "mysellf",
    "mysef",
];

/// Two words that are compared as one.
fn joined(before: &str, word: &str) -> Option<String> {
    match (before, word) {
        ("can", "not") => Some("cant".to_owned()),
        ("will", "not") => Some("wont".to_owned()),
        (
            "do" | "does" | "did" | "would" | "could" | "should" | "is" | "was" | "were" | "have" | "has"
            | "had",
            "not",
        ) => Some(format!("{before}nt")),
        // An apostrophe that became a space: "don t", "i m".
        (
            "don" | "doesn" | "didn" | "won" | "wouldn" | "can" | "couldn" | "shouldn" | "isn" | "wasn"
            | "weren" | "haven" | "hasn" | "hadn" | "ain",
            "t",
        ) => Some(format!("{before}t")),
        ("i", "m" | "d" | "ll" | "ve") => Some(format!("i{word}")),
        ("my" | "me" | "your" | "him" | "her" | "them" | "their" | "our", "self" | "selves") => {
            Some("myself".to_owned())
        }
        ("any", "more") => Some("anymore".to_owned()),
        ("no", "longer") => Some("nolonger".to_owned()),
        ("no", "one") => Some("nobody".to_owned()),
        _ => None,
    }
}
