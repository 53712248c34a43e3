//! All templates of a deployment, read and checked together.

use super::{Template, TemplateError};
use std::collections::BTreeMap;

/// Templates compiled into the binary: file name and text.
const SHIPPED: [(&str, &str); 1] = [(
    "a6_four_up.toml",
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/pad_templates/a6_four_up.toml"
    )),
)];

/// All templates of a deployment, by name.
#[derive(Clone)]
pub struct Templates(BTreeMap<String, Template>);

impl Templates {
    /// The templates that come with the product.
    pub fn shipped() -> Result<Self, TemplateError> {
        Self::of(
            SHIPPED
                .iter()
                .map(|(file, source)| (file.to_string(), source.to_string())),
        )
    }

    /// The templates of a folder if there is such a folder, else those that come with the product.
    pub fn in_force(folder: &std::path::Path) -> anyhow::Result<Self> {
        if folder.is_dir() {
            Self::load(folder)
        } else {
            Ok(Self::shipped()?)
        }
    }

    /// Every `*.toml` of a folder. Errors if the folder cannot be read or a template in it is not right.
    pub fn load(folder: &std::path::Path) -> anyhow::Result<Self> {
        use anyhow::Context;
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
        Ok(Self::of(files.into_iter())?)
    }

    fn of(files: impl Iterator<Item = (String, String)>) -> Result<Self, TemplateError> {
        let mut templates = BTreeMap::new();
        for (file, source) in files {
            let template = Template::parse(&file, &source)?;
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

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Template> {
        self.0.values()
    }
}
