//! How the referral came here.

use super::opened::Opened;
use crate::referrals::Door;
use crate::triage::Source;

/// How the referral came here, a few words each.
pub(super) fn came(opened: &Opened) -> Vec<String> {
    let view = &opened.view;
    let source = match view.source {
        Source::Patient => "Self-referral",
        Source::Physio => "Referred by a physiotherapist with the patient",
        Source::Gp => "Referred by a GP",
        Source::Carer => "Referred by a carer or helper",
    };
    let door = match view.door {
        Door::Patient => "on the patient's own pages",
        Door::Physio => "on the physiotherapist's page",
        Door::Staff => "typed by staff",
        Door::Api => "sent by another system",
    };
    let mut came = vec![format!("{source}, {door}")];
    came.extend(opened.clinic.clone());
    came.extend(opened.serial.map(|serial| format!("Slip {serial:06}")));
    if view.share_status {
        came.push("The referrer may see how far it is".to_owned());
    }
    came
}
