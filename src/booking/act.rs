//! One act of booking: the moment, who acts, and everything drawn by chance, all before the transaction begins.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::db::Result;
use crate::referrals::{By, EventKind, Happened};
use crate::values::{Id, Ts, random};

/// Hand one to each verb that writes. A freed place may be offered on, and told of, within the same act, so the
/// number of rows is not known before; their ids follow from one that was drawn.
#[derive(Debug)]
pub struct Act {
    /// When.
    pub now: Ts,
    /// Who acts, for the timeline.
    pub by: By,
    base: Id,
    salt: [u8; 16],
    used: AtomicU32,
}

impl Act {
    /// Draws an act. Outside the transaction: a write may run twice.
    pub fn draw(now: Ts, by: By) -> Result<Self> {
        Ok(Self {
            now,
            by,
            base: Id::new(),
            salt: random()?,
            used: AtomicU32::new(0),
        })
    }

    /// The next id of this act, later in order than those before it.
    pub(super) fn id(&self) -> Id {
        let number = self.next();
        let mut bytes = *self.base.as_bytes();
        for (byte, counted) in bytes.iter_mut().skip(12).zip(number.to_be_bytes()) {
            *byte = counted;
        }
        Id::from_bytes(bytes)
    }

    /// What stands on a timeline because of this act.
    pub(super) fn event(&self, kind: EventKind, text: String) -> Happened {
        let number = self.next();
        let mut salt = self.salt;
        for (byte, counted) in salt.iter_mut().zip(number.to_be_bytes()) {
            *byte ^= counted;
        }
        Happened {
            kind,
            by: self.by,
            at: self.now,
            text,
            salt,
        }
    }

    fn next(&self) -> u32 {
        self.used.fetch_add(1, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_an_act_differ_and_rise() {
        let act = Act::draw(Ts::from_micros(0), By::System).expect("randomness");
        let ids: Vec<Id> = (0..300).map(|_| act.id()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
