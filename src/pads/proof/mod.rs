//! Proves prints: renders each page of a PDF, reads every QR code on it and compares it with what was minted: what it
//! says, and where it stands. Only a [`Proven`] document leaves the house. Never repairs anything.

mod eyes;

use super::draw::{Imprint, PrintedSlip, serial_words};
use super::layout::MM;
use super::qr::{self, QUIET_ZONE};
use super::template::Template;
use eyes::{Eyes, Sight, open};
use hayro::hayro_syntax::Pdf;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Pixels per inch at which a page is looked at, one after the other until every code is read. The reader misses none
/// of ours at the first; the others are there so that a reader's weakness never stops a good pad.
const RASTERS: [f32; 3] = [100.0, 150.0, 200.0];

/// Pages that are proven before the document is opened anew.
const AT_A_TIME: usize = 256;

/// How far a code may stand from its place, in points (1 mm). The reader finds corners to 0.3 mm.
const ASTRAY: f32 = MM;

/// A code that must be on a page.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The page, from 0.
    pub page: usize,
    /// The slip's serial.
    pub serial: u32,
    /// What the code must say.
    pub url: String,
    /// Left, top, width and height in points from the page's top left corner, without the quiet zone.
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
    /// The code of this slip is on the page, but not where the template has it.
    #[error("slip {}: its code on page {page} is not in its place", serial_words(*.serial))]
    Astray {
        /// The slip.
        serial: u32,
        /// The page, from 1.
        page: usize,
    },
    /// A page has a code that no slip has.
    #[error("page {page} has a code that belongs to no slip")]
    Unexpected {
        /// The page, from 1.
        page: usize,
    },
    /// The document as a whole cannot be proven.
    #[error("the document cannot be proven: {0}")]
    Unproven(String),
}

/// A PDF whose every code was read from the rendered page.
pub struct Proven(Arc<Vec<u8>>);

impl Proven {
    /// The bytes to save.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes to save or send.
    pub fn into_bytes(self) -> Vec<u8> {
        Arc::unwrap_or_clone(self.0)
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

/// Where the codes of these slips stand when drawn with this template, page after page.
pub fn expected(
    template: &Template,
    slips: &[PrintedSlip],
    imprint: &Imprint,
) -> anyhow::Result<Vec<Expected>> {
    let (Some(code), Some(first)) = (template.qr_area(), slips.first()) else {
        return Ok(Vec::new());
    };
    let modules = qr::width_of(&imprint.address_of(first))?;
    let pages_per_sheet = 1 + usize::from(template.has_back(imprint.unreviewed_lines));
    let per_page = template.slips_per_page().max(1);
    let side = code.width.min(code.height);
    let quiet = side * QUIET_ZONE as f32 / (modules + 2 * QUIET_ZONE) as f32;
    let place = |(index, slip): (usize, &PrintedSlip)| {
        let (left, top) = template.origin(index % per_page);
        let (x, y) = (left + code.x + quiet, top + code.y + quiet);
        Expected {
            page: index / per_page * pages_per_sheet,
            serial: slip.serial,
            url: imprint.address_of(slip),
            area: [x, y, side - 2.0 * quiet, side - 2.0 * quiet].map(|mm| mm * MM),
        }
    };
    Ok(slips.iter().enumerate().map(place).collect())
}

/// Reads every page and holds it against `expected`, which is in the order of the pages. The first mismatch stops it.
/// `done` is told how many more slips are proven, from any thread; both cores work.
pub fn prove(pdf: Vec<u8>, expected: &[Expected], done: impl Fn(usize) + Sync) -> Result<Proven, Mismatch> {
    let unproven = |error: anyhow::Error| Mismatch::Unproven(format!("{error:#}"));
    let bytes = Arc::new(pdf);
    let pages = open(Arc::clone(&bytes)).map_err(unproven)?.pages().len();
    let by_page: Vec<&[Expected]> = expected.chunk_by(|a, b| a.page == b.page).collect();
    if let Some(missing) = expected.iter().find(|code| code.page >= pages) {
        return Err(Mismatch::Unreadable {
            serial: missing.serial,
            page: missing.page + 1,
        });
    }
    let mut from = 0;
    while from < pages {
        // A document remembers each page it has shown, so it is opened anew for every few: a long run would take ever
        // more memory.
        let document = open(Arc::clone(&bytes)).map_err(unproven)?;
        let until = (from + AT_A_TIME).min(pages);
        prove_some(&document, from..until, &by_page, &done)?;
        from = until;
    }
    Ok(Proven(bytes))
}

/// Proves some pages with as many threads as there are processors.
fn prove_some(
    document: &Pdf,
    some: Range<usize>,
    by_page: &[&[Expected]],
    done: &(impl Fn(usize) + Sync),
) -> Result<(), Mismatch> {
    let (next, stop) = (AtomicUsize::new(some.start), AtomicBool::new(false));
    let work = || -> Result<(), Mismatch> {
        let eyes = Eyes::on(document);
        while !stop.load(Ordering::Relaxed) {
            let page = next.fetch_add(1, Ordering::Relaxed);
            if !some.contains(&page) {
                break;
            }
            let at = by_page.binary_search_by_key(&page, |codes| codes.first().map_or(0, |code| code.page));
            let codes = at
                .ok()
                .and_then(|at| by_page.get(at))
                .copied()
                .unwrap_or_default();
            if let Err(mismatch) = prove_page(&eyes, page, codes) {
                stop.store(true, Ordering::Relaxed);
                return Err(mismatch);
            }
            done(codes.len());
        }
        Ok(())
    };
    let hands = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(some.len());
    let results: Vec<Result<(), Mismatch>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..hands).map(|_| scope.spawn(work)).collect();
        let broken = || Err(Mismatch::Unproven("the reading of a page broke off".to_owned()));
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| broken()))
            .collect()
    });
    // Pages are taken in order and a page begun is ended, so the earliest mismatch is among those that were found.
    match results
        .into_iter()
        .filter_map(Result::err)
        .min_by_key(Mismatch::page)
    {
        Some(mismatch) => Err(mismatch),
        None => Ok(()),
    }
}

/// Looks at one page until all its codes are read.
fn prove_page(eyes: &Eyes, page: usize, expected: &[Expected]) -> Result<(), Mismatch> {
    let shown = page + 1;
    let mut unread: Vec<&Expected> = expected.iter().collect();
    for raster in RASTERS {
        let sights = eyes
            .read(page, raster)
            .map_err(|error| Mismatch::Unproven(format!("page {shown}: {error:#}")))?;
        for sight in &sights {
            match expected.iter().find(|code| code.url == sight.text) {
                Some(own) if own.stands_at(sight) => unread.retain(|code| code.serial != own.serial),
                Some(own) => {
                    return Err(Mismatch::Astray {
                        serial: own.serial,
                        page: shown,
                    });
                }
                None => match expected.iter().find(|code| code.stands_at(sight)) {
                    Some(usurped) => {
                        return Err(Mismatch::Different {
                            serial: usurped.serial,
                            page: shown,
                        });
                    }
                    None => return Err(Mismatch::Unexpected { page: shown }),
                },
            }
        }
        if unread.is_empty() {
            return Ok(());
        }
    }
    match unread.first() {
        Some(code) => Err(Mismatch::Unreadable {
            serial: code.serial,
            page: shown,
        }),
        None => Ok(()),
    }
}

impl Expected {
    /// Whether a code that was seen stands where this one must.
    fn stands_at(&self, sight: &Sight) -> bool {
        let [left, top, width, height] = self.area;
        let extent = |axis: usize| {
            let along = sight
                .corners
                .iter()
                .filter_map(|corner| corner.get(axis).copied());
            along.fold((f32::MAX, f32::MIN), |(low, high), at| {
                (low.min(at), high.max(at))
            })
        };
        let near = |(low, high): (f32, f32), start: f32, length: f32| {
            (low - start).abs() <= ASTRAY && (high - start - length).abs() <= ASTRAY
        };
        near(extent(0), left, width) && near(extent(1), top, height)
    }
}

impl Mismatch {
    /// The page it is on, from 1; 0 for the document as a whole.
    fn page(&self) -> usize {
        match self {
            Mismatch::Unreadable { page, .. }
            | Mismatch::Different { page, .. }
            | Mismatch::Astray { page, .. }
            | Mismatch::Unexpected { page } => *page,
            Mismatch::Unproven(_) => 0,
        }
    }
}

/// A page (from 0) as a PNG picture at this many pixels per inch.
pub fn picture(pdf: Vec<u8>, page: usize, raster: f32) -> anyhow::Result<Vec<u8>> {
    let document = open(Arc::new(pdf))?;
    Eyes::on(&document).png(page, raster)
}

/// Every code that can be read from any PDF, page by page, from top to bottom.
pub fn check(pdf: Vec<u8>) -> anyhow::Result<Vec<Decoded>> {
    let document = open(Arc::new(pdf))?;
    let eyes = Eyes::on(&document);
    let mut found: Vec<Decoded> = Vec::new();
    for page in 0..document.pages().len() {
        for raster in RASTERS {
            for sight in eyes.read(page, raster)? {
                let decoded = Decoded {
                    page: page + 1,
                    text: sight.text,
                };
                if !found.contains(&decoded) {
                    found.push(decoded);
                }
            }
        }
    }
    Ok(found)
}
