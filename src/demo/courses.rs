//! The courses, rooms, runs and appointments of the demo.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Weekday, time};

use crate::app::App;
use crate::booking::{
    AccessFacts, Act, Attendance, Course, Mark, NewRun, NewSlot, SlotKind, Venue, add_course, add_run,
    add_slots, change_venue, mark, sheet,
};
use crate::config::ServiceName;
use crate::db::Db;
use crate::referrals::By;
use crate::values::{Id, Ts, london};

/// Plans the courses and names the runs that people are booked on: one under way, and the next of each course. The
/// smallest fills up.
pub(super) async fn plan(db: &Db, now: Ts) -> anyhow::Result<[Id; 3]> {
    let back = course("back-pain", "Living Well with Back Pain and Sciatica");
    let pain = course("pain", "Living Well with Pain");
    let (graves, hall, library) = (graves(), hall(), library());
    let runs = [
        run(&back, &hall, first_session(now, -2, Weekday::Tuesday), 12),
        run(&back, &graves, first_session(now, 1, Weekday::Tuesday), 20),
        run(&pain, &hall, first_session(now, 3, Weekday::Thursday), 4),
        run(&back, &library, first_session(now, 3, Weekday::Monday), 16),
        run(&pain, &graves, first_session(now, 6, Weekday::Friday), 20),
        run(&back, &hall, first_session(now, 8, Weekday::Wednesday), 20),
    ];
    let slots = slots(now, hall.id);
    let booked = [runs[0].id, runs[1].id, runs[2].id];
    db.write(move |conn| {
        add_course(conn, &back)?;
        add_course(conn, &pain)?;
        change_venue(conn, &graves)?;
        change_venue(conn, &hall)?;
        change_venue(conn, &library)?;
        runs.iter().try_for_each(|run| add_run(conn, run))?;
        add_slots(conn, &slots)
    })
    .await?;
    Ok(booked)
}

/// Notes who came to the first session of the run under way; one person missed it.
pub(super) async fn attend(app: &Arc<App>, run: Id, by: Id) -> anyhow::Result<()> {
    let (inside, act) = (app.clone(), Act::draw(app.clock.now(), By::Staff(by))?);
    app.db
        .write(move |conn| {
            let Some(sheet) = sheet(conn, &inside, run, 1)? else {
                return Ok(());
            };
            let came = |index| match index {
                0 => Attendance::DidNotCome,
                1 => Attendance::CameLate,
                2.. => Attendance::Came,
            };
            let lines = sheet.lines.iter().enumerate();
            let marks: Vec<Mark> = lines
                .map(|(index, line)| Mark {
                    referral: line.who.id,
                    was: None,
                    now: came(index),
                })
                .collect();
            mark(conn, &inside, &act, run, 1, &marks).map(|_| ())
        })
        .await?;
    Ok(())
}

fn graves() -> Venue {
    venue(
        "Graves sports and leisure centre",
        "A made-up room at a leisure centre, Sheffield",
        [
            "Step-free from the car park. The room is on the ground floor",
            "Chairs with backs and arms. You can stand when you like",
            "Mats are there. Nothing on the floor unless you like",
            "Free, with 12 blue badge spaces at the door",
            "Buses 18 and 53 stop outside",
        ],
    )
}

fn hall() -> Venue {
    venue(
        "Placeholder community hall",
        "A made-up hall, Sheffield",
        [
            "A ramp at the side door",
            "Chairs with backs. Room to stand and stretch",
            "No floor work",
            "None. Street parking for an hour",
            "Tram stop 200 metres away, on the flat",
        ],
    )
}

fn library() -> Venue {
    venue(
        "Example library",
        "A made-up meeting room, Sheffield",
        [
            "Step-free, with a lift to the first floor",
            "Chairs with backs and arms",
            "",
            "Pay and display, 3 blue badge spaces",
            "",
        ],
    )
}

fn venue(name: &str, address: &str, facts: [&str; 5]) -> Venue {
    let [step_free, chairs, floor_work, parking, bus] = facts.map(str::to_owned);
    Venue {
        id: Id::new(),
        name: name.to_owned(),
        address: address.to_owned(),
        access: String::new(),
        facts: AccessFacts {
            step_free,
            chairs,
            floor_work,
            parking,
            bus,
        },
        active: true,
    }
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

fn run(course: &Course, venue: &Venue, first_session: Ts, places: i32) -> NewRun {
    NewRun {
        id: Id::new(),
        course: course.id,
        venue: venue.id,
        first_session,
        minutes: 120,
        places,
    }
}

/// Two mornings of assessments next week, by phone and in person.
fn slots(now: Ts, venue: Id) -> Vec<NewSlot> {
    let days = [
        (Weekday::Tuesday, ServiceName::Core, SlotKind::Phone),
        (Weekday::Thursday, ServiceName::Hwb, SlotKind::InPerson),
    ];
    let mut slots = Vec::new();
    for (weekday, service, kind) in days {
        // From ten o'clock, one after the other.
        let first = first_session(now, 1, weekday).plus_minutes(-4 * 60);
        slots.extend((0..4).map(|number| NewSlot {
            id: Id::new(),
            service,
            starts: first.plus_minutes(45 * number),
            minutes: 45,
            kind,
            venue: (kind == SlotKind::InPerson).then_some(venue),
            staff: None,
        }));
    }
    slots
}

/// Two in the afternoon, London time, on this weekday `weeks` weeks from now.
fn first_session(now: Ts, weeks: i64, weekday: Weekday) -> Ts {
    let week = now.london_date().saturating_add(weeks.weeks());
    let day = week.nth_weekday(1, weekday).unwrap_or(week);
    let start = day.to_datetime(time(14, 0, 0, 0)).to_zoned_datetime(london());
    start.map_or(now, |zoned| Ts(zoned.timestamp()))
}
