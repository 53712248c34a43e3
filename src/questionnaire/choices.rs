//! The choices a patient picks from: each with the key the rules know (domain facts, section 4) and the label shown.

use serde::{Deserialize, Serialize};

/// Declares a closed list of choices: an enum, its keys on the wire, its labels on the page, in page order.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $key)] $variant,)+ }

        impl $name {
            /// Every choice, in the order shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in forms, facts and rules.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)+ }
            }

            /// The words a patient reads.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// The choice with this key, if there is one.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

choices! {
    /// "Are you thinking about ending your life or hurting yourself right now, or is someone in danger?"
    CrisisNow {
        /// Not safe now.
        Yes = "yes", "Yes";
        /// Says no.
        No = "no", "No";
        /// Would rather not say, which is not a "no".
        PreferNot = "prefer_not", "I would rather not say";
    }
}

choices! {
    /// "Can you keep yourself safe right now?", asked on the help page.
    KeepSafe {
        /// Yes.
        Yes = "yes", "Yes";
        /// No.
        No = "no", "No";
        /// Not sure, which the rules treat as no.
        Unsure = "unsure", "I am not sure";
    }
}

choices! {
    /// Whether the GP surgery lies in the area the service covers.
    GpInArea {
        /// In the area.
        Yes = "yes", "Yes";
        /// Elsewhere.
        No = "no", "No";
        /// The patient does not know.
        Unknown = "unknown", "I do not know";
    }
}

choices! {
    /// What the patient would like help with most. A tick by the patient, never a diagnosis.
    Problem {
        /// Low mood.
        LowMood = "low_mood", "Feeling low, sad or hopeless";
        /// Worry.
        Worry = "worry", "Worrying a lot";
        /// Panic.
        Panic = "panic", "Sudden panic";
        /// Agoraphobia.
        Agoraphobia = "agoraphobia", "Fear of going out, or of busy places";
        /// A specific phobia.
        Phobia = "phobia", "A strong fear of one thing, such as needles or heights";
        /// Health anxiety.
        HealthAnxiety = "health_anxiety", "Worrying a lot about my health";
        /// Social anxiety.
        SocialAnxiety = "social_anxiety", "Fear of being with people, or of what they think";
        /// After trauma.
        Ptsd = "ptsd", "Bad memories or nightmares after something frightening";
        /// Obsessions and compulsions.
        Ocd = "ocd", "Thoughts that keep coming back, or things I must do again and again";
        /// Body image.
        Bdd = "bdd", "Worrying a lot about how I look";
        /// Strain of a long-term condition.
        StressLtc = "stress_ltc", "Coping with pain or a health condition";
        /// The patient cannot say.
        NotSure = "not_sure", "I am not sure";
    }
}

choices! {
    /// A long-term physical condition.
    Condition {
        /// Back pain.
        BackPain = "back_pain", "Back pain";
        /// Sciatica.
        Sciatica = "sciatica", "Sciatica (pain down the leg)";
        /// Pain of any kind that lasts.
        ChronicPain = "chronic_pain", "Other long-lasting pain";
        /// Diabetes.
        Diabetes = "diabetes", "Diabetes";
        /// Heart disease.
        Heart = "heart", "A heart condition";
        /// Asthma, COPD and other lung disease.
        Lungs = "lungs", "A lung condition, such as COPD or asthma";
        /// Irritable bowel syndrome.
        Ibs = "ibs", "Irritable bowel (IBS)";
        /// Chronic fatigue.
        Fatigue = "chronic_fatigue", "Chronic fatigue (ME/CFS)";
        /// Something else, in the patient's words.
        Other = "other", "Another long-term condition";
    }
}

impl Condition {
    /// Whether this is pain that started at some time, so that "how long?" is asked.
    pub fn is_pain(self) -> bool {
        matches!(
            self,
            Condition::BackPain | Condition::Sciatica | Condition::ChronicPain
        )
    }

    /// Whether the spine questions are asked.
    pub fn is_spine(self) -> bool {
        matches!(self, Condition::BackPain | Condition::Sciatica)
    }
}

choices! {
    /// Whether the condition and the low mood or worry affect each other.
    Linked {
        /// They do.
        Yes = "yes", "Yes";
        /// They do not.
        No = "no", "No";
        /// The patient is not sure.
        Unsure = "unsure", "I am not sure";
    }
}

choices! {
    /// How long the pain has lasted.
    PainLength {
        /// Less than six weeks.
        UnderSixWeeks = "0", "Less than 6 weeks";
        /// Six to under twelve weeks.
        SixWeeks = "6", "6 weeks or more, but less than 12 weeks";
        /// Twelve weeks to a year.
        TwelveWeeks = "12", "12 weeks or more, but less than a year";
        /// A year or longer.
        Year = "52", "A year or more";
        /// The patient is not sure.
        NotSure = "x", "I am not sure";
    }
}

impl PainLength {
    /// The least number of weeks the answer means; `None` for "not sure".
    pub fn weeks(self) -> Option<u16> {
        match self {
            PainLength::UnderSixWeeks => Some(0),
            PainLength::SixWeeks => Some(6),
            PainLength::TwelveWeeks => Some(12),
            PainLength::Year => Some(52),
            PainLength::NotSure => None,
        }
    }
}

choices! {
    /// Time in the armed forces.
    Veteran {
        /// None.
        No = "no", "No";
        /// Served; 24 hours' service counts.
        Yes = "yes", "Yes, I served in the armed forces";
        /// Served, and the problem comes from it.
        ServiceRelated = "service_related", "Yes, and my problems are linked to it";
    }
}

choices! {
    /// When a call suits best.
    BestTime {
        /// Any time.
        Any = "any", "Any time";
        /// Before noon.
        Morning = "am", "Morning";
        /// Noon to five.
        Afternoon = "pm", "Afternoon";
        /// After five.
        Evening = "eve", "Evening";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_leads_back_to_its_choice() {
        for problem in Problem::ALL {
            assert_eq!(Problem::from_key(problem.key()), Some(*problem));
            assert_eq!(
                serde_json::to_string(problem).expect("a value"),
                format!("\"{}\"", problem.key())
            );
        }
        for condition in Condition::ALL {
            assert_eq!(Condition::from_key(condition.key()), Some(*condition));
        }
        assert_eq!(Problem::from_key("low mood"), None);
    }

    #[test]
    fn twelve_weeks_is_where_long_lasting_begins() {
        assert_eq!(PainLength::SixWeeks.weeks(), Some(6));
        assert_eq!(PainLength::TwelveWeeks.weeks(), Some(12));
        assert_eq!(PainLength::NotSure.weeks(), None);
    }
}
