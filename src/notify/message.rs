//! One message, before it is sealed into the outbox.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::values::{Id, Ts};

/// Which messages go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Somebody may be at risk: goes before everything, and is never given up while nobody has acknowledged it.
    Urgent,
    /// Everything else: given up after a day.
    Normal,
}

impl Lane {
    /// Both lanes, in the order they are served.
    pub const ALL: [Lane; 2] = [Lane::Urgent, Lane::Normal];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Lane::Urgent => "urgent",
            Lane::Normal => "normal",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.as_str() == word)
    }
}

/// By which way a message goes. Each has workers of its own, so that one that is slow or down never delays the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Mail.
    Email,
    /// The second channel: the service's pager or text gateway.
    Webhook,
}

impl Channel {
    /// Both.
    pub const ALL: [Channel; 2] = [Channel::Email, Channel::Webhook];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Webhook => "webhook",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == word)
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not delivered yet; perhaps being delivered now.
    Waiting,
    /// A server took it.
    Delivered,
    /// It was refused for good, or nobody took it for a day.
    GivenUp,
    /// Another message stands for it, or it was acknowledged before it was delivered.
    Superseded,
}

impl Status {
    /// All of them, in the order of a message's life.
    pub const ALL: [Status; 4] = [
        Status::Waiting,
        Status::Delivered,
        Status::GivenUp,
        Status::Superseded,
    ];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Waiting => "waiting",
            Status::Delivered => "delivered",
            Status::GivenUp => "given_up",
            Status::Superseded => "superseded",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// What became of one urgent message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// The message.
    pub id: Id,
    /// What it is about.
    pub about: Id,
    /// By which way it goes.
    pub channel: Channel,
    /// Where it is.
    pub status: Status,
    /// Whether an attempt has failed.
    pub failing: bool,
    /// When it was written.
    pub created_at: Ts,
    /// When it ended.
    pub done_at: Option<Ts>,
}

/// A message to one address. Its writer sees to it that no health word and no identity stand in it: mail is
/// not secure (DCB1596), so it carries a reference, a neutral line and a link.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// What it is about, such as a referral; normal messages about the same thing go in the order they were
    /// written, and urgent ones are stopped by naming it. An urgent message without it goes on until delivered.
    pub about: Option<Id>,
    /// How soon it goes.
    pub lane: Lane,
    /// One bare address, `name@example.org`.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text, lines ended by `\n`.
    pub body: String,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("about", &self.about)
            .field("lane", &self.lane)
            .field("to", &"[redacted]")
            .field("subject", &"[redacted]")
            .field("body", &"[redacted]")
            .finish()
    }
}

/// What is sealed in a row of the outbox: all of a message that could tell on somebody.
#[derive(Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) body: String,
}

/// The name every copy of a message carries, so that a mailbox can recognise the second: `<id@host>`.
pub(super) fn message_id(id: Id, host: &str) -> String {
    format!("<{id}@{host}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_channels_and_statuses_survive_being_stored() {
        for lane in Lane::ALL {
            assert_eq!(Lane::parse(lane.as_str()), Some(lane));
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.as_str()), Some(channel));
        }
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(status));
        }
        assert_eq!(Lane::parse("slow"), None);
    }

    #[test]
    fn a_message_prints_nothing_of_itself() {
        let message = Message {
            about: None,
            lane: Lane::Normal,
            to: "pat@example.org".to_owned(),
            subject: "A subject".to_owned(),
            body: "A body".to_owned(),
        };
        let printed = format!("{message:?}");
        for part in ["pat", "subject\"", "A subject", "A body"] {
            assert!(!printed.contains(part), "{part} in {printed}");
        }
    }

    #[test]
    fn a_message_id_is_the_row_and_the_senders_host() {
        let id = Id::from_bytes([0; 16]);
        assert_eq!(
            message_id(id, "example.org"),
            "<00000000-0000-0000-0000-000000000000@example.org>"
        );
    }
}
