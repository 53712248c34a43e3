//! What all slips of a document share, drawn once: panels, fixed text, cut marks, the overprint, the fonts.

use super::Imprint;
use super::ink::{Ink, points};
use crate::pads::font::Subset;
use crate::pads::layout::{self, Run};
use crate::pads::pdf::PdfFile;
use crate::pads::plate::Plate;
use crate::pads::template::{Block, Template, Text, What, Words};
use anyhow::anyhow;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Finish, Name, Rect, Ref, Str};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// Printed across the slips of a demonstration.
const SAMPLE: &str = "SAMPLE";

/// Everything a code or a serial may hold.
const PER_SLIP: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ- ";

/// The form with the modules that are dark in every code.
pub(super) const SHARED_CODE: &str = "Q";

const SYSTEM_INFO: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// The shared artwork of one document.
pub(super) struct Artwork {
    /// The resource dictionary that every page uses.
    pub resources: Ref,
    /// The regular and the bold letters of the document.
    pub subsets: [Subset; 2],
    /// What the codes share.
    pub plate: Plate,
    fixed: BTreeMap<usize, String>,
    /// The forms there are; empty ones are left out.
    drawn: BTreeSet<String>,
}

/// Sets one block's text; an error names what does not fit.
pub(super) fn set(
    template: &Template,
    block: &Block,
    text: &Text,
    words: &Words,
) -> anyhow::Result<Vec<Run>> {
    let filled = words
        .fill(&text.words)
        .map_err(|unknown| anyhow!("unknown placeholder {{{unknown}}}"))?;
    let (width, height) = block.area.size_in_points();
    layout::set(
        &filled,
        &text.style(&template.regular, &template.bold),
        width,
        height,
    )
    .map_err(|misfit| anyhow!("{:?} on template {}: {misfit}", filled, template.name))
}

impl Artwork {
    /// Draws it into the file.
    pub fn write<W: Write>(
        file: &mut PdfFile<W>,
        template: &Template,
        imprint: &Imprint,
    ) -> anyhow::Result<Self> {
        let plate = Plate::new(&imprint.base_url)?;
        let words = imprint.words("", "");
        let mut texts = Vec::new();
        let mut letters = [PER_SLIP.to_string(), format!("{PER_SLIP}{SAMPLE}")];
        for (index, block) in template.blocks.iter().enumerate() {
            let What::Text(text) = &block.what else { continue };
            let runs = set(template, block, text, &words)?;
            let [regular, bold] = &mut letters;
            runs.iter().for_each(|run| {
                if run.bold {
                    bold.push_str(&run.text)
                } else {
                    regular.push_str(&run.text)
                }
            });
            if !text.is_per_slip() {
                texts.push((index, block, text.size, runs));
            }
        }
        let [regular, bold] = letters;
        let subsets = [
            template.regular.subset(regular.chars())?,
            template.bold.subset(bold.chars())?,
        ];
        let resources = file.reserve();
        let mut forms = vec![
            ("B".to_string(), ground(template)),
            ("M".to_string(), cut_marks(template)),
            (SHARED_CODE.to_string(), shared_code(&plate)),
        ];
        let mut fixed = BTreeMap::new();
        for (index, block, size, runs) in texts {
            let mut ink = Ink::new();
            ink.text(
                &runs,
                &block.area,
                template.slip.height,
                size,
                block.colour,
                &subsets,
            );
            forms.push((format!("T{index}"), ink));
            fixed.insert(index, format!("T{index}"));
        }
        if imprint.sample {
            forms.push(("S".to_string(), overprint(template, &subsets)?));
        }
        let size = (points(template.page.width), points(template.page.height));
        let mut names = Vec::new();
        for (name, ink) in forms.into_iter().filter(|(_, ink)| !ink.bytes().is_empty()) {
            let id = file.reserve();
            file.stream(id, ink.bytes(), |stream| {
                stream
                    .pair(Name(b"Type"), Name(b"XObject"))
                    .pair(Name(b"Subtype"), Name(b"Form"));
                stream
                    .pair(Name(b"BBox"), Rect::new(0.0, 0.0, size.0, size.1))
                    .pair(Name(b"Resources"), resources);
            })?;
            names.push((name, id));
        }
        let fonts = [embed(file, &subsets[0])?, embed(file, &subsets[1])?];
        file.object(resources, |object| {
            let mut dict = object.dict();
            dict.insert(Name(b"Font"))
                .dict()
                .pair(Name(b"F0"), fonts[0])
                .pair(Name(b"F1"), fonts[1]);
            dict.insert(Name(b"XObject"))
                .dict()
                .pairs(names.iter().map(|(name, id)| (Name(name.as_bytes()), *id)));
        })?;
        Ok(Artwork {
            resources,
            subsets,
            plate,
            fixed,
            drawn: names.into_iter().map(|(name, _)| name).collect(),
        })
    }

    /// The form that holds a block's text, if it is the same on every slip.
    pub fn fixed(&self, block: usize) -> Option<&str> {
        self.fixed.get(&block).map(String::as_str)
    }

    /// The page's cut marks.
    pub fn marks(&self, ink: &mut Ink) {
        self.artifact(ink, "M");
    }

    /// What lies under a slip's text: SAMPLE, if this is a demonstration, and the panels.
    pub fn ground(&self, ink: &mut Ink) {
        self.artifact(ink, "S");
        self.artifact(ink, "B");
    }

    /// A form that says nothing, if there is something in it.
    fn artifact(&self, ink: &mut Ink, form: &str) {
        if self.drawn.contains(form) {
            ink.begin_artifact();
            ink.form(form);
            ink.end_tagged();
        }
    }
}

fn ground(template: &Template) -> Ink {
    let mut ink = Ink::new();
    for block in &template.blocks {
        if let What::Panel { radius } = block.what {
            ink.colour(block.colour);
            ink.panel(&block.area, template.slip.height, points(radius));
        }
    }
    ink
}

/// The modules that all codes share. Each reaches a fiftieth of a module beyond its edges, so that no hairline shows
/// where a slip's own modules adjoin.
fn shared_code(plate: &Plate) -> Ink {
    let mut ink = Ink::new();
    for (x, y, length) in plate.shared_runs() {
        ink.grown_module_run(x, y, length, 0.02);
    }
    ink.fill();
    ink
}

/// Short lines at the sheet's edges and small crosses where four slips meet: enough to lay a ruler, nothing
/// that shows on a slip cut slightly off.
fn cut_marks(template: &Template) -> Ink {
    const ARM: f32 = 4.0;
    let mut ink = Ink::new();
    if !template.page.cut_marks {
        return ink;
    }
    ink.hairline_grey();
    let (columns, rows) = (
        usize::from(template.slip.columns),
        usize::from(template.slip.rows),
    );
    let (left, top) = template.origin(0);
    let (page_width, page_height) = (template.page.width, template.page.height);
    let xs: Vec<f32> = (0..=columns)
        .map(|column| left + column as f32 * template.slip.width)
        .collect();
    let ys: Vec<f32> = (0..=rows)
        .map(|row| page_height - top - row as f32 * template.slip.height)
        .collect();
    let inside = |v: f32, end: f32| v > 0.1 && v < end - 0.1;
    let mut stroke =
        |x0: f32, y0: f32, x1: f32, y1: f32| ink.line((points(x0), points(y0)), (points(x1), points(y1)));
    for x in xs.iter().copied().filter(|x| inside(*x, page_width)) {
        stroke(x, 0.0, x, ARM);
        stroke(x, page_height - ARM, x, page_height);
        ys.iter()
            .filter(|y| inside(**y, page_height))
            .for_each(|y| stroke(x, y - ARM / 2.0, x, y + ARM / 2.0));
    }
    for y in ys.iter().copied().filter(|y| inside(*y, page_height)) {
        stroke(0.0, y, ARM, y);
        stroke(page_width - ARM, y, page_width, y);
        xs.iter()
            .filter(|x| inside(**x, page_width))
            .for_each(|x| stroke(x - ARM / 2.0, y, x + ARM / 2.0, y));
    }
    ink
}

fn overprint(template: &Template, [_, bold]: &[Subset; 2]) -> anyhow::Result<Ink> {
    let mut ink = Ink::new();
    let width = layout::measure(SAMPLE, &template.bold, 1.0).map_err(|misfit| anyhow!("{misfit}"))?;
    let slip = (points(template.slip.width), points(template.slip.height));
    let spared = template.qr_area().map_or([0.0; 4], |area| {
        let (width, height) = area.size_in_points();
        [
            points(area.x),
            points(template.slip.height - area.y - area.height),
            width,
            height,
        ]
    });
    ink.overprint(SAMPLE, width, slip, spared, bold);
    Ok(ink)
}

/// Embeds a subset as a composite font whose codes are glyph numbers, with the way back to letters.
fn embed<W: Write>(file: &mut PdfFile<W>, subset: &Subset) -> anyhow::Result<Ref> {
    let (font, descendant, descriptor) = (file.reserve(), file.reserve(), file.reserve());
    let (program, to_unicode) = (file.reserve(), file.reserve());
    let name = subset.tagged_name();
    let face = subset.face();
    let scale = |units: i16| f32::from(units) * 1000.0 / f32::from(face.units_per_em());
    let thousandths = |em: f32| (em * 1000.0).round();

    let length = i32::try_from(subset.program.len())?;
    file.stream(program, &subset.program, |stream| {
        stream.pair(Name(b"Length1"), length);
    })?;
    let mut map = UnicodeCmap::new(Name(b"Custom"), SYSTEM_INFO);
    let mut glyphs: Vec<_> = subset
        .glyphs()
        .map(|(letter, glyph)| (glyph.id, letter, glyph.advance))
        .collect();
    glyphs.sort_unstable_by_key(|(id, ..)| *id);
    glyphs.iter().for_each(|(id, letter, _)| map.pair(*id, *letter));
    file.stream(to_unicode, &map.finish(), |stream| {
        stream.pair(Name(b"Type"), Name(b"CMap"));
    })?;
    file.object(font, |object| {
        let mut font: pdf_writer::writers::Type0Font<'_> = object.start();
        font.base_font(Name(name.as_bytes()))
            .encoding_predefined(Name(b"Identity-H"));
        font.descendant_font(descendant).to_unicode(to_unicode);
    })?;
    file.object(descendant, |object| {
        let mut font: pdf_writer::writers::CidFont<'_> = object.start();
        font.subtype(CidFontType::Type2)
            .base_font(Name(name.as_bytes()))
            .system_info(SYSTEM_INFO);
        font.font_descriptor(descriptor)
            .default_width(0.0)
            .cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = font.widths();
        glyphs.iter().for_each(|(id, _, advance)| {
            widths.consecutive(*id, [thousandths(*advance)]);
        });
        widths.finish();
    })?;
    file.object(descriptor, |object| {
        let bounds = face.global_bounding_box();
        let mut descriptor: pdf_writer::writers::FontDescriptor<'_> = object.start();
        descriptor
            .name(Name(name.as_bytes()))
            .flags(FontFlags::NON_SYMBOLIC)
            .italic_angle(0.0);
        descriptor.bbox(Rect::new(
            scale(bounds.x_min),
            scale(bounds.y_min),
            scale(bounds.x_max),
            scale(bounds.y_max),
        ));
        descriptor
            .ascent(scale(face.ascender()))
            .descent(scale(face.descender()));
        descriptor.cap_height(scale(face.capital_height().unwrap_or(714)));
        descriptor
            .stem_v(if face.is_bold() { 140.0 } else { 80.0 })
            .font_file2(program);
    })?;
    Ok(font)
}
