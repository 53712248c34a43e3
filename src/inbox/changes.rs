//! What a patient changed about how they are reached: the old beside the new, for whoever rings next.

use super::who::{address_of, best_time, dial};
use crate::referrals::{ContactChange, ContactDetails, ReferralView};

/// One change.
pub(super) struct Changed {
    pub when: String,
    /// "Phone: was 07700 900123, now 07700 900456".
    pub lines: Vec<String>,
}

/// All changes of a referral, the latest first.
pub(super) fn of(view: &ReferralView) -> Vec<Changed> {
    let changed = view.timeline.iter().rev().filter_map(|event| {
        let change = event.payload.contact.as_ref()?;
        Some(Changed {
            when: event.at.display(),
            lines: in_words(change),
        })
    });
    changed.collect()
}

/// What is different, a line each.
pub(super) fn in_words(change: &ContactChange) -> Vec<String> {
    let pairs = told(&change.was).into_iter().zip(told(&change.now));
    pairs
        .filter(|((_, was), (_, now))| was != now)
        .map(|((what, was), (_, now))| format!("{what}: was {was}, now {now}"))
        .collect()
}

fn told(details: &ContactDetails) -> [(&'static str, String); 7] {
    let phone = details.phone.as_deref().map(|stored| dial(stored).shown);
    let may = |allowed: bool, yes: &str, no: &str| if allowed { yes } else { no }.to_owned();
    let nothing = || "none".to_owned();
    [
        ("Phone", phone.unwrap_or_else(nothing)),
        ("E-mail", details.email.clone().unwrap_or_else(nothing)),
        ("Voicemail", may(details.voicemail_ok, "allowed", "not allowed")),
        ("Text messages", may(details.text_ok, "allowed", "not allowed")),
        (
            "Letters and e-mail",
            may(details.write_ok, "allowed", "not allowed"),
        ),
        ("Best time to call", best_time(details.best_time.as_deref())),
        (
            "Address",
            address_of(&details.address, details.postcode.as_deref()).replace('\n', ", "),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_different_is_told_old_beside_new() {
        let was = ContactDetails {
            phone: Some("+447700900123".to_owned()),
            voicemail_ok: true,
            ..ContactDetails::default()
        };
        let now = ContactDetails {
            phone: Some("+447700900456".to_owned()),
            ..ContactDetails::default()
        };
        assert_eq!(
            in_words(&ContactChange { was, now }),
            [
                "Phone: was 07700 900123, now 07700 900456",
                "Voicemail: was allowed, now not allowed"
            ]
        );
    }
}
