//! What is missing or wrong among the settings: all of it at once.

use std::fmt;

/// One sentence for each setting that is missing or wrong; each begins with the setting's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingFaults(pub Vec<String>);

impl fmt::Display for SettingFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [only] => f.write_str(only),
            many => {
                write!(f, "{} settings are missing or wrong:", many.len())?;
                many.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
            }
        }
    }
}

impl std::error::Error for SettingFaults {}

/// The faults found while settings are read one after the other.
#[derive(Default)]
pub(super) struct Reading(Vec<String>);

impl Reading {
    /// The value, or nothing and one fault more.
    pub(super) fn take<T>(&mut self, read: anyhow::Result<T>) -> Option<T> {
        read.map_err(|refused| self.0.push(format!("{refused:#}"))).ok()
    }

    /// All faults, if there are any.
    pub(super) fn faults(self) -> Option<SettingFaults> {
        (!self.0.is_empty()).then_some(SettingFaults(self.0))
    }
}
