//! What is stamped on a slip beside its text: the logo, and a word across it.

use super::ink::{Ink, Number, points};
use crate::pads::font::Subset;
use crate::pads::logo::{Logo, Rule};
use crate::pads::template::Area;
use usvg::tiny_skia_path::{PathSegment, Point};

impl Ink {
    /// The logo as large as the area allows, in the middle of its height, at its left edge.
    pub fn logo(&mut self, logo: &Logo, area: &Area, slip_height: f32) {
        let (width, height) = area.size_in_points();
        let scale = (width / logo.width).min(height / logo.height);
        let spare = (height - logo.height * scale) / 2.0;
        self.save();
        self.scale_down(scale, points(area.x), points(slip_height - area.y) - spare);
        for shape in &logo.shapes {
            let [red, green, blue] = shape.colour.map(Number);
            match shape.stroke {
                Some(width) => self.put(format_args!("{red} {green} {blue} RG {} w\n", Number(width))),
                None => self.colour(shape.colour),
            }
            self.outline(&shape.outline);
            match shape.fill {
                Some(Rule::EvenOdd) => self.put(format_args!("f*\n")),
                Some(Rule::Nonzero) => self.fill(),
                None => self.put(format_args!("S\n")),
            }
        }
        self.restore();
    }

    fn outline(&mut self, outline: &[PathSegment]) {
        let mut from = Point::zero();
        for segment in outline {
            match *segment {
                PathSegment::MoveTo(to) => self.put(format_args!("{} {} m\n", Number(to.x), Number(to.y))),
                PathSegment::LineTo(to) => self.put(format_args!("{} {} l\n", Number(to.x), Number(to.y))),
                // A quadratic curve as the cubic one that runs the same way.
                PathSegment::QuadTo(bend, to) => {
                    let towards = |end: Point| {
                        (
                            end.x + 2.0 * (bend.x - end.x) / 3.0,
                            end.y + 2.0 * (bend.y - end.y) / 3.0,
                        )
                    };
                    self.curve(towards(from), towards(to), (to.x, to.y));
                }
                PathSegment::CubicTo(one, two, to) => {
                    self.curve((one.x, one.y), (two.x, two.y), (to.x, to.y))
                }
                PathSegment::Close => self.put(format_args!("h\n")),
            }
            if let PathSegment::MoveTo(to)
            | PathSegment::LineTo(to)
            | PathSegment::QuadTo(_, to)
            | PathSegment::CubicTo(_, _, to) = *segment
            {
                from = to;
            }
        }
    }

    fn curve(&mut self, one: (f32, f32), two: (f32, f32), to: (f32, f32)) {
        let [a, b, c, d, e, f] = [one.0, one.1, two.0, two.1, to.0, to.1].map(Number);
        self.put(format_args!("{a} {b} {c} {d} {e} {f} c\n"));
    }

    /// Large pale letters from an area's top left to its bottom right, nowhere within `spared`. Drawn before
    /// everything else, so that nothing on the slip gets harder to read.
    pub fn overprint(
        &mut self,
        word: &str,
        em_width: f32,
        area: &Area,
        slip_height: f32,
        spared: Option<Area>,
        bold: &Subset,
    ) {
        let up = |area: &Area| {
            let (width, height) = area.size_in_points();
            [
                points(area.x),
                points(slip_height - area.y - area.height),
                width,
                height,
            ]
        };
        let [left, bottom, width, height] = up(area);
        let diagonal = width.hypot(height);
        let length = diagonal * 0.64;
        let (size, half_cap) = (length / em_width, 0.357 * length / em_width);
        let (cos, sin) = (width / diagonal, -height / diagonal);
        let x = left + width / 2.0 - cos * length / 2.0 + sin * half_cap;
        let y = bottom + height / 2.0 - sin * length / 2.0 - cos * half_cap;
        self.save();
        for [left, bottom, width, height] in std::iter::once(up(area)).chain(spared.as_ref().map(up)) {
            let [left, bottom, width, height] = [left, bottom, width, height].map(Number);
            self.put(format_args!("{left} {bottom} {width} {height} re "));
        }
        self.put(format_args!("W* n\n"));
        self.colour([0.97, 0.87, 0.85]);
        self.put(format_args!(
            "BT /F1 {} Tf {} {} {} {} ",
            Number(size),
            Number(cos),
            Number(sin),
            Number(-sin),
            Number(cos)
        ));
        self.put(format_args!("{} {} Tm ", Number(x), Number(y)));
        bold.write_string(word, &mut self.0);
        self.put(format_args!("Tj ET\n"));
        self.restore();
    }
}
