//! The slips of `benches/twelve_lines.toml` drawn with printpdf: same words, faces, places and codes, four to a sheet.
//! Codes come from a file, one a line, so that both programs print the same; `compare.sh` takes them from our own pages.
//!
//! `printpdf-slips CODES.txt FILE.pdf`

use printpdf::{
    Color, CurTransMat, FontId, Greyscale, LinePoint, Mm, Op, PaintMode, ParsedFont, PdfDocument,
    PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, TextItem, WindingOrder,
};
use qrcode::bits::Bits;
use qrcode::{Color as Module, EcLevel, QrCode, Version};
use std::error::Error;
use std::fs::{File, read_to_string};
use std::io::{BufWriter, Write};

type Outcome<T> = Result<T, Box<dyn Error>>;

const REGULAR: &[u8] =
    include_bytes!("../../../node_modules/@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf");
const BOLD: &[u8] =
    include_bytes!("../../../node_modules/@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf");

const HEADING: &str = "Talking therapies prescription";
const LINES: [&str; 10] = [
    "NHS Talking Therapies - Harbour Service",
    "Your clinician suggests a talking therapy for you.",
    "1. Point your phone camera at the square code.",
    "2. Open the link and answer the short questions.",
    "3. Choose a course or a time that suits you.",
    "4. We will confirm by e-mail or text message.",
    "No smartphone? Ring 01632 960123 and read out the code.",
    "This slip carries no name. Keep it safe until used.",
    "In a crisis ring NHS 111 and choose option 2.",
    "refer.example.nhs.uk",
];
const HOST: &str = "HTTPS://REFER-1.EXAMPLE.NHS.UK";

/// A sheet and a slip, in millimetres.
const SHEET: (f32, f32) = (210.0, 297.0);
const SLIP: (f32, f32) = (105.0, 148.5);
/// The height of capitals of Noto Sans over its size: where the first baseline of a block lies under its top.
const CAPITALS: f32 = 0.714;
/// The code's box: left and top on the slip, and its side with the quiet zone of four modules.
const CODE: (f32, f32, f32) = (34.0, 76.0, 37.0);
const QUIET_ZONE: usize = 4;

fn main() -> Outcome<()> {
    let usage = "usage: printpdf-slips CODES.txt FILE.pdf";
    let mut arguments = std::env::args().skip(1);
    let codes = read_to_string(arguments.next().ok_or(usage)?)?;
    let codes: Vec<&str> = codes.lines().collect();
    let file = arguments.next().ok_or(usage)?;

    let mut document = PdfDocument::new("Talking therapies prescription");
    let faces = Faces {
        regular: face(&mut document, REGULAR)?,
        bold: face(&mut document, BOLD)?,
    };
    let mut pages = Vec::new();
    for (sheet, on_sheet) in codes.chunks(4).enumerate() {
        let mut ops = Vec::new();
        for (position, code) in on_sheet.iter().enumerate() {
            draw_slip(&mut ops, &faces, sheet * 4 + position + 1, code, position)?;
        }
        pages.push(PdfPage::new(Mm(SHEET.0), Mm(SHEET.1), ops));
    }
    let mut warnings = Vec::new();
    let mut out = BufWriter::new(File::create(file)?);
    document
        .with_pages(pages)
        .save_writer(&mut out, &PdfSaveOptions::default(), &mut warnings);
    out.flush()?;
    for warning in warnings.iter().take(5) {
        eprintln!("{warning:?}");
    }
    Ok(())
}

struct Faces {
    regular: FontId,
    bold: FontId,
}

fn face(document: &mut PdfDocument, program: &[u8]) -> Outcome<FontId> {
    let parsed = ParsedFont::from_bytes(program, 0, &mut Vec::new()).ok_or("a font that cannot be read")?;
    Ok(document.add_font(&parsed))
}

fn draw_slip(ops: &mut Vec<Op>, faces: &Faces, serial: usize, code: &str, position: usize) -> Outcome<()> {
    let left = (position % 2) as f32 * SLIP.0;
    let top = SHEET.1 - (position / 2) as f32 * SLIP.1;
    let at = |x: f32, y: f32| Point::new(Mm(left + x), Mm(top - y));
    ops.push(Op::SetFillColor {
        col: Color::Greyscale(Greyscale::new(0.0, None)),
    });
    text(ops, &faces.bold, 14.0, at(8.0, 8.0), &[HEADING.into()]);
    text(ops, &faces.regular, 9.0, at(8.0, 18.0), &LINES.map(String::from));
    draw_code(ops, code, at(CODE.0, CODE.1))?;
    let numbers = [format!("Serial NT-{serial:06}"), format!("Code {code}")];
    text(ops, &faces.regular, 9.0, at(8.0, 115.0), &numbers);
    Ok(())
}

/// Lines below one another, the top of the first line's capitals at `top`.
fn text(ops: &mut Vec<Op>, face: &FontId, size: f32, top: Point, lines: &[String]) {
    let baseline = Point {
        x: top.x,
        y: Pt(top.y.0 - CAPITALS * size),
    };
    ops.extend([
        Op::StartTextSection,
        Op::SetFont {
            font: PdfFontHandle::External(face.clone()),
            size: Pt(size),
        },
        Op::SetLineHeight { lh: Pt(13.0) },
        Op::SetTextCursor { pos: baseline },
    ]);
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            ops.push(Op::AddLineBreak);
        }
        ops.push(Op::ShowText {
            items: vec![TextItem::Text(line.clone())],
        });
    }
    ops.push(Op::EndTextSection);
}

/// The code as one path of horizontal runs in whole modules, as ours is.
fn draw_code(ops: &mut Vec<Op>, code: &str, top_left: Point) -> Outcome<()> {
    let address = format!("{HOST}/S/{}", code.replace('-', ""));
    let symbol = QrCode::with_bits(bits(&address)?, EcLevel::Q)?;
    let width = symbol.width();
    let module = Mm(CODE.2).into_pt().0 / (width + 2 * QUIET_ZONE) as f32;
    let mut rings = Vec::new();
    for (y, row) in symbol.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Module::Dark) {
                rings.push(rectangle(x + QUIET_ZONE, y + QUIET_ZONE, run.len()));
            }
            x += run.len();
        }
    }
    let polygon = Polygon {
        rings,
        mode: PaintMode::Fill,
        winding_order: WindingOrder::NonZero,
    };
    ops.extend([
        Op::SaveGraphicsState,
        Op::SetTransformationMatrix {
            matrix: CurTransMat::Raw([module, 0.0, 0.0, -module, top_left.x.0, top_left.y.0]),
        },
        Op::DrawPolygon { polygon },
        Op::RestoreGraphicsState,
    ]);
    Ok(())
}

fn rectangle(x: usize, y: usize, length: usize) -> PolygonRing {
    let corner = |x: usize, y: usize| LinePoint {
        p: Point {
            x: Pt(x as f32),
            y: Pt(y as f32),
        },
        bezier: false,
    };
    PolygonRing {
        points: vec![
            corner(x, y),
            corner(x + length, y),
            corner(x + length, y + 1),
            corner(x, y + 1),
        ],
    }
}

/// The smallest symbol that holds the address, in QR's alphanumeric mode.
fn bits(address: &str) -> Outcome<Bits> {
    for version in 1..=5 {
        let mut bits = Bits::new(Version::Normal(version));
        if bits.push_alphanumeric_data(address.as_bytes()).is_ok() && bits.push_terminator(EcLevel::Q).is_ok()
        {
            return Ok(bits);
        }
    }
    Err("an address too long for its code".into())
}
