//! Staff sign in with a form, come to their own first page, see only what is theirs, and sign out.

use actix_web::App as Server;
use actix_web::body::to_bytes;
use actix_web::cookie::Cookie;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use iapt_pad::app::App;
use iapt_pad::config::Mail;
use iapt_pad::staff::{self, Added, DisplayName, NewAccount, Password, Role, Username};
use iapt_pad::web::{Site, headers, observe, same_origin};

use crate::support::app::{monday_morning, test_app};
use crate::support::databases::{Fresh, on_both};

const PASSWORD: &str = "one-two-three-four";

async fn house(fresh: Fresh) -> Data<App> {
    let app = test_app(fresh.db, monday_morning(), Mail::Captured("unused".into())).await;
    let app = Data::new(app);
    add(&app, "alex", Role::Admin).await;
    app
}

async fn add(app: &App, username: &str, role: Role) {
    let account = NewAccount {
        username: Username::parse(username).expect("a username"),
        display_name: DisplayName::parse("Alex Example").expect("a name"),
        role,
        clinic: None,
    };
    let password = Password::typed(PASSWORD);
    let added = staff::add_account_with(&app.db, app.clock.now(), account, password).await;
    assert!(matches!(added, Ok(Added::Yes { .. })));
}

/// Asks the room, with the middleware of the real server before it.
async fn ask(app: &Data<App>, request: TestRequest) -> ServiceResponse {
    let site = Site::from_config(&app.config);
    let server = Server::new()
        .app_data(app.clone())
        .app_data(Data::new(site))
        .wrap(from_fn(same_origin))
        .wrap(from_fn(observe))
        .wrap(from_fn(headers))
        .configure(staff::routes);
    let server = init_service(server).await;
    call_service(&server, request.to_request())
        .await
        .map_into_boxed_body()
}

fn look(path: &str, cookie: Option<&Cookie<'static>>) -> TestRequest {
    with(TestRequest::get().uri(path), cookie)
}

fn send(path: &str, form: &[(&str, &str)], cookie: Option<&Cookie<'static>>) -> TestRequest {
    with(TestRequest::post().uri(path).set_form(form), cookie)
        .insert_header(("sec-fetch-site", "same-origin"))
}

fn with(request: TestRequest, cookie: Option<&Cookie<'static>>) -> TestRequest {
    match cookie {
        Some(cookie) => request.cookie(cookie.clone()),
        None => request,
    }
}

fn leads_to(answer: &ServiceResponse) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let to = answer.headers().get("location").expect("a way on");
    to.to_str().expect("text").to_owned()
}

async fn page(answer: ServiceResponse) -> String {
    let body = to_bytes(answer.into_body()).await.expect("a body");
    String::from_utf8_lossy(&body).into_owned()
}

async fn signed_in(app: &Data<App>, username: &str) -> Cookie<'static> {
    let form = [("username", username), ("password", PASSWORD)];
    let answer = ask(app, send("/staff/sign-in", &form, None)).await;
    let cookie = answer.response().cookies().next().expect("a cookie");
    assert!(cookie.http_only() == Some(true) && cookie.secure() == Some(true));
    cookie.into_owned()
}

#[test]
fn a_look_without_a_session_leads_through_the_sign_in_page_and_back() {
    on_both(|fresh| async move {
        let app = house(fresh).await;
        let answer = ask(&app, look("/admin/keys", None)).await;
        assert_eq!(leads_to(&answer), "/staff/sign-in?next=/admin/keys");
        let form = page(ask(&app, look("/staff/sign-in?next=/admin/keys", None)).await).await;
        assert!(form.contains("name=\"next\" value=\"/admin/keys\""), "{form}");
        let fields = [
            ("username", "alex"),
            ("password", PASSWORD),
            ("next", "/admin/keys"),
        ];
        let answer = ask(&app, send("/staff/sign-in", &fields, None)).await;
        assert_eq!(leads_to(&answer), "/admin/keys");
        let fields = [
            ("username", "alex"),
            ("password", PASSWORD),
            ("next", "//evil.test/"),
        ];
        let answer = ask(&app, send("/staff/sign-in", &fields, None)).await;
        assert_eq!(leads_to(&answer), "/admin/staff");
    });
}

#[test]
fn a_refused_sign_in_keeps_the_name_and_shows_no_password() {
    on_both(|fresh| async move {
        let app = house(fresh).await;
        let fields = [("username", "alex"), ("password", "zebra-zebra")];
        let answer = ask(&app, send("/staff/sign-in", &fields, None)).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.response().cookies().next().is_none());
        let told = page(answer).await;
        assert!(told.contains("<title>Error: Sign in") && told.contains("value=\"alex\""));
        assert!(!told.contains("zebra"));
        let unknown = [("username", "nobody"), ("password", "zebra-zebra")];
        let told_of_nobody = page(ask(&app, send("/staff/sign-in", &unknown, None)).await).await;
        assert_eq!(told.replace("alex", "nobody"), told_of_nobody);
        let empty = page(ask(&app, send("/staff/sign-in", &[], None)).await).await;
        assert!(empty.contains("Enter your username") && empty.contains("Enter your password"));
    });
}

#[test]
fn too_many_tries_are_answered_with_how_long_to_wait() {
    on_both(|fresh| async move {
        let app = house(fresh).await;
        let fields = [("username", "alex"), ("password", "wrong")];
        for _ in 0..6 {
            let answer = ask(&app, send("/staff/sign-in", &fields, None)).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        }
        let answer = ask(&app, send("/staff/sign-in", &fields, None)).await;
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(
            answer.headers().get("retry-after").map(|wait| wait.as_bytes()),
            Some(&b"2"[..])
        );
        assert!(page(answer).await.contains("Wait 2 seconds, then try again"));
    });
}

#[test]
fn signing_out_ends_the_session_not_only_the_cookie() {
    on_both(|fresh| async move {
        let app = house(fresh).await;
        let cookie = signed_in(&app, "alex").await;
        assert_eq!(
            leads_to(&ask(&app, look("/staff", Some(&cookie))).await),
            "/admin/staff"
        );
        assert_eq!(
            leads_to(&ask(&app, look("/staff/sign-in", Some(&cookie))).await),
            "/admin/staff"
        );
        let answer = ask(&app, send("/staff/sign-out", &[], Some(&cookie))).await;
        assert_eq!(leads_to(&answer), "/staff/sign-in?signed-out");
        let told = page(ask(&app, look("/staff/sign-in?signed-out", None)).await).await;
        assert!(told.contains("You have signed out."));
        let answer = ask(&app, look("/admin/staff", Some(&cookie))).await;
        assert_eq!(leads_to(&answer), "/staff/sign-in?next=/admin/staff");
    });
}

#[test]
fn only_the_administrator_sees_accounts_and_keys() {
    on_both(|fresh| async move {
        let app = house(fresh).await;
        add(&app, "tom", Role::Triage).await;
        add(&app, "lee", Role::Lead).await;
        for username in ["tom", "lee"] {
            let cookie = signed_in(&app, username).await;
            assert_eq!(
                leads_to(&ask(&app, look("/staff", Some(&cookie))).await),
                "/inbox"
            );
            for path in [
                "/admin/staff",
                "/admin/staff/add",
                "/admin/keys",
                "/admin/keys/add",
            ] {
                let answer = ask(&app, look(path, Some(&cookie))).await;
                assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
            }
            let forged = [("name", "X"), ("username", "x.x"), ("role", "admin")];
            for path in ["/admin/staff/add", "/admin/keys/add"] {
                let answer = ask(&app, send(path, &forged, Some(&cookie))).await;
                assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
            }
        }
        assert_eq!(staff::list_accounts(&app.db).await.expect("accounts").len(), 3);
    });
}

#[test]
fn the_administrator_adds_resets_and_deactivates_an_account() {
    on_both(|fresh| async move {
        let app = house(fresh).await;
        let cookie = signed_in(&app, "alex").await;
        let wrong = [
            ("name", "Pat <b>Example"),
            ("username", "pat!"),
            ("role", "physio"),
        ];
        let answer = ask(&app, send("/admin/staff/add", &wrong, Some(&cookie))).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let told = page(answer).await;
        assert!(told.contains("Username must use only") && told.contains("Select the clinic"));
        assert!(
            told.contains("Pat &#60;b&#62;Example"),
            "what was typed stands there again"
        );

        let right = [("name", "Pat Example"), ("username", "pat"), ("role", "admin")];
        let told = page(ask(&app, send("/admin/staff/add", &right, Some(&cookie))).await).await;
        assert!(
            told.contains("Link for Pat Example") && told.contains("/staff/password/"),
            "{told}"
        );
        assert!(!told.contains("pad-code"), "nobody is shown a password");
        let again = ask(&app, send("/admin/staff/add", &right, Some(&cookie))).await;
        assert!(page(again).await.contains("Somebody has this username already"));

        let accounts = staff::list_accounts(&app.db).await.expect("accounts");
        let id = |name: &str| {
            accounts
                .iter()
                .find(|one| one.username == name)
                .expect("there")
                .id
        };
        let list = page(ask(&app, look("/admin/staff", Some(&cookie))).await).await;
        assert!(list.contains(&format!("/admin/staff/{}\"", id("pat"))));
        for (name, may) in [("pat", true), ("alex", false)] {
            let own = page(ask(&app, look(&format!("/admin/staff/{}", id(name)), Some(&cookie))).await).await;
            assert_eq!(own.contains("/disable"), may, "{name}");
        }

        let path = format!("/admin/staff/{}/disable", id("pat"));
        assert_eq!(
            leads_to(&ask(&app, send(&path, &[], Some(&cookie))).await),
            format!("/admin/staff/{}?done=deactivated", id("pat"))
        );
        let path = format!("/admin/staff/{}/reset", id("pat"));
        let gone = ask(&app, send(&path, &[], Some(&cookie))).await;
        assert_eq!(
            gone.status(),
            StatusCode::CONFLICT,
            "a deactivated account is reactivated"
        );
        let path = format!("/admin/staff/{}/reactivate", id("pat"));
        assert!(
            page(ask(&app, send(&path, &[], Some(&cookie))).await)
                .await
                .contains("shown only once")
        );
        let path = format!("/admin/staff/{}/disable", id("alex"));
        let own = ask(&app, send(&path, &[], Some(&cookie))).await;
        assert_eq!(own.status(), StatusCode::CONFLICT);
        for path in [
            "/admin/staff/x/reset",
            "/admin/staff/0190-0/disable",
            "/admin/keys/x/revoke",
        ] {
            let answer = ask(&app, send(path, &[], Some(&cookie))).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        }
    });
}

#[test]
fn the_administrator_adds_and_revokes_a_key() {
    on_both(|fresh| async move {
        let app = house(fresh).await;
        let cookie = signed_in(&app, "alex").await;
        let told = page(ask(&app, send("/admin/keys/add", &[("label", "")], Some(&cookie))).await).await;
        assert!(told.contains("Enter a label") && told.contains("Select what the key may be used for"));
        let fields = [
            ("label", "Record system"),
            ("scope", "issue"),
            ("scope", "submit"),
            ("clinic", ""),
        ];
        let told = page(ask(&app, send("/admin/keys/add", &fields, Some(&cookie))).await).await;
        let token = told
            .split("ipk_")
            .nth(1)
            .and_then(|rest| rest.split('<').next())
            .expect("a key");
        let header = format!("Bearer ipk_{token}");
        let key = staff::authenticate(&app.db, &app.keys, Some(&header))
            .await
            .expect("an answer");
        let key = key.expect("the key works");
        let list = page(ask(&app, look("/admin/keys", Some(&cookie))).await).await;
        assert!(list.contains("Record system") && list.contains("issue, submit") && !list.contains(token));
        let path = format!("/admin/keys/{}/revoke", key.id);
        assert_eq!(
            leads_to(&ask(&app, send(&path, &[], Some(&cookie))).await),
            "/admin/keys"
        );
        let key = staff::authenticate(&app.db, &app.keys, Some(&header))
            .await
            .expect("an answer");
        assert!(key.is_none());
    });
}
