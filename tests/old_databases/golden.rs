//! What was known of an old database on the day it was kept: its keys, sealed values with what is inside them, and who
//! is in it. Everybody is made up.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use iapt_pad::values::{Id, KeyId, Keyring, MasterKey, Purpose, Sealed, WrappedKey};
use serde::{Deserialize, Serialize};

/// One old database, as it was when it was kept.
#[derive(Serialize, Deserialize)]
pub struct Golden {
    /// The moment it was kept.
    pub now: String,
    /// The key table.
    pub keys: Vec<Wrapped>,
    /// A sealed value of each kind, by its kind.
    pub sealed: BTreeMap<String, SealedValue>,
    /// What the keys made that is not sealed, by what it is.
    pub derived: BTreeMap<String, String>,
    /// Every referral.
    pub referrals: Vec<Kept>,
}

/// A data key as it stood in the table.
#[derive(Serialize, Deserialize)]
pub struct Wrapped {
    pub id: i32,
    pub purpose: String,
    pub wrapped: String,
    pub current: bool,
}

/// A sealed value and what is inside.
#[derive(Serialize, Deserialize)]
pub struct SealedValue {
    pub purpose: String,
    pub bound_to: String,
    pub sealed: String,
    pub plain: String,
}

/// A referral, as a colleague and the patient find it.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    pub reference: String,
    pub name: String,
    pub state: String,
    /// The token of the patient's own page.
    pub token: String,
    /// The timeline: the kind of each event and its words.
    pub events: Vec<(String, Option<String>)>,
}

impl Golden {
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).expect("golden values")
    }

    pub fn keyring(&self, secret: &MasterKey) -> Keyring {
        let table: Vec<WrappedKey> = self.keys.iter().map(Wrapped::row).collect();
        Keyring::open_table(secret, &table).expect("the secret opens the key table")
    }
}

impl Wrapped {
    fn row(&self) -> WrappedKey {
        WrappedKey {
            id: KeyId(self.id),
            purpose: Purpose::parse(&self.purpose).expect("a purpose"),
            wrapped: STANDARD.decode(&self.wrapped).expect("base64"),
            current: self.current,
        }
    }
}

impl SealedValue {
    /// Opens a stored value with today's program.
    pub fn of(keys: &Keyring, purpose: Purpose, bound_to: Id, sealed: &Sealed) -> Self {
        let plain = keys.open_packed(purpose, bound_to, sealed).expect("it opens");
        Self {
            purpose: purpose.as_str().to_owned(),
            bound_to: bound_to.to_string(),
            sealed: STANDARD.encode(sealed.as_bytes()),
            plain: String::from_utf8(plain).expect("text"),
        }
    }

    /// What today's program finds inside.
    pub fn opened(&self, keys: &Keyring) -> String {
        let purpose = Purpose::parse(&self.purpose).expect("a purpose");
        let bound_to = Id::parse(&self.bound_to).expect("an id");
        let sealed = Sealed::from_bytes(STANDARD.decode(&self.sealed).expect("base64"));
        let plain = keys.open_packed(purpose, bound_to, &sealed).expect("it opens");
        String::from_utf8(plain).expect("text")
    }
}
