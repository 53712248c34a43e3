//! The second channel: a signed POST to the service's pager or text gateway, or into files of a folder for the demo.
//! Short, without redirects, and in a thread of its own, so that a gateway that hangs delays nothing else.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ureq::Agent;
use ureq::http::StatusCode;

use super::alarm::{self, Alarm};
use super::delivery::{Delivery, Reason};
use crate::config::{EscalationSecret, SecondChannel};
use crate::values::{Id, Ts};

/// How long the gateway may take to pick up.
const CONNECTING: Duration = Duration::from_secs(4);
/// How long one call may take altogether; well below the time a claim stands.
const WHOLE: Duration = Duration::from_secs(10);

/// The way out of the second channel.
pub(super) enum Webhook {
    /// There is none.
    None,
    /// To a gateway.
    Gateway {
        agent: Agent,
        url: String,
        host: String,
        secret: EscalationSecret,
    },
    /// Into files.
    Captured(PathBuf),
}

impl Webhook {
    /// Prepares the way; speaks to nobody yet.
    pub(super) fn new(channel: &SecondChannel) -> Self {
        match channel {
            SecondChannel::None => Webhook::None,
            SecondChannel::Captured(folder) => Webhook::Captured(folder.clone()),
            SecondChannel::Webhook { place, secret } => {
                let config = Agent::config_builder()
                    .https_only(!place.is_here())
                    .max_redirects(0)
                    .max_redirects_will_error(false)
                    .http_status_as_error(false)
                    .timeout_connect(Some(CONNECTING))
                    .timeout_global(Some(WHOLE))
                    .user_agent("iapt-pad");
                // A gateway on this machine is not behind the proxy that leads out of the house.
                let config = match place.is_here() {
                    true => config.proxy(None),
                    false => config,
                };
                Webhook::Gateway {
                    agent: config.build().into(),
                    url: place.url.clone(),
                    host: place.host().to_owned(),
                    secret: secret.clone(),
                }
            }
        }
    }

    pub(super) fn is_there(&self) -> bool {
        match self {
            Webhook::None => false,
            Webhook::Gateway { .. } | Webhook::Captured(_) => true,
        }
    }

    pub(super) fn captures_to(&self) -> Option<&Path> {
        match self {
            Webhook::None | Webhook::Gateway { .. } => None,
            Webhook::Captured(folder) => Some(folder),
        }
    }

    /// Calls once. The row's id is the idempotency key, the same with every attempt.
    pub(super) async fn call(&self, id: Id, alarm: &Alarm, attempt: i32, now: Ts) -> Delivery {
        let Ok(body) = alarm::body(alarm, id, attempt, now) else {
            return Delivery::Never(Reason::Content);
        };
        match self {
            Webhook::None => Delivery::Later(Reason::NoChannel),
            Webhook::Captured(folder) => {
                let file = folder.join(format!("{id}.json"));
                off_the_runtime(move || match super::captured::write(&file, body.as_bytes()) {
                    Ok(()) => Delivery::Done,
                    Err(_) => Delivery::Later(Reason::Folder),
                })
                .await
            }
            Webhook::Gateway {
                agent, url, secret, ..
            } => {
                let signature = alarm::signature(secret.reveal(), now, &body);
                let request = agent
                    .post(url)
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", id.to_string())
                    .header("X-Iapt-Pad-Signature", signature);
                off_the_runtime(move || match request.send(body) {
                    Ok(answer) => read(answer.status()),
                    Err(refused) => Delivery::Later(reason(&refused)),
                })
                .await
            }
        }
    }

    /// Whether the gateway answers at all; what `doctor` asks, without calling anybody. Says the host alone.
    pub(super) async fn answers(&self) -> Result<String, Reason> {
        let (agent, url, host) = match self {
            Webhook::None => return Err(Reason::NoChannel),
            Webhook::Captured(folder) => return Ok(format!("calls are kept in {}", folder.display())),
            Webhook::Gateway { agent, url, host, .. } => (agent.clone(), url.clone(), host.clone()),
        };
        let asked = tokio::task::spawn_blocking(move || agent.head(&url).call());
        match asked.await {
            Err(_) => Err(Reason::Connection),
            Ok(Err(refused)) => Err(reason(&refused)),
            Ok(Ok(answer)) if answer.status().is_server_error() => {
                Err(Reason::Http(answer.status().as_u16()))
            }
            Ok(Ok(answer)) => Ok(format!(
                "{host} answers ({} to a question without a call)",
                answer.status().as_u16()
            )),
        }
    }
}

async fn off_the_runtime(call: impl FnOnce() -> Delivery + Send + 'static) -> Delivery {
    let called = tokio::task::spawn_blocking(call);
    called.await.unwrap_or(Delivery::Never(Reason::Content))
}

/// Reads an answer. What speaks of the settings, the way or the load is worth another attempt; what speaks of this
/// call, such as a number that the gateway does not know, goes on to the next person.
fn read(status: StatusCode) -> Delivery {
    let reason = Reason::Http(status.as_u16());
    match status.as_u16() {
        200..=299 => Delivery::Done,
        // 401 and 403 mean a wrong secret, 404 and 405 a wrong address, 3xx an address that moved.
        400 | 402 | 406 | 409..=424 | 426..=428 | 430..=499 => Delivery::Never(reason),
        _ => Delivery::Later(reason),
    }
}

fn reason(refused: &ureq::Error) -> Reason {
    match refused {
        ureq::Error::Timeout(_) => Reason::Timeout,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::RequireHttpsOnly(_) => Reason::Tls,
        ureq::Error::Io(broken) if broken.kind() == std::io::ErrorKind::TimedOut => Reason::Timeout,
        ureq::Error::Io(broken) if broken.kind() == std::io::ErrorKind::InvalidData => Reason::Tls,
        _ => Reason::Connection,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_a_call_asks_for_patience_or_sends_it_on() {
        for (code, expected) in [
            (200, "done"),
            (202, "done"),
            (204, "done"),
            (301, "later"),
            (307, "later"),
            (400, "never"),
            (401, "later"),
            (403, "later"),
            (404, "later"),
            (408, "later"),
            (409, "never"),
            (410, "never"),
            (422, "never"),
            (425, "later"),
            (429, "later"),
            (500, "later"),
            (503, "later"),
        ] {
            let told = match read(StatusCode::from_u16(code).expect("a status")) {
                Delivery::Done => "done",
                Delivery::Later(_) => "later",
                Delivery::Never(_) => "never",
            };
            assert_eq!(told, expected, "{code}");
        }
    }
}
