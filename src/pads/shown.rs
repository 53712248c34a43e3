//! What may be seen of pads and slips, and by whom.

use super::custody::Whose;
use super::printing::base_url_of;
use super::qr::slip_address;
use super::slip::{SlipState, code_of};
use super::store::{self, PadRow};
use crate::app::App;
use crate::values::{KeyId, SlipCode, Ts};

/// The pads of `whose`, newest first, at most `limit`.
pub async fn list_pads(app: &App, whose: Whose, limit: i64) -> anyhow::Result<Vec<PadRow>> {
    Ok(app
        .db
        .read(move |conn| store::list_pads(conn, whose, limit))
        .await?)
}

/// What a physio shows on the screen for an electronic slip.
#[derive(Clone, Debug)]
pub struct OnScreen {
    /// The slip's serial.
    pub serial: i64,
    /// Its code.
    pub code: SlipCode,
    /// The address its QR code carries.
    pub url: String,
    /// What the physio suggested help with, as the key of a condition.
    pub hint: Option<String>,
}

/// The code of a pad of one electronic slip, as long as it is not void; none for other pads.
pub async fn show_electronic(app: &App, number: i32, whose: Whose) -> anyhow::Result<Option<OnScreen>> {
    let found = app
        .db
        .read(move |conn| store::find_pad_to_print(conn, number, whose))
        .await?;
    let Some((pad, slips)) = found.filter(|(pad, _)| pad.electronic) else {
        return Ok(None);
    };
    let Some((id, serial, _)) = slips.into_iter().find(|(_, _, state)| *state != SlipState::Void) else {
        return Ok(None);
    };
    let code = code_of(&app.keys, KeyId(pad.code_key), id)?;
    let url = slip_address(&base_url_of(&app.config, &pad.host), &code.compact());
    let said = app.db.read(move |conn| store::find_electronic(conn, id)).await?;
    Ok(Some(OnScreen {
        serial,
        code,
        url,
        hint: said.and_then(|slip| slip.hint),
    }))
}

/// One slip as its physio may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlipLine {
    /// Its serial.
    pub serial: i64,
    /// Whether it was taken back, used or not: it is not printed again.
    pub taken_back: bool,
    /// What may be shown of it.
    pub seen: Seen,
}

/// What a physio may see of a slip: nothing of a patient who did not agree to share. Unused, and used without
/// agreement, look the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing to show.
    Nothing,
    /// The patient agreed to share that it was used.
    Used,
    /// The patient agreed to share, and has a place.
    Booked,
    /// It was taken back.
    Void,
    /// Its date is past.
    Expired,
}

impl Seen {
    /// What may be seen of a slip in this state. `taken_back` says that somebody took it back, used or not.
    pub fn of(state: SlipState, shared: Option<&str>, taken_back: bool, expired: bool) -> Self {
        match (state, shared) {
            (SlipState::Void, _) => Seen::Void,
            (SlipState::Used, Some("booked")) => Seen::Booked,
            (SlipState::Used, Some("used")) => Seen::Used,
            // A used slip that is not shared must look like an unused one: also in a range that was taken back,
            // where the unused ones became void, and also past its date.
            (SlipState::Used | SlipState::Unused, _) if taken_back => Seen::Void,
            (SlipState::Used | SlipState::Unused, _) if expired => Seen::Expired,
            (SlipState::Used | SlipState::Unused, _) => Seen::Nothing,
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Seen::Nothing => "Nothing to show",
            Seen::Used => "Used",
            Seen::Booked => "Place booked",
            Seen::Void => "Taken back",
            Seen::Expired => "Expired",
        }
    }
}

/// A pad with its slips, if it is among `whose`.
pub async fn show_pad(
    app: &App,
    number: i32,
    whose: Whose,
) -> anyhow::Result<Option<(PadRow, Vec<SlipLine>)>> {
    let now: Ts = app.clock.now();
    Ok(app
        .db
        .read(move |conn| store::find_pad_with_slips(conn, number, whose, now))
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_and_used_without_agreement_look_the_same() {
        for expired in [false, true] {
            assert_eq!(
                Seen::of(SlipState::Unused, None, false, expired),
                Seen::of(SlipState::Used, None, false, expired)
            );
            // Taken back: the unused one is void, the used one stays used.
            assert_eq!(
                Seen::of(SlipState::Void, None, true, expired),
                Seen::of(SlipState::Used, None, true, expired)
            );
        }
        assert_eq!(
            Seen::of(SlipState::Used, Some("booked"), true, true),
            Seen::Booked
        );
        assert_eq!(Seen::of(SlipState::Void, Some("used"), false, false), Seen::Void);
    }
}
