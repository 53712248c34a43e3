//! `/courses`: the pages of those who plan. Names of patients stand on the tap lists alone.

mod attendance;
mod list;
mod offered;
mod reading;
mod run;
mod run_form;
mod slots;
mod venues;

use actix_web::web::{ServiceConfig, get, post};

use crate::web::paths;

/// Adds the addresses of this room. What is fixed stands before the patterns it would fit.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(paths::COURSES, get().to(list::list))
        .route(paths::COURSES_OFFERED, get().to(offered::list))
        .route(paths::COURSE_NEW, get().to(offered::fresh))
        .route(paths::COURSE_NEW, post().to(offered::add))
        .route(paths::COURSE, get().to(offered::show))
        .route(paths::COURSE, post().to(offered::change))
        .route(paths::VENUES, get().to(venues::list))
        .route(paths::VENUE_NEW, get().to(venues::fresh))
        .route(paths::VENUE_NEW, post().to(venues::add))
        .route(paths::VENUE, get().to(venues::show))
        .route(paths::VENUE, post().to(venues::change))
        .route(paths::RUN_NEW, get().to(run_form::fresh))
        .route(paths::RUN_NEW, post().to(run_form::add))
        .route(paths::RUN, get().to(run::show))
        .route(paths::RUN_CHANGE, get().to(run_form::show))
        .route(paths::RUN_CHANGE, post().to(run_form::change))
        .route(paths::RUN_CALL_OFF, post().to(run::call_off))
        .route(paths::RUN_SESSION, get().to(attendance::show))
        .route(paths::RUN_SESSION, post().to(attendance::keep))
        .route(paths::SLOTS, get().to(slots::list))
        .route(paths::SLOTS, post().to(slots::add))
        .route(paths::SLOT_CONFIRM, post().to(slots::confirm))
        .route(paths::SLOT_CALL_OFF, post().to(slots::call_off));
}
