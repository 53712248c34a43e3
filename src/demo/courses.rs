//! The two courses of the demo and their next runs.

use jiff::ToSpan;
use jiff::civil::{Weekday, time};

use crate::booking::{Course, NewRun, NewVenue, add_course, add_run, add_venue};
use crate::config::ServiceName;
use crate::db::Db;
use crate::values::{Id, Ts, london};

/// Plans the courses and names the two runs that people are booked on: the next of each.
pub(super) async fn plan(db: &Db, now: Ts) -> anyhow::Result<[Id; 2]> {
    let back = course("back-pain", "Living Well with Back Pain and Sciatica");
    let pain = course("pain", "Living Well with Pain");
    let graves = NewVenue {
        id: Id::new(),
        name: "Graves sports and leisure centre".to_owned(),
        address: "A made-up room at a leisure centre, Sheffield".to_owned(),
        access: "Step-free. Chairs with backs, no floor work unless you like. Free parking. Bus at the door."
            .to_owned(),
    };
    let hall = NewVenue {
        id: Id::new(),
        name: "Placeholder community hall".to_owned(),
        address: "A made-up hall, Sheffield".to_owned(),
        access: "Step-free. Chairs with backs, room to stand. No parking. Tram 200 metres.".to_owned(),
    };
    let runs = [
        run(&back, &graves, first_session(now, 2, Weekday::Tuesday)),
        run(&pain, &hall, first_session(now, 3, Weekday::Thursday)),
        run(&back, &hall, first_session(now, 8, Weekday::Wednesday)),
    ];
    let booked = [runs[0].id, runs[1].id];
    db.write(move |conn| {
        add_course(conn, &back)?;
        add_course(conn, &pain)?;
        add_venue(conn, &graves)?;
        add_venue(conn, &hall)?;
        runs.iter().try_for_each(|run| add_run(conn, run))
    })
    .await?;
    Ok(booked)
}

fn course(code: &str, name: &str) -> Course {
    Course {
        id: Id::new(),
        code: code.to_owned(),
        name: name.to_owned(),
        service: ServiceName::Hwb,
        sessions: 5,
    }
}

fn run(course: &Course, venue: &NewVenue, first_session: Ts) -> NewRun {
    NewRun {
        id: Id::new(),
        course: course.id,
        venue: venue.id,
        first_session,
        minutes: 120,
        places: 20,
    }
}

/// Two in the afternoon, London time, on this weekday `weeks` weeks from now.
fn first_session(now: Ts, weeks: i64, weekday: Weekday) -> Ts {
    let week = now.london_date().saturating_add(weeks.weeks());
    let day = week.nth_weekday(1, weekday).unwrap_or(week);
    let start = day.to_datetime(time(14, 0, 0, 0)).to_zoned(london());
    start.map_or(now, |zoned| Ts(zoned.timestamp()))
}
