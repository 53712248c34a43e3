//! All rooms behind one listener. Receives an [`App`] and what was loaded at start-up, decides the order in which
//! a request passes the middleware, and hands each request to its room. Stops gracefully: what was begun is
//! finished, and the workers end after the last answer.

mod health;
mod listening;
mod metrics;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{HttpServer, web};
use anyhow::anyhow;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::pads::template::Templates;
use crate::patient::FixedPages;
use crate::reports::Replays;
use crate::triage::{FormerRules, RulesInForce};
use crate::web::{Site, assets, headers, not_found, observe, same_origin};

pub use listening::{listen, why_not};

/// Seconds a request may still take once the server was told to stop.
const DRAIN_SECONDS: u64 = 20;

/// Everything the server needs, loaded and checked.
pub struct House {
    /// The program's surroundings.
    pub app: Arc<App>,
    /// The rules in force; an approved version takes their place without a restart.
    pub rules: Arc<RulesInForce>,
    /// What slips look like.
    pub templates: Arc<Templates>,
    /// Addresses beside those of the rooms: the demo's own.
    pub further: fn(&mut web::ServiceConfig),
}

/// A server that is listening.
pub struct Running {
    /// Where, with the port that was found free if none was asked for.
    pub address: SocketAddr,
    handle: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
    stop_workers: watch::Sender<bool>,
    workers: Vec<JoinHandle<()>>,
}

impl House {
    /// Adds the addresses of every room, in the order the slip travels.
    fn rooms(config: &mut web::ServiceConfig) {
        assets::routes(config);
        health::routes(config);
        crate::staff::routes(config);
        crate::pads::routes(config);
        crate::booking::routes(config);
        crate::triage::routes(config);
        crate::patient::routes(config);
        crate::inbox::routes(config);
        crate::reports::routes(config);
        crate::interop::routes(config);
    }

    /// Listens on the configured address and starts the workers. Listening begins before this returns.
    pub async fn open(self, worker_threads: usize) -> anyhow::Result<Running> {
        self.open_on(worker_threads, None).await
    }

    /// The same on a socket that listens already, if there is one.
    pub async fn open_on(
        self,
        worker_threads: usize,
        listener: Option<TcpListener>,
    ) -> anyhow::Result<Running> {
        let bind = self.app.config.bind;
        let seed = &self.app.config.locality.rota;
        crate::notify::import_rota(&self.app.db, seed, self.app.clock.now()).await?;
        let site = web::Data::new(Site::from_config(&self.app.config));
        let fixed = web::Data::new(FixedPages::draw(&self.app.config)?);
        let app = web::Data::from(self.app.clone());
        let rules = web::Data::from(self.rules.clone());
        let former = web::Data::new(FormerRules::default());
        let replays = web::Data::new(Replays::default());
        let further = self.further;
        let templates = web::Data::from(self.templates);
        let server = HttpServer::new(move || {
            actix_web::App::new()
                .app_data(app.clone())
                .app_data(rules.clone())
                .app_data(former.clone())
                .app_data(replays.clone())
                .app_data(site.clone())
                .app_data(fixed.clone())
                .app_data(templates.clone())
                .wrap(from_fn(crate::inbox::with_now_band))
                .wrap(from_fn(same_origin))
                .wrap(Compress::default())
                .wrap(from_fn(observe))
                .wrap(from_fn(headers))
                .configure(Self::rooms)
                .configure(further)
                .default_service(web::to(not_found))
        })
        .workers(worker_threads)
        // Beyond what may wait for the database (`PLACES` there), so that a risk answer finds a thread.
        .worker_max_blocking_threads(512)
        // A packed page leaves in two writes: without this the second waits for a word from the other side, some 40 ms.
        .tcp_nodelay(true)
        .shutdown_timeout(DRAIN_SECONDS)
        .client_request_timeout(Duration::from_secs(15))
        .disable_signals();
        let server = match listener {
            Some(listener) => server.listen(listener),
            None => server.bind(bind),
        };
        let server = server.map_err(|refused| anyhow!(why_not("BIND", bind, &refused)))?;
        let address = server.addrs().first().copied().unwrap_or(bind);
        let server = server.run();
        let handle = server.handle();
        let (stop_workers, _stopping) = watch::channel(false);
        let mut workers = vec![
            post_until_stopped(self.app.clone(), stop_workers.subscribe()),
            forget_until_stopped(self.app.clone(), stop_workers.subscribe()),
            tend_places_until_stopped(self.app.clone(), stop_workers.subscribe()),
            tell_daily_until_stopped(self.app.clone(), stop_workers.subscribe()),
            escalate_until_stopped(self.app.clone(), stop_workers.subscribe()),
            tend_referrals_until_stopped(self.app.clone(), stop_workers.subscribe()),
            keep_rules_until_stopped(self.app.clone(), self.rules.clone(), stop_workers.subscribe()),
        ];
        if let Some(bind) = self.app.config.metrics_bind {
            workers.push(metrics_until_stopped(bind, stop_workers.subscribe())?);
        }
        Ok(Running {
            address,
            handle,
            serving: tokio::spawn(server),
            stop_workers,
            workers,
        })
    }
}

impl Running {
    /// Serves until SIGTERM or Ctrl-C, then drains.
    pub async fn until_told_to_stop(self) -> anyhow::Result<()> {
        told_to_stop().await?;
        tracing::info!("stopping: finishing what was begun");
        self.stop().await
    }

    /// Finishes what was begun and stops.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.handle.stop(true).await;
        self.serving.await??;
        let _nobody_listens = self.stop_workers.send(true);
        for worker in self.workers {
            worker.await?;
        }
        Ok(())
    }
}

fn post_until_stopped(app: Arc<App>, mut stopping: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let told_to_stop = async {
            let _ended = stopping.changed().await;
        };
        app.postman().run(told_to_stop).await;
    })
}

fn tend_referrals_until_stopped(app: Arc<App>, mut stopping: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let told_to_stop = async {
            let _ended = stopping.changed().await;
        };
        crate::referrals::tend_until(app, told_to_stop).await;
    })
}

fn forget_until_stopped(app: Arc<App>, mut stopping: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let told_to_stop = async {
            let _ended = stopping.changed().await;
        };
        crate::interop::forget_hourly(app, told_to_stop).await;
    })
}

fn tend_places_until_stopped(app: Arc<App>, mut stopping: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let told_to_stop = async {
            let _ended = stopping.changed().await;
        };
        crate::booking::tend_until(app, told_to_stop).await;
    })
}

fn tell_daily_until_stopped(app: Arc<App>, mut stopping: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let told_to_stop = async {
            let _ended = stopping.changed().await;
        };
        crate::referrals::tell_daily_until(app, told_to_stop).await;
    })
}

fn escalate_until_stopped(app: Arc<App>, mut stopping: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let told_to_stop = async {
            let _ended = stopping.changed().await;
        };
        crate::referrals::escalate_until(app, told_to_stop).await;
    })
}

fn keep_rules_until_stopped(
    app: Arc<App>,
    rules: Arc<RulesInForce>,
    mut stopping: watch::Receiver<bool>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let told_to_stop = async {
            let _ended = stopping.changed().await;
        };
        crate::triage::keep_up_until(app, rules, told_to_stop).await;
    })
}

fn metrics_until_stopped(
    bind: SocketAddr,
    mut stopping: watch::Receiver<bool>,
) -> anyhow::Result<JoinHandle<()>> {
    let server = metrics::listen(bind)?;
    let handle = server.handle();
    let serving = tokio::spawn(server);
    Ok(tokio::spawn(async move {
        // An error here means that the sender is gone, which is the end as well.
        let _ended = stopping.changed().await;
        handle.stop(false).await;
        if let Ok(Err(refused)) = serving.await {
            tracing::warn!(error = %refused, "the listener for /metrics ended badly");
        }
    }))
}

async fn told_to_stop() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        pressed = tokio::signal::ctrl_c() => Ok(pressed?),
    }
}
