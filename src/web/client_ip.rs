//! Where a request came from, for limits on tries. Behind a proxy the peer is the proxy; its
//! `X-Forwarded-For` counts only if the proxy is one of ours, because anybody can write that header.

use std::net::IpAddr;

use actix_web::HttpRequest;
use ipnet::IpNet;

/// The peer, or the last address before our own proxies in `X-Forwarded-For`.
pub(super) fn behind(proxies: &[IpNet], request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr().map(|address| address.ip())?;
    let is_ours = |address: IpAddr| {
        // A socket for both kinds of addresses names the older kind in the newer one.
        let address = address.to_canonical();
        proxies.iter().any(|network| network.contains(&address))
    };
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
        let proxies: Vec<IpNet> = proxies
            .iter()
            .map(|text| text.parse().expect("a range"))
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
        assert_eq!(
            came_from("[::ffff:10.0.0.2]", "198.51.100.7", &proxies),
            "198.51.100.7"
        );
    }
}
