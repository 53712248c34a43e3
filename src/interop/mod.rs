//! The JSON API. Receives what other systems send, decides whether it can be read and who sent it, and hands it on
//! to `submit` and to the pads. Answers faults with problem details (RFC 9457), all of them at once and each at
//! its place. Never grades, never decides, never lets a faulty field stand in the way of a worrying answer.

mod access;
mod answers;
mod facts_part;
mod fault;
mod fields;
mod idempotency;
mod incoming;
mod json;
mod labels;
mod listing;
mod openapi;
mod problem;
mod read_api;
mod referral_body;
mod slip_api;
mod slip_body;
mod store;
mod submit_api;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Resource, web};

use crate::web::paths;

pub use idempotency::{forget_hourly, forget_old_answers};

/// The addresses of this room.
pub fn routes(config: &mut web::ServiceConfig) {
    let referrals = only(web::resource(paths::API_REFERRALS), "GET, POST")
        .route(web::get().to(read_api::list))
        .route(web::post().to(submit_api::post));
    let referral = only(web::resource(paths::API_REFERRAL), "GET").route(web::get().to(read_api::one));
    let slips = only(web::resource(paths::API_SLIPS), "POST").route(web::post().to(slip_api::post));
    let slip = only(web::resource(paths::API_SLIP_PDF), "GET").route(web::get().to(slip_api::pdf));
    config
        .service(slips)
        .service(slip)
        .service(referrals)
        .service(referral)
        .route(paths::OPENAPI, web::get().to(openapi::serve));
}

/// Answers every other method with 405 and the methods there are.
fn only(resource: Resource, methods: &'static str) -> Resource {
    resource.default_service(web::to(move |request: HttpRequest| async move {
        let told = format!("this address answers {methods}");
        let refusal = problem::Problem::of(StatusCode::METHOD_NOT_ALLOWED, told).with(header::ALLOW, methods);
        problem::answered(&request, Err::<HttpResponse, _>(refusal.into()))
    }))
}
