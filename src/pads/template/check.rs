//! Whether a template can be printed and read: everything that would spoil a slip is refused at start-up,
//! with file, line and key.

use super::place::{line_in_table, line_of};
use super::read::{Kind, Raw, RawBlock};
use super::sheet::fits_sheet;
use super::{Area, Block, Colour, Template, TemplateError, Text, What, Words};
use crate::pads::font::Face;
use crate::pads::layout::{self, Style};
use crate::pads::stock::Stock;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;

/// The smallest print for patients on a slip, in points; only a label may have less.
const SMALLEST_PRINT: f32 = 12.0;

/// The smallest print at all: serial and clinic, which staff read, and labels.
const SMALLEST_SERIAL: f32 = 8.0;

/// The longest words that placeholders are checked with: W is the widest letter of a code. Longer names are
/// refused when a pad is drawn.
const LONGEST: Words = Words {
    service: "NHS Talking Therapies, Health and Wellbeing",
    clinic: "Physioworks, Northern General Hospital",
    phone: "0114 496 0000",
    web: "talking.northern-trust.nhs.uk",
    serial: "000000",
    code: "WWWW-WWWW-WWWW",
};

pub(super) struct Checker<'a> {
    pub(super) file: &'a str,
    pub(super) source: &'a str,
    colours: BTreeMap<String, Colour>,
    texts: BTreeMap<String, String>,
    regular: Face,
    bold: Face,
    smallest_print: f32,
    stock: &'a Stock,
}

/// Turns a file into a template, or says what is wrong and where.
pub(super) fn checked(
    file: &str,
    source: &str,
    raw: Raw,
    stock: &Arc<Stock>,
) -> Result<Template, TemplateError> {
    let at = |key: &str, problem: String| TemplateError {
        file: file.to_string(),
        line: line_in_table(source, key),
        key: key.to_string(),
        problem,
    };
    // The name stands in commands and in addresses.
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    if raw.name.is_empty() || !raw.name.chars().all(is_plain) {
        return Err(at(
            "name",
            "a name is made of small letters, digits and _".to_string(),
        ));
    }
    let mut colours = BTreeMap::new();
    for (name, value) in &raw.colours {
        let colour = parse_colour(value).ok_or_else(|| {
            at(
                &format!("colours.{name}"),
                format!("{value:?} is not a colour like \"#0b5d66\""),
            )
        })?;
        colours.insert(name.clone(), colour);
    }
    let face =
        |key: &str, name: &str| Face::named(name).map_err(|e| at(&format!("fonts.{key}"), e.to_string()));
    let (regular, bold) = (
        face("regular", &raw.fonts.regular)?,
        face("bold", &raw.fonts.bold)?,
    );
    let texts = raw.texts.get(&raw.language).cloned().ok_or_else(|| {
        at(
            "language",
            format!(
                "there are no texts in {:?}: add [texts.{}]",
                raw.language, raw.language
            ),
        )
    })?;
    let least = if raw.label {
        SMALLEST_SERIAL
    } else {
        SMALLEST_PRINT
    };
    if raw.smallest_print < least {
        let problem = format!("patients need {least} pt at least (only a label may have less)");
        return Err(at("smallest_print", problem));
    }
    fits_sheet(&raw).map_err(|(key, problem)| at(&format!("slip.{key}"), problem))?;
    let checker = Checker {
        file,
        source,
        colours,
        texts,
        regular,
        bold,
        smallest_print: raw.smallest_print,
        stock,
    };
    let (spans, blocks) = checker.side(&raw.blocks)?;
    let (back_spans, back) = checker.side(&raw.back.blocks)?;
    let template = Template {
        name: raw.name,
        title: raw.title,
        language: raw.language,
        page: raw.page,
        slip: raw.slip,
        blocks,
        back,
        stock: Arc::clone(stock),
        regular: checker.regular.clone(),
        bold: checker.bold.clone(),
    };
    checker.whole(&template, &spans)?;
    checker.other_side(&template, &back_spans)?;
    Ok(template)
}

impl Checker<'_> {
    /// An error at a key of the block that spans `span`.
    pub(super) fn at(&self, span: &Range<usize>, key: &str, problem: impl Into<String>) -> TemplateError {
        TemplateError {
            file: self.file.to_string(),
            line: line_of(self.source, span.clone(), key),
            key: format!("block.{key}"),
            problem: problem.into(),
        }
    }

    fn side(&self, raw: &[Spanned<RawBlock>]) -> Result<(Vec<Range<usize>>, Vec<Block>), TemplateError> {
        let spans: Vec<Range<usize>> = raw.iter().map(|block| block.span()).collect();
        let blocks = raw
            .iter()
            .zip(&spans)
            .map(|(block, span)| self.block(span.clone(), block.get_ref()))
            .collect::<Result<_, _>>()?;
        Ok((spans, blocks))
    }

    fn block(&self, span: Range<usize>, raw: &RawBlock) -> Result<Block, TemplateError> {
        let area = Area {
            x: raw.x,
            y: raw.y,
            width: raw.width,
            height: raw.height,
        };
        if !(area.width > 0.0 && area.height > 0.0) {
            return Err(self.at(&span, "width", "a block needs a width and a height above zero"));
        }
        let name = raw.colour.as_deref().unwrap_or("ink");
        let colour = *self.colours.get(name).ok_or_else(|| {
            self.at(
                &span,
                "colour",
                format!("there is no colour {name:?} in [colours]"),
            )
        })?;
        let what = match raw.kind {
            Kind::Qr => What::Qr,
            Kind::Panel => What::Panel {
                radius: raw.radius.unwrap_or(0.0),
            },
            Kind::Text => What::Text(self.text(&span, raw, &area)?),
            Kind::Logo => What::Logo,
            Kind::Languages => self.languages(&span, raw, &area)?,
        };
        Ok(Block { area, colour, what })
    }

    fn size(&self, span: &Range<usize>, raw: &RawBlock, least: f32) -> Result<f32, TemplateError> {
        match raw.size {
            None => Err(self.at(span, "size", "text needs a size in points")),
            Some(size) if size < least => Err(self.at(
                span,
                "size",
                format!("{size} pt is too small to read; {least} pt is the least"),
            )),
            Some(size) => Ok(size),
        }
    }

    /// The lines in other languages fit, all of them, whether they are reviewed by now or not.
    fn languages(&self, span: &Range<usize>, raw: &RawBlock, area: &Area) -> Result<What, TemplateError> {
        let size = self.size(span, raw, self.smallest_print)?;
        let leading = raw.leading.unwrap_or(size * 1.6);
        let (width, height) = area.size_in_points();
        let mut needs = 0.0;
        for line in &self.stock.lines {
            let rows = line.set.rows(size, width);
            let told = |misfit| self.at(span, "size", format!("the line in {:?}: {misfit}", line.language));
            needs += rows.map_err(told)?.len() as f32 * leading;
        }
        if needs > height + 0.1 {
            let misfit = layout::Misfit::TooHigh { needs, has: height };
            return Err(self.at(span, "height", format!("the lines in other languages: {misfit}")));
        }
        Ok(What::Languages { size, leading })
    }

    fn text(&self, span: &Range<usize>, raw: &RawBlock, area: &Area) -> Result<Text, TemplateError> {
        let key = raw
            .text
            .as_deref()
            .ok_or_else(|| self.at(span, "text", "a text block names one of the [texts]"))?;
        let words = self
            .texts
            .get(key)
            .ok_or_else(|| self.at(span, "text", format!("there is no text {key:?}")))?;
        let for_staff = words.contains("{serial}") || words.contains("{clinic}");
        let least = if for_staff {
            SMALLEST_SERIAL
        } else {
            self.smallest_print
        };
        let size = self.size(span, raw, least)?;
        let text = Text {
            role: raw.role.unwrap_or_default(),
            words: words.clone(),
            size,
            leading: raw.leading.unwrap_or(size * 1.3),
            bold: raw.bold,
            align: raw.align,
        };
        let filled = LONGEST.fill(words).map_err(|unknown| {
            self.at(
                span,
                "text",
                format!("the text {key:?} holds the unknown placeholder {{{unknown}}}"),
            )
        })?;
        let (width, height) = area.size_in_points();
        let style = text.style(&self.regular, &self.bold);
        layout::set(&filled, &style, width, height)
            .map_err(|misfit| self.at(span, "text", format!("{key:?}: {misfit}")))?;
        Ok(text)
    }
}

impl Text {
    /// How this text is set with the template's faces.
    pub(in crate::pads) fn style<'a>(&self, regular: &'a Face, bold: &'a Face) -> Style<'a> {
        Style {
            regular,
            bold,
            all_bold: self.bold,
            size: self.size,
            leading: self.leading,
            align: self.align,
        }
    }
}

fn parse_colour(value: &str) -> Option<Colour> {
    let hex = value
        .strip_prefix('#')
        .filter(|hex| hex.len() == 6 && hex.is_ascii())?;
    let part = |at: usize| {
        u8::from_str_radix(hex.get(at..at + 2)?, 16)
            .ok()
            .map(|v| f32::from(v) / 255.0)
    };
    Some([part(0)?, part(2)?, part(4)?])
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
