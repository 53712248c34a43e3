//! The other side of a sheet: the same for every slip and every sheet, so it is drawn once and each page only refers
//! to it. A reader is told it once a sheet; the copies beside it say nothing.

use super::artwork::{Artwork, Side};
use super::ink::{Ink, points};
use super::page_object;
use super::tags::Tags;
use crate::pads::pdf::PdfFile;
use crate::pads::template::Template;
use pdf_writer::Ref;
use std::io::Write;

/// The other side, drawn.
pub(super) struct Back {
    content: Ref,
    /// What is read on it: structure type and language.
    told: Vec<(&'static str, Option<String>)>,
}

impl Back {
    pub fn write<W: Write>(
        file: &mut PdfFile<W>,
        template: &Template,
        artwork: &Artwork,
    ) -> anyhow::Result<Self> {
        let mut ink = Ink::new();
        let mut told = Vec::new();
        artwork.marks(&mut ink);
        for position in 0..template.slips_per_page() {
            let (left, top) = template.origin(position);
            ink.save();
            ink.shift(
                points(left),
                points(template.page.height - top - template.slip.height),
            );
            artwork.ground(&mut ink, Side::Back);
            for index in 0..template.back.len() {
                for piece in artwork.pieces(Side::Back, index) {
                    match position {
                        0 => {
                            ink.begin_tagged(piece.role, i32::try_from(told.len())?);
                            told.push((piece.role, piece.language.clone()));
                        }
                        _ => ink.begin_artifact(),
                    }
                    ink.form(&piece.form);
                    ink.end_tagged();
                }
            }
            ink.restore();
        }
        let content = file.reserve();
        file.stream(content, ink.bytes(), |_| {})?;
        Ok(Back { content, told })
    }

    /// One page that shows it.
    pub fn page<W: Write>(
        &self,
        file: &mut PdfFile<W>,
        tags: &mut Tags,
        template: &Template,
        pages: Ref,
    ) -> anyhow::Result<Ref> {
        let page = file.reserve();
        let key = tags.start_page(page);
        let section = tags.start_section(file);
        for (role, language) in &self.told {
            tags.text(file, section, role, language.as_deref())?;
        }
        tags.finish_section(file, section)?;
        file.object(page, |object| {
            page_object(object, template, pages, self.content, key)
        })?;
        Ok(page)
    }
}
