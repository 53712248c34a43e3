//! (being built)

/// Where mail goes.
pub struct Mailer;
