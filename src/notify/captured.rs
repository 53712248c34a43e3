//! Captured mail: what the demo would have sent, one file per mail, and reading it back for the demo's page.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::delivery::{Delivery, Reason};
use crate::values::{Id, Ts};

/// A mail that was captured instead of sent.
#[derive(Clone, PartialEq, Eq)]
pub struct CapturedMail {
    /// The row of the outbox it came from.
    pub id: Id,
    /// When it was written.
    pub at: Ts,
    /// Its recipient.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub body: String,
}

impl std::fmt::Debug for CapturedMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CapturedMail({}, [redacted])", self.id)
    }
}

/// Keeps one mail. The file bears the message's id, so that a mail delivered twice is kept once.
pub(super) async fn keep(folder: &Path, message_id: &str, mail: Vec<u8>) -> Delivery {
    let name = message_id
        .trim_start_matches('<')
        .split('@')
        .next()
        .unwrap_or_default();
    let file = folder.join(format!("{name}.eml"));
    match tokio::task::spawn_blocking(move || write(&file, &mail)).await {
        Ok(Ok(())) => Delivery::Done,
        Ok(Err(_)) | Err(_) => Delivery::Later(Reason::Folder),
    }
}

/// Written beside and renamed, so that no reader meets half a mail.
pub(super) fn write(file: &PathBuf, mail: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let unfinished = file.with_extension("part");
    std::fs::write(&unfinished, mail)?;
    std::fs::rename(unfinished, file)
}

/// The captured mail of a folder, newest first. A folder that is not there yet holds none; what is no mail of
/// ours is passed over.
pub fn captured(folder: &Path) -> std::io::Result<Vec<CapturedMail>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(refused) if refused.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(refused) => return Err(refused),
    };
    let mut mails = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "eml") {
            let name = path
                .file_stem()
                .and_then(|name| name.to_str())
                .and_then(Id::parse);
            mails.extend(name.and_then(|id| read(id, &std::fs::read_to_string(&path).ok()?)));
        }
    }
    mails.sort_by_key(|mail| std::cmp::Reverse((mail.at, mail.id)));
    Ok(mails)
}

fn read(id: Id, text: &str) -> Option<CapturedMail> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    // A long header goes on in lines that begin with a space.
    let head = head.replace("\r\n ", " ");
    let field = |name: &str| {
        head.lines().find_map(|line| {
            line.split_once(": ")
                .filter(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
        })
    };
    let at = jiff::fmt::rfc2822::parse(field("Date")?).ok()?.timestamp();
    let body = match field("Content-Transfer-Encoding") {
        Some("quoted-printable") => quoted_printable(body),
        _ => body.to_owned(),
    };
    Some(CapturedMail {
        id,
        at: Ts(at),
        to: field("To")?.to_owned(),
        subject: encoded_words(field("Subject")?),
        body: body.replace("\r\n", "\n"),
    })
}

/// A call of the second channel that was captured instead of made.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct CapturedCall {
    /// The row of the outbox it came from.
    pub id: Id,
    /// When, in UTC.
    #[serde(rename = "time")]
    pub at: String,
    /// Whom it was for.
    pub phone: String,
    /// What it was about.
    pub reference: String,
    /// How many were told before.
    pub step: i32,
}

impl std::fmt::Debug for CapturedCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CapturedCall({}, [redacted])", self.id)
    }
}

/// The captured calls of a folder, newest first; otherwise as [`captured`].
pub fn captured_calls(folder: &Path) -> std::io::Result<Vec<CapturedCall>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(refused) if refused.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(refused) => return Err(refused),
    };
    let mut calls: Vec<CapturedCall> = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let text = std::fs::read_to_string(&path).ok();
            calls.extend(text.and_then(|text| serde_json::from_str(&text).ok()));
        }
    }
    calls.sort_by(|one, other| (&other.at, other.id).cmp(&(&one.at, one.id)));
    Ok(calls)
}

/// Undoes quoted-printable (RFC 2045, section 6.7).
fn quoted_printable(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after
            .get(..2)
            .filter(|_| first == b'=')
            .and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Undoes the encoded words of a subject, `=?utf-8?b?…?=` (RFC 2047); space between two of them is not text.
fn encoded_words(subject: &str) -> String {
    let mut bytes = Vec::new();
    let mut before: Option<bool> = None;
    for word in subject.split(' ') {
        let inside = word
            .strip_prefix("=?utf-8?b?")
            .and_then(|word| word.strip_suffix("?="));
        let decoded = inside.and_then(|word| STANDARD.decode(word).ok());
        let is_encoded = decoded.is_some();
        if before.is_some_and(|encoded| !(encoded && is_encoded)) {
            bytes.push(b' ');
        }
        bytes.extend(decoded.unwrap_or_else(|| word.as_bytes().to_vec()));
        before = Some(is_encoded);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_text_is_read_back() {
        assert_eq!(quoted_printable("a=\r\nb =C3=A9 1=3D1 100="), "ab é 1=1 100=");
        assert_eq!(encoded_words("Your referral"), "Your referral");
        assert_eq!(encoded_words("=?utf-8?b?w6k=?= =?utf-8?b?w6k=?= now"), "éé now");
    }

    #[test]
    fn what_is_no_mail_of_ours_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("note.eml"), "Subject: x\r\n\r\ny").expect("written");
        let half = folder.path().join(format!("{}.part", Id::new()));
        std::fs::write(half, "half").expect("written");
        assert!(captured(folder.path()).expect("read").is_empty());
        assert!(captured(&folder.path().join("none")).expect("read").is_empty());
        std::fs::write(folder.path().join("note.json"), "{}").expect("written");
        assert!(captured_calls(folder.path()).expect("read").is_empty());
        assert!(
            captured_calls(&folder.path().join("none"))
                .expect("read")
                .is_empty()
        );
    }
}
