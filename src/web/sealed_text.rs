//! A value that the browser keeps for us and cannot read or alter: sealed under a name, dated inside, as text for a cookie
//! or for a hidden field of a form.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::values::{Id, Keyring, Purpose, Sealed, Ts};

/// What is inside the seal.
#[derive(Serialize, Deserialize)]
struct Dated<T> {
    name: String,
    at: i64,
    value: T,
}

/// Seals a value: the id the seal is bound to, then the seal, as text.
pub fn sealed_text<T: Serialize>(keys: &Keyring, name: &str, value: &T, now: Ts) -> Result<String, Error> {
    let id = Id::new();
    let dated = Dated {
        name: name.to_owned(),
        at: now.as_micros(),
        value,
    };
    // Not packed: the length of a cookie, which others can see, must not tell how much two answers are alike.
    let plain = serde_json::to_vec(&dated).map_err(anyhow::Error::new)?;
    let sealed = keys
        .seal(Purpose::Cookies, id, &plain)
        .map_err(anyhow::Error::new)?;
    let bytes = [id.as_bytes().as_slice(), sealed.as_bytes()].concat();
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Opens what was sealed under this name, with when that was; `None` if it was altered or not sealed here.
pub fn opened_text<T: DeserializeOwned>(keys: &Keyring, name: &str, text: &str) -> Option<(T, Ts)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    let (id, sealed) = bytes.split_at_checked(16)?;
    let sealed = Sealed::from_bytes(sealed.to_vec());
    let plain = keys.open(Purpose::Cookies, Id::from_slice(id)?, &sealed).ok()?;
    let dated: Dated<T> = serde_json::from_slice(&plain).ok()?;
    (dated.name == name).then(|| (dated.value, Ts::from_micros(dated.at)))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::values::MasterKey;

    pub fn keys() -> Keyring {
        let master = MasterKey::draw().expect("a key");
        let table = Keyring::draw(&master, 1).expect("keys");
        Keyring::open_table(&master, &table).expect("the keys")
    }

    const NOON: Ts = Ts(jiff::Timestamp::UNIX_EPOCH);

    #[test]
    fn a_sealed_value_opens_under_its_name_and_tells_its_age() {
        let keys = keys();
        let text = sealed_text(&keys, "draft", &"tell nobody", NOON).expect("a text");
        assert!(!text.contains("tell"));
        let opened = |name| opened_text::<String>(&keys, name, &text);
        assert_eq!(opened("draft"), Some(("tell nobody".to_owned(), NOON)));
        assert_eq!(opened("other"), None);
    }

    #[test]
    fn what_was_altered_or_sealed_elsewhere_does_not_open() {
        let (ours, theirs) = (keys(), keys());
        let text = sealed_text(&theirs, "draft", &1, NOON).expect("a text");
        assert_eq!(opened_text::<i32>(&ours, "draft", &text), None);
        for broken in ["", "!", "AAAA", &text[..text.len() - 2], &format!("{text}AA")] {
            assert_eq!(opened_text::<i32>(&theirs, "draft", broken), None);
        }
    }
}
