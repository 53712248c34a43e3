//! The pages of the inbox: lists, one referral, and what is decided about it.

mod decide;
mod list;
mod record;

use actix_web::web::{self, ServiceConfig};

use crate::web::paths;

/// Adds the addresses of the inbox.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::INBOX, web::get().to(list::queue))
        .route(paths::INBOX_SEARCH, web::post().to(list::search_for))
        .route(paths::REFERRAL, web::get().to(record::show))
        .route(paths::REFERRAL_DEED, web::post().to(decide::decide));
}
