//! The typefaces a slip is set in: how wide text is, and the subset that a document embeds.
//! Knows no template and no page.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::OnceLock;

use anyhow::{Context, anyhow};
use flate2::read::GzDecoder;

/// A face that build.rs put beside the program, gzipped: half of the room, and most pads need two of the six.
struct Shipped {
    name: &'static str,
    gzipped: &'static [u8],
    program: OnceLock<Vec<u8>>,
}

macro_rules! face {
    ($name:literal) => {
        Shipped {
            name: $name,
            gzipped: include_bytes!(concat!(env!("OUT_DIR"), "/fonts/", $name, ".ttf.gz")),
            program: OnceLock::new(),
        }
    };
}

/// The faces compiled into the binary (all under the SIL Open Font Licence), by the name a template uses.
static SHIPPED: [Shipped; 6] = [
    face!("NotoSans-Regular"),
    face!("NotoSans-Bold"),
    face!("NotoSansArabic-Regular"),
    face!("NotoNastaliqUrdu-Regular"),
    face!("NotoSansBengali-Regular"),
    face!("ZCOOLXiaoWei-Regular"),
];

impl Shipped {
    /// The font program, unpacked when it is first asked for and kept from then on.
    fn program(&'static self) -> std::io::Result<&'static [u8]> {
        if let Some(program) = self.program.get() {
            return Ok(program);
        }
        let mut program = Vec::new();
        GzDecoder::new(self.gzipped).read_to_end(&mut program)?;
        Ok(self.program.get_or_init(|| program))
    }
}

/// One typeface, ready to measure text.
#[derive(Clone)]
pub struct Face {
    name: &'static str,
    data: &'static [u8],
    parsed: ttf_parser::Face<'static>,
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Face {
    /// The shipped face of that name; the error lists the names there are.
    pub fn named(name: &str) -> anyhow::Result<Self> {
        let Some(shipped) = SHIPPED.iter().find(|shipped| shipped.name == name) else {
            let known: Vec<&str> = SHIPPED.iter().map(|shipped| shipped.name).collect();
            return Err(anyhow!("unknown font {name:?}; there are {}", known.join(", ")));
        };
        let reading = || format!("reading the font {name}");
        let data = shipped.program().with_context(reading)?;
        let parsed = ttf_parser::Face::parse(data, 0).with_context(reading)?;
        Ok(Face {
            name: shipped.name,
            data,
            parsed,
        })
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

    /// The font program as a whole.
    pub fn data(&self) -> &'static [u8] {
        self.data
    }

    /// Units of the face in one em.
    pub fn units_per_em(&self) -> u16 {
        self.parsed.units_per_em()
    }

    fn em(&self) -> f32 {
        f32::from(self.units_per_em())
    }

    /// Cuts the face down to the letters of a document.
    pub fn subset(&self, letters: impl IntoIterator<Item = char>) -> anyhow::Result<Subset> {
        self.subset_of_glyphs(self.glyphs_of(letters)?)
    }

    /// The glyph of each letter, in the order of the letters.
    pub fn glyphs_of(&self, letters: impl IntoIterator<Item = char>) -> anyhow::Result<Vec<(u16, String)>> {
        let sorted: BTreeSet<char> = letters.into_iter().collect();
        let glyph = |letter: char| {
            let glyph = self.parsed.glyph_index(letter);
            let glyph = glyph.ok_or_else(|| anyhow!("the font {} has no character {letter:?}", self.name))?;
            Ok((glyph.0, letter.to_string()))
        };
        sorted.into_iter().map(glyph).collect()
    }

    /// Cuts the face down to glyphs, each with the letters it stands for.
    pub fn subset_of_glyphs(
        &self,
        wanted: impl IntoIterator<Item = (u16, String)>,
    ) -> anyhow::Result<Subset> {
        let mut remapper = subsetter::GlyphRemapper::new();
        let (mut glyphs, mut by_old) = (Vec::new(), BTreeMap::new());
        for (old, letters) in wanted {
            if by_old.contains_key(&old) {
                continue;
            }
            let id = remapper.remap(old);
            let advance = self
                .parsed
                .glyph_hor_advance(ttf_parser::GlyphId(old))
                .unwrap_or_default();
            by_old.insert(old, id);
            glyphs.push(Glyph {
                id,
                advance: f32::from(advance) / self.em(),
                letters,
            });
        }
        let program = subsetter::subset(self.data, 0, &remapper)
            .map_err(|error| anyhow!("cutting the font {} down: {error:?}", self.name))?;
        Ok(Subset {
            face: self.clone(),
            glyphs,
            by_old,
            program,
        })
    }
}

/// One glyph of a subset.
#[derive(Clone, Debug)]
pub struct Glyph {
    /// Its number in the subset, which is also its CID.
    pub id: u16,
    /// Its width in em.
    pub advance: f32,
    /// The letters it stands for.
    pub letters: String,
}

/// A face cut down to what one document needs.
pub struct Subset {
    face: Face,
    glyphs: Vec<Glyph>,
    by_old: BTreeMap<u16, u16>,
    /// The font program to embed.
    pub program: Vec<u8>,
}

impl Subset {
    /// The name of the face it was cut from.
    pub fn name(&self) -> &'static str {
        self.face.name
    }

    /// The face it was cut from.
    pub fn face(&self) -> &ttf_parser::Face<'static> {
        &self.face.parsed
    }

    /// Its glyphs, in the order of their numbers.
    pub fn glyphs(&self) -> &[Glyph] {
        &self.glyphs
    }

    /// Whether a glyph, by its number in the face, is in it.
    pub fn holds(&self, old: u16) -> bool {
        self.by_old.contains_key(&old)
    }

    /// The name in the document: a tag of six capitals that depends on the glyphs, then the face's name
    /// (ISO 32000-1, 9.6.4).
    pub fn tagged_name(&self) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325u64;
        for old in self.by_old.keys() {
            hash = (hash ^ u64::from(*old)).wrapping_mul(0x0100_0000_01b3);
        }
        let tag: String = (0..6)
            .map(|place| char::from(b'A' + ((hash >> (place * 8)) % 26) as u8))
            .collect();
        format!("{tag}+{}", self.face.name)
    }

    /// Appends the text as a PDF literal string of two-byte glyph numbers. Letters outside the subset are left
    /// out; the layout has refused them before.
    pub fn write_string(&self, text: &str, out: &mut Vec<u8>) {
        let old = text
            .chars()
            .filter_map(|letter| self.face.parsed.glyph_index(letter));
        self.write_glyphs(old.map(|glyph| glyph.0), out);
    }

    /// Appends glyphs, by their numbers in the face, as a PDF literal string.
    pub fn write_glyphs(&self, old: impl Iterator<Item = u16>, out: &mut Vec<u8>) {
        out.push(b'(');
        for id in old.filter_map(|old| self.by_old.get(&old)) {
            for byte in id.to_be_bytes() {
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
        assert_eq!(subset.glyphs().len(), 13);
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
