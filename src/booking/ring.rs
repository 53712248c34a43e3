//! Whom somebody rings about a place: because nothing may be written, because a message did not arrive, or because
//! they asked for it.

use super::act::Act;
use super::clock;
use super::rules::BookingRules;
use super::store::{places, rings};
use super::told::{About, News, have_rung};
use crate::app::App;
use crate::db::{Conn, Result};
use crate::referrals::{By, CallOutcome, EventKind, reach, record};
use crate::values::{Id, Ts};

/// Calls about an offer that nobody answered before the offer is taken back: the place is not kept from those behind.
const TRIES_FOR_AN_OFFER: i32 = 3;

/// What came of a call, in the words of [`CallOutcome`], or why it was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RingOutcome {
    /// The person was told.
    Spoke,
    /// Nobody answered; somebody rings again.
    NoAnswer,
    /// A voicemail was left, which the person allowed.
    Voicemail,
    /// It is not their number.
    WrongNumber,
    /// There was newer news before anybody rang.
    Overtaken,
}

impl RingOutcome {
    /// What a person can say of a call.
    pub const OF_A_CALL: [RingOutcome; 4] = [
        RingOutcome::Spoke,
        RingOutcome::NoAnswer,
        RingOutcome::Voicemail,
        RingOutcome::WrongNumber,
    ];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            RingOutcome::Spoke => CallOutcome::Spoke.as_str(),
            RingOutcome::NoAnswer => CallOutcome::NoAnswer.as_str(),
            RingOutcome::Voicemail => CallOutcome::Voicemail.as_str(),
            RingOutcome::WrongNumber => CallOutcome::WrongNumber.as_str(),
            RingOutcome::Overtaken => "overtaken",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::OF_A_CALL
            .into_iter()
            .chain([RingOutcome::Overtaken])
            .find(|outcome| outcome.as_str() == word)
    }

    /// How staff say it.
    pub fn label(self) -> &'static str {
        match self {
            RingOutcome::Spoke => CallOutcome::Spoke.label(),
            RingOutcome::NoAnswer => CallOutcome::NoAnswer.label(),
            RingOutcome::Voicemail => CallOutcome::Voicemail.label(),
            RingOutcome::WrongNumber => CallOutcome::WrongNumber.label(),
            RingOutcome::Overtaken => "Not needed any more",
        }
    }
}

impl From<CallOutcome> for RingOutcome {
    fn from(outcome: CallOutcome) -> Self {
        match outcome {
            CallOutcome::Spoke => RingOutcome::Spoke,
            CallOutcome::NoAnswer => RingOutcome::NoAnswer,
            CallOutcome::Voicemail => RingOutcome::Voicemail,
            CallOutcome::WrongNumber => RingOutcome::WrongNumber,
        }
    }
}

/// One call to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingTask {
    /// The row.
    pub id: Id,
    /// Whom.
    pub referral: Id,
    /// What about.
    pub about: About,
    /// Which run, where it is about one.
    pub run: Option<Id>,
    /// By when.
    pub due_at: Ts,
    /// Calls made so far.
    pub tries: i32,
    /// The last one.
    pub tried_at: Option<Ts>,
    /// What came of it.
    pub last: Option<RingOutcome>,
}

/// What became of saying how a call went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rang {
    /// Kept.
    Done,
    /// Somebody else has done this call, or there is nothing to say any more.
    Gone,
    /// The person did not allow a voicemail: it is not a way to have told them.
    NoVoicemail,
}

/// The calls to make, what is due first, first.
pub fn list_rings(conn: &mut Conn<'_>, most: i64) -> Result<Vec<RingTask>> {
    rings::list_open(conn, most)
}

/// The calls to make to one person.
pub fn rings_of(conn: &mut Conn<'_>, referral: Id) -> Result<Vec<RingTask>> {
    rings::list_open_of(conn, referral)
}

/// How many calls are to be made.
pub fn count_rings(conn: &mut Conn<'_>) -> Result<i64> {
    rings::count_open(conn)
}

/// Has somebody ring because the person asked for it: "None of these suit me".
pub fn ask_to_ring(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<()> {
    places::one_at_a_time(conn)?;
    have_rung(conn, app, act, referral, &News::by_voice(About::Choose, None))
}

/// Keeps what came of a call, with the name of who rang. Having spoken, or having left a voicemail where that is
/// allowed, tells the person: an offer's clock starts.
pub fn rang(conn: &mut Conn<'_>, app: &App, act: &Act, task: Id, outcome: RingOutcome) -> Result<Rang> {
    places::one_at_a_time(conn)?;
    let Some(task) = rings::find(conn, task)? else {
        return Ok(Rang::Gone);
    };
    let Some(who) = reach(conn, &app.keys, task.referral)? else {
        return Ok(Rang::Gone);
    };
    if outcome == RingOutcome::Voicemail && !who.person.voicemail_ok {
        return Ok(Rang::NoVoicemail);
    }
    let by = match act.by {
        By::Staff(id) => Some(id),
        By::Patient | By::Api(_) | By::System => None,
    };
    let told = matches!(outcome, RingOutcome::Spoke | RingOutcome::Voicemail);
    let tries = task.tries + 1;
    let hopeless = task.about == About::Offer && tries >= TRIES_FOR_AN_OFFER;
    if outcome == RingOutcome::NoAnswer && !hopeless {
        let tomorrow = BookingRules::of(&app.config.locality).working_days(act.now, 1);
        rings::tried(conn, task.id, outcome, act.now, tomorrow)?;
    } else if !rings::finish(conn, task.id, outcome, by, act.now)? {
        return Ok(Rang::Gone);
    }
    let words = format!("{}: {}", task.about.label(), outcome.label());
    record(conn, &app.keys, task.referral, &act.event(EventKind::Rang, words))?;
    if task.about == About::Offer {
        if told {
            clock::start(conn, app, act, task.referral)?;
        } else if hopeless || outcome == RingOutcome::WrongNumber {
            // Nobody could be reached: as if the offer had run out, so that the next person is not kept waiting.
            clock::pass_on(conn, app, act, task.referral)?;
        }
    }
    Ok(Rang::Done)
}
