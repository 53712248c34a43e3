//! A page's content stream, written operator by operator (ISO 32000-1, Annex A). Points, y upwards.

use super::lettering::Lettering;
use crate::pads::font::Subset;
use crate::pads::layout::{MM, Run};
use crate::pads::shape::Shaped;
use crate::pads::template::{Area, Colour};
use std::io::Write;

/// Millimetres in points, rounded to a thousandth so that numbers stay short.
pub(super) fn points(mm: f32) -> f32 {
    (mm * MM * 1000.0).round() / 1000.0
}

/// Content being drawn.
pub(super) struct Ink(pub(super) Vec<u8>);

impl Ink {
    pub fn new() -> Self {
        Ink(Vec::with_capacity(16 * 1024))
    }

    /// Empties it, to be used again.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Operators and operands as text. Writing to memory cannot fail, so nothing is lost with the result.
    pub(super) fn put(&mut self, text: std::fmt::Arguments<'_>) {
        let _ = self.0.write_fmt(text);
    }

    pub fn save(&mut self) {
        self.put(format_args!("q "));
    }

    pub fn restore(&mut self) {
        self.put(format_args!("Q\n"));
    }

    pub fn shift(&mut self, x: f32, y: f32) {
        self.put(format_args!("1 0 0 1 {} {} cm\n", Number(x), Number(y)));
    }

    /// Units of `module` points, y downwards from (x, y).
    pub fn scale_down(&mut self, module: f32, x: f32, y: f32) {
        // The scale keeps five decimals: it is multiplied by up to 37 modules.
        self.put(format_args!(
            "{module:.5} 0 0 -{module:.5} {} {} cm\n",
            Number(x),
            Number(y)
        ));
    }

    pub fn black(&mut self) {
        self.put(format_args!("0 g\n"));
    }

    pub fn colour(&mut self, [red, green, blue]: Colour) {
        self.put(format_args!(
            "{} {} {} rg\n",
            Number(red),
            Number(green),
            Number(blue)
        ));
    }

    /// Dark modules below one another, from column `x`, row `y`.
    pub fn module_run(&mut self, x: usize, y: usize, length: usize) {
        self.put(format_args!("{x} {y} 1 {length} re\n"));
    }

    /// The same, `by` larger on every side.
    pub fn grown_module_run(&mut self, x: usize, y: usize, length: usize, by: f32) {
        let [x, y, length] = [x, y, length].map(|whole| whole as f32);
        let (left, top, width, height) = (x - by, y - by, 1.0 + 2.0 * by, length + 2.0 * by);
        self.put(format_args!(
            "{} {} {} {} re\n",
            Number(left),
            Number(top),
            Number(width),
            Number(height)
        ));
    }

    pub fn fill(&mut self) {
        self.put(format_args!("f\n"));
    }

    /// A rectangle with round corners, filled; `radius` in points.
    pub fn panel(&mut self, area: &Area, slip_height: f32, radius: f32) {
        let (left, bottom) = (points(area.x), points(slip_height - area.y - area.height));
        let (width, height) = area.size_in_points();
        if radius <= 0.0 {
            return self.put(format_args!(
                "{} {} {} {} re f\n",
                Number(left),
                Number(bottom),
                Number(width),
                Number(height)
            ));
        }
        // Bézier control points at 0.5523 of the radius come within a thousandth of a circle.
        let (right, top, pull) = (left + width, bottom + height, radius * (1.0 - 0.5523));
        self.put(format_args!("{} {} m\n", Number(left + radius), Number(bottom)));
        for [line_x, line_y, ax, ay, bx, by, x, y] in [
            [
                right - radius,
                bottom,
                right - pull,
                bottom,
                right,
                bottom + pull,
                right,
                bottom + radius,
            ],
            [
                right,
                top - radius,
                right,
                top - pull,
                right - pull,
                top,
                right - radius,
                top,
            ],
            [
                left + radius,
                top,
                left + pull,
                top,
                left,
                top - pull,
                left,
                top - radius,
            ],
            [
                left,
                bottom + radius,
                left,
                bottom + pull,
                left + pull,
                bottom,
                left + radius,
                bottom,
            ],
        ] {
            self.put(format_args!(
                "{} {} l {} {} {} {} {} {} c\n",
                Number(line_x),
                Number(line_y),
                Number(ax),
                Number(ay),
                Number(bx),
                Number(by),
                Number(x),
                Number(y)
            ));
        }
        self.put(format_args!("h f\n"));
    }

    /// A hairline from one point to another.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32)) {
        self.put(format_args!(
            "{} {} m {} {} l S\n",
            Number(from.0),
            Number(from.1),
            Number(to.0),
            Number(to.1)
        ));
    }

    pub fn hairline_grey(&mut self) {
        self.put(format_args!("0.35 w 0.55 G\n"));
    }

    /// Lines of text in one colour and size. The runs' places are within `area`, y downwards.
    pub fn text(
        &mut self,
        runs: &[Run],
        area: &Area,
        slip_height: f32,
        (size, colour): (f32, Colour),
        lettering: &Lettering,
    ) {
        self.colour(colour);
        self.put(format_args!("BT\n"));
        let (mut at_x, mut at_y, mut face) = (0.0, 0.0, None);
        for run in runs {
            if face != Some(run.bold) {
                self.put(format_args!("/F{} {} Tf\n", u8::from(run.bold), Number(size)));
                face = Some(run.bold);
            }
            let (x, y) = (points(area.x) + run.x, points(slip_height - area.y) - run.y);
            self.put(format_args!("{} {} Td ", Number(x - at_x), Number(y - at_y)));
            (at_x, at_y) = (x, y);
            if let Some((_, subset)) = lettering.own(run.bold) {
                subset.write_string(&run.text, &mut self.0);
            }
            self.put(format_args!("Tj\n"));
        }
        self.put(format_args!("ET\n"));
    }

    /// A row of shaped text; right to left it ends at the area's right edge. What a reader copies is the words, in the
    /// order they are read.
    pub fn shaped(
        &mut self,
        row: &Shaped,
        area: &Area,
        slip_height: f32,
        baseline: f32,
        (size, colour): (f32, Colour),
        (font, subset): (usize, &Subset),
    ) {
        let (width, _) = area.size_in_points();
        let left = points(area.x) + if row.leftwards { width - row.width } else { 0.0 };
        let line = points(slip_height - area.y) - baseline;
        self.colour(colour);
        self.put(format_args!("/Span<</ActualText<FEFF"));
        for unit in row.words.encode_utf16() {
            self.put(format_args!("{unit:04X}"));
        }
        self.put(format_args!(">>>BDC BT /F{font} {} Tf\n", Number(size)));
        let (mut at_x, mut at_y) = (0.0, 0.0);
        for placed in &row.glyphs {
            let (x, y) = (left + placed.x, line + placed.y);
            self.put(format_args!("{} {} Td ", Number(x - at_x), Number(y - at_y)));
            (at_x, at_y) = (x, y);
            subset.write_glyphs(std::iter::once(placed.glyph), &mut self.0);
            self.put(format_args!("Tj\n"));
        }
        self.put(format_args!("ET EMC\n"));
    }

    pub fn form(&mut self, name: &str) {
        self.put(format_args!("/{name} Do\n"));
    }

    pub fn begin_artifact(&mut self) {
        self.put(format_args!("/Artifact BMC "));
    }

    pub fn begin_tagged(&mut self, role: &str, id: i32) {
        self.put(format_args!("/{role}<</MCID {id}>>BDC\n"));
    }

    pub fn end_tagged(&mut self) {
        self.put(format_args!("EMC\n"));
    }
}

/// A number with at most three decimals and no trailing zeros.
#[derive(Clone, Copy)]
pub(super) struct Number(pub(super) f32);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let thousandths = (f64::from(self.0) * 1000.0).round() as i64;
        let (sign, whole, mut part) = (
            thousandths < 0,
            thousandths.unsigned_abs() / 1000,
            thousandths.unsigned_abs() % 1000,
        );
        if sign {
            f.write_str("-")?;
        }
        if part == 0 {
            return write!(f, "{whole}");
        }
        let mut digits = 3;
        while part % 10 == 0 {
            part /= 10;
            digits -= 1;
        }
        write!(f, "{whole}.{part:0digits$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let written: Vec<String> = [0.0, 1.0, -0.5, 12.3456, -0.0001, 0.05]
            .map(|n| Number(n).to_string())
            .into();
        assert_eq!(written, ["0", "1", "-0.5", "12.346", "0", "0.05"]);
    }
}
