//! The address that is listened on, and plain words where that is not possible.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use anyhow::anyhow;
use tokio::net::TcpSocket;

/// Connections that may wait to be taken.
const BACKLOG: u32 = 1024;
/// Ports looked through for a free one to propose.
const LOOKED_THROUGH: u16 = 20;

/// A socket that listens on this address; `setting` is the name it was given under, such as `--bind`.
pub fn listen(setting: &str, bind: SocketAddr) -> anyhow::Result<TcpListener> {
    let socket = match bind {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    };
    let listening = socket.and_then(|socket| {
        socket.set_reuseaddr(true)?;
        socket.bind(bind)?;
        socket.listen(BACKLOG)?.into_std()
    });
    listening.map_err(|refused| anyhow!(why_not(setting, bind, &refused)))
}

/// Reason why nothing can listen on this address, and what to set instead.
pub fn why_not(setting: &str, bind: SocketAddr, refused: &std::io::Error) -> String {
    let instead = |address: SocketAddr| match setting.starts_with('-') {
        true => format!("{setting} {address}"),
        false => format!("{setting}={address}"),
    };
    match refused.kind() {
        ErrorKind::AddrInUse => {
            let free = next_free(bind).unwrap_or(SocketAddr::new(bind.ip(), 0));
            format!(
                "port {} is taken: another program listens on it. Stop that one, or take another port: {}",
                bind.port(),
                instead(free)
            )
        }
        ErrorKind::PermissionDenied => format!(
            "this user may not listen on port {}: ports below 1024 are the system's. Take another port: {}",
            bind.port(),
            instead(SocketAddr::new(bind.ip(), 8080))
        ),
        ErrorKind::AddrNotAvailable => format!(
            "{} is no address of this machine. To be reached on every address it has: {}",
            bind.ip(),
            instead(SocketAddr::from(([0, 0, 0, 0], bind.port())))
        ),
        _ => format!("{setting}: nothing can listen on {bind}: {refused}"),
    }
}

/// The next port of the same address on which nothing listens at this moment.
fn next_free(bind: SocketAddr) -> Option<SocketAddr> {
    (1..=LOOKED_THROUGH)
        .filter_map(|step| bind.port().checked_add(step))
        .map(|port| SocketAddr::new(bind.ip(), port))
        .find(|address| TcpListener::bind(address).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_answered_with_a_free_one() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = taken.local_addr().expect("an address");
        let refused = std::io::Error::from(ErrorKind::AddrInUse);
        let said = why_not("--bind", address, &refused);
        assert!(
            said.starts_with(&format!("port {} is taken", address.port())),
            "{said}"
        );
        let proposed = said.rsplit(' ').next().expect("a word");
        assert!(TcpListener::bind(proposed).is_ok(), "{said}");
        assert!(why_not("BIND", address, &refused).contains("BIND=127.0.0.1:"));
    }

    #[test]
    fn an_address_of_another_machine_and_a_port_of_the_system_are_said_plainly() {
        let bind: SocketAddr = "192.0.2.1:80".parse().expect("an address");
        let said = |kind: ErrorKind| why_not("--bind", bind, &kind.into());
        assert!(said(ErrorKind::AddrNotAvailable).ends_with("--bind 0.0.0.0:80"));
        assert!(said(ErrorKind::PermissionDenied).ends_with("--bind 192.0.2.1:8080"));
    }
}
