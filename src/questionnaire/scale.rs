//! What PHQ-9 and GAD-7 have in common: items answered 0 to 3, each possibly skipped, and a total only when whole.

use serde::{Deserialize, Serialize};

/// One questionnaire as printed: the question above the items, the items in order, and the four answers.
///
/// The wording is fixed: an item may not be altered or reordered (domain facts, section 2, trap d).
#[derive(Debug)]
pub struct Sheet {
    /// The name staff use, for example "PHQ-9".
    pub name: &'static str,
    /// The question that stands above the items.
    pub stem: &'static str,
    /// The items, in the published order.
    pub items: &'static [&'static str],
    /// The labels of the answers 0, 1, 2 and 3.
    pub labels: [&'static str; 4],
}

/// The four answers of PHQ-9 and GAD-7, scored 0, 1, 2, 3 by position.
pub(super) const LABELS: [&str; 4] = [
    "Not at all",
    "Several days",
    "More than half the days",
    "Nearly every day",
];

/// The highest answer to one item of PHQ-9 or GAD-7.
pub const ITEM_HIGHEST: u8 = 3;

/// A questionnaire of `N` items as a patient left it. A page not yet reached is `None` around this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    bound(
        serialize = "[Option<u8>; N]: Serialize",
        deserialize = "[Option<u8>; N]: Deserialize<'de>"
    )
)]
pub enum Scale<const N: usize> {
    /// The page was answered; an item the patient skipped is `None`.
    Given([Option<u8>; N]),
    /// The patient would rather not answer this questionnaire at all. Written as `null` inside a list of one
    /// would be ambiguous, so it is the word `"passed"`.
    Passed(Passed),
}

/// The word that stands for a questionnaire the patient passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Passed {
    /// Passed over as a whole.
    Passed,
}

impl<const N: usize> Scale<N> {
    /// The patient would rather not answer.
    pub const PASSED: Self = Scale::Passed(Passed::Passed);

    /// The items, if the questionnaire was started.
    pub fn items(&self) -> Option<[Option<u8>; N]> {
        match self {
            Scale::Given(items) => Some(*items),
            Scale::Passed(_) => None,
        }
    }
}

/// What a total means, in the words of its source. Never shown to patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// The lowest band.
    Minimal,
    /// Mild.
    Mild,
    /// Moderate.
    Moderate,
    /// Moderately severe: PHQ-9 only.
    ModeratelySevere,
    /// Severe.
    Severe,
}

impl Band {
    /// The word staff read.
    pub fn label(self) -> &'static str {
        match self {
            Band::Minimal => "minimal",
            Band::Mild => "mild",
            Band::Moderate => "moderate",
            Band::ModeratelySevere => "moderately severe",
            Band::Severe => "severe",
        }
    }
}

/// Why a list of numbers is not an answered questionnaire.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScaleError {
    /// The list has the wrong length.
    #[error("must have {want} items, one for each question, and has {got}")]
    Length {
        /// Items the questionnaire has.
        want: usize,
        /// Items that were given.
        got: usize,
    },
    /// An item lies outside the scale.
    #[error("item {item} is {value}; an answer is a whole number from 0 to {highest}, or null if skipped")]
    Item {
        /// Which item, counted from 1.
        item: usize,
        /// What was given.
        value: i64,
        /// The highest answer of the scale.
        highest: u8,
    },
}

/// Numbers as given, checked into items of 0..=`highest`.
pub fn checked<const N: usize>(given: &[Option<i64>], highest: u8) -> Result<[Option<u8>; N], ScaleError> {
    if given.len() != N {
        return Err(ScaleError::Length {
            want: N,
            got: given.len(),
        });
    }
    let mut items = [None; N];
    for (index, (slot, value)) in items.iter_mut().zip(given).enumerate() {
        *slot = match value {
            None => None,
            Some(v) => match u8::try_from(*v) {
                Ok(fit) if fit <= highest => Some(fit),
                _ => {
                    return Err(ScaleError::Item {
                        item: index + 1,
                        value: *v,
                        highest,
                    });
                }
            },
        };
    }
    Ok(items)
}

/// The sum of the items, or `None` if any was skipped: totals are never prorated (domain facts, section 2, trap a).
pub fn total<const N: usize>(items: &[Option<u8>; N]) -> Option<u8> {
    items
        .iter()
        .try_fold(0u8, |sum, item| item.map(|value| sum.saturating_add(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_item_leaves_no_total() {
        assert_eq!(total(&[Some(1), None, Some(2)]), None);
        assert_eq!(total(&[Some(1), Some(0), Some(2)]), Some(3));
    }

    #[test]
    fn numbers_outside_the_scale_are_refused_and_named() {
        assert_eq!(
            checked::<2>(&[Some(0), Some(4)], ITEM_HIGHEST),
            Err(ScaleError::Item {
                item: 2,
                value: 4,
                highest: 3
            })
        );
        assert_eq!(
            checked::<2>(&[Some(-1), Some(0)], ITEM_HIGHEST),
            Err(ScaleError::Item {
                item: 1,
                value: -1,
                highest: 3
            })
        );
        assert_eq!(
            checked::<2>(&[Some(0)], ITEM_HIGHEST),
            Err(ScaleError::Length { want: 2, got: 1 })
        );
        assert_eq!(checked::<2>(&[None, Some(3)], ITEM_HIGHEST), Ok([None, Some(3)]));
    }

    #[test]
    fn a_passed_questionnaire_survives_being_written_down() {
        let passed: Scale<7> = Scale::PASSED;
        let text = serde_json::to_string(&passed).expect("a value");
        assert_eq!(text, "\"passed\"");
        assert_eq!(serde_json::from_str::<Scale<7>>(&text).expect("a value"), passed);
        let given: Scale<7> = Scale::Given([Some(1), None, Some(0), Some(3), Some(2), Some(1), Some(0)]);
        let text = serde_json::to_string(&given).expect("a value");
        assert_eq!(text, "[1,null,0,3,2,1,0]");
        assert_eq!(serde_json::from_str::<Scale<7>>(&text).expect("a value"), given);
    }
}
