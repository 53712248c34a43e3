//! `/courses`: what runs when, and how full it is. Names of patients do not stand here.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Run, list_runs};
use crate::app::App;
use crate::staff::{Actor, Deed};
use crate::web::{Error, Frame, html, paths};

/// Adds the addresses of this room.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route(paths::COURSES, web::get().to(courses));
}

#[derive(Template)]
#[template(path = "booking/views/courses.html")]
struct CoursesPage {
    frame: Frame,
    runs: Vec<Run>,
}

async fn courses(request: HttpRequest, app: web::Data<App>, actor: Actor) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let from = app.clock.now().plus_days(-7 * 5);
    let runs = app.db.read(move |conn| list_runs(conn, from)).await?;
    Ok(html(&CoursesPage {
        frame: actor.frame(&request, "Courses"),
        runs,
    }))
}
