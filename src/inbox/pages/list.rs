//! The lists: what is to be triaged, the other queues, the views across them, each narrowed and ordered as the
//! address says. Whoever nobody has acknowledged stands above all of it, whatever is asked for.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;

use super::assign::{choices, colleagues};
use super::filters::{Filters, raised};
use super::tabs::{Counted, Here, Tab, tabs, views};
use crate::app::App;
use crate::db;
use crate::inbox::lists::asked::{Asked, Sort, View, What};
use crate::inbox::lists::from::carried;
use crate::inbox::lists::look::{Look, Looked, look};
use crate::inbox::lists::narrow;
use crate::inbox::lists::row::{Beside, ShownRow, shown};
use crate::referrals::{Queue, Reference};
use crate::staff::{Account, Actor, Deed, ReadNote, record_read};
use crate::values::{Id, Ts};
use crate::web::form::{Choice, Form, Posted};
use crate::web::{self, Frame, paths};

/// One queue on a page.
pub(super) struct Section {
    pub id: &'static str,
    pub heading: &'static str,
    /// How many there are, such as "999+"; empty where it is not said.
    pub count: String,
    pub hint: &'static str,
    pub rows: Vec<ShownRow>,
    /// Where the rest of it is; empty at the end.
    pub more: String,
    /// Whether the rest was not looked at yet, and may hold nobody.
    pub looked_on: bool,
    pub empty: &'static str,
    /// Whether its rows can be ticked, to be given to somebody.
    pub pickable: bool,
}

impl Section {
    /// What a search found.
    pub fn found(rows: Vec<ShownRow>) -> Section {
        Section {
            id: "found",
            heading: "Found",
            count: String::new(),
            hint: "",
            rows,
            more: String::new(),
            looked_on: false,
            empty: "",
            pickable: false,
        }
    }
}

#[derive(Template)]
#[template(path = "inbox/views/list.html")]
struct ListPage {
    frame: Frame,
    heading: &'static str,
    tabs: Vec<Tab>,
    views: Vec<Tab>,
    filters: Filters,
    sections: Vec<Section>,
    form: Form,
    /// What was just done; empty otherwise.
    done: String,
    /// To whom the ticked ones can be given; nobody where the reader may not.
    colleagues: Vec<Choice>,
    /// Where the ticked ones are posted.
    assign_at: String,
}

/// `GET /inbox`: what is to be triaged, or what the address asks for.
pub(super) async fn queue(
    actor: Actor,
    app: actix::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeInbox)?;
    let query = request.query_string().to_owned();
    draw(&app, &actor, &request, &query, Form::blank(), StatusCode::OK).await
}

/// The list with this address, with what is wrong with the form below it. While the reading is being noted the page is
/// drawn; it leaves only once it is noted.
pub(super) async fn draw(
    app: &Arc<App>,
    actor: &Actor,
    request: &HttpRequest,
    query: &str,
    form: Form,
    status: StatusCode,
) -> Result<HttpResponse, web::Error> {
    let read = read(app, actor.id, raised(request), query.to_owned()).await?;
    let now = app.clock.now();
    let note = ReadNote::new(actor, read_as(&read.0.asked), None, now);
    let drawing = async {
        let mut page = page(app, actor, request, read, (query, now));
        page.about(form);
        if actor.may(Deed::ActOnReferral) {
            page.give_to(&colleagues(app).await?, query);
        }
        Ok::<_, web::Error>(web::html_status(status, &page))
    };
    let (noted, drawn) = tokio::join!(record_read(&app.db, note), drawing);
    noted?;
    drawn
}

impl ListPage {
    /// Shows what is wrong with a form, and what was ticked in it.
    fn about(&mut self, form: Form) {
        self.frame = std::mem::take(&mut self.frame).about(&form);
        for row in self.sections.iter_mut().flat_map(|section| &mut section.rows) {
            row.ticked = form.has("pick", &row.pick);
        }
        self.form = form;
    }

    /// Offers to give what is ticked to one of these, and says what was just given to whom.
    fn give_to(&mut self, accounts: &[Account], query: &str) {
        let given = Posted::read(query.as_bytes());
        let to = accounts.iter().find(|one| one.id.to_string() == given.one("to"));
        if let (Some(to), Ok(many)) = (to, given.one("given").parse::<u16>()) {
            self.done = all_given(many, Some(&to.display_name));
        }
        self.colleagues = choices(accounts);
    }
}

fn page(app: &App, actor: &Actor, request: &HttpRequest, read: Read, (query, now): (&str, Ts)) -> ListPage {
    let given = Posted::read(query.as_bytes());
    let (look, counted, beside) = read;
    let (asked, list) = (&look.asked, look.asked.query());
    let sections = look.sections.iter().map(|one| {
        let mut rows = shown(&one.page.rows, &beside, &app.config.locality, now);
        for row in &mut rows {
            row.url.push_str(&carried("?", &list));
        }
        section(asked, one, rows)
    });
    ListPage {
        frame: actor.frame(request, "Inbox").wide(),
        heading: match asked.what {
            What::ToTriage => "Inbox",
            What::Queue(queue) => queue.label(),
            What::View(view) => view.label(),
        },
        tabs: tabs(&counted, Here::List(asked.what)),
        views: views(&counted, asked),
        filters: Filters::of(&look, &app.config.locality),
        sections: sections.collect(),
        form: Form::blank(),
        done: match (
            Reference::parse(given.one("of")),
            given.one("given").parse::<u16>(),
        ) {
            (Some(of), _) => all_done(of),
            (None, Ok(many)) if many > 0 => all_given(many, None),
            (None, _) => String::new(),
        },
        colleagues: Vec::new(),
        assign_at: paths::INBOX_ASSIGN.to_owned() + &carried("?", &list),
    }
}

/// "2 referrals were given to Sam Example"; without a name where the address names nobody who is known.
pub(super) fn all_given(many: u16, to: Option<&str>) -> String {
    let given = match many {
        1 => "1 referral was given".to_owned(),
        many => format!("{many} referrals were given"),
    };
    match to {
        Some(name) => format!("{given} to {name}"),
        None => given,
    }
}

fn all_done(of: Reference) -> String {
    format!("{of} is decided. Nobody else is waiting for you in this list")
}

/// A list as it was read, how many stand in each, and what is shown beside the rows.
type Read = (Look, Counted, Beside);

async fn read(app: &Arc<App>, me: Id, raised: Vec<String>, query: String) -> db::Result<Read> {
    let (inside, now) = (app.clone(), app.clock.now());
    app.db
        .read(move |conn| {
            let look = look(conn, &inside, me, &raised, &query)?;
            let rows = look.sections.iter().flat_map(|section| &section.page.rows);
            let beside = Beside::read(conn, rows)?;
            Ok((look, Counted::read(conn, me, now)?, beside))
        })
        .await
}

fn section(asked: &Asked, one: &Looked, rows: Vec<ShownRow>) -> Section {
    let Looked {
        queue,
        page,
        many,
        next,
    } = one;
    let queue = *queue;
    let narrowed = !asked.narrowings().is_empty() || matches!(asked.what, What::View(_));
    let hint = match (queue, asked.order(queue)) {
        (Queue::Now, _) if narrowed => {
            "Nobody has acknowledged these yet. They are shown whatever else is chosen."
        }
        (Queue::Now, _) => "Nobody has acknowledged these yet. Open one, act, and acknowledge it by name.",
        (Queue::Today, Sort::Urgency) => {
            "The most urgent first, then by when we promised to be in touch. Deciding also acknowledges."
        }
        (Queue::New, Sort::Urgency) => "By priority, then by when we promised to be in touch.",
        (_, Sort::Urgency | Sort::ContactBy | Sort::Longest | Sort::Newest) => "",
    };
    let count = match *many {
        Some(count) if count.many >= narrow::MOST_COUNTED => "999+".to_owned(),
        Some(count) if count.or_more => format!("{} or more", count.many),
        Some(count) => count.many.to_string(),
        None if page.next.is_none() => rows.len().to_string(),
        None => String::new(),
    };
    Section {
        id: queue.as_str(),
        heading: queue.label(),
        count,
        hint,
        more: next
            .as_ref()
            .map(|next| format!("{}?{next}", paths::INBOX))
            .unwrap_or_default(),
        looked_on: page.looked_on,
        empty: match (narrowed, page.looked_on) {
            (_, true) => "Nobody among those looked at so far.",
            (true, false) => "Nobody here fits.",
            (false, false) => "Nobody is in this list.",
        },
        pickable: queue != Queue::Done && !rows.is_empty(),
        rows,
    }
}

/// What stands in the read log for a list.
fn read_as(asked: &Asked) -> &'static str {
    match asked.what {
        What::ToTriage => "inbox",
        What::Queue(Queue::Now) => "inbox: now",
        What::Queue(Queue::Today) => "inbox: today",
        What::Queue(Queue::New) => "inbox: new",
        What::Queue(Queue::Waiting) => "inbox: waiting",
        What::Queue(Queue::Accepted) => "inbox: accepted",
        What::Queue(Queue::InTreatment) => "inbox: in treatment",
        What::Queue(Queue::Done) => "inbox: done",
        What::View(View::Mine) => "inbox: mine",
        What::View(View::Taken) => "inbox: the team's",
        What::View(View::Free) => "inbox: nobody's",
        What::View(View::Overdue) => "inbox: overdue",
        What::View(View::Left) => "inbox: of people who left",
    }
}
