//! Text that a letter-by-letter layout would spoil: Arabic joined and from right to left, Bengali conjuncts, Chinese
//! without spaces. Receives words and a face, hands on glyphs from left to right, line by line. Pure; lengths in
//! points.

use super::font::Face;
use super::layout::Misfit;
use harfrust::{Buffer, Direction, Font, Language, ShapeOptions, ShaperFont};
use unicode_bidi::{BidiInfo, Level};

/// A line of shaped text.
#[derive(Clone, Debug, PartialEq)]
pub struct Shaped {
    /// The words of this line, in the order they are read.
    pub words: String,
    /// Whether it is read from right to left.
    pub leftwards: bool,
    /// Its width.
    pub width: f32,
    /// Its glyphs from left to right.
    pub glyphs: Vec<Placed>,
}

/// One glyph in its line.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Its number in the face.
    pub glyph: u16,
    /// From the line's left edge.
    pub x: f32,
    /// Above the baseline.
    pub y: f32,
    /// The letters it stands for; none if the glyph before it stands for them too.
    pub letters: String,
}

/// Words that were shaped once: as one line of an em, and what each piece of them is wide, in case one line is too few.
/// Shaping takes milliseconds, and neither size nor width changes it.
#[derive(Clone, Debug)]
pub struct Set {
    face: Face,
    language: String,
    whole: Shaped,
    pieces: Vec<(String, f32)>,
}

impl Set {
    /// Shapes words. Errors if the face lacks one of their characters.
    pub fn of(face: &Face, words: &str, language: &str) -> Result<Self, Misfit> {
        let whole = line(face, words, language)?;
        let measured = |piece: &str| Ok((piece.to_owned(), line(face, piece.trim_end(), language)?.width));
        Ok(Set {
            face: face.clone(),
            language: language.to_owned(),
            whole,
            pieces: pieces(words)
                .into_iter()
                .map(measured)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The words as one line, one point high.
    pub fn whole(&self) -> &Shaped {
        &self.whole
    }

    /// The words of each line, none wider than `width`. Errors if a piece alone is wider.
    pub fn rows(&self, size: f32, width: f32) -> Result<Vec<String>, Misfit> {
        let fits = |em: f32| em * size <= width + 0.1;
        if fits(self.whole.width) {
            return Ok(vec![self.whole.words.clone()]);
        }
        let space = self.face.advance(' ').unwrap_or(0.25);
        let mut rows = vec![String::new()];
        let mut used = 0.0;
        for (piece, wide) in &self.pieces {
            if !fits(*wide) {
                return Err(Misfit::WordTooWide {
                    word: piece.trim_end().to_owned(),
                    needs: wide * size,
                    has: width,
                });
            }
            if used > 0.0 && !fits(used + wide) {
                rows.push(String::new());
                used = 0.0;
            }
            if let Some(row) = rows.last_mut() {
                row.push_str(piece);
            }
            used += wide + if piece.ends_with(' ') { space } else { 0.0 };
        }
        Ok(rows.iter().map(|row| row.trim_end().to_owned()).collect())
    }

    /// The lines, shaped and sized.
    pub fn lines(&self, size: f32, width: f32) -> Result<Vec<Shaped>, Misfit> {
        let rows = self.rows(size, width)?;
        let shaped = |words: &String| match *words == self.whole.words {
            true => Ok(self.whole.sized(size)),
            false => Ok(line(&self.face, words, &self.language)?.sized(size)),
        };
        rows.iter().map(shaped).collect()
    }
}

impl Shaped {
    /// The line in this size, where it was one point high.
    fn sized(&self, size: f32) -> Self {
        let placed = |placed: &Placed| Placed {
            x: placed.x * size,
            y: placed.y * size,
            ..placed.clone()
        };
        Shaped {
            width: self.width * size,
            glyphs: self.glyphs.iter().map(placed).collect(),
            ..self.clone()
        }
    }
}

/// Where a line may end: after a space, and after every Chinese character but before no punctuation.
fn pieces(words: &str) -> Vec<&str> {
    let is_han = |letter: char| ('\u{4E00}'..='\u{9FFF}').contains(&letter);
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut letters = words.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let end = at + letter.len_utf8();
        let next_is_han = letters.peek().is_some_and(|(_, next)| is_han(*next));
        if letter == ' ' || (next_is_han && !letter.is_ascii()) {
            pieces.extend(words.get(start..end));
            start = end;
        }
    }
    pieces.extend(words.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

/// One line, one point high: its runs of one direction in the order they stand, each shaped.
fn line(face: &Face, words: &str, language: &str) -> Result<Shaped, Misfit> {
    let bidi = BidiInfo::new(words, None);
    let mut shaped = Shaped {
        words: words.to_owned(),
        leftwards: false,
        width: 0.0,
        glyphs: Vec::new(),
    };
    let Some(paragraph) = bidi.paragraphs.first() else {
        return Ok(shaped);
    };
    shaped.leftwards = paragraph.level.is_rtl();
    let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
    for run in runs {
        let level = levels.get(run.start).copied().unwrap_or(Level::ltr());
        let part = words.get(run.clone()).unwrap_or_default();
        shape_run(face, part, language, level.is_rtl(), &mut shaped)?;
    }
    Ok(shaped)
}

fn shape_run(
    face: &Face,
    part: &str,
    language: &str,
    leftwards: bool,
    onto: &mut Shaped,
) -> Result<(), Misfit> {
    let missing = |letter: char| Misfit::NoGlyph {
        letter,
        font: face.name(),
    };
    let first = part.chars().next().unwrap_or_default();
    let font = Font::new(face.data(), 0).ok_or_else(|| missing(first))?;
    let mut buffer = Buffer::new();
    buffer.push_str(part);
    buffer.guess_segment_properties();
    buffer.set_direction(if leftwards {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    buffer.set_language(Language::new(language));
    harfrust::shape(&ShaperFont::new(&font), &mut buffer, ShapeOptions::default())
        .map_err(|_| missing(first))?;
    let em = 1.0 / f32::from(face.units_per_em());
    let mut starts: Vec<usize> = buffer
        .glyph_infos()
        .iter()
        .map(|info| info.cluster as usize)
        .collect();
    starts.sort_unstable();
    starts.dedup();
    let mut told = None;
    for (info, position) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
        let cluster = info.cluster as usize;
        let end = starts
            .iter()
            .copied()
            .find(|start| *start > cluster)
            .unwrap_or(part.len());
        let letters = part.get(cluster..end).unwrap_or_default();
        if info.glyph_id == 0 {
            return Err(missing(letters.chars().next().unwrap_or(first)));
        }
        onto.glyphs.push(Placed {
            glyph: u16::try_from(info.glyph_id).unwrap_or_default(),
            x: onto.width + position.x_offset as f32 * em,
            y: position.y_offset as f32 * em,
            letters: if told == Some(cluster) {
                String::new()
            } else {
                letters.to_owned()
            },
        });
        told = Some(cluster);
        onto.width += position.x_advance as f32 * em;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(face: &Face, words: &str, language: &str, size: f32, width: f32) -> Result<Vec<Shaped>, Misfit> {
        Set::of(face, words, language)?.lines(size, width)
    }

    fn face(name: &str) -> Face {
        Face::named(name).unwrap()
    }

    #[test]
    fn arabic_is_joined_and_runs_from_right_to_left() {
        let face = face("NotoSansArabic-Regular");
        // Beh twice: the first begins a joined pair, the second ends it, so they are not two isolated shapes.
        let glyphs = |words: &str| -> Vec<u16> {
            let lines = set(&face, words, "ar", 12.0, 100.0).unwrap();
            assert!(lines[0].leftwards);
            lines[0].glyphs.iter().map(|placed| placed.glyph).collect()
        };
        let isolated = glyphs("ب");
        assert_ne!(glyphs("بب"), [isolated.clone(), isolated].concat());
        let different = set(&face, "با", "ar", 12.0, 100.0).unwrap();
        let last_read = different[0]
            .glyphs
            .iter()
            .find(|placed| placed.letters == "ا")
            .unwrap();
        assert!(different[0].glyphs.iter().all(|placed| placed.x >= last_read.x));
    }

    #[test]
    fn a_bengali_conjunct_is_one_glyph_of_several_letters() {
        let lines = set(&face("NotoSansBengali-Regular"), "ক্ষ", "bn", 12.0, 100.0).unwrap();
        assert_eq!(lines[0].glyphs.len(), 1);
        assert_eq!(lines[0].glyphs[0].letters, "ক্ষ");
    }

    #[test]
    fn long_lines_break_at_spaces_and_between_chinese_characters() {
        let polish = set(&face("NotoSans-Regular"), "jeden dwa trzy", "pl", 12.0, 60.0).unwrap();
        let words: Vec<&str> = polish.iter().map(|line| line.words.as_str()).collect();
        assert_eq!(words, ["jeden dwa", "trzy"]);
        let chinese = set(&face("ZCOOLXiaoWei-Regular"), "请告诉我们。", "zh", 12.0, 40.0).unwrap();
        assert!(chinese.len() == 2 && !chinese[1].words.starts_with('。'));
        assert!(set(&face("NotoSans-Regular"), "Donaudampfschiff", "de", 12.0, 40.0).is_err());
    }

    #[test]
    fn a_letter_the_face_lacks_is_named() {
        let said = set(&face("NotoSansArabic-Regular"), "漢", "ar", 12.0, 100.0);
        assert_eq!(
            said,
            Err(Misfit::NoGlyph {
                letter: '漢',
                font: "NotoSansArabic-Regular"
            })
        );
    }
}
