//! How an urgent referral reaches somebody when nobody acknowledges it: the clock, and the second channel beside mail.

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

use crate::values::Unfit;

/// As short as the secret of the second channel may be, in characters: 32 of them drawn at random cannot be guessed.
const SHORTEST_SECRET: usize = 32;

/// The clock of an urgent referral, and the second channel.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// Minutes an urgent referral may stand unacknowledged before the next on the rota is told, by day and by night.
    #[serde(default = "minutes")]
    pub minutes: u16,
    /// How often everybody on shift is told before another route is taken, and the pauses begin to grow.
    #[serde(default = "rounds")]
    pub rounds: u8,
    /// No pause between two tellings grows longer, in minutes.
    #[serde(default = "longest_pause")]
    pub longest_pause: u16,
    /// Minutes within which one person or mailbox is told once; what comes meanwhile is told together at their end.
    #[serde(default = "together")]
    pub together: u16,
    /// Who is told besides, once everybody on shift was told so often, and while nobody is on shift.
    #[serde(default)]
    pub after_rounds: Option<OtherRoute>,
    /// Where the second channel is; without it urgent notices go by mail alone.
    #[serde(default)]
    pub webhook: Option<WebhookPlace>,
}

/// A way to somebody outside the rota, such as the manager on call or the crisis team.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherRoute {
    /// Name or role.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// The number to ring.
    pub phone: String,
}

impl fmt::Debug for OtherRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtherRoute [redacted]")
    }
}

impl Default for Escalation {
    fn default() -> Self {
        Self {
            minutes: minutes(),
            rounds: rounds(),
            longest_pause: longest_pause(),
            together: together(),
            after_rounds: None,
            webhook: None,
        }
    }
}

impl Escalation {
    /// The first thing that cannot be right: its key and why.
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        if !(1..=240).contains(&self.minutes) {
            return Err((
                "minutes",
                "must be 1 to 240: a P1 is answered within four working hours",
            ));
        }
        if !(1..=10).contains(&self.rounds) {
            return Err(("rounds", "must be 1 to 10"));
        }
        if self.longest_pause < self.minutes || self.longest_pause > 240 {
            return Err(("longest_pause", "must be at least `minutes` and at most 240"));
        }
        if self.together > 15 || self.together > self.minutes {
            return Err(("together", "must be at most 15 and no longer than `minutes`"));
        }
        match &self.after_rounds {
            Some(route) if route.name.trim().is_empty() || route.phone.trim().is_empty() => {
                Err(("escalation.after_rounds", "needs a name and a phone number"))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// A quarter of an hour: sixteen people are told within the four hours in which a P1 is answered.
fn minutes() -> u16 {
    15
}

/// Once could be a phone on silent; twice is nobody there.
fn rounds() -> u8 {
    2
}

/// Two hours: somebody who wakes up, or comes back into reach, is told soon, and a weekend is some thirty calls.
fn longest_pause() -> u16 {
    120
}

/// Short beside the quarter of an hour of the clock, long enough that a flood is two calls and not forty.
fn together() -> u16 {
    5
}

/// The address of the service's pager or text gateway.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookPlace {
    /// `https://…`; `http://` only on this machine.
    pub url: String,
}

impl fmt::Debug for WebhookPlace {
    /// Gateways like to have a key in their address, so only the host is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookPlace({})", self.host())
    }
}

impl WebhookPlace {
    /// Host and port, all that is printed of the address.
    pub fn host(&self) -> &str {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }

    /// Whether the address is that of this machine.
    pub fn is_here(&self) -> bool {
        let host = self.host();
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            Some(_) | None => host,
        };
        matches!(name, "localhost" | "127.0.0.1" | "[::1]")
    }

    pub(super) fn is_sound(&self) -> bool {
        let host = self.host();
        let scheme = self.url.starts_with("https://") || (self.url.starts_with("http://") && self.is_here());
        scheme
            && !host.is_empty()
            && !host.contains('@')
            && !self
                .url
                .contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '#')
    }
}

/// What calls of the second channel are signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct EscalationSecret(String);

impl fmt::Debug for EscalationSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl EscalationSecret {
    /// Reads `ESCALATION_SECRET`.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let text = text.trim();
        match text.chars().count() >= SHORTEST_SECRET {
            true => Ok(Self(text.to_owned())),
            false => Err(Unfit::because(
                "must be at least 32 characters drawn at random, such as from `openssl rand -hex 32`",
            )),
        }
    }

    /// The bytes that sign.
    pub fn reveal(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// The way beside mail.
#[derive(Clone, Debug)]
pub enum SecondChannel {
    /// None: `doctor` warns, and when mail fails a person rings.
    None,
    /// The service's pager or text gateway.
    Webhook {
        /// Where it is.
        place: WebhookPlace,
        /// What calls are signed with.
        secret: EscalationSecret,
    },
    /// Into files of a folder, for the demo.
    Captured(PathBuf),
}

impl SecondChannel {
    /// Whether there is one.
    pub fn is_there(&self) -> bool {
        match self {
            SecondChannel::None => false,
            SecondChannel::Webhook { .. } | SecondChannel::Captured(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(url: &str) -> WebhookPlace {
        WebhookPlace { url: url.to_owned() }
    }

    #[test]
    fn a_gateway_is_reached_over_https_or_on_this_machine() {
        for sound in [
            "https://pager.example.org/hook?key=1",
            "https://pager.example.org:8443",
            "http://127.0.0.1:9000/x",
            "http://localhost/x",
            "http://[::1]:9000/",
        ] {
            assert!(place(sound).is_sound(), "{sound}");
        }
        for unsound in [
            "",
            "pager.example.org",
            "http://pager.example.org/hook",
            "http://localhost.example.org/",
            "https://",
            "https:///path",
            "https://user:word@pager.example.org/",
            "https://pager.example.org/a b",
            "https://pager.example.org/#x",
            "ftp://pager.example.org/",
        ] {
            assert!(!place(unsound).is_sound(), "{unsound}");
        }
    }

    #[test]
    fn neither_the_secret_nor_a_key_in_the_address_is_printed() {
        let secret = "0123456789abcdef0123456789abcdef";
        let channel = SecondChannel::Webhook {
            place: place("https://pager.example.org/services/K3Y"),
            secret: EscalationSecret::parse(secret).expect("long enough"),
        };
        let printed = format!("{channel:?}");
        assert!(printed.contains("pager.example.org") && printed.contains("[redacted]"));
        assert!(!printed.contains("K3Y") && !printed.contains("0123"), "{printed}");
    }

    #[test]
    fn a_secret_that_can_be_guessed_is_refused_without_being_repeated() {
        let told = EscalationSecret::parse("swordfish")
            .expect_err("short")
            .to_string();
        assert!(told.contains("32 characters") && !told.contains("swordfish"));
    }
}
