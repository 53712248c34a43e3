//! The ledger of a pad: where its paper is, what was done with it, and that the totals balance.
//!
//! Every move of a pad is one entry, in order. Replayed, the entries say where the pad is and how many slips they
//! account for; the rows of `slip` say what became of each slip. Two books, kept by different hands, that must
//! agree after every move:
//!
//! | the entries say | the rows of `slip` say |
//! |---|---|
//! | slips of the entry `minted` | all rows of the pad: unused + used + void |
//! | slips of all entries `voided`, plus slips of all entries `lost` | rows that are void |
//! | the last place moved to, and to whom | `pad.custody` and `pad.physio_id` |
//!
//! and therefore, with each slip in exactly one column:
//!
//! minted = in the house + at the clinic + with the physio + counted back + with patients + expired + used
//! + voided + lost.
//!
//! A used slip stays used whatever happens to its pad: no entry takes it out of its column. The ledger holds no
//! entry for a use: that would be a moment at which somebody came.
//!
//! Pure: no clock, no database.

use super::serials::SerialRange;
use super::whereabouts::Custody;
use crate::values::Id;

/// What happened to a pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Happened {
    /// It was made.
    Minted,
    /// It was printed for the first time.
    Printed,
    /// It was printed again, with the same codes.
    Reprinted,
    /// It was handed to its clinic, or to a physio.
    Handed,
    /// It was counted back.
    Returned,
    /// It, or a range of it, was reported lost.
    Lost,
    /// A range of it was taken back.
    Voided,
}

impl Happened {
    /// All that can happen.
    pub const ALL: [Happened; 7] = [
        Happened::Minted,
        Happened::Printed,
        Happened::Reprinted,
        Happened::Handed,
        Happened::Returned,
        Happened::Lost,
        Happened::Voided,
    ];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Happened::Minted => "minted",
            Happened::Printed => "printed",
            Happened::Reprinted => "reprinted",
            Happened::Handed => "handed",
            Happened::Returned => "returned",
            Happened::Lost => "lost",
            Happened::Voided => "voided",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

/// One line of the ledger, as far as the totals need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What happened.
    pub happened: Happened,
    /// To how many slips: minted, printed, handed over, counted; or, taken back and lost, those that became void.
    pub slips: i64,
    /// Which slips it was about; entries made before ranges were kept have none.
    pub range: Option<SerialRange>,
    /// The physio it was handed to, if to one.
    pub to_physio: Option<Id>,
}

/// The rows of `slip` of one pad, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Unused, and the date is not past.
    pub usable: i64,
    /// Unused, and the date is past.
    pub expired: i64,
    /// Used.
    pub used: i64,
    /// Void.
    pub void: i64,
}

/// Where a pad stands after all its entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where its paper is.
    pub custody: Custody,
    /// The physio who has it, or had it when it was counted back or lost.
    pub physio: Option<Id>,
    minted: i64,
    voided: i64,
    lost: i64,
    counted: Option<i64>,
    whole: Option<SerialRange>,
}

/// Where the slips of a pad are, each in exactly one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// All of them.
    pub minted: i64,
    /// In the house, never handed out.
    pub house: i64,
    /// Usable, and at the clinic; or given to patients since it was last counted.
    pub clinic: i64,
    /// Usable, and with the physio; or given to patients since it was last counted.
    pub physio: i64,
    /// Usable, and back in the house. A count is somebody's word: where more were counted than are still usable,
    /// this is what is usable.
    pub counted_back: i64,
    /// Usable, and not there when the pad was last counted: with patients, one hopes.
    pub with_patients: i64,
    /// Unused, and too late.
    pub expired: i64,
    /// Used.
    pub used: i64,
    /// Taken back unused.
    pub voided: i64,
    /// Reported lost unused.
    pub lost: i64,
}

/// Why the two books do not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Imbalance {
    /// The entries do not begin with exactly one minting.
    #[error("the ledger does not begin with the minting of the pad")]
    NotMinted,
    /// An entry moves the pad where it cannot go.
    #[error("the ledger holds a move that is not allowed")]
    Move {
        /// From here.
        from: Custody,
        /// To there.
        to: Custody,
    },
    /// The pad is not where its entries say.
    #[error("the pad is not where its ledger says")]
    Place,
    /// There are more or fewer slips than were minted.
    #[error("{minted} slips were minted, and there are {rows}")]
    Slips {
        /// What the ledger says.
        minted: i64,
        /// What there is.
        rows: i64,
    },
    /// More or fewer slips are void than were taken back or lost.
    #[error("{entered} slips were taken back or lost, and {rows} are void")]
    Void {
        /// What the ledger says.
        entered: i64,
        /// What there is.
        rows: i64,
    },
}

impl Standing {
    /// Goes through the entries in their order.
    pub fn after(entries: &[Entry]) -> Result<Self, Imbalance> {
        let (first, rest) = entries.split_first().ok_or(Imbalance::NotMinted)?;
        if first.happened != Happened::Minted {
            return Err(Imbalance::NotMinted);
        }
        let mut standing = Standing {
            custody: Custody::House,
            physio: None,
            minted: first.slips,
            voided: 0,
            lost: 0,
            counted: None,
            whole: first.range,
        };
        for entry in rest {
            standing.enter(entry)?;
        }
        Ok(standing)
    }

    fn enter(&mut self, entry: &Entry) -> Result<(), Imbalance> {
        match entry.happened {
            Happened::Minted => return Err(Imbalance::NotMinted),
            Happened::Printed | Happened::Reprinted => {}
            Happened::Handed => {
                let to = if entry.to_physio.is_some() {
                    Custody::Physio
                } else {
                    Custody::Clinic
                };
                self.go_to(to)?;
                self.physio = entry.to_physio;
            }
            Happened::Returned => {
                self.go_to(Custody::Returned)?;
                self.counted = Some(entry.slips);
            }
            Happened::Voided => self.voided += entry.slips,
            Happened::Lost => {
                self.lost += entry.slips;
                if entry.range == self.whole {
                    self.go_to(Custody::Lost)?;
                }
            }
        }
        Ok(())
    }

    fn go_to(&mut self, to: Custody) -> Result<(), Imbalance> {
        if !self.custody.may_go_to(to) {
            let from = self.custody;
            return Err(Imbalance::Move { from, to });
        }
        self.custody = to;
        Ok(())
    }

    /// How many slips go over when the pad is handed on: those counted last, or all that were not taken back.
    /// Never a number that depends on who used one.
    pub fn handed_over(&self) -> i64 {
        self.counted.unwrap_or(self.minted - self.voided - self.lost)
    }

    /// The totals, if they balance with the rows and with where the pad is said to be.
    pub fn balance(&self, rows: Rows, custody: Custody, physio: Option<Id>) -> Result<Totals, Imbalance> {
        let all = rows.usable + rows.expired + rows.used + rows.void;
        if self.minted != all {
            let minted = self.minted;
            return Err(Imbalance::Slips { minted, rows: all });
        }
        let entered = self.voided + self.lost;
        if entered != rows.void {
            return Err(Imbalance::Void {
                entered,
                rows: rows.void,
            });
        }
        if (custody, physio) != (self.custody, self.physio) {
            return Err(Imbalance::Place);
        }
        let held = self
            .counted
            .map_or(rows.usable, |counted| counted.min(rows.usable));
        let at = |place: Custody| if self.custody == place { held } else { 0 };
        Ok(Totals {
            minted: self.minted,
            house: at(Custody::House),
            clinic: at(Custody::Clinic),
            physio: at(Custody::Physio),
            counted_back: at(Custody::Returned),
            // Of a lost pad nothing is usable.
            with_patients: rows.usable - held,
            expired: rows.expired,
            used: rows.used,
            voided: self.voided,
            lost: self.lost,
        })
    }
}

impl Totals {
    /// The columns with their words, in the order of a slip's life; they add up to `minted`.
    pub fn columns(&self) -> [(&'static str, i64); 9] {
        [
            ("In the house", self.house),
            ("At the clinic", self.clinic),
            ("With the physiotherapist", self.physio),
            ("Counted back", self.counted_back),
            ("Not there at the last count", self.with_patients),
            ("Used", self.used),
            ("Expired unused", self.expired),
            ("Taken back", self.voided),
            ("Lost", self.lost),
        ]
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
