//! The fonts of one document: its regular and its bold face, and the faces of other languages, each cut down to what is
//! printed.

use super::Imprint;
use super::artwork::{SAMPLE, UNREVIEWED, set};
use crate::pads::font::{Face, Subset};
use crate::pads::stock::Line;
use crate::pads::template::{Template, What};
use anyhow::anyhow;
use std::collections::BTreeMap;

/// Everything a serial, and everything a code may hold.
const SERIAL: &str = "0123456789";
const CODE: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ-";

/// Glyphs of a face by number, each with the letters it stands for.
type Glyphs = Vec<(u16, String)>;

/// The faces of a document, numbered as its resources name them: F0, F1 and so on.
pub(super) struct Lettering(Vec<Subset>);

impl Lettering {
    pub fn of(template: &Template, imprint: &Imprint) -> anyhow::Result<Self> {
        let [regular, bold] = letters(template, imprint)?;
        let shows = |what: &What| matches!(what, What::Languages { .. });
        let shown = template
            .blocks
            .iter()
            .chain(&template.back)
            .any(|block| shows(&block.what));
        let lines = template
            .stock
            .printable(imprint.unreviewed_lines)
            .filter(|_| shown);
        // One subset a face: languages in Latin letters share the document's own.
        let mut others: BTreeMap<&'static str, (Face, Glyphs)> = BTreeMap::new();
        let mut of_regular = template.regular.glyphs_of(regular.chars())?;
        for line in lines {
            let glyphs = glyphs_of(line);
            match line.face.name() == template.regular.name() {
                true => of_regular.extend(glyphs),
                false => {
                    let face = others
                        .entry(line.face.name())
                        .or_insert_with(|| (line.face.clone(), Vec::new()));
                    face.1.extend(glyphs);
                }
            }
        }
        let mut subsets = vec![
            template.regular.subset_of_glyphs(of_regular)?,
            template.bold.subset(bold.chars())?,
        ];
        for (face, glyphs) in others.into_values() {
            subsets.push(face.subset_of_glyphs(glyphs)?);
        }
        Ok(Lettering(subsets))
    }

    /// All of them, in the order of their numbers.
    pub fn subsets(&self) -> &[Subset] {
        &self.0
    }

    /// The face of plain or of bold text, and its number.
    pub fn own(&self, bold: bool) -> Option<(usize, &Subset)> {
        let number = usize::from(bold);
        self.0.get(number).map(|subset| (number, subset))
    }

    /// The face of a line in another language, and its number. Errors if one of its glyphs is not embedded.
    pub fn of_line(&self, line: &Line) -> anyhow::Result<(usize, &Subset)> {
        let own = |(_, subset): &(usize, &Subset)| subset.name() == line.face.name();
        let found = self.0.iter().enumerate().find(own);
        let found = found.ok_or_else(|| anyhow!("no font for {:?}", line.language))?;
        let whole = glyphs_of(line).iter().all(|(glyph, _)| found.1.holds(*glyph));
        anyhow::ensure!(
            whole,
            "a glyph of the line in {:?} is not embedded",
            line.language
        );
        Ok(found)
    }
}

/// The letters of plain and of bold text. A text that differs from slip to slip is taken to hold every letter it may
/// hold.
fn letters(template: &Template, imprint: &Imprint) -> anyhow::Result<[String; 2]> {
    let words = imprint.words("", "");
    let [mut regular, mut bold] = [String::new(), format!("{SAMPLE}{UNREVIEWED}")];
    for block in template.blocks.iter().chain(&template.back) {
        let What::Text(text) = &block.what else { continue };
        for run in set(template, block, text, &words)? {
            match run.bold {
                true => bold.push_str(&run.text),
                false => regular.push_str(&run.text),
            }
        }
        for (placeholder, letters) in [("{serial}", SERIAL), ("{code}", CODE)] {
            if text.words.contains(placeholder) {
                bold.push_str(letters);
                regular.push_str(if text.bold { "" } else { letters });
            }
        }
    }
    Ok([regular, bold])
}

/// The glyphs of a line, each with the letters it stands for. Where it is broken does not change them.
fn glyphs_of(line: &Line) -> Glyphs {
    let placed = line.set.whole().glyphs.iter();
    placed
        .map(|placed| (placed.glyph, placed.letters.clone()))
        .collect()
}
