//! Whether the process lives, and whether it can serve: for whatever watches over it.

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::web::paths;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route(paths::LIVE, web::get().to(live))
        .route(paths::READY, web::get().to(ready));
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("alive\n")
}

/// 503 while the database does not answer. The reason stands in the log, not in the answer.
async fn ready(app: web::Data<App>) -> HttpResponse {
    match app.db.answers().await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain").body("ready\n"),
        Err(refused) => {
            tracing::error!(error = %refused, "not ready: the database does not answer");
            HttpResponse::ServiceUnavailable()
                .content_type("text/plain")
                .body("not ready\n")
        }
    }
}
