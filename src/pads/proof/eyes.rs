//! Looking at a page as a phone does: it is rendered, and whatever codes are on it are found and read, with the place
//! where each stands. Knows no slip and expects nothing.

use anyhow::{Context, anyhow};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BinaryBitmap, DecodeHints, Luma8LuminanceSource, Point};
use std::sync::Arc;

/// The largest side of a page that is looked at, in points: A0 is 3,370 points high.
const LARGEST_SIDE: f32 = 5_000.0;

/// A code on a page.
pub(super) struct Sight {
    /// What it says.
    pub text: String,
    /// Its corners without the quiet zone, in points from the page's top left corner.
    pub corners: Vec<[f32; 2]>,
}

/// One reader of one document; several may look at the same document at once.
pub(super) struct Eyes<'a> {
    document: &'a Pdf,
    cache: RenderCache<'a>,
}

/// Opens a document that anyone may have made.
pub(super) fn open(pdf: Arc<Vec<u8>>) -> anyhow::Result<Pdf> {
    Pdf::new(pdf).map_err(|error| anyhow!("this is not a PDF that can be read ({error:?})"))
}

impl<'a> Eyes<'a> {
    pub fn on(document: &'a Pdf) -> Self {
        Eyes {
            document,
            cache: RenderCache::new(),
        }
    }

    /// Every code that can be read from a page (from 0) at this many pixels per inch.
    pub fn read(&self, page: usize, raster: f32) -> anyhow::Result<Vec<Sight>> {
        let picture = self.picture(page, raster)?;
        let (width, height) = (u32::from(picture.width()), u32::from(picture.height()));
        let source = Luma8LuminanceSource::new(grey(&picture), width, height)?;
        let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
        // The reader's error for a page without any code is no error here.
        let found = QrReader.decode_multiple_with_hints(&mut bitmap, &DecodeHints::default());
        let in_points = |point: &Point| [point.x, point.y].map(|pixels| pixels * 72.0 / raster);
        let sight = |code: rxing::RXingResult| Sight {
            text: code.getText().to_owned(),
            corners: code.getPoints().iter().map(in_points).collect(),
        };
        Ok(found.unwrap_or_default().into_iter().map(sight).collect())
    }

    /// The page as a PNG file.
    pub fn png(&self, page: usize, raster: f32) -> anyhow::Result<Vec<u8>> {
        let picture = self.picture(page, raster)?;
        picture
            .into_png()
            .map_err(|error| anyhow!("a picture of the page: {error}"))
    }

    /// The page as a picture.
    fn picture(&self, page: usize, raster: f32) -> anyhow::Result<Pixmap> {
        let pages = self.document.pages();
        let page = pages
            .get(page)
            .with_context(|| format!("page {} is missing", page + 1))?;
        let scale = raster / 72.0;
        let (width, height) = page.render_dimensions();
        anyhow::ensure!(
            width.max(height) <= LARGEST_SIDE && width.min(height) * scale >= 1.0,
            "a page of {width} by {height} points is not of a size to look at"
        );
        let settings = PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        };
        let rendering = RenderSettings::default();
        Ok(render(
            page,
            &self.cache,
            &InterpreterSettings::default(),
            &rendering,
            &settings,
        ))
    }
}

/// Grey as a scanner weighs colours (Rec. 601 luma).
fn grey(picture: &Pixmap) -> Vec<u8> {
    let luma = |r: u8, g: u8, b: u8| (u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1000;
    let pixels = picture.data().iter();
    pixels
        .map(|pixel| u8::try_from(luma(pixel.r, pixel.g, pixel.b)).unwrap_or(u8::MAX))
        .collect()
}
