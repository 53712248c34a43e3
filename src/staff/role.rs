//! The four kinds of people who sign in. What each may do stands in `policy.rs`.

/// What somebody is here for. One account has one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Hands slips to patients; sees whether they were used, and never who used them.
    Physio,
    /// Reads referrals and decides on them.
    Triage,
    /// Triage, and answers for the rules and the figures.
    Lead,
    /// Runs accounts and keys; sees nothing about patients.
    Admin,
}

impl Role {
    /// All roles, in the order they are offered.
    pub const ALL: [Role; 4] = [Role::Physio, Role::Triage, Role::Lead, Role::Admin];

    /// The word that is stored and typed on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Physio => "physio",
            Role::Triage => "triage",
            Role::Lead => "lead",
            Role::Admin => "admin",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// The role as colleagues call it.
    pub fn label(self) -> &'static str {
        match self {
            Role::Physio => "Physiotherapist",
            Role::Triage => "Triage",
            Role::Lead => "Clinical lead",
            Role::Admin => "Administrator",
        }
    }

    /// Whether an account with this role belongs to one clinic.
    pub fn needs_clinic(self) -> bool {
        match self {
            Role::Physio => true,
            Role::Triage | Role::Lead | Role::Admin => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_read_back_from_its_word() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("Admin"), None);
    }
}
