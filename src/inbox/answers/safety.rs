//! What was answered about safety, each answer beside its question; one nobody gave stands out.

use super::{Line, Look, NOT_ANSWERED, NOT_ASKED, label};
use crate::questionnaire::{KeepSafe, PHQ9, SpineTicks};

impl Look<'_> {
    pub(super) fn safety(&self) -> Vec<Line> {
        let facts = self.facts;
        let ticks_shown = self.answers.map(|answers| answers.safety_ticks.is_some());
        let crisis = facts.crisis_now.filter(|_| !self.was_not_asked("crisis_now"));
        let mut lines = vec![safety_line(
            "Not safe right now, or someone in danger?",
            crisis.map_or(NOT_ASKED, |answer| answer.label()),
        )];
        if let Some(answer) = facts.keep_safe {
            lines.push(safety_line("Can they keep themselves safe?", keep_safe(answer)));
        } else if self.was_not_asked("keep_safe") {
            lines.push(safety_line("Can they keep themselves safe?", NOT_ASKED));
        }
        lines.push(safety_line(
            "Thoughts of being better off dead, or of hurting themselves (PHQ-9, item 9)",
            self.item9(),
        ));
        let ticks = [
            (
                "harm_to_others",
                "Thoughts of harming someone else",
                facts.harm_to_others,
            ),
            ("safeguarding", "Harm, control or neglect", facts.safeguarding),
            (
                "psychosis_mania",
                "Unusual experiences, or far too much energy",
                facts.psychosis_mania,
            ),
        ];
        lines.extend(
            ticks.map(|(key, question, ticked)| safety_line(question, self.tick(key, ticked, ticks_shown))),
        );
        lines.push(safety_line(
            "New numbness between the legs, bladder or bowel change, weak legs",
            self.spine(),
        ));
        if facts.free_text_risk {
            lines.push(safety_line(
                "Words in the free text that may point to danger",
                "Yes: read them below",
            ));
        }
        lines
    }

    fn item9(&self) -> &'static str {
        match (self.facts.phq9, self.facts.item9()) {
            (_, Some(answer)) => label(&PHQ9, answer),
            (Some(_), None) => NOT_ANSWERED,
            (None, None) => self.unstarted("phq9", self.answers.map(|a| a.phq9.is_some())),
        }
    }

    fn spine(&self) -> &'static str {
        let shown = self.answers.map(|answers| answers.spine.is_some());
        let ticked = self.answers.and_then(|answers| answers.spine).unwrap_or_default();
        match (self.facts.spine_red_flag, ticked) {
            (
                true,
                SpineTicks {
                    saddle_numbness: true,
                    bladder_or_bowel: false,
                    both_legs_weak: false,
                },
            ) => "Yes: numbness between the legs",
            (
                true,
                SpineTicks {
                    saddle_numbness: false,
                    bladder_or_bowel: true,
                    both_legs_weak: false,
                },
            ) => "Yes: bladder or bowel change",
            (
                true,
                SpineTicks {
                    saddle_numbness: false,
                    bladder_or_bowel: false,
                    both_legs_weak: true,
                },
            ) => "Yes: weakness in both legs",
            (
                true,
                SpineTicks {
                    saddle_numbness: false,
                    bladder_or_bowel: false,
                    both_legs_weak: false,
                },
            ) => "Yes",
            (true, _) => "Yes: more than one of these",
            (false, _)
                if self
                    .facts
                    .ltc
                    .iter()
                    .any(|ltc| ltc == "back_pain" || ltc == "sciatica") =>
            {
                self.tick("spine_red_flag", false, shown)
            }
            (false, _) if shown == Some(true) => "No",
            (false, _) => "Not asked (no back pain or sciatica named)",
        }
    }
}

/// A safety answer stands out unless it is a plain "no".
fn safety_line(question: &'static str, answer: &str) -> Line {
    let plain = matches!(answer, "No" | "Not at all" | "Yes, they can") || answer.starts_with("Not asked (");
    Line {
        question,
        answer: answer.to_owned(),
        strong: !plain,
    }
}

fn keep_safe(answer: KeepSafe) -> &'static str {
    match answer {
        KeepSafe::Yes => "Yes, they can",
        KeepSafe::No => "No, they cannot",
        KeepSafe::Unsure => "Not sure",
    }
}
