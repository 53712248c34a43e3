//! The address under which a phone on the same network reaches this machine.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

/// The address to print for a server bound to `bind`: the same, or for an unspecified one the machine's own
/// address on its network, or the loopback where there is no network.
pub(super) fn reachable(bind: SocketAddr) -> SocketAddr {
    if !bind.ip().is_unspecified() {
        return bind;
    }
    SocketAddr::new(
        own_address().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        bind.port(),
    )
}

/// Asks the system which of its addresses it would use to reach the outside. "Connecting" a UDP socket sends
/// nothing; the address is one that is reserved for documentation.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let own = socket.local_addr().ok()?.ip();
    Some(own).filter(|address| !address.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_address_is_printed_as_it_is() {
        let bind = "127.0.0.1:8080".parse().expect("an address");
        assert_eq!(reachable(bind), bind);
    }

    #[test]
    fn an_unspecified_address_becomes_one_that_can_be_reached() {
        let found = reachable("0.0.0.0:8080".parse().expect("an address"));
        assert!(!found.ip().is_unspecified());
        assert_eq!(found.port(), 8080);
    }
}
