//! What people are told about their place, and how: a neutral message where they may be written to, or else somebody
//! rings. Never both, and never neither.

use super::act::Act;
use super::facts::{RunFacts, day_and_time};
use super::rules::BookingRules;
use super::store::notices;
use super::store::notices::Notice;
use crate::app::App;
use crate::db::{Conn, Result};
use crate::notify::{self, Lane, Message};
use crate::referrals::{CallWanted, Reach, Subject, promise_call, supersede_place_news};
use crate::values::{Id, Ts};
use crate::web::paths;

/// What a message or a call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// A place is kept for them, to be confirmed.
    Kept,
    /// The place is confirmed.
    Confirmed,
    /// The place is another one, or at another time.
    Moved,
    /// The place is not kept any more.
    GivenUp,
    /// A place came free for them.
    Offer,
    /// The first session is in two days.
    Reminder,
    /// The run is called off.
    RunCancelled,
    /// Two offers ran out: does the person still want a place? Never written, always asked by voice.
    Ask,
    /// The person asked to be rung about a place. Never written.
    Choose,
}

impl About {
    /// Everything there is to tell.
    pub const ALL: [About; 9] = [
        About::Kept,
        About::Confirmed,
        About::Moved,
        About::GivenUp,
        About::Offer,
        About::Reminder,
        About::RunCancelled,
        About::Ask,
        About::Choose,
    ];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            About::Kept => "kept",
            About::Confirmed => "confirmed",
            About::Moved => "moved",
            About::GivenUp => "given_up",
            About::Offer => "offer",
            About::Reminder => "reminder",
            About::RunCancelled => "cancelled",
            About::Ask => "ask",
            About::Choose => "choose",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.as_str() == word)
    }

    /// The same as the subject of a call.
    pub fn subject(self) -> Subject {
        match self {
            About::Kept => Subject::PlaceHeld,
            About::Confirmed => Subject::PlaceConfirmed,
            About::Moved => Subject::PlaceMoved,
            About::GivenUp => Subject::PlaceGivenUp,
            About::Offer => Subject::PlaceOffered,
            About::Reminder => Subject::Reminder,
            About::RunCancelled => Subject::CourseCancelled,
            About::Ask => Subject::PlaceStillWanted,
            About::Choose => Subject::PlaceChoice,
        }
    }

    /// Subject and text of the message; `None` for what is only said by voice.
    fn letter(self) -> Option<(&'static str, &'static str)> {
        match self {
            About::Kept => Some(("We have kept a place for you", include_str!("messages/kept.txt"))),
            About::Confirmed => Some(("Your place is confirmed", include_str!("messages/confirmed.txt"))),
            About::Moved => Some(("Your place has changed", include_str!("messages/moved.txt"))),
            About::GivenUp => Some((
                "Your place is not kept any more",
                include_str!("messages/given_up.txt"),
            )),
            About::Offer => Some((
                "A place has come free for you",
                include_str!("messages/offer.txt"),
            )),
            About::Reminder => Some((
                "A reminder of your first day",
                include_str!("messages/reminder.txt"),
            )),
            About::RunCancelled => Some((
                "Your dates have changed",
                include_str!("messages/run_cancelled.txt"),
            )),
            About::Ask | About::Choose => None,
        }
    }

    /// By when somebody rings, if somebody has to.
    fn ring_by(self, rules: &BookingRules<'_>, now: Ts, news: &News<'_>) -> Ts {
        match self {
            About::Kept => news.confirm_by.unwrap_or_else(|| rules.working_days(now, 2)),
            About::Offer | About::Confirmed | About::Moved | About::RunCancelled | About::Choose => {
                rules.working_days(now, 1)
            }
            About::GivenUp | About::Ask => rules.working_days(now, 2),
            About::Reminder => {
                let first = news.run.map_or(now, |run| run.first_session);
                rules.working_days(now, 1).min(first.plus_minutes(-60)).max(now)
            }
        }
    }
}

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeState {
    /// Its message is in the outbox.
    Sent,
    /// A mail server took its message.
    Delivered,
    /// Somebody rings, or rang.
    Ring,
    /// There was newer news before it arrived.
    Overtaken,
}

impl NoticeState {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            NoticeState::Sent => "sent",
            NoticeState::Delivered => "delivered",
            NoticeState::Ring => "ring",
            NoticeState::Overtaken => "overtaken",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [
            NoticeState::Sent,
            NoticeState::Delivered,
            NoticeState::Ring,
            NoticeState::Overtaken,
        ];
        all.into_iter().find(|state| state.as_str() == word)
    }
}

/// Something to tell.
#[derive(Clone, Copy)]
pub(super) struct News<'a> {
    pub about: About,
    pub run: Option<&'a RunFacts>,
    pub confirm_by: Option<Ts>,
    /// Whether a person says this and no message does, although one could be sent.
    pub by_voice: bool,
}

impl<'a> News<'a> {
    pub fn of(about: About, run: &'a RunFacts) -> Self {
        Self {
            about,
            run: Some(run),
            confirm_by: None,
            by_voice: false,
        }
    }

    /// Something that only a voice says.
    pub fn by_voice(about: About, run: Option<&'a RunFacts>) -> Self {
        Self {
            about,
            run,
            confirm_by: None,
            by_voice: true,
        }
    }
}

/// Tells a person, in the transaction that causes it; the message's id when one was written, nothing when somebody
/// rings. What they had not heard of before is overtaken: one call tells how things are now.
pub(super) fn tell(
    conn: &mut Conn<'_>,
    app: &App,
    act: &Act,
    who: &Reach,
    news: News<'_>,
) -> Result<Option<Id>> {
    forget(conn, who.id, act.now)?;
    let id = act.id();
    let message = message(app, who, &news).filter(|_| !news.by_voice);
    if let Some(message) = &message {
        notify::enqueue(conn, &app.keys, id, message, act.now)?;
    } else {
        have_rung(conn, app, act, who.id, &news)?;
    }
    let notice = Notice {
        id,
        referral_id: who.id,
        kind: news.about,
        run_id: news.run.map(|run| run.id),
        session_at: news.run.map(|run| run.first_session),
        state: match message {
            Some(_) => NoticeState::Sent,
            None => NoticeState::Ring,
        },
        at: act.now,
    };
    notices::insert(conn, &notice)?;
    Ok(message.map(|_| id))
}

/// There is nothing to tell any more: a message that is given up makes no call, and open calls are not made.
pub(super) fn forget(conn: &mut Conn<'_>, referral: Id, now: Ts) -> Result<()> {
    notices::overtake(conn, referral)?;
    supersede_place_news(conn, referral, now)
}

/// Has somebody ring, once for each thing there is to tell.
pub(super) fn have_rung(
    conn: &mut Conn<'_>,
    app: &App,
    act: &Act,
    referral: Id,
    news: &News<'_>,
) -> Result<()> {
    let rules = BookingRules::of(&app.config.locality);
    let wanted = CallWanted {
        subject: news.about.subject(),
        run: news.run.map(|run| run.id),
        due_at: news.about.ring_by(&rules, act.now, news),
    };
    promise_call(conn, referral, wanted, act.now)
}

/// The neutral message, if this may be written to this person: no name, no venue, no course, no word about health. A
/// date may stand in it; everything else stands behind the link.
fn message(app: &App, who: &Reach, news: &News<'_>) -> Option<Message> {
    let (subject, body) = news.about.letter()?;
    let email = who.person.sound_email().filter(|_| who.person.write_ok)?;
    let link = format!("{}{}", app.config.base_url, paths::own_page(who.token.expose()));
    let body = body
        .replace("{date}", &news.run.map(RunFacts::begins).unwrap_or_default())
        .replace("{by}", &news.confirm_by.map(day_and_time).unwrap_or_default())
        .replace("{hours}", &app.config.locality.booking.offer_hours.to_string())
        .replace("{foot}", include_str!("messages/foot.txt"))
        .replace("{link}", &link)
        .replace("{phone}", &app.config.locality.organisation.phone);
    Some(Message {
        about: Some(who.id),
        lane: Lane::Normal,
        to: email.to_owned(),
        subject: format!("{subject}: {}", who.reference),
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for about in About::ALL {
            assert_eq!(About::parse(about.as_str()), Some(about));
            assert_eq!(about.subject().as_str(), about.as_str());
        }
    }

    #[test]
    fn every_message_has_a_link_the_number_and_words_for_need() {
        for about in About::ALL {
            let Some((subject, body)) = about.letter() else {
                assert!(matches!(about, About::Ask | About::Choose));
                continue;
            };
            assert!(subject.len() < 60 && !subject.is_empty());
            let whole = body.replace("{foot}", include_str!("messages/foot.txt"));
            assert!(whole.contains("{link}") && whole.contains("{phone}"), "{about:?}");
            assert!(whole.contains("999") && whole.contains("111"), "{about:?}");
        }
    }
}
