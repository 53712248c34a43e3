//! Fonts in a document: each face cut down to what the document needs (ISO 32000-1, 9.7).

use crate::pads::font::Subset;
use crate::pads::pdf::PdfFile;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Finish, Name, Rect, Ref, Str};
use std::io::Write;

const SYSTEM_INFO: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// Embeds a subset as a composite font whose codes are glyph numbers, with the way back to letters.
pub(super) fn embed<W: Write>(file: &mut PdfFile<W>, subset: &Subset) -> anyhow::Result<Ref> {
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
    for glyph in subset.glyphs().iter().filter(|glyph| !glyph.letters.is_empty()) {
        map.pair_with_multiple(glyph.id, glyph.letters.chars());
    }
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
        subset.glyphs().iter().for_each(|glyph| {
            widths.consecutive(glyph.id, [thousandths(glyph.advance)]);
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
