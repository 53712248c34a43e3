//! Text into lines: wraps words to a width and says where each run of letters starts. Pure; lengths in points,
//! y downwards from the top of the text's own block.

use super::font::Face;
use std::fmt;

/// How a block of text is set.
pub struct Style<'a> {
    /// The face of plain text.
    pub regular: &'a Face,
    /// The face of text between `**` and `**`, or of all of it if `all_bold`.
    pub bold: &'a Face,
    /// Whether the whole block is bold.
    pub all_bold: bool,
    /// Size in points.
    pub size: f32,
    /// From line to line, in points.
    pub leading: f32,
    /// Where lines stand between the edges.
    pub align: Align,
}

/// Where a line stands in its block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// Letters of one face in one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Whether the bold face sets it.
    pub bold: bool,
    /// The letters.
    pub text: String,
    /// Start, from the block's left edge.
    pub x: f32,
    /// Baseline, from the block's top edge.
    pub y: f32,
}

/// Why text cannot be set in its block.
#[derive(Debug, PartialEq)]
pub enum Misfit {
    /// It needs more height than the block has (both in points).
    TooHigh {
        /// Points needed.
        needs: f32,
        /// Points there are.
        has: f32,
    },
    /// One word is wider than the block.
    WordTooWide {
        /// The word.
        word: String,
        /// Points needed.
        needs: f32,
        /// Points there are.
        has: f32,
    },
    /// A face has no glyph for this character.
    NoGlyph {
        /// The character.
        letter: char,
        /// The face.
        font: &'static str,
    },
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misfit::TooHigh { needs, has } => {
                write!(
                    f,
                    "the text does not fit: it needs {:.1} mm of height and has {:.1} mm",
                    to_mm(*needs),
                    to_mm(*has)
                )
            }
            Misfit::WordTooWide { word, needs, has } => {
                write!(
                    f,
                    "the text does not fit: {word:?} is {:.1} mm wide and has {:.1} mm",
                    to_mm(*needs),
                    to_mm(*has)
                )
            }
            Misfit::NoGlyph { letter, font } => write!(f, "the font {font} has no character {letter:?}"),
        }
    }
}

/// Points in a millimetre.
pub const MM: f32 = 72.0 / 25.4;

fn to_mm(points: f32) -> f32 {
    points / MM
}

/// A piece of a line that is never broken; `glue` says whether it follows its predecessor without a space.
struct Piece {
    bold: bool,
    text: String,
    width: f32,
    glue: bool,
}

/// Sets `text` in a block of `width` by `height` points. `**` switches bold on and off, a line break in the
/// text is kept, and a word too wide for a line (a web address) may break after `.`, `/`, `-` or `:`.
pub fn set(text: &str, style: &Style, width: f32, height: f32) -> Result<Vec<Run>, Misfit> {
    let mut runs = Vec::new();
    let mut lines = 0usize;
    let mut bold = style.all_bold;
    let top = style.bold.cap_height().max(style.regular.cap_height()) * style.size;
    for paragraph in text.split('\n') {
        let pieces = pieces(paragraph, style, width, &mut bold)?;
        for line in wrap(&pieces, style, width) {
            place(line, style, width, top + lines as f32 * style.leading, &mut runs);
            lines += 1;
        }
    }
    let needs = top + lines.saturating_sub(1) as f32 * style.leading + style.regular.depth() * style.size;
    // A tenth of a point is a rounding of millimetres, not a misfit.
    if needs > height + 0.1 {
        return Err(Misfit::TooHigh { needs, has: height });
    }
    Ok(runs)
}

fn face<'a>(style: &Style<'a>, bold: bool) -> &'a Face {
    if bold { style.bold } else { style.regular }
}

/// The width of a run of letters in points.
pub fn measure(text: &str, face: &Face, size: f32) -> Result<f32, Misfit> {
    text.chars().try_fold(0.0, |sum, letter| {
        let advance = face.advance(letter).ok_or(Misfit::NoGlyph {
            letter,
            font: face.name(),
        })?;
        Ok(sum + advance * size)
    })
}

fn pieces(paragraph: &str, style: &Style, width: f32, bold: &mut bool) -> Result<Vec<Piece>, Misfit> {
    let mut pieces = Vec::new();
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let mut glue = false;
        for (index, part) in word.split("**").enumerate() {
            if index > 0 {
                *bold = !*bold;
            }
            for text in breakable(part, style, width, *bold)? {
                let measured = measure(text, face(style, *bold), style.size)?;
                if measured > width + 0.1 {
                    return Err(Misfit::WordTooWide {
                        word: text.to_string(),
                        needs: measured,
                        has: width,
                    });
                }
                pieces.push(Piece {
                    bold: *bold,
                    text: text.to_string(),
                    width: measured,
                    glue,
                });
                glue = true;
            }
        }
    }
    Ok(pieces)
}

/// The word in one piece, or in pieces at its punctuation if it is wider than a line.
fn breakable<'t>(word: &'t str, style: &Style, width: f32, bold: bool) -> Result<Vec<&'t str>, Misfit> {
    if word.is_empty() {
        return Ok(Vec::new());
    }
    if measure(word, face(style, bold), style.size)? <= width {
        return Ok(vec![word]);
    }
    Ok(word.split_inclusive(['.', '/', '-', ':', '@']).collect())
}

/// Groups pieces into lines. Glued pieces of one word stay together unless the word was broken for its width.
fn wrap<'p>(pieces: &'p [Piece], style: &Style, width: f32) -> Vec<Vec<&'p Piece>> {
    let space = style.regular.advance(' ').unwrap_or(0.25) * style.size;
    let mut lines = Vec::new();
    let mut line: Vec<&Piece> = Vec::new();
    let mut used = 0.0;
    let mut rest = pieces;
    while let Some(first) = rest.first() {
        let glued = rest.iter().skip(1).take_while(|piece| piece.glue).count();
        let together: f32 = rest.iter().take(glued + 1).map(|piece| piece.width).sum();
        let take = if together > width { 1 } else { glued + 1 };
        let needed = if take == 1 { first.width } else { together };
        let gap = if line.is_empty() || first.glue { 0.0 } else { space };
        if !line.is_empty() && used + gap + needed > width + 0.1 {
            lines.push(std::mem::take(&mut line));
            used = 0.0;
        }
        used += if line.is_empty() { 0.0 } else { gap } + needed;
        let (now, later) = rest.split_at(take.min(rest.len()));
        line.extend(now);
        rest = later;
    }
    lines.push(line);
    lines
}

/// Joins the pieces of a line into runs of one face, each with its place.
fn place(line: Vec<&Piece>, style: &Style, width: f32, y: f32, runs: &mut Vec<Run>) {
    let space = style.regular.advance(' ').unwrap_or(0.25) * style.size;
    let first_of_line = runs.len();
    let mut x = 0.0;
    for piece in line {
        let at_start = runs.len() == first_of_line;
        let spaced = !piece.glue && !at_start;
        let joins = runs.last().is_some_and(|run| !at_start && run.bold == piece.bold);
        if joins && let Some(run) = runs.last_mut() {
            if spaced {
                run.text.push(' ');
            }
            run.text.push_str(&piece.text);
        } else {
            // The space before a change of face is kept as a letter too, so that extracted text has it.
            if spaced && let Some(run) = runs.last_mut() {
                run.text.push(' ');
            }
            let start = if spaced { x + space } else { x };
            runs.push(Run {
                bold: piece.bold,
                text: piece.text.clone(),
                x: start,
                y,
            });
        }
        x += piece.width + if spaced { space } else { 0.0 };
    }
    let shift = match style.align {
        Align::Left => 0.0,
        Align::Centre => (width - x) / 2.0,
        Align::Right => width - x,
    };
    for run in runs.iter_mut().skip(first_of_line) {
        run.x += shift;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_in(text: &str, width: f32, height: f32) -> Result<Vec<String>, Misfit> {
        let (regular, bold) = (
            Face::named("NotoSans-Regular").unwrap(),
            Face::named("NotoSans-Bold").unwrap(),
        );
        let style = Style {
            regular: &regular,
            bold: &bold,
            all_bold: false,
            size: 10.0,
            leading: 12.0,
            align: Align::Left,
        };
        let runs = set(text, &style, width, height)?;
        Ok(runs
            .into_iter()
            .map(|run| {
                if run.bold {
                    format!("*{}*", run.text)
                } else {
                    run.text
                }
            })
            .collect())
    }

    #[test]
    fn words_wrap_at_the_width() {
        assert_eq!(
            set_in("Your pain is real", 50.0, 50.0).unwrap(),
            ["Your pain", "is real"]
        );
    }

    #[test]
    fn bold_words_make_their_own_runs_and_keep_their_spaces() {
        assert_eq!(
            set_in("call **999** now.", 200.0, 50.0).unwrap(),
            ["call ", "*999 *", "now."]
        );
        assert_eq!(set_in("(**999**)", 200.0, 50.0).unwrap(), ["(", "*999*", ")"]);
    }

    #[test]
    fn kept_line_breaks_and_long_addresses() {
        assert_eq!(set_in("one\ntwo", 200.0, 50.0).unwrap(), ["one", "two"]);
        let lines = set_in("go to talking.example.org/now today", 80.0, 90.0).unwrap();
        assert_eq!(lines, ["go to talking.", "example.", "org/now today"]);
    }

    #[test]
    fn what_does_not_fit_is_said() {
        assert!(matches!(
            set_in("one two three four", 30.0, 20.0),
            Err(Misfit::TooHigh { .. })
        ));
        assert!(matches!(
            set_in("incomprehensibilities", 50.0, 20.0),
            Err(Misfit::WordTooWide { .. })
        ));
        assert_eq!(
            set_in("漢", 50.0, 20.0),
            Err(Misfit::NoGlyph {
                letter: '漢',
                font: "NotoSans-Regular"
            })
        );
    }
}
