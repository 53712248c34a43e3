//! WSAS, the Work and Social Adjustment Scale: the score only. The wording is © Isaac Marks and may not ship; a
//! deployment that holds a licence puts the text into its locality file.

/// Total at and above which impairment is called marked here (the published cut is "above 20").
pub const WSAS_MARKED: u8 = 21;

/// A WSAS sum, which knows of how much it is: the work item may not apply, and nothing is prorated for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WsasScore {
    /// The sum of the items that apply.
    pub sum: u8,
    /// The highest sum they allow: 40, or 32 where work does not apply.
    pub of: u8,
}

/// The score of five items of 0 to 8. The first, work, may be `None` for "not applicable"; any other `None` was
/// skipped and leaves no score.
pub fn wsas_score(items: &[Option<u8>; 5]) -> Option<WsasScore> {
    let [work, rest @ ..] = items;
    let others = rest
        .iter()
        .try_fold(0u8, |sum, item| item.map(|value| sum.saturating_add(value)))?;
    Some(match work {
        Some(value) => WsasScore {
            sum: others.saturating_add(*value),
            of: 40,
        },
        None => WsasScore { sum: others, of: 32 },
    })
}

/// What a sum means, in the words staff read: the published cuts are 10 and above 20.
pub fn wsas_band(sum: u8) -> &'static str {
    match sum {
        0..=9 => "below the significant range",
        10..=20 => "significant",
        WSAS_MARKED..=u8::MAX => "marked",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_score_as_the_vectors_say() {
        assert_eq!(
            wsas_score(&[Some(4); 5]),
            Some(WsasScore { sum: 20, of: 40 }),
            "vector 16"
        );
        assert_eq!(wsas_band(20), "significant");
        let marked = wsas_score(&[Some(5), Some(4), Some(4), Some(4), Some(4)]);
        assert_eq!(marked, Some(WsasScore { sum: 21, of: 40 }));
        assert_eq!(wsas_band(21), "marked");
    }

    #[test]
    fn work_that_does_not_apply_is_shown_as_a_smaller_whole() {
        let score = wsas_score(&[None, Some(4), Some(4), Some(4), Some(4)]);
        assert_eq!(score, Some(WsasScore { sum: 16, of: 32 }), "vector 17");
    }

    #[test]
    fn any_other_skipped_item_leaves_no_score() {
        assert_eq!(wsas_score(&[Some(4), None, Some(4), Some(4), Some(4)]), None);
    }

    #[test]
    fn bands_change_at_ten_and_twenty_one() {
        assert_eq!(wsas_band(9), "below the significant range");
        assert_eq!(wsas_band(10), "significant");
        assert_eq!(wsas_band(40), "marked");
    }
}
