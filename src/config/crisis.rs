//! Whom a patient can reach at once. Numbers change, so they stand in the locality file and never in code.

use serde::Deserialize;

/// How urgent a contact is: decides the card it is shown on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Life at risk: 999 or A&E.
    Emergency,
    /// Urgent mental health help: NHS 111 option 2 and the local line.
    Urgent,
    /// Someone to talk to.
    Listening,
}

/// One contact, as patients read it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Which card it stands on.
    pub urgency: Urgency,
    /// "Samaritans".
    pub name: String,
    /// "Call 116 123, free, day or night".
    pub how: String,
    /// The number to dial, digits only, for a telephone link; none for text and sign language services.
    #[serde(default)]
    pub dial: Option<String>,
}
