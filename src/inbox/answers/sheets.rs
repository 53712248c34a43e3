//! The questionnaires as they were filled in, item by item, with their totals or why there is none.

use super::{Filled, Item, Look, NOT_ANSWERED, label};
use crate::questionnaire::{GAD7, ITEM_9, PHQ9, Sheet};
use crate::triage::score_lines;

impl Look<'_> {
    pub(super) fn sheets(&self) -> Vec<Filled> {
        let totals = score_lines(self.facts);
        let total = |name: &str| {
            let line = totals.iter().find(|line| line.name == name);
            line.map(|line| line.told.clone()).unwrap_or_default()
        };
        let mut sheets = vec![
            match self.facts.phq9 {
                Some(items) => filled(&PHQ9, &items, Some(ITEM_9), total("PHQ-9")),
                None => empty(
                    &PHQ9,
                    self.unstarted("phq9", self.answers.map(|a| a.phq9.is_some())),
                ),
            },
            match self.facts.gad7 {
                Some(items) => filled(&GAD7, &items, None, total("GAD-7")),
                None => empty(
                    &GAD7,
                    self.unstarted("gad7", self.answers.map(|a| a.gad7.is_some())),
                ),
            },
        ];
        if self.facts.wsas.is_some() {
            sheets.push(Filled {
                name: "WSAS",
                stem: "",
                items: Vec::new(),
                total: total("WSAS"),
            });
        }
        sheets
    }
}

fn filled(sheet: &'static Sheet, answers: &[Option<u8>], safety: Option<usize>, total: String) -> Filled {
    let items = sheet.items.iter().zip(answers).enumerate();
    Filled {
        name: sheet.name,
        stem: sheet.stem,
        items: items
            .map(|(index, (text, answer))| Item {
                text,
                answer: answer.map_or(NOT_ANSWERED, |answer| label(sheet, answer)),
                score: answer.map(|answer| answer.to_string()).unwrap_or_default(),
                strong: safety == Some(index) && *answer != Some(0),
            })
            .collect(),
        total,
    }
}

fn empty(sheet: &'static Sheet, why: &str) -> Filled {
    Filled {
        name: sheet.name,
        stem: sheet.stem,
        items: Vec::new(),
        total: format!("{why}. There is no total."),
    }
}
