//! What helps to cut slips out of a sheet.

use super::ink::{Ink, points};
use crate::pads::template::Template;

/// The marks of a sheet; nothing if the template wants none.
pub(super) fn marks(template: &Template) -> Ink {
    match (template.page.bleed > 0.0, template.page.cut_marks) {
        (true, _) => trim_marks(template),
        (false, true) => cut_marks(template),
        (false, false) => Ink::new(),
    }
}

/// Lines at the corners of the finished slip, outside the bleed.
fn trim_marks(template: &Template) -> Ink {
    const LENGTH: f32 = 4.0;
    let mut ink = Ink::new();
    ink.hairline_grey();
    let (left, top) = template.origin(0);
    let (right, bottom) = (left + template.slip.width, top + template.slip.height);
    let gap = template.page.bleed + 0.5;
    let mut stroke = |x0: f32, y0: f32, x1: f32, y1: f32| {
        let up = |y: f32| points(template.page.height - y);
        ink.line((points(x0), up(y0)), (points(x1), up(y1)));
    };
    for x in [left, right] {
        stroke(x, top - gap, x, top - gap - LENGTH);
        stroke(x, bottom + gap, x, bottom + gap + LENGTH);
    }
    for y in [top, bottom] {
        stroke(left - gap, y, left - gap - LENGTH, y);
        stroke(right + gap, y, right + gap + LENGTH, y);
    }
    ink
}

/// Short lines at the sheet's edges and small crosses where four slips meet: enough to lay a ruler, nothing
/// that shows on a slip cut slightly off.
fn cut_marks(template: &Template) -> Ink {
    const ARM: f32 = 4.0;
    let mut ink = Ink::new();
    ink.hairline_grey();
    let (columns, rows) = (
        usize::from(template.slip.columns),
        usize::from(template.slip.rows),
    );
    let (left, top) = template.origin(0);
    let (page_width, page_height) = (template.page.width, template.page.height);
    let xs: Vec<f32> = (0..=columns)
        .map(|column| left + column as f32 * template.slip.width)
        .collect();
    let ys: Vec<f32> = (0..=rows)
        .map(|row| page_height - top - row as f32 * template.slip.height)
        .collect();
    let inside = |v: f32, end: f32| v > 0.1 && v < end - 0.1;
    let mut stroke =
        |x0: f32, y0: f32, x1: f32, y1: f32| ink.line((points(x0), points(y0)), (points(x1), points(y1)));
    for x in xs.iter().copied().filter(|x| inside(*x, page_width)) {
        stroke(x, 0.0, x, ARM);
        stroke(x, page_height - ARM, x, page_height);
        ys.iter()
            .filter(|y| inside(**y, page_height))
            .for_each(|y| stroke(x, y - ARM / 2.0, x, y + ARM / 2.0));
    }
    for y in ys.iter().copied().filter(|y| inside(*y, page_height)) {
        stroke(0.0, y, ARM, y);
        stroke(page_width - ARM, y, page_width, y);
        xs.iter()
            .filter(|x| inside(**x, page_width))
            .for_each(|x| stroke(x - ARM / 2.0, y, x + ARM / 2.0, y));
    }
    ink
}
