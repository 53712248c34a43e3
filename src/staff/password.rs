//! Passwords: drawn here, hashed with argon2id, compared in the same time whether the account exists or not.
//! Hashing takes 19 MiB each, so at most two run at once and a bounded number waits.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::db;
use crate::values::{KeyError, random};

/// Hashes at once: two, so that a rush of sign-ins takes 38 MiB and no more.
static RUNNING: Semaphore = Semaphore::const_new(2);
/// Hashes running or waiting; beyond that the answer is "busy", not a longer queue.
static WAITING: Semaphore = Semaphore::const_new(64);

/// A hash that no password has: compared when there is no such account, so that a username cannot be found by
/// timing. Its parameters are those of [`argon2`], which the test below holds fast.
pub(super) const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Letters and digits that cannot be taken for each other (Crockford's base 32, in small letters).
pub(super) const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A password in clear, on its way to the screen where it is shown once, or to be hashed.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// What somebody typed.
    pub fn typed(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Draws four groups of four characters: 80 random bits, so that no rule about capitals is needed.
    pub fn draw() -> Result<Self, KeyError> {
        let bytes: [u8; 16] = random()?;
        let mut text = String::with_capacity(19);
        for (place, byte) in bytes.into_iter().enumerate() {
            if place > 0 && place % 4 == 0 {
                text.push('-');
            }
            // 256 is a multiple of 32, so each character is equally likely.
            let letter = LETTERS.get(usize::from(byte % 32)).copied().unwrap_or(b'0');
            text.push(char::from(letter));
        }
        Ok(Self(text))
    }

    /// The password itself, to show it once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// argon2id, 19 MiB, two passes, one lane: the first choice of the OWASP Password Storage Cheat Sheet, and the
/// crate's default.
fn hasher() -> Argon2<'static> {
    Argon2::default()
}

/// Hashes a password, as it is stored.
pub(super) async fn hash(password: &Password) -> db::Result<String> {
    let password = password.clone();
    at_most_two(move || {
        let hashed: PasswordHash = hasher()
            .hash_password(password.0.as_bytes())
            .map_err(|refused| anyhow::anyhow!("the password could not be hashed: {refused}"))?;
        Ok(hashed.to_string())
    })
    .await
}

/// Whether the password is the one that was hashed; takes as long when there is no hash.
pub(super) async fn matches(password: &Password, stored: Option<&str>) -> db::Result<bool> {
    let (password, exists) = (password.clone(), stored.is_some());
    let stored = stored.unwrap_or(NOBODY).to_owned();
    at_most_two(move || {
        let stored = PasswordHash::new(&stored)
            .map_err(|refused| anyhow::anyhow!("a stored password hash cannot be read: {refused}"))?;
        let matches = hasher().verify_password(password.0.as_bytes(), &stored);
        Ok(exists && matches.is_ok())
    })
    .await
}

async fn at_most_two<T: Send + 'static>(
    work: impl FnOnce() -> db::Result<T> + Send + 'static,
) -> db::Result<T> {
    let _place = WAITING.try_acquire().map_err(|_| db::Error::Busy)?;
    let running = RUNNING.acquire().await.map_err(|_| db::Error::Busy)?;
    // The permit goes along: a request that is dropped meanwhile does not stop the hashing it started.
    let hashing = tokio::task::spawn_blocking(move || {
        let _running = running;
        work()
    });
    hashing
        .await
        .map_err(|_| anyhow::anyhow!("hashing a password ended in a panic"))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_matches() {
        let password = Password::draw().expect("randomness");
        let stored = hash(&password).await.expect("hashed");
        assert!(matches(&password, Some(&stored)).await.expect("compared"));
        assert!(
            !matches(&Password::typed("another"), Some(&stored))
                .await
                .expect("compared")
        );
        assert!(!matches(&password, None).await.expect("compared"));
        assert!(!stored.contains(password.reveal()));
    }

    #[tokio::test]
    async fn an_account_that_does_not_exist_costs_the_same_work() {
        let stored = hash(&Password::typed("x")).await.expect("hashed");
        let work = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        assert_eq!(work(&stored), work(NOBODY));
        assert!(PasswordHash::new(NOBODY).is_ok());
    }

    #[test]
    fn a_drawn_password_is_four_groups_of_four() {
        let password = Password::draw().expect("randomness");
        let groups: Vec<&str> = password.reveal().split('-').collect();
        assert_eq!(groups.len(), 4);
        assert!(groups.iter().all(|group| group.len() == 4));
        assert!(
            password
                .reveal()
                .bytes()
                .all(|letter| letter == b'-' || LETTERS.contains(&letter))
        );
        assert_eq!(format!("{password:?}"), "[redacted]");
    }
}
