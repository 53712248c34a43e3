//! Cookies: only such as a page cannot work without. Over https their names begin with `__Host-`, which
//! browsers keep to this host and to https; the demo over http goes without.
//!
//! A sealed cookie carries a value that only this service can read: encrypted, bound to the cookie's name,
//! dated inside. It may take two cookies, because browsers cut one off at 4,096 bytes.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Error;
use super::sealed_text::{opened_text, sealed_text};
use crate::app::App;
use crate::config::Config;
use crate::values::Ts;

/// Most characters of one of the two cookies of a sealed value; with its name well below 4,096.
const ONE: usize = 3_050;
/// The most that both hold together.
const BOTH: usize = 2 * ONE;
/// The most bytes of JSON that both hold under a name of up to eight letters: three quarters of the characters,
/// less the id (16), key, nonce and tag (44), and the name and date beside the value (60).
pub const LARGEST_JSON: usize = BOTH / 4 * 3 - 16 - 44 - 60;

/// A cookie for the time the browser is open, or until `minutes` from now.
pub fn bake(config: &Config, name: &str, value: String, minutes: Option<i64>) -> Cookie<'static> {
    let mut cookie = Cookie::build(full_name(config.is_https(), name), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.is_https());
    if let Some(minutes) = minutes {
        cookie = cookie.max_age(Duration::minutes(minutes));
    }
    cookie.finish()
}

/// What tells the browser to forget a cookie.
pub fn forget(config: &Config, name: &str) -> Cookie<'static> {
    let mut cookie = bake(config, name, String::new(), Some(0));
    cookie.make_removal();
    cookie
}

/// The value of a cookie that the browser sent.
pub fn read(config: &Config, request: &HttpRequest, name: &str) -> Option<String> {
    let cookie = request.cookie(&full_name(config.is_https(), name))?;
    Some(cookie.value().to_owned()).filter(|value| !value.is_empty())
}

/// Puts cookies on an answer.
pub fn with_cookies(
    mut answer: HttpResponse,
    cookies: impl IntoIterator<Item = Cookie<'static>>,
) -> HttpResponse {
    for cookie in cookies {
        if let Err(unfit) = answer.add_cookie(&cookie) {
            tracing::error!("a cookie could not be set: {unfit}");
        }
    }
    answer
}

/// Seals a value into the cookies NAME and NAME-2; fails on a value above 6 kB.
pub fn seal<T: Serialize>(app: &App, name: &str, value: &T) -> Result<[Cookie<'static>; 2], Error> {
    let text = sealed_text(&app.keys, name, value, app.clock.now())?;
    refuse_above(&text)?;
    let (first, second) = text.split_at(text.len().min(ONE));
    let rest = match second {
        "" => forget(&app.config, &second_name(name)),
        rest => bake(&app.config, &second_name(name), rest.to_owned(), None),
    };
    Ok([bake(&app.config, name, first.to_owned(), None), rest])
}

/// What a browser would cut off is not sent.
fn refuse_above(text: &str) -> Result<(), Error> {
    match text.len() <= BOTH {
        true => Ok(()),
        false => Err(Error::Internal(anyhow::anyhow!(
            "a value of {} characters for cookies",
            text.len()
        ))),
    }
}

/// Opens a sealed value; `None` if there is none, if it was not sealed here, or if it was sealed longer than
/// `idle_minutes` ago.
pub fn open<T: DeserializeOwned>(
    app: &App,
    request: &HttpRequest,
    name: &str,
    idle_minutes: i64,
) -> Option<T> {
    let (value, at) = open_dated(app, request, name)?;
    (at > app.clock.now().plus_minutes(-idle_minutes)).then_some(value)
}

/// Opens a sealed value however old, with when it was sealed: the caller judges its age.
pub fn open_dated<T: DeserializeOwned>(app: &App, request: &HttpRequest, name: &str) -> Option<(T, Ts)> {
    let first = read(&app.config, request, name)?;
    let second = read(&app.config, request, &second_name(name)).unwrap_or_default();
    opened_text(&app.keys, name, &(first + &second))
}

/// What tells the browser to forget both cookies of a sealed value.
pub fn forget_sealed(config: &Config, name: &str) -> [Cookie<'static>; 2] {
    [forget(config, name), forget(config, &second_name(name))]
}

fn full_name(https: bool, name: &str) -> String {
    if https {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

fn second_name(name: &str) -> String {
    format!("{name}-2")
}

#[cfg(test)]
mod tests {
    use super::super::sealed_text::tests::keys;
    use super::*;

    #[test]
    fn a_value_that_browsers_would_cut_off_is_refused() {
        let sealed = |length: usize| {
            let now = Ts(jiff::Timestamp::UNIX_EPOCH);
            sealed_text(&keys(), "draft", &"a".repeat(length), now).expect("a text")
        };
        assert!(refuse_above(&sealed(4_300)).is_ok() && refuse_above(&sealed(4_500)).is_err());
    }

    #[test]
    fn over_https_a_cookie_is_kept_to_its_host() {
        assert_eq!(full_name(true, "session"), "__Host-session");
        assert_eq!(full_name(false, "session"), "session");
    }
}
