//! What goes by the second channel: a few words that make somebody look, signed. It names no patient and says nothing
//! about health; the number is that of a colleague on the rota.

use std::fmt;

use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::values::{Id, Ts};

/// Why somebody is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// A referral needs somebody today, and nobody has said that they act.
    Urgent,
    /// A drill: nobody has to do anything.
    Drill,
}

/// One call of the second channel, to one person on the rota.
#[derive(Clone, PartialEq, Eq)]
pub struct Alarm {
    /// What it is about; an acknowledgement of that stops it.
    pub about: Id,
    /// Why.
    pub kind: AlarmKind,
    /// What people call it.
    pub reference: String,
    /// Where to look.
    pub link: String,
    /// How many referrals it is about.
    pub count: i32,
    /// How many were told before.
    pub step: i32,
    /// The number of the person on the rota.
    pub phone: String,
}

impl fmt::Debug for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Alarm({}, {:?}, step {}, [redacted])",
            self.about, self.kind, self.step
        )
    }
}

/// What is sealed in a row of the outbox.
#[derive(Serialize, Deserialize)]
pub(super) struct AlarmContent {
    kind: AlarmKind,
    reference: String,
    link: String,
    /// Those that were sealed before there were calls about several are about one.
    #[serde(default = "one")]
    count: i32,
    step: i32,
    phone: String,
}

fn one() -> i32 {
    1
}

impl AlarmContent {
    pub(super) fn of(alarm: &Alarm) -> Self {
        Self {
            kind: alarm.kind,
            reference: alarm.reference.clone(),
            link: alarm.link.clone(),
            count: alarm.count,
            step: alarm.step,
            phone: alarm.phone.clone(),
        }
    }

    pub(super) fn alarm(self, about: Id) -> Alarm {
        Alarm {
            about,
            kind: self.kind,
            reference: self.reference,
            link: self.link,
            count: self.count,
            step: self.step,
            phone: self.phone,
        }
    }
}

/// The body of a call, in the order in which it is written.
#[derive(Serialize)]
struct Body<'a> {
    id: Id,
    kind: AlarmKind,
    reference: &'a str,
    link: &'a str,
    count: i32,
    phone: &'a str,
    step: i32,
    attempt: i32,
    time: String,
}

/// The body of a call: JSON of one line.
pub(super) fn body(alarm: &Alarm, id: Id, attempt: i32, now: Ts) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Body {
        id,
        kind: alarm.kind,
        reference: &alarm.reference,
        link: &alarm.link,
        count: alarm.count,
        phone: &alarm.phone,
        step: alarm.step,
        attempt,
        time: now.0.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    })
}

/// The signature of a body sent at a moment, in seconds since 1970: `t=…,v1=…`, where `v1` is the HMAC-SHA256 of
/// `t`, a full stop and the body (RFC 2104), in hexadecimal. The moment is under the signature, so that a receiver can
/// refuse what somebody recorded and sends again.
pub fn signature(secret: &[u8], now: Ts, body: &str) -> String {
    let seconds = now.as_micros().div_euclid(1_000_000);
    let mut hex = String::with_capacity(64);
    // HMAC takes a key of any length, so there is no key that it refuses.
    if let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret) {
        mac.update(format!("{seconds}.{body}").as_bytes());
        for byte in mac.finalize().into_bytes() {
            hex.push_str(&format!("{byte:02x}"));
        }
    }
    format!("t={seconds},v1={hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alarm() -> Alarm {
        Alarm {
            about: Id::from_bytes([0; 16]),
            kind: AlarmKind::Urgent,
            reference: "7K3M-9QXT-2".to_owned(),
            link: "https://talking.example.org/inbox/7K3M9QXT2".to_owned(),
            count: 1,
            step: 1,
            phone: "0114 496 0111".to_owned(),
        }
    }

    fn monday() -> Ts {
        Ts("2026-11-23T09:30:00.25Z".parse().expect("a moment"))
    }

    #[test]
    fn a_call_says_this_and_nothing_more() {
        let body = body(&alarm(), Id::from_bytes([7; 16]), 2, monday()).expect("a body");
        assert_eq!(
            body,
            "{\"id\":\"07070707-0707-0707-0707-070707070707\",\"kind\":\"urgent\",\"reference\":\"7K3M-9QXT-2\",\
             \"link\":\"https://talking.example.org/inbox/7K3M9QXT2\",\"count\":1,\"phone\":\"0114 496 0111\",\"step\":1,\
             \"attempt\":2,\"time\":\"2026-11-23T09:30:00Z\"}"
        );
    }

    /// The value is what `printf '1795426200.{"id":1}' | openssl dgst -sha256 -hmac SECRET` prints.
    #[test]
    fn the_signature_is_what_openssl_computes() {
        let secret = b"0123456789abcdef0123456789abcdef";
        assert_eq!(
            signature(secret, monday(), "{\"id\":1}"),
            "t=1795426200,v1=597d7ae344d306025dc72f49471703f8732c12280a474b25eb58245367f066f1"
        );
    }

    #[test]
    fn the_sample_that_receivers_are_given_is_what_is_sent() {
        let sample = include_str!("../../docs/operations.md");
        let id = Id::parse("019ab9f0-7a31-7c52-9e0b-5b1f0c3d2a11").expect("an id");
        let body = body(&alarm(), id, 1, monday()).expect("a body");
        let signature = signature(b"0123456789abcdef0123456789abcdef", monday(), &body);
        assert!(sample.contains(&format!("\n{body}\n")), "{body}");
        assert!(
            sample.contains(&format!("X-Iapt-Pad-Signature: {signature}\n")),
            "{signature}"
        );
    }

    #[test]
    fn an_alarm_prints_nothing_of_itself() {
        let printed = format!("{:?}", alarm());
        assert!(
            !printed.contains("7K3M") && !printed.contains("0114"),
            "{printed}"
        );
    }
}
