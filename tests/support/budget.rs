//! How much of a thing a test does: less at every change, all of it where `CI_LONG=1` is set. The shorter form can fail
//! for the same reasons, and never leaves out the worst case.

/// The first, or the second with `CI_LONG=1`.
pub fn budget<T>(usually: T, long: T) -> T {
    match std::env::var("CI_LONG").as_deref() == Ok("1") {
        true => long,
        false => usually,
    }
}
