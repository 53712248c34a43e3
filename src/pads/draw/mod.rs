//! Draws slips as PDF 1.7: receives a checked template, slips and the words printed on all of them; hands on
//! one document. Tagged, with language, title and true dates; the same bytes for the same input.
//! Draws nothing that depends on a patient, and proves nothing: that is `proof`.
//!
//! Everything the slips share (panels, fixed text, marks, most of the QR code) is drawn once as form XObjects; a slip adds
//! its own modules, its code and its serial. Pages are written as they are drawn.

mod artwork;
mod back;
mod embed;
mod imprint;
mod ink;
mod lettering;
mod marks;
mod plain;
mod shared;
mod stamp;
mod tags;

use super::pdf::PdfFile;
use super::plate::Plate;
use super::qr::QUIET_ZONE;
use super::template::{Area, Block, Template, Text, What, Words};
use crate::values::{SlipCode, Ts};
use artwork::{Artwork, SHARED_CODE, Side};
use back::Back;
pub use imprint::{Imprint, PrintedSlip, serial_words};
use imprint::{date, identity, title};
use ink::{Ink, points};
use lettering::Lettering;
use pdf_writer::{Finish, Name, Obj, Ref, TextStr};
pub use plain::{Mark, PlainFaces, PlainPage, Told, draw_plain};
use std::io::Write;
use tags::Tags;

/// Draws the slips onto as many pages as they need, in memory. See [`draw_into`].
pub fn draw(template: &Template, slips: &[PrintedSlip], imprint: &Imprint) -> anyhow::Result<Vec<u8>> {
    draw_into(Vec::new(), template, slips, imprint)
}

/// Draws the slips onto as many pages as they need and writes page after page to `out`, which is handed back.
///
/// Errors if the clinic's name or another word does not fit the template, the address its QR code, or `out` takes
/// no more.
pub fn draw_into<W: Write>(
    out: W,
    template: &Template,
    slips: &[PrintedSlip],
    imprint: &Imprint,
) -> anyhow::Result<W> {
    let mut file = PdfFile::start(out)?;
    let (catalogue, info, pages) = (file.reserve(), file.reserve(), file.reserve());
    let artwork = Artwork::write(&mut file, template, imprint)?;
    let mut tags = Tags::start(&mut file);
    let back = match template.has_back(imprint.unreviewed_lines) {
        true => Some(Back::write(&mut file, template, &artwork)?),
        false => None,
    };
    let mut kids = Vec::new();
    let mut ink = Ink::new();
    for on_page in slips.chunks(template.slips_per_page().max(1)) {
        let (page, content) = (file.reserve(), file.reserve());
        let key = tags.start_page(page);
        ink.clear();
        artwork.marks(&mut ink);
        for (position, slip) in on_page.iter().enumerate() {
            draw_slip(
                &mut file, &mut ink, &mut tags, template, &artwork, imprint, slip, position,
            )?;
        }
        file.stream(content, ink.bytes(), |_| {})?;
        file.object(page, |object| page_object(object, template, pages, content, key))?;
        kids.push(page);
        if let Some(back) = &back {
            kids.push(back.page(&mut file, &mut tags, template, pages)?);
        }
    }
    let title = title(slips, imprint);
    let count = i32::try_from(kids.len())?;
    file.object(pages, |object| {
        let mut dict = object.dict();
        dict.pair(Name(b"Type"), Name(b"Pages"))
            .pair(Name(b"Count"), count);
        dict.insert(Name(b"Kids")).array().items(kids);
        // Every page inherits its size and its resources.
        dict.insert(Name(b"MediaBox")).array().items([
            0.0,
            0.0,
            points(template.page.width),
            points(template.page.height),
        ]);
        dict.pair(Name(b"Resources"), artwork.resources);
    })?;
    let root = tags.finish(&mut file)?;
    file.object(catalogue, |object| {
        catalogue_object(object, pages, root, template)
    })?;
    file.object(info, |object| info_object(object, &title, imprint.created))?;
    file.finish(catalogue, info, &identity(template, slips, imprint))
}

#[expect(
    clippy::too_many_arguments,
    reason = "one slip needs the whole drawing at hand; a struct for it would only be unpacked again"
)]
fn draw_slip<W: Write>(
    file: &mut PdfFile<W>,
    ink: &mut Ink,
    tags: &mut Tags,
    template: &Template,
    artwork: &Artwork,
    imprint: &Imprint,
    slip: &PrintedSlip,
    position: usize,
) -> anyhow::Result<()> {
    let serial = serial_words(slip.serial);
    let code = slip.code.to_string();
    let words = imprint.words(&serial, &code);
    let section = tags.start_section(file);
    let (left, top) = template.origin(position);
    ink.save();
    ink.shift(
        points(left),
        points(template.page.height - top - template.slip.height),
    );
    artwork.ground(ink, Side::Front);
    for (index, block) in template.blocks.iter().enumerate() {
        match &block.what {
            What::Panel { .. } | What::Logo => {}
            What::Qr => {
                ink.begin_tagged("Figure", tags.figure(file, section)?);
                draw_qr(ink, &artwork.plate, &slip.code, &block.area, template.slip.height);
                ink.end_tagged();
            }
            What::Text(text) if text.is_per_slip() => {
                let role = tags::role_name(text.role);
                ink.begin_tagged(role, tags.text(file, section, role, None)?);
                draw_text(ink, template, block, text, &words, &artwork.lettering)?;
                ink.end_tagged();
            }
            What::Text(_) | What::Languages { .. } => {
                for piece in artwork.pieces(Side::Front, index) {
                    let number = tags.text(file, section, piece.role, piece.language.as_deref())?;
                    ink.begin_tagged(piece.role, number);
                    ink.form(&piece.form);
                    ink.end_tagged();
                }
            }
        }
    }
    ink.restore();
    tags.finish_section(file, section)
}

/// The code in units of modules, scaled into the area: what all codes share as a form, its own modules as one path.
fn draw_qr(ink: &mut Ink, plate: &Plate, code: &SlipCode, area: &Area, slip_height: f32) {
    let (width, height) = area.size_in_points();
    let module = width.min(height) / (plate.width() + 2 * QUIET_ZONE) as f32;
    let quiet = module * QUIET_ZONE as f32;
    ink.save();
    ink.black();
    ink.scale_down(
        module,
        points(area.x) + quiet,
        points(slip_height - area.y) - quiet,
    );
    ink.form(SHARED_CODE);
    for (x, y, length) in plate.own_runs(code) {
        ink.module_run(x, y, length);
    }
    ink.fill();
    ink.restore();
}

/// Sets a block's text, its origin at the slip's bottom left corner.
fn draw_text(
    ink: &mut Ink,
    template: &Template,
    block: &Block,
    text: &Text,
    words: &Words,
    lettering: &Lettering,
) -> anyhow::Result<()> {
    let runs = artwork::set(template, block, text, words)?;
    ink.text(
        &runs,
        &block.area,
        template.slip.height,
        (text.size, block.colour),
        lettering,
    );
    Ok(())
}

/// A box around the finished slip, so many millimetres larger (ISO 32000-1, 14.11.2).
fn page_box(template: &Template, by: f32) -> [f32; 4] {
    let (left, top) = template.origin(0);
    let bottom = template.page.height - top - template.slip.height;
    [
        points(left - by),
        points(bottom - by),
        points(left + template.slip.width + by),
        points(bottom + template.slip.height + by),
    ]
}

/// A page's own entries. The boxes are among them, because pages inherit no such box (ISO 32000-1, table 30).
fn page_object(object: Obj<'_>, template: &Template, pages: Ref, content: Ref, key: i32) {
    let mut dict = object.dict();
    dict.pair(Name(b"Type"), Name(b"Page"))
        .pair(Name(b"Parent"), pages)
        .pair(Name(b"Contents"), content);
    dict.pair(Name(b"StructParents"), key)
        .pair(Name(b"Tabs"), Name(b"S"));
    if template.page.bleed > 0.0 {
        dict.insert(Name(b"TrimBox"))
            .array()
            .items(page_box(template, 0.0));
        dict.insert(Name(b"BleedBox"))
            .array()
            .items(page_box(template, template.page.bleed));
    }
}

fn catalogue_object(object: Obj<'_>, pages: Ref, root: Ref, template: &Template) {
    let mut dict = object.dict();
    dict.pair(Name(b"Type"), Name(b"Catalog"))
        .pair(Name(b"Pages"), pages)
        .pair(Name(b"StructTreeRoot"), root);
    dict.pair(Name(b"Lang"), TextStr(&template.language));
    dict.insert(Name(b"MarkInfo")).dict().pair(Name(b"Marked"), true);
    dict.insert(Name(b"ViewerPreferences"))
        .dict()
        .pair(Name(b"DisplayDocTitle"), true);
}

fn info_object(object: Obj<'_>, title: &str, created: Ts) {
    let mut info: pdf_writer::writers::DocumentInfo<'_> = object.start();
    info.title(TextStr(title))
        .creator(TextStr("iapt-pad"))
        .producer(TextStr("iapt-pad"));
    info.creation_date(date(created)).modified_date(date(created));
    info.finish();
}
