//! The ledger in words, for the house and for the physio who has the pad.

use super::draw::serial_words;
use super::kept::LedgerLine;
use super::ledger::Happened;
use super::serials::SerialRange;

/// A line of the ledger as a page shows it.
pub(super) struct LedgerWords {
    /// When.
    pub when: String,
    /// What happened, and to whom the pad went.
    pub what: String,
    /// How many slips; empty where that would tell who came.
    pub slips: String,
    /// Which slips.
    pub serials: String,
    /// Who did it.
    pub by: String,
}

impl LedgerWords {
    /// Everything: for those who keep pads.
    pub(super) fn of(line: &LedgerLine) -> Self {
        let entry = line.entry;
        let to = line.to.as_ref().map_or(String::new(), |to| format!(" to {to}"));
        LedgerWords {
            when: line.at.display(),
            what: format!("{}{to}", entry.happened.words()),
            slips: entry.slips.to_string(),
            serials: entry.range.map(serials).unwrap_or_default(),
            by: line.by.clone().unwrap_or_else(|| "A command".to_owned()),
        }
    }

    /// For a physio: the number of slips that became void, set beside the range, is the number of those used.
    pub(super) fn for_physio(line: &LedgerLine) -> Self {
        let tells = match line.entry.happened {
            Happened::Minted | Happened::Printed | Happened::Reprinted | Happened::Handed => false,
            Happened::Returned | Happened::Lost | Happened::Voided => true,
        };
        let mut words = Self::of(line);
        if tells {
            words.slips.clear();
        }
        words
    }
}

/// "000123 to 000150", or one serial.
pub(super) fn serials(range: SerialRange) -> String {
    if range.first == range.last {
        serial_words(range.first)
    } else {
        format!("{} to {}", serial_words(range.first), serial_words(range.last))
    }
}
