//! All templates of a deployment, read and checked together.

use super::{Template, TemplateError};
use crate::config::Locality;
use crate::pads::stock::Stock;
use anyhow::Context;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A template that comes with the product.
macro_rules! shipped {
    ($file:literal) => {
        (
            $file,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/pad_templates/", $file)),
        )
    };
}

/// Templates compiled into the binary: file name and text.
const SHIPPED: [(&str, &str); 5] = [
    shipped!("a4_large_print.toml"),
    shipped!("a5_two_up.toml"),
    shipped!("a6_four_up.toml"),
    shipped!("a6_glued_pad.toml"),
    shipped!("label_100x150.toml"),
];

/// All templates of a deployment, by name.
#[derive(Clone)]
pub struct Templates(BTreeMap<String, Template>);

impl Templates {
    /// The templates that come with the product, with all languages and no logo.
    pub fn shipped() -> Result<Self, TemplateError> {
        Self::shipped_with(&Arc::new(Stock::shipped()?))
    }

    fn shipped_with(stock: &Arc<Stock>) -> Result<Self, TemplateError> {
        let files = SHIPPED.iter();
        Self::of(
            files.map(|(file, source)| (file.to_string(), source.to_string())),
            stock,
        )
    }

    /// The templates of a folder if there is such a folder, else those that come with the product; with the
    /// languages and the logo of the locality.
    pub fn in_force(folder: &Path, locality: &Locality) -> anyhow::Result<Self> {
        let stock = Arc::new(Stock::of(locality)?);
        if folder.is_dir() {
            Self::load(folder, &stock)
        } else {
            Ok(Self::shipped_with(&stock)?)
        }
    }

    /// Every `*.toml` of a folder. Errors if the folder cannot be read or a template in it is not right.
    fn load(folder: &Path, stock: &Arc<Stock>) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let source =
                    std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
                files.push((path.display().to_string(), source));
            }
        }
        files.sort();
        Ok(Self::of(files.into_iter(), stock)?)
    }

    fn of(files: impl Iterator<Item = (String, String)>, stock: &Arc<Stock>) -> Result<Self, TemplateError> {
        let mut templates = BTreeMap::new();
        for (file, source) in files {
            let template = Template::parse_with(&file, &source, stock)?;
            if let Some(twin) = templates.insert(template.name.clone(), template) {
                return Err(TemplateError {
                    file,
                    line: 1,
                    key: "name".into(),
                    problem: format!("another template is called {:?} too", twin.name),
                });
            }
        }
        Ok(Templates(templates))
    }

    /// The template of that name.
    pub fn get(&self, name: &str) -> Option<&Template> {
        self.0.get(name)
    }

    /// The template of a slip for which nobody chose one: the usual pad if it is there, else the first.
    pub fn usual(&self) -> Option<&Template> {
        self.get("a6_four_up").or_else(|| self.iter().next())
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Template> {
        self.0.values()
    }
}
