//! Who the second person is. An account that sees patients, a new password for one, and a key that reads need a lead's
//! approval. Where no lead can be there, an administrator may go on, but only in a way that lets nobody in who was not
//! let in before by a lead: a link to the mailbox on record; or, after a day without any lead, a new colleague who
//! cannot approve anything. All leads are told by mail. For anything else the operator's command line is left.

use super::request::Change;
use crate::staff::policy::sees_patients;
use crate::staff::{Account, Deed, Role, Scope, may};
use crate::values::{Id, Ts};

/// Minutes without any lead after which an administrator may let a new colleague in.
const WITHOUT_LEAD: i64 = 24 * 60;

/// Who has to approve a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Second {
    /// A lead.
    Lead,
    /// An administrator, with a notice to all leads: no lead is there.
    Admin,
    /// An administrator from this moment on, if no lead comes back before.
    AdminFrom(Ts),
    /// Nobody: the only leads there are were approved after this was asked for. It has to be asked for again.
    AskAgain,
    /// Nobody here: the operator does it on the command line.
    Operator(&'static str),
}

/// A change that was asked for.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// What is to be changed.
    pub change: &'a Change,
    /// The account as it is now; none where something new is made.
    pub subject: Option<&'a Account>,
    /// Who asked.
    pub by: Id,
    /// When.
    pub at: Ts,
}

/// Whether an account with this role approves.
pub fn approves(role: Role) -> bool {
    may(role, Deed::ApproveAccounts)
}

/// Whether this change takes two people.
pub fn takes_two(change: &Change, subject: Option<&Account>) -> bool {
    let seen_now = subject.is_some_and(|account| sees_patients(account.role));
    match change {
        Change::Add { account, .. } => sees_patients(account.role),
        Change::Reset { .. } | Change::Reactivate { .. } => seen_now,
        Change::Set { role, .. } => {
            let other_role = subject.is_none_or(|account| account.role != *role);
            sees_patients(*role) && (other_role || (seen_now && changes_address(change, subject)))
        }
        Change::AddKey { scopes, .. } => scopes.iter().any(|scope: &Scope| scope.shows_patients()),
    }
}

/// Whether links would go to another mailbox afterwards.
pub fn changes_address(change: &Change, subject: Option<&Account>) -> bool {
    let Change::Set { email, .. } = change else {
        return false;
    };
    let was = subject.and_then(|account| account.email.as_deref());
    was != email.as_ref().map(|email| email.as_str())
}

/// Whether this lead may approve this: another person than who asked and than whose account it is, in force before it
/// was asked for.
pub fn may_approve(lead: &Account, asked: &Asked<'_>) -> bool {
    is_other(lead, asked) && lead.active && lead.approved_at.is_some_and(|since| since < asked.at)
}

fn is_other(lead: &Account, asked: &Asked<'_>) -> bool {
    approves(lead.role) && lead.id != asked.by && asked.change.account() != Some(lead.id)
}

/// Who has to approve this, as things are now.
pub fn second(asked: &Asked<'_>, accounts: &[Account], now: Ts) -> Second {
    let leads: Vec<&Account> = accounts.iter().filter(|one| approves(one.role)).collect();
    let here = |lead: &&&Account| lead.active && !lead.is_away(now);
    if leads.iter().filter(here).any(|lead| may_approve(lead, asked)) {
        return Second::Lead;
    }
    if leads.iter().filter(here).any(|lead| is_other(lead, asked)) {
        return Second::AskAgain;
    }
    if leads.iter().all(|lead| lead.email.is_none()) {
        return Second::Operator("No lead has an e-mail address on record, so no lead could be told.");
    }
    match asked.change {
        Change::Reset { .. } | Change::Reactivate { .. } => match asked.subject {
            Some(account) if account.email.is_some() => Second::Admin,
            _ => Second::Operator(
                "The account has no e-mail address, so the link could not go to the person alone.",
            ),
        },
        Change::Add { account, email } => newcomer(account.role, email.is_some(), &leads, now),
        Change::Set { role, .. } if changes_address(asked.change, asked.subject) || approves(*role) => {
            NO_SHORT_CUT
        }
        Change::Set { role, email, .. } => newcomer(*role, email.is_some(), &leads, now),
        Change::AddKey { .. } => NO_SHORT_CUT,
    }
}

const NO_SHORT_CUT: Second = Second::Operator("It needs a lead: an administrator cannot approve this.");

/// Somebody who sees no patient yet: only after a day without any lead, who have then all been told that they were
/// deactivated or said themselves that they are away.
fn newcomer(role: Role, has_mailbox: bool, leads: &[&Account], now: Ts) -> Second {
    if approves(role) {
        return NO_SHORT_CUT;
    }
    if !has_mailbox {
        return Second::Operator(
            "There is no e-mail address for the account, so the link could not go to the person alone.",
        );
    }
    let gone: Option<Vec<Ts>> = leads.iter().map(|lead| gone_since(lead, now)).collect();
    let last = gone.and_then(|gone| gone.into_iter().max());
    match last.map(|last| last.plus_minutes(WITHOUT_LEAD)) {
        Some(from) if from <= now => Second::Admin,
        Some(from) => Second::AdminFrom(from),
        None => NO_SHORT_CUT,
    }
}

/// Since when a lead is not there; none while they are.
fn gone_since(lead: &Account, now: Ts) -> Option<Ts> {
    if !lead.active {
        // Accounts that were deactivated before this was noted have no moment.
        return Some(lead.ended_at.unwrap_or(lead.created_at));
    }
    let (from, until) = lead.away?;
    (now < until).then_some(from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::{DisplayName, KeyLabel, NewAccount, Username};
    use crate::values::Email;

    const DAY: i64 = 24 * 60;

    fn start() -> Ts {
        Ts::from_micros(1_700_000_000_000_000)
    }

    fn lead(name: &str) -> Account {
        Account {
            id: Id::new(),
            username: name.to_owned(),
            display_name: name.to_owned(),
            role: Role::Lead,
            clinic: None,
            active: true,
            created_at: start(),
            email: Some(format!("{name}@example.org")),
            approved_at: Some(start()),
            away: None,
            ended_at: None,
        }
    }

    fn with(role: Role, name: &str) -> Account {
        Account { role, ..lead(name) }
    }

    fn add(role: Role, email: Option<&str>) -> Change {
        Change::Add {
            account: NewAccount {
                username: Username::parse("new").expect("a username"),
                display_name: DisplayName::parse("New").expect("a name"),
                role,
                clinic: None,
            },
            email: email.map(|email| Email::parse(email).expect("an address")),
        }
    }

    fn set(of: &Account, role: Role, email: &str) -> Change {
        Change::Set {
            account: of.id,
            role,
            clinic: None,
            email: Some(Email::parse(email).expect("an address")),
        }
    }

    fn key(scopes: &[Scope]) -> Change {
        Change::AddKey {
            label: KeyLabel::parse("System").expect("a label"),
            scopes: scopes.to_vec(),
            clinic: None,
        }
    }

    #[test]
    fn what_lets_somebody_see_patients_takes_two() {
        let (triage, physio) = (with(Role::Triage, "tess"), with(Role::Physio, "phil"));
        let two = |change: &Change, subject: Option<&Account>| takes_two(change, subject);
        for (role, expected) in [
            (Role::Physio, false),
            (Role::Triage, true),
            (Role::Lead, true),
            (Role::Admin, false),
        ] {
            assert_eq!(two(&add(role, None), None), expected, "{role:?}");
            let one = with(role, "one");
            assert_eq!(two(&Change::Reset { account: one.id }, Some(&one)), expected);
            assert_eq!(two(&Change::Reactivate { account: one.id }, Some(&one)), expected);
            let from_physio = two(&set(&physio, role, "phil@example.org"), Some(&physio));
            assert_eq!(from_physio, expected, "physio to {role:?}");
        }
        assert!(two(&set(&triage, Role::Lead, "tess@example.org"), Some(&triage)));
        assert!(two(
            &set(&triage, Role::Triage, "other@example.org"),
            Some(&triage)
        ));
        assert!(!two(
            &set(&triage, Role::Triage, "tess@example.org"),
            Some(&triage)
        ));
        assert!(!two(
            &set(&physio, Role::Physio, "other@example.org"),
            Some(&physio)
        ));
        for (scopes, expected) in [
            (&[Scope::Issue, Scope::Submit][..], false),
            (&[Scope::Read], true),
            (&[Scope::Submit, Scope::Triage], true),
        ] {
            assert_eq!(two(&key(scopes), None), expected, "{scopes:?}");
        }
    }

    #[test]
    fn a_lead_approves_for_others_and_only_what_was_asked_after_they_were_in_force() {
        let (one, other) = (lead("one"), lead("other"));
        let change = Change::Reset { account: other.id };
        let asked = |by: Id, at: Ts| Asked {
            change: &change,
            subject: Some(&other),
            by,
            at,
        };
        let later = start().plus_minutes(1);
        assert!(may_approve(&one, &asked(Id::new(), later)));
        assert!(
            !may_approve(&one, &asked(Id::new(), start())),
            "not in force before"
        );
        assert!(
            !may_approve(&one, &asked(one.id, later)),
            "asked for by themselves"
        );
        assert!(
            !may_approve(&other, &asked(Id::new(), later)),
            "their own account"
        );
        let gone = Account {
            active: false,
            ..lead("gone")
        };
        assert!(!may_approve(&gone, &asked(Id::new(), later)));
        let unapproved = Account {
            approved_at: None,
            ..lead("unapproved")
        };
        assert!(!may_approve(&unapproved, &asked(Id::new(), later)));
        assert!(!may_approve(
            &with(Role::Triage, "tess"),
            &asked(Id::new(), later)
        ));
        assert!(!may_approve(&with(Role::Admin, "ada"), &asked(Id::new(), later)));
    }

    /// Who is second, two days after everybody was added.
    fn who(change: &Change, subject: Option<&Account>, accounts: &[Account]) -> Second {
        let now = start().plus_minutes(2 * DAY);
        let asked = Asked {
            change,
            subject,
            by: Id::new(),
            at: now,
        };
        second(&asked, accounts, now)
    }

    fn away(since: i64) -> Account {
        let from = start().plus_minutes(2 * DAY - since);
        Account {
            away: Some((from, start().plus_days(30))),
            ..lead("away")
        }
    }

    fn ended(since: i64) -> Account {
        Account {
            active: false,
            ended_at: Some(start().plus_minutes(2 * DAY - since)),
            ..lead("ended")
        }
    }

    #[test]
    fn while_a_lead_is_there_nobody_else_approves() {
        let triage = with(Role::Triage, "tess");
        let accounts = [lead("one"), ended(DAY), away(DAY), triage.clone()];
        let changes = [
            add(Role::Triage, Some("new@example.org")),
            add(Role::Lead, Some("new@example.org")),
            Change::Reset { account: triage.id },
            key(&[Scope::Read]),
        ];
        for change in &changes {
            let subject = change.account().map(|_| &triage);
            assert_eq!(who(change, subject, &accounts), Second::Lead, "{change:?}");
        }
    }

    #[test]
    fn without_a_lead_a_colleague_gets_back_in_by_their_own_mailbox_alone() {
        let triage = with(Role::Triage, "tess");
        let reset = Change::Reset { account: triage.id };
        for gone in [ended(0), away(0)] {
            assert_eq!(who(&reset, Some(&triage), &[gone, triage.clone()]), Second::Admin);
        }
        let only = lead("only");
        let own = Change::Reset { account: only.id };
        assert_eq!(
            who(&own, Some(&only), std::slice::from_ref(&only)),
            Second::Admin,
            "the only lead"
        );
        let bare = Account {
            email: None,
            ..triage.clone()
        };
        let told = who(&reset, Some(&bare), &[ended(DAY), bare.clone()]);
        assert!(matches!(told, Second::Operator(_)), "{told:?}");
    }

    #[test]
    fn a_newcomer_waits_a_day_without_leads_and_never_becomes_one() {
        let change = add(Role::Triage, Some("new@example.org"));
        assert_eq!(who(&change, None, &[ended(DAY)]), Second::Admin);
        assert_eq!(who(&change, None, &[away(DAY + 1)]), Second::Admin);
        let from = start().plus_minutes(3 * DAY - 60);
        assert_eq!(
            who(&change, None, &[ended(60), away(DAY)]),
            Second::AdminFrom(from)
        );
        for change in [
            add(Role::Lead, Some("new@example.org")),
            add(Role::Triage, None),
            key(&[Scope::Read]),
        ] {
            let told = who(&change, None, &[ended(DAY)]);
            assert!(matches!(told, Second::Operator(_)), "{change:?}: {told:?}");
        }
        let triage = with(Role::Triage, "tess");
        let moved = set(&triage, Role::Triage, "other@example.org");
        let told = who(&moved, Some(&triage), &[ended(DAY), triage.clone()]);
        assert!(matches!(told, Second::Operator(_)), "{told:?}");
    }

    #[test]
    fn where_no_lead_could_be_told_the_operator_acts() {
        let change = add(Role::Triage, Some("new@example.org"));
        let told = who(&change, None, &[with(Role::Admin, "ada")]);
        assert!(matches!(told, Second::Operator(_)), "no lead at all: {told:?}");
        let silent = Account {
            email: None,
            ..ended(DAY)
        };
        let told = who(&change, None, &[silent]);
        assert!(matches!(told, Second::Operator(_)), "{told:?}");
    }

    #[test]
    fn a_lead_approved_after_the_request_does_not_decide_it() {
        let late = Account {
            approved_at: Some(start().plus_minutes(2 * DAY)),
            ..lead("late")
        };
        let change = add(Role::Triage, Some("new@example.org"));
        assert_eq!(who(&change, None, &[late, ended(DAY)]), Second::AskAgain);
    }
}
