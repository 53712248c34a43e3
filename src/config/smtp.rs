//! Where mail is handed in: `smtp://[user:password@]host[:port][?tls=required]` or `smtps://…`.

use std::fmt;

use crate::values::Unfit;

/// How the conversation with the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Encrypted when the server offers it.
    Opportunistic,
    /// Encrypted with STARTTLS, or not at all.
    Required,
    /// Encrypted from the first byte (`smtps://`).
    Implicit,
}

/// A mail server, as `SMTP_URL` says it.
#[derive(Clone, PartialEq, Eq)]
pub struct Smtp {
    /// Name or address of the server.
    pub host: String,
    /// Port; 25 for `smtp://`, 465 for `smtps://` unless said.
    pub port: u16,
    /// User and password, when the server asks for them.
    pub login: Option<(String, String)>,
    /// How the conversation is protected.
    pub tls: Tls,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let login = self.login.as_ref().map(|_| "[redacted]");
        f.debug_struct("Smtp")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("login", &login)
            .field("tls", &self.tls)
            .finish()
    }
}

impl Smtp {
    /// Reads `SMTP_URL`.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let (scheme, rest) = text
            .split_once("://")
            .ok_or(Unfit::because("must begin with smtp:// or smtps://"))?;
        let (mut tls, default_port) = match scheme {
            "smtp" => (Tls::Opportunistic, 25),
            "smtps" => (Tls::Implicit, 465),
            _ => return Err(Unfit::because("must begin with smtp:// or smtps://")),
        };
        let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair {
                "tls=required" if tls == Tls::Opportunistic => tls = Tls::Required,
                "tls=required" => {}
                _ => return Err(Unfit::because("only knows the option tls=required")),
            }
        }
        let authority = authority.trim_end_matches('/');
        let (login, server) = match authority.rsplit_once('@') {
            Some((login, server)) => (Some(login), server),
            None => (None, authority),
        };
        let login = login.map(|login| {
            let (user, password) = login.split_once(':').unwrap_or((login, ""));
            (percent_decoded(user), percent_decoded(password))
        });
        let (host, port) = match server.rsplit_once(':') {
            Some((host, port)) => (
                host,
                port.parse()
                    .map_err(|_| Unfit::because("names a port that is no number"))?,
            ),
            None => (server, default_port),
        };
        if host.is_empty() {
            return Err(Unfit::because("names no server"));
        }
        Ok(Self {
            host: host.to_owned(),
            port,
            login,
            tls,
        })
    }
}

/// Undoes `%40` and its like, so that a password may hold any character.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_server_login_and_protection() {
        let smtp = Smtp::parse("smtp://pad:p%40ss@mail.example.org:587?tls=required").expect("an address");
        assert_eq!(smtp.host, "mail.example.org");
        assert_eq!(smtp.port, 587);
        assert_eq!(smtp.login, Some(("pad".to_owned(), "p@ss".to_owned())));
        assert_eq!(smtp.tls, Tls::Required);
        assert!(!format!("{smtp:?}").contains("p@ss"));
    }

    #[test]
    fn ports_follow_the_scheme() {
        assert_eq!(Smtp::parse("smtp://localhost").map(|smtp| smtp.port), Ok(25));
        assert_eq!(
            Smtp::parse("smtps://localhost/").map(|smtp| (smtp.port, smtp.tls)),
            Ok((465, Tls::Implicit))
        );
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for wrong in [
            "mail.example.org",
            "http://x",
            "smtp://",
            "smtp://x:port",
            "smtp://x?tls=maybe",
        ] {
            assert!(Smtp::parse(wrong).is_err(), "{wrong}");
        }
    }
}
