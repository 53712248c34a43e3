//! How an attempt ended: done, later or never, and why, without a word of what the server said. Servers echo
//! the recipient in their refusals, so only a class of reason is kept.

use std::fmt;

use lettre::transport::smtp::Error as SmtpError;

/// How an attempt to deliver ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server took it.
    Done,
    /// Not now; worth another attempt.
    Later(Reason),
    /// Refused for good.
    Never(Reason),
}

/// Why an attempt failed; all that is stored and logged of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The server answered with this code.
    Smtp(u16),
    /// The gateway answered with this code.
    Http(u16),
    /// No conversation with the server, or it broke off.
    Connection,
    /// The server took too long.
    Timeout,
    /// The conversation could not be protected.
    Tls,
    /// The address is none, or holds control characters.
    Address,
    /// Subject or body cannot be made into a mail.
    Content,
    /// The folder for captured mail refused.
    Folder,
    /// The sealed message does not open.
    Sealed,
    /// The second channel it was written for is not configured any more.
    NoChannel,
    /// Mail was said to be down, for a drill.
    Drilled,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Smtp(code) => write!(f, "smtp {code}"),
            Reason::Http(code) => write!(f, "http {code}"),
            Reason::Connection => f.write_str("connection"),
            Reason::Timeout => f.write_str("timeout"),
            Reason::Tls => f.write_str("tls"),
            Reason::Address => f.write_str("address"),
            Reason::Content => f.write_str("content"),
            Reason::Folder => f.write_str("folder"),
            Reason::Sealed => f.write_str("sealed"),
            Reason::NoChannel => f.write_str("no channel"),
            Reason::Drilled => f.write_str("down for the drill"),
        }
    }
}

/// Reads a refusal of a mail. A code that speaks of the sender's settings rather than of this mailbox is worth
/// another attempt: a wrong password must not throw away a day's mail.
pub(super) fn read(refused: &SmtpError) -> Delivery {
    match refused.status().map(u16::from) {
        Some(code) if refused.is_permanent() && !is_about_settings(code) => {
            Delivery::Never(Reason::Smtp(code))
        }
        _ => Delivery::Later(reason(refused)),
    }
}

/// Reads a refusal before any mail was named: it says nothing about a mailbox, whatever its code.
pub(super) fn read_opening(refused: &SmtpError) -> Delivery {
    Delivery::Later(reason(refused))
}

fn reason(refused: &SmtpError) -> Reason {
    match refused.status() {
        Some(code) => Reason::Smtp(code.into()),
        None if refused.is_timeout() => Reason::Timeout,
        None if refused.is_tls() => Reason::Tls,
        None => Reason::Connection,
    }
}

/// RFC 5321: 500-504 are faults of syntax or order; 552 is to be treated as 452, section 4.5.3.1.10.
/// RFC 4954: 530-538 ask for another sign-in.
fn is_about_settings(code: u16) -> bool {
    matches!(code, 500..=504 | 530..=538 | 552)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_password_is_not_a_wrong_mailbox() {
        for code in [500, 504, 530, 535, 538, 552] {
            assert!(is_about_settings(code), "{code}");
        }
        for code in [550, 551, 553, 554, 556] {
            assert!(!is_about_settings(code), "{code}");
        }
    }

    #[test]
    fn a_reason_is_a_class_and_nothing_more() {
        assert_eq!(Reason::Smtp(550).to_string(), "smtp 550");
        assert_eq!(Reason::Http(503).to_string(), "http 503");
        assert_eq!(Reason::Connection.to_string(), "connection");
    }
}
