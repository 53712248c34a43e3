//! The TOML of a template as it stands in the file, before anything but its shape is known to be right.

use super::place::{key_on, line_at};
use super::{Grid, Role, Sheet, TemplateError};
use crate::pads::layout::Align;
use std::collections::BTreeMap;
use toml::Spanned;

/// A template file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    pub name: String,
    pub title: String,
    pub language: String,
    /// The least size of what patients read, in points.
    #[serde(default = "twelve")]
    pub smallest_print: f32,
    /// A label may have smaller print than a slip.
    #[serde(default)]
    pub label: bool,
    pub page: Sheet,
    pub slip: Grid,
    pub colours: BTreeMap<String, String>,
    pub fonts: Fonts,
    #[serde(rename = "block")]
    pub blocks: Vec<Spanned<RawBlock>>,
    #[serde(default)]
    pub back: RawSide,
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
}

fn twelve() -> f32 {
    12.0
}

/// `[[back.block]]`
#[derive(serde::Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSide {
    #[serde(rename = "block", default)]
    pub blocks: Vec<Spanned<RawBlock>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fonts {
    pub regular: String,
    pub bold: String,
}

/// A `[[block]]`: which keys it needs depends on its kind, and `check` says so.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBlock {
    pub kind: Kind,
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
    pub colour: Option<String>,
    pub radius: Option<f32>,
    pub text: Option<String>,
    pub role: Option<Role>,
    pub size: Option<f32>,
    pub leading: Option<f32>,
    #[serde(default)]
    pub bold: bool,
    #[serde(default)]
    pub align: Align,
}

#[derive(serde::Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Text,
    Qr,
    Panel,
    Logo,
    Languages,
}

/// Reads the file's shape: syntax, types, unknown and missing keys.
pub(super) fn read(file: &str, source: &str) -> Result<Raw, TemplateError> {
    toml::from_str(source).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = line_at(source, start);
        TemplateError {
            file: file.to_string(),
            line,
            key: key_on(source, line),
            problem: error.message().to_string(),
        }
    })
}
