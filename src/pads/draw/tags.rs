//! The structure tree: what a screen reader is told about each mark on a page (ISO 32000-1, 14.7 and 14.8).
//! Document > one section per slip > headings, paragraphs and the QR code as a figure with its words.

use crate::pads::pdf::PdfFile;
use crate::pads::template::Role;
use pdf_writer::{Name, Ref, TextStr};
use std::io::Write;

/// The standard structure type of a role.
pub(super) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Heading => "H1",
        Role::Subheading => "H2",
        Role::Paragraph => "P",
    }
}

/// The tree while it grows.
pub(super) struct Tags {
    root: Ref,
    document: Ref,
    sections: Vec<Ref>,
    /// Per page, the element each marked-content number belongs to.
    parents: Vec<Vec<Ref>>,
    page: Ref,
    children: Vec<Ref>,
}

impl Tags {
    pub fn start<W: Write>(file: &mut PdfFile<W>) -> Self {
        let (root, document) = (file.reserve(), file.reserve());
        Tags {
            root,
            document,
            sections: Vec::new(),
            parents: Vec::new(),
            page: root,
            children: Vec::new(),
        }
    }

    /// Starts a page; hands back its key in the parent tree.
    pub fn start_page(&mut self, page: Ref) -> i32 {
        self.page = page;
        self.parents.push(Vec::new());
        self.parents.len() as i32 - 1
    }

    pub fn start_section<W: Write>(&mut self, file: &mut PdfFile<W>) -> Ref {
        let section = file.reserve();
        self.sections.push(section);
        section
    }

    /// An element of text, in another language than the document's if `language` says so; hands back its
    /// marked-content number.
    pub fn text<W: Write>(
        &mut self,
        file: &mut PdfFile<W>,
        section: Ref,
        role: &str,
        language: Option<&str>,
    ) -> anyhow::Result<i32> {
        self.element(file, section, role, language.map(|code| (Name(b"Lang"), code)))
    }

    /// The QR code; hands back its marked-content number.
    pub fn figure<W: Write>(&mut self, file: &mut PdfFile<W>, section: Ref) -> anyhow::Result<i32> {
        // The same words on every slip: the code and the serial stand beside it as text.
        const WORDS: &str = "QR code: opens the web page of this slip, where its code can be typed too";
        self.element(file, section, "Figure", Some((Name(b"Alt"), WORDS)))
    }

    fn element<W: Write>(
        &mut self,
        file: &mut PdfFile<W>,
        section: Ref,
        role: &str,
        more: Option<(Name<'_>, &str)>,
    ) -> anyhow::Result<i32> {
        let id = file.reserve();
        let on_page = self.parents.last_mut();
        let number = on_page.map_or(0, |elements| {
            elements.push(id);
            elements.len() as i32 - 1
        });
        self.children.push(id);
        let page = self.page;
        file.told(id, |object| {
            let mut dict = object.dict();
            dict.pair(Name(b"S"), Name(role.as_bytes()))
                .pair(Name(b"P"), section);
            dict.pair(Name(b"Pg"), page).pair(Name(b"K"), number);
            if let Some((key, words)) = more {
                dict.pair(key, TextStr(words));
            }
        })?;
        Ok(number)
    }

    pub fn finish_section<W: Write>(&mut self, file: &mut PdfFile<W>, section: Ref) -> anyhow::Result<()> {
        let (document, children) = (self.document, std::mem::take(&mut self.children));
        file.told(section, |object| {
            let mut dict = object.dict();
            dict.pair(Name(b"S"), Name(b"Sect")).pair(Name(b"P"), document);
            dict.insert(Name(b"K")).array().items(children);
        })
    }

    /// Writes the root and hands back its number.
    pub fn finish<W: Write>(self, file: &mut PdfFile<W>) -> anyhow::Result<Ref> {
        let Tags {
            root,
            document,
            sections,
            parents,
            ..
        } = self;
        file.told(document, |object| {
            let mut dict = object.dict();
            dict.pair(Name(b"S"), Name(b"Document")).pair(Name(b"P"), root);
            dict.insert(Name(b"K")).array().items(sections);
        })?;
        file.told(root, |object| {
            let mut dict = object.dict();
            dict.pair(Name(b"Type"), Name(b"StructTreeRoot"))
                .pair(Name(b"K"), document);
            let mut tree = dict.insert(Name(b"ParentTree")).dict();
            let mut numbers = tree.insert(Name(b"Nums")).array();
            for (key, elements) in parents.iter().enumerate() {
                numbers.item(key as i32);
                numbers.push().array().items(elements.iter().copied());
            }
        })?;
        Ok(root)
    }
}
