//! The organisation's own logo: an SVG file of plain shapes, printed as vectors. Decides whether a file can be printed
//! faithfully; draws nothing itself.

use super::template::Colour;
use anyhow::{Context, bail};
use std::path::Path;
use usvg::tiny_skia_path::PathSegment;
use usvg::{Group, Node, Options, Paint, Tree};

/// A logo ready to be drawn.
#[derive(Clone, Debug)]
pub struct Logo {
    /// Its width, in units of its own.
    pub width: f32,
    /// Its height, in the same units.
    pub height: f32,
    /// Its shapes, from the back to the front.
    pub shapes: Vec<Shape>,
}

/// One shape in one colour.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Its colour.
    pub colour: Colour,
    /// By which rule it is filled; none for a stroke.
    pub fill: Option<Rule>,
    /// The width of its stroke, if it is one.
    pub stroke: Option<f32>,
    /// Its outline, y downwards.
    pub outline: Vec<PathSegment>,
}

/// How a filled outline that crosses itself is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Nonzero winding.
    Nonzero,
    /// Even-odd.
    EvenOdd,
}

impl Logo {
    /// Reads a file. Errors if it is no SVG, or holds what would not be printed as it looks.
    pub fn load(file: &Path) -> anyhow::Result<Self> {
        let place = || format!("the logo {}", file.display());
        let source = std::fs::read(file).with_context(place)?;
        Self::parse(&source).with_context(place)
    }

    /// Reads the text of a file.
    pub fn parse(source: &[u8]) -> anyhow::Result<Self> {
        let tree =
            Tree::from_data(source, &Options::default()).context("is not an SVG file that can be read")?;
        let mut shapes = Vec::new();
        collect(tree.root(), &mut shapes)?;
        anyhow::ensure!(
            !shapes.is_empty(),
            "has no shapes; text must be turned into outlines first"
        );
        Ok(Logo {
            width: tree.size().width(),
            height: tree.size().height(),
            shapes,
        })
    }
}

fn collect(group: &Group, shapes: &mut Vec<Shape>) -> anyhow::Result<()> {
    if group.opacity().get() < 1.0
        || group.clip_path().is_some()
        || group.mask().is_some()
        || !group.filters().is_empty()
    {
        bail!("uses transparency, a clip, a mask or a filter; flatten it to plain shapes");
    }
    for node in group.children() {
        match node {
            Node::Group(inner) => collect(inner, shapes)?,
            Node::Path(path) if !path.is_visible() => {}
            Node::Path(path) => {
                let moved = path.data().clone().transform(path.abs_transform());
                let outline: Vec<PathSegment> = moved.context("has a shape of no size")?.segments().collect();
                if let Some(fill) = path.fill() {
                    let rule = match fill.rule() {
                        usvg::FillRule::NonZero => Rule::Nonzero,
                        usvg::FillRule::EvenOdd => Rule::EvenOdd,
                    };
                    shapes.push(Shape {
                        colour: plain(fill.paint(), fill.opacity().get())?,
                        fill: Some(rule),
                        stroke: None,
                        outline: outline.clone(),
                    });
                }
                if let Some(stroke) = path.stroke() {
                    let scale = path.abs_transform().get_scale();
                    shapes.push(Shape {
                        colour: plain(stroke.paint(), stroke.opacity().get())?,
                        fill: None,
                        stroke: Some(stroke.width().get() * (scale.0 + scale.1) / 2.0),
                        outline,
                    });
                }
            }
            Node::Image(_) => bail!("holds a picture of pixels; a logo is made of shapes"),
            Node::Text(_) => bail!("holds text; turn it into outlines first"),
        }
    }
    Ok(())
}

fn plain(paint: &Paint, opacity: f32) -> anyhow::Result<Colour> {
    match paint {
        Paint::Color(colour) if opacity >= 1.0 => {
            Ok([colour.red, colour.green, colour.blue].map(|part| f32::from(part) / 255.0))
        }
        Paint::Color(_) => bail!("is partly transparent; use a full colour"),
        Paint::LinearGradient(_) | Paint::RadialGradient(_) | Paint::Pattern(_) => {
            bail!("has a gradient or a pattern; use a full colour")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inside: &str) -> Vec<u8> {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\">{inside}</svg>")
            .into_bytes()
    }

    #[test]
    fn plain_shapes_are_taken_with_their_colours() {
        let logo = Logo::parse(&svg(
            "<rect width=\"40\" height=\"20\" fill=\"#005eb8\"/><g transform=\"scale(2)\"><path d=\"M1 1h4v4z\" fill=\"#fff\"/></g>",
        ))
        .unwrap();
        assert_eq!((logo.width, logo.height, logo.shapes.len()), (40.0, 20.0, 2));
        assert_eq!(logo.shapes[1].colour, [1.0, 1.0, 1.0]);
    }

    #[test]
    fn what_would_not_print_as_it_looks_is_refused() {
        for (inside, said) in [
            ("<rect width=\"9\" height=\"9\" opacity=\"0.5\"/>", "transparen"),
            (
                "<linearGradient id=\"g\"><stop stop-color=\"red\"/><stop offset=\"1\"/></linearGradient><rect width=\"9\" height=\"9\" fill=\"url(#g)\"/>",
                "gradient",
            ),
            ("", "no shapes"),
        ] {
            let told = format!("{:#}", Logo::parse(&svg(inside)).unwrap_err());
            assert!(told.contains(said), "{told}");
        }
        assert!(Logo::parse(b"not an svg").is_err());
    }
}
