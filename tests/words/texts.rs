//! What patients read, gathered from the files it stands in: views, messages in Rust, mail, the slip.

use crate::house_rules::sources::{files, read};

/// A text with the file it stands in.
pub struct Text {
    pub file: String,
    pub words: String,
}

/// Views of the patient's room that only staff see.
const FOR_STAFF: [&str; 6] = [
    "by_staff",
    "call_words",
    "fields/call",
    "hand_over",
    "on_the_phone",
    "with_physio",
];

fn is_for_patients(path: &str) -> bool {
    !FOR_STAFF.iter().any(|name| path.contains(name)) && !path.ends_with("tests.rs")
}

/// Everything a patient can be shown. Questionnaires are left out: their wording may not be altered.
pub fn all() -> Vec<Text> {
    let mut texts = Vec::new();
    for file in files("src/patient/views", ".html") {
        texts.extend(view(&file));
    }
    let rust = files("src/patient", ".rs").into_iter().chain(
        ["values", "web"]
            .iter()
            .flat_map(|room| files(&format!("src/{room}"), ".rs")),
    );
    for file in rust.chain(["src/questionnaire/choices.rs".to_owned()]) {
        texts.extend(strings(&file));
    }
    for file in mails() {
        texts.extend(blocks(&file, &read(&file)));
    }
    for file in files("pad_templates", ".toml") {
        texts.extend(slip(&file));
    }
    texts.retain(|text| is_for_patients(&text.file));
    texts
}

/// The mails that patients get.
pub fn mails() -> Vec<String> {
    let mut mails = files("src", ".txt");
    mails.retain(|file| file.contains("/messages/") && !for_the_team(file));
    mails
}

fn for_the_team(file: &str) -> bool {
    [
        "answered.txt",
        "attention.txt",
        "new_referral.txt",
        "to_enter.txt",
    ]
    .iter()
    .any(|name| file.ends_with(name))
}

/// The blocks of a view: what stands between tags, and what is handed to the macros.
fn view(file: &str) -> Vec<Text> {
    let mut source = without(&read(file), "{#", "#}");
    // A placeholder in a sentence stands for a word or a number.
    for (macro_call, literals) in calls(&source) {
        source = source.replace(&macro_call, &format!("</p>{}</p>", literals.join("</p>")));
    }
    let source = without(&source, "{%", "%}");
    let mut plain = String::new();
    let mut rest = source.as_str();
    while let Some(at) = rest.find(['<', '{']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{{") {
            plain.push_str("one");
            rest = after.split_once("}}").map_or("", |(_, after)| after);
        } else if rest.starts_with('<') {
            let (tag, after) = rest.split_once('>').unwrap_or((rest, ""));
            plain.push_str(if is_inline(tag) { "" } else { "\n\n" });
            rest = after;
        } else {
            plain.push('{');
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    blocks(
        file,
        &plain
            .replace("&amp;", "and")
            .replace("A and E", "A&E")
            .replace("AandE", "A&E"),
    )
}

fn is_inline(tag: &str) -> bool {
    [
        "<a", "</a", "<strong", "</strong", "<span", "</span", "<button", "</button",
    ]
    .iter()
    .any(|inline| {
        tag.strip_prefix(inline)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n']))
    })
}

fn without(source: &str, opening: &str, closing: &str) -> String {
    let mut kept = String::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once(opening) {
        kept.push_str(before);
        rest = after.split_once(closing).map_or("", |(_, after)| after);
    }
    kept + rest
}

/// Calls of macros with the sentences handed to them.
fn calls(source: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for opening in ["{{ ui::", "{% call ui::"] {
        for (at, _) in source.match_indices(opening) {
            let closing = if opening.starts_with("{{") { "}}" } else { "%}" };
            let call = source[at..].split_once(closing).map_or("", |(call, _)| call);
            let literals = literals(call).into_iter().filter(|text| text.contains(' '));
            found.push((format!("{call}{closing}"), literals.collect()));
        }
    }
    found
}

/// The string literals of a text.
fn literals(source: &str) -> Vec<String> {
    let mut parts = source.split('"');
    let mut found = Vec::new();
    parts.next();
    while let (Some(inside), Some(_)) = (parts.next(), parts.next()) {
        found.push(inside.to_owned());
    }
    found
}

/// The sentences among the string literals of a Rust file: they begin with a capital and hold a space.
fn strings(file: &str) -> Vec<Text> {
    let source = read(file);
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code: Vec<&str> = source
        .lines()
        .filter(|line| {
            let line = line.trim_start();
            let silent = ["//", "tracing::", "#[", "panic!", "assert", "bail!", ".context("];
            !silent.iter().any(|start| line.starts_with(start)) && !line.contains("anyhow!")
        })
        .collect();
    literals(&code.join("\n"))
        .into_iter()
        .map(|words| words.replace("\\n", "\n\n"))
        .filter(|words| words.contains(' ') && words.starts_with(|first: char| first.is_uppercase()))
        .map(|words| Text {
            file: file.to_owned(),
            words: filled(&words),
        })
        .collect()
}

/// The English texts of a slip.
fn slip(file: &str) -> Vec<Text> {
    let parsed: toml::Table = read(file)
        .parse()
        .unwrap_or_else(|refused| panic!("{file}: {refused}"));
    let english = parsed.get("texts").and_then(|texts| texts.get("en-GB"));
    let Some(english) = english.and_then(|texts| texts.as_table()) else {
        panic!("{file} has no English texts");
    };
    let words = english.values().filter_map(|value| value.as_str());
    words
        .flat_map(|words| blocks(file, &words.replace("**", "")))
        .collect()
}

/// A placeholder stands for a word.
fn filled(words: &str) -> String {
    let mut filled = String::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        filled.push_str("one");
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    filled + rest
}

/// Paragraphs, each on one line.
fn blocks(file: &str, words: &str) -> Vec<Text> {
    filled(words)
        .split("\n\n")
        .map(|block| block.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|block| !block.is_empty())
        .map(|words| Text {
            file: file.to_owned(),
            words,
        })
        .collect()
}
