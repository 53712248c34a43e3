//! One slip, every door: scanned, typed, read out on the phone, submitted by the physio, sent in by another system.

mod as_typed;
mod electronic;
mod outcomes;
mod phone;
mod race;
mod used_slip;
mod wrong_codes;

use iapt_pad::staff::{
    self, Added, ClinicCode, DisplayName, KeyLabel, NewAccount, Password, Role, Scope, Username,
};
use serde_json::json;

use super::patient::{ANSWERS, CHECK, Visit};
use crate::support::api::{Answer, Api, with};
use crate::support::browser::{Browser, Page};
use crate::support::databases::Fresh;

const PASSWORD: &str = "one-two-three-four";
/// A well-formed code that is no slip's.
pub const NO_SLIP: &str = "7K3M-9QXT-2VBR";

/// A server with somebody at each of its doors.
pub struct House {
    pub visit: Visit,
    pub physio: Browser,
    pub team: Browser,
    pub api: Api,
}

/// Somebody, and what they say this time. Everybody was born on the same day.
#[derive(Clone, Copy)]
pub struct Caller {
    pub name: &'static str,
    pub problem: &'static str,
    pub danger: bool,
}

pub const ROBIN: Caller = Caller {
    name: "Robin Example",
    problem: "worry",
    danger: false,
};

/// A way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Scan,
    Typed,
    Phone,
    Physio,
    Api,
}

impl Way {
    pub const ALL: [Way; 5] = [Way::Scan, Way::Typed, Way::Phone, Way::Physio, Way::Api];
}

impl House {
    pub async fn open(fresh: Fresh) -> House {
        House::with(Visit::to(fresh).await).await
    }

    pub async fn with(visit: Visit) -> House {
        let (app, base) = (&visit.app, &visit.app.config.base_url);
        let label = KeyLabel::parse("A test").expect("a label");
        let (_, token) = staff::add_key(&app.db, &app.keys, app.clock.now(), &label, &Scope::ALL, None)
            .await
            .expect("a key");
        let api = Api {
            app: app.clone(),
            base: base.clone(),
            key: token.reveal(),
        };
        let physio = signed_in(&visit, "sam", Role::Physio).await;
        let team = signed_in(&visit, "terry", Role::Triage).await;
        House {
            visit,
            physio,
            team,
            api,
        }
    }

    /// Goes in by this way with a code, as far as the last step.
    pub async fn goes_in(&self, way: Way, code: &str, who: Caller) -> Ready {
        match way {
            Way::Scan | Way::Typed => Ready::Browser(
                self.fills_in(way, code, who).await,
                CHECK,
                "then=send&share_status=yes".to_owned(),
            ),
            Way::Phone => Ready::Phone(self.team.clone(), phone_form(code, who)),
            Way::Physio => Ready::Physio(self.physio.clone(), physio_form(code, who)),
            Way::Api => Ready::Api(self.api.clone(), code.to_owned(), who),
        }
    }

    /// The patient's own pages up to "check your answers".
    async fn fills_in(&self, way: Way, code: &str, who: Caller) -> Browser {
        let browser = Browser::at(&self.visit.app.config.base_url);
        let at = format!("/s/{}", code.replace('-', ""));
        if way == Way::Typed {
            browser.post("/", &format!("code={code}")).await.leads_to(&at);
        }
        browser.get(&at).await.is(200);
        if browser.post(&at, "").await.location != "/refer/1" {
            browser.post(&at, "then=without").await.leads_to("/refer/1");
        }
        for (page, form) in ANSWERS.into_iter().filter(|(page, _)| *page < CHECK) {
            let form = match page {
                1 if who.danger => "crisis_now=yes".to_owned(),
                2 => form.replace("Robin+Example", &who.name.replace(' ', "+")),
                4 => form.replace("problem=low_mood", &format!("problem={}", who.problem)),
                _ => form.to_owned(),
            };
            let sent = browser.post(&format!("/refer/{page}"), &form).await;
            assert!(matches!(sent.status, 200 | 303), "page {page}: {}", sent.body);
        }
        browser
    }

    pub async fn sends(&self, way: Way, code: &str, who: Caller) -> Sent {
        self.goes_in(way, code, who).await.sends().await
    }
}

/// Somebody at the last step.
pub enum Ready {
    Browser(Browser, u8, String),
    Phone(Browser, String),
    Physio(Browser, String),
    Api(Api, String, Caller),
}

/// What came of the last step.
pub enum Sent {
    Page(Page),
    Answer(Answer),
}

impl Ready {
    pub async fn sends(self) -> Sent {
        match self {
            Ready::Browser(browser, page, form) => {
                Sent::Page(browser.post(&format!("/refer/{page}"), &form).await)
            }
            Ready::Phone(browser, form) => Sent::Page(browser.post("/inbox/call", &form).await),
            Ready::Physio(browser, form) => Sent::Page(browser.post("/refer-now", &form).await),
            Ready::Api(api, code, who) => {
                let crisis = if who.danger { "yes" } else { "no" };
                let body = with(&[
                    ("/slip", json!(code)),
                    ("/patient/name", json!(who.name)),
                    ("/facts/problem", json!(who.problem)),
                    ("/facts/crisis_now", json!(crisis)),
                ]);
                let told = tokio::task::spawn_blocking(move || api.submit(&body)).await;
                Sent::Answer(told.expect("sent"))
            }
        }
    }
}

impl Sent {
    pub fn status(&self) -> u16 {
        match self {
            Sent::Page(page) => page.status,
            Sent::Answer(answer) => answer.status,
        }
    }

    /// Whether it was taken in.
    #[track_caller]
    pub fn is_taken_in(&self) -> &Self {
        let taken = match self {
            Sent::Page(page) if page.status == 303 => page.location == "/refer/10",
            Sent::Page(page) => page.status == 200,
            Sent::Answer(answer) => matches!(answer.status, 200 | 201),
        };
        assert!(taken, "{}", self.text());
        self
    }

    pub fn text(&self) -> String {
        match self {
            Sent::Page(page) => page.body.clone(),
            Sent::Answer(answer) => answer.json.to_string(),
        }
    }
}

/// What the team types; `drawn` is new each time.
pub fn phone_form(code: &str, who: Caller) -> String {
    let share = if code.is_empty() { "" } else { "&share_status=yes" };
    format!(
        "{}&agreed=yes{share}&code={code}&crisis_now={}",
        person(who),
        yes_no(who.danger)
    )
}

fn physio_form(code: &str, who: Caller) -> String {
    let safety = if who.danger { "worried" } else { "asked" };
    format!("{}&agreed=yes&code={code}&safety={safety}", person(who))
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn person(who: Caller) -> String {
    format!(
        "drawn={}&name={}&birth-day=29&birth-month=2&birth-year=1980&phone=07700+900123&voicemail=yes\
         &gp_surgery=&problem={}",
        iapt_pad::values::Id::new(),
        who.name.replace(' ', "+"),
        who.problem
    )
}

/// The browser of somebody of staff.
pub async fn signed_in(visit: &Visit, username: &str, role: Role) -> Browser {
    let (db, now) = (&visit.app.db, visit.app.clock.now());
    let name = |text| DisplayName::parse(text).expect("a name");
    let clinic = match role.needs_clinic() {
        true => {
            let code = ClinicCode::parse("NORTH").expect("a code");
            staff::add_clinic(db, now, code, name("Physioworks North"))
                .await
                .expect("a clinic")
        }
        false => None,
    };
    let account = NewAccount {
        username: Username::parse(username).expect("a username"),
        display_name: name("Somebody Example"),
        role,
        clinic,
    };
    let added = staff::add_account_with(db, now, account, Password::typed(PASSWORD)).await;
    assert!(matches!(added, Ok(Added::Yes { .. })));
    let browser = Browser::at(&visit.app.config.base_url);
    let form = format!("username={username}&password={PASSWORD}");
    assert_eq!(browser.post("/staff/sign-in", &form).await.status, 303);
    browser
}
