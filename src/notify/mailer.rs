//! Where messages go: mail to a server, calls of the second channel to a gateway, or both into files for the demo.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::anyhow;
use lettre::Address;
use lettre::message::header::{self, ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox};
use tokio::sync::watch;

use super::alarm::Alarm;
use super::captured;
use super::delivery::{Delivery, Reason};
use super::message::Message;
use super::server::Server;
use super::webhook::Webhook;
use crate::config::{Config, Mail};
use crate::values::{Id, Ts};

/// The ways out: for mail, and beside it the second channel. Cheap to hold; one for the whole program.
pub struct Mailer {
    way: Way,
    sender: Address,
    beside: Webhook,
    wake: watch::Sender<u64>,
}

enum Way {
    Smtp(Box<Server>),
    Captured(PathBuf),
}

impl Mailer {
    /// Prepares the way that the configuration names; speaks to nobody yet.
    pub fn from_config(config: &Config) -> anyhow::Result<Self> {
        let sender = sender(config)?;
        let way = match &config.mail {
            Mail::Smtp(smtp) => Way::Smtp(Box::new(Server::new(smtp, sender.domain())?)),
            Mail::Captured(folder) => Way::Captured(folder.clone()),
        };
        let (wake, _) = watch::channel(0);
        Ok(Self {
            way,
            sender,
            beside: Webhook::new(&config.second_channel),
            wake,
        })
    }

    /// The host in every Message-ID: that of `MAIL_FROM`.
    pub fn host(&self) -> &str {
        self.sender.domain()
    }

    /// The folder of captured mail, when mail is captured.
    pub fn captures_to(&self) -> Option<&Path> {
        match &self.way {
            Way::Smtp(_) => None,
            Way::Captured(folder) => Some(folder),
        }
    }

    /// Whether there is a second channel, so that urgent notices are written for it, too.
    pub fn has_second_channel(&self) -> bool {
        self.beside.is_there()
    }

    /// The folder of captured calls, when the second channel is captured.
    pub fn captures_calls_to(&self) -> Option<&Path> {
        self.beside.captures_to()
    }

    /// Whether the gateway of the second channel answers, without calling anybody; what `doctor` asks. The answer
    /// names the host alone: gateways have keys in their addresses.
    pub async fn second_channel_answers(&self) -> anyhow::Result<String> {
        let answered = self.beside.answers().await;
        answered.map_err(|reason| anyhow!("the gateway does not answer as it should: {reason}"))
    }

    /// Calls once by the second channel, under the id of the row.
    pub async fn call(&self, id: Id, alarm: &Alarm, attempt: i32, now: Ts) -> Delivery {
        self.beside.call(id, alarm, attempt, now).await
    }

    /// Tells the worker that something was written, so that it need not wait for its next look. Call it after
    /// the transaction; forgetting it costs a second.
    pub fn nudge(&self) {
        self.wake.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub(super) fn nudges(&self) -> watch::Receiver<u64> {
        self.wake.subscribe()
    }

    /// Tries once. `message_id` with its angle brackets; `written` becomes the Date.
    pub async fn deliver(&self, message_id: &str, message: &Message, written: Ts) -> Delivery {
        // A panic over one message must not end the worker that carries the urgent ones.
        let composing = AssertUnwindSafe(|| self.compose(message_id, message, written));
        let mail = match catch_unwind(composing).unwrap_or(Err(Reason::Content)) {
            Ok(mail) => mail,
            Err(reason) => return Delivery::Never(reason),
        };
        match &self.way {
            Way::Smtp(server) => server.send(&mail).await,
            Way::Captured(folder) => captured::keep(folder, message_id, mail.formatted()).await,
        }
    }

    /// Whether the mail server answers; what `doctor` asks. Captured mail always does.
    pub async fn answers(&self) -> anyhow::Result<()> {
        match &self.way {
            Way::Smtp(server) => server.answers().await,
            Way::Captured(_) => Ok(()),
        }
    }

    /// Nothing typed can start a header of its own: the recipient must be a bare address, the subject one line.
    fn compose(&self, message_id: &str, message: &Message, written: Ts) -> Result<lettre::Message, Reason> {
        let to: Address = message.to.parse().map_err(|_| Reason::Address)?;
        // Letters beyond ASCII need SMTPUTF8 (RFC 6531), which not every server on the way speaks.
        if !message.to.is_ascii() || message.to.chars().any(char::is_control) {
            return Err(Reason::Address);
        }
        if message.subject.chars().any(char::is_control) {
            return Err(Reason::Content);
        }
        lettre::Message::builder()
            .from(Mailbox::new(None, self.sender.clone()))
            .to(Mailbox::new(None, to))
            .subject(message.subject.clone())
            .date(SystemTime::try_from(written.0).map_err(|_| Reason::Content)?)
            .message_id(Some(message_id.to_owned()))
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .header(header::MIME_VERSION_1_0)
            .header(ContentType::TEXT_PLAIN)
            .body(encoded(&message.body)?)
            .map_err(|_| Reason::Content)
    }
}

/// Plain ASCII goes as it is; anything else as quoted-printable, which every server passes on.
fn encoded(body: &str) -> Result<Body, Reason> {
    Body::new_with_encoding(body.to_owned(), ContentTransferEncoding::SevenBit)
        .or_else(|_| Body::new_with_encoding(body.to_owned(), ContentTransferEncoding::QuotedPrintable))
        .map_err(|_| Reason::Content)
}

/// `MAIL_FROM`; captured mail goes nowhere and may do without.
fn sender(config: &Config) -> anyhow::Result<Address> {
    let text = match &config.mail {
        Mail::Captured(_) if config.mail_from.is_empty() => "no-reply@localhost",
        Mail::Captured(_) | Mail::Smtp(_) => &config.mail_from,
    };
    text.parse()
        .map_err(|_| anyhow!("MAIL_FROM must be a bare e-mail address, such as no-reply@example.org"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::notify::Lane;

    fn mailer() -> Mailer {
        Mailer {
            way: Way::Captured("unused".into()),
            sender: "no-reply@example.org".parse().expect("an address"),
            beside: Webhook::None,
            wake: watch::channel(0).0,
        }
    }

    fn heads(mail: &lettre::Message) -> Vec<String> {
        let text = String::from_utf8(mail.formatted()).expect("text");
        let head = text.split("\r\n\r\n").next().unwrap_or_default();
        let starts = head.split("\r\n").filter(|line| !line.starts_with(' '));
        let names = starts.map(|line| line.split(':').next().unwrap_or_default());
        names.map(str::to_owned).collect()
    }

    proptest! {
        #[test]
        fn whatever_is_typed_the_headers_are_ours_alone(
            to in "\\PC{0,12}@example.org|[ -~\r\n\t]{0,30}@example.org|.{0,40}",
            subject in "(?s).{0,200}",
            body in "(?s).{0,200}",
        ) {
            let message = Message { about: None, lane: Lane::Normal, to, subject, body };
            let written = Ts::from_micros(1_795_000_000_000_000);
            if let Ok(mail) = mailer().compose("<1@example.org>", &message, written) {
                prop_assert_eq!(heads(&mail), [
                    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
                    "Content-Type", "Content-Transfer-Encoding",
                ]);
                prop_assert_eq!(mail.envelope().to().len(), 1);
                prop_assert!(mail.formatted().is_ascii());
            }
        }
    }
}
