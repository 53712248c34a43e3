//! One field of the record system's form.

/// A field: what it is called here and there, and what stands in it.
#[derive(Clone)]
pub(in crate::inbox) struct Field {
    /// The name of its column in the table: stable, described in docs/operations.md.
    pub column: &'static str,
    /// What the page calls it.
    pub label: String,
    /// What is copied and typed; empty where nothing was given or asked.
    pub value: String,
    /// What the column of the table holds; mostly the same.
    pub cell: String,
    /// Said beside the value, or in its place: "not traced", "Not given".
    pub note: String,
}

/// A name may stand in it.
impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Field({}, [redacted])", self.column)
    }
}

/// Fields that belong together.
#[derive(Clone, Debug)]
pub(in crate::inbox) struct Group {
    pub heading: &'static str,
    pub fields: Vec<Field>,
    /// Whether the values are single digits that stand side by side: the items of a questionnaire.
    pub items: bool,
}

impl Field {
    /// A field with this value; an empty one says "Not given".
    pub fn new(column: &'static str, label: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        let note = match value.is_empty() {
            true => "Not given".to_owned(),
            false => String::new(),
        };
        Self {
            column,
            label: label.into(),
            cell: value.clone(),
            value,
            note,
        }
    }

    /// With something said beside it.
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// With something else in the column of the table.
    pub fn cell(mut self, cell: impl Into<String>) -> Self {
        self.cell = cell.into();
        self
    }

    /// With something said where nothing was given.
    pub fn or_else(mut self, said: &str) -> Self {
        if self.value.is_empty() {
            said.clone_into(&mut self.note);
        }
        self
    }
}
