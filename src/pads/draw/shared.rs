//! Draws what all slips of a document share: panels, logo, fixed text, the lines in other languages, marks, the overprint,
//! and what the codes share.

use super::Imprint;
use super::artwork::{Piece, SAMPLE, SHARED_CODE, Side, UNREVIEWED, set};
use super::ink::{Ink, points};
use super::lettering::Lettering;
use super::marks::marks;
use super::tags::role_name;
use crate::pads::layout;
use crate::pads::plate::Plate;
use crate::pads::template::{Area, Block, Template, Text, What};
use anyhow::anyhow;
use std::collections::BTreeMap;

/// The shared artwork while it is drawn.
pub(super) struct Drawing<'a> {
    template: &'a Template,
    imprint: &'a Imprint,
    lettering: &'a Lettering,
    /// Forms by name; some may be empty.
    pub forms: Vec<(String, Ink)>,
    /// What there is to read, by block.
    pub pieces: BTreeMap<(Side, usize), Vec<Piece>>,
}

/// The form that lies under a side's text.
pub(super) fn ground_name(side: Side) -> &'static str {
    match side {
        Side::Front => "B",
        Side::Back => "C",
    }
}

impl<'a> Drawing<'a> {
    pub fn of(
        template: &'a Template,
        imprint: &'a Imprint,
        lettering: &'a Lettering,
        plate: &Plate,
    ) -> anyhow::Result<Self> {
        let mut drawing = Drawing {
            template,
            imprint,
            lettering,
            forms: vec![
                ("M".to_string(), marks(template)),
                (SHARED_CODE.to_string(), shared_code(plate)),
            ],
            pieces: BTreeMap::new(),
        };
        for (side, blocks) in [(Side::Front, &template.blocks), (Side::Back, &template.back)] {
            drawing.ground(side, blocks)?;
            for (index, block) in blocks.iter().enumerate() {
                match &block.what {
                    What::Text(text) if !text.is_per_slip() => drawing.text(side, index, block, text)?,
                    What::Languages { size, leading } => {
                        drawing.languages(side, index, block, (*size, *leading))?;
                    }
                    What::Text(_) | What::Qr | What::Panel { .. } | What::Logo => {}
                }
            }
        }
        Ok(drawing)
    }

    fn ground(&mut self, side: Side, blocks: &[Block]) -> anyhow::Result<()> {
        let template = self.template;
        let height = template.slip.height;
        let mut ink = Ink::new();
        let lines = |block: &Block| matches!(block.what, What::Languages { .. });
        // The other side has nothing but lines: there it is more useful to know that nobody reviewed them.
        let across = match (side, self.imprint.sample) {
            (Side::Back, _) if self.unreviewed() && blocks.iter().any(lines) => Some(UNREVIEWED),
            (Side::Front | Side::Back, true) => Some(SAMPLE),
            (Side::Front | Side::Back, false) => None,
        };
        if let Some(word) = across {
            let spared = template.qr_area().filter(|_| side == Side::Front);
            self.overprint(&mut ink, word, &template.slip_area(), spared)?;
        }
        for block in blocks {
            match &block.what {
                What::Panel { radius } => {
                    ink.colour(block.colour);
                    ink.panel(&block.area, height, points(*radius));
                }
                What::Logo => {
                    let logo = template.stock.logo.iter();
                    logo.for_each(|logo| ink.logo(logo, &block.area, height));
                }
                What::Languages { .. } if side == Side::Front && self.unreviewed() => {
                    self.overprint(&mut ink, UNREVIEWED, &block.area, None)?;
                }
                What::Languages { .. } | What::Text(_) | What::Qr => {}
            }
        }
        self.forms.push((ground_name(side).to_string(), ink));
        Ok(())
    }

    fn overprint(&self, ink: &mut Ink, word: &str, area: &Area, spared: Option<Area>) -> anyhow::Result<()> {
        let width = layout::measure(word, &self.template.bold, 1.0).map_err(|misfit| anyhow!("{misfit}"))?;
        if let Some((_, bold)) = self.lettering.own(true) {
            ink.overprint(word, width, area, self.template.slip.height, spared, bold);
        }
        Ok(())
    }

    fn unreviewed(&self) -> bool {
        let mut lines = self.template.stock.printable(self.imprint.unreviewed_lines);
        lines.any(|line| line.review.is_none())
    }

    fn text(&mut self, side: Side, index: usize, block: &Block, text: &Text) -> anyhow::Result<()> {
        let runs = set(self.template, block, text, &self.imprint.words("", ""))?;
        let mut ink = Ink::new();
        let height = self.template.slip.height;
        ink.text(
            &runs,
            &block.area,
            height,
            (text.size, block.colour),
            self.lettering,
        );
        self.piece(side, index, ink, role_name(text.role), None);
        Ok(())
    }

    fn languages(
        &mut self,
        side: Side,
        index: usize,
        block: &Block,
        (size, leading): (f32, f32),
    ) -> anyhow::Result<()> {
        let (width, _) = block.area.size_in_points();
        let mut row = 0;
        for line in self.template.stock.printable(self.imprint.unreviewed_lines) {
            let mut ink = Ink::new();
            let font = self.lettering.of_line(line)?;
            for shaped in line
                .set
                .lines(size, width)
                .map_err(|misfit| anyhow!("{misfit}"))?
            {
                // Between the tall strokes above and the deep ones below, as Nastaliq has both.
                let baseline = (row as f32 + 0.66) * leading;
                let (area, height) = (&block.area, self.template.slip.height);
                ink.shaped(&shaped, area, height, baseline, (size, block.colour), font);
                row += 1;
            }
            self.piece(side, index, ink, "P", Some(line.language.clone()));
        }
        Ok(())
    }

    fn piece(&mut self, side: Side, index: usize, ink: Ink, role: &'static str, language: Option<String>) {
        let form = format!("T{}", self.forms.len());
        let piece = Piece {
            form: form.clone(),
            role,
            language,
        };
        self.forms.push((form, ink));
        self.pieces.entry((side, index)).or_default().push(piece);
    }
}

/// The modules that all codes share. Each reaches a fiftieth of a module beyond its edges, so that no hairline shows
/// where a slip's own modules adjoin.
fn shared_code(plate: &Plate) -> Ink {
    let mut ink = Ink::new();
    for (x, y, length) in plate.shared_runs() {
        ink.grown_module_run(x, y, length, 0.02);
    }
    ink.fill();
    ink
}
