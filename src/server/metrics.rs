//! Figures for whoever runs the service, on an address of their own: `/metrics` is never on the public listener.

use std::net::SocketAddr;

use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::anyhow;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Collects from now on, and serves `/metrics` on `bind` until the server stops.
pub(super) fn listen(bind: SocketAddr) -> anyhow::Result<actix_web::dev::Server> {
    let figures = PrometheusBuilder::new()
        .install_recorder()
        .map_err(|refused| anyhow!("the figures cannot be collected: {refused}"))?;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(figures.clone()))
            .route("/metrics", web::get().to(show))
    })
    .workers(1)
    .disable_signals()
    .bind(bind)
    .map_err(|refused| anyhow!(super::why_not("METRICS_BIND", bind, &refused)))?;
    Ok(server.run())
}

async fn show(figures: web::Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .body(figures.render())
}
