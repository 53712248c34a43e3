//! What a slip looks like. A template is data (`pad_templates/*.toml`): page, slip size, number up, colours,
//! fonts, blocks in millimetres and texts per language. It is read and checked whole at start-up; an error
//! names file, line and key. Nothing here draws.

mod check;
mod fit;
mod place;
mod read;
mod sheet;
mod shelf;
mod words;

pub use shelf::Templates;
pub use words::Words;

use super::font::Face;
use super::layout::{Align, MM};
use super::stock::Stock;
use std::fmt;
use std::sync::Arc;

/// A checked template.
#[derive(Clone)]
pub struct Template {
    /// What commands and forms call it, e.g. `a6_four_up`.
    pub name: String,
    /// What people call it, e.g. "A6, four to an A4 sheet".
    pub title: String,
    /// Language of its texts, e.g. `en-GB`.
    pub language: String,
    /// The sheet.
    pub page: Sheet,
    /// Where on the sheet slips stand.
    pub slip: Grid,
    /// What is drawn on a slip, in reading order.
    pub blocks: Vec<Block>,
    /// What is drawn on its other side, the same on every slip. Printed only where there is something to read there.
    pub back: Vec<Block>,
    /// What the deployment adds: lines in other languages, its logo.
    pub stock: Arc<Stock>,
    /// The face of plain text.
    pub regular: Face,
    /// The face of bold text.
    pub bold: Face,
}

/// The sheet, in millimetres.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// Whether marks show where to cut.
    #[serde(default)]
    pub cut_marks: bool,
    /// How far panels reach beyond the edge of a slip that a printer cuts.
    #[serde(default)]
    pub bleed: f32,
}

/// Slips on a sheet, in millimetres, the whole block of them centred.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// Width of one slip.
    pub width: f32,
    /// Height of one slip.
    pub height: f32,
    /// Slips side by side.
    pub columns: u8,
    /// Slips one below the other.
    pub rows: u8,
    /// Kept free of everything along each edge of a slip.
    pub margin: f32,
    /// Where the slip is expected to be folded.
    #[serde(default, rename = "fold")]
    pub folds: Vec<Fold>,
}

/// A fold across the slip, kept clear of codes.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fold {
    /// `horizontal`: a line from left to right; `vertical`: from top to bottom.
    pub direction: Direction,
    /// Distance from the top or left edge, in millimetres.
    pub at: f32,
    /// Kept clear on each side, in millimetres.
    pub clear: f32,
}

/// How a fold runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From left to right.
    Horizontal,
    /// From top to bottom.
    Vertical,
}

/// A rectangle on a slip, in millimetres from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// From the left edge.
    pub x: f32,
    /// From the top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// A colour, red, green and blue from 0 to 1.
pub type Colour = [f32; 3];

/// Something drawn on a slip.
#[derive(Clone, Debug)]
pub struct Block {
    /// Where it stands.
    pub area: Area,
    /// Its colour.
    pub colour: Colour,
    /// What it is.
    pub what: What,
}

/// The kinds of block.
#[derive(Clone, Debug)]
pub enum What {
    /// Set text.
    Text(Text),
    /// The QR code, its quiet zone within the area.
    Qr,
    /// A filled rectangle behind text; `radius` rounds its corners, in millimetres.
    Panel {
        /// Radius of the corners in millimetres.
        radius: f32,
    },
    /// The organisation's logo, as large as the area allows; nothing if it has none.
    Logo,
    /// The line about interpreters in the languages of the locality, one below the other.
    Languages {
        /// Size in points.
        size: f32,
        /// From line to line in points.
        leading: f32,
    },
}

/// Text, with placeholders in braces.
#[derive(Clone, Debug)]
pub struct Text {
    /// What it is to a screen reader.
    pub role: Role,
    /// The words, `**bold**` and `{placeholders}` included.
    pub words: String,
    /// Size in points.
    pub size: f32,
    /// From line to line in points.
    pub leading: f32,
    /// Whether all of it is bold.
    pub bold: bool,
    /// Where its lines stand.
    pub align: Align,
}

impl Text {
    /// Whether it differs from slip to slip of one pad.
    pub fn is_per_slip(&self) -> bool {
        self.words.contains("{serial}") || self.words.contains("{code}")
    }
}

/// What a text is in the document's structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The slip's heading.
    Heading,
    /// A heading within the slip.
    Subheading,
    /// A paragraph.
    #[default]
    Paragraph,
}

/// What is wrong with a template, and where.
#[derive(Debug, PartialEq)]
pub struct TemplateError {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The key, e.g. `block.size`.
    pub key: String,
    /// What is wrong with it.
    pub problem: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.line, self.key, self.problem)
    }
}

impl std::error::Error for TemplateError {}

impl Template {
    /// Reads and checks a template whose text is `source`, for a deployment that adds nothing to it; `file` is only
    /// named in errors.
    pub fn parse(file: &str, source: &str) -> Result<Self, TemplateError> {
        Self::parse_with(file, source, &Arc::default())
    }

    /// Reads and checks a template with what the deployment adds.
    pub fn parse_with(file: &str, source: &str, stock: &Arc<Stock>) -> Result<Self, TemplateError> {
        let raw = read::read(file, source)?;
        check::checked(file, source, raw, stock)
    }

    /// Whether slips have something to read on their other side.
    pub fn has_back(&self, unreviewed_lines: bool) -> bool {
        self.back.iter().any(|block| match block.what {
            What::Languages { .. } => self.stock.printable(unreviewed_lines).next().is_some(),
            What::Text(_) | What::Qr | What::Panel { .. } | What::Logo => false,
        })
    }

    /// Slips on a full page.
    pub fn slips_per_page(&self) -> usize {
        usize::from(self.slip.columns) * usize::from(self.slip.rows)
    }

    /// Top left corner of the slip at `position` on its page, in millimetres from the page's top left corner:
    /// row by row from the top.
    pub fn origin(&self, position: usize) -> (f32, f32) {
        let columns = usize::from(self.slip.columns).max(1);
        let (column, row) = (position % columns, position / columns);
        let left = (self.page.width - self.slip.width * f32::from(self.slip.columns)) / 2.0;
        let top = (self.page.height - self.slip.height * f32::from(self.slip.rows)) / 2.0;
        (
            left + column as f32 * self.slip.width,
            top + row as f32 * self.slip.height,
        )
    }

    /// A slip as a whole.
    pub fn slip_area(&self) -> Area {
        Area {
            x: 0.0,
            y: 0.0,
            width: self.slip.width,
            height: self.slip.height,
        }
    }

    /// Where the QR code stands on a slip, its quiet zone included.
    pub fn qr_area(&self) -> Option<Area> {
        self.blocks
            .iter()
            .find(|block| matches!(block.what, What::Qr))
            .map(|block| block.area)
    }
}

impl Area {
    /// Its width and height in points.
    pub fn size_in_points(&self) -> (f32, f32) {
        (self.width * MM, self.height * MM)
    }

    fn right(&self) -> f32 {
        self.x + self.width
    }

    fn bottom(&self) -> f32 {
        self.y + self.height
    }

    /// This area, larger by so many millimetres on every side.
    fn grown(&self, by: f32) -> Area {
        Area {
            x: self.x - by,
            y: self.y - by,
            width: self.width + 2.0 * by,
            height: self.height + 2.0 * by,
        }
    }

    fn overlaps(&self, other: &Area) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    fn encloses(&self, other: &Area) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && self.right() >= other.right()
            && self.bottom() >= other.bottom()
    }
}
