//! The keys. Each purpose has random data keys; all are wrapped under one key derived from `SECRET_KEY`, so
//! that a new `SECRET_KEY` changes nothing on paper. XChaCha20-Poly1305 seals, HMAC-SHA256 recognises.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

use super::packed::{NotPacked, pack, unpack};
use super::{Id, Sealed, Unfit};

/// What a key is for; a value sealed for one purpose never opens for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Deriving the codes printed on slips.
    Codes,
    /// Recognising a typed code without holding it.
    CodeLookup,
    /// Sealing everything about a person, and every free text.
    Person,
    /// Recognising a name, number or address without holding it.
    Search,
    /// Sealing drafts that travel in cookies.
    Cookies,
    /// Deriving the links to a patient's own page.
    Tokens,
    /// Chaining the timeline so that tampering shows.
    Audit,
}

impl Purpose {
    /// All purposes; a new installation draws one key for each.
    pub const ALL: [Purpose; 7] = [
        Purpose::Codes,
        Purpose::CodeLookup,
        Purpose::Person,
        Purpose::Search,
        Purpose::Cookies,
        Purpose::Tokens,
        Purpose::Audit,
    ];

    /// The word stored with the key.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Codes => "codes",
            Purpose::CodeLookup => "code_lookup",
            Purpose::Person => "person",
            Purpose::Search => "search",
            Purpose::Cookies => "cookies",
            Purpose::Tokens => "tokens",
            Purpose::Audit => "audit",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == word)
    }
}

/// The number of a data key, as stored in front of what it sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub i32);

/// What the keys refuse, without saying anything of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The value is bound to another row, another purpose, or was altered.
    #[error("a sealed value does not open: it was altered, or belongs to another row")]
    DoesNotOpen,
    /// The value names a key that is not in the table.
    #[error("a sealed value names a key that is not there")]
    UnknownKey,
    /// `SECRET_KEY` is not the one the key table was wrapped under.
    #[error("SECRET_KEY does not open the key table: it is not the key this database was set up with")]
    WrongSecret,
    /// No key for this purpose.
    #[error("there is no current key for this purpose")]
    NoKey,
    /// The opened bytes are not what was sealed.
    #[error("a sealed value opened, but is not of the expected form")]
    Garbled,
    /// The operating system gave no random numbers.
    #[error("the operating system gave no random numbers")]
    NoRandomness,
}

/// `SECRET_KEY`: the 32 bytes under which the data keys are wrapped.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl MasterKey {
    /// Reads 32 random bytes in base64. A key of one repeated byte is refused as weak.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let bytes = STANDARD
            .decode(text.trim())
            .map_err(|_| Unfit::because("must be 32 random bytes in base64 (`openssl rand -base64 32`)"))?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| {
            Unfit::because("must be exactly 32 bytes once decoded (`openssl rand -base64 32`)")
        })?;
        let mut distinct = bytes.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() < 12 {
            return Err(Unfit::because(
                "is too regular to be random (`openssl rand -base64 32` draws a good one)",
            ));
        }
        Ok(Self(bytes))
    }

    /// Draws a new key.
    pub fn draw() -> Result<Self, KeyError> {
        Ok(Self(random()?))
    }

    /// The key in base64, for the demo's key file.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    fn wrapping(&self) -> XChaCha20Poly1305 {
        let derived = hmac(&self.0, &[b"iapt-pad: wrapping of data keys, 1"]);
        XChaCha20Poly1305::new(&derived.into())
    }
}

/// A data key as it stands in the key table.
#[derive(Clone)]
pub struct WrappedKey {
    /// Its number.
    pub id: KeyId,
    /// What it is for.
    pub purpose: Purpose,
    /// Nonce and wrapped bytes.
    pub wrapped: Vec<u8>,
    /// Whether new values are made with it; older keys still open what they sealed.
    pub current: bool,
}

struct DataKey {
    id: KeyId,
    purpose: Purpose,
    bytes: [u8; 32],
    current: bool,
}

/// All data keys, unwrapped, in memory for as long as the program runs.
pub struct Keyring {
    keys: Vec<DataKey>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} keys, redacted]", self.keys.len())
    }
}

impl Keyring {
    /// No keys at all: seals nothing and opens nothing, for commands that ask for no `SECRET_KEY`.
    pub fn none() -> Self {
        Self { keys: Vec::new() }
    }

    /// Draws one key for every purpose, numbered from `first`, wrapped and ready to be stored.
    pub fn draw(master: &MasterKey, first: i32) -> Result<Vec<WrappedKey>, KeyError> {
        Purpose::ALL
            .into_iter()
            .zip(first..)
            .map(|(purpose, number)| {
                let id = KeyId(number);
                let wrapped = wrap(master, id, purpose, &random()?)?;
                Ok(WrappedKey {
                    id,
                    purpose,
                    wrapped,
                    current: true,
                })
            })
            .collect()
    }

    /// Draws one more key for a purpose, for new values from now on.
    pub fn draw_one(master: &MasterKey, id: KeyId, purpose: Purpose) -> Result<WrappedKey, KeyError> {
        let wrapped = wrap(master, id, purpose, &random()?)?;
        Ok(WrappedKey {
            id,
            purpose,
            wrapped,
            current: true,
        })
    }

    /// Opens the key table; refuses a `SECRET_KEY` that does not fit, before anything is served.
    pub fn open_table(master: &MasterKey, table: &[WrappedKey]) -> Result<Self, KeyError> {
        let keys = table
            .iter()
            .map(|row| {
                let bytes = unwrap(master, row)?;
                Ok(DataKey {
                    id: row.id,
                    purpose: row.purpose,
                    bytes,
                    current: row.current,
                })
            })
            .collect::<Result<Vec<_>, KeyError>>()?;
        let ring = Self { keys };
        for purpose in Purpose::ALL {
            ring.current(purpose)?;
        }
        Ok(ring)
    }

    /// Wraps the same data keys under a new `SECRET_KEY`; nothing they sealed or printed changes.
    pub fn rewrap(&self, master: &MasterKey) -> Result<Vec<WrappedKey>, KeyError> {
        self.keys
            .iter()
            .map(|key| {
                let wrapped = wrap(master, key.id, key.purpose, &key.bytes)?;
                Ok(WrappedKey {
                    id: key.id,
                    purpose: key.purpose,
                    wrapped,
                    current: key.current,
                })
            })
            .collect()
    }

    /// The key new values of this purpose are made with.
    pub fn current(&self, purpose: Purpose) -> Result<KeyId, KeyError> {
        let newest = self
            .keys
            .iter()
            .filter(|key| key.purpose == purpose && key.current)
            .max_by_key(|key| key.id);
        newest.map(|key| key.id).ok_or(KeyError::NoKey)
    }

    fn find(&self, purpose: Purpose, id: KeyId) -> Result<&DataKey, KeyError> {
        self.keys
            .iter()
            .find(|key| key.id == id && key.purpose == purpose)
            .ok_or(KeyError::UnknownKey)
    }

    /// Seals bytes for a purpose, bound to the row that will hold them.
    pub fn seal(&self, purpose: Purpose, bound_to: Id, plain: &[u8]) -> Result<Sealed, KeyError> {
        let key = self.find(purpose, self.current(purpose)?)?;
        let nonce: [u8; 24] = random()?;
        let aad = bound(key.id, purpose, bound_to);
        let sealed = XChaCha20Poly1305::new(&key.bytes.into())
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: plain,
                    aad: &aad,
                },
            )
            .map_err(|_| KeyError::DoesNotOpen)?;
        Ok(Sealed(
            [&key.id.0.to_be_bytes()[..], &nonce[..], &sealed[..]].concat(),
        ))
    }

    /// Opens what [`Keyring::seal`] sealed for the same purpose and row.
    pub fn open(&self, purpose: Purpose, bound_to: Id, sealed: &Sealed) -> Result<Vec<u8>, KeyError> {
        let (id, rest) = sealed.0.split_first_chunk::<4>().ok_or(KeyError::DoesNotOpen)?;
        let (nonce, cipher) = rest.split_first_chunk::<24>().ok_or(KeyError::DoesNotOpen)?;
        let key = self.find(purpose, KeyId(i32::from_be_bytes(*id)))?;
        let aad = bound(key.id, purpose, bound_to);
        XChaCha20Poly1305::new(&key.bytes.into())
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: cipher,
                    aad: &aad,
                },
            )
            .map_err(|_| KeyError::DoesNotOpen)
    }

    /// Seals JSON that is kept for years: packed, so that it takes little room.
    pub fn seal_packed(&self, purpose: Purpose, bound_to: Id, json: &[u8]) -> Result<Sealed, KeyError> {
        self.seal(purpose, bound_to, &pack(json))
    }

    /// Opens what [`Keyring::seal_packed`] sealed, or [`Keyring::seal`] before there was packing.
    pub fn open_packed(&self, purpose: Purpose, bound_to: Id, sealed: &Sealed) -> Result<Vec<u8>, KeyError> {
        unpack(self.open(purpose, bound_to, sealed)?).map_err(|NotPacked| KeyError::Garbled)
    }

    /// Seals a value as packed JSON.
    pub fn seal_json<T: Serialize>(
        &self,
        purpose: Purpose,
        bound_to: Id,
        value: &T,
    ) -> Result<Sealed, KeyError> {
        let plain = serde_json::to_vec(value).map_err(|_| KeyError::Garbled)?;
        self.seal_packed(purpose, bound_to, &plain)
    }

    /// Opens a value that was sealed as JSON.
    pub fn open_json<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        bound_to: Id,
        sealed: &Sealed,
    ) -> Result<T, KeyError> {
        let plain = self.open_packed(purpose, bound_to, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| KeyError::Garbled)
    }

    /// A keyed hash of parts under the current key. Parts are length-prefixed: ("ab", "c") is not ("a", "bc").
    pub fn mac(&self, purpose: Purpose, parts: &[&[u8]]) -> Result<[u8; 32], KeyError> {
        self.mac_with(purpose, self.current(purpose)?, parts)
    }

    /// A keyed hash of parts under a named key, such as the one a pad was printed with.
    pub fn mac_with(&self, purpose: Purpose, id: KeyId, parts: &[&[u8]]) -> Result<[u8; 32], KeyError> {
        Ok(hmac(&self.find(purpose, id)?.bytes, parts))
    }
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
    Ok(bytes)
}

fn bound(id: KeyId, purpose: Purpose, bound_to: Id) -> Vec<u8> {
    [
        &id.0.to_be_bytes()[..],
        purpose.as_str().as_bytes(),
        b"/",
        bound_to.as_bytes(),
    ]
    .concat()
}

fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A 32-byte key is shorter than SHA-256's block of 64, so it is padded with zeros as HMAC prescribes.
    let mut block = [0_u8; 64];
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&block.into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn wrap(master: &MasterKey, id: KeyId, purpose: Purpose, bytes: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
    let nonce: [u8; 24] = random()?;
    let aad = bound(id, purpose, Id::from_bytes([0; 16]));
    let sealed = master
        .wrapping()
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: bytes,
                aad: &aad,
            },
        )
        .map_err(|_| KeyError::WrongSecret)?;
    Ok([&nonce[..], &sealed[..]].concat())
}

fn unwrap(master: &MasterKey, row: &WrappedKey) -> Result<[u8; 32], KeyError> {
    let (nonce, cipher) = row
        .wrapped
        .split_first_chunk::<24>()
        .ok_or(KeyError::WrongSecret)?;
    let aad = bound(row.id, row.purpose, Id::from_bytes([0; 16]));
    let plain = master
        .wrapping()
        .decrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: cipher,
                aad: &aad,
            },
        )
        .map_err(|_| KeyError::WrongSecret)?;
    plain.try_into().map_err(|_| KeyError::WrongSecret)
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
