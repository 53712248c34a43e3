//! The hand-over on one sheet of A4, to type from. What does not fit its line ends with "see the record": nothing ever
//! runs onto a second page.

use super::field::{Field, Group};
use crate::pads::draw::{Mark, PlainFaces, PlainPage, Told, draw_plain};
use crate::referrals::Reference;
use crate::values::Ts;

/// Millimetres: the margin, where values begin and end, the height of a line, how low fields may reach.
const MARGIN: f32 = 16.0;
const VALUES: f32 = 64.0;
const RIGHT: f32 = 210.0 - MARGIN;
const LINE: f32 = 4.2;
const BOTTOM: f32 = 282.0;
/// Sizes in points.
const LARGE: f32 = 15.0;
const HEADING: f32 = 10.0;
const BODY: f32 = 8.5;
const SMALL: f32 = 7.0;
/// What stands where something was left out.
const MORE: &str = "… (see the record)";
/// Most lines of one value; fewer where the page would be too short.
const MOST_LINES: [usize; 6] = [8, 6, 4, 3, 2, 1];

/// The sheet as a PDF. Errors if a font cannot be cut down.
pub(in crate::inbox) fn pdf(reference: &Reference, groups: &[Group], now: Ts) -> anyhow::Result<Vec<u8>> {
    let faces = PlainFaces::load()?;
    draw_plain(&sheet(reference, groups, now, &faces), &faces)
}

/// The sheet, laid out: with as many lines of each value as the page has room for.
fn sheet(reference: &Reference, groups: &[Group], now: Ts, faces: &PlainFaces) -> PlainPage {
    let mut pens = MOST_LINES
        .iter()
        .map(|most| laid_out(reference, groups, now, Pen::new(faces, *most)));
    let fitting = pens.find(|pen| pen.y <= BOTTOM);
    let mut pen = fitting.unwrap_or_else(|| laid_out(reference, groups, now, Pen::new(faces, 1)));
    pen.foot();
    PlainPage {
        title: format!("Referral {reference}"),
        created: now,
        marks: pen.marks,
        rules: pen.rules,
        margin: MARGIN,
    }
}

fn laid_out<'a>(reference: &Reference, groups: &[Group], now: Ts, mut pen: Pen<'a>) -> Pen<'a> {
    pen.put(
        MARGIN,
        LARGE,
        true,
        Told::Heading,
        &format!("Referral {reference}"),
    );
    pen.down(LINE * 1.2);
    let printed = format!(
        "For the record system. Printed {}. Confidential: shred it once it is entered.",
        now.display()
    );
    pen.put(MARGIN, SMALL, false, Told::Words, &printed);
    for group in groups {
        pen.heading(group.heading);
        match group.items {
            true => pen.items(&group.fields),
            // Lines of an address that were not given are not worth a line of paper.
            false => group
                .fields
                .iter()
                .filter(|field| !(field.value.is_empty() && field.column.starts_with("address_")))
                .for_each(|field| pen.field(field)),
        }
    }
    pen
}

/// Where the next line goes.
struct Pen<'a> {
    faces: &'a PlainFaces,
    marks: Vec<Mark>,
    rules: Vec<f32>,
    y: f32,
    most_lines: usize,
    /// Whether every letter could be drawn.
    whole: bool,
}

impl<'a> Pen<'a> {
    fn new(faces: &'a PlainFaces, most_lines: usize) -> Self {
        Self {
            faces,
            marks: Vec::new(),
            rules: Vec::new(),
            y: MARGIN + 2.0,
            most_lines,
            whole: true,
        }
    }

    fn down(&mut self, by: f32) {
        self.y += by;
    }

    fn put(&mut self, x: f32, size: f32, bold: bool, told: Told, text: &str) {
        if text.is_empty() {
            return;
        }
        let (text, whole) = self.faces.drawable(text);
        self.whole &= whole;
        self.marks.push(Mark {
            x,
            y: self.y,
            size,
            bold,
            told,
            text,
        });
    }

    fn heading(&mut self, heading: &str) {
        self.down(LINE * 1.45);
        self.put(MARGIN, HEADING, true, Told::Subheading, heading);
        self.rules.push(self.y + 1.2);
        self.down(0.9);
    }

    fn field(&mut self, field: &Field) {
        self.down(LINE);
        let told = match (field.value.is_empty(), field.note.is_empty()) {
            (true, _) => field.note.clone(),
            (false, true) => field.value.clone(),
            (false, false) => format!("{} ({})", field.value, field.note),
        };
        self.put(MARGIN, BODY, false, Told::Words, &field.label);
        let bold = !field.value.is_empty();
        self.whole &= self.faces.drawable(&told).1;
        for (index, line) in self.broken(&told, bold).into_iter().enumerate() {
            if index > 0 {
                self.down(LINE * 0.9);
            }
            self.put(VALUES, BODY, bold, Told::Words, &line);
        }
    }

    /// The digits of a questionnaire side by side, each under its number.
    fn items(&mut self, fields: &[Field]) {
        let unasked = fields.iter().all(|field| field.value.is_empty());
        if let (true, Some(first)) = (unasked, fields.first()) {
            self.down(LINE);
            return self.put(MARGIN, BODY, false, Told::Words, &first.note);
        }
        let step = 14.0;
        let places = (0u8..).map(|place| MARGIN + f32::from(place) * step);
        self.down(LINE);
        for (x, field) in places.clone().zip(fields) {
            let short = field.label.split('.').next().unwrap_or_default();
            self.put(x, SMALL, false, Told::Words, short);
        }
        self.down(LINE * 0.9);
        for (x, field) in places.zip(fields) {
            let value = if field.value.is_empty() {
                "–"
            } else {
                &field.value
            };
            self.put(x, BODY, true, Told::Words, value);
        }
    }

    fn foot(&mut self) {
        if !self.whole {
            self.y = BOTTOM;
            self.put(
                MARGIN,
                SMALL,
                true,
                Told::Words,
                "A question mark stands for a letter that cannot be printed here: see the record.",
            );
        }
        self.y = BOTTOM + LINE;
        self.put(
            MARGIN,
            SMALL,
            false,
            Told::Words,
            "Once entered, note its number on the page of this referral: that ends our clocks.",
        );
    }

    /// A text as lines that fit; what is beyond the last one ends with a word about it.
    fn broken(&self, text: &str, bold: bool) -> Vec<String> {
        let (drawn, _) = self.faces.drawable(text);
        let fits = |line: &str| self.faces.width(line, BODY, bold) <= RIGHT - VALUES;
        let mut lines = vec![String::new()];
        for word in drawn.split_whitespace().flat_map(|word| self.pieces(word, bold)) {
            match lines.last_mut() {
                Some(line) if line.is_empty() => *line = word,
                Some(line) if fits(&format!("{line} {word}")) => {
                    line.push(' ');
                    line.push_str(&word);
                }
                Some(_) | None => lines.push(word),
            }
        }
        if lines.len() > self.most_lines {
            lines.truncate(self.most_lines);
            if let Some(last) = lines.last_mut() {
                while !last.is_empty() && !fits(&format!("{last}{MORE}")) {
                    last.pop();
                }
                last.push_str(MORE);
            }
        }
        lines
    }

    /// A word, or its pieces where it is wider than a line: a long e-mail address.
    fn pieces(&self, word: &str, bold: bool) -> Vec<String> {
        let (mut pieces, mut wide) = (vec![String::new()], 0.0);
        for letter in word.chars() {
            let more = self.faces.width(letter.encode_utf8(&mut [0; 4]), BODY, bold);
            match pieces.last_mut() {
                Some(piece) if wide + more <= RIGHT - VALUES => piece.push(letter),
                Some(_) | None => {
                    wide = 0.0;
                    pieces.push(letter.to_string());
                }
            }
            wide += more;
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    fn page(value: &str) -> PlainPage {
        let field = |index: usize| Field::new("x", format!("Label {index}"), value.repeat(12));
        let group = |many: usize| Group {
            heading: "Part",
            fields: (0..many).map(field).collect(),
            items: false,
        };
        let reference = Reference::parse("4K7M2PQ0").expect("a reference");
        let groups = [
            group(8),
            group(9),
            group(5),
            group(5),
            group(3),
            group(3),
            group(6),
        ];
        let faces = PlainFaces::load().expect("faces");
        sheet(&reference, &groups, at("2026-11-23T09:00:00Z"), &faces)
    }

    #[test]
    fn nothing_runs_off_the_page_however_long_the_answers_are() {
        let faces = PlainFaces::load().expect("faces");
        for value in [
            "wide words and more ",
            "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
            "漢",
            "a",
        ] {
            let page = page(value);
            for mark in &page.marks {
                assert!(mark.y <= 290.0, "{} at {}", mark.text, mark.y);
                let right = mark.x + faces.width(&mark.text, mark.size, mark.bold);
                assert!(right <= RIGHT + 0.1, "{} ends at {right}", mark.text);
            }
        }
    }

    #[test]
    fn what_is_left_out_is_said() {
        let says = |page: &PlainPage, part: &str| page.marks.iter().any(|mark| mark.text.contains(part));
        assert!(says(&page("wide words and more "), "(see the record)"));
        assert!(!says(&page("a"), "(see the record)"));
        assert!(says(&page("漢"), "cannot be printed here"));
        assert!(!page("a").title.contains("Robin") && says(&page("a"), "Referral 4K7M-2PQ0"));
    }
}
