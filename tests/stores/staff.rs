//! Who signs in, who has to wait, when a session ends, what a key may do, and what stays on the record.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::FromRequest;
use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use actix_web::web::Data;
use diesel::RunQueryDsl;
use iapt_pad::app::App;
use iapt_pad::config::Mail;
use iapt_pad::dispatch;
use iapt_pad::staff;
use iapt_pad::staff::changes::{Changer, list_changes};
use iapt_pad::staff::throttle::{self, Limit, Subject, Verdict};
use iapt_pad::staff::{
    Actor, Added, Attempt, ClinicCode, DisplayName, KeyLabel, NewAccount, Password, ReadNote, Reader, Role,
    Scope, SessionToken, SignIn, Username,
};
use iapt_pad::values::{Clock, Id};

use crate::support::app::{monday_morning, test_app};
use crate::support::databases::{Fresh, on_both};

async fn house(fresh: Fresh) -> (Data<App>, Clock) {
    let clock = monday_morning();
    let app = test_app(fresh.db, clock.clone(), Mail::Captured("unused".into())).await;
    (Data::new(app), clock)
}

fn account(username: &str, role: Role, clinic: Option<Id>) -> NewAccount {
    NewAccount {
        username: Username::parse(username).expect("a username"),
        display_name: DisplayName::parse("Sam Example").expect("a name"),
        role,
        clinic,
    }
}

/// Somebody of the triage team: id and password.
async fn triager(app: &App) -> (Id, Password) {
    let added = staff::add_account(&app.db, app.clock.now(), account("sam", Role::Triage, None)).await;
    match added.expect("an answer") {
        Added::Yes { id, password } => (id, password),
        refused => panic!("not added: {refused:?}"),
    }
}

async fn sign_in(app: &App, username: &str, password: &str) -> SignIn {
    sign_in_from(app, username, password, Ipv4Addr::new(192, 0, 2, 1)).await
}

async fn sign_in_from(app: &App, username: &str, password: &str, address: Ipv4Addr) -> SignIn {
    let attempt = Attempt {
        username,
        password,
        address: Some(IpAddr::V4(address)),
    };
    staff::sign_in(&app.db, &app.keys, app.clock.now(), attempt)
        .await
        .expect("an answer")
}

async fn session(app: &App, username: &str, password: &str) -> SessionToken {
    match sign_in(app, username, password).await {
        SignIn::Admitted { token, .. } => token,
        refused => panic!("not signed in: {refused:?}"),
    }
}

/// Who a request with this cookie comes from; the status of the answer if from nobody.
async fn whose(app: &Data<App>, token: &SessionToken) -> Result<Actor, StatusCode> {
    let request = TestRequest::with_uri("/inbox")
        .app_data(app.clone())
        .cookie(token.cookie(&app.config))
        .to_http_request();
    let actor = Actor::extract(&request).await;
    actor.map_err(|refused| refused.error_response().status())
}

#[test]
fn the_right_password_opens_a_session_and_signing_out_ends_it() {
    on_both(|fresh| async move {
        let (app, _) = house(fresh).await;
        let (id, password) = triager(&app).await;
        let token = session(&app, " SAM ", password.reveal()).await;
        let actor = whose(&app, &token).await.expect("signed in");
        assert_eq!((actor.id, actor.role, actor.clinic), (id, Role::Triage, None));
        staff::sign_out(&app.db, &app.keys, &token)
            .await
            .expect("signed out");
        assert_eq!(whose(&app, &token).await.err(), Some(StatusCode::SEE_OTHER));
        staff::sign_out(&app.db, &app.keys, &token)
            .await
            .expect("twice is no error");
    });
}

#[test]
fn a_wrong_password_and_an_unknown_name_are_answered_alike() {
    on_both(|fresh| async move {
        let (app, _) = house(fresh).await;
        let (_, password) = triager(&app).await;
        let mut answers = Vec::new();
        for (name, typed) in [
            ("sam", "wrong"),
            ("nobody", password.reveal()),
            ("not a name!", ""),
            ("", ""),
        ] {
            for _ in 0..6 {
                answers.push((name, format!("{:?}", sign_in(&app, name, typed).await)));
            }
        }
        let told = |name| {
            let of_name = answers.iter().filter(|(whose, _)| *whose == name);
            of_name.map(|(_, answer)| answer.as_str()).collect::<Vec<_>>()
        };
        let expected = ["Refused", "Refused", "Refused", "Refused", "Refused", "Refused"];
        assert_eq!(told("sam"), expected);
        assert_eq!(told("nobody"), expected);
        assert_eq!(told("not a name!"), expected);
        for name in ["sam", "nobody", "not a name!", ""] {
            let other = Ipv4Addr::new(192, 0, 2, 99);
            let answer = sign_in_from(&app, name, password.reveal(), other).await;
            assert!(matches!(answer, SignIn::Wait(2)), "{name}: {answer:?}");
        }
    });
}

#[test]
fn the_wait_grows_ends_and_is_forgotten_by_the_right_password() {
    on_both(|fresh| async move {
        let (app, clock) = house(fresh).await;
        let (_, password) = triager(&app).await;
        for _ in 0..5 {
            assert!(matches!(sign_in(&app, "sam", "wrong").await, SignIn::Refused));
        }
        for expected in [2, 4, 8, 16, 32, 60, 60] {
            assert!(matches!(sign_in(&app, "sam", "wrong").await, SignIn::Refused));
            // Hammering while waiting neither helps nor makes it longer.
            for _ in 0..3 {
                let answer = sign_in(&app, "sam", password.reveal()).await;
                assert!(
                    matches!(answer, SignIn::Wait(seconds) if seconds == expected),
                    "{answer:?}"
                );
            }
            clock.set(clock.now().plus_seconds(expected));
        }
        session(&app, "sam", password.reveal()).await;
        assert!(matches!(sign_in(&app, "sam", "wrong").await, SignIn::Refused));
        session(&app, "sam", password.reveal()).await;
    });
}

#[test]
fn guesses_at_the_same_moment_are_all_counted() {
    on_both(|fresh| async move {
        let (app, _) = house(fresh).await;
        let limit = Limit {
            free: 3,
            first_wait: 60,
            longest_wait: 60,
            forgets_after: 60,
        };
        let (subject, now) = (
            Subject::of(&app.keys, "test", b"x").expect("a key"),
            app.clock.now(),
        );
        let guesses: Vec<_> = (0..40)
            .map(|_| {
                let db = app.db.clone();
                tokio::spawn(async move {
                    db.write(move |conn| throttle::take(conn, &subject, &limit, now))
                        .await
                })
            })
            .collect();
        let mut went = 0;
        for guess in guesses {
            went += i32::from(guess.await.expect("joined").expect("an answer") == Verdict::Go);
        }
        assert_eq!(went, 4, "three free ones, and the one that starts the wait");
    });
}

#[test]
fn disabling_an_account_ends_its_session_at_once() {
    on_both(|fresh| async move {
        let (app, _) = house(fresh).await;
        let (id, password) = triager(&app).await;
        let token = session(&app, "sam", password.reveal()).await;
        assert!(
            staff::disable_account(&app.db, app.clock.now(), id)
                .await
                .expect("an answer")
        );
        assert_eq!(whose(&app, &token).await.err(), Some(StatusCode::SEE_OTHER));
        let answer = sign_in(&app, "sam", password.reveal()).await;
        assert!(matches!(answer, SignIn::Refused), "{answer:?}");
        assert!(
            !staff::disable_account(&app.db, app.clock.now(), id)
                .await
                .expect("an answer"),
            "once is enough"
        );
        let listed = staff::list_accounts(&app.db).await.expect("accounts");
        assert!(listed.iter().any(|one| one.id == id && !one.active));
    });
}

#[test]
fn a_reset_ends_sessions_and_the_old_password() {
    on_both(|fresh| async move {
        let (app, _) = house(fresh).await;
        let (id, old) = triager(&app).await;
        let token = session(&app, "sam", old.reveal()).await;
        let new = staff::reset_account(&app.db, app.clock.now(), id)
            .await
            .expect("an answer")
            .expect("an account");
        assert!(whose(&app, &token).await.is_err());
        assert!(matches!(
            sign_in(&app, "sam", old.reveal()).await,
            SignIn::Refused
        ));
        session(&app, "sam", new.reveal()).await;
        assert!(
            staff::reset_account(&app.db, app.clock.now(), Id::new())
                .await
                .expect("an answer")
                .is_none()
        );
    });
}

#[test]
fn a_session_ends_when_idle_and_at_the_end_of_a_shift() {
    on_both(|fresh| async move {
        let (app, clock) = house(fresh).await;
        let (_, password) = triager(&app).await;
        let idle = session(&app, "sam", password.reveal()).await;
        clock.advance_minutes(29);
        assert!(whose(&app, &idle).await.is_ok(), "29 minutes are a phone call");
        clock.advance_minutes(29);
        assert!(whose(&app, &idle).await.is_ok(), "a request moves the limit");
        clock.advance_minutes(30);
        assert!(whose(&app, &idle).await.is_err());

        let busy = session(&app, "sam", password.reveal()).await;
        for _ in 0..35 {
            clock.advance_minutes(20);
            assert!(whose(&app, &busy).await.is_ok());
        }
        clock.advance_minutes(20);
        assert!(whose(&app, &busy).await.is_err(), "twelve hours are over");
    });
}

#[test]
fn a_key_does_what_its_scopes_say_until_it_is_revoked() {
    on_both(|fresh| async move {
        let (app, clock) = house(fresh).await;
        let label = KeyLabel::parse("Record system").expect("a label");
        let scopes = [Scope::Submit, Scope::Issue];
        let (key, token) = staff::add_key(&app.db, &app.keys, clock.now(), &label, &scopes, None)
            .await
            .expect("a key");
        let header = format!("Bearer {}", token.reveal());
        let found = staff::authenticate(&app.db, &app.keys, Some(&header))
            .await
            .expect("an answer");
        let found = found.expect("the key");
        assert_eq!(
            (found.id, found.scopes.as_slice()),
            (key.id, &[Scope::Issue, Scope::Submit][..])
        );
        assert!(found.allows(Scope::Submit) && !found.allows(Scope::Read) && !found.allows(Scope::Triage));
        let wrong = format!("Bearer ipk_{}", "A".repeat(43));
        for header in [None, Some(""), Some("Bearer x"), Some(wrong.as_str())] {
            let nobody = staff::authenticate(&app.db, &app.keys, header)
                .await
                .expect("an answer");
            assert!(nobody.is_none());
        }
        assert!(
            staff::revoke_key(&app.db, app.clock.now(), Changer::CommandLine, key.id)
                .await
                .expect("an answer")
        );
        assert!(
            !staff::revoke_key(&app.db, app.clock.now(), Changer::CommandLine, key.id)
                .await
                .expect("an answer")
        );
        let gone = staff::authenticate(&app.db, &app.keys, Some(&header))
            .await
            .expect("an answer");
        assert!(gone.is_none());
        assert_eq!(staff::list_keys(&app.db).await.expect("keys").len(), 1);
    });
}

#[test]
fn what_was_read_stays_on_the_record() {
    on_both(|fresh| async move {
        let (app, clock) = house(fresh).await;
        let (id, _) = triager(&app).await;
        let referral = Id::new();
        let note = ReadNote::new(Reader::Staff(id), "referral", Some(referral), clock.now());
        staff::record_read(&app.db, note).await.expect("noted");
        clock.advance_minutes(5);
        let by_key = ReadNote::new(Reader::ApiKey(Id::new()), "referral", Some(referral), clock.now());
        app.db
            .write(move |conn| staff::note_read(conn, &by_key))
            .await
            .expect("noted");
        for change in ["UPDATE read_log SET what = 'nothing'", "DELETE FROM read_log"] {
            let refused = app
                .db
                .write(move |conn| Ok(dispatch!(conn, c => diesel::sql_query(change).execute(c))?))
                .await;
            assert!(refused.is_err(), "{change}");
        }
        let reads = app
            .db
            .read(move |conn| staff::list_reads(conn, referral))
            .await
            .expect("reads");
        let told: Vec<(&str, &str)> = reads
            .iter()
            .map(|one| (one.name.as_str(), one.what.as_str()))
            .collect();
        assert_eq!(told, [("", "referral"), ("Sam Example", "referral")]);
    });
}

#[test]
fn a_username_and_a_clinic_code_belong_to_one() {
    on_both(|fresh| async move {
        let (app, clock) = house(fresh).await;
        let now = clock.now();
        let add = |username: &'static str, role, clinic| {
            let app = app.clone();
            async move {
                let added = staff::add_account(&app.db, now, account(username, role, clinic)).await;
                added.expect("an answer")
            }
        };
        let code = ClinicCode::parse("pw-graves").expect("a code");
        let name = DisplayName::parse("Physioworks Graves").expect("a name");
        let clinic = staff::add_clinic(&app.db, now, code.clone(), name.clone())
            .await
            .expect("an answer");
        assert!(clinic.is_some());
        assert_eq!(
            staff::add_clinic(&app.db, now, code, name)
                .await
                .expect("an answer"),
            None
        );
        assert!(matches!(
            add("pat", Role::Physio, None).await,
            Added::ClinicMissing
        ));
        assert!(matches!(
            add("pat", Role::Physio, clinic).await,
            Added::Yes { .. }
        ));
        assert!(matches!(add("PAT", Role::Lead, None).await, Added::NameTaken));
        assert!(matches!(add("lee", Role::Lead, clinic).await, Added::Yes { .. }));
        let accounts = staff::list_accounts(&app.db).await.expect("accounts");
        let clinics: Vec<_> = accounts
            .iter()
            .map(|one| (one.role, one.clinic.is_some()))
            .collect();
        assert_eq!(clinics, [(Role::Physio, true), (Role::Lead, false)]);
        let physios = staff::list_physios(&app.db, clinic.expect("a clinic"))
            .await
            .expect("physios");
        assert_eq!(physios.len(), 1);
    });
}

#[test]
fn nobody_is_signed_in_without_a_password_outside_the_demo() {
    on_both(|fresh| async move {
        let (app, _) = house(fresh).await;
        triager(&app).await;
        assert!(staff::sign_in_as(&app, "sam").await.is_err());
    });
}

/// The command line as `iapt-pad staff …`, `iapt-pad clinics …` has it.
#[derive(clap::Parser)]
enum Line {
    #[command(subcommand)]
    Staff(staff::StaffCommand),
    #[command(subcommand)]
    Clinics(staff::ClinicsCommand),
}

async fn run(app: &App, line: &[&str]) -> Result<String, String> {
    let line = <Line as clap::Parser>::try_parse_from([&["iapt-pad"], line].concat());
    let mut out = Vec::new();
    let ran = match line.expect("a command") {
        Line::Staff(command) => command.run(&app.db, app.clock.now(), &mut out).await,
        Line::Clinics(command) => command.run(&app.db, app.clock.now(), &mut out).await,
    };
    ran.map(|()| String::from_utf8_lossy(&out).into_owned())
        .map_err(|refused| format!("{refused:#}"))
}

#[test]
fn accounts_are_run_from_the_command_line() {
    on_both(|fresh| async move {
        let (app, _) = house(fresh).await;
        let add = [
            "staff",
            "add",
            "pat",
            "--name",
            "Pat Example",
            "--role",
            "physio",
            "--clinic",
            "pw-1",
        ];
        assert_eq!(run(&app, &add).await, Err("there is no clinic PW-1".to_owned()));
        run(&app, &["clinics", "add", "PW-1", "Physioworks"])
            .await
            .expect("added");
        let told = run(&app, &add).await.expect("added");
        let password = told.lines().nth(1).expect("a password").to_owned();
        assert!(run(&app, &add).await.is_err(), "the name is taken");
        session(&app, "pat", &password).await;
        run(&app, &["staff", "disable", "pat"]).await.expect("stopped");
        let answer = sign_in(&app, "pat", &password).await;
        assert!(matches!(answer, SignIn::Refused), "{answer:?}");
        let told = run(&app, &["staff", "reset", "pat", "--json"])
            .await
            .expect("reset");
        let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        session(&app, "pat", told["password"].as_str().expect("a password")).await;
        let list = run(&app, &["staff", "list"]).await.expect("a list");
        assert!(
            list.contains("pat       Pat Example  physio  Physioworks  in use"),
            "{list}"
        );
        assert!(run(&app, &["staff", "disable", "nobody"]).await.is_err());
    });
}

#[test]
fn what_was_changed_stays_in_the_ledger() {
    on_both(|fresh| async move {
        let (app, clock) = house(fresh).await;
        let (id, _) = triager(&app).await;
        clock.advance_minutes(1);
        run(&app, &["staff", "email", "sam", "sam@example.org"])
            .await
            .expect("set");
        clock.advance_minutes(1);
        run(&app, &["staff", "reset", "sam"]).await.expect("reset");
        clock.advance_minutes(1);
        run(&app, &["staff", "disable", "sam"]).await.expect("disabled");
        clock.advance_minutes(1);
        let label = KeyLabel::parse("Record system").expect("a label");
        let (key, _) = staff::add_key(&app.db, &app.keys, clock.now(), &label, &[Scope::Read], None)
            .await
            .expect("a key");
        clock.advance_minutes(1);
        let ended = staff::revoke_key(&app.db, clock.now(), Changer::Page(id), key.id).await;
        assert!(ended.expect("an answer"));
        for change in [
            "UPDATE account_event SET whom = 'nobody'",
            "DELETE FROM account_event",
        ] {
            let refused = app
                .db
                .write(move |conn| Ok(dispatch!(conn, c => diesel::sql_query(change).execute(c))?))
                .await;
            assert!(refused.is_err(), "{change}");
        }
        let told = |of: Option<Id>| {
            let app = app.clone();
            async move {
                let events = list_changes(&app.db, of, None, 50).await.expect("events");
                let lines = events.iter().map(|one| {
                    let by = if one.by.is_empty() { "operator" } else { &one.by };
                    format!("{}: {} {} by {by}", one.kind.as_str(), one.whom, one.detail)
                });
                lines.collect::<Vec<_>>()
            }
        };
        let keys = [
            "key_revoked: Record system  by Sam Example",
            "key_added: Record system read by operator",
        ];
        let account = [
            "deactivated: Sam Example  by operator",
            "password_reset: Sam Example  by operator",
            "account_changed: Sam Example e-mail address to sam@example.org by operator",
            "account_added: Sam Example Triage by operator",
        ];
        assert_eq!(told(None).await, [&keys[..], &account[..]].concat());
        assert_eq!(told(Some(key.id)).await, keys);
        assert_eq!(told(Some(id)).await, [&keys[..1], &account[..]].concat());
        let first = list_changes(&app.db, None, None, 2).await.expect("events");
        let rest = list_changes(&app.db, None, Some(first[1].id), 50)
            .await
            .expect("events");
        assert_eq!((first.len(), rest.len()), (2, 4));
    });
}

#[test]
fn later_roles_find_room_in_the_table() {
    on_both(|fresh| async move {
        let (app, _) = house(fresh).await;
        triager(&app).await;
        for role in ["analyst", "course_leader", "facilitator"] {
            let change = format!("UPDATE staff SET role = '{role}' WHERE username = 'sam'");
            let changed = app
                .db
                .write(move |conn| Ok(dispatch!(conn, c => diesel::sql_query(&change).execute(c))?))
                .await;
            assert_eq!(changed.expect("it fits"), 1, "{role}");
        }
        for wrong in [
            "UPDATE staff SET role = ''",
            "UPDATE staff SET role = 'physio', clinic_id = NULL",
        ] {
            let refused = app
                .db
                .write(move |conn| Ok(dispatch!(conn, c => diesel::sql_query(wrong).execute(c))?))
                .await;
            assert!(refused.is_err(), "{wrong}");
        }
    });
}
