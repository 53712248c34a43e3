//! Where a request came from, for limits on tries. Behind a proxy the peer is the proxy; its
//! `X-Forwarded-For` counts only if the proxy is one of ours, because anybody can write that header.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use actix_web::HttpRequest;

/// A range of addresses: `10.0.0.0/8`, `::1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: u128,
    bits: u32,
}

impl Network {
    /// Whether the address lies in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        let differing = self.base ^ widened(address);
        differing.leading_zeros() >= self.bits
    }
}

impl FromStr for Network {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>()?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        anyhow::ensure!(bits <= most, "a range of such addresses has at most {most} bits");
        Ok(Network {
            base: widened(address),
            bits: bits + 128 - most,
        })
    }
}

/// Every address as one of the newer, longer kind, so that both kinds compare alike.
fn widened(address: IpAddr) -> u128 {
    let wide: Ipv6Addr = match address {
        IpAddr::V4(short) => short.to_ipv6_mapped(),
        IpAddr::V6(long) => long,
    };
    wide.to_bits()
}

/// The peer, or the last address before our own proxies in `X-Forwarded-For`.
pub(super) fn behind(proxies: &[Network], request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr().map(|address| address.ip())?;
    let is_ours = |address: IpAddr| proxies.iter().any(|network| network.contains(address));
    if !is_ours(peer) {
        return Some(peer);
    }
    let said: Vec<&str> = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|v| v.to_str().ok())
        .collect();
    let hops = said
        .iter()
        .flat_map(|line| line.split(','))
        .map(|hop| hop.trim().parse::<IpAddr>());
    let mut nearest = peer;
    for hop in hops.rev() {
        // A hop that is no address was written by somebody who is not a proxy of ours: stop before it.
        let Ok(hop) = hop else { return Some(nearest) };
        nearest = hop;
        if !is_ours(hop) {
            break;
        }
    }
    Some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn came_from(peer: &str, forwarded: &str, proxies: &[&str]) -> String {
        let proxies: Vec<Network> = proxies
            .iter()
            .map(|text| text.parse().expect("a network"))
            .collect();
        let peer = format!("{peer}:1000").parse().expect("a peer");
        let mut request = TestRequest::default().peer_addr(peer);
        if !forwarded.is_empty() {
            request = request.insert_header(("x-forwarded-for", forwarded));
        }
        behind(&proxies, &request.to_http_request())
            .expect("an address")
            .to_string()
    }

    #[test]
    fn a_stranger_cannot_write_where_they_come_from() {
        assert_eq!(came_from("203.0.113.9", "10.1.1.1", &[]), "203.0.113.9");
        assert_eq!(
            came_from("203.0.113.9", "10.1.1.1", &["10.0.0.0/8"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn our_own_proxies_are_believed_and_nobody_before_them() {
        let proxies = ["10.0.0.0/8"];
        assert_eq!(came_from("10.0.0.2", "198.51.100.7", &proxies), "198.51.100.7");
        assert_eq!(
            came_from("10.0.0.2", "1.2.3.4, 198.51.100.7, 10.0.0.3", &proxies),
            "198.51.100.7"
        );
        assert_eq!(
            came_from("10.0.0.2", "198.51.100.7, rubbish", &proxies),
            "10.0.0.2"
        );
        assert_eq!(came_from("10.0.0.2", "", &proxies), "10.0.0.2");
    }

    #[test]
    fn ranges_are_read_and_wrong_ones_refused() {
        let inside = |range: &str, address: &str| {
            range
                .parse::<Network>()
                .expect("a range")
                .contains(address.parse().expect("an address"))
        };
        assert!(inside("192.168.1.0/24", "192.168.1.77") && !inside("192.168.1.0/24", "192.168.2.1"));
        assert!(inside("::1", "::1") && inside("fd00::/8", "fd12::5") && !inside("fd00::/8", "fe80::5"));
        assert!(inside("0.0.0.0/0", "8.8.8.8") && !inside("0.0.0.0/0", "::1"));
        for wrong in ["", "10.0.0.0/33", "host", "10.0.0.0/x", "10.0.0/8"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong} was accepted");
        }
    }
}
