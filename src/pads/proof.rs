//! Proves prints: renders each page of a PDF, decodes every QR code where it was drawn and compares it with
//! what was minted. Only a [`Proven`] document leaves the house. Never repairs anything.

use super::draw::{PrintedSlip, serial_words};
use super::layout::MM;
use super::template::Template;
use anyhow::{Context, anyhow};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use std::collections::BTreeMap;

/// Pixels per inch at which a code is looked for, one after the other until it is read. A reader that misses a
/// good code at one raster finds it at another; a code that is wrong stays wrong at all of them.
const RASTERS: [f32; 4] = [150.0, 200.0, 300.0, 110.0];

/// A code that must be on a page.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The page, from 0.
    pub page: usize,
    /// The slip's serial.
    pub serial: u32,
    /// What the code must say.
    pub url: String,
    /// Left, top, width and height in points from the page's top left corner, quiet zone included.
    pub area: [f32; 4],
}

/// Why a document may not be released.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// The code of this slip could not be read from the page.
    #[error("slip {}: its code cannot be read from page {page}", serial_words(*.serial))]
    Unreadable {
        /// The slip.
        serial: u32,
        /// The page, from 1.
        page: usize,
    },
    /// The code of this slip says something else.
    #[error("slip {}: the code on page {page} is not its own", serial_words(*.serial))]
    Different {
        /// The slip.
        serial: u32,
        /// The page, from 1.
        page: usize,
    },
    /// The document as a whole cannot be proven.
    #[error("the document cannot be proven: {0}")]
    Unproven(String),
}

/// A PDF whose every code was decoded from the rendered page.
pub struct Proven(Vec<u8>);

impl Proven {
    /// The bytes to save.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes to save or send.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// A code found on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The page, from 1.
    pub page: usize,
    /// What the code says.
    pub text: String,
}

/// Where the codes of these slips stand when drawn with this template.
pub fn expected(template: &Template, slips: &[PrintedSlip]) -> Vec<Expected> {
    let Some(code) = template.qr_area() else {
        return Vec::new();
    };
    let per_page = template.slips_per_page().max(1);
    let place = |(index, slip): (usize, &PrintedSlip)| {
        let (left, top) = template.origin(index % per_page);
        let area = [left + code.x, top + code.y, code.width, code.height].map(|mm| mm * MM);
        Expected {
            page: index / per_page,
            serial: slip.serial,
            url: slip.url.clone(),
            area,
        }
    };
    slips.iter().enumerate().map(place).collect()
}

/// Decodes every expected code from the rendered pages. The first that is missing or wrong stops it.
pub fn prove(pdf: Vec<u8>, expected: &[Expected]) -> Result<Proven, Mismatch> {
    let unproven = |error: anyhow::Error| Mismatch::Unproven(format!("{error:#}"));
    let document = open(pdf.clone()).map_err(unproven)?;
    let pages = document.pages().len();
    let mut by_page: BTreeMap<usize, Vec<&Expected>> = BTreeMap::new();
    for code in expected {
        by_page.entry(code.page).or_default().push(code);
    }
    // A page nobody expects a code on would leave unread.
    if let Some(page) = (0..pages).find(|page| !by_page.contains_key(page)) {
        return Err(Mismatch::Unproven(format!(
            "no code is expected on page {}",
            page + 1
        )));
    }
    let cache = RenderCache::new();
    for (page, mut codes) in by_page {
        for raster in RASTERS {
            let picture = picture(&document, &cache, page, raster).map_err(unproven)?;
            let mut unread = Vec::new();
            for code in codes {
                match read_area(&picture, code.area.map(|points| points * raster / 72.0)) {
                    Some(text) if text == code.url => {}
                    Some(_) => {
                        return Err(Mismatch::Different {
                            serial: code.serial,
                            page: page + 1,
                        });
                    }
                    None => unread.push(code),
                }
            }
            codes = unread;
            if codes.is_empty() {
                break;
            }
        }
        if let Some(code) = codes.first() {
            return Err(Mismatch::Unreadable {
                serial: code.serial,
                page: page + 1,
            });
        }
    }
    Ok(Proven(pdf))
}

/// Every code that can be read from any PDF, page by page. Looks at each page whole and in overlapping parts,
/// because a reader that sees many codes at once pairs up their corners wrongly now and then.
pub fn check(pdf: Vec<u8>) -> anyhow::Result<Vec<Decoded>> {
    let document = open(pdf)?;
    let cache = RenderCache::new();
    let mut found: Vec<Decoded> = Vec::new();
    for page in 0..document.pages().len() {
        for raster in [150.0, 200.0] {
            let picture = picture(&document, &cache, page, raster)?;
            let (width, height) = (f32::from(picture.width()), f32::from(picture.height()));
            for part in parts(width, height) {
                for text in read_all(&picture, part) {
                    let decoded = Decoded { page: page + 1, text };
                    if !found.contains(&decoded) {
                        found.push(decoded);
                    }
                }
            }
        }
    }
    Ok(found)
}

/// The whole page, then thirds and halves that overlap.
fn parts(width: f32, height: f32) -> Vec<[f32; 4]> {
    let mut parts = vec![[0.0, 0.0, width, height]];
    for steps in [2u8, 4] {
        let share = if steps == 2 { 0.55 } else { 0.4 };
        for row in 0..steps {
            for column in 0..steps {
                let at = |step: u8| f32::from(step) / f32::from(steps - 1) * (1.0 - share);
                parts.push([
                    at(column) * width,
                    at(row) * height,
                    share * width,
                    share * height,
                ]);
            }
        }
    }
    parts
}

fn open(pdf: Vec<u8>) -> anyhow::Result<Pdf> {
    Pdf::new(pdf).map_err(|error| anyhow!("this is not a PDF that can be read ({error:?})"))
}

fn picture<'a>(
    document: &'a Pdf,
    cache: &RenderCache<'a>,
    page: usize,
    raster: f32,
) -> anyhow::Result<Pixmap> {
    let page = document
        .pages()
        .get(page)
        .with_context(|| format!("page {} is missing", page + 1))?;
    let scale = raster / 72.0;
    let (width, height) = page.render_dimensions();
    anyhow::ensure!(
        width.max(height) * scale < 20_000.0,
        "a page of {width} by {height} points is too large to look at"
    );
    let settings = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
    };
    Ok(render(
        page,
        cache,
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    ))
}

/// The first code that can be read within an area of the picture, in pixels.
fn read_area(picture: &Pixmap, area: [f32; 4]) -> Option<String> {
    read_all(picture, area).into_iter().next()
}

fn read_all(picture: &Pixmap, [left, top, width, height]: [f32; 4]) -> Vec<String> {
    let stride = usize::from(picture.width());
    let x0 = left.max(0.0) as usize;
    let y0 = top.max(0.0) as usize;
    let columns = (width.ceil() as usize).min(stride.saturating_sub(x0));
    let rows = (height.ceil() as usize).min(usize::from(picture.height()).saturating_sub(y0));
    if columns == 0 || rows == 0 {
        return Vec::new();
    }
    let pixels = picture.data();
    let grey = |x: usize, y: usize| {
        let pixel = pixels.get((y0 + y) * stride + x0 + x);
        // Rec. 601 luma, as a greyscale scanner weighs colours.
        pixel.map_or(255, |p| {
            ((u32::from(p.r) * 299 + u32::from(p.g) * 587 + u32::from(p.b) * 114) / 1000) as u8
        })
    };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(columns, rows, grey);
    image
        .detect_grids()
        .into_iter()
        .filter_map(|grid| grid.decode().ok())
        .map(|(_, text)| text)
        .collect()
}
