//! Where somebody goes after signing in: the page that was asked for, if it is one of ours for staff.

use crate::web::paths;

/// The address if it may be gone to: a local path below one of the staff rooms. Anything else could lead from
/// our sign-in page to somebody else's.
pub(super) fn fit(asked: &str) -> Option<&str> {
    let path = asked.split(['?', '#']).next().unwrap_or_default();
    let is_plain = |letter: char| letter.is_ascii_graphic() && letter != '\\';
    let is_fit = asked.len() <= 500
        && asked.chars().all(is_plain)
        && paths::is_for_staff(path)
        && !path.contains("//")
        && path != paths::SIGN_IN
        && path != paths::SIGN_OUT;
    is_fit.then_some(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_for_staff_are_gone_to() {
        for right in [
            "/inbox",
            "/inbox?queue=now&page=2",
            "/pads/1/print",
            "/admin/staff",
        ] {
            assert_eq!(fit(right), Some(right));
        }
        let wrong = [
            "",
            "/",
            "//evil.test",
            "/inbox//evil.test",
            "https://evil.test/inbox",
            "/\\evil.test",
            "/inbox\\..\\x",
            "/inbox\r\nset-cookie: a=b",
            "/refer/3",
            "/staff/sign-in?next=/inbox",
            "/staff/sign-out",
            "inbox",
        ];
        for wrong in wrong {
            assert_eq!(fit(wrong), None, "{wrong:?} was accepted");
        }
        assert_eq!(fit(&format!("/inbox?{}", "a".repeat(500))), None);
    }
}
