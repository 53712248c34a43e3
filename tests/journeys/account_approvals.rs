//! What lets somebody see patients takes two people: an administrator asks, a lead approves, and the person alone comes to
//! know the password.

use std::path::PathBuf;
use std::time::Duration;

use iapt_pad::config::Mail;
use iapt_pad::notify::captured;
use iapt_pad::staff::{
    self, Added, ClinicCode, DisplayName, NewAccount, Password, Role, Username, find_account_named,
};
use iapt_pad::triage::{DEFAULT_RULES, DEFAULT_RULES_NAME, start, version_of};
use iapt_pad::values::{Email, Id};

use crate::support::app::monday_morning;
use crate::support::browser::{Browser, Page};
use crate::support::databases::{Fresh, on_both};
use crate::support::server::{Served, served};

const PASSWORD: &str = "one-two-three-four";
const CHOSEN: &str = "kettle violin harbour";

struct House {
    served: Served,
    mail: PathBuf,
}

impl House {
    /// One lead, one of the triage team, one administrator, all in force since an hour.
    async fn open(fresh: Fresh) -> House {
        let mail = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
        let served = served(fresh, monday_morning(), Mail::Captured(mail.clone())).await;
        let house = House { served, mail };
        house.add("lena", Role::Lead).await;
        house.add("terry", Role::Triage).await;
        house.add("ada", Role::Admin).await;
        house.served.app.clock.advance_minutes(60);
        house
    }

    /// An account that the operator made, with a mailbox.
    async fn add(&self, username: &str, role: Role) -> Id {
        let app = &self.served.app;
        let account = NewAccount {
            username: Username::parse(username).expect("a username"),
            display_name: DisplayName::parse(&format!("{username} example")).expect("a name"),
            role,
            clinic: None,
        };
        let password = Password::typed(PASSWORD);
        let added = staff::add_account_with(&app.db, app.clock.now(), account, password).await;
        let Ok(Added::Yes { id, .. }) = added else {
            panic!("not added: {added:?}");
        };
        let email = Email::parse(&mailbox(username)).expect("an address");
        assert!(
            staff::set_email(&app.db, app.clock.now(), id, email)
                .await
                .expect("set")
        );
        id
    }

    async fn id(&self, username: &str) -> Id {
        let name = Username::parse(username).expect("a username");
        let found = find_account_named(&self.served.app.db, &name)
            .await
            .expect("read");
        found.expect("an account").id
    }

    async fn exists(&self, username: &str) -> bool {
        let name = Username::parse(username).expect("a username");
        let found = find_account_named(&self.served.app.db, &name)
            .await
            .expect("read");
        found.is_some()
    }

    async fn signed_in(&self, username: &str) -> Browser {
        self.signed_in_with(username, PASSWORD).await.expect("signed in")
    }

    async fn signed_in_with(&self, username: &str, password: &str) -> Option<Browser> {
        let browser = Browser::at(&self.served.base);
        let form = format!("username={username}&password={}", password.replace(' ', "+"));
        let answer = browser.post("/staff/sign-in", &form).await;
        (answer.status == 303).then_some(browser)
    }

    /// The texts of the mails to this person so far, the newest first, once there are `count` of them.
    async fn mails_to(&self, username: &str, count: usize) -> Vec<String> {
        for _ in 0..200 {
            let all = captured(&self.mail).expect("a folder");
            let theirs: Vec<String> = all
                .into_iter()
                .filter(|mail| mail.to == mailbox(username))
                .map(|mail| format!("{}\n{}", mail.subject, mail.body))
                .collect();
            if theirs.len() >= count {
                assert_eq!(theirs.len(), count, "{theirs:#?}");
                return theirs;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("fewer than {count} mails to {username}");
    }

    /// How many links to choose a password anybody was sent.
    async fn links_sent(&self) -> usize {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let all = captured(&self.mail).expect("a folder");
        all.iter()
            .filter(|mail| mail.body.contains("/staff/password/"))
            .count()
    }
}

fn mailbox(username: &str) -> String {
    format!("{username}@staff.example.org")
}

/// The path of the link in a text.
fn link_in(text: &str) -> Option<String> {
    let at = text.find("/staff/password/")?;
    let rest = &text[at..];
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '/' && letter != '-');
    Some(rest[..end.unwrap_or(rest.len())].to_owned())
}

/// The path of the request that an answer leads to.
#[track_caller]
fn request_of(answer: &Page) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    let path = answer.location.split('?').next().unwrap_or_default();
    assert!(path.starts_with("/admin/approvals/"), "{}", answer.location);
    path.to_owned()
}

fn new_person(username: &str, role: &str) -> String {
    format!(
        "name=New+Person&username={username}&email={username}%40staff.example.org&role={role}&reason=New+here"
    )
}

#[test]
fn one_administrator_alone_never_comes_to_see_a_patient() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let app = &house.served.app;
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
        let ada = house.signed_in("ada").await;
        let mut requests = Vec::new();

        // 1. A key that reads.
        let answer = ada
            .post(
                "/admin/keys/add",
                "label=Mine&scope=read&scope=triage&reason=Needed",
            )
            .await;
        requests.push(request_of(&answer));
        answer.never_says("ipk_");
        assert!(staff::list_keys(&app.db).await.expect("keys").is_empty());
        // 2. The password of somebody who sees patients.
        let terry = house.id("terry").await;
        let answer = ada
            .post(&format!("/admin/staff/{terry}/reset"), "reason=Forgotten")
            .await;
        requests.push(request_of(&answer));
        // 3. A colleague of the triage team, 4. and two leads, who would approve the rules.
        for (username, role) in [("own", "triage"), ("own1", "lead"), ("own2", "lead")] {
            let answer = ada.post("/admin/staff/add", &new_person(username, role)).await;
            requests.push(request_of(&answer));
        }
        // 5. Their own mailbox for the lead, so that a link would come to them.
        let lena = house.id("lena").await;
        let answer = ada
            .post(
                &format!("/admin/staff/{lena}/set"),
                "role=lead&email=ada%40staff.example.org&change_reason=New+address",
            )
            .await;
        requests.push(request_of(&answer));

        for request in &requests {
            let page = ada.get(request).await;
            page.is(200).says("Waiting").never_says("ipk_");
            assert_eq!(link_in(&page.body), None);
            ada.post(&format!("{request}/approve"), "").await.is(403);
            ada.post(&format!("{request}/without-lead"), "told=yes")
                .await
                .is(403);
            ada.post(&format!("{request}/refuse"), "answer=No").await.is(403);
            house
                .signed_in("terry")
                .await
                .post(&format!("{request}/approve"), "")
                .await
                .is(403);
        }
        for username in ["own", "own1", "own2"] {
            assert!(!house.exists(username).await);
            assert!(house.signed_in_with(username, CHOSEN).await.is_none());
        }
        assert!(staff::list_keys(&app.db).await.expect("keys").is_empty());
        assert_eq!(house.links_sent().await, 0);
        for path in ["/inbox", "/courses", "/inbox/search"] {
            ada.get(path).await.is(403);
        }
        let version = version_of(DEFAULT_RULES);
        ada.post(&format!("/admin/rules/{version}/approve"), "")
            .await
            .is(403);
        // Whom it is about still signs in with the password from before.
        assert!(house.signed_in_with("terry", PASSWORD).await.is_some());
        assert!(house.signed_in_with("lena", PASSWORD).await.is_some());
    });
}

#[test]
fn an_administrator_who_takes_the_leads_away_first_gains_nothing() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let ada = house.signed_in("ada").await;
        let lena = house.id("lena").await;
        // The only lead is deactivated, and hears of it.
        ada.post(&format!("/admin/staff/{lena}/disable"), "")
            .await
            .is(303);
        let told = house.mails_to("lena", 1).await;
        assert!(
            told[0].starts_with("The account of a lead was changed"),
            "{told:#?}"
        );
        for (username, role) in [("own", "triage"), ("own1", "lead")] {
            let answer = ada.post("/admin/staff/add", &new_person(username, role)).await;
            let request = request_of(&answer);
            ada.post(&format!("{request}/without-lead"), "told=yes")
                .await
                .is(403);
            assert!(!house.exists(username).await);
        }
        let key = ada
            .post("/admin/keys/add", "label=Mine&scope=read&reason=Needed")
            .await;
        let key = request_of(&key);
        // A day later a colleague may be let in, with a notice to the lead; never another lead, never a key.
        house.served.app.clock.advance_minutes(24 * 60 + 1);
        let ada = house.signed_in("ada").await;
        let lead = ada.post("/admin/staff/add", &new_person("own2", "lead")).await;
        for request in [key, request_of(&lead)] {
            ada.post(&format!("{request}/without-lead"), "told=yes")
                .await
                .is(403);
        }
        assert!(!house.exists("own2").await);
    });
}

#[test]
fn a_lead_who_was_made_something_else_becomes_a_lead_again_by_a_lead_alone() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        house.add("lewis", Role::Lead).await;
        house.served.app.clock.advance_minutes(60);
        let ada = house.signed_in("ada").await;
        let lena = house.id("lena").await;
        // Away from patients: at once, and both leads hear of it.
        ada.post(
            &format!("/admin/staff/{lena}/set"),
            "role=admin&email=lena%40staff.example.org",
        )
        .await
        .leads_to(&format!("/admin/staff/{lena}?done=changed"));
        house.mails_to("lewis", 1).await;
        // The administrator has the password chosen at a mailbox of their own.
        ada.post(
            &format!("/admin/staff/{lena}/set"),
            "role=admin&email=ada%40staff.example.org",
        )
        .await
        .is(303);
        ada.post(&format!("/admin/staff/{lena}/reset"), "").await.is(303);
        let link = link_in(&house.mails_to("ada", 1).await[0]).expect("a link");
        Browser::at(&house.served.base)
            .post(&link, "password=kettle+violin+harbour")
            .await
            .is(303);
        let as_lena = house.signed_in_with("lena", CHOSEN).await.expect("signed in");
        as_lena.get("/inbox").await.is(403);
        // Back to where patients are seen: a lead reads to whom the link goes, and who changed the address.
        let answer = ada
            .post(
                &format!("/admin/staff/{lena}/set"),
                "role=lead&email=ada%40staff.example.org&change_reason=Back",
            )
            .await;
        let request = request_of(&answer);
        let lewis = house.signed_in("lewis").await;
        lewis.get(&request).await.is(200).says("ada@staff.example.org");
        as_lena.get("/inbox").await.is(403);
        // Approved, the password from before does not open it.
        lewis.post(&format!("{request}/approve"), "").await.is(303);
        as_lena.get("/inbox").await.is(303);
        assert!(house.signed_in_with("lena", CHOSEN).await.is_none());
    });
}

#[test]
fn a_lead_approves_and_the_person_alone_chooses_the_password() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let ada = house.signed_in("ada").await;
        ada.post("/admin/staff/add", "name=Nina&username=nina&role=triage")
            .await
            .is(422)
            .says("Enter a reason");
        let answer = ada.post("/admin/staff/add", &new_person("nina", "triage")).await;
        let request = request_of(&answer);
        let told = house.mails_to("lena", 1).await;
        assert!(
            told[0].contains("/admin/approvals") && !told[0].contains("ina"),
            "{told:#?}"
        );
        ada.post("/admin/staff/add", &new_person("nina", "triage"))
            .await
            .is(422)
            .says("Somebody has this username already");

        let lena = house.signed_in("lena").await;
        lena.get("/inbox").await.says("Approvals (1)");
        lena.get(&request)
            .await
            .says("ada example")
            .says("New here")
            .says("nina@staff.example.org");
        let answer = lena.post(&format!("{request}/approve"), "").await;
        answer.leads_to("/admin/approvals?done=approved");
        lena.post(&format!("{request}/approve"), "")
            .await
            .is(409)
            .says("does not wait any more");
        lena.get("/inbox").await.never_says("Approvals (1)");

        let mail = house.mails_to("nina", 1).await;
        let link = link_in(&mail[0]).expect("a link");
        for word in ["nina", "New", "NHS", "health", "triage", "patient"] {
            assert!(!mail[0].contains(word), "{word} in {}", mail[0]);
        }
        let nina = Browser::at(&house.served.base);
        // Scanners of mail follow links, any number of times.
        for _ in 0..3 {
            nina.get(&link)
                .await
                .is(200)
                .says("Choose your password")
                .says("nina");
        }
        for weak in ["", "short", "password123456", "nina.nina.nina", "123456789012"] {
            let page = nina.post(&link, &format!("password={weak}")).await;
            page.is(422);
            assert!(weak.is_empty() || !page.body.contains(weak));
        }
        nina.post(&link, "password=kettle+violin+harbour")
            .await
            .leads_to("/staff/sign-in?password-chosen");
        nina.get("/staff/sign-in?password-chosen")
            .await
            .says("Your new password is saved");
        for page in [
            nina.get(&link).await,
            nina.post(&link, "password=other+words+entirely").await,
        ] {
            page.is(404).says("This link does not work");
        }
        let nina = house.signed_in_with("nina", CHOSEN).await.expect("signed in");
        nina.get("/inbox").await.is(200);

        for browser in [&lena, &ada] {
            browser
                .get("/admin/account-changes")
                .await
                .is(200)
                .says("Approval requested")
                .says("Approved by a lead")
                .says("Account added")
                .says("Password chosen")
                .says("New Person")
                .says("The operator");
        }
        nina.get("/admin/account-changes").await.is(403);
        nina.get("/admin/approvals").await.is(403);
        let id = house.id("nina").await;
        ada.get(&format!("/admin/account-changes?of={id}"))
            .await
            .says("Password chosen")
            .never_says("The operator");
    });
}

#[test]
fn without_a_mailbox_the_link_is_shown_once_to_the_lead_who_approves() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let ada = house.signed_in("ada").await;
        let answer = ada
            .post(
                "/admin/staff/add",
                "name=New+Person&username=nina&role=triage&reason=New+here",
            )
            .await;
        let request = request_of(&answer);
        let lena = house.signed_in("lena").await;
        let shown = lena.post(&format!("{request}/approve"), "").await;
        shown.is(200).says("This link is shown only once");
        let link = link_in(&shown.body).expect("a link");
        for browser in [&lena, &ada] {
            assert_eq!(link_in(&browser.get(&request).await.body), None);
        }
        // A link is over after a day.
        house.served.app.clock.advance_minutes(24 * 60 - 1);
        let nina = Browser::at(&house.served.base);
        nina.get(&link).await.is(200);
        house.served.app.clock.advance_minutes(1);
        nina.post(&link, "password=kettle+violin+harbour").await.is(404);
        assert!(house.signed_in_with("nina", CHOSEN).await.is_none());
    });
}

#[test]
fn a_reset_ends_the_password_the_sessions_and_the_links_from_before() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let (ada, lena) = (house.signed_in("ada").await, house.signed_in("lena").await);
        let terry = house.signed_in("terry").await;
        let id = house.id("terry").await;
        let mut links = Vec::new();
        for count in 1..=2 {
            let answer = ada
                .post(&format!("/admin/staff/{id}/reset"), "reason=Forgotten")
                .await;
            let request = request_of(&answer);
            if count == 1 {
                terry.get("/inbox").await.is(200);
                let again = ada
                    .post(&format!("/admin/staff/{id}/reset"), "reason=Again")
                    .await;
                assert_eq!(request_of(&again), request, "one request is enough");
            }
            lena.post(&format!("{request}/approve"), "").await.is(303);
            let mails = house.mails_to("terry", count).await;
            links.extend(mails.iter().filter_map(|mail| link_in(mail)));
        }
        terry.get("/inbox").await.is(303);
        assert!(house.signed_in_with("terry", PASSWORD).await.is_none());
        links.sort();
        links.dedup();
        assert_eq!(links.len(), 2);
        let browser = Browser::at(&house.served.base);
        let mut works = 0;
        for link in &links {
            works += i32::from(browser.get(link).await.status == 200);
        }
        assert_eq!(works, 1, "the newest alone");
        ada.post(&format!("/admin/staff/{id}/disable"), "").await.is(303);
        for link in &links {
            browser.get(link).await.is(404);
        }
    });
}

#[test]
fn a_request_is_refused_with_a_reason_or_withdrawn_by_who_asked() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        house.add("alan", Role::Admin).await;
        let (ada, lena) = (house.signed_in("ada").await, house.signed_in("lena").await);
        let answer = ada.post("/admin/staff/add", &new_person("nina", "triage")).await;
        let request = request_of(&answer);
        lena.post(&format!("{request}/refuse"), "answer=")
            .await
            .is(422)
            .says("Enter why you refuse this");
        lena.post(&format!("{request}/refuse"), "answer=Not+on+my+team")
            .await
            .is(303);
        ada.get(&request).await.says("Refused").says("Not on my team");
        lena.post(&format!("{request}/approve"), "").await.is(409);
        let answer = ada.post("/admin/staff/add", &new_person("nina", "triage")).await;
        let request = request_of(&answer);
        let alan = house.signed_in("alan").await;
        alan.post(&format!("{request}/withdraw"), "").await.is(409);
        ada.post(&format!("{request}/withdraw"), "").await.is(303);
        lena.post(&format!("{request}/approve"), "").await.is(409);
        assert!(!house.exists("nina").await);
    });
}

#[test]
fn a_lead_does_not_approve_for_their_own_account_or_what_was_asked_before_them() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let (ada, lena) = (house.signed_in("ada").await, house.signed_in("lena").await);
        let id = house.id("lena").await;
        let answer = ada
            .post(&format!("/admin/staff/{id}/reset"), "reason=Forgotten")
            .await;
        let own = request_of(&answer);
        lena.post(&format!("{own}/approve"), "").await.is(403);
        house.add("lewis", Role::Lead).await;
        let lewis = house.signed_in("lewis").await;
        lewis
            .get(&own)
            .await
            .never_says("/approve")
            .says("Withdraw it and ask again");
        lewis.post(&format!("{own}/approve"), "").await.is(403);
        ada.post(&format!("{own}/withdraw"), "").await.is(303);
        house.served.app.clock.advance_minutes(1);
        let answer = ada
            .post(&format!("/admin/staff/{id}/reset"), "reason=Forgotten")
            .await;
        lewis
            .post(&format!("{}/approve", request_of(&answer)), "")
            .await
            .is(303);
    });
}

#[test]
fn while_no_lead_is_there_a_colleague_gets_back_in_and_all_leads_are_told() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let (ada, lena) = (house.signed_in("ada").await, house.signed_in("lena").await);
        lena.post("/admin/approvals/leave", "days=0")
            .await
            .is(422)
            .says("Enter a number of days");
        lena.post("/admin/approvals/leave", "days=14").await.is(303);
        lena.get("/admin/approvals")
            .await
            .says("on leave until 7 December 2026");
        let id = house.id("terry").await;
        let answer = ada
            .post(&format!("/admin/staff/{id}/reset"), "reason=Locked+out")
            .await;
        let request = request_of(&answer);
        ada.get(&request)
            .await
            .says("No lead is here who could approve this")
            .says("all leads are told by mail");
        ada.post(&format!("{request}/without-lead"), "")
            .await
            .is(422)
            .says("Tick the box");
        ada.post(&format!("{request}/without-lead"), "told=yes")
            .await
            .leads_to(&format!("/admin/staff/{id}?done=sent"));
        let told = house.mails_to("lena", 2).await;
        assert!(
            told.iter()
                .any(|mail| mail.starts_with("An account was changed without a lead")),
            "{told:#?}"
        );
        let link = link_in(&house.mails_to("terry", 1).await[0]).expect("a link");
        Browser::at(&house.served.base)
            .post(&link, "password=kettle+violin+harbour")
            .await
            .is(303);
        assert!(house.signed_in_with("terry", CHOSEN).await.is_some());
        lena.get("/admin/approvals")
            .await
            .says("Approved without a lead")
            .says("Approvals (1)");
        ada.post(&format!("{request}/seen"), "").await.is(403);
        lena.post(&format!("{request}/seen"), "").await.is(303);
        lena.get("/admin/approvals").await.never_says("Approvals (1)");
        lena.post("/admin/approvals/leave", "back=yes").await.is(303);
        let answer = ada
            .post(&format!("/admin/staff/{id}/reset"), "reason=Again")
            .await;
        ada.post(&format!("{}/without-lead", request_of(&answer)), "told=yes")
            .await
            .is(403);
    });
}

#[test]
fn accounts_and_keys_that_show_no_patient_need_nobody_else() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let app = &house.served.app;
        let ada = house.signed_in("ada").await;
        let clinic = staff::add_clinic(
            &app.db,
            app.clock.now(),
            ClinicCode::parse("PW-1").expect("a code"),
            DisplayName::parse("Physioworks").expect("a name"),
        );
        let clinic = clinic.await.expect("added").expect("new");
        ada.post(
            "/admin/staff/add",
            &format!("name=Phil&username=phil&email=phil%40staff.example.org&role=physio&clinic={clinic}"),
        )
        .await
        .is(303);
        let link = link_in(&house.mails_to("phil", 1).await[0]).expect("a link");
        Browser::at(&house.served.base)
            .post(&link, "password=kettle+violin+harbour")
            .await
            .is(303);
        assert!(house.signed_in_with("phil", CHOSEN).await.is_some());
        let shown = ada
            .post("/admin/staff/add", "name=Alan&username=alan&role=admin")
            .await;
        shown.is(200).says("shown only once").never_says("Password</dt>");
        assert!(link_in(&shown.body).is_some());
        ada.post("/admin/keys/add", "label=Record+system&scope=issue&scope=submit")
            .await
            .is(200)
            .says("ipk_");
        let phil = house.id("phil").await;
        ada.post(&format!("/admin/staff/{phil}/disable"), "")
            .await
            .is(303);
        assert!(house.signed_in_with("phil", CHOSEN).await.is_none());
        ada.post(&format!("/admin/staff/{phil}/reactivate"), "")
            .await
            .is(303);
        house.mails_to("phil", 2).await;
        // From here on the account sees patients, and the way is the other one.
        let answer = ada
            .post(
                &format!("/admin/staff/{phil}/set"),
                "role=triage&email=phil%40staff.example.org&change_reason=Joins+the+team",
            )
            .await;
        request_of(&answer);
    });
}
