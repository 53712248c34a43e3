//! What a deployment adds to every template: the line about interpreters in its languages, and its own logo. Read and
//! checked whole at start-up; an error names file, line and key.

use super::font::Face;
use super::logo::Logo;
use super::shape::Set;
use super::template::TemplateError;
use crate::config::Locality;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;

/// The file that comes with the product.
const SHIPPED: &str = include_str!("../../languages.toml");

/// Its name beside the program, where a deployment keeps its own.
const FILE: &str = "languages.toml";

/// What every template of a deployment can print.
#[derive(Clone, Default)]
pub struct Stock {
    /// The line about interpreters, in the order of the locality's languages.
    pub lines: Vec<Line>,
    /// The organisation's own logo, if it has one that may be printed.
    pub logo: Option<Logo>,
}

/// "Ask us for an interpreter or another format" in one language.
#[derive(Clone)]
pub struct Line {
    /// BCP 47 code.
    pub language: String,
    /// The words.
    pub words: String,
    /// The face that sets them.
    pub face: Face,
    /// The words, shaped.
    pub set: Set,
    /// Who answers for the translation, and since when; nobody yet.
    pub review: Option<Review>,
}

/// A clinical review of a translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Name and role of the reviewer.
    pub by: String,
    /// The day.
    pub on: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    line: String,
    font: String,
    reviewed_by: Option<String>,
    reviewed_on: Option<Spanned<String>>,
}

impl Stock {
    /// What comes with the product: all lines, no logo.
    pub fn shipped() -> Result<Self, TemplateError> {
        Ok(Stock {
            lines: read(FILE, SHIPPED)?.into_values().collect(),
            logo: None,
        })
    }

    /// What a deployment prints: its own `languages.toml` if there is one, else the shipped, in the languages of the
    /// locality; and the logo that the locality names.
    pub fn of(locality: &Locality) -> anyhow::Result<Self> {
        let own = Path::new(FILE);
        let source = match own.is_file() {
            true => std::fs::read_to_string(own)?,
            false => SHIPPED.to_owned(),
        };
        let mut known = read(FILE, &source)?;
        let mut lines = Vec::new();
        for code in &locality.languages {
            let line = known.remove(code).ok_or_else(|| TemplateError {
                file: FILE.to_owned(),
                line: 1,
                key: code.clone(),
                problem: format!(
                    "locality.toml names the language {code:?}, and there is no line in it: add [{code}]"
                ),
            })?;
            lines.push(line);
        }
        let logo = locality.organisation.logo.as_deref();
        Ok(Stock {
            lines,
            logo: logo.map(|file| Logo::load(Path::new(file))).transpose()?,
        })
    }

    /// The lines that may be printed: the reviewed ones, or in a demonstration all.
    pub fn printable(&self, unreviewed_too: bool) -> impl Iterator<Item = &Line> {
        self.lines
            .iter()
            .filter(move |line| unreviewed_too || line.review.is_some())
    }
}

fn read(file: &str, source: &str) -> Result<BTreeMap<String, Line>, TemplateError> {
    let fault = |line: usize, key: &str, problem: String| TemplateError {
        file: file.to_owned(),
        line,
        key: key.to_owned(),
        problem,
    };
    let line_at = |offset: usize| source.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1;
    let raw: BTreeMap<Spanned<String>, Raw> = toml::from_str(source).map_err(|error| {
        let at = error.span().map_or(1, |span| line_at(span.start));
        fault(at, "", error.message().to_owned())
    })?;
    let mut lines = BTreeMap::new();
    for (code, raw) in raw {
        let at = line_at(code.span().start);
        let language = code.into_inner();
        let key = |name: &str| format!("{language}.{name}");
        let face = Face::named(&raw.font).map_err(|error| fault(at, &key("font"), error.to_string()))?;
        let review = match (raw.reviewed_by, raw.reviewed_on) {
            (None, None) => None,
            (Some(by), Some(on)) => {
                let unfit = |_| {
                    let told = format!("{:?} is not a date like 2027-01-31", on.get_ref());
                    fault(line_at(on.span().start), &key("reviewed_on"), told)
                };
                let on = on.get_ref().parse().map_err(unfit)?;
                Some(Review { by, on })
            }
            (Some(_), None) => {
                return Err(fault(at, &key("reviewed_on"), "a review needs a date".to_owned()));
            }
            (None, Some(_)) => {
                return Err(fault(at, &key("reviewed_by"), "a review needs a name".to_owned()));
            }
        };
        let set = Set::of(&face, &raw.line, &language);
        let line = Line {
            set: set.map_err(|misfit| fault(at, &key("line"), misfit.to_string()))?,
            language: language.clone(),
            words: raw.line,
            face,
            review,
        };
        lines.insert(language, line);
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(source: &str) -> String {
        read("languages.toml", source).err().expect("a fault").to_string()
    }

    #[test]
    fn every_language_of_the_shipped_locality_has_a_line_and_none_is_printed_unreviewed() {
        let locality = Locality::example().unwrap();
        let stock = Stock::of(&locality).unwrap();
        assert_eq!(stock.lines.len(), locality.languages.len());
        assert_eq!(stock.printable(false).count(), 0);
        assert_eq!(stock.printable(true).count(), locality.languages.len());
    }

    #[test]
    fn a_review_lets_a_line_be_printed() {
        let source = "[pl]\nline = \"Tak\"\nfont = \"NotoSans-Regular\"\nreviewed_by = \"A. Example, PWP\"\nreviewed_on = \"2027-01-31\"\n";
        let lines = read("languages.toml", source).unwrap();
        assert!(lines["pl"].review.is_some());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let line = "line = \"Tak\"\nfont = \"NotoSans-Regular\"\n";
        for (source, said) in [
            (
                "[pl]\nline = \"Tak\"\nfont = \"Frutiger\"\n".to_owned(),
                "languages.toml:1: pl.font: unknown font",
            ),
            (
                "[zh]\nline = \"口译\"\nfont = \"NotoSans-Regular\"\n".to_owned(),
                "languages.toml:1: zh.line: the font NotoSans-Regular has no character",
            ),
            (
                format!("\n[pl]\n{line}reviewed_by = \"A\"\n"),
                "languages.toml:2: pl.reviewed_on: a review needs a date",
            ),
            (
                format!("[pl]\n{line}reviewed_by = \"A\"\nreviewed_on = \"soon\"\n"),
                "languages.toml:5: pl.reviewed_on: \"soon\" is not a date",
            ),
            (format!("[pl]\n{line}reviewer = \"A\"\n"), "languages.toml:4"),
        ] {
            let told = fault(&source);
            assert!(told.starts_with(said), "{told}");
        }
    }
}
