//! The electronic slip: one slip made while the patient is there, shown as a QR code and, if there is an
//! address, sent as a link. The address stands in the sealed message and nowhere else.

use std::sync::Arc;

use anyhow::Context;

use super::hint::Hint;
use super::minting::{Order, number_and_derive};
use super::qr::slip_address;
use super::store;
use super::template::Template;
use crate::app::App;
use crate::db::{Conn, Result};
use crate::notify::{Lane, Message, SealedMessage, enqueue_sealed};
use crate::values::{Email, Id, SlipCode, Ts};

/// A slip that was just made.
#[derive(Clone, Debug)]
pub struct IssuedSlip {
    /// Its row.
    pub id: Id,
    /// The number of its pad of one.
    pub pad: i32,
    /// Its serial.
    pub serial: i64,
    /// Its code.
    pub code: SlipCode,
    /// The address its QR code carries, in upper case.
    pub url: String,
    /// When it expires.
    pub expires_at: Ts,
    /// When it was made.
    pub issued_at: Ts,
}

/// What an electronic slip has besides its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Electronic {
    /// The number of its pad of one, by which it is printed.
    pub pad: i32,
    /// The key of the condition that the physio suggested help with.
    pub hint: Option<String>,
}

/// What this slip has besides its code, if it is an electronic one.
pub fn find_electronic(conn: &mut Conn<'_>, slip: Id) -> Result<Option<Electronic>> {
    store::find_electronic(conn, slip)
}

/// Makes one slip for `order` (whose count is not read) and queues the message if there is an address.
pub async fn issue_electronic(
    app: &App,
    template: &Template,
    order: Order,
    email: Option<Email>,
) -> anyhow::Result<IssuedSlip> {
    issue_hinted(app, template, order, None, email).await
}

/// The same with what the physio suggests help with.
pub async fn issue_hinted(
    app: &App,
    template: &Template,
    order: Order,
    hint: Option<Hint>,
    email: Option<Email>,
) -> anyhow::Result<IssuedSlip> {
    super::minting::may_mint(&app.config)?;
    let now = app.clock.now();
    let order = Order {
        slips: super::SlipCount::ONE,
        ..order
    };
    let minted = number_and_derive(app, template, &order, true, now).await?;
    let (serial, code) = *minted.codes.first().context("a pad without a slip")?;
    let slip = minted.rows.slips.first().context("a pad without a slip")?;
    let issued = IssuedSlip {
        id: slip.id,
        pad: minted.rows.pad.number,
        serial,
        code,
        url: slip_address(&app.config.base_url, &code.compact()),
        expires_at: slip.expires_at,
        issued_at: now,
    };
    let message = match email {
        Some(address) => Some(SealedMessage::seal(
            &app.keys,
            Id::new(),
            &link_message(app, &address, &issued),
            now,
        )?),
        None => None,
    };
    let (rows, id) = (Arc::new(minted.rows), issued.id);
    app.db
        .write(move |conn| {
            store::insert_minted(conn, &rows)?;
            if let Some(hint) = &hint {
                store::mark_hint(conn, id, hint)?;
            }
            message
                .as_ref()
                .map_or(Ok(()), |message| enqueue_sealed(conn, message))
        })
        .await
        .context("recording the slip")?;
    app.mailer.nudge();
    Ok(issued)
}

/// Neutral words: mail is read over shoulders, so it names no health matter, no clinic and nobody.
fn link_message(app: &App, address: &Email, slip: &IssuedSlip) -> Message {
    let body = format!(
        include_str!("messages/link.txt"),
        link = format_args!("{}/s/{}", app.config.base_url, slip.code.compact()),
        web = app.config.host(),
        code = slip.code,
        phone = app.config.locality.organisation.phone,
        until = slip.expires_at.display_date(),
    );
    Message {
        about: None,
        lane: Lane::Normal,
        to: address.as_str().to_owned(),
        subject: "The link you asked for".to_owned(),
        body,
    }
}
