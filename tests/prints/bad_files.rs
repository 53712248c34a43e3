//! Whatever file `pads check` is given, it says what is the matter, ends with 1, and never panics.

use super::overprint::locked;
use super::{a6, address, imprint, slips};
use crate::support::budget::budget;
use crate::support::tools::there_are;
use iapt_pad::pads::draw::draw;
use iapt_pad::pads::proof::check;
use std::process::Command;

/// A document of one slip.
fn slip() -> Vec<u8> {
    draw(&a6(), &slips(1), &imprint(false)).expect("a drawing")
}

/// A document of one page, written by hand: the page's own entries, then further objects from number 4.
fn page(entries: &str, objects: &[&str]) -> Vec<u8> {
    let mut pdf = format!(
        "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R {entries}>>endobj\n"
    );
    for (index, object) in objects.iter().enumerate() {
        pdf += &format!("{} 0 obj{object}endobj\n", index + 4);
    }
    (pdf + "trailer<</Root 1 0 R>>\n%%EOF\n").into_bytes()
}

fn stream(entries: &str, content: &str) -> String {
    format!(
        "<<{entries}/Length {}>>stream\n{content}\nendstream ",
        content.len()
    )
}

/// What the command says of a file, and how it ends.
fn told(file: &[u8]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("some.pdf");
    std::fs::write(&path, file).expect("room");
    let output = Command::new(env!("CARGO_BIN_EXE_iapt-pad"))
        .args(["pads", "check"])
        .arg(&path)
        .output()
        .expect("the binary starts");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn what_cannot_be_looked_at_is_refused_in_words() {
    let refused = [
        (Vec::new(), "not a PDF that can be read"),
        (b"Dear colleague,".to_vec(), "not a PDF that can be read"),
        (b"%PDF-1.7\n%%EOF\n".to_vec(), "not a PDF that can be read"),
        (
            page("/MediaBox[0 0 200000 200000]", &[]),
            "200000 by 200000 points",
        ),
    ];
    for (file, words) in refused {
        let (code, said) = told(&file);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(words), "{said}");
    }
    if there_are(&["qpdf"]) {
        let (code, said) = told(&locked(&slip()));
        assert!(code == Some(1) && said.contains("Password"), "{code:?} {said}");
    }
}

#[test]
fn a_page_without_a_code_is_a_failure_however_odd_the_page() {
    let sheet = "/MediaBox[0 0 595 842]/Contents 4 0 R";
    let drawing = "/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</A 5 0 R>>>>";
    let in_itself = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 5 0 R>>>>",
        "/A Do /A Do",
    );
    let vast = stream(
        "/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceGray",
        "x",
    );
    let pages_in_themselves = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj\ntrailer<</Root 1 0 R>>\n";
    let files = [
        ("blank", page("/MediaBox[0 0 595 842]", &[])),
        ("of no size", page("/MediaBox[0 0 0 0]", &[])),
        ("back to front", page("/MediaBox[595 842 0 0]", &[])),
        ("beyond numbers", page("/MediaBox[0 0 1e30 1e30]", &[])),
        (
            "a form within itself",
            page(drawing, &[&stream("", "/A Do"), &in_itself]),
        ),
        ("a vast picture", page(drawing, &[&stream("", "/A Do"), &vast])),
        ("deep states", page(sheet, &[&stream("", &"q ".repeat(200_000))])),
        ("deep brackets", page(sheet, &[&stream("", &"[".repeat(100_000))])),
        ("pages within themselves", pages_in_themselves.to_vec()),
    ];
    for (name, file) in files {
        let (code, said) = told(&file);
        assert!(
            code == Some(1) && said.contains("0 codes read"),
            "{name}: {code:?} {said}"
        );
    }
}

#[test]
fn a_file_cut_short_is_refused_or_else_read_rightly() {
    let (whole, minted) = (slip(), address(&slips(1)[0]));
    // Near the end only the table of contents is lost, and the reader can do without it.
    let near_the_end = whole.len() * 9 / 10;
    for cut in (0..near_the_end)
        .step_by(101)
        .chain((near_the_end..whole.len()).step_by(23))
    {
        match check(whole[..cut].to_vec()) {
            Err(refused) => assert!(
                refused.to_string().contains("not a PDF that can be read"),
                "{refused}"
            ),
            Ok(found) => {
                assert!(cut > near_the_end, "{cut} of {} bytes: {found:?}", whole.len());
                assert!(found.iter().all(|code| code.text == minted), "{found:?}");
            }
        }
    }
    let (code, said) = told(&whole[..whole.len() / 2]);
    assert!(
        code == Some(1) && said.contains("not a PDF that can be read"),
        "{said}"
    );
}

#[test]
fn spoilt_bytes_are_survived_and_no_wrong_code_is_read() {
    let (whole, minted) = (slip(), address(&slips(1)[0]));
    let mut state = 88_172_645_463_325_252u64;
    let mut draw = || {
        // Marsaglia's xorshift: the same files at every run.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    for _ in 0..budget(30, 80) {
        let mut spoilt = whole.clone();
        for _ in 0..1 + draw() % 8 {
            let at = draw() % spoilt.len();
            spoilt[at] = draw() as u8;
        }
        for code in check(spoilt).unwrap_or_default() {
            assert_eq!(code.text, minted);
        }
    }
}
