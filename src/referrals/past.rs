//! Past referrals as a replay of the rules sees them: facts as given and what was decided, page by page, so that a
//! million need no more memory than a thousand. Nobody's name is opened.

use serde::Deserialize;

use super::reference::Reference;
use super::store;
use crate::config::ServiceName;
use crate::db::{Conn, Result};
use crate::triage::{Facts, Outcome, PastCase, Priority, SelfBooking, Step};
use crate::values::{Id, KeyError, Keyring, Purpose, Sealed, Ts};

/// One referral, still sealed.
pub struct SealedCase {
    id: Id,
    reference: String,
    sheet: Sealed,
}

/// As much of a case sheet as a replay needs; the answers and the reasons are passed over unread.
#[derive(Deserialize)]
struct Brief {
    facts: Facts,
    decision: BriefDecision,
}

#[derive(Deserialize)]
struct BriefDecision {
    service: ServiceName,
    step: Step,
    priority: Priority,
    booking: SelfBooking,
    flags: Vec<String>,
}

/// The next referrals after this one, at most so many, received at `since` or later. Empty at the end. In the order
/// of their rows, which is about the order in which they came.
pub fn past_cases(
    conn: &mut Conn<'_>,
    after: Option<Id>,
    since: Option<Ts>,
    most: i64,
) -> Result<Vec<SealedCase>> {
    let rows = store::list_sheets_after(conn, after, since, most)?;
    let sealed = rows
        .into_iter()
        .map(|(id, reference, sheet)| SealedCase { id, reference, sheet });
    Ok(sealed.collect())
}

/// How many were received at `since` or later.
pub fn count_past_cases(conn: &mut Conn<'_>, since: Option<Ts>) -> Result<u64> {
    let count = store::count_received(conn, since)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

impl SealedCase {
    /// The row, to go on after it.
    pub fn id(&self) -> Id {
        self.id
    }

    /// What a replay sees of it. An error if the sheet does not open, or was erased.
    pub fn open(&self, keys: &Keyring) -> std::result::Result<PastCase, KeyError> {
        let brief: Brief = keys.open_json(Purpose::Person, self.id, &self.sheet)?;
        let decided = brief.decision;
        let reference = Reference::parse(&self.reference).map(|reference| reference.to_string());
        Ok(PastCase {
            id: self.id,
            reference: reference.unwrap_or_default(),
            facts: brief.facts,
            then: Outcome {
                service: decided.service,
                step: decided.step,
                priority: decided.priority,
                booking: decided.booking,
            },
            flags: decided.flags,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::Answers;
    use crate::referrals::CaseSheet;
    use crate::triage::{RuleSet, decide};

    #[test]
    fn a_sheet_as_it_is_written_is_read_in_brief() {
        let rules = RuleSet::shipped(&[]).unwrap_or_else(|wrong| panic!("{wrong}"));
        let facts = Facts {
            bsl: true,
            phq9: Some([Some(1); 9]),
            ..Facts::default()
        };
        let decision = decide(&rules, &facts);
        let sheet = CaseSheet {
            facts: facts.clone(),
            not_asked: vec!["keep_safe".to_owned()],
            answers: Some(Box::new(Answers::default())),
            needs_checking: vec!["phone".to_owned()],
            decision: decision.clone(),
        };
        let written = serde_json::to_string(&sheet).expect("JSON");
        let brief: Brief = serde_json::from_str(&written).expect("read in brief");
        assert!(brief.facts == facts);
        assert_eq!(brief.decision.flags, decision.flags);
        assert_eq!(brief.decision.priority, decision.priority);
    }
}
