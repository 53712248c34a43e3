//! What somebody who started a demo reads: where to go, who to be, and how a phone gets in.

use std::net::{IpAddr, SocketAddr};

use super::cast::{CAST, PASSWORD};
use crate::pads::qr::{Symbol, slip_address};
use crate::values::SlipCode;

/// The greeting of a demo at this address. The QR code of a slip stands in it only where a phone can follow it.
pub(super) fn greeting(
    base_url: &str,
    bind: SocketAddr,
    slip: &SlipCode,
    keeps_mail: bool,
) -> anyhow::Result<String> {
    let code = slip.compact();
    let mut text = String::new();
    if !is_loopback(base_url) {
        text.push_str(&Symbol::of(&slip_address(base_url, &code))?.text_blocks());
        text.push_str("\n\n  Scan it with a phone on this network: a slip, for the patient.\n\n");
    }
    text.push_str(&format!("  Start here     {base_url}/demo\n"));
    text.push_str(&format!("  A slip         {base_url}/s/{code}\n"));
    if keeps_mail {
        text.push_str(&format!("  Mail it sent   {base_url}/demo/mail\n"));
    }
    text.push_str(&format!("  Sign in        {base_url}/staff/sign-in\n\n"));
    for person in CAST {
        text.push_str(&format!("    {:<8} {}\n", person.username, person.what));
    }
    text.push_str(&format!("\n  Everyone's password is: {PASSWORD}\n"));
    if is_loopback(base_url) {
        text.push_str(&format!("  {}\n", for_a_phone(bind)));
    }
    text.push_str("  Everyone in it is made up. Ctrl-C stops it; the next start finds its data again.\n");
    Ok(text)
}

/// Whether this address leads nowhere but to this machine.
fn is_loopback(base_url: &str) -> bool {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    let host = match rest.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => rest.split([':', '/']).next(),
    };
    let host = host.unwrap_or_default();
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// One line: how a phone reaches a demo whose address is this machine's alone.
fn for_a_phone(bind: SocketAddr) -> String {
    let port = bind.port();
    match bind.ip().is_loopback() {
        true => format!(
            "For a QR code that a phone on this network can scan, start it with: iapt-pad demo --bind 0.0.0.0:{port}"
        ),
        false => format!(
            "For a QR code that a phone can scan, name an address that it reaches: iapt-pad demo --bind {bind} --base-url \
             http://ADDRESS:{port}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn greeted(base_url: &str, bind: &str) -> String {
        let bind = bind.parse().expect("an address");
        let slip = SlipCode::from_bits(1);
        greeting(base_url, bind, &slip, true).expect("a greeting")
    }

    #[test]
    fn a_code_is_drawn_only_where_a_phone_can_follow_it() {
        for (base_url, bind) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://localhost:8080", "0.0.0.0:8080"),
            ("http://[::1]:8080", "[::1]:8080"),
        ] {
            let text = greeted(base_url, bind);
            assert!(!text.contains('█') && text.contains("QR code"), "{text}");
        }
        let text = greeted("http://192.168.1.20:8080", "0.0.0.0:8080");
        assert!(text.contains('█') && !text.contains("--bind"), "{text}");
    }

    #[test]
    fn the_password_is_said_once() {
        let text = greeted("http://127.0.0.1:8080", "127.0.0.1:8080");
        assert_eq!(text.matches(PASSWORD).count(), 1);
        assert!(
            text.contains("Start here     http://127.0.0.1:8080/demo\n"),
            "{text}"
        );
    }
}
