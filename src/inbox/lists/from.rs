//! The list somebody came from, carried in the address from page to page, so that the way back and "accept and next"
//! stay in that list. It holds words of ours only: whatever else stands there is dropped.

use crate::web::form::Posted;
use crate::web::paths;

/// Longest list that is carried, in characters; ours are shorter.
const LONGEST: usize = 300;

/// The list (the part of its address behind the question mark) that an address of another page carries; empty for what
/// is to be triaged.
pub(in crate::inbox) fn came_from(query: &str) -> String {
    let given = Posted::read(query.as_bytes());
    let from = given.one("from");
    let ours = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '=' | '&' | '-' | '_' | '.');
    match from.len() <= LONGEST && from.chars().all(ours) {
        true => from.to_owned(),
        false => String::new(),
    }
}

/// The list as another address carries it, behind `sign`; empty for what is to be triaged.
pub(in crate::inbox) fn carried(sign: &str, list: &str) -> String {
    match list.is_empty() {
        true => String::new(),
        false => format!("{sign}from={}", list.replace('=', "%3D").replace('&', "%26")),
    }
}

/// The way back to the list.
pub(in crate::inbox) fn back_to(list: &str) -> String {
    match list.is_empty() {
        true => paths::INBOX.to_owned(),
        false => format!("{}?{list}", paths::INBOX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_carried_and_nothing_else() {
        let list = "view=mine&flag=BSL&clinic=PW-GRAVES";
        assert_eq!(came_from(&carried("done=x&", list)), list);
        assert_eq!(back_to(list), "/inbox?view=mine&flag=BSL&clinic=PW-GRAVES");
        for odd in [
            "",
            "from=%0d%0aSet-Cookie:x",
            "from=//elsewhere.example",
            "from=%3Cscript%3E",
        ] {
            assert_eq!(back_to(&came_from(odd)), "/inbox", "{odd}");
        }
    }
}
