//! What all slips of a document share, written once into the file as forms and fonts, for every page to refer to.

use super::Imprint;
use super::embed::embed;
use super::ink::{Ink, points};
use super::lettering::Lettering;
use super::shared::{Drawing, ground_name};
use crate::pads::layout::{self, Run};
use crate::pads::pdf::PdfFile;
use crate::pads::plate::Plate;
use crate::pads::template::{Block, Template, Text, Words};
use anyhow::anyhow;
use pdf_writer::{Name, Rect, Ref};
use std::collections::BTreeMap;
use std::io::Write;

/// Printed across the slips of a demonstration, and across lines nobody has reviewed.
pub(super) const SAMPLE: &str = "SAMPLE";
pub(super) const UNREVIEWED: &str = "NOT REVIEWED";

/// The form with the modules that are dark in every code.
pub(super) const SHARED_CODE: &str = "Q";

/// A side of a slip.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Front,
    Back,
}

/// Something to read that is the same on every slip: one form, told as one element.
pub(super) struct Piece {
    /// The form's name.
    pub form: String,
    /// Its structure type.
    pub role: &'static str,
    /// Its language, if not the document's.
    pub language: Option<String>,
}

/// The shared artwork of one document.
pub(super) struct Artwork {
    /// The resource dictionary that every page uses.
    pub resources: Ref,
    /// The fonts of the document.
    pub lettering: Lettering,
    /// What the codes share.
    pub plate: Plate,
    pieces: BTreeMap<(Side, usize), Vec<Piece>>,
    /// The forms there are; empty ones are left out.
    forms: BTreeMap<String, Ref>,
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
        let lettering = Lettering::of(template, imprint)?;
        let Drawing {
            forms: drawn, pieces, ..
        } = Drawing::of(template, imprint, &lettering, &plate)?;
        let resources = file.reserve();
        let mut forms = BTreeMap::new();
        let size = (points(template.page.width), points(template.page.height));
        for (name, ink) in drawn.into_iter().filter(|(_, ink)| !ink.bytes().is_empty()) {
            let id = file.reserve();
            file.stream(id, ink.bytes(), |stream| {
                stream
                    .pair(Name(b"Type"), Name(b"XObject"))
                    .pair(Name(b"Subtype"), Name(b"Form"));
                // What a slip shows may reach beyond it into the bleed, so the box is larger than a page.
                stream
                    .pair(Name(b"BBox"), Rect::new(-size.0, -size.1, size.0, size.1))
                    .pair(Name(b"Resources"), resources);
            })?;
            forms.insert(name, id);
        }
        let fonts = lettering.subsets().iter().map(|subset| embed(file, subset));
        let fonts = fonts.collect::<anyhow::Result<Vec<Ref>>>()?;
        file.object(resources, |object| {
            let mut dict = object.dict();
            let mut names = dict.insert(Name(b"Font")).dict();
            for (number, font) in fonts.iter().enumerate() {
                names.pair(Name(format!("F{number}").as_bytes()), *font);
            }
            drop(names);
            dict.insert(Name(b"XObject"))
                .dict()
                .pairs(forms.iter().map(|(name, id)| (Name(name.as_bytes()), *id)));
        })?;
        Ok(Artwork {
            resources,
            lettering,
            plate,
            pieces,
            forms,
        })
    }

    /// What there is to read in a block that is the same on every slip.
    pub fn pieces(&self, side: Side, block: usize) -> &[Piece] {
        self.pieces.get(&(side, block)).map_or(&[], Vec::as_slice)
    }

    /// The page's cut marks.
    pub fn marks(&self, ink: &mut Ink) {
        self.artifact(ink, "M");
    }

    /// What lies under a side's text: panels, logo, SAMPLE, if this is a demonstration.
    pub fn ground(&self, ink: &mut Ink, side: Side) {
        self.artifact(ink, ground_name(side));
    }

    /// A form that says nothing, if there is something in it.
    fn artifact(&self, ink: &mut Ink, form: &str) {
        if self.forms.contains_key(form) {
            ink.begin_artifact();
            ink.form(form);
            ink.end_tagged();
        }
    }
}
