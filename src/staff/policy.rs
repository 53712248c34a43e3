//! Who may do what: the one place of permission. A room asks [`may`] (or `actor.require`) before it does
//! anything for somebody; no room looks at a role itself.

use super::Role;

/// Something a signed-in person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Mint, print and void pads of the own clinic.
    MintPads,
    /// Make one electronic slip.
    IssueSlip,
    /// See the own slips and how far each came; never who used it.
    SeeOwnSlips,
    /// See how slips look with each template.
    SeeTemplates,
    /// See all pads and where each is; hand out, count back, report lost, print again.
    KeepPads,
    /// Fill in the short referral together with the patient in the room.
    ReferWithPatient,
    /// Type in a slip that a patient reads out on the phone.
    EnterPhonedSlip,
    /// See the lists of referrals.
    SeeInbox,
    /// Open one referral: who it is, the answers, the timeline.
    OpenReferral,
    /// Claim, accept, send on, decline, and every other move of a referral.
    ActOnReferral,
    /// Close a referral without having spoken to the person although a safety flag was raised.
    EndAtRisk,
    /// Read the triage rules and their versions; they hold nothing about patients.
    SeeRules,
    /// Put a proposed version of the rules in force. Two different people are needed (hazard 22).
    ApproveRules,
    /// Change who is told of urgent referrals, in which order.
    KeepRota,
    /// Make and change courses, runs, venues and appointments, see who has a place, and note who came.
    ManageCourses,
    /// Confirm, move and give up places, and ring people about them.
    KeepPlaces,
    /// See the figures and the extracts made from them.
    SeeReports,
    /// See who has read which record.
    SeeReadLog,
    /// Add, reset and disable accounts.
    ManageStaff,
    /// Add and revoke API keys.
    ManageKeys,
    /// Approve or refuse what gives somebody sight of patients: an account, a new password, an API key.
    ApproveAccounts,
    /// See what waits for approval, and the ledger of accounts and keys.
    SeeAccountChanges,
}

impl Deed {
    /// All deeds, for the test of the table and for the page that explains the roles.
    pub const ALL: [Deed; 22] = [
        Deed::MintPads,
        Deed::IssueSlip,
        Deed::SeeOwnSlips,
        Deed::SeeTemplates,
        Deed::KeepPads,
        Deed::ReferWithPatient,
        Deed::EnterPhonedSlip,
        Deed::SeeInbox,
        Deed::OpenReferral,
        Deed::ActOnReferral,
        Deed::EndAtRisk,
        Deed::SeeRules,
        Deed::ApproveRules,
        Deed::KeepRota,
        Deed::ManageCourses,
        Deed::KeepPlaces,
        Deed::SeeReports,
        Deed::SeeReadLog,
        Deed::ManageStaff,
        Deed::ManageKeys,
        Deed::ApproveAccounts,
        Deed::SeeAccountChanges,
    ];

    /// Whether doing this shows who a patient is or what a patient told.
    pub fn shows_patients(self) -> bool {
        match self {
            // The referral made in the room is typed by the physio, who never gets it back.
            Deed::MintPads | Deed::IssueSlip | Deed::SeeOwnSlips | Deed::ReferWithPatient => false,
            Deed::SeeTemplates | Deed::KeepPads | Deed::KeepRota => false,
            Deed::EnterPhonedSlip | Deed::SeeInbox | Deed::OpenReferral | Deed::ActOnReferral => true,
            Deed::EndAtRisk => true,
            Deed::ManageCourses | Deed::KeepPlaces | Deed::SeeReports | Deed::SeeReadLog => true,
            Deed::SeeRules | Deed::ApproveRules | Deed::ManageStaff | Deed::ManageKeys => false,
            Deed::ApproveAccounts | Deed::SeeAccountChanges => false,
        }
    }
}

/// Whether somebody with this role may do this.
pub fn may(role: Role, deed: Deed) -> bool {
    use Role::{Admin, Lead, Physio, Triage};
    let allowed: &[Role] = match deed {
        Deed::MintPads => &[Physio],
        Deed::IssueSlip => &[Physio],
        Deed::SeeOwnSlips => &[Physio],
        Deed::SeeTemplates => &[Physio, Lead, Admin],
        Deed::KeepPads => &[Lead, Admin],
        Deed::ReferWithPatient => &[Physio],
        Deed::EnterPhonedSlip => &[Triage, Lead],
        Deed::SeeInbox => &[Triage, Lead],
        Deed::OpenReferral => &[Triage, Lead],
        Deed::ActOnReferral => &[Triage, Lead],
        Deed::EndAtRisk => &[Lead],
        Deed::SeeRules => &[Triage, Lead, Admin],
        Deed::ApproveRules => &[Lead],
        Deed::KeepRota => &[Lead, Admin],
        Deed::ManageCourses => &[Triage, Lead],
        Deed::KeepPlaces => &[Triage, Lead],
        Deed::SeeReports => &[Lead],
        Deed::SeeReadLog => &[Triage, Lead],
        Deed::ManageStaff => &[Admin],
        Deed::ManageKeys => &[Admin],
        Deed::ApproveAccounts => &[Lead],
        Deed::SeeAccountChanges => &[Lead, Admin],
    };
    allowed.contains(&role)
}

/// Whether an account with this role sees patients, so that it takes two people to give it to somebody.
pub fn sees_patients(role: Role) -> bool {
    Deed::ALL
        .into_iter()
        .any(|deed| deed.shows_patients() && may(role, deed))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table once more, written the other way round, so that a slip of the pen shows.
    #[test]
    fn each_role_may_do_exactly_this() {
        let done_by = |role| -> Vec<Deed> { Deed::ALL.into_iter().filter(|deed| may(role, *deed)).collect() };
        assert_eq!(
            done_by(Role::Physio),
            [
                Deed::MintPads,
                Deed::IssueSlip,
                Deed::SeeOwnSlips,
                Deed::SeeTemplates,
                Deed::ReferWithPatient
            ]
        );
        let triage = [
            Deed::EnterPhonedSlip,
            Deed::SeeInbox,
            Deed::OpenReferral,
            Deed::ActOnReferral,
            Deed::SeeRules,
            Deed::ManageCourses,
            Deed::KeepPlaces,
            Deed::SeeReadLog,
        ];
        assert_eq!(done_by(Role::Triage), triage);
        let lead = [
            Deed::SeeTemplates,
            Deed::KeepPads,
            Deed::EnterPhonedSlip,
            Deed::SeeInbox,
            Deed::OpenReferral,
            Deed::ActOnReferral,
            Deed::EndAtRisk,
            Deed::SeeRules,
            Deed::ApproveRules,
            Deed::KeepRota,
            Deed::ManageCourses,
            Deed::KeepPlaces,
            Deed::SeeReports,
            Deed::SeeReadLog,
            Deed::ApproveAccounts,
            Deed::SeeAccountChanges,
        ];
        assert_eq!(done_by(Role::Lead), lead);
        assert_eq!(
            done_by(Role::Admin),
            [
                Deed::SeeTemplates,
                Deed::KeepPads,
                Deed::SeeRules,
                Deed::KeepRota,
                Deed::ManageStaff,
                Deed::ManageKeys,
                Deed::SeeAccountChanges
            ]
        );
    }

    #[test]
    fn neither_physio_nor_admin_sees_a_patient() {
        for deed in Deed::ALL.into_iter().filter(|deed| deed.shows_patients()) {
            assert!(!may(Role::Physio, deed), "{deed:?}");
            assert!(!may(Role::Admin, deed), "{deed:?}");
        }
    }

    #[test]
    fn triage_and_lead_are_the_roles_that_see_patients() {
        let seeing: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|role| sees_patients(*role))
            .collect();
        assert_eq!(seeing, [Role::Triage, Role::Lead]);
    }

    #[test]
    fn nobody_approves_what_they_ask_for() {
        for role in Role::ALL {
            let asks = may(role, Deed::ManageStaff) || may(role, Deed::ManageKeys);
            assert!(!(asks && may(role, Deed::ApproveAccounts)), "{role:?}");
        }
    }

    #[test]
    fn every_deed_is_somebodys() {
        for deed in Deed::ALL {
            assert!(Role::ALL.into_iter().any(|role| may(role, deed)), "{deed:?}");
        }
    }
}
