//! Spoils a document as a press, a printer's driver or a slip of the hand might: paints over one of its pages, or takes
//! pages out. The file is changed by qpdf, so that nothing of ours helps.

use crate::support::tools::run;
use iapt_pad::pads::qr::Symbol;
use pdf_writer::types::BlendMode;
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref};
use std::path::Path;

/// Left, top, width and height in points from a page's top left corner.
pub type Area = [f32; 4];

/// One coat of paint.
pub enum Coat {
    Black(Vec<Area>),
    White(Vec<Area>),
    /// What is black becomes white, and the other way round.
    Inverted(Vec<Area>),
}

/// A code's symbol drawn into an area, as rectangles.
pub fn symbol(address: &str, [left, top, width, height]: Area) -> Vec<Area> {
    let symbol = Symbol::of(address).expect("a symbol");
    let (module, half) = (width / symbol.width() as f32, height / symbol.width() as f32);
    symbol
        .runs()
        .map(|(x, y, length)| {
            let at = |step: usize| step as f32 * module;
            [left + at(x), top + at(y), at(length), half]
        })
        .collect()
}

/// The size of a page in points, and how far inside it a slip with bleed is cut; qpdf lays one page over another by what
/// is left after the cut.
#[derive(Clone, Copy)]
pub struct Leaf {
    pub size: (f32, f32),
    pub cut: (f32, f32),
}

/// The document with paint over the page of that number, from 1.
pub fn overprint(pdf: &[u8], page: usize, leaf: Leaf, coats: &[Coat]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("paint.pdf"), paint(leaf, coats)).expect("room");
    let paint = folder.path().join("paint.pdf").display().to_string();
    let to = format!("--to={page}");
    changed(pdf, folder.path(), &["--overlay", &paint, &to, "--"])
}

/// The document with only these pages: "1,3".
pub fn only_pages(pdf: &[u8], pages: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    changed(pdf, folder.path(), &["--pages", ".", pages, "--"])
}

/// The document that nobody opens without a password.
pub fn locked(pdf: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    changed(pdf, folder.path(), &["--encrypt", "secret", "owner", "256", "--"])
}

fn changed(pdf: &[u8], folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let path = |name: &str| folder.join(name).display().to_string();
    std::fs::write(path("before.pdf"), pdf).expect("room");
    let (before, after) = (path("before.pdf"), path("after.pdf"));
    let mut all = vec![before.as_str()];
    all.extend_from_slice(arguments);
    all.push(&after);
    run("qpdf", &all);
    std::fs::read(after).expect("the changed file")
}

/// A document of one page that holds the paint.
fn paint(Leaf { size, cut }: Leaf, coats: &[Coat]) -> Vec<u8> {
    let (width, height) = size;
    let [catalogue, pages, page, contents, inverting] = [1, 2, 3, 4, 5].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalogue).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut leaf = pdf.page(page);
    leaf.parent(pages)
        .media_box(Rect::new(0.0, 0.0, width, height))
        .trim_box(Rect::new(cut.0, cut.1, width - cut.0, height - cut.1))
        .contents(contents);
    leaf.resources()
        .ext_g_states()
        .pair(Name(b"Inverting"), inverting);
    leaf.finish();
    pdf.ext_graphics(inverting).blend_mode(BlendMode::Difference);
    let mut content = Content::new();
    for coat in coats {
        content.save_state();
        let areas = match coat {
            Coat::Black(areas) => {
                content.set_fill_gray(0.0);
                areas
            }
            Coat::White(areas) => {
                content.set_fill_gray(1.0);
                areas
            }
            Coat::Inverted(areas) => {
                content.set_parameters(Name(b"Inverting")).set_fill_gray(1.0);
                areas
            }
        };
        for [left, top, across, down] in areas {
            content.rect(*left, height - top - down, *across, *down);
        }
        content.fill_nonzero().restore_state();
    }
    pdf.stream(contents, &content.finish());
    pdf.finish()
}
