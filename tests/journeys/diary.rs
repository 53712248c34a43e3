//! Those who plan, at their pages: every form, everything that can be wrong with it, and the tap list.

use diesel::prelude::*;
use iapt_pad::booking::{self, find_place, list_diary_runs, list_offered, list_slots, list_venues};
use iapt_pad::booking::{DiaryRun, Part};
use iapt_pad::config::Mail;
use iapt_pad::db::schema::read_log;
use iapt_pad::dispatch;
use iapt_pad::referrals::{By, Deed, Reference, ReviewState, open_by_id, review};
use iapt_pad::staff::{Added, DisplayName, NewAccount, Password, Role, Username, add_account_with};
use iapt_pad::triage::Step;
use iapt_pad::values::Id;

use crate::support::app::{at, monday_morning};
use crate::support::browser::{Browser, Page};
use crate::support::courses::act;
use crate::support::databases::{Fresh, on_both};
use crate::support::referrals::submission;
use crate::support::server::{Served, served};

const PASSWORD: &str = "one-two-three-four";

/// The program, somebody of the triage team at its pages, and the diary as a test says it.
struct Desk {
    served: Served,
    browser: Browser,
    terry: Id,
}

impl Desk {
    async fn open(fresh: Fresh) -> Self {
        let folder = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
        let served = served(fresh, monday_morning(), Mail::Captured(folder)).await;
        let (terry, browser) = someone(&served, "terry", Role::Triage).await;
        Self {
            served,
            browser,
            terry,
        }
    }

    async fn get(&self, path: &str) -> Page {
        self.browser.get(path).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        self.browser.post(path, &encoded(form)).await
    }

    async fn runs(&self) -> Vec<DiaryRun> {
        let now = self.served.app.clock.now();
        let read = self
            .served
            .app
            .db
            .read(move |conn| list_diary_runs(conn, Part::Upcoming, now));
        read.await.expect("runs")
    }

    /// A course, a venue and a run made at the pages.
    async fn planned(&self) -> DiaryRun {
        let course = [
            ("name", "Living Well with Pain"),
            ("service", "hwb"),
            ("sessions", "5"),
            ("active", "yes"),
        ];
        self.post("/courses/offered/new", &course)
            .await
            .leads_to("/courses/offered?added");
        let venue = [
            ("name", "A hall"),
            ("address", "1 Street"),
            ("step_free", "All on one level"),
            ("active", "yes"),
        ];
        self.post("/courses/venues/new", &venue)
            .await
            .leads_to("/courses/venues?added");
        let page = self.post("/courses/runs/new", &self.a_run(&[]).await).await;
        page.is(303);
        assert!(page.location.ends_with("?made"), "{}", page.location);
        self.runs().await.remove(0)
    }

    /// The form of a run as somebody fills it in, with some fields otherwise.
    async fn a_run<'a>(&self, otherwise: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let db = &self.served.app.db;
        let course = db
            .read(list_offered)
            .await
            .expect("read")
            .first()
            .map(|one| one.course.id);
        let venue = db
            .read(list_venues)
            .await
            .expect("read")
            .first()
            .map(|one| one.id);
        let usual = [
            ("course", text(course)),
            ("venue", text(venue)),
            ("first-day", "8"),
            ("first-month", "12"),
            ("first-year", "2026"),
            ("time", "2pm"),
            ("minutes", "120"),
            ("places", "20"),
            ("seen", "0"),
        ];
        let fields = usual.into_iter();
        fields
            .map(|(field, value)| {
                let other = otherwise.iter().find(|(name, _)| *name == field);
                (field, other.map_or(value, |(_, other)| *other))
            })
            .collect()
    }
}

/// A text that lives as long as the tests do.
fn text(id: Option<Id>) -> &'static str {
    Box::leak(id.map(|id| id.to_string()).unwrap_or_default().into_boxed_str())
}

async fn someone(served: &Served, username: &str, role: Role) -> (Id, Browser) {
    let account = NewAccount {
        username: Username::parse(username).expect("a username"),
        display_name: DisplayName::parse("Terry Example").expect("a name"),
        role,
        clinic: None,
    };
    let (db, now) = (&served.app.db, served.app.clock.now());
    let added = add_account_with(db, now, account, Password::typed(PASSWORD)).await;
    let Ok(Added::Yes { id, .. }) = added else {
        panic!("not added")
    };
    let browser = Browser::at(&served.base);
    let form = encoded(&[("username", username), ("password", PASSWORD)]);
    browser.post("/staff/sign-in", &form).await.is(303);
    (id, browser)
}

fn encoded(form: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        let letters = text.bytes().map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        });
        letters.collect()
    };
    let pairs = form
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<String>>().join("&")
}

#[test]
fn a_course_a_venue_and_a_run_are_made_at_their_pages() {
    on_both(|fresh| async move {
        let desk = Desk::open(fresh).await;
        desk.get("/courses").await.is(200).says("No run is planned");
        desk.get("/courses?past").await.is(200).says("No run is over yet");
        desk.get("/courses/runs/new")
            .await
            .is(200)
            .says("Add what is missing first");
        let run = desk.planned().await;
        assert_eq!(run.first_session, at("2026-12-08T14:00:00Z"));
        assert_eq!((run.places, run.sessions, run.free()), (20, 5, 20));
        let page = desk.get(&format!("/courses/runs/{}?made", run.id)).await;
        page.is(200)
            .says("The run is planned")
            .says("All on one level")
            .says("Tuesday 5 January 2027, 2:00pm");
        desk.get("/courses")
            .await
            .says("Living Well with Pain")
            .says("0 of 20 taken");
        desk.get("/courses/offered").await.says("5 weekly sessions");
        desk.get("/courses/venues").await.says("4 of 5 facts are missing");
        // A day on which nobody is there stands out on the page of the run.
        let over_christmas = desk.a_run(&[("first-day", "11")]).await;
        let made = desk.post("/courses/runs/new", &over_christmas).await;
        desk.get(&made.location).await.says("Bank holiday");
    });
}

#[test]
fn what_is_wrong_with_a_run_stands_at_its_field_and_nothing_typed_is_lost() {
    on_both(|fresh| async move {
        let desk = Desk::open(fresh).await;
        desk.planned().await;
        for (wrong, said) in [
            (vec![("course", "")], "Select a course"),
            (vec![("venue", "nowhere")], "Select a venue"),
            (vec![("first-day", "")], "The date must include a day"),
            (
                vec![("first-day", "31"), ("first-month", "2")],
                "The date must be a real date",
            ),
            (
                vec![("first-day", "20"), ("first-month", "11")],
                "This day is in the past",
            ),
            (vec![("first-year", "2036")], "Check the year"),
            (vec![("time", "soon")], "Enter a time, like 14:00 or 2pm"),
            (vec![("time", "3am")], "3:00am is at night"),
            (
                vec![
                    ("first-day", "28"),
                    ("first-month", "3"),
                    ("first-year", "2027"),
                    ("time", "1:30"),
                ],
                "this time does not exist",
            ),
            (vec![("minutes", "5")], "a number from 15 to 240"),
            (vec![("places", "21")], "a number from 1 to 20"),
            (vec![("places", "0")], "a number from 1 to 20"),
            (vec![("places", "-3")], "a number from 1 to 20"),
        ] {
            let form = desk.a_run(&wrong).await;
            let page = desk.post("/courses/runs/new", &form).await;
            page.is(422)
                .says(said)
                .says("There is a problem")
                .says("<title>Error: ");
            let typed = form
                .iter()
                .filter(|(field, _)| *field != "course" && *field != "venue" && *field != "seen");
            for (_, value) in typed {
                page.says(&format!("value=\"{value}\""));
            }
        }
        let nothing = desk.post("/courses/runs/new", &[]).await;
        for said in [
            "Select a course",
            "Select a venue",
            "Enter a day, month and year",
            "Enter a time",
        ] {
            nothing.is(422).says(said);
        }
        assert_eq!(desk.runs().await.len(), 1, "nothing was made");
    });
}

#[test]
fn a_run_is_changed_and_called_off_and_nobody_on_it_is_lost() {
    on_both(|fresh| async move {
        let desk = Desk::open(fresh).await;
        let run = desk.planned().await;
        let app = desk.served.app.clone();
        let person = submission().send(&app).await.receipt().expect("a receipt").id;
        act(&app, By::Patient, move |conn, app, act| {
            booking::hold(conn, app, act, run.id, person)
        })
        .await;
        let show = format!("/courses/runs/{}", run.id);
        let change = format!("{show}/change");
        desk.get(&change)
            .await
            .is(200)
            .says("value=\"14:00\"")
            .says("everybody who has a place is told");
        let fewer = desk.a_run(&[("places", "1"), ("time", "10:00")]).await;
        desk.post(&change, &fewer)
            .await
            .leads_to(&format!("{show}?told=1"));
        desk.get(&format!("{show}?told=1"))
            .await
            .says("1 person is being told");
        // The page somebody else still has open is of before.
        let stale = desk.post(&change, &desk.a_run(&[]).await).await;
        stale.is(422).says("Somebody has changed this run meanwhile");
        let none = desk
            .post(&change, &desk.a_run(&[("places", "0"), ("seen", "1")]).await)
            .await;
        none.is(422);
        let gone = submission().send(&app).await.receipt().expect("a receipt").id;
        let full = act(&app, By::Patient, move |conn, app, act| {
            booking::hold(conn, app, act, run.id, gone)
        })
        .await;
        assert_eq!(full, booking::Hold::Full);
        desk.get(&show).await.says("Full").says("To confirm");
        let reference = reference(&desk, person).await;
        desk.get(&show)
            .await
            .says(&reference.to_string())
            .never_says("Robin");
        desk.post(&format!("{show}/call-off"), &[])
            .await
            .leads_to(&format!("{show}?called-off"));
        desk.get(&show)
            .await
            .says("Called off")
            .never_says("Change this run");
        let place = app
            .db
            .read(move |conn| find_place(conn, person))
            .await
            .expect("read");
        assert_eq!(place, None);
        let now = app.clock.now();
        let waits = app
            .db
            .read(move |conn| booking::own_waiting(conn, person, now))
            .await
            .expect("read");
        assert_eq!(waits.len(), 1, "at the head of the waiting list");
        desk.post(&change, &desk.a_run(&[("seen", "1")]).await)
            .await
            .is(422)
            .says("called off");
    });
}

async fn reference(desk: &Desk, referral: Id) -> Reference {
    let app = desk.served.app.clone();
    let inside = app.clone();
    let read = app
        .db
        .read(move |conn| open_by_id(conn, &inside.keys, referral))
        .await;
    read.expect("read").expect("a referral").reference
}

#[test]
fn courses_and_venues_say_what_is_missing() {
    on_both(|fresh| async move {
        let desk = Desk::open(fresh).await;
        let run = desk.planned().await;
        let empty = desk
            .post("/courses/offered/new", &[("name", ""), ("sessions", "99")])
            .await;
        empty
            .is(422)
            .says("Enter the name of the course")
            .says("Select a service")
            .says("a number from 1 to 12");
        let twin = [
            ("name", "Living Well with Pain"),
            ("service", "core"),
            ("sessions", "4"),
            ("active", "yes"),
        ];
        desk.post("/courses/offered/new", &twin)
            .await
            .is(422)
            .says("There is a course of this name");
        let dots = [("name", "…"), ("service", "core"), ("sessions", "4")];
        desk.post("/courses/offered/new", &dots)
            .await
            .is(422)
            .says("letters or numbers");
        // People were told their dates: service and number of sessions stay, whatever is posted.
        let course = format!("/courses/offered/{}", run.course);
        desk.get(&course)
            .await
            .is(200)
            .says("people were told their dates");
        let other = [("name", "Living Better"), ("service", "core"), ("sessions", "9")];
        desk.post(&course, &other)
            .await
            .leads_to("/courses/offered?changed");
        let kept = desk
            .served
            .app
            .db
            .read(list_offered)
            .await
            .expect("read")
            .remove(0);
        assert_eq!(
            (kept.course.name.as_str(), kept.course.sessions, kept.active),
            ("Living Better", 5, false)
        );
        let long = "x".repeat(201);
        let page = desk
            .post(
                "/courses/venues/new",
                &[("name", ""), ("address", ""), ("bus", &long)],
            )
            .await;
        page.is(422)
            .says("Enter the name of the venue")
            .says("Enter the address")
            .says("Use 200 characters or fewer");
        page.says(&long);
        let venue = format!("/courses/venues/{}", run.venue);
        desk.get(&venue).await.is(200).says("All on one level");
        let changed = [
            ("name", "A <b>hall</b>"),
            ("address", "2 Street"),
            ("chairs", "With backs"),
        ];
        desk.post(&venue, &changed)
            .await
            .leads_to("/courses/venues?changed");
        let list = desk.get("/courses/venues").await;
        list.says("With backs")
            .says("Not used any more")
            .never_says("<b>hall")
            .never_says("All on one level");
        for missing in [
            "/courses/venues/x",
            "/courses/offered/x",
            "/courses/runs/x",
            "/courses/runs/x/sessions/1",
        ] {
            desk.get(missing).await.is(404);
        }
        let nobody = Id::new();
        for missing in ["runs", "venues", "offered"] {
            desk.get(&format!("/courses/{missing}/{nobody}")).await.is(404);
        }
        desk.get(&format!("/courses/runs/{}/sessions/0", run.id))
            .await
            .is(404);
        desk.get(&format!("/courses/runs/{}/sessions/6", run.id))
            .await
            .is(404);
        desk.get(&format!("/courses/runs/{}/sessions/-1", run.id))
            .await
            .is(404);
        desk.get(&format!("/courses/runs/{}/sessions/99999999999", run.id))
            .await
            .is(404);
    });
}

#[test]
fn who_came_is_ticked_on_a_list_that_is_on_the_record() {
    on_both(|fresh| async move {
        let desk = Desk::open(fresh).await;
        let run = desk.planned().await;
        let app = desk.served.app.clone();
        let mut people = Vec::new();
        for name in ["Ash Example", "Billie <i>Sample</i>"] {
            let sent = submission().named(name).send(&app).await;
            let (id, reference) = (
                sent.receipt().expect("a receipt").id,
                sent.receipt().expect("a receipt").reference.clone(),
            );
            act(&app, By::Patient, move |conn, app, act| {
                booking::hold(conn, app, act, run.id, id)
            })
            .await;
            let accept = Deed::Accept {
                step: Step::Two,
                reason: None,
                with: None,
            };
            review(&app, &reference, None, desk.terry, accept)
                .await
                .expect("accepted");
            act(&app, By::Staff(desk.terry), move |conn, app, act| {
                booking::confirm(conn, app, act, id)
            })
            .await;
            people.push(id);
        }
        // Somebody whose place nobody has confirmed is not on the list.
        let held = submission()
            .named("Charlie Example")
            .send(&app)
            .await
            .receipt()
            .expect("a receipt")
            .id;
        act(&app, By::Patient, move |conn, app, act| {
            booking::hold(conn, app, act, run.id, held)
        })
        .await;
        let list = format!("/courses/runs/{}/sessions/1", run.id);
        let page = desk.get(&list).await;
        page.is(200)
            .says("Ash Example")
            .says("Billie &#60;i&#62;")
            .never_says("Charlie");
        let title = page.body.split("</title>").next().unwrap_or_default().to_owned();
        assert!(title.ends_with("Who came - NHS"), "{title}");
        assert_eq!(reads(&desk, people[0]).await, 1);
        let (ash, billie) = (format!("to-{}", people[0]), format!("to-{}", people[1]));
        let early = desk.post(&list, &[(&ash, "5")]).await;
        early
            .is(422)
            .says("This session has not begun")
            .says("value=\"5\" checked");
        app.clock.set(at("2026-12-08T16:05:00Z"));
        let (_, browser) = someone(&desk.served, "sam", Role::Triage).await;
        let kept = browser
            .post(&list, &encoded(&[(&ash, "5"), (&billie, "3"), ("to-x", "5")]))
            .await;
        kept.leads_to(&format!("{list}?kept=2"));
        let shown = browser.get(&format!("{list}?kept=2")).await;
        shown
            .says("Kept for 2 people")
            .says("Did not come, noted 8 December 2026, 4:05pm");
        assert_eq!(state(&desk, people[0]).await, ReviewState::Started);
        assert_eq!(state(&desk, people[1]).await, ReviewState::Accepted);
        // Sent again as the page is now: nothing changes. With the page of before: theirs stands, and it is said.
        let (was_ash, was_billie) = (format!("was-{}", people[0]), format!("was-{}", people[1]));
        let same = [(ash.as_str(), "5"), (was_ash.as_str(), "5")];
        browser
            .post(&list, &encoded(&same))
            .await
            .leads_to(&format!("{list}?kept=0"));
        let stale = browser
            .post(&list, &encoded(&[(ash.as_str(), "3"), (was_ash.as_str(), "")]))
            .await;
        stale
            .is(422)
            .says("Somebody else noted something different meanwhile");
        let right = [(billie.as_str(), "6"), (was_billie.as_str(), "3")];
        browser
            .post(&list, &encoded(&right))
            .await
            .leads_to(&format!("{list}?kept=1"));
        let record = browser
            .get(&format!("/inbox/{}", reference(&desk, people[1]).await.as_str()))
            .await;
        record
            .says("Came late. Put right; it said: Did not come")
            .says("Treatment began");
    });
}

async fn state(desk: &Desk, referral: Id) -> ReviewState {
    let app = desk.served.app.clone();
    let inside = app.clone();
    let read = app
        .db
        .read(move |conn| open_by_id(conn, &inside.keys, referral))
        .await;
    read.expect("read").expect("a referral").state
}

async fn reads(desk: &Desk, referral: Id) -> i64 {
    let rows = read_log::table
        .filter(read_log::what.eq("attendance list"))
        .filter(read_log::referral_id.eq(referral))
        .count();
    let count = desk
        .served
        .app
        .db
        .read(move |conn| Ok(dispatch!(conn, c => rows.get_result(c))?));
    count.await.expect("a count")
}

#[test]
fn appointments_are_made_several_at_once_and_called_off() {
    on_both(|fresh| async move {
        let desk = Desk::open(fresh).await;
        let run = desk.planned().await;
        let venue = run.venue.to_string();
        let batch = Id::new().to_string();
        let usual = [
            ("batch", batch.as_str()),
            ("service", "hwb"),
            ("day-day", "9"),
            ("day-month", "12"),
            ("day-year", "2026"),
            ("from", "9:00"),
            ("to", "12pm"),
            ("minutes", "45"),
            ("kind", "in_person"),
            ("venue", venue.as_str()),
        ];
        let with = |otherwise: &[(&'static str, &'static str)]| {
            let mut form = usual.to_vec();
            for (field, value) in otherwise {
                form.retain(|(name, _)| name != field);
                form.push((field, value));
            }
            form
        };
        desk.get("/courses/slots")
            .await
            .is(200)
            .says("No appointment lies ahead")
            .says("keeps that diary elsewhere");
        for (wrong, said) in [
            (vec![("service", "review")], "Select a service"),
            (vec![("day-day", "")], "The date must include a day"),
            (vec![("from", "4am")], "4:00am is at night"),
            (vec![("to", "9:30")], "time for at least one appointment"),
            (vec![("to", "")], "Enter a time"),
            (vec![("minutes", "1000")], "a number from 10 to 180"),
            (vec![("kind", "")], "Select how people meet"),
            (vec![("venue", "")], "Select a venue"),
            (vec![("day-year", "2025")], "This day is in the past"),
        ] {
            desk.post("/courses/slots", &with(&wrong))
                .await
                .is(422)
                .says(said)
                .says("There is a problem");
        }
        desk.post("/courses/slots", &with(&[]))
            .await
            .leads_to("/courses/slots?added=4");
        desk.post("/courses/slots", &with(&[]))
            .await
            .leads_to("/courses/slots?added=0");
        let page = desk.get("/courses/slots?added=4").await;
        page.says("4 appointments are added")
            .says("Wednesday 9 December 2026")
            .says("11:15am")
            .says("A hall, 45 minutes");
        let now = desk.served.app.clock.now();
        let slots = desk
            .served
            .app
            .db
            .read(move |conn| list_slots(conn, now))
            .await
            .expect("read");
        assert_eq!(slots.len(), 4);
        let off = format!("/courses/slots/{}/call-off", slots[0].slot.id);
        desk.post(&off, &[]).await.leads_to("/courses/slots?called-off");
        desk.get("/courses/slots").await.says("Called off");
        desk.post("/courses/slots/x/call-off", &[]).await.is(404);
    });
}

#[test]
fn nobody_else_sees_the_diary() {
    on_both(|fresh| async move {
        let desk = Desk::open(fresh).await;
        let run = desk.planned().await;
        let (_, admin) = someone(&desk.served, "alex", Role::Admin).await;
        let run = format!("/courses/runs/{}", run.id);
        let pages = [
            "/courses".to_owned(),
            "/courses/slots".to_owned(),
            "/courses/offered".to_owned(),
            "/courses/venues".to_owned(),
            "/courses/runs/new".to_owned(),
            run.clone(),
            format!("{run}/change"),
            format!("{run}/sessions/1"),
        ];
        let nobody = Browser::at(&desk.served.base);
        for page in &pages {
            admin.get(page).await.is(403);
            assert!(
                nobody.get(page).await.location.starts_with("/staff/sign-in"),
                "{page}"
            );
        }
        for form in [
            "/courses/runs/new",
            "/courses/slots",
            "/courses/offered/new",
            "/courses/venues/new",
        ] {
            admin.post(form, "").await.is(403);
        }
        for deed in ["call-off", "change", "sessions/1"] {
            admin.post(&format!("{run}/{deed}"), "").await.is(403);
        }
        assert!(!desk.runs().await[0].cancelled);
    });
}
