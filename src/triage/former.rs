//! Rules that once decided. A decision keeps the version it was made under; whoever asks why later is answered by the
//! rules of that day. Reading a version takes some milliseconds, so the last few are kept.

use std::sync::{Arc, Mutex, PoisonError};

use super::rules::RuleSet;
use super::store;
use crate::db::{Conn, Result};

/// So many versions are kept: nearly every referral a team looks at was decided by one of the last few.
const MOST_KEPT: usize = 8;

/// The text of this version, whether it is in force, was, or waits.
pub fn text_of_version(conn: &mut Conn<'_>, version: &str) -> Result<Option<String>> {
    Ok(store::find_version(conn, version)?.map(|row| row.source))
}

/// One version: `None` if its text does not load any more.
type Kept = (String, Option<Arc<RuleSet>>);

/// The versions read last, the latest first. Shared by all pages of one process.
#[derive(Debug, Default)]
pub struct FormerRules(Mutex<Vec<Kept>>);

impl FormerRules {
    /// The rules of this version, from its text unless they are kept; `None` if the text does not load any more.
    pub fn read(&self, version: &str, text: &str, pathways: &[String]) -> Option<Arc<RuleSet>> {
        if let Some(known) = self.find(version) {
            return known;
        }
        // Read without holding the others up; two who read the same version at once read the same.
        let file = format!("rule version {version}");
        let rules = match RuleSet::parse(&file, text, pathways) {
            Ok(rules) => Some(Arc::new(rules)),
            Err(wrong) => {
                tracing::warn!(error = %wrong, "a former version of the rules does not load");
                None
            }
        };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(0, (version.to_owned(), rules.clone()));
        kept.truncate(MOST_KEPT);
        rules
    }

    fn find(&self, version: &str) -> Option<Option<Arc<RuleSet>>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(known, _)| known == version)?;
        let found = kept.remove(place);
        let rules = found.1.clone();
        kept.insert(0, found);
        Some(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::rules::DEFAULT_RULES;

    #[test]
    fn a_version_is_read_once_and_the_least_used_is_forgotten_first() {
        let kept = FormerRules::default();
        let first = kept.read("first", DEFAULT_RULES, &[]).expect("rules");
        for other in 0..MOST_KEPT - 1 {
            assert!(kept.read(&other.to_string(), "nonsense", &[]).is_none());
        }
        // Found without its text, and thereby the latest again.
        let again = kept.read("first", "nonsense", &[]).expect("rules");
        assert!(Arc::ptr_eq(&first, &again));
        assert!(kept.read("one more", "nonsense", &[]).is_none());
        assert!(kept.read("first", "nonsense", &[]).is_some());
        assert!(kept.read("0", DEFAULT_RULES, &[]).is_some(), "it was forgotten");
    }
}
