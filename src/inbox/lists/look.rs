//! One look at the lists, as an address asks for it: whoever nobody has acknowledged, and below the queues asked for,
//! one page of each.

use super::asked::{Asked, Known, What};
use super::cursor::Cursor;
use super::narrow::{self, Count, Narrow};
use super::{Page, list};
use crate::app::App;
use crate::db::{Conn, Result};
use crate::inbox::store::stretch;
use crate::inbox::words;
use crate::referrals::Queue;
use crate::values::Id;
use crate::web::form::Posted;

/// What one look shows.
#[derive(Clone, Debug)]
pub struct Look {
    pub(in crate::inbox) asked: Asked,
    /// What of the address was not understood.
    pub(in crate::inbox) odd: Vec<&'static str>,
    /// Clinics a list can be narrowed to: code and name.
    pub(in crate::inbox) clinics: Vec<(String, String)>,
    /// Flags a list can be narrowed to, with their short words.
    pub(in crate::inbox) flags: Vec<(String, String)>,
    /// Whoever nobody has acknowledged first, then the queues asked for.
    pub sections: Vec<Looked>,
}

/// One queue of it.
#[derive(Clone, Debug)]
pub struct Looked {
    /// Which.
    pub queue: Queue,
    /// One page.
    pub page: Page,
    /// How many there are, where the page does not say it.
    pub many: Option<Count>,
    /// The part of an address behind the question mark that shows the next page; `None` at the end.
    pub next: Option<String>,
}

/// Looks as the part of an address behind the question mark asks. Whatever it says, the first section holds whoever
/// nobody has acknowledged; it is left out only where there is nobody. `raised` are the flags that the rules in force
/// may raise.
pub fn look(conn: &mut Conn<'_>, app: &App, me: Id, raised: &[String], query: &str) -> Result<Look> {
    let now = app.clock.now();
    let Understood {
        asked,
        odd,
        clinics,
        flags,
    } = understood(conn, app, raised, query)?;
    let given = Posted::read(query.as_bytes());
    let after = Cursor::parse(given.one("after"));
    let on = Queue::parse(given.one("on")).filter(|_| after.is_some());
    // Only one queue is turned over at a time.
    let from = |queue: Queue| after.filter(|_| on == Some(queue));
    let narrow = Narrow::of(conn, &asked, me, now)?;
    let danger = list(conn, &app.keys, Queue::Now, from(Queue::Now))?;
    let mut sections = Vec::new();
    // Without somebody in danger the page says nothing about it, except where it was asked for.
    if !danger.rows.is_empty() || asked.what == What::Queue(Queue::Now) {
        sections.push(Looked::of(&asked, Queue::Now, danger, None));
    }
    let shown = asked.queues().into_iter();
    for queue in shown.filter(|queue| on.is_none_or(|on| on == *queue || on == Queue::Now)) {
        let from = from(queue);
        let page = narrow::page(conn, &app.keys, queue, &narrow, asked.order(queue), from)?;
        let many = match page.next.is_none() && from.is_none() {
            true => None,
            false => Some(narrow::count(conn, queue, &narrow)?),
        };
        sections.push(Looked::of(&asked, queue, page, many));
    }
    Ok(Look {
        asked,
        odd,
        clinics,
        flags,
        sections,
    })
}

impl Looked {
    fn of(asked: &Asked, queue: Queue, page: Page, many: Option<Count>) -> Looked {
        let next = page.next.map(|cursor| asked.query_after(queue, cursor));
        Looked {
            queue,
            page,
            many,
            next,
        }
    }
}

/// An address that was read.
pub(in crate::inbox) struct Understood {
    /// What was asked for.
    pub asked: Asked,
    /// What was not understood.
    pub odd: Vec<&'static str>,
    /// The clinics there are: code and name.
    pub clinics: Vec<(String, String)>,
    /// The flags there are, with their short words.
    pub flags: Vec<(String, String)>,
}

/// Reads what an address asks for, as far as it is known here.
pub(in crate::inbox) fn understood(
    conn: &mut Conn<'_>,
    app: &App,
    raised: &[String],
    query: &str,
) -> Result<Understood> {
    let clinics = stretch::list_clinics(conn)?.into_iter();
    let clinics: Vec<(String, String)> = clinics.map(|(_, code, name)| (code, name)).collect();
    let codes: Vec<String> = clinics.iter().map(|(code, _)| code.clone()).collect();
    let flags = words::known_flags(raised);
    let names: Vec<&str> = flags.iter().map(|(flag, _)| flag.as_str()).collect();
    let known = Known {
        pathways: &app.config.locality.long_term_conditions,
        clinics: &codes,
        flags: &names,
    };
    let (asked, odd) = Asked::read(query, &known);
    Ok(Understood {
        asked,
        odd,
        clinics,
        flags,
    })
}
