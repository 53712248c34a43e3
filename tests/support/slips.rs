//! Slips for tests, each on a pad of its own.

use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::db::schema::{clinic, pad, slip};
use iapt_pad::dispatch;
use iapt_pad::pads;
use iapt_pad::values::{Id, Purpose, SlipCode, Ts};

use super::app::at;

/// The name of the clinic that gives every slip of the tests.
pub const CLINIC: &str = "Physioworks North";

/// A slip in this state ("unused", "used", "void") that expires at the end of 2027.
pub async fn a_slip(app: &Arc<App>, number: i32, state: &'static str) -> SlipCode {
    a_slip_until(app, number, state, at("2027-12-31T00:00:00Z")).await
}

/// A slip that expires at this moment. `number` tells the slips of one test apart.
pub async fn a_slip_until(app: &Arc<App>, number: i32, state: &'static str, until: Ts) -> SlipCode {
    let (place, bundle, paper) = (Id::new(), Id::new(), Id::new());
    let key = app.keys.current(Purpose::Codes).expect("a key");
    let code = pads::code_of(&app.keys, key, paper).expect("a code");
    let hash = pads::code_hash(&app.keys, &code).expect("a hash");
    let now = app.clock.now();
    app.db
        .write(move |conn| {
            let a_clinic = (
                clinic::id.eq(place),
                clinic::code.eq(format!("C{number}")),
                clinic::name.eq(CLINIC),
                clinic::active.eq(true),
                clinic::created_at.eq(now),
            );
            let a_pad = (
                pad::id.eq(bundle),
                pad::number.eq(number),
                pad::clinic_id.eq(place),
                pad::template.eq("a6"),
                pad::host.eq("talking.example.org"),
                pad::code_key.eq(key.0),
                pad::slips.eq(1),
                pad::custody.eq("minted"),
                pad::sample.eq(false),
                pad::electronic.eq(false),
                pad::created_at.eq(now),
                pad::expires_at.eq(until),
            );
            let a_slip = (
                slip::id.eq(paper),
                slip::serial.eq(i64::from(number)),
                slip::pad_id.eq(bundle),
                slip::code_hash.eq(&hash[..]),
                slip::state.eq(state),
                slip::expires_at.eq(until),
                slip::openings.eq(0),
                slip::created_at.eq(now),
            );
            dispatch!(conn, c => {
                diesel::insert_into(clinic::table).values(a_clinic).execute(c)?;
                diesel::insert_into(pad::table).values(a_pad).execute(c)?;
                diesel::insert_into(slip::table).values(a_slip).execute(c)?;
            });
            Ok(())
        })
        .await
        .expect("a slip");
    code
}

/// How often this slip was opened.
pub async fn openings(app: &Arc<App>, number: i32) -> i64 {
    app.db
        .read(move |conn| {
            let opened = slip::table
                .filter(slip::serial.eq(i64::from(number)))
                .select(slip::openings);
            let opened: i32 = dispatch!(conn, c => opened.first(c)?);
            Ok(i64::from(opened))
        })
        .await
        .expect("a count")
}
