//! The address that is listened on: an IP address and a port.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::values::Unfit;

/// Reads an address to listen on, and says of the usual mistakes what to type instead.
pub fn parse_bind(text: &str) -> Result<SocketAddr, Unfit> {
    let typed = text.trim();
    typed.parse().map_err(|_| Unfit(instead_of(typed).into()))
}

fn instead_of(typed: &str) -> String {
    if typed.parse::<Ipv4Addr>().is_ok() {
        return format!("has no port: type {typed}:8080");
    }
    if let Ok(ip) = typed.trim_matches(['[', ']']).parse::<Ipv6Addr>() {
        return format!("has no port: type [{ip}]:8080");
    }
    // "8080" alone is taken for a port.
    let (host, port) = typed.rsplit_once(':').unwrap_or(("", typed));
    let ways = |port: u16| {
        format!("type 127.0.0.1:{port}, for this machine alone, or 0.0.0.0:{port}, for the network")
    };
    match (host, port.parse()) {
        ("", Ok(port)) => format!("has no address before the port: {}", ways(port)),
        (_, Ok(port)) => format!("takes an address, not a name: {}", ways(port)),
        (_, Err(_)) => format!("must be an address and a port: {}", ways(8080)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for fine in ["127.0.0.1:8080", " 0.0.0.0:80 ", "[::1]:8080", "127.0.0.1:0"] {
            assert!(parse_bind(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn each_usual_mistake_is_answered_with_what_to_type() {
        for (wrong, type_this) in [
            (
                "localhost:8080",
                "type 127.0.0.1:8080, for this machine alone, or 0.0.0.0:8080",
            ),
            ("pad.example.org:81", "type 127.0.0.1:81,"),
            (
                ":8080",
                "type 127.0.0.1:8080, for this machine alone, or 0.0.0.0:8080",
            ),
            (
                "8080",
                "type 127.0.0.1:8080, for this machine alone, or 0.0.0.0:8080",
            ),
            ("127.0.0.1", "type 127.0.0.1:8080"),
            ("::1", "type [::1]:8080"),
            ("[::1]", "type [::1]:8080"),
            ("127.0.0.1:99999", "type 127.0.0.1:8080"),
            ("nowhere", "type 127.0.0.1:8080"),
            ("", "type 127.0.0.1:8080"),
        ] {
            let said = parse_bind(wrong).map_err(|unfit| unfit.to_string());
            assert!(
                said.as_ref().is_err_and(|said| said.contains(type_this)),
                "{wrong}: {said:?}"
            );
        }
    }
}
