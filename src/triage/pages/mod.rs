//! The pages about the rules: those in force as prose, every version with what it changed, and the two people it takes
//! to change them. Nothing about a patient stands here.

mod decide;
mod propose;
mod shown;
mod versions;
mod who;

use actix_web::web::{ServiceConfig, get, post};

use crate::web::paths;

/// The routes of the rules.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::ADMIN_RULES, get().to(versions::in_force))
        .route(paths::ADMIN_RULES_PROPOSE, get().to(propose::form))
        .route(paths::ADMIN_RULES_PROPOSE, post().to(propose::propose))
        .route(paths::ADMIN_RULES_VERSION, get().to(versions::show))
        .route(paths::ADMIN_RULES_APPROVE, post().to(decide::approve))
        .route(paths::ADMIN_RULES_REFUSE, post().to(decide::refuse));
}
