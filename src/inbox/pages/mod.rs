//! The pages of the inbox: lists, one referral, and what is decided about it.

mod alike;
mod attempt;
mod calls;
mod left_to_lead;
mod assign;
mod decide;
mod hand_over;
mod filters;
mod list;
mod news;
mod own_link;
mod now;
mod place;
mod places;
mod record;
mod refused;
mod search;
mod tabs;
mod to_enter;
mod together;
mod waits;

use actix_web::web::{self, ServiceConfig};

use crate::web::paths;

/// Adds the addresses of the inbox.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::INBOX, web::get().to(list::queue))
        .route(paths::INBOX_SEARCH, web::post().to(search::search_for))
        .route(paths::INBOX_NOW, web::get().to(now::show))
        .route(paths::INBOX_NOW, web::post().to(now::acknowledge))
        .route(paths::INBOX_NEWS, web::get().to(news::show))
        .route(paths::INBOX_NEXT, web::get().to(news::next))
        .route(paths::INBOX_ASSIGN, web::post().to(assign::give))
        .route(paths::INBOX_PLACES, web::get().to(places::show))
        .route(paths::INBOX_RINGS, web::get().to(calls::show))
        .route(paths::INBOX_LEFT_TO_LEAD, web::get().to(left_to_lead::show))
        .route(paths::INBOX_TO_ENTER, web::get().to(to_enter::show))
        .route(paths::INBOX_TO_ENTER_CSV, web::get().to(to_enter::as_a_table))
        .route(paths::INBOX_WAITS, web::get().to(waits::show))
        .route(paths::REFERRAL_ATTEMPT, web::post().to(attempt::attempt))
        .route(paths::REFERRAL_UNDO_ATTEMPT, web::post().to(attempt::undo))
        .route(paths::REFERRAL_PLACE, web::post().to(place::decide_place))
        .route(paths::REFERRAL_ALIKE, web::get().to(alike::show))
        .route(paths::REFERRAL_ALIKE, web::post().to(alike::tell))
        .route(paths::REFERRAL_HAND_OVER, web::get().to(hand_over::show))
        .route(paths::REFERRAL_HAND_OVER, web::post().to(hand_over::entered))
        .route(paths::REFERRAL_HAND_OVER_PDF, web::get().to(hand_over::on_paper))
        .route(paths::REFERRAL_HAND_OVER_CSV, web::get().to(hand_over::as_a_row))
        .route(
            paths::REFERRAL_NOT_ENTERED,
            web::post().to(hand_over::not_entered),
        )
        .route(paths::REFERRAL_OWN_LINK, web::get().to(own_link::ask))
        .route(paths::REFERRAL_OWN_LINK, web::post().to(own_link::replace))
        .route(paths::REFERRAL, web::get().to(record::show))
        .route(paths::REFERRAL_DEED, web::post().to(decide::decide));
}
