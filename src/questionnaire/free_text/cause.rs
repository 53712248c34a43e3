//! What kinds of words that worry there are.

/// What kind of words were found: what they are counted by. Says nothing of anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RiskCause {
    /// Suicide by its name.
    Suicide,
    /// Ending one's life, in other words.
    EndingLife,
    /// Wishing to be dead, or not to wake up.
    WishToDie,
    /// No reason to live, nobody would miss me.
    NoReasonToLive,
    /// Hurting oneself.
    SelfHarm,
    /// Not able to keep safe.
    NotSafe,
    /// Harm to others.
    HarmToOthers,
    /// Words that this locality looks for besides.
    Locality,
}

impl RiskCause {
    /// All of them.
    pub const ALL: [RiskCause; 8] = [
        RiskCause::Suicide,
        RiskCause::EndingLife,
        RiskCause::WishToDie,
        RiskCause::NoReasonToLive,
        RiskCause::SelfHarm,
        RiskCause::NotSafe,
        RiskCause::HarmToOthers,
        RiskCause::Locality,
    ];

    /// The word it is counted under.
    pub fn as_str(self) -> &'static str {
        match self {
            RiskCause::Suicide => "suicide",
            RiskCause::EndingLife => "ending_life",
            RiskCause::WishToDie => "wish_to_die",
            RiskCause::NoReasonToLive => "no_reason_to_live",
            RiskCause::SelfHarm => "self_harm",
            RiskCause::NotSafe => "not_safe",
            RiskCause::HarmToOthers => "harm_to_others",
            RiskCause::Locality => "locality",
        }
    }
}
