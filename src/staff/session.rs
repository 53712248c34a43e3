//! Sessions: a random token in a cookie, its keyed hash in the database, so that a stolen database signs
//! nobody in and a session can be ended at once.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::store::sessions as store;
use crate::config::Config;
use crate::db::{self, Db};
use crate::values::{KeyError, Keyring, Purpose, Ts, random};
use crate::web::cookies;

/// The cookie that carries the token.
const COOKIE: &str = "staff";

/// Minutes without a request after which a session is over. Screens stand in rooms where patients come and go.
pub const IDLE_MINUTES: i64 = 30;
/// Minutes after which a session is over even in constant use: one long shift.
pub const LONGEST_MINUTES: i64 = 12 * 60;
/// A request moves the idle limit only when the last one that did is this many minutes old, so that a busy
/// page writes once a minute and not each time.
pub(super) const REFRESH_MINUTES: i64 = 1;

/// The secret of one signed-in browser.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken([u8; 32]);

impl SessionToken {
    pub(super) fn draw() -> Result<Self, KeyError> {
        random().map(Self)
    }

    /// Reads the text of a cookie; `None` when it is not one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .map(Self)
    }

    /// The text of the cookie.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    pub(super) fn hash(&self, keys: &Keyring) -> Result<[u8; 32], KeyError> {
        keys.mac(Purpose::Tokens, &[b"staff session", &self.0])
    }

    /// The token that this request's cookie carries.
    pub fn of(config: &Config, request: &HttpRequest) -> Option<Self> {
        cookies::read(config, request, COOKIE).and_then(|text| Self::parse(&text))
    }

    /// The cookie that carries the token until the browser is closed. It is lax, not strict: the link in a
    /// notice to the team must open for who is signed in.
    pub fn cookie(&self, config: &Config) -> Cookie<'static> {
        cookies::bake(config, COOKIE, self.reveal(), None)
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The cookie that takes the token away again.
pub(super) fn empty_cookie(config: &Config) -> Cookie<'static> {
    cookies::forget(config, COOKIE)
}

/// The moment before which a session must have been seen to be alive now.
pub(super) fn idle_since(now: Ts) -> Ts {
    now.plus_minutes(-IDLE_MINUTES)
}

/// Ends a session. Ending one that is over already is no error.
pub async fn sign_out(db: &Db, keys: &Keyring, token: &SessionToken) -> db::Result<()> {
    let hash = token.hash(keys)?;
    db.write(move |conn| store::delete_session(conn, &hash)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_nothing_else_is() {
        let token = SessionToken::draw().expect("randomness");
        assert_eq!(SessionToken::parse(&token.reveal()), Some(token));
        for wrong in ["", "x", "AAAA", "not base64 at all!"] {
            assert_eq!(SessionToken::parse(wrong), None);
        }
    }
}
