//! What the rules suggest, and why.

use crate::config::Locality;
use crate::inbox::words::{self, FlagWord};
use crate::referrals::ReferralView;
use crate::triage::{NOT_VALIDATED, Reason, booking_meaning, step_meaning};

/// The suggestion as the page says it.
pub(super) struct Suggestion {
    /// "Health and Wellbeing IAPT, Step 2, Within 10 working days".
    pub heading: String,
    pub not_validated: &'static str,
    pub flags: Vec<FlagWord>,
    pub reasons: Vec<Reason>,
    pub booking: &'static str,
    pub rules_version: String,
}

impl Suggestion {
    pub fn of(view: &ReferralView, locality: &Locality) -> Suggestion {
        let decision = &view.case_sheet.decision;
        Suggestion {
            heading: format!(
                "{}, {}, {}",
                words::service(locality, decision.service),
                step_meaning(decision.step),
                words::urgency(decision.priority).text
            ),
            not_validated: NOT_VALIDATED,
            flags: words::flags(decision.flags.iter().map(String::as_str)),
            reasons: decision.reasons.clone(),
            booking: booking_meaning(decision.booking),
            rules_version: decision.rules_version.clone(),
        }
    }
}
