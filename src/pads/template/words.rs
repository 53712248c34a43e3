//! What stands in for the placeholders of a template's texts.

/// The words that fill placeholders. All of them are safe to print on a slip that anyone may find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words<'a> {
    /// `{service}`: the service the pad is for, or NHS Talking Therapies for none in particular.
    pub service: &'a str,
    /// `{clinic}`: the clinic that hands it out.
    pub clinic: &'a str,
    /// `{phone}`: the number for those who cannot scan.
    pub phone: &'a str,
    /// `{web}`: the address for those who type, without its scheme.
    pub web: &'a str,
    /// `{serial}`: the slip's number.
    pub serial: &'a str,
    /// `{code}`: the typed code in groups.
    pub code: &'a str,
}

impl Words<'_> {
    /// The text with its placeholders filled; `Err` names a placeholder that does not exist.
    pub fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::with_capacity(text.len() + 16);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let (name, later) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(match name {
                "service" => self.service,
                "clinic" => self.clinic,
                "phone" => self.phone,
                "web" => self.web,
                "serial" => self.serial,
                "code" => self.code,
                unknown => return Err(unknown.to_string()),
            });
            rest = later;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}
