//! A course with its runs, and the verbs of booking as a test says them.

use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::booking::{self as b};
use iapt_pad::booking::{
    Accepted, Act, Course, Hold, Join, NewRun, NewVenue, Place, Run, add_course, add_run, add_venue,
    list_runs,
};
use iapt_pad::config::{Mail, ServiceName};
use iapt_pad::db::{Conn, Result};
use iapt_pad::referrals::By;
use iapt_pad::staff::{Added, DisplayName, NewAccount, Role, Username, add_account};
use iapt_pad::values::Id;

use crate::support::app::{at, monday_morning, test_app};
use crate::support::databases::Fresh;
use crate::support::referrals::{person, submission};

/// A course with one run two weeks ahead.
pub struct Diary {
    pub app: Arc<App>,
    pub course: Id,
    pub run: NewRun,
}

impl Diary {
    pub async fn open(fresh: Fresh, places: i32) -> Self {
        let folder = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
        let app = Arc::new(test_app(fresh.db, monday_morning(), Mail::Captured(folder)).await);
        Self::within(app, places).await
    }

    pub async fn within(app: Arc<App>, places: i32) -> Self {
        let course = Course {
            id: Id::new(),
            code: format!("back-pain-{}", Id::new()),
            name: "Living Well with Back Pain and Sciatica".to_owned(),
            service: ServiceName::Hwb,
            sessions: 5,
        };
        let venue = NewVenue {
            id: Id::new(),
            name: "A hall".to_owned(),
            address: "A street".to_owned(),
            access: "Step-free".to_owned(),
        };
        let run = NewRun {
            id: Id::new(),
            course: course.id,
            venue: venue.id,
            first_session: at("2026-12-08T14:00:00Z"),
            minutes: 120,
            places,
        };
        let of = course.id;
        app.db
            .write(move |conn| {
                add_course(conn, &course)?;
                add_venue(conn, &venue)?;
                add_run(conn, &run)
            })
            .await
            .expect("a course");
        Self { app, course: of, run }
    }

    /// Another run of the same course.
    pub async fn another(&self, first_session: &str, places: i32) -> Id {
        let run = NewRun {
            id: Id::new(),
            first_session: at(first_session),
            places,
            ..self.run
        };
        let id = run.id;
        let added = self.app.db.write(move |conn| add_run(conn, &run)).await;
        added.expect("a run");
        id
    }

    /// A patient who may choose, and may be written to.
    pub async fn patient(&self) -> Id {
        submission()
            .send(&self.app)
            .await
            .receipt()
            .expect("a receipt")
            .id
    }

    /// A patient who has no e-mail.
    pub async fn without_mail(&self) -> Id {
        let mut who = person("Robin Example");
        who.email = None;
        submission()
            .about(who)
            .send(&self.app)
            .await
            .receipt()
            .expect("a receipt")
            .id
    }

    /// A patient with an e-mail address who does not want to be written to.
    pub async fn not_to_be_written_to(&self) -> Id {
        let mut who = person("Robin Example");
        who.write_ok = false;
        submission()
            .about(who)
            .send(&self.app)
            .await
            .receipt()
            .expect("a receipt")
            .id
    }

    /// A patient without e-mail who does not want a voicemail.
    pub async fn without_voicemail(&self) -> Id {
        let mut who = person("Robin Example");
        (who.email, who.voicemail_ok) = (None, false);
        submission()
            .about(who)
            .send(&self.app)
            .await
            .receipt()
            .expect("a receipt")
            .id
    }

    /// Does something as the patient.
    pub async fn patient_does<T, F>(&self, work: F) -> T
    where
        T: Send + 'static,
        F: Fn(&mut Conn<'_>, &App, &Act) -> Result<T> + Send + 'static,
    {
        act(&self.app, By::Patient, work).await
    }

    pub async fn hold(&self, run: Id, referral: Id) -> Hold {
        self.patient_does(move |conn, app, act| b::hold(conn, app, act, run, referral))
            .await
    }

    pub async fn change(&self, to: Id, referral: Id) -> Hold {
        self.patient_does(move |conn, app, act| b::change(conn, app, act, to, referral))
            .await
    }

    pub async fn cancel(&self, referral: Id) -> bool {
        self.patient_does(move |conn, app, act| b::cancel(conn, app, act, referral))
            .await
    }

    pub async fn join(&self, referral: Id) -> Join {
        let course = self.course;
        self.patient_does(move |conn, app, act| b::join_waiting(conn, app, act, course, referral))
            .await
    }

    pub async fn leave(&self, referral: Id) -> bool {
        self.patient_does(move |conn, app, act| b::leave_waiting(conn, app, act, None, referral))
            .await
    }

    pub async fn accept(&self, referral: Id) -> Accepted {
        self.patient_does(move |conn, app, act| b::accept_offer(conn, app, act, referral))
            .await
    }

    pub async fn refuse(&self, referral: Id) -> bool {
        self.patient_does(move |conn, app, act| b::refuse_offer(conn, app, act, referral))
            .await
    }

    pub async fn place(&self, referral: Id) -> Option<Place> {
        let read = self.app.db.read(move |conn| b::find_place(conn, referral));
        read.await.expect("read")
    }

    pub async fn runs(&self) -> Vec<Run> {
        let from = self.app.clock.now();
        let runs = self.app.db.read(move |conn| list_runs(conn, from));
        runs.await.expect("runs")
    }
}

/// Does something with places in one transaction, as this person.
pub async fn act<T, F>(app: &Arc<App>, by: By, work: F) -> T
where
    T: Send + 'static,
    F: Fn(&mut Conn<'_>, &App, &Act) -> Result<T> + Send + 'static,
{
    let (inside, act) = (app.clone(), Act::draw(app.clock.now(), by).expect("an act"));
    let done = app.db.write(move |conn| work(conn, &inside, &act)).await;
    done.expect("done")
}

/// A member of the triage team.
pub async fn a_triager(app: &Arc<App>, username: &str) -> Id {
    let account = NewAccount {
        username: Username::parse(username).expect("a username"),
        display_name: DisplayName::parse("Terry Testcase").expect("a name"),
        role: Role::Triage,
        clinic: None,
    };
    let added = add_account(&app.db, app.clock.now(), account).await;
    match added.expect("asked") {
        Added::Yes { id, .. } => id,
        _ => panic!("the account is new"),
    }
}
