//! Every sheet of PHQ-9 and GAD-7 there can be, every boundary, every item left out; the bands stand here once more,
//! written the other way round (domain facts, section 2), so that a slip of the pen shows.

use super::gad7::{gad7_band, gad7_case};
use super::phobia::phobia_case;
use super::phq9::{item9, phq9_band, phq9_case};
use super::scale::{Band, total};
use super::wsas::{WsasScore, wsas_band, wsas_score};

/// The sheet of this number among all that answer every item with 0 to 3.
fn sheet<const N: usize>(mut number: u32) -> [u8; N] {
    let mut items = [0; N];
    for item in &mut items {
        *item = u8::try_from(number % 4).expect("below 4");
        number /= 4;
    }
    items
}

/// The band of each total, by the first total of each band.
fn band_of(total: u8, begins: &[(u8, Band)]) -> Band {
    let reached = begins.iter().filter(|(first, _)| *first <= total);
    reached
        .map(|(_, band)| *band)
        .next_back()
        .expect("a band begins at 0")
}

#[test]
fn every_phq9_has_its_total_band_and_case() {
    let begins = [
        (0, Band::Minimal),
        (5, Band::Mild),
        (10, Band::Moderate),
        (15, Band::ModeratelySevere),
        (20, Band::Severe),
    ];
    for number in 0..4u32.pow(9) {
        let items = sheet::<9>(number);
        let sum: u8 = items.iter().sum();
        let given = items.map(Some);
        assert_eq!(total(&given), Some(sum));
        assert_eq!(phq9_band(sum), band_of(sum, &begins), "{sum}");
        assert_eq!(phq9_case(&given), Some(sum > 9), "{items:?}");
        assert_eq!(item9(&given), Some(items[8]));
    }
}

#[test]
fn every_gad7_has_its_total_band_and_case() {
    let begins = [
        (0, Band::Minimal),
        (5, Band::Mild),
        (10, Band::Moderate),
        (15, Band::Severe),
    ];
    for number in 0..4u32.pow(7) {
        let items = sheet::<7>(number);
        let sum: u8 = items.iter().sum();
        let given = items.map(Some);
        assert_eq!(total(&given), Some(sum));
        assert_eq!(gad7_band(sum), band_of(sum, &begins), "{sum}");
        assert_eq!(gad7_case(&given), Some(sum > 7), "{items:?}");
    }
}

#[test]
fn whichever_items_are_left_out_there_is_no_total_and_item_9_still_counts() {
    for left_out in 0..1u32 << 9 {
        for answer in 0..=3 {
            let given: [Option<u8>; 9] =
                std::array::from_fn(|item| (left_out >> item & 1 == 0).then_some(answer));
            let whole = left_out == 0;
            assert_eq!(total(&given).is_some(), whole, "{given:?}");
            assert_eq!(phq9_case(&given).is_some(), whole, "{given:?}");
            assert_eq!(item9(&given), given[8]);
        }
    }
    for left_out in 1..1u32 << 7 {
        let given: [Option<u8>; 7] = std::array::from_fn(|item| (left_out >> item & 1 == 0).then_some(3));
        assert_eq!((total(&given), gad7_case(&given)), (None, None), "{given:?}");
    }
}

#[test]
fn every_wsas_sum_has_its_band_and_only_work_may_be_left_out() {
    for sum in 0..=40u8 {
        let mut left = sum;
        let items: [Option<u8>; 5] = std::array::from_fn(|_| {
            let item = left.min(8);
            left -= item;
            Some(item)
        });
        assert_eq!(wsas_score(&items), Some(WsasScore { sum, of: 40 }));
        let words = ["below the significant range", "significant", "marked"];
        let band = usize::from(sum >= 10) + usize::from(sum > 20);
        assert_eq!(wsas_band(sum), words[band], "{sum}");
    }
    for left_out in 0..1u32 << 5 {
        let given: [Option<u8>; 5] = std::array::from_fn(|item| (left_out >> item & 1 == 0).then_some(8));
        let of = match left_out {
            0 => Some(40),
            1 => Some(32),
            _ => None,
        };
        assert_eq!(
            wsas_score(&given).map(|score| (score.sum, score.of)),
            of.map(|of| (of, of))
        );
    }
}

#[test]
fn one_item_of_four_or_more_is_a_phobia_case() {
    for number in 0..9u32.pow(3) {
        let item = |place: u32| u8::try_from(number / 9u32.pow(place) % 9).expect("below 9");
        let items = [item(0), item(1), item(2)];
        let reached = items.into_iter().max() >= Some(4);
        assert_eq!(phobia_case(&items), reached, "{items:?}");
    }
}
