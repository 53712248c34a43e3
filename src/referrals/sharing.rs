//! What the clinic that gave a slip may see of the referral that came of it: that it was used, and that there is a place;
//! and only where the patient agreed. It is written on the slip, so that the physio's pages never read a referral.

use super::state::ReviewState;
use super::store::{self, Row};
use crate::db::{Conn, Result};
use crate::pads::{self, SharedStatus};
use crate::values::Id;

/// Shares that the slip was used, once the form is complete: a form that was left half-way is nobody's business.
pub(super) fn tell_used(conn: &mut Conn<'_>, row: &Row) -> Result<()> {
    let complete = row.state != ReviewState::Incomplete;
    match row.slip_id.filter(|_| row.share_status && complete) {
        Some(slip) => pads::share(conn, slip, SharedStatus::Used),
        None => Ok(()),
    }
}

/// Shares that there is a confirmed place, or that there is none any more.
pub fn tell_booked(conn: &mut Conn<'_>, referral: Id, booked: bool) -> Result<()> {
    let status = if booked {
        SharedStatus::Booked
    } else {
        SharedStatus::Used
    };
    match store::find_shared_slip(conn, referral)? {
        Some(slip) => pads::share(conn, slip, status),
        None => Ok(()),
    }
}
