//! GAD-7: seven items on worry over two weeks, of the same family and licence as PHQ-9 (Spitzer, Kroenke, Williams
//! and Löwe 2006).

use super::scale::{Band, LABELS, Sheet, total};

/// The questionnaire in its published wording and order.
pub const GAD7: Sheet = Sheet {
    name: "GAD-7",
    stem: "Over the last 2 weeks, how often have you been bothered by any of the following problems?",
    items: &[
        "Feeling nervous, anxious or on edge",
        "Not being able to stop or control worrying",
        "Worrying too much about different things",
        "Trouble relaxing",
        "Being so restless that it is hard to sit still",
        "Becoming easily annoyed or irritable",
        "Feeling afraid as if something awful might happen",
    ],
    labels: LABELS,
};

/// Total at and above which anxiety is counted as a clinical case (NHS Talking Therapies Manual). Not the American
/// screening cut of 10.
pub const GAD7_CASENESS: u8 = 8;

/// Change of the total that is more than measurement error (NHS Talking Therapies Manual).
pub const GAD7_RELIABLE_CHANGE: u8 = 4;

/// The band of a total of 0 to 21 (Spitzer and others 2006). One IAPT-era table prints 5-10, 11-15 and 16-21: wrong.
pub fn gad7_band(total: u8) -> Band {
    match total {
        0..=4 => Band::Minimal,
        5..=9 => Band::Mild,
        10..=14 => Band::Moderate,
        15..=u8::MAX => Band::Severe,
    }
}

/// Whether the answers count as a clinical case; `None` if an item was skipped.
pub fn gad7_case(items: &[Option<u8>; 7]) -> Option<bool> {
    total(items).map(|sum| sum >= GAD7_CASENESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors 12 to 15 of the domain facts, section 2: items, total, band, case.
    const VECTORS: [([u8; 7], u8, Band, bool); 6] = [
        ([1, 1, 1, 1, 1, 1, 1], 7, Band::Mild, false),
        ([2, 1, 1, 1, 1, 1, 1], 8, Band::Mild, true),
        ([2, 2, 2, 1, 1, 1, 0], 9, Band::Mild, true),
        ([2, 2, 2, 1, 1, 1, 1], 10, Band::Moderate, true),
        ([2, 2, 2, 2, 2, 2, 2], 14, Band::Moderate, true),
        ([3, 2, 2, 2, 2, 2, 2], 15, Band::Severe, true),
    ];

    #[test]
    fn whole_sheets_score_as_the_vectors_say() {
        for (items, sum, band, case) in VECTORS {
            let items = items.map(Some);
            assert_eq!(total(&items), Some(sum), "{items:?}");
            assert_eq!(gad7_band(sum), band, "{items:?}");
            assert_eq!(gad7_case(&items), Some(case), "{items:?}");
        }
        assert_eq!(gad7_band(4), Band::Minimal);
        assert_eq!(gad7_band(5), Band::Mild);
        assert_eq!(gad7_band(21), Band::Severe);
    }

    #[test]
    fn a_skipped_item_leaves_no_case() {
        let mut holed = [Some(3); 7];
        holed[0] = None;
        assert_eq!(gad7_case(&holed), None);
    }

    #[test]
    fn the_sheet_is_whole() {
        assert_eq!(GAD7.items.len(), 7);
    }
}
