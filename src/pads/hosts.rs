//! Slips lead to the host they were printed for. When the service moves, those that still can be used lead elsewhere.

use super::store;
use crate::app::App;

/// A host that is not today's, and the live pads that lead there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The host in their codes.
    pub host: String,
    /// Their numbers.
    pub pads: Vec<i32>,
}

/// Pads with slips that could still be used, but lead to another host than today's.
pub async fn list_elsewhere(app: &App) -> anyhow::Result<Vec<Elsewhere>> {
    let (host, now) = (app.config.host().to_owned(), app.clock.now());
    let pads = app
        .db
        .read(move |conn| store::list_live_elsewhere(conn, &host, now))
        .await?;
    let mut hosts: Vec<Elsewhere> = Vec::new();
    for (host, pad) in pads {
        match hosts.last_mut().filter(|last| last.host == host) {
            Some(last) => last.pads.push(pad),
            None => hosts.push(Elsewhere {
                host,
                pads: vec![pad],
            }),
        }
    }
    Ok(hosts)
}
