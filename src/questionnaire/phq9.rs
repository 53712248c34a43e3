//! PHQ-9: nine items on low mood over two weeks. Developed by Drs Spitzer, Williams, Kroenke and colleagues with a
//! grant from Pfizer Inc.; "no permission required to reproduce, translate, display or distribute" (HL7 SDC PHQ-9
//! example, hl7.org/fhir/uv/sdc). The unscored tenth question on difficulty is not asked.

use super::scale::{Band, LABELS, Sheet, total};

/// The questionnaire in its published wording and order.
pub const PHQ9: Sheet = Sheet {
    name: "PHQ-9",
    stem: "Over the last 2 weeks, how often have you been bothered by any of the following problems?",
    items: &[
        "Little interest or pleasure in doing things",
        "Feeling down, depressed, or hopeless",
        "Trouble falling or staying asleep, or sleeping too much",
        "Feeling tired or having little energy",
        "Poor appetite or overeating",
        "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
        "Trouble concentrating on things, such as reading the newspaper or watching television",
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or \
         restless that you have been moving around a lot more than usual",
        "Thoughts that you would be better off dead or of hurting yourself in some way",
    ],
    labels: LABELS,
};

/// The place of item 9, thoughts of death or self-harm, counted from 0.
pub const ITEM_9: usize = 8;

/// Total at and above which depression is counted as a clinical case (NHS Talking Therapies Manual). One NHS page
/// prints "9 or above", which is wrong by that rule.
pub const PHQ9_CASENESS: u8 = 10;

/// Change of the total that is more than measurement error (NHS Talking Therapies Manual; NHSDigital
/// mental-health-monthly-statistics uses the same 6).
pub const PHQ9_RELIABLE_CHANGE: u8 = 6;

/// The band of a total of 0 to 27 (Kroenke, Spitzer and Williams 2001).
pub fn phq9_band(total: u8) -> Band {
    match total {
        0..=4 => Band::Minimal,
        5..=9 => Band::Mild,
        10..=14 => Band::Moderate,
        15..=19 => Band::ModeratelySevere,
        20..=u8::MAX => Band::Severe,
    }
}

/// Whether the answers count as a clinical case; `None` if an item was skipped.
pub fn phq9_case(items: &[Option<u8>; 9]) -> Option<bool> {
    total(items).map(|sum| sum >= PHQ9_CASENESS)
}

/// The answer to item 9, which counts alone even where another item was skipped.
pub fn item9(items: &[Option<u8>; 9]) -> Option<u8> {
    items.last().copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::super::scale::{ITEM_HIGHEST, checked};
    use super::*;

    /// Vectors 1 to 9 of the domain facts, section 2: items, total, band, case.
    const VECTORS: [([u8; 9], u8, Band, bool); 9] = [
        ([0; 9], 0, Band::Minimal, false),
        ([2, 2, 2, 1, 1, 1, 0, 0, 0], 9, Band::Mild, false),
        ([2, 2, 2, 1, 1, 1, 1, 0, 0], 10, Band::Moderate, true),
        ([2, 2, 2, 2, 2, 2, 2, 0, 0], 14, Band::Moderate, true),
        ([2, 2, 2, 2, 2, 2, 2, 1, 0], 15, Band::ModeratelySevere, true),
        ([3, 3, 3, 3, 3, 3, 1, 0, 0], 19, Band::ModeratelySevere, true),
        ([3, 3, 3, 3, 3, 3, 1, 1, 0], 20, Band::Severe, true),
        ([3; 9], 27, Band::Severe, true),
        ([0, 0, 0, 0, 0, 0, 0, 0, 1], 1, Band::Minimal, false),
    ];

    #[test]
    fn whole_sheets_score_as_the_vectors_say() {
        for (items, sum, band, case) in VECTORS {
            let items = items.map(Some);
            assert_eq!(total(&items), Some(sum), "{items:?}");
            assert_eq!(phq9_band(sum), band, "{items:?}");
            assert_eq!(phq9_case(&items), Some(case), "{items:?}");
        }
    }

    #[test]
    fn item_9_is_read_alone() {
        assert_eq!(item9(&[Some(0); 9]), Some(0));
        assert_eq!(item9(&[Some(3); 9]), Some(3));
        let mut holed = [Some(1); 9];
        holed[3] = None;
        holed[ITEM_9] = Some(2);
        assert_eq!(total(&holed), None);
        assert_eq!(phq9_case(&holed), None);
        assert_eq!(item9(&holed), Some(2), "vector 10");
        holed[ITEM_9] = None;
        assert_eq!(item9(&holed), None);
    }

    #[test]
    fn four_and_minus_one_are_refused() {
        for wrong in [4, -1] {
            let mut given = [Some(0); 9];
            given[2] = Some(wrong);
            assert!(checked::<9>(&given, ITEM_HIGHEST).is_err(), "vector 11: {wrong}");
        }
    }

    #[test]
    fn the_sheet_is_whole() {
        assert_eq!(PHQ9.items.len(), 9);
        assert!(PHQ9.items[ITEM_9].starts_with("Thoughts that you would be better off dead"));
        assert_eq!(PHQ9.labels[3], "Nearly every day");
    }
}
