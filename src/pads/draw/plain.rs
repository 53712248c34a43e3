//! One plain page of words: A4, black on white, for staff to type from. Receives words with their places, hands on
//! PDF 1.7, tagged, with language, title and true date. Letters that the fonts lack are drawn as a question mark.

use super::embed::embed;
use super::imprint::date;
use super::ink::{Ink, Number, points};
use super::tags::Tags;
use crate::pads::font::{Face, Subset};
use crate::pads::pdf::PdfFile;
use crate::values::Ts;
use pdf_writer::{Finish, Name, Ref, TextStr};
use sha2::{Digest, Sha256};

/// A4 in millimetres (ISO 216).
const PAGE: (f32, f32) = (210.0, 297.0);
/// What stands for a letter that the fonts lack.
const UNKNOWN: char = '?';

/// What a mark is for a reader that tells the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The heading of the page.
    Heading,
    /// The heading of a part.
    Subheading,
    /// Anything else.
    Words,
}

/// Words on the page.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Millimetres from the left edge.
    pub x: f32,
    /// Millimetres from the upper edge down to the line the letters stand on.
    pub y: f32,
    /// Size in points.
    pub size: f32,
    /// Whether they are bold.
    pub bold: bool,
    /// What they are.
    pub told: Told,
    /// The words, one line.
    pub text: String,
}

/// One page of words, in the order they are read.
#[derive(Clone, Debug)]
pub struct PlainPage {
    /// Title of the document: it stands in windows and lists, so it names nobody.
    pub title: String,
    /// When it was made.
    pub created: Ts,
    /// The words.
    pub marks: Vec<Mark>,
    /// Hairlines across the page, in millimetres from the upper edge.
    pub rules: Vec<f32>,
    /// Margin at both sides of a hairline, in millimetres.
    pub margin: f32,
}

/// The two faces of a plain page, for measuring.
pub struct PlainFaces {
    regular: Face,
    bold: Face,
}

impl PlainFaces {
    /// The faces that come with the program.
    pub fn load() -> anyhow::Result<Self> {
        Ok(Self {
            regular: Face::named("NotoSans-Regular")?,
            bold: Face::named("NotoSans-Bold")?,
        })
    }

    /// The text with the letters that can be drawn, and whether it is whole.
    pub fn drawable(&self, text: &str) -> (String, bool) {
        let has =
            |letter: char| self.regular.advance(letter).is_some() && self.bold.advance(letter).is_some();
        let mut whole = true;
        let drawn = text
            .chars()
            .map(
                |letter| match (letter.is_whitespace() || letter.is_control(), has(letter)) {
                    (true, _) => ' ',
                    (false, true) => letter,
                    (false, false) => {
                        whole = false;
                        UNKNOWN
                    }
                },
            )
            .collect();
        (drawn, whole)
    }

    /// Width of a text in millimetres.
    pub fn width(&self, text: &str, size: f32, bold: bool) -> f32 {
        let face = self.face(bold);
        let em: f32 = text.chars().filter_map(|letter| face.advance(letter)).sum();
        em * size / crate::pads::layout::MM
    }

    fn face(&self, bold: bool) -> &Face {
        match bold {
            true => &self.bold,
            false => &self.regular,
        }
    }
}

/// Draws the page. Errors if a font cannot be cut down.
pub fn draw_plain(page: &PlainPage, faces: &PlainFaces) -> anyhow::Result<Vec<u8>> {
    let mut file = PdfFile::start(Vec::new())?;
    let [catalogue, info, pages, only, content, resources] = [(); 6].map(|()| file.reserve());
    let fonts = [false, true].map(|bold| subset(page, faces, bold));
    let [regular, bold] = fonts;
    let (regular, bold) = (regular?, bold?);
    let (embedded, embedded_bold) = (embed(&mut file, &regular)?, embed(&mut file, &bold)?);
    let mut tags = Tags::start(&mut file);
    let key = tags.start_page(only);
    let section = tags.start_section(&mut file);
    let mut ink = Ink::new();
    ink.begin_artifact();
    ink.hairline_grey();
    for rule in &page.rules {
        let y = points(PAGE.1 - rule);
        ink.line((points(page.margin), y), (points(PAGE.0 - page.margin), y));
    }
    ink.end_tagged();
    ink.black();
    for mark in &page.marks {
        let role = role(mark.told);
        ink.begin_tagged(role, tags.text(&mut file, section, role, None)?);
        write(&mut ink, mark, if mark.bold { &bold } else { &regular });
        ink.end_tagged();
    }
    tags.finish_section(&mut file, section)?;
    file.stream(content, ink.bytes(), |_| {})?;
    file.object(resources, |object| {
        let mut dict = object.dict();
        let mut fonts = dict.insert(Name(b"Font")).dict();
        fonts.pair(Name(b"F0"), embedded).pair(Name(b"F1"), embedded_bold);
    })?;
    file.object(only, |object| {
        let mut dict = object.dict();
        dict.pair(Name(b"Type"), Name(b"Page"))
            .pair(Name(b"Parent"), pages)
            .pair(Name(b"Contents"), content)
            .pair(Name(b"Resources"), resources);
        dict.pair(Name(b"StructParents"), key)
            .pair(Name(b"Tabs"), Name(b"S"));
        dict.insert(Name(b"MediaBox"))
            .array()
            .items([0.0, 0.0, points(PAGE.0), points(PAGE.1)]);
    })?;
    file.object(pages, |object| {
        let mut dict = object.dict();
        dict.pair(Name(b"Type"), Name(b"Pages")).pair(Name(b"Count"), 1);
        dict.insert(Name(b"Kids")).array().items([only]);
    })?;
    let root = tags.finish(&mut file)?;
    surroundings(&mut file, page, (catalogue, info, pages, root))?;
    file.finish(catalogue, info, &identity(page))
}

fn surroundings(
    file: &mut PdfFile<Vec<u8>>,
    page: &PlainPage,
    (catalogue, info, pages, root): (Ref, Ref, Ref, Ref),
) -> anyhow::Result<()> {
    file.object(catalogue, |object| {
        let mut dict = object.dict();
        dict.pair(Name(b"Type"), Name(b"Catalog"))
            .pair(Name(b"Pages"), pages)
            .pair(Name(b"StructTreeRoot"), root);
        dict.pair(Name(b"Lang"), TextStr("en-GB"));
        dict.insert(Name(b"MarkInfo")).dict().pair(Name(b"Marked"), true);
        dict.insert(Name(b"ViewerPreferences"))
            .dict()
            .pair(Name(b"DisplayDocTitle"), true);
    })?;
    file.object(info, |object| {
        let mut info: pdf_writer::writers::DocumentInfo<'_> = object.start();
        info.title(TextStr(&page.title))
            .creator(TextStr("iapt-pad"))
            .producer(TextStr("iapt-pad"));
        info.creation_date(date(page.created))
            .modified_date(date(page.created));
        info.finish();
    })
}

fn role(told: Told) -> &'static str {
    match told {
        Told::Heading => "H1",
        Told::Subheading => "H2",
        Told::Words => "P",
    }
}

fn write(ink: &mut Ink, mark: &Mark, subset: &Subset) {
    let (x, y) = (points(mark.x), points(PAGE.1 - mark.y));
    ink.put(format_args!(
        "BT /F{} {} Tf {} {} Td ",
        u8::from(mark.bold),
        Number(mark.size),
        Number(x),
        Number(y)
    ));
    subset.write_string(&mark.text, &mut ink.0);
    ink.put(format_args!("Tj ET\n"));
}

fn subset(page: &PlainPage, faces: &PlainFaces, bold: bool) -> anyhow::Result<Subset> {
    let of_face = page.marks.iter().filter(|mark| mark.bold == bold);
    // A face without any letter cannot be cut down.
    faces
        .face(bold)
        .subset(of_face.flat_map(|mark| mark.text.chars()).chain([' ']))
}

/// The identity of the file, from its title and date; never from what it says.
fn identity(page: &PlainPage) -> [u8; 16] {
    let digest = Sha256::digest(format!("{} {}", page.title, page.created.as_micros()));
    let mut identity = [0; 16];
    identity.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    identity
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_with_a_letter_no_font_has_is_drawn_all_the_same() {
        let faces = PlainFaces::load().expect("faces");
        let (text, whole) = faces.drawable("Zoë\u{2007}محمد\n漢");
        assert_eq!((text.as_str(), whole), ("Zoë\u{20}???? ?", false));
        assert!(faces.drawable("Łukasz Ó Néill").1);
        let page = PlainPage {
            title: "Record".to_owned(),
            created: Ts::from_micros(0),
            marks: vec![Mark {
                x: 20.0,
                y: 20.0,
                size: 10.0,
                bold: false,
                told: Told::Heading,
                text,
            }],
            rules: vec![30.0],
            margin: 20.0,
        };
        let drawn = draw_plain(&page, &faces).expect("drawn");
        assert!(drawn.starts_with(b"%PDF-1.7"));
    }
}
