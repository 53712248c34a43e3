//! The triage team at work: the person in danger first, each decision with a name, and nobody overwrites anybody.

use actix_web::App as Server;
use actix_web::body::to_bytes;
use actix_web::cookie::Cookie;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::config::Mail;
use iapt_pad::db::schema::{read_log, referral_event};
use iapt_pad::dispatch;
use iapt_pad::inbox;
use iapt_pad::referrals::{Deed, Reference, review};
use iapt_pad::staff::{
    self, Added, ClinicCode, DisplayName, NewAccount, Password, Role, Username, find_account_named,
};
use iapt_pad::triage::RulesInForce;
use iapt_pad::values::Id;
use iapt_pad::web::{Site, headers, observe, same_origin};

use crate::support::app::{monday_morning, test_app};
use crate::support::databases::{Fresh, on_both};
use crate::support::referrals::{ASubmission, person, shipped_rules, submission};

const PASSWORD: &str = "one-two-three-four";

/// The inbox with the middleware of the real server, and two colleagues.
pub(super) struct House {
    pub(super) app: Data<App>,
    /// The shipped ones, unless a test has others.
    pub(super) rules: Data<RulesInForce>,
}

/// An answer that was read.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) to: String,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn says(&self, part: &str) -> &Self {
        assert!(self.body.contains(part), "{part:?} is not in {}", self.body);
        self
    }

    pub(super) fn keeps_quiet_about(&self, part: &str) -> &Self {
        assert!(!self.body.contains(part), "{part:?} is in {}", self.body);
        self
    }
}

impl House {
    pub(super) async fn new(fresh: Fresh) -> Self {
        let folder = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
        let app = test_app(fresh.db, monday_morning(), Mail::Captured(folder)).await;
        let rules = RulesInForce::new(shipped_rules(&app));
        let house = House {
            app: Data::new(app),
            rules: Data::new(rules),
        };
        house.add("terry", "Terry Example", Role::Triage).await;
        house
    }

    pub(super) async fn add(&self, username: &str, name: &str, role: Role) {
        let app = &self.app;
        let clinic = match role.needs_clinic() {
            true => {
                let code = ClinicCode::parse("NORTH").expect("a code");
                let name = DisplayName::parse("North clinic").expect("a name");
                staff::add_clinic(&app.db, app.clock.now(), code, name)
                    .await
                    .expect("a clinic")
            }
            false => None,
        };
        let account = NewAccount {
            username: Username::parse(username).expect("a username"),
            display_name: DisplayName::parse(name).expect("a name"),
            role,
            clinic,
        };
        let password = Password::typed(PASSWORD);
        let added = staff::add_account_with(&app.db, app.clock.now(), account, password).await;
        assert!(matches!(added, Ok(Added::Yes { .. })));
    }

    pub(super) async fn ask(&self, request: TestRequest) -> ServiceResponse {
        let site = Site::from_config(&self.app.config);
        let server = Server::new()
            .app_data(self.app.clone())
            .app_data(self.rules.clone())
            .app_data(Data::new(site))
            .wrap(from_fn(inbox::with_now_band))
            .wrap(from_fn(same_origin))
            .wrap(from_fn(observe))
            .wrap(from_fn(headers))
            .configure(staff::routes)
            .configure(inbox::routes);
        let server = init_service(server).await;
        call_service(&server, request.to_request())
            .await
            .map_into_boxed_body()
    }

    pub(super) async fn sign_in(&self, username: &str) -> Desk<'_> {
        let form = [("username", username), ("password", PASSWORD)];
        let request = TestRequest::post().uri("/staff/sign-in").set_form(form);
        let answer = self
            .ask(request.insert_header(("sec-fetch-site", "same-origin")))
            .await;
        let cookie = answer.response().cookies().next().expect("a cookie").into_owned();
        Desk { house: self, cookie }
    }

    pub(super) async fn received(&self, one: ASubmission) -> Reference {
        self.app.clock.advance_minutes(1);
        one.send(&self.app)
            .await
            .receipt()
            .expect("a receipt")
            .reference
            .clone()
    }

    pub(super) async fn id_of(&self, username: &str) -> Id {
        let username = Username::parse(username).expect("a username");
        let found = find_account_named(&self.app.db, &username).await.expect("read");
        found.expect("an account").id
    }

    pub(super) async fn reads(&self, what: &'static str) -> i64 {
        let rows = read_log::table.filter(read_log::what.eq(what)).count();
        let count = self
            .app
            .db
            .read(move |conn| Ok(dispatch!(conn, c => rows.get_result(c))?));
        count.await.expect("a count")
    }
}

/// A signed-in person's browser.
pub(super) struct Desk<'a> {
    house: &'a House,
    cookie: Cookie<'static>,
}

impl Desk<'_> {
    pub(super) async fn look(&self, path: &str) -> Answer {
        let request = TestRequest::get().uri(path).cookie(self.cookie.clone());
        read(self.house.ask(request).await).await
    }

    /// A file, and what the answer says it is called.
    pub(super) async fn download(&self, path: &str) -> (Vec<u8>, String) {
        let request = TestRequest::get().uri(path).cookie(self.cookie.clone());
        let answer = self.house.ask(request).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(
            answer.headers().get("cache-control").map(|kept| kept.as_bytes()),
            Some("no-store".as_bytes())
        );
        let name = answer
            .headers()
            .get("content-disposition")
            .and_then(|name| name.to_str().ok());
        let name = name.unwrap_or_default().to_owned();
        (to_bytes(answer.into_body()).await.expect("a body").to_vec(), name)
    }

    pub(super) async fn send(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = TestRequest::post()
            .uri(path)
            .set_form(form)
            .cookie(self.cookie.clone());
        let request = request.insert_header(("sec-fetch-site", "same-origin"));
        read(self.house.ask(request).await).await
    }

    pub(super) async fn decide(&self, one: &Reference, deed: &str, form: &[(&str, &str)]) -> Answer {
        self.send(&format!("/inbox/{}/{deed}", one.as_str()), form).await
    }

    pub(super) async fn open(&self, one: &Reference) -> Answer {
        self.look(&format!("/inbox/{}", one.as_str())).await
    }
}

async fn read(answer: ServiceResponse) -> Answer {
    let to = answer.headers().get("location").and_then(|to| to.to_str().ok());
    let (to, status) = (to.unwrap_or_default().to_owned(), answer.status());
    let body = to_bytes(answer.into_body()).await.expect("a body");
    Answer {
        status,
        to,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

#[test]
fn whoever_is_in_danger_stands_on_top_of_every_page_and_of_the_list() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        for _ in 0..3 {
            house.received(submission().item9(1)).await;
            house.received(submission()).await;
        }
        let one = house
            .received(submission().named("Dana Example").in_danger())
            .await;
        let desk = house.sign_in("terry").await;
        let list = desk.look("/inbox").await;
        list.says("1 person needs somebody today").says(&one.to_string());
        let rows: Vec<&str> = list.body.split("<tr role=\"row\"").skip(2).collect();
        assert!(rows[0].contains("Dana Example"), "the first row is {}", rows[0]);
        for path in ["/inbox?queue=done", "/inbox?queue=accepted", "/inbox?queue=new"] {
            desk.look(path).await.says("pad-now").says(&one.to_string());
        }
        assert_eq!(house.reads("inbox").await, 1);
        let band = list
            .body
            .split("pad-now")
            .nth(1)
            .and_then(|rest| rest.split("</section>").next());
        assert!(
            !band.unwrap_or_default().contains("Dana"),
            "the band names nobody"
        );
    });
}

#[test]
fn neither_admin_nor_physio_sees_a_referral() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let one = house.received(submission().in_danger()).await;
        house.add("alex", "Alex Example", Role::Admin).await;
        house.add("pat", "Pat Example", Role::Physio).await;
        for username in ["alex", "pat"] {
            let desk = house.sign_in(username).await;
            let looks = [desk.look("/inbox").await, desk.open(&one).await];
            let deeds = [
                desk.send("/inbox/search", &[("sought", "robin")]).await,
                desk.decide(&one, "acknowledge", &[("seen", "1")]).await,
                desk.decide(&one, "note", &[("seen", "1"), ("note_text", "x")])
                    .await,
            ];
            for answer in looks.iter().chain(&deeds) {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{username}");
                answer
                    .keeps_quiet_about("Robin")
                    .keeps_quiet_about(&one.to_string());
            }
        }
        let nobody = read(house.ask(TestRequest::get().uri("/inbox")).await).await;
        assert_eq!(
            (nobody.status, nobody.to.as_str()),
            (StatusCode::SEE_OTHER, "/staff/sign-in?next=/inbox")
        );
        assert_eq!(house.reads("referral").await, 0);
    });
}

#[test]
fn a_referral_opened_shows_why_and_is_on_the_record() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let mut unasked = submission().named("<b>Robin</b> & Co");
        unasked.0.not_asked = vec!["harm_to_others".to_owned(), "crisis_now".to_owned()];
        unasked.0.facts.crisis_now = None;
        unasked.0.person.voicemail_ok = false;
        if let Some(items) = unasked.0.facts.phq9.as_mut() {
            items[2] = None;
        }
        let one = house.received(unasked).await;
        let twin = house.received(submission().named("<b>Robin</b> & Co")).await;
        let desk = house.sign_in("terry").await;
        let page = desk.open(&one).await;
        assert_eq!(page.status, StatusCode::OK);
        page.keeps_quiet_about("<b>Robin").says("<title>Referral ");
        let title = page.body.split("</title>").next().unwrap_or_default();
        assert!(!title.contains("Robin") && title.contains(&one.to_string()));
        page.says("not clinically validated")
            .says("Do NOT leave a voicemail")
            .says("no total: 1 item was skipped")
            .says("7 of 21, mild, below the threshold of 8")
            .says("Not answered")
            .says("Day 0 of 42")
            .says("4 January 2027")
            .says("May be the same person")
            .says(&twin.to_string());
        for question in [
            "Not safe right now, or someone in danger?",
            "Thoughts of harming someone else",
        ] {
            let answer = page.body.split(question).nth(1).unwrap_or_default();
            assert!(
                answer[..120].contains("Not asked"),
                "{question}: {}",
                &answer[..120]
            );
        }
        for grade in ["low risk", "Low risk", "no risk", "diagnos"] {
            page.keeps_quiet_about(grade);
        }
        assert_eq!(house.reads("referral").await, 1);
        assert_eq!(house.reads("referral: possible duplicate").await, 1);
        assert_eq!(desk.look("/inbox/ZZZZZZZZ").await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            desk.look("/inbox/nonsense-here").await.status,
            StatusCode::NOT_FOUND
        );
    });
}

#[test]
fn an_override_asks_for_a_reason_and_keeps_what_was_typed() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let one = house.received(submission()).await;
        let desk = house.sign_in("terry").await;
        desk.open(&one).await.says("value=\"2\" checked");
        let without = desk
            .decide(&one, "accept", &[("seen", "1"), ("accept_step", "3")])
            .await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        without
            .says("Say why your decision differs from the suggestion")
            .says("href=\"#accept_reason\"")
            .says("value=\"3\" checked")
            .says("<title>Error: ");
        let long = "x".repeat(1001);
        let decline = [("seen", "1"), ("decline_reason", long.as_str())];
        let endless = desk.decide(&one, "decline", &decline).await;
        assert_eq!(endless.status, StatusCode::UNPROCESSABLE_ENTITY);
        endless.says("Use 1000 characters or fewer").says(&long);
        let with = [
            ("seen", "1"),
            ("accept_step", "3"),
            ("accept_reason", "Tried a course before"),
        ];
        let accepted = desk.decide(&one, "accept", &with).await;
        assert_eq!(accepted.status, StatusCode::SEE_OTHER);
        let page = desk.look(&accepted.to).await;
        page.says("Success")
            .says("Accepted, Step 3")
            .says("Tried a course before")
            .says("by Terry Example");
    });
}

#[test]
fn the_second_of_two_is_told_who_was_first_and_loses_nothing() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.add("sam", "Sam Example", Role::Lead).await;
        let one = house.received(submission()).await;
        let (terry, sam) = (house.sign_in("terry").await, house.sign_in("sam").await);
        terry.open(&one).await;
        sam.open(&one).await;
        let accept = [("seen", "1"), ("accept_step", "2")];
        assert_eq!(
            sam.decide(&one, "accept", &accept).await.status,
            StatusCode::SEE_OTHER
        );
        let decline = [
            ("seen", "1"),
            ("decline_reason", "Lives in another town, gave the number"),
            ("decline_signpost", "Rang with the number"),
            ("decline_way", "call"),
            ("decline_told", "Dr Example"),
        ];
        let second = terry.decide(&one, "decline", &decline).await;
        assert_eq!(second.status, StatusCode::CONFLICT);
        second
            .says("Somebody changed this referral")
            .says("Sam Example: Accepted, today, ")
            .says("Lives in another town, gave the number</textarea>");
        // A note never depends on what was read.
        let note = [("seen", "1"), ("note_text", "Rang, no answer")];
        assert_eq!(
            terry.decide(&one, "note", &note).await.status,
            StatusCode::SEE_OTHER
        );
        // Having seen it, Terry may decide.
        let decline = [
            ("seen", "3"),
            ("decline_reason", "Lives in another town"),
            ("decline_signpost", "Rang with the number"),
            ("decline_way", "call"),
            ("decline_told", "Dr Example"),
        ];
        assert_eq!(
            terry.decide(&one, "decline", &decline).await.status,
            StatusCode::SEE_OTHER
        );
        let again = terry
            .decide(&one, "accept", &[("seen", "4"), ("accept_step", "2")])
            .await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        again.says("This cannot be done now").says("Declined");
    });
}

#[test]
fn a_person_in_danger_is_acknowledged_by_name_before_anything_ends() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let one = house.received(submission().in_danger()).await;
        let desk = house.sign_in("terry").await;
        desk.open(&one)
            .await
            .says("Nobody has acknowledged this yet")
            .keeps_quiet_about("name=\"decline_reason\"");
        let decline = [
            ("seen", "1"),
            ("decline_reason", "Known elsewhere"),
            ("decline_signpost", "Rang with the number"),
            ("decline_way", "call"),
            ("decline_told", "Dr Example"),
        ];
        let refused = desk.decide(&one, "decline", &decline).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        refused
            .says("Acknowledge this referral first")
            .says("Known elsewhere");
        let acknowledged = desk.decide(&one, "acknowledge", &[("seen", "1")]).await;
        let page = desk.look(&acknowledged.to).await;
        page.says("Terry Example, today")
            .keeps_quiet_about("Nobody has acknowledged");
        page.keeps_quiet_about("class=\"pad-now\"")
            .says("name=\"decline_reason\"");
    });
}

#[test]
fn accept_and_next_leads_to_the_next_one_until_nobody_waits() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let first = house.received(submission()).await;
        let second = house.received(submission()).await;
        let desk = house.sign_in("terry").await;
        let accept = [("seen", "1"), ("accept_step", "2"), ("then", "next")];
        let answer = desk.decide(&first, "accept", &accept).await;
        assert_eq!(
            answer.to,
            format!("/inbox/{}?done=accept&of={}", second.as_str(), first.as_str())
        );
        desk.look(&answer.to)
            .await
            .says(&format!("{first}: Accepted"))
            .says("This is the next one")
            .says("Accept Robin Example");
        let answer = desk.decide(&second, "accept", &accept).await;
        assert_eq!(answer.to, format!("/inbox?of={}", second.as_str()));
        desk.look(&answer.to).await.says("Nobody else is waiting");
        // What an address says about a deed is one of our own words or nothing.
        desk.look("/inbox?of=%3Cscript%3E")
            .await
            .keeps_quiet_about("script>alert");
        let forged = format!("/inbox/{}?done=%3Cb%3E", first.as_str());
        desk.look(&forged).await.keeps_quiet_about("Success");
    });
}

#[test]
fn a_search_is_posted_and_finds_whole_words_only() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let one = house
            .received(submission().about(person("Zo\u{eb} Example-Jones")))
            .await;
        let desk = house.sign_in("terry").await;
        let found = desk.send("/inbox/search", &[("sought", "zoe")]).await;
        found
            .says("1 found.")
            .says(&one.to_string())
            .says("the beginning of a word finds nothing");
        desk.send("/inbox/search", &[("sought", "zo")])
            .await
            .says("Nobody found.");
        let empty = desk.send("/inbox/search", &[("sought", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let odd = desk
            .send("/inbox/search", &[("sought", "'; DROP TABLE referral; --")])
            .await;
        odd.says("Nobody found.").says("&#39;; DROP TABLE");
        assert_eq!(house.reads("inbox: search").await, 3);
        let elsewhere = desk.look("/inbox?queue=elsewhere").await;
        elsewhere.says("The list in this address is not known here");
        assert_eq!(
            desk.look("/inbox?queue=new&after=nonsense").await.status,
            StatusCode::OK
        );
    });
}

#[test]
fn a_timeline_that_was_altered_says_so_loudly() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let one = house.received(submission()).await;
        let terry = house.id_of("terry").await;
        let noted = review(&house.app, &one, None, terry, Deed::Note("as it was".to_owned())).await;
        noted.expect("noted");
        let desk = house.sign_in("terry").await;
        desk.open(&one).await.keeps_quiet_about("does not verify");
        house
            .app
            .db
            .write(|conn| {
                let first = referral_event::table.filter(referral_event::seq.eq(1));
                dispatch!(conn, c => diesel::update(first).set(referral_event::kind.eq("completed")).execute(c))?;
                Ok(())
            })
            .await
            .expect("altered");
        desk.open(&one).await.says("This timeline does not verify");
    });
}
