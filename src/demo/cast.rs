//! Who plays in the demo: clinics, staff and surnames nobody could take for real.

use crate::staff::Role;

/// The password of everyone in the demo; it stands on the screen.
pub const PASSWORD: &str = "made-up people only";

/// One member of staff.
#[derive(Clone, Copy, Debug)]
pub struct Player {
    /// The name to sign in with.
    pub username: &'static str,
    /// What colleagues call them.
    pub name: &'static str,
    /// What they are here for.
    pub role: Role,
    /// Which of [`CLINICS`] a physio works at.
    pub clinic: Option<usize>,
    /// One line for the greeting and the demo page.
    pub what: &'static str,
}

/// Everyone who can sign in.
pub const CAST: [Player; 8] = [
    player(
        "physio",
        "Phil Pretend",
        Role::Physio,
        Some(0),
        "physiotherapist at Graves: pads, slips, refer now",
    ),
    player(
        "physio2",
        "Fiona Fictional",
        Role::Physio,
        Some(1),
        "physiotherapist at Hillsborough",
    ),
    player(
        "physio3",
        "Imran Imaginary",
        Role::Physio,
        Some(2),
        "physiotherapist at Manor Top",
    ),
    player(
        "triage",
        "Terry Testcase",
        Role::Triage,
        None,
        "triage team: the inbox",
    ),
    player(
        "triage2",
        "Bola Betatest",
        Role::Triage,
        None,
        "triage team: the inbox",
    ),
    player(
        "lead",
        "Lena Leadsample",
        Role::Lead,
        None,
        "clinical lead: inbox, rules, reading log",
    ),
    player(
        "lead2",
        "Lewis Leadtest",
        Role::Lead,
        None,
        "clinical lead: the second person for the rules",
    ),
    player(
        "admin",
        "Ada Adminsample",
        Role::Admin,
        None,
        "accounts and API keys; sees no patients",
    ),
];

const fn player(
    username: &'static str,
    name: &'static str,
    role: Role,
    clinic: Option<usize>,
    what: &'static str,
) -> Player {
    Player {
        username,
        name,
        role,
        clinic,
        what,
    }
}

/// Code and name of the clinics.
pub(super) const CLINICS: [(&str, &str); 3] = [
    ("PW-GRAVES", "Physioworks Graves"),
    ("PW-HILLS", "Physioworks Hillsborough"),
    ("PW-MANOR", "Physioworks Manor Top"),
];

/// First names of made-up patients.
pub(super) const FIRST_NAMES: [&str; 40] = [
    "Aisha", "Alan", "Amina", "Barbara", "Bilal", "Carol", "Chen", "Darren", "Deepa", "Derek", "Ewa",
    "Farah", "Gareth", "Grace", "Hassan", "Helen", "Ian", "Ifeoma", "Jakub", "Janet", "Jin", "Joan", "Karim",
    "Kath", "Leroy", "Linda", "Mariam", "Mick", "Nadia", "Nigel", "Olu", "Pat", "Priya", "Ray", "Rosa",
    "Sanjay", "Sheila", "Tomasz", "Wendy", "Yusuf",
];

/// Surnames that say what they are.
pub(super) const SURNAMES: [&str; 16] = [
    "Example",
    "Sample",
    "Madeup",
    "Pretend",
    "Fictional",
    "Testcase",
    "Demo",
    "Placeholder",
    "Specimen",
    "Invented",
    "Imaginary",
    "Mockname",
    "Nobody",
    "Notreal",
    "Standin",
    "Storybook",
];
