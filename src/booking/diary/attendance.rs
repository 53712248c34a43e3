//! Who came to which session. Noted by a named person, put right by one, and each time on the timeline. The first
//! session somebody came to is the beginning of their treatment.

use std::collections::HashMap;

use super::planned::DiaryRun;
use super::store::{attendance as store, runs};
use crate::app::App;
use crate::booking::act::Act;
use crate::booking::course::session_starts;
use crate::booking::place::PlaceState;
use crate::booking::rules::BookingRules;
use crate::booking::store::places::one_at_a_time;
use crate::db::{Conn, Result};
use crate::referrals::{
    By, CallWanted, EventKind, Named, Subject, keep_treatment, named, promise_call, reach, record,
};
use crate::values::{Id, Ts};

/// What became of a session for one person: the codes of the NHS Talking Therapies data set (attendance status).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attendance {
    /// Came in time and took part.
    Came,
    /// Came late and took part.
    CameLate,
    /// Came too late to take part.
    TooLate,
    /// Did not come and had not said so.
    DidNotCome,
    /// Told us before that they would not come.
    ToldUs,
    /// We called it off.
    WeCancelled,
}

impl Attendance {
    /// All of them, as the tap list shows them.
    pub const ALL: [Attendance; 6] = [
        Attendance::Came,
        Attendance::CameLate,
        Attendance::DidNotCome,
        Attendance::ToldUs,
        Attendance::WeCancelled,
        Attendance::TooLate,
    ];

    /// The code stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Attendance::Came => "5",
            Attendance::CameLate => "6",
            Attendance::TooLate => "7",
            Attendance::DidNotCome => "3",
            Attendance::ToldUs => "2",
            Attendance::WeCancelled => "4",
        }
    }

    /// Reads the stored code.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// How staff say it.
    pub fn label(self) -> &'static str {
        match self {
            Attendance::Came => "Came",
            Attendance::CameLate => "Came late",
            Attendance::TooLate => "Too late to take part",
            Attendance::DidNotCome => "Did not come",
            Attendance::ToldUs => "Told us before",
            Attendance::WeCancelled => "We cancelled",
        }
    }

    /// Whether the person took part.
    pub fn took_part(self) -> bool {
        match self {
            Attendance::Came | Attendance::CameLate => true,
            Attendance::TooLate | Attendance::DidNotCome | Attendance::ToldUs | Attendance::WeCancelled => {
                false
            }
        }
    }

    /// Whether it can be known before the session.
    pub fn is_known_before(self) -> bool {
        match self {
            Attendance::ToldUs | Attendance::WeCancelled => true,
            Attendance::Came | Attendance::CameLate | Attendance::TooLate | Attendance::DidNotCome => false,
        }
    }
}

/// One person of a tap list.
#[derive(Clone, Debug)]
pub struct SheetLine {
    /// Who.
    pub who: Named,
    /// What was noted, and when.
    pub noted: Option<(Attendance, Ts)>,
    /// Whether they have their place on another run and may come to this session instead of one they missed.
    pub guest: bool,
}

/// The tap list of one session.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The run.
    pub run: DiaryRun,
    /// Which session, from 1.
    pub session: i32,
    /// When it begins.
    pub starts: Ts,
    /// Who is on it, by name; guests last.
    pub lines: Vec<SheetLine>,
}

/// The tap list of a session: everybody with a confirmed place, whoever was noted before, and whoever missed this
/// session on another run not long ago. `None` when there is no such session.
pub fn sheet(conn: &mut Conn<'_>, app: &App, run: Id, session: i32) -> Result<Option<Sheet>> {
    let Some(run) = runs::find(conn, run)? else {
        return Ok(None);
    };
    let Some(starts) = run.session(session) else {
        return Ok(None);
    };
    let noted: HashMap<Id, (Attendance, Ts)> =
        store::list_noted(conn, run.id, session)?.into_iter().collect();
    let people = runs::list_people(conn, run.id)?;
    let confirmed = people.iter().filter(|(_, state)| *state == PlaceState::Confirmed);
    let mut ids: Vec<Id> = confirmed.map(|(id, _)| *id).collect();
    let mut guests = super::parallel::guests(conn, &run, session, starts)?;
    guests.retain(|id| !ids.contains(id));
    // Whoever was noted stays on the list, although the place is somebody else's now.
    let gone: Vec<Id> = noted
        .keys()
        .copied()
        .filter(|id| !ids.contains(id) && !guests.contains(id))
        .collect();
    ids.extend(gone);
    let mut lines = lines(conn, app, &ids, &noted, false)?;
    lines.extend(self::lines(conn, app, &guests, &noted, true)?);
    Ok(Some(Sheet {
        run,
        session,
        starts,
        lines,
    }))
}

fn lines(
    conn: &mut Conn<'_>,
    app: &App,
    ids: &[Id],
    noted: &HashMap<Id, (Attendance, Ts)>,
    guest: bool,
) -> Result<Vec<SheetLine>> {
    let mut people = named(conn, &app.keys, ids)?;
    people.sort_by_key(|one| (one.name.to_lowercase(), one.id));
    let line = |who: Named| SheetLine {
        noted: noted.get(&who.id).copied(),
        who,
        guest,
    };
    Ok(people.into_iter().map(line).collect())
}

/// What somebody ticked for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Whom.
    pub referral: Id,
    /// What stood there when the page was loaded.
    pub was: Option<Attendance>,
    /// What is ticked now.
    pub now: Attendance,
}

/// What became of the ticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marked {
    /// Kept. How many were new or put right, and whom somebody else had noted otherwise meanwhile: theirs stand.
    Done {
        /// How many changed.
        changed: usize,
        /// Whose were noted by somebody else since the page was loaded.
        meanwhile: Vec<Id>,
    },
    /// There is no such session.
    Missing,
    /// The session has not begun: nobody can have come.
    TooEarly,
}

/// Keeps what was ticked, with the name of who did.
pub fn mark(
    conn: &mut Conn<'_>,
    app: &App,
    act: &Act,
    run: Id,
    session: i32,
    marks: &[Mark],
) -> Result<Marked> {
    one_at_a_time(conn)?;
    let By::Staff(by) = act.by else {
        return Err(anyhow::anyhow!("attendance is noted by a named person").into());
    };
    let Some(sheet) = sheet(conn, app, run, session)? else {
        return Ok(Marked::Missing);
    };
    let begun = sheet.starts.london_date() <= act.now.london_date();
    let ticked = marks.iter().filter(|mark| Some(mark.now) != mark.was);
    let wanted: Vec<(&Mark, &SheetLine)> = ticked
        .filter_map(|mark| {
            Some((
                mark,
                sheet.lines.iter().find(|line| line.who.id == mark.referral)?,
            ))
        })
        .collect();
    if !begun && wanted.iter().any(|(mark, _)| !mark.now.is_known_before()) {
        return Ok(Marked::TooEarly);
    }
    let (mut changed, mut meanwhile) = (0, Vec::new());
    for (mark, line) in wanted {
        let stored = line.noted.map(|(noted, _)| noted);
        if stored == Some(mark.now) {
            continue;
        }
        if stored != mark.was {
            meanwhile.push(mark.referral);
            continue;
        }
        store::keep(
            conn,
            (sheet.run.id, session, mark.referral),
            mark.now,
            by,
            act.now,
        )?;
        tell_timeline(conn, app, act, &sheet, mark)?;
        changed += 1;
    }
    Ok(Marked::Done { changed, meanwhile })
}

/// Writes what was noted on the timeline, and begins treatment with the first session somebody came to.
fn tell_timeline(conn: &mut Conn<'_>, app: &App, act: &Act, sheet: &Sheet, mark: &Mark) -> Result<()> {
    let session = format!(
        "{}, session {}, {}",
        sheet.run.course_name,
        sheet.session,
        sheet.starts.display_date()
    );
    let words = match mark.was {
        None => format!("{session}: {}", mark.now.label()),
        Some(was) => format!(
            "{session}: {}. Put right; it said: {}",
            mark.now.label(),
            was.label()
        ),
    };
    record(
        conn,
        &app.keys,
        mark.referral,
        &act.event(EventKind::Attended, words),
    )?;
    owe_a_call(conn, app, act, sheet, mark)?;
    let first = first_attended(conn, mark.referral)?;
    let words = first.map_or(session, |first| format!("First came on {}", first.display_date()));
    keep_treatment(
        conn,
        &app.keys,
        mark.referral,
        first,
        &act.event(EventKind::Started, words),
    )?;
    Ok(())
}

/// Somebody at risk who did not come is rung by the end of the next working day.
fn owe_a_call(conn: &mut Conn<'_>, app: &App, act: &Act, sheet: &Sheet, mark: &Mark) -> Result<()> {
    let missed = mark.now == Attendance::DidNotCome;
    let Some(who) = reach(conn, &app.keys, mark.referral)?.filter(|who| missed && who.is_at_risk) else {
        return Ok(());
    };
    let wanted = CallWanted {
        subject: Subject::MissedSession,
        run: Some(sheet.run.id),
        due_at: BookingRules::of(&app.config.locality).working_days(act.now, 1),
    };
    promise_call(conn, who.id, wanted, act.now)
}

/// The earliest session this person came to.
fn first_attended(conn: &mut Conn<'_>, referral: Id) -> Result<Option<Ts>> {
    let all = store::list_of(conn, referral)?;
    let attended = all.iter().filter(|one| one.outcome.took_part());
    let starts = attended.filter_map(|one| session_starts(one.first_session, one.session).pop());
    Ok(starts.min())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_data_set() {
        let codes: Vec<&str> = Attendance::ALL.iter().map(|one| one.as_str()).collect();
        assert_eq!(codes, ["5", "6", "3", "2", "4", "7"]);
        for one in Attendance::ALL {
            assert_eq!(Attendance::parse(one.as_str()), Some(one));
        }
        assert!(
            Attendance::ALL
                .iter()
                .all(|one| !(one.took_part() && one.is_known_before()))
        );
    }
}
