//! Answers to the questionnaires, otherwise: one item, or a total that came without items. Item 9 of the PHQ-9 is an
//! answer about safety and is never among them.

use std::collections::BTreeSet;

use super::candidates::{List, Touched, WHOLE, around};
use crate::questionnaire::{ITEM_9, ITEM_HIGHEST};
use crate::triage::facts::Wsas;

/// The highest answer to a WSAS item, and the highest total.
const WSAS_HIGHEST: u8 = 8;
const WSAS_MOST: u8 = 40;

impl List<'_> {
    pub(super) fn phq9(&mut self) {
        let Some(items) = self
            .facts
            .phq9
            .filter(|_| self.is_asked("phq9_total") || self.is_asked("phq9"))
        else {
            return;
        };
        let each = self.is_asked("phq9");
        for (item, to, size) in moves(&items, ITEM_HIGHEST, each, |item| item != ITEM_9) {
            self.add(size, Touched::Item("phq9", item), |facts| {
                set_item(facts.phq9.as_mut().map(|items| &mut items[..]), item, to);
            });
        }
    }

    pub(super) fn gad7(&mut self) {
        let Some(items) = self
            .facts
            .gad7
            .filter(|_| self.is_asked("gad7_total") || self.is_asked("gad7"))
        else {
            return;
        };
        let each = self.is_asked("gad7");
        for (item, to, size) in moves(&items, ITEM_HIGHEST, each, |_| true) {
            self.add(size, Touched::Item("gad7", item), |facts| {
                set_item(facts.gad7.as_mut().map(|items| &mut items[..]), item, to);
            });
        }
    }

    pub(super) fn wsas(&mut self) {
        match self.facts.wsas.filter(|_| self.is_asked("wsas_total")) {
            Some(Wsas::Items(items)) => {
                // A work item without an answer does not apply: it was not skipped.
                let applies = items[0].is_some();
                for (item, to, size) in moves(&items, WSAS_HIGHEST, false, |item| item != 0 || applies) {
                    self.add(size, Touched::Item("wsas", item), |facts| {
                        if let Some(Wsas::Items(items)) = facts.wsas.as_mut() {
                            set_item(Some(&mut items[..]), item, to);
                        }
                    });
                }
            }
            Some(Wsas::Total(now)) => {
                for total in around(self.numbers("wsas_total"), 0, WSAS_MOST.into()) {
                    if let Ok(to) = u8::try_from(total)
                        && to != now
                    {
                        let size = u32::from(to.abs_diff(now)) * WHOLE / u32::from(WSAS_MOST);
                        self.add(size, Touched::Fact("wsas"), |facts| {
                            facts.wsas = Some(Wsas::Total(to))
                        });
                    }
                }
            }
            None => {}
        }
    }
}

fn set_item(items: Option<&mut [Option<u8>]>, item: usize, to: u8) {
    if let Some(place) = items.and_then(|items| items.get_mut(item)) {
        *place = Some(to);
    }
}

/// Answers of one questionnaire, otherwise: (item, answer, size). Rules that look at the total see no difference
/// between the items, so the first that can move so far stands for all, unless `each` is asked for. An answer left out
/// is given: that is a change over the whole range.
fn moves(
    items: &[Option<u8>],
    highest: u8,
    each: bool,
    may_move: impl Fn(usize) -> bool,
) -> Vec<(usize, u8, u32)> {
    let mut seen: BTreeSet<(bool, i16)> = BTreeSet::new();
    let mut made = Vec::new();
    for (item, now) in items.iter().enumerate().filter(|(item, _)| may_move(*item)) {
        for to in 0..=highest {
            let apart = now.map(|now| i16::from(to) - i16::from(now));
            let is_new = seen.insert((now.is_some(), apart.unwrap_or(to.into())));
            if apart == Some(0) || !(is_new || each) {
                continue;
            }
            let size = apart.map_or(WHOLE, |apart| {
                u32::from(apart.unsigned_abs()) * WHOLE / u32::from(highest.max(1))
            });
            made.push((item, to, size));
        }
    }
    made
}
