//! The typefaces a slip is set in: how wide text is, and the subset that a document embeds.
//! Knows no template and no page.

use anyhow::{Context, anyhow};
use std::collections::BTreeMap;

/// The faces compiled into the binary (Noto Sans, SIL Open Font Licence), by the name a template uses.
const SHIPPED: [(&str, &[u8]); 2] = [
    (
        "NotoSans-Regular",
        include_bytes!(concat!(env!("OUT_DIR"), "/fonts/NotoSans-Regular.ttf")),
    ),
    (
        "NotoSans-Bold",
        include_bytes!(concat!(env!("OUT_DIR"), "/fonts/NotoSans-Bold.ttf")),
    ),
];

/// One typeface, ready to measure text.
#[derive(Clone)]
pub struct Face {
    name: &'static str,
    data: &'static [u8],
    parsed: ttf_parser::Face<'static>,
}

impl Face {
    /// The shipped face of that name; the error lists the names there are.
    pub fn named(name: &str) -> anyhow::Result<Self> {
        let Some((name, data)) = SHIPPED.iter().find(|(known, _)| *known == name) else {
            let known: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
            return Err(anyhow!("unknown font {name:?}; there are {}", known.join(", ")));
        };
        let parsed = ttf_parser::Face::parse(data, 0).with_context(|| format!("reading the font {name}"))?;
        Ok(Face { name, data, parsed })
    }

    /// The name a template and a document call it by.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Width of a character in em; None if the face has no glyph for it.
    pub fn advance(&self, letter: char) -> Option<f32> {
        let glyph = self.parsed.glyph_index(letter)?;
        Some(f32::from(self.parsed.glyph_hor_advance(glyph)?) / self.em())
    }

    /// Height of a capital in em.
    pub fn cap_height(&self) -> f32 {
        self.parsed
            .capital_height()
            .map_or(0.7, |height| f32::from(height) / self.em())
    }

    /// How far letters reach below the line, in em, as a positive number. Taken from "g", because the face's
    /// own descender leaves room for scripts that no slip mixes into a line.
    pub fn depth(&self) -> f32 {
        let below = self
            .parsed
            .glyph_index('g')
            .and_then(|glyph| self.parsed.glyph_bounding_box(glyph));
        below.map_or(0.25, |bounds| -f32::from(bounds.y_min) / self.em())
    }

    fn em(&self) -> f32 {
        f32::from(self.parsed.units_per_em())
    }

    /// Cuts the face down to the letters of a document.
    pub fn subset(&self, letters: impl IntoIterator<Item = char>) -> anyhow::Result<Subset> {
        let mut remapper = subsetter::GlyphRemapper::new();
        let mut glyphs = BTreeMap::new();
        let mut sorted: Vec<char> = letters.into_iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        for letter in sorted {
            let old = self
                .parsed
                .glyph_index(letter)
                .ok_or_else(|| self.missing(letter))?;
            let advance = self.advance(letter).ok_or_else(|| self.missing(letter))?;
            glyphs.insert(
                letter,
                Glyph {
                    id: remapper.remap(old.0),
                    advance,
                },
            );
        }
        let program = subsetter::subset(self.data, 0, &remapper)
            .map_err(|error| anyhow!("cutting the font {} down: {error:?}", self.name))?;
        Ok(Subset {
            face: self.clone(),
            glyphs,
            program,
        })
    }

    fn missing(&self, letter: char) -> anyhow::Error {
        anyhow!("the font {} has no character {letter:?}", self.name)
    }
}

/// One glyph of a subset.
#[derive(Clone, Copy)]
pub struct Glyph {
    /// Its number in the subset, which is also its CID.
    pub id: u16,
    /// Its width in em.
    pub advance: f32,
}

/// A face cut down to the letters of one document.
pub struct Subset {
    face: Face,
    glyphs: BTreeMap<char, Glyph>,
    /// The font program to embed.
    pub program: Vec<u8>,
}

impl Subset {
    /// The face it was cut from.
    pub fn face(&self) -> &ttf_parser::Face<'static> {
        &self.face.parsed
    }

    /// Letters and their glyphs, in the order of the letters.
    pub fn glyphs(&self) -> impl Iterator<Item = (char, Glyph)> + '_ {
        self.glyphs.iter().map(|(letter, glyph)| (*letter, *glyph))
    }

    /// The name in the document: a tag of six capitals that depends on the letters, then the face's name
    /// (ISO 32000-1, 9.6.4).
    pub fn tagged_name(&self) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325u64;
        for letter in self.glyphs.keys() {
            hash = (hash ^ u64::from(u32::from(*letter))).wrapping_mul(0x0100_0000_01b3);
        }
        let tag: String = (0..6)
            .map(|place| char::from(b'A' + ((hash >> (place * 8)) % 26) as u8))
            .collect();
        format!("{tag}+{}", self.face.name)
    }

    /// Appends the text as a PDF literal string of two-byte glyph numbers. Letters outside the subset are left
    /// out; the layout has refused them before.
    pub fn write_string(&self, text: &str, out: &mut Vec<u8>) {
        out.push(b'(');
        for glyph in text.chars().filter_map(|letter| self.glyphs.get(&letter)) {
            for byte in glyph.id.to_be_bytes() {
                match byte {
                    b'(' | b')' | b'\\' => out.extend([b'\\', byte]),
                    b'\r' => out.extend(b"\\r"),
                    _ => out.push(byte),
                }
            }
        }
        out.push(b')');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_font_is_answered_with_the_known_ones() {
        let said = Face::named("Frutiger").err().unwrap().to_string();
        assert!(said.contains("Frutiger") && said.contains("NotoSans-Regular, NotoSans-Bold"));
    }

    #[test]
    fn a_subset_holds_little_more_than_its_letters() {
        let face = Face::named("NotoSans-Bold").unwrap();
        let subset = face.subset("Your pain is real.".chars()).unwrap();
        assert!(subset.program.len() < 8_000, "{}", subset.program.len());
        assert_eq!(subset.glyphs().count(), 13);
        let again = face.subset("real pain is Your.".chars()).unwrap();
        assert_eq!(
            (subset.tagged_name(), subset.program),
            (again.tagged_name(), again.program)
        );
    }

    #[test]
    fn a_letter_the_font_lacks_is_named() {
        assert!(
            Face::named("NotoSans-Regular")
                .unwrap()
                .subset(['漢'])
                .err()
                .unwrap()
                .to_string()
                .contains('漢')
        );
    }
}
