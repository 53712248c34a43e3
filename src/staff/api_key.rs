//! API keys: how another system signs in. A key is shown once, stored as a keyed hash, and may do only what its
//! scopes say.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::account::one_line;
use super::changes::event::{Changer, EventKind, NewEvent};
use super::read_log::Reader;
use super::store::account_events;
use super::store::keys as store;
use crate::db::{self, Db};
use crate::values::{Id, KeyError, Keyring, Purpose, Ts, Unfit, random};

/// What a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Make slips.
    Issue,
    /// Send referrals in.
    Submit,
    /// Read referrals.
    Read,
    /// See the decision with its reasons.
    Triage,
}

impl Scope {
    /// All scopes, in the order they are offered.
    pub const ALL: [Scope; 4] = [Scope::Issue, Scope::Submit, Scope::Read, Scope::Triage];

    /// The word that is stored and typed.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Issue => "issue",
            Scope::Submit => "submit",
            Scope::Read => "read",
            Scope::Triage => "triage",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }

    /// Whether a key with this scope shows who a patient is, what they told, or what is suggested for them.
    pub fn shows_patients(self) -> bool {
        match self {
            Scope::Issue | Scope::Submit => false,
            Scope::Read | Scope::Triage => true,
        }
    }

    /// What the scope allows, for who gives it out.
    pub fn label(self) -> &'static str {
        match self {
            Scope::Issue => "Make slips",
            Scope::Submit => "Send referrals in",
            Scope::Read => "Read referrals, with who the patient is",
            Scope::Triage => "See the suggested decision with its reasons",
        }
    }
}

/// What a key is called, such as "Physioworks record system".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLabel(String);

impl KeyLabel {
    /// Reads a label of one line, at most 80 characters.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        one_line(
            typed,
            "Enter a label, such as the name of the system",
            "Label must be 80 characters or fewer, on one line",
        )
        .map(Self)
    }

    /// The label as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A key as the API meets it and as lists show it.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// The key's row.
    pub id: Id,
    /// What it is called.
    pub label: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The only clinic it acts for; none: any clinic.
    pub clinic: Option<Id>,
    /// Whether it works.
    pub active: bool,
    /// Since when it exists.
    pub created_at: Ts,
}

impl ApiKey {
    /// Draws a key with its secret and what is stored of it.
    pub(super) fn draw(
        keys: &Keyring,
        label: &KeyLabel,
        scopes: &[Scope],
        clinic: Option<Id>,
        now: Ts,
    ) -> Result<(ApiKey, ApiToken, [u8; 32]), KeyError> {
        let token = ApiToken::draw()?;
        let hash = token.hash(keys)?;
        let offered = Scope::ALL.into_iter();
        let key = ApiKey {
            id: Id::new(),
            label: label.0.clone(),
            scopes: offered.filter(|scope| scopes.contains(scope)).collect(),
            clinic,
            active: true,
            created_at: now,
        };
        Ok((key, token, hash))
    }

    /// The scopes as they are typed: "issue, submit".
    pub fn scopes_in_words(&self) -> String {
        let words: Vec<&str> = self.scopes.iter().map(|scope| scope.as_str()).collect();
        words.join(", ")
    }

    /// Whether the key may be used for this.
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Whether the key may act for this clinic.
    pub fn acts_for(&self, clinic: Id) -> bool {
        self.clinic.is_none_or(|own| own == clinic)
    }
}

impl From<&ApiKey> for Reader {
    fn from(key: &ApiKey) -> Self {
        Reader::ApiKey(key.id)
    }
}

/// What every key begins with, so that one that leaks is recognised.
const PREFIX: &str = "ipk_";

/// The secret itself.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken([u8; 32]);

impl ApiToken {
    fn draw() -> Result<Self, KeyError> {
        random().map(Self)
    }

    /// Reads the text of a key; `None` when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The text of the key, to show it once.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(self.0))
    }

    fn hash(&self, keys: &Keyring) -> Result<[u8; 32], KeyError> {
        keys.mac(Purpose::Tokens, &[b"api key", &self.0])
    }
}

impl std::fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Makes a key as the operator does; the token is nowhere but in what this returns.
pub async fn add_key(
    db: &Db,
    keys: &Keyring,
    now: Ts,
    label: &KeyLabel,
    scopes: &[Scope],
    clinic: Option<Id>,
) -> db::Result<(ApiKey, ApiToken)> {
    let (key, token, hash) = ApiKey::draw(keys, label, scopes, clinic, now)?;
    let event = NewEvent::new(EventKind::KeyAdded, Changer::CommandLine, &key.label, now)
        .about_key(Some(key.id))
        .saying(key.scopes_in_words());
    let row = key.clone();
    db.write(move |conn| {
        store::insert_key(conn, &row, &hash)?;
        account_events::insert_event(conn, &event)
    })
    .await?;
    Ok((key, token))
}

/// All keys, also those revoked, the oldest first.
pub async fn list_keys(db: &Db) -> db::Result<Vec<ApiKey>> {
    db.read(store::list_keys).await
}

/// Ends a key at once; false when there is none with this id that works.
pub async fn revoke_key(db: &Db, now: Ts, by: Changer, id: Id) -> db::Result<bool> {
    let event = NewEvent::new(EventKind::KeyRevoked, by, "", now).about_key(Some(id));
    db.write(move |conn| {
        let Some(label) = store::mark_key_revoked(conn, id)? else {
            return Ok(false);
        };
        account_events::insert_event(conn, &event.clone().of(label))?;
        Ok(true)
    })
    .await
}

/// The key that a request's `Authorization` header carries, if it is one of ours and still works.
pub async fn authenticate(db: &Db, keys: &Keyring, header: Option<&str>) -> db::Result<Option<ApiKey>> {
    authenticate_in(db::Haste::Ordinary, db, keys, header).await
}

/// The same for a request that may carry a risk answer, which is not turned away unread.
pub async fn authenticate_in(
    haste: db::Haste,
    db: &Db,
    keys: &Keyring,
    header: Option<&str>,
) -> db::Result<Option<ApiKey>> {
    let Some(token) = header.and_then(bearer) else {
        return Ok(None);
    };
    let hash = token.hash(keys)?;
    db.read_in(haste, move |conn| store::find_key(conn, &hash)).await
}

/// The token of `Bearer ipk_…`; the scheme's case does not matter (RFC 9110, 11.1).
fn bearer(header: &str) -> Option<ApiToken> {
    let (scheme, token) = header.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| ApiToken::parse(token.trim()))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_from_the_header_and_nothing_else_is() {
        let token = ApiToken::draw().expect("randomness");
        let text = token.reveal();
        assert_eq!(text.len(), 47);
        assert_eq!(bearer(&format!("Bearer {text}")), Some(token.clone()));
        assert_eq!(bearer(&format!("bearer  {text}")), Some(token));
        for wrong in [
            "",
            "Bearer",
            "Bearer x",
            &text,
            &format!("Basic {text}"),
            &format!("Bearer {text}A"),
        ] {
            assert_eq!(bearer(wrong), None, "{wrong:?} was accepted");
        }
    }

    #[test]
    fn every_scope_is_read_back_from_its_word() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
        assert_eq!(Scope::parse("admin"), None);
    }
}
