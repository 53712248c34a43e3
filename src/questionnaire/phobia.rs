//! The IAPT phobia scales: three items of 0 (would never avoid it) to 8 (always avoid it). Crown copyright, Open
//! Government Licence. Not asked yet; scored here because other systems send them.

/// An item at or above this counts as a clinical case (IAPT toolkit).
pub const PHOBIA_CASENESS: u8 = 4;

/// Whether any of the three items reaches the threshold.
pub fn phobia_case(items: &[u8; 3]) -> bool {
    items.iter().any(|item| *item >= PHOBIA_CASENESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_item_of_four_is_enough() {
        assert!(!phobia_case(&[3, 3, 3]), "vector 22");
        assert!(phobia_case(&[4, 0, 0]), "vector 22");
    }
}
