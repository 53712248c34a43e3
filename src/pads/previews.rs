//! Every template as it will print, for staff to see before they mint. The slips shown were minted by nobody, their codes
//! lead nowhere, and they are overprinted SAMPLE.

use actix_web::web::{Data, Path, ServiceConfig, get};
use actix_web::{HttpRequest, HttpResponse};

use super::printing::sample;
use super::proof;
use super::template::{Template, Templates};
use super::turns::Turns;
use crate::app::App;
use crate::staff::{Actor, Deed};
use crate::web::{self, Frame, html, paths};

/// Pixels per inch of the pictures: enough to read every line.
const RASTER: f32 = 100.0;

/// One at a time, in a line that a few people with the whole page fit into.
static DRAWING: Turns = Turns::new("drawing a picture of a template", 1, 64);

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::PAD_TEMPLATES, get().to(list))
        .route(paths::PAD_TEMPLATE_PICTURE, get().to(picture));
}

#[derive(askama::Template)]
#[template(path = "pads/views/templates.html")]
struct TemplatesPage {
    frame: Frame,
    templates: Vec<Shown>,
}

/// A template with its pictures.
struct Shown {
    title: String,
    /// Sizes and sides in words.
    what: String,
    sides: Vec<Side>,
}

/// One picture: its address and what it shows.
struct Side {
    picture: String,
    words: String,
    /// Its size in pixels, so that its room is kept before it arrives.
    width: u32,
    height: u32,
}

impl Shown {
    fn of(template: &Template, unreviewed_lines: bool) -> Self {
        let back = template.has_back(unreviewed_lines);
        let (slip, page_size) = (&template.slip, &template.page);
        let what = format!(
            "A slip is {} by {} mm, {} to a sheet of {} by {} mm{}",
            slip.width,
            slip.height,
            template.slips_per_page(),
            page_size.width,
            page_size.height,
            if back {
                ". Print it on both sides, turned along the long edge"
            } else {
                ""
            }
        );
        let side = |(page, name): (usize, &str)| Side {
            picture: paths::pad_template_picture(&template.name, page),
            words: format!("{name} of a sheet printed with the template {}", template.title),
            width: pixels(page_size.width),
            height: pixels(page_size.height),
        };
        let sides = if back { 2 } else { 1 };
        Shown {
            title: template.title.clone(),
            what,
            sides: [(1, "The front"), (2, "The back")]
                .into_iter()
                .take(sides)
                .map(side)
                .collect(),
        }
    }
}

/// Millimetres as pixels of the picture.
fn pixels(millimetres: f32) -> u32 {
    // A sheet is some hundred millimetres, far below what an integer holds.
    (millimetres / 25.4 * RASTER).round() as u32
}

async fn list(
    request: HttpRequest,
    app: Data<App>,
    templates: Data<Templates>,
    actor: Actor,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeTemplates)?;
    let unreviewed = app.config.demo;
    Ok(html(&TemplatesPage {
        frame: actor.frame(&request, "How slips look").wide(),
        templates: templates.iter().map(|one| Shown::of(one, unreviewed)).collect(),
    }))
}

async fn picture(
    app: Data<App>,
    templates: Data<Templates>,
    actor: Actor,
    which: Path<(String, usize)>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeTemplates)?;
    let (name, page) = which.into_inner();
    let template = templates.get(&name).ok_or(web::Error::NotFound)?.clone();
    let page = page.checked_sub(1).ok_or(web::Error::NotFound)?;
    if page > usize::from(template.has_back(app.config.demo)) {
        return Err(web::Error::NotFound);
    }
    let drawing = DRAWING.take(move || {
        let pdf = sample(&template, &app.config.locality, app.config.demo, app.clock.now())?;
        proof::picture(pdf, page, RASTER)
    });
    let picture = drawing.await?;
    Ok(HttpResponse::Ok().content_type("image/png").body(picture))
}
