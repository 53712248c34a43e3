//! The independent pair: poppler draws the page, zbar reads what a camera would see of it.

use super::picture::Picture;
use super::{imprint, slips};
use crate::support::tools::run;
use iapt_pad::pads::draw::{PrintedSlip, draw};
use iapt_pad::pads::proof::{Expected, expected};
use iapt_pad::pads::qr::Symbol;
use iapt_pad::pads::template::Template;
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

/// The programs, to be asked for at the start of a test.
pub const PROGRAMS: [&str; 4] = ["pdftoppm", "zbarimg", "cjpeg", "djpeg"];

/// Pictures per call of zbarimg: starting it costs as much as reading five.
const BATCH: usize = 40;

/// What a telephone that is held over a code sees around it, in millimetres.
const AROUND: f32 = 15.0;

/// The part of a slip around its code, cut out of the sheet.
pub struct CutOut {
    pub serial: u32,
    pub url: String,
    pub picture: Picture,
    /// The middle of its code, in millimetres from the picture's top left corner.
    pub middle: (f32, f32),
    /// The edge of one of its modules, in millimetres.
    pub module: f32,
}

/// What a camera sees of a slip, what that is called when it cannot be read, and what must be read.
pub struct Look {
    pub called: String,
    pub says: String,
    pub picture: Picture,
}

/// Draws the slips and saves them; the path of the file.
fn saved(template: &Template, slips: &[PrintedSlip], sample: bool, folder: &Path) -> String {
    let path = folder.join("pad.pdf").display().to_string();
    let drawn = draw(template, slips, &imprint(sample)).expect("a drawing");
    std::fs::write(&path, drawn).expect("room");
    path
}

/// Sheets of slips, drawn and rendered: the slips, and what zbar reads on all sheets.
pub fn sheets(
    template: &Template,
    count: u32,
    sample: bool,
    dpi: u32,
    folder: &Path,
) -> (Vec<PrintedSlip>, Vec<String>) {
    let slips = slips(count);
    let pdf = saved(template, &slips, sample, folder);
    let path = |name: &str| folder.join(name).display().to_string();
    let dots = dpi.to_string();
    run("pdftoppm", &["-gray", "-r", &dots, &pdf, &path("sheet")]);
    // The page's number has as many digits as that of the last page.
    let sides = 1 + usize::from(template.has_back(sample));
    let pages = slips.len().div_ceil(template.slips_per_page()) * sides;
    let digits = pages.to_string().len();
    let pictures: Vec<String> = (1..=pages)
        .map(|page| path(&format!("sheet-{page:0digits$}.pgm")))
        .collect();
    let pictures: Vec<&str> = pictures.iter().map(String::as_str).collect();
    let read = codes_in(&pictures).into_values().flatten().collect();
    (slips, read)
}

/// One full sheet of slips, drawn, rendered and cut into its slips.
pub fn cut_out(template: &Template, dpi: u32, folder: &Path) -> Vec<CutOut> {
    let slips = slips(template.slips_per_page() as u32);
    let pdf = saved(template, &slips, false, folder);
    let path = |name: &str| folder.join(name).display().to_string();
    let dots = dpi.to_string();
    run(
        "pdftoppm",
        &["-gray", "-singlefile", "-r", &dots, &pdf, &path("sheet")],
    );
    let sheet = Picture::from_pgm(&std::fs::read(path("sheet.pgm")).expect("a picture"), dpi as f32);
    let cut = |(position, code): (usize, Expected)| {
        let (left, top) = template.origin(position);
        let [x, y, width, height] = code.area.map(|points| points / 72.0 * 25.4);
        let (x0, y0) = ((x - AROUND).max(left), (y - AROUND).max(top));
        let x1 = (x + width + AROUND).min(left + template.slip.width);
        let y1 = (y + height + AROUND).min(top + template.slip.height);
        CutOut {
            serial: code.serial,
            module: width / Symbol::of(&code.url).expect("a symbol").width() as f32,
            url: code.url,
            picture: sheet.cut([x0, y0, x1 - x0, y1 - y0]),
            middle: (x + width / 2.0 - x0, y + height / 2.0 - y0),
        }
    };
    let codes = expected(template, &slips, &imprint(false)).expect("places");
    codes.into_iter().enumerate().map(cut).collect()
}

/// The looks in vain, by their place in the list, each with what was read instead.
pub fn unread(looks: impl Iterator<Item = Look>, folder: &Path) -> Vec<(usize, String)> {
    let mut looks = looks.enumerate().peekable();
    let mut unread = Vec::new();
    while looks.peek().is_some() {
        let mut asked = Vec::new();
        for (place, look) in looks.by_ref().take(BATCH) {
            let path = folder
                .join(format!("look-{}.pgm", place % BATCH))
                .display()
                .to_string();
            std::fs::write(&path, look.picture.to_pgm()).expect("room");
            asked.push((path, place, look.called, look.says));
        }
        let paths: Vec<&str> = asked.iter().map(|(path, ..)| path.as_str()).collect();
        let mut read = codes_in(&paths);
        for (path, place, called, says) in asked {
            let codes = read.remove(&path).unwrap_or_default();
            if codes != [says] {
                unread.push((place, format!("{called}: {codes:?}")));
            }
        }
    }
    unread
}

/// The QR codes that zbarimg finds in each of these files.
fn codes_in(paths: &[&str]) -> HashMap<String, Vec<String>> {
    let output = Command::new("zbarimg")
        .args(["-q", "--xml", "--nodbus", "-Sdisable", "-Sqrcode.enable"])
        .args(paths)
        .output()
        .expect("zbarimg starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    // It ends with 4 when a picture holds no code, which is for the caller to judge.
    assert!(
        matches!(output.status.code(), Some(0 | 4)) && said.ends_with("</barcodes>\n"),
        "zbarimg: {output:?}"
    );
    let mut read = HashMap::new();
    for source in said.split("<source href='").skip(1) {
        let (path, rest) = source.split_once('\'').expect("a path");
        let texts = rest
            .split("<![CDATA[")
            .skip(1)
            .filter_map(|text| text.split_once("]]>"));
        read.insert(path.to_owned(), texts.map(|(text, _)| text.to_owned()).collect());
    }
    read
}

/// As a camera or a messenger saves it: JPEG of this quality and back.
pub fn through_jpeg(picture: &Picture, quality: u32, folder: &Path) -> Picture {
    let path = |name: &str| folder.join(name).display().to_string();
    std::fs::write(path("still.pgm"), picture.to_pgm()).expect("room");
    let quality = quality.to_string();
    run(
        "cjpeg",
        &[
            "-grayscale",
            "-quality",
            &quality,
            "-outfile",
            &path("still.jpg"),
            &path("still.pgm"),
        ],
    );
    run(
        "djpeg",
        &["-pnm", "-outfile", &path("seen.pgm"), &path("still.jpg")],
    );
    Picture::from_pgm(&std::fs::read(path("seen.pgm")).expect("a picture"), picture.dpi)
}
