//! What a password that somebody chooses has to be: long, and not what anybody would try first. No rule about capitals
//! or signs: length is what helps (NCSC, "Password policy: updating your approach"; NIST SP 800-63B, 5.1.1.2).

use crate::values::Unfit;

/// Fewest characters.
pub const SHORTEST: usize = 12;
/// Most characters; beyond it the form is no password.
const LONGEST: usize = 200;
/// Characters that have to be left when what anybody would try first is taken away.
const OWN: usize = 8;

/// What anybody would try first. Longer words stand before their parts.
const OBVIOUS: [&str; 36] = [
    "talkingtherapies",
    "talkingtherapy",
    "physiotherapist",
    "physiotherapy",
    "physioworks",
    "qwertyuiop",
    "administrator",
    "1q2w3e4r5t",
    "passphrase",
    "sheffield",
    "password",
    "passw0rd",
    "welcome",
    "asdfghjkl",
    "p4ssword",
    "letmein",
    "zxcvbnm",
    "changeme",
    "1qaz2wsx",
    "qwertz",
    "qwerty",
    "azerty",
    "therapies",
    "therapy",
    "football",
    "iloveyou",
    "physio",
    "secret",
    "summer",
    "winter",
    "spring",
    "autumn",
    "iapt",
    "admin",
    "triage",
    "nhs",
];

/// Whether this may be the password of the person with this username and name.
pub fn check(password: &str, username: &str, name: &str) -> Result<(), Unfit> {
    let length = password.chars().count();
    if length == 0 {
        return Err(Unfit::because("Enter a password"));
    }
    if length < SHORTEST {
        return Err(Unfit::because(
            "Password must be 12 characters or more. Three words that do not belong together are good",
        ));
    }
    if length > LONGEST {
        return Err(Unfit::because("Password must be 200 characters or fewer"));
    }
    if own_part(password, username, name) < OWN {
        return Err(Unfit::because(
            "This password is too easy to guess. Do not use your name, the name of the service, or a row of keys. Three words that do not belong together are good",
        ));
    }
    Ok(())
}

/// How many characters are left without the obvious words, the person's own names, and characters that repeat or go on
/// from the one before.
fn own_part(password: &str, username: &str, name: &str) -> usize {
    let mut rest: String = plain(password);
    let names = username.split(|letter: char| !letter.is_alphanumeric());
    let names = names.chain(name.split_whitespace()).map(plain);
    let names = names.filter(|word| word.chars().count() >= 3);
    for word in names.chain(OBVIOUS.map(str::to_owned)) {
        rest = rest.replace(&word, "");
    }
    let mut before: Option<char> = None;
    let mut different = std::collections::BTreeSet::new();
    let mut own = 0;
    for letter in rest.chars() {
        let step = before.map(|before| i64::from(u32::from(letter)) - i64::from(u32::from(before)));
        if !matches!(step, Some(-1..=1)) {
            own += 1;
        }
        different.insert(letter);
        before = Some(letter);
    }
    match different.len() < 5 {
        true => 0,
        false => own,
    }
}

/// Small letters and digits only.
fn plain(text: &str) -> String {
    let small = text.chars().flat_map(char::to_lowercase);
    small.filter(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_words_are_good() {
        for good in [
            "kettle violin harbour",
            "Plum-Tractor-Onion",
            "gr4vel&teapot&swim",
            "correct horse battery staple",
            "\u{10c}erven\u{fd} vlak do Brna",
        ] {
            assert_eq!(check(good, "sam.example", "Sam Example"), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_anybody_would_try_first_is_refused() {
        for bad in [
            "",
            "short",
            "elevenchars",
            "passwordpassword",
            "Password123456!",
            "P4ssword2026!!",
            "qwertyuiop123",
            "123456789012",
            "aaaaaaaaaaaaaaaa",
            "abababababababab",
            "abcdefghijklmn",
            "Sam.Example2026",
            "example-sam-example",
            "TalkingTherapies1",
            "Sheffield-NHS-2026",
            "Summer2026!!!",
            "            ",
            &"kettle violin ".repeat(20),
        ] {
            assert!(
                check(bad, "sam.example", "Sam Example").is_err(),
                "{bad:?} was accepted"
            );
        }
    }
}
