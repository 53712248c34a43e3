//! What the demo's address answers while its database is being filled: a page that says so and asks again. It listens
//! only between [`serve`] and [`Waiting::stop`], on the demo's socket; a service never opens it.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::{KeepAlive, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, web};
use askama::Template;
use tokio::task::JoinHandle;

use super::stories::PEOPLE;
use crate::web::{Frame, assets, headers, html_status, paths};

/// Seconds until the page asks again.
const AGAIN: u32 = 1;

/// The page, being served.
pub(super) struct Waiting {
    handle: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
}

/// Serves the page; `told` counts the people whose story is written.
pub(super) fn serve(listener: TcpListener, told: Arc<AtomicU32>) -> anyhow::Result<Waiting> {
    let told = web::Data::from(told);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(told.clone())
            .wrap(from_fn(headers))
            .configure(assets::routes)
            .route(paths::LIVE, web::get().to(live))
            .route(paths::READY, web::get().to(not_ready))
            .default_service(web::to(show))
    })
    .workers(1)
    // Each answer closes its connection, so that none stands open when the demo takes the socket over.
    .keep_alive(KeepAlive::Disabled)
    .client_disconnect_timeout(Duration::from_millis(200))
    .shutdown_timeout(1)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(Waiting {
        handle: server.handle(),
        serving: tokio::spawn(server),
    })
}

impl Waiting {
    /// Answers whoever is being answered, and lets go of the socket.
    pub(super) async fn stop(self) -> anyhow::Result<()> {
        self.handle.stop(true).await;
        Ok(self.serving.await??)
    }
}

#[derive(Template)]
#[template(path = "demo/views/waiting.html")]
struct WaitingPage {
    frame: Frame,
    told: u32,
    people: u32,
}

async fn show(told: web::Data<AtomicU32>) -> HttpResponse {
    let mut response = html_status(
        StatusCode::SERVICE_UNAVAILABLE,
        &WaitingPage {
            frame: Frame::plain("The demonstration is being made ready", false),
            told: told.load(Ordering::Relaxed),
            people: PEOPLE,
        },
    );
    for name in ["refresh", "retry-after"] {
        let name = actix_web::http::header::HeaderName::from_static(name);
        response.headers_mut().insert(name, AGAIN.into());
    }
    response
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("alive\n")
}

async fn not_ready() -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .content_type("text/plain")
        .body("not ready\n")
}
