//! Conversations with one mail server. Idle ones are kept for the next message, and taken away before they are
//! used: a conversation that is dropped half-way, because the worker was stopped or ran out of patience, is
//! closed and never used again. (The pool that comes with lettre would put it back, and the next message would
//! read the answers meant for this one.)

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::delivery::{self, Delivery, Reason};
use crate::config::{Smtp, Tls};

/// How long the server may take to pick up.
const CONNECTING: Duration = Duration::from_secs(20);
/// How long one delivery may take altogether; well below the time a claim stands.
const WHOLE: Duration = Duration::from_secs(90);
/// How long an idle conversation is kept: servers hang up after some minutes (RFC 5321, section 4.5.3.2.7).
const IDLE: Duration = Duration::from_secs(60);
/// Idle conversations kept: one for each of the worker's two rounds.
const KEPT: usize = 2;

/// A mail server, and the idle conversations with it.
pub(super) struct Server {
    host: String,
    port: u16,
    hello: ClientId,
    tls: Tls,
    parameters: TlsParameters,
    login: Option<Credentials>,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Server {
    /// Speaks to nobody yet. `own_host` is how we introduce ourselves.
    pub(super) fn new(smtp: &Smtp, own_host: &str) -> anyhow::Result<Self> {
        // A password never travels in clear, whatever the server offers.
        let tls = match smtp.tls {
            Tls::Opportunistic if smtp.login.is_some() => Tls::Required,
            tls => tls,
        };
        let login = smtp.login.clone();
        Ok(Self {
            host: smtp.host.clone(),
            port: smtp.port,
            hello: ClientId::Domain(own_host.to_owned()),
            tls,
            parameters: TlsParameters::new(smtp.host.clone())
                .context("SMTP_URL names a host that no certificate can name")?,
            login: login.map(|(user, password)| Credentials::new(user, password)),
            idle: Mutex::default(),
        })
    }

    /// Hands one mail in.
    pub(super) async fn send(&self, mail: &lettre::Message) -> Delivery {
        timeout(WHOLE, self.converse(mail))
            .await
            .unwrap_or(Delivery::Later(Reason::Timeout))
    }

    /// Whether the server answers and lets us in.
    pub(super) async fn answers(&self) -> anyhow::Result<()> {
        match timeout(WHOLE, self.open()).await {
            Ok(Ok(conversation)) => {
                self.keep(conversation);
                Ok(())
            }
            Ok(Err(Delivery::Later(reason) | Delivery::Never(reason))) => {
                Err(anyhow!("the mail server does not let us in: {reason}"))
            }
            Ok(Err(Delivery::Done)) | Err(_) => Err(anyhow!("the mail server does not answer in time")),
        }
    }

    async fn converse(&self, mail: &lettre::Message) -> Delivery {
        let mut conversation = match self.resume_or_open().await {
            Ok(conversation) => conversation,
            Err(ended) => return ended,
        };
        match conversation.send(mail.envelope(), &mail.formatted()).await {
            Ok(_) => {
                self.keep(conversation);
                Delivery::Done
            }
            Err(refused) => delivery::read(&refused),
        }
    }

    async fn resume_or_open(&self) -> Result<AsyncSmtpConnection, Delivery> {
        while let Some((mut conversation, since)) = self.take() {
            if since.elapsed() < IDLE && conversation.test_connected().await {
                return Ok(conversation);
            }
        }
        self.open().await
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Delivery> {
        let mut conversation = self.connect().await?;
        let is_protected = match self.tls {
            Tls::Implicit => true,
            Tls::Opportunistic => !conversation.can_starttls(),
            Tls::Required if conversation.can_starttls() => false,
            Tls::Required => return Err(Delivery::Later(Reason::Tls)),
        };
        if !is_protected {
            let starting = conversation.starttls(self.parameters.clone(), &self.hello);
            starting
                .await
                .map_err(|refused| delivery::read_opening(&refused))?;
        }
        if let Some(login) = &self.login {
            let signing_in = conversation.auth(DEFAULT_MECHANISMS, login);
            signing_in
                .await
                .map_err(|refused| delivery::read_opening(&refused))?;
        }
        Ok(conversation)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Delivery> {
        let address = (self.host.as_str(), self.port);
        let connected = match self.tls {
            Tls::Implicit => {
                let parameters = Some(self.parameters.clone());
                AsyncSmtpConnection::connect_tokio1(address, Some(CONNECTING), &self.hello, parameters, None)
                    .await
            }
            Tls::Opportunistic | Tls::Required => {
                let stream = timeout(CONNECTING, TcpStream::connect(address)).await;
                let stream = stream.map_err(|_| Delivery::Later(Reason::Timeout))?;
                let stream = stream.map_err(|_| Delivery::Later(Reason::Connection))?;
                // A mail ends in a small packet of its own, which would wait 40 ms for company.
                stream
                    .set_nodelay(true)
                    .map_err(|_| Delivery::Later(Reason::Connection))?;
                AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello).await
            }
        };
        connected.map_err(|refused| delivery::read_opening(&refused))
    }

    fn take(&self) -> Option<(AsyncSmtpConnection, Instant)> {
        self.idle().pop()
    }

    fn keep(&self, conversation: AsyncSmtpConnection) {
        let mut idle = self.idle();
        if idle.len() < KEPT {
            idle.push((conversation, Instant::now()));
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(AsyncSmtpConnection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
