//! The files of the repository as the rules read them.

use std::path::{Path, PathBuf};

/// The rooms in the order the slip travels; an import points to the left.
pub const ROOMS: [&str; 18] = [
    "values",
    "config",
    "db",
    "notify",
    "app",
    "web",
    "staff",
    "pads",
    "questionnaire",
    "triage",
    "referrals",
    "booking",
    "patient",
    "inbox",
    "reports",
    "retention",
    "interop",
    "server",
];

/// One file of Rust.
pub struct Source {
    /// "src/pads/store.rs".
    pub path: String,
    /// Without comments.
    pub text: String,
    /// Without comments and without what stands in strings.
    pub code: String,
}

impl Source {
    /// The room the file stands in; the command line is none.
    pub fn room(&self) -> Option<&'static str> {
        room_of(&self.path)
    }

    /// "src/pads/store.rs:12", for the place of a byte of `code` or `text`.
    pub fn place(&self, at: usize) -> String {
        let lines = self.code.bytes().take(at).filter(|byte| *byte == b'\n').count();
        format!("{}:{}", self.path, lines + 1)
    }
}

/// The place of a room in the order; `demo` comes after all.
pub fn place_in_order(room: &str) -> Option<usize> {
    match room {
        "demo" => Some(ROOMS.len()),
        _ => ROOMS.iter().position(|name| *name == room),
    }
}

/// The room that a path under `src` belongs to.
pub fn room_of(path: &str) -> Option<&'static str> {
    let first = path.strip_prefix("src/")?.split('/').next()?;
    let first = first.strip_suffix(".rs").unwrap_or(first);
    ROOMS.into_iter().chain(["demo"]).find(|name| *name == first)
}

/// The top of the repository.
pub fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file, named from the top.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(top().join(path)).unwrap_or_else(|refused| panic!("{path}: {refused}"))
}

/// Every file under a folder that ends so, named from the top.
pub fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(&top().join(folder), ending, &mut found);
    found.sort();
    found
}

fn walk(folder: &Path, ending: &str, found: &mut Vec<String>) {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|refused| panic!("{}: {refused}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if !path.ends_with("node_modules") {
                walk(&path, ending, found);
            }
        } else if path.to_string_lossy().ends_with(ending) {
            let named = path.strip_prefix(top()).expect("below the top");
            found.push(named.to_string_lossy().replace('\\', "/"));
        }
    }
}

/// Every file of Rust under `src`.
pub fn sources() -> Vec<Source> {
    files("src", ".rs")
        .into_iter()
        .map(|path| {
            let raw = read(&path);
            Source {
                text: stripped(&raw, false),
                code: stripped(&raw, true),
                path,
            }
        })
        .collect()
}

/// Blanks comments, and strings if asked, so that places stay what they were.
fn stripped(raw: &str, strings_too: bool) -> String {
    let bytes = raw.as_bytes();
    let mut kept = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end = if rest.starts_with(b"//") {
            at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
        } else if rest.starts_with(b"'\"'") {
            at += 3;
            continue;
        } else if rest.starts_with(b"r#\"") || rest.starts_with(b"\"") {
            let end = at + string_length(rest);
            if !strings_too {
                at = end;
                continue;
            }
            end
        } else {
            at += 1;
            continue;
        };
        for byte in &mut kept[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end;
    }
    String::from_utf8(kept).expect("blanking whole strings leaves text")
}

/// The length of the string literal that `rest` begins with.
fn string_length(rest: &[u8]) -> usize {
    if rest.starts_with(b"r#\"") {
        let closing = rest.windows(2).skip(3).position(|two| two == b"\"#");
        return closing.map_or(rest.len(), |place| place + 5);
    }
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Every path of the crate that the code names, with its place: `crate::{db::{Conn}, app::App}` is `db::Conn`
/// and `app::App`.
pub fn named_paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    for (at, start) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        let mut paths = Vec::new();
        follow(&code[at + start.len()..], &mut Vec::new(), &mut paths);
        found.extend(paths.into_iter().map(|path| (at, path)));
    }
    found
}

fn follow(rest: &str, above: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let rest = rest.trim_start();
    if let Some(inside) = rest.strip_prefix('{') {
        for part in top_level_parts(inside, '}') {
            follow(part, above, found);
        }
        return;
    }
    let length = rest
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .unwrap_or(rest.len());
    let (name, after) = rest.split_at(length);
    if name.is_empty() {
        found.push(above.clone());
        return;
    }
    above.push(name.to_owned());
    match after.strip_prefix("::") {
        Some(below) => follow(below, above, found),
        None => found.push(above.clone()),
    }
    above.pop();
}

/// Splits at the commas that stand in no bracket, up to the bracket that closes.
pub fn top_level_parts(text: &str, closing: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if depth == 0 && letter == closing => {
                parts.push(&text[start..at]);
                break;
            }
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Fails with one line for each fault.
pub fn none(faults: &[String], rule: &str) {
    assert!(faults.is_empty(), "\n{rule}\n  {}\n", faults.join("\n  "));
}
