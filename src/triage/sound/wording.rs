//! The words staff read: no grade of risk, no diagnosis, nothing that reassures (NHS England, Staying safe from
//! suicide, 2025).

use super::super::rules::RuleSet;
use super::{Key, Told};

/// What no reason may say, in small letters.
const NEVER: [&str; 7] = [
    "low risk",
    "medium risk",
    "moderate risk",
    "high risk",
    "no risk",
    "diagnos",
    "is safe",
];

pub(super) fn check(rules: &RuleSet, told: &mut Told<'_>) {
    for rule in &rules.rules {
        let text = rule.text.to_lowercase();
        if let Some(word) = NEVER.iter().find(|word| text.contains(**word)) {
            told.add(
                rule,
                Key::Text,
                format!(
                    "says \"{word}\": a reason gives no grade of risk, no diagnosis, and reassures nobody"
                ),
            );
        }
    }
}
