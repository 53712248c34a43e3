//! What can only be seen with all blocks together: edges, folds, quiet zones, and what every slip must show.

use super::check::Checker;
use super::{Area, Block, Direction, Fold, Template, TemplateError, What};
use crate::pads::qr;
use std::ops::Range;

/// The smallest QR module that office printers and old phones manage, in millimetres.
const SMALLEST_MODULE: f32 = 0.7;

/// Placeholders every slip must show, and why.
const REQUIRED: [(&str, &str); 6] = [
    ("{service}", "the service it is for"),
    ("{code}", "the typed code"),
    ("{serial}", "the serial number"),
    ("{clinic}", "the clinic"),
    ("{phone}", "the phone number for those who cannot scan"),
    ("{web}", "the web address for those who type"),
];

impl Checker<'_> {
    /// Refuses a template whose blocks spoil each other.
    pub(super) fn whole(&self, template: &Template, spans: &[Range<usize>]) -> Result<(), TemplateError> {
        let placed = || spans.iter().zip(&template.blocks);
        for (span, block) in placed() {
            self.within(template, span, block)?;
            if is_code(block)
                && let Some(fold) = template.slip.folds.iter().find(|f| f.crosses(&block.area))
            {
                return Err(self.at(span, "y", format!("the code lies on the fold at {} mm", fold.at)));
            }
        }
        let codes: Vec<_> = placed()
            .filter(|(_, block)| matches!(block.what, What::Qr))
            .collect();
        let [(span, code)] = codes.as_slice() else {
            return Err(self.nowhere(
                "block",
                format!("a slip carries one QR code, not {}", codes.len()),
            ));
        };
        let module = code.area.width.min(code.area.height) / (qr::WIDEST + 2 * qr::QUIET_ZONE) as f32;
        if module < SMALLEST_MODULE {
            let problem = format!(
                "a module of the QR code would be {module:.2} mm wide; {SMALLEST_MODULE} mm is the least"
            );
            return Err(self.at(span, "width", problem));
        }
        for (other, block) in placed().filter(|(other, _)| other != span) {
            if block.area.overlaps(&code.area) && !is_white_ground(block, code) {
                return Err(self.at(other, "x", "the block cuts into the QR code's quiet zone"));
            }
        }
        for (placeholder, meaning) in REQUIRED {
            let shown = template
                .blocks
                .iter()
                .any(|b| matches!(&b.what, What::Text(t) if t.words.contains(placeholder)));
            if !shown {
                return Err(self.nowhere("texts", format!("no block shows {meaning}, {placeholder}")));
            }
        }
        Ok(())
    }

    /// Refuses what cannot stand on the side that is the same for all slips.
    pub(super) fn other_side(
        &self,
        template: &Template,
        spans: &[Range<usize>],
    ) -> Result<(), TemplateError> {
        for (span, block) in spans.iter().zip(&template.back) {
            self.within(template, span, block)?;
            let own = match &block.what {
                What::Qr => true,
                What::Text(text) => text.is_per_slip(),
                What::Panel { .. } | What::Logo | What::Languages { .. } => false,
            };
            if own {
                let told = "the other side is the same for all slips: no QR code, no code, no serial";
                return Err(self.at(span, "kind", told));
            }
        }
        Ok(())
    }

    /// Panels may reach to the slip's edge and into the bleed; what is read keeps the margin.
    fn within(&self, template: &Template, span: &Range<usize>, block: &Block) -> Result<(), TemplateError> {
        let slip = template.slip_area();
        let margin = template.slip.margin;
        let (inside, told) = match block.what {
            What::Panel { .. } => (
                slip.grown(template.page.bleed),
                "the panel leaves the slip".to_string(),
            ),
            What::Text(_) | What::Qr | What::Logo | What::Languages { .. } => (
                slip.grown(-margin),
                format!("the block leaves the slip or its margin of {margin} mm"),
            ),
        };
        // A hundredth of a millimetre is rounding.
        match inside.grown(0.01).encloses(&block.area) {
            true => Ok(()),
            false => Err(self.at(span, "x", told)),
        }
    }

    fn nowhere(&self, key: &str, problem: String) -> TemplateError {
        let line = self
            .source
            .lines()
            .position(|l| l.starts_with(&format!("[{key}")) || l.starts_with(&format!("[[{key}")))
            .map_or(1, |index| index + 1);
        TemplateError {
            file: self.file.to_string(),
            line,
            key: key.to_string(),
            problem,
        }
    }
}

impl Fold {
    fn crosses(&self, area: &Area) -> bool {
        let (from, to) = match self.direction {
            Direction::Horizontal => (area.y, area.bottom()),
            Direction::Vertical => (area.x, area.right()),
        };
        from < self.at + self.clear && self.at - self.clear < to
    }
}

/// Whether a reader must be able to make it out letter by letter or module by module.
fn is_code(block: &Block) -> bool {
    match &block.what {
        What::Qr => true,
        What::Text(text) => text.words.contains("{code}"),
        What::Panel { .. } | What::Logo | What::Languages { .. } => false,
    }
}

/// A white panel around the whole code only gives it its ground.
fn is_white_ground(block: &Block, code: &Block) -> bool {
    matches!(block.what, What::Panel { .. })
        && block.colour.iter().all(|part| *part > 0.99)
        && block.area.encloses(&code.area)
}
