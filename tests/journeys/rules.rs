//! Two people change the rules: one proposes, another approves or refuses, and the very next decision is made with what
//! they agreed on.

use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::config::Mail;
use iapt_pad::referrals::{Reference, open};
use iapt_pad::staff::{self, Added, DisplayName, NewAccount, Password, Role, Scope, Username};
use iapt_pad::triage::{DEFAULT_RULES, DEFAULT_RULES_NAME, Facts, Priority, start, version_of};
use iapt_pad::values::Id;
use serde_json::json;

use crate::support::api::{Api, with};
use crate::support::app::monday_morning;
use crate::support::browser::{Browser, Page};
use crate::support::databases::{Fresh, on_both};
use crate::support::server::{Served, served};

const PASSWORD: &str = "one-two-three-four";

/// A served house with its rules in force, and who may change them.
struct House {
    served: Served,
}

impl House {
    async fn open(fresh: Fresh) -> House {
        let folder = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
        let served = served(fresh, monday_morning(), Mail::Captured(folder)).await;
        let app = &served.app;
        let pathways = &app.config.locality.long_term_conditions;
        start(
            &app.db,
            DEFAULT_RULES_NAME,
            DEFAULT_RULES,
            pathways,
            app.clock.now(),
        )
        .await
        .expect("rules");
        for (username, name, role) in [
            ("lena", "Lena Example", Role::Lead),
            ("lewis", "Lewis Example", Role::Lead),
            ("terry", "Terry Example", Role::Triage),
            ("ada", "Ada Example", Role::Admin),
        ] {
            add(app, username, name, role).await;
        }
        House { served }
    }

    async fn signed_in(&self, username: &str) -> Browser {
        let browser = Browser::at(&self.served.base);
        let form = format!("username={username}&password={PASSWORD}");
        browser.post("/staff/sign-in", &form).await.is(303);
        browser
    }
}

async fn add(app: &Arc<App>, username: &str, name: &str, role: Role) {
    let account = NewAccount {
        username: Username::parse(username).expect("a username"),
        display_name: DisplayName::parse(name).expect("a name"),
        role,
        clinic: None,
    };
    let added = staff::add_account_with(&app.db, app.clock.now(), account, Password::typed(PASSWORD)).await;
    assert!(matches!(added, Ok(Added::Yes { .. })));
}

/// Proposes as the page does it: a form with a text, perhaps a file, and a note.
async fn propose(browser: &Browser, rules: &str, file: &str, note: &str) -> Page {
    let part = |head: &str, value: &str| {
        format!("--xyz\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n")
    };
    let body = [
        part("name=\"rules\"", &rules.replace('\n', "\r\n")),
        part("name=\"file\"; filename=\"rules.toml\"", file),
        part("name=\"note\"", note),
        "--xyz--\r\n".to_owned(),
    ];
    browser
        .send(
            "/admin/rules/propose",
            "multipart/form-data; boundary=xyz",
            &body.concat(),
        )
        .await
}

/// The shipped rules with every thought of self-harm at P1.
fn raised() -> String {
    DEFAULT_RULES.replace(
        "priority = \"P2\", flags = [\"RISK_ITEM9\"]",
        "priority = \"P1\", flags = [\"RISK_ITEM9\"]",
    )
}

/// What the running server suggests for somebody with thoughts of self-harm on several days: the reference, the priority,
/// and the version of the rules that it used. Each is another person: a second referral would raise the first.
async fn decided(house: &House, name: &'static str) -> (String, String, String) {
    let api = Api {
        app: house.served.app.clone(),
        base: house.served.base.clone(),
        key: String::new(),
    };
    let asked = tokio::task::spawn_blocking(move || {
        let thoughts = json!([1, 1, 1, 1, 1, 1, 1, 1, 1]);
        let api = api.with_scopes(&Scope::ALL);
        let born = format!("19{}-02-28", 50 + name.len());
        let phone = format!("07700 9001{}", 10 + name.len());
        let body = with(&[
            ("/facts/phq9", thoughts),
            ("/patient/name", json!(name)),
            ("/patient/date_of_birth", json!(born)),
            ("/patient/phone", json!(phone)),
            ("/patient/address/postcode", json!("S2 4QT")),
        ]);
        let answer = api.submit(&body).expect(201);
        let told = |pointer| answer.text(pointer).to_owned();
        (
            told("/reference"),
            told("/decision/priority"),
            told("/decision/rules_version"),
        )
    });
    asked.await.expect("asked")
}

/// What was kept of a decision: its priority, its rules, its facts as given.
async fn kept(house: &House, reference: &str) -> (Priority, String, Facts) {
    let app = house.served.app.clone();
    let reference = Reference::parse(reference).expect("a reference");
    let opened = app.db.read({
        let app = app.clone();
        move |conn| open(conn, &app.keys, &reference)
    });
    let sheet = opened.await.expect("read").expect("a referral").case_sheet;
    (sheet.decision.priority, sheet.decision.rules_version, sheet.facts)
}

#[test]
fn one_lead_proposes_another_approves_and_the_next_decision_is_made_with_the_new_rules() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let (earlier, before, first) = decided(&house, "Robin Example").await;
        let as_decided = kept(&house, &earlier).await;
        assert_eq!(
            (before.as_str(), first.as_str()),
            ("P2", &*version_of(DEFAULT_RULES))
        );

        let lena = house.signed_in("lena").await;
        lena.get("/admin/rules")
            .await
            .is(200)
            .says("This is the first version")
            .says("Not clinically validated");
        let text = raised();
        // A browser sends line ends of its own; what is proposed is the text with plain ones.
        let version = version_of(&text);
        let page = format!("/admin/rules/{version}");
        propose(&lena, &text, "", "Agreed in the team meeting.")
            .await
            .leads_to(&format!("{page}?done=proposed"));
        lena.get(&page)
            .await
            .says("What it would change")
            .says("Agreed in the team meeting.")
            .says("You proposed this version")
            .never_says("Approve: put into force");
        let seen = format!("seen={first}");
        lena.post(&format!("{page}/approve"), &seen)
            .await
            .is(409)
            .says("Somebody else has to decide");

        let lewis = house.signed_in("lewis").await;
        lewis
            .get("/admin/rules")
            .await
            .says("A new version waits for approval")
            .says("Lena Example");
        lewis
            .get(&page)
            .await
            .says("Approve: put into force")
            .says("Lena Example proposed it");
        lewis
            .post(&format!("{page}/approve"), &seen)
            .await
            .leads_to(&format!("{page}?done=approved"));
        lewis
            .get("/admin/rules")
            .await
            .says(&version)
            .says("Lewis Example")
            .says("A3")
            .says("Changed");

        let (_, after, second) = decided(&house, "Kit Sample").await;
        let expected = ("P1", version.clone());
        assert_eq!((after.as_str(), second), expected, "at once, without a restart");
        // The decision made before keeps its rules and the facts it was made from.
        let still = kept(&house, &earlier).await;
        assert!(still == as_decided && still.1 == first && still.0 == Priority::P2);
        assert_eq!(still.2.item9(), Some(1));
        lewis
            .post(&format!("{page}/approve"), &seen)
            .await
            .is(409)
            .says("Lewis Example approved this version");
    });
}

#[test]
fn a_refusal_needs_a_reason_and_everybody_reads_it() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let lena = house.signed_in("lena").await;
        let text = raised();
        let page = format!("/admin/rules/{}", version_of(&text));
        propose(&lena, "", &text, "From a file.").await.is(303);
        let lewis = house.signed_in("lewis").await;
        lewis
            .post(&format!("{page}/refuse"), "reason=")
            .await
            .is(422)
            .says("Enter why you refuse this version");
        lewis
            .post(&format!("{page}/refuse"), "reason=Too+many+for+one+day")
            .await
            .is(303);
        let terry = house.signed_in("terry").await;
        terry
            .get(&page)
            .await
            .is(200)
            .says("Too many for one day")
            .says("Lewis Example")
            .says("From a file.")
            .never_says("Why do you refuse it?");
        lena.post(&format!("{page}/refuse"), "reason=I+changed+my+mind")
            .await
            .is(409)
            .says("Lewis Example refused this version")
            .says("Too many for one day");
        propose(&lena, &text, "", "Once more.")
            .await
            .is(422)
            .says("which was refused");
    });
}

#[test]
fn what_is_wrong_is_shown_with_its_line_and_nothing_typed_is_lost() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let lena = house.signed_in("lena").await;
        let broken = DEFAULT_RULES
            .replace("when = \"bsl\"", "when = \"bls\"")
            .replace("when = \"format_need\"", "when = \"format_needs\"");
        let page = propose(&lena, &broken, "", "").await;
        page.is(422)
            .says("There is a problem")
            .says("The rules have 2 mistakes")
            .says("Enter why the rules should change")
            .says("rule E5, when")
            .says("did you mean `bsl`?")
            .says("when = &#34;bls&#34;");
        let below = DEFAULT_RULES.replace("when = \"safeguarding\"", "when = \"safeguarding && age >= 18\"");
        propose(&lena, "", &below, "A file that was chosen")
            .await
            .is(422)
            .says("below the floor")
            .says("safeguarding &#38;&#38; age &#62;= 18")
            .says("A file that was chosen");
        propose(&lena, DEFAULT_RULES, "", "Nothing new")
            .await
            .is(422)
            .says("in force already");
        propose(&lena, "", "", "Nothing at all")
            .await
            .is(422)
            .says("The rules have a mistake");
    });
}

#[test]
fn a_proposal_for_rules_that_are_no_longer_in_force_says_so() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let (lena, lewis) = (house.signed_in("lena").await, house.signed_in("lewis").await);
        let first = version_of(DEFAULT_RULES);
        let texts = [raised(), format!("{DEFAULT_RULES}\n# Reworded\n")];
        for text in &texts {
            propose(&lena, "", text, "Because").await.is(303);
        }
        let [one, other] = [0, 1].map(|at: usize| format!("/admin/rules/{}", version_of(&texts[at])));
        lewis
            .post(&format!("{one}/approve"), &format!("seen={first}"))
            .await
            .is(303);
        // The page of the other one was opened before: it is shown anew and nothing was decided.
        lewis
            .post(&format!("{other}/approve"), &format!("seen={first}"))
            .await
            .is(409)
            .says("Other rules came into force while you were reading");
        lewis
            .get(&other)
            .await
            .says("Written for rules that are no longer in force")
            .says("A3");
        let now = version_of(&texts[0]);
        lewis
            .post(&format!("{other}/approve"), &format!("seen={now}"))
            .await
            .is(303);
        lewis.get("/admin/rules").await.says(&version_of(&texts[1]));
    });
}

#[test]
fn a_file_at_start_up_needs_one_lead() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let app = &house.served.app;
        let pathways = &app.config.locality.long_term_conditions;
        let text = raised();
        start(&app.db, "rules.toml", &text, pathways, app.clock.now())
            .await
            .expect("proposed");
        let page = format!("/admin/rules/{}", version_of(&text));
        let lena = house.signed_in("lena").await;
        lena.get(&page)
            .await
            .says("The file that came with the program")
            .says("one lead is enough");
        let seen = format!("seen={}", version_of(DEFAULT_RULES));
        lena.post(&format!("{page}/approve"), &seen).await.is(303);
        assert_eq!(decided(&house, "Kit Sample").await.1, "P1");
    });
}

#[test]
fn only_leads_change_the_rules_and_physios_do_not_see_them() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        for (who, sees, proposes) in [("lena", 200, 200), ("terry", 200, 403), ("ada", 200, 403)] {
            let browser = house.signed_in(who).await;
            browser.get("/admin/rules").await.is(sees);
            browser.get("/admin/rules/propose").await.is(proposes);
            if proposes == 403 {
                propose(&browser, &raised(), "", "Not mine to say").await.is(403);
                let version = version_of(DEFAULT_RULES);
                browser
                    .post(&format!("/admin/rules/{version}/approve"), "")
                    .await
                    .is(403);
                browser
                    .post(&format!("/admin/rules/{version}/refuse"), "reason=x")
                    .await
                    .is(403);
            }
        }
        let lena = house.signed_in("lena").await;
        lena.get("/admin/rules/000000000000").await.is(404);
        lena.post("/admin/rules/000000000000/approve", "").await.is(404);
        lena.post("/admin/rules/propose", "rules=x").await.is(415);
    });
}
