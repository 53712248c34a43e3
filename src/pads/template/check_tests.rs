//! What is said of templates that would spoil a slip.

use super::*;

const GOOD: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/pad_templates/a6_four_up.toml"
));

/// What is said of the shipped template after replacing one piece of it, and the line it points to.
fn said(from: &str, to: &str) -> (String, String) {
    assert!(GOOD.contains(from), "{from:?} is not in the template");
    let source = GOOD.replacen(from, to, 1);
    let stock = Arc::new(Stock::shipped().unwrap());
    let error = Template::parse_with("spoiled.toml", &source, &stock)
        .err()
        .unwrap();
    assert_eq!(error.file, "spoiled.toml");
    let line = source.lines().nth(error.line - 1).unwrap().trim().to_string();
    (format!("{}: {}", error.key, error.problem), line)
}

#[test]
fn the_shipped_template_is_right() {
    let template = Template::parse("a6_four_up.toml", GOOD).unwrap();
    assert_eq!(template.slips_per_page(), 4);
    assert_eq!(template.origin(3), (105.0, 148.5));
}

#[test]
fn what_would_spoil_a_slip_is_refused_with_its_place() {
    let cases = [
        ("margin = 5.0", "margn = 5.0", "margn", "margn = 5.0"),
        ("margin = 5.0", "margin = \"wide\"", "margin", "margin = \"wide\""),
        (
            "bold = \"NotoSans-Bold\"",
            "bold = \"Frutiger\"",
            "unknown font \"Frutiger\"",
            "bold = \"Frutiger\"",
        ),
        ("#0b5f6b", "#0b5f6", "colours.accent", "accent = \"#0b5f6\""),
        (
            "language = \"en-GB\"",
            "language = \"ar\"",
            "add [texts.ar]",
            "language = \"ar\"",
        ),
        (
            "columns = 2",
            "columns = 3",
            "wider than the page",
            "width = 105.0",
        ),
        ("width = 36.0", "width = 30.0", "0.67 mm wide", "width = 30.0"),
        ("at = 74.25", "at = 80.0", "fold at 80 mm", "y = 76.0"),
        ("x = 5.2", "x = 4.2", "leaves the slip", "x = 4.2"),
        ("x = 44.5", "x = 38.0", "quiet zone", "x = 38.0"),
        (
            "height = 27.0",
            "height = 12.0",
            "does not fit",
            "text = \"start\"",
        ),
        ("size = 9.0", "size = 6.0", "too small", "size = 6.0"),
        ("size = 12.0", "size = 11.0", "12 pt is the least", "size = 11.0"),
        (
            "language = \"en-GB\"",
            "language = \"en-GB\"\nsmallest_print = 10.0",
            "only a label",
            "smallest_print = 10.0",
        ),
        (
            "name = \"a6_four_up\"",
            "name = \"A6 four up\"",
            "small letters",
            "name = \"A6 four up\"",
        ),
        (
            "cut_marks = true",
            "bleed = 3.0",
            "stands alone on its page",
            "columns = 2",
        ),
        (
            "height = 102.0",
            "height = 60.0",
            "lines in other languages",
            "height = 60.0",
        ),
        (
            "text = \"ring\"",
            "text = \"code\"",
            "the same for all slips",
            "kind = \"text\"",
        ),
        (
            "text = \"why\"",
            "text = \"wy\"",
            "no text \"wy\"",
            "text = \"wy\"",
        ),
        (
            "{phone}\u{2a}\u{2a}.\"",
            "{fone}\u{2a}\u{2a}.\"",
            "placeholder {fone}",
            "text = \"start\"",
        ),
        (
            "clinic = \"{clinic}\"",
            "clinic = \"our clinic\"",
            "12 pt is the least",
            "size = 9.0",
        ),
        (
            "kind = \"qr\"",
            "kind = \"panel\"",
            "one QR code, not 0",
            "[[block]]",
        ),
        (
            "why = \"Long",
            "why = \"漢 Long",
            "no character",
            "text = \"why\"",
        ),
    ];
    for (from, to, problem, at) in cases {
        let (said, line) = said(from, to);
        assert!(said.contains(problem), "{to}: {said}");
        assert!(line.starts_with(at), "{to}: {said} at {line:?}");
    }
}

#[test]
fn syntax_errors_are_placed_too() {
    let (said, line) = said("rows = 2", "rows = = 2");
    assert!(line.starts_with("rows = = 2"), "{said} at {line}");
}
