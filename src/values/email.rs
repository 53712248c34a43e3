//! An e-mail address that a message can be sent to: sane, no more. Whether somebody reads it only a message
//! can tell.

use unicode_normalization::UnicodeNormalization;

use super::word::word;
use super::{Unfit, text};

/// Longest address a mail server accepts, in bytes (RFC 5321, 4.5.3.1.3).
const LONGEST: usize = 254;
/// Longest part before the @ (RFC 5321, 4.5.3.1.1).
const LONGEST_MAILBOX: usize = 64;
/// Longest part between two dots of the domain (RFC 1035, 2.3.4).
const LONGEST_LABEL: usize = 63;

/// An e-mail address, its domain in small letters.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

word!(Email);

const NOT_AN_ADDRESS: Unfit =
    Unfit::because("Enter an email address in the correct format, like name@example.com");

impl Email {
    /// Reads an address, also as it is pasted from a contact list: `mailto:`, `Ann <ann@example.org>`, a comma behind
    /// it. Letters of all scripts may stand in it; quotes, spaces and comments may not.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let pasted = text::visible(text);
        let typed: String = bare(&pasted).nfc().take(LONGEST + 1).collect();
        if typed.is_empty() {
            return Err(Unfit::because("Enter an email address"));
        }
        if typed.len() > LONGEST {
            return Err(Unfit::because("Email address must be shorter. Check it is right"));
        }
        let (mailbox, domain) = typed.rsplit_once('@').ok_or(NOT_AN_ADDRESS)?;
        let domain = domain.to_lowercase();
        let address = format!("{mailbox}@{domain}");
        match is_mailbox(mailbox) && is_domain(&domain) && address.len() <= LONGEST {
            true => Ok(Email(address)),
            false => Err(NOT_AN_ADDRESS),
        }
    }

    /// The form in which two spellings of one address are the same: small letters throughout.
    pub fn for_search(&self) -> String {
        self.0.to_lowercase()
    }
}

/// The address itself, without what stands around it where it was copied.
fn bare(pasted: &str) -> &str {
    let within = match pasted.split_once('<') {
        Some((name, rest)) if !name.contains('@') => {
            rest.split_once('>').filter(|(_, after)| after.trim().is_empty())
        }
        Some(_) | None => None,
    };
    let address = within.map_or(pasted, |(address, _)| address).trim();
    let scheme = address
        .get(..7)
        .filter(|start| start.eq_ignore_ascii_case("mailto:"));
    let address = match scheme {
        Some(scheme) => address
            .get(scheme.len()..)
            .unwrap_or_default()
            .split('?')
            .next()
            .unwrap_or_default(),
        None => address,
    };
    let opening = ['<', '(', '[', '"', '\u{201c}', '\u{2018}'];
    let closing = ['>', ')', ']', '"', '\u{201d}', '\u{2019}', '.', ',', ';', ':'];
    address
        .trim_start_matches(opening)
        .trim_end_matches(closing)
        .trim()
}

fn is_mailbox(mailbox: &str) -> bool {
    let fits = (1..=LONGEST_MAILBOX).contains(&mailbox.len());
    let dots = mailbox.split('.').all(|part| !part.is_empty());
    fits && dots
        && mailbox
            .chars()
            .all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c))
}

fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let last_is_a_name = labels
        .last()
        .is_some_and(|last| last.chars().count() > 1 && !last.chars().all(char::is_numeric));
    labels.len() > 1 && last_is_a_name && labels.iter().all(|label| is_label(label))
}

fn is_label(label: &str) -> bool {
    let fits = (1..=LONGEST_LABEL).contains(&label.len());
    fits && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_that_people_have_are_read() {
        for (typed, stored) in [
            ("ann@example.org", "ann@example.org"),
            (" Ann.O'Neill+nhs@Example.ORG ", "Ann.O'Neill+nhs@example.org"),
            ("zo\u{eb}@b\u{fc}cher.example", "zo\u{eb}@b\u{fc}cher.example"),
            ("a@x--y.co.uk", "a@x--y.co.uk"),
            ("\u{202a}ann@example.org\u{202c}", "ann@example.org"),
            ("a\u{200b}nn@exam\u{ad}ple.org\u{feff}", "ann@example.org"),
            ("mailto:ann@example.org?subject=hello", "ann@example.org"),
            ("MAILTO:ann@example.org", "ann@example.org"),
            ("<ann@example.org>", "ann@example.org"),
            ("Ann Example <ann@example.org>", "ann@example.org"),
            ("ann@example.org.", "ann@example.org"),
            ("ann@example.org, ", "ann@example.org"),
            ("(ann\u{ff20}example.org)", "ann@example.org"),
            ("ann\u{2011}b@x\u{2212}y.org", "ann-b@x-y.org"),
        ] {
            assert_eq!(Email::parse(typed).expect(typed).as_str(), stored);
        }
    }

    #[test]
    fn what_no_message_reaches_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        let longer = format!("a@{}.org", "b.".repeat(130));
        let wrong = [
            "",
            "ann",
            "@example.org",
            "ann@",
            "ann@example",
            "ann@@example.org",
            "a b@example.org",
            ".a@example.org",
            "a..b@example.org",
            "ann@-example.org",
            "ann@example..org",
            "ann@127.0.0.1",
            "x\"a\"@example.org",
            "ann@example.org\nBcc: eve@example.test",
            "ann@example.org <eve@example.test>",
            "<ann@example.org> <eve@example.test>",
            "Ann <ann@example.org> eve",
            "<>",
            "a,b@example.org",
            &long,
            &longer,
        ];
        for address in wrong {
            assert!(Email::parse(address).is_err(), "{address} was accepted");
        }
    }

    #[test]
    fn capitals_make_no_other_person() {
        let email = Email::parse("Ann@Example.org").expect("an address");
        assert_eq!(email.for_search(), "ann@example.org");
        assert_eq!(format!("{email:?}"), "Email([redacted])");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = Email::parse(&text);
        }

        #[test]
        fn what_is_stored_reads_as_itself(text in "[a-zA-Z.'\u{e9}+]{1,8}@[a-z\u{130}-]{1,5}\\.[a-z]{2,3}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()).expect("itself"), email);
            }
        }

        /// The library that sends our mail takes every address we take. It takes some that we do not: quoted mailboxes,
        /// addresses of machines, domains of one word. Nobody types those into a form but by mistake.
        #[test]
        fn whoever_sends_it_takes_what_is_taken_here(
            text in "[a-zA-Z0-9.'+_\u{e9}-]{1,12}@[a-z0-9\u{e9}-]{1,8}(\\.[a-z0-9-]{1,6}){1,2}",
        ) {
            if let Ok(email) = Email::parse(&text) {
                prop_assert!(email.as_str().parse::<lettre::Address>().is_ok(), "{}", email.as_str());
            }
        }
    }
}
