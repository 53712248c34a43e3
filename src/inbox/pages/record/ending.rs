//! What stands between a referral and its end: calls that are missing, a safety flag, and who may end it then.

use super::opened::Opened;
use crate::config::Locality;
use crate::referrals::{ONE_ATTEMPT_MINUTES, Unreached};
use crate::staff::{Actor, Deed};

/// What the forms that end a referral say.
pub(super) struct Ending {
    /// Somebody's safety is in question: it ends only with who was told, by name.
    pub at_risk: bool,
    /// Whether the reader may end it all the same.
    may_end: bool,
    /// "Tried once. Two more calls before it may be closed"; empty if it may.
    pub missing: String,
    /// "Tried 3 times."
    pub tried: String,
    has_number: bool,
}

impl Ending {
    pub fn of(opened: &Opened, locality: &Locality, actor: &Actor) -> Ending {
        let view = &opened.view;
        let tries = view.plan.tried();
        let has_number = view.person.can_be_rung() && !view.plan.number_wrong();
        let needed = u32::from(locality.contact.attempts);
        let tried = match tries {
            0 => "Nobody has rung them since they were last spoken to.".to_owned(),
            1 => "One attempt reached nobody.".to_owned(),
            many => format!("{many} attempts reached nobody."),
        };
        Ending {
            at_risk: view.is_at_risk(),
            may_end: actor.may(Deed::EndAtRisk),
            missing: match Unreached::after(tries, needed, has_number) {
                Unreached::MayEnd => String::new(),
                Unreached::TryAgain(missing) => format!(
                    "{tried} {} before it may be closed: this service rings {needed} times. Calls within \
                     {ONE_ATTEMPT_MINUTES} minutes of each other count as one.",
                    more_calls(missing)
                ),
            },
            tried,
            has_number,
        }
    }

    /// Whether only a lead may end it without having spoken to the person, and the reader is none.
    pub fn is_for_lead(&self) -> bool {
        self.at_risk && !self.may_end
    }

    pub fn tried_label(&self) -> &'static str {
        match self.has_number {
            true => "What else was tried (optional)",
            false => "How you tried to reach them, without a right number",
        }
    }
}

/// "One more call", "2 more calls".
pub(in crate::inbox::pages) fn more_calls(missing: u32) -> String {
    match missing {
        1 => "One more call".to_owned(),
        many => format!("{many} more calls"),
    }
}
