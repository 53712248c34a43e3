//! Why a file that a setting names cannot be read, in words.

use std::io::{Error, ErrorKind};
use std::path::Path;

/// The path and what is the matter with it; the error's own words only where it is nothing usual.
pub(super) fn why_unreadable(path: &Path, refused: &Error) -> String {
    let path = path.display();
    match refused.kind() {
        ErrorKind::NotFound => format!("there is no file {path}"),
        ErrorKind::PermissionDenied => format!("this user may not read {path}"),
        ErrorKind::IsADirectory => format!("{path} is a folder, not a file"),
        ErrorKind::InvalidData => format!("{path} is not a text file"),
        _ => format!("{path} cannot be read: {refused}"),
    }
}
