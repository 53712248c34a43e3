//! A physio makes slips, prints them, takes some back, and never learns who used one.

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
use iapt_pad::pads::proof::check;
use iapt_pad::pads::template::Templates;
use iapt_pad::pads::{self, Scan, mark_used, resolve};
use iapt_pad::staff::{self, ClinicCode, DisplayName, NewAccount, Password, Role, Username};
use iapt_pad::values::{Id, SlipCode};
use iapt_pad::web::{Site, headers, observe, same_origin};

use crate::support::app::{monday_morning, test_app};
use crate::support::browser::Browser;
use crate::support::databases::{Fresh, on_both};
use crate::support::server::served;

/// The service with its pads, and the sessions of two physios and a triager.
struct House {
    app: Data<App>,
    physio: Cookie<'static>,
    colleague: Cookie<'static>,
    triage: Cookie<'static>,
    lead: Cookie<'static>,
    admin: Cookie<'static>,
    physio_id: Id,
}

impl House {
    async fn new(fresh: Fresh) -> Self {
        let mut app = test_app(fresh.db, monday_morning(), Mail::Captured("unused".into())).await;
        // Only the demo signs people in without asking; its slips differ by being overprinted SAMPLE.
        app.config.demo = true;
        let app = Data::new(app);
        let code = ClinicCode::parse("PW-FIRTH").expect("a code");
        let name = DisplayName::parse("Physioworks, Firth Park").expect("a name");
        let clinic = staff::add_clinic(&app.db, app.clock.now(), code, name)
            .await
            .expect("added");
        for (username, role) in [
            ("sam", Role::Physio),
            ("kim", Role::Physio),
            ("ash", Role::Triage),
            ("lee", Role::Lead),
            ("ada", Role::Admin),
        ] {
            let account = NewAccount {
                username: Username::parse(username).expect("a username"),
                display_name: DisplayName::parse("Somebody Example").expect("a name"),
                role,
                clinic: clinic.filter(|_| role == Role::Physio),
            };
            let password = Password::typed("one-two-three-four");
            staff::add_account_with(&app.db, app.clock.now(), account, password)
                .await
                .expect("added");
        }
        let physio = staff::sign_in_as(&app, "sam").await.expect("signed in");
        let colleague = staff::sign_in_as(&app, "kim").await.expect("signed in");
        let triage = staff::sign_in_as(&app, "ash").await.expect("signed in");
        let lead = staff::sign_in_as(&app, "lee").await.expect("signed in");
        let admin = staff::sign_in_as(&app, "ada").await.expect("signed in");
        let sam = Username::parse("sam").expect("a username");
        let sam = staff::find_account_named(&app.db, &sam).await.expect("asked");
        House {
            app,
            physio,
            colleague,
            triage,
            lead,
            admin,
            physio_id: sam.expect("there").id,
        }
    }

    async fn ask(&self, request: TestRequest, who: &Cookie<'static>) -> ServiceResponse {
        let server = Server::new()
            .app_data(self.app.clone())
            .app_data(Data::new(Site::from_config(&self.app.config)))
            .app_data(Data::new(Templates::shipped().expect("templates")))
            .wrap(from_fn(same_origin))
            .wrap(from_fn(observe))
            .wrap(from_fn(headers))
            .configure(pads::routes);
        let server = init_service(server).await;
        let request = request
            .cookie(who.clone())
            .insert_header(("sec-fetch-site", "same-origin"));
        call_service(&server, request.to_request())
            .await
            .map_into_boxed_body()
    }

    async fn look(&self, path: &str, who: &Cookie<'static>) -> ServiceResponse {
        self.ask(TestRequest::get().uri(path), who).await
    }

    async fn send(&self, path: &str, form: &[(&str, &str)], who: &Cookie<'static>) -> ServiceResponse {
        self.ask(TestRequest::post().uri(path).set_form(form), who).await
    }

    /// The codes of the pad, from its PDF.
    async fn printed(&self, pad: i32) -> Vec<SlipCode> {
        let answer = self.send(&format!("/pads/{pad}/print"), &[], &self.physio).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(
            answer.headers().get("content-type").map(|v| v.as_bytes()),
            Some(&b"application/pdf"[..])
        );
        let pdf = to_bytes(answer.into_body()).await.expect("a body").to_vec();
        let found = check(pdf).expect("a PDF");
        found
            .iter()
            .filter_map(|code| SlipCode::parse(code.text.rsplit('/').next()?).ok())
            .collect()
    }

    async fn scan(&self, code: SlipCode) -> Scan {
        let (app, now) = (self.app.clone(), self.app.clock.now());
        self.app
            .db
            .read(move |conn| resolve(conn, &app.keys, &code, now))
            .await
            .expect("resolved")
    }
}

async fn page(answer: ServiceResponse) -> String {
    let body = to_bytes(answer.into_body()).await.expect("a body");
    String::from_utf8_lossy(&body).into_owned()
}

fn leads_to(answer: &ServiceResponse) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let to = answer.headers().get("location").expect("a way on");
    to.to_str().expect("text").to_owned()
}

const PAD_OF_THREE: [(&str, &str); 3] = [("slips", "3"), ("template", "a6_four_up"), ("service", "none")];

#[test]
fn a_physio_mints_a_pad_and_its_pdf_holds_its_codes() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        assert!(
            page(house.look("/pads/new", &house.physio).await)
                .await
                .contains("Physioworks, Firth Park")
        );
        let minted = house.send("/pads/new", &PAD_OF_THREE, &house.physio).await;
        assert_eq!(leads_to(&minted), "/pads/1?minted");
        let shown = page(house.look("/pads/1?minted", &house.physio).await).await;
        assert!(
            shown.contains("Talking Therapies slip 000003 given, 23 November 2026"),
            "{shown}"
        );
        let codes = house.printed(1).await;
        assert_eq!(codes.len(), 3);
        assert!(
            matches!(house.scan(codes[0]).await, Scan::Unused(slip) if slip.clinic_name == "Physioworks, Firth Park")
        );
        assert!(
            page(house.look("/pads", &house.physio).await)
                .await
                .contains("000001 to 000003")
        );
        assert!(
            !page(house.look("/pads", &house.colleague).await)
                .await
                .contains("000001")
        );
    });
}

#[test]
fn a_slip_on_the_screen_shows_its_code_and_the_line_for_the_record() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let form = [("email", "pat@example.org"), ("service", "hwb")];
        let made = house.send("/pads/slip", &form, &house.physio).await;
        assert_eq!(leads_to(&made), "/pads/1?sent");
        let shown = page(house.look("/pads/1?sent", &house.physio).await).await;
        assert!(
            shown.contains("<svg") && shown.contains("Talking Therapies slip 000001 given, 23 November 2026")
        );
        assert!(
            !shown.contains("pat@example.org"),
            "the address is shown to nobody"
        );
        let at = shown.find("pad-code\">").expect("a code") + "pad-code\">".len();
        let code = SlipCode::parse(&shown[at..at + 14]).expect("a code");
        assert!(matches!(house.scan(code).await, Scan::Unused(_)));
    });
}

#[test]
fn used_without_agreement_looks_like_unused_also_when_taken_back() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        for _ in 0..2 {
            house
                .send("/pads/slip", &[("email", ""), ("service", "core")], &house.physio)
                .await;
        }
        let before = page(house.look("/pads/1", &house.physio).await).await;
        let at = before.find("pad-code\">").expect("a code") + "pad-code\">".len();
        let code = SlipCode::parse(&before[at..at + 14]).expect("a code");
        let Scan::Unused(slip) = house.scan(code).await else {
            panic!("unused")
        };
        let now = house.app.clock.now();
        assert!(
            house
                .app
                .db
                .write(move |conn| mark_used(conn, slip.id, now))
                .await
                .expect("asked")
        );
        assert_eq!(page(house.look("/pads/1", &house.physio).await).await, before);
        let used = house
            .send("/pads/1/void", &[("serials", "1")], &house.physio)
            .await;
        let unused = house
            .send("/pads/2/void", &[("serials", "2")], &house.physio)
            .await;
        assert_eq!(leads_to(&used), "/pads/1?void");
        assert_eq!(leads_to(&unused), "/pads/2?void");
        assert!(matches!(house.scan(code).await, Scan::Used(_)));
    });
}

#[test]
fn nobody_else_sees_or_touches_a_pad() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house
            .send("/pads/slip", &[("email", ""), ("service", "none")], &house.physio)
            .await;
        assert_eq!(
            house.look("/pads/1", &house.colleague).await.status(),
            StatusCode::NOT_FOUND
        );
        let print = house.send("/pads/1/print", &[], &house.colleague).await;
        assert_eq!(print.status(), StatusCode::NOT_FOUND);
        let void = house
            .send("/pads/1/void", &[("serials", "1")], &house.colleague)
            .await;
        assert_eq!(void.status(), StatusCode::NOT_FOUND);
        for path in ["/pads", "/pads/1", "/pads/new", "/pads/slip"] {
            assert_eq!(
                house.look(path, &house.triage).await.status(),
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
    });
}

#[test]
fn bad_orders_are_answered_at_the_field_and_keep_what_was_typed() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        for slips in ["0", "-3", "201", "1000000", "many", ""] {
            let form = [("slips", slips), ("template", "a6_four_up"), ("service", "core")];
            let answer = house.send("/pads/new", &form, &house.physio).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
            let shown = page(answer).await;
            assert!(
                shown.contains("as a number from 1 to 200") && shown.contains(&format!("value=\"{slips}\""))
            );
        }
        let answer = house.send("/pads/new", &[("slips", "3")], &house.physio).await;
        let shown = page(answer).await;
        assert!(shown.contains("Select how the slips are printed") && shown.contains("Select which service"));
        let answer = house
            .send(
                "/pads/slip",
                &[("email", "nobody"), ("service", "none")],
                &house.physio,
            )
            .await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        house
            .send("/pads/slip", &[("email", ""), ("service", "none")], &house.physio)
            .await;
        for (serials, said) in [
            ("", "Enter a serial"),
            ("2", "not on this pad"),
            ("1-9", "not on this pad"),
        ] {
            let answer = house
                .send("/pads/1/void", &[("serials", serials)], &house.physio)
                .await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page(answer).await.contains(said), "{serials:?}");
        }
    });
}

impl House {
    /// Somebody uses the slip of this code, and shares nothing.
    async fn is_used(&self, code: SlipCode) {
        let Scan::Unused(slip) = self.scan(code).await else {
            panic!("unused")
        };
        let now = self.app.clock.now();
        let used = self.app.db.write(move |conn| mark_used(conn, slip.id, now)).await;
        assert!(used.expect("asked"));
    }

    async fn says(&self, path: &str, who: &Cookie<'static>, text: &str) {
        let shown = page(self.look(path, who).await).await;
        assert!(shown.contains(text), "{path} does not say {text:?}: {shown}");
    }
}

#[test]
fn a_lead_follows_a_pad_from_hand_to_hand_and_the_ledger_names_everybody() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.send("/pads/new", &PAD_OF_THREE, &house.physio).await;
        let code = house.printed(1).await[0];
        house.is_used(code).await;
        house.says("/admin/pads", &house.lead, "000001 to 000003").await;
        house
            .says("/admin/pads", &house.admin, "With a physiotherapist")
            .await;
        for (form, said) in [
            ([("counted", "")], "Enter how many slips"),
            ([("counted", "-1")], "from 0 to 3"),
            ([("counted", "4")], "from 0 to 3"),
            ([("counted", "99999999999")], "Enter how many slips"),
        ] {
            let answer = house.send("/admin/pads/1/return", &form, &house.lead).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
            let shown = page(answer).await;
            let typed = format!("value=\"{}\"", form[0].1);
            assert!(shown.contains(said) && shown.contains(&typed), "{form:?}");
        }
        let counted = house
            .send("/admin/pads/1/return", &[("counted", "2")], &house.lead)
            .await;
        assert_eq!(leads_to(&counted), "/admin/pads/1?returned");
        for to in ["", "nobody", "00000000-0000-7000-8000-000000000000"] {
            let answer = house.send("/admin/pads/1/hand", &[("to", to)], &house.lead).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{to:?}");
        }
        let clinic = house
            .send("/admin/pads/1/hand", &[("to", "clinic")], &house.admin)
            .await;
        assert_eq!(leads_to(&clinic), "/admin/pads/1?handed");
        let sam = house.physio_id.to_string();
        let again = house
            .send("/admin/pads/1/hand", &[("to", &sam)], &house.lead)
            .await;
        assert_eq!(leads_to(&again), "/admin/pads/1?handed");
        let wrong = house
            .send("/admin/pads/1/lost", &[("serials", "1-9")], &house.lead)
            .await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let printed = house.send("/admin/pads/1/print", &[], &house.lead).await;
        assert_eq!(printed.status(), StatusCode::OK);
        let lost = house
            .send("/admin/pads/1/lost", &[("serials", "")], &house.lead)
            .await;
        assert_eq!(leads_to(&lost), "/admin/pads/1?lost");
        let shown = page(house.look("/admin/pads/1", &house.lead).await).await;
        for happened in [
            "Made",
            "Printed",
            "Handed over to Somebody Example",
            "Handed over to the clinic",
            "Counted back",
            "Printed again",
            "Reported lost",
        ] {
            assert!(shown.contains(happened), "{happened}: {shown}");
        }
        assert!(!shown.contains("The books do not agree"));
    });
}

#[test]
fn only_lead_and_admin_keep_pads_and_no_screen_slip_is_among_them() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.send("/pads/new", &PAD_OF_THREE, &house.physio).await;
        house
            .send("/pads/slip", &[("email", ""), ("service", "none")], &house.physio)
            .await;
        for who in [&house.physio, &house.triage] {
            for path in ["/admin/pads", "/admin/pads/1"] {
                assert_eq!(house.look(path, who).await.status(), StatusCode::FORBIDDEN);
            }
            for verb in ["hand", "return", "lost", "print"] {
                let path = format!("/admin/pads/1/{verb}");
                assert_eq!(house.send(&path, &[], who).await.status(), StatusCode::FORBIDDEN);
            }
        }
        for path in ["/admin/pads/2", "/admin/pads/3", "/admin/pads/x"] {
            assert_eq!(
                house.look(path, &house.lead).await.status(),
                StatusCode::NOT_FOUND
            );
        }
        let print = house.send("/admin/pads/2/print", &[], &house.lead).await;
        assert_eq!(print.status(), StatusCode::NOT_FOUND);
        let elsewhere = Id::new();
        let none = page(
            house
                .look(&format!("/admin/pads?clinic={elsewhere}"), &house.lead)
                .await,
        )
        .await;
        assert!(none.contains("There are no pads here"));
        house
            .says("/admin/pads?below=1", &house.lead, "There are no pads here")
            .await;
    });
}

#[test]
fn two_pads_reported_lost_look_the_same_whoever_came() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        for _ in 0..2 {
            house.send("/pads/new", &PAD_OF_THREE, &house.physio).await;
        }
        for code in house.printed(1).await {
            house.is_used(code).await;
        }
        house.printed(2).await;
        let shown = async |pad: i32| {
            let lost = house.send(&format!("/pads/{pad}/lost"), &[], &house.physio).await;
            assert_eq!(leads_to(&lost), format!("/pads/{pad}?lost"));
            let shown = page(house.look(&format!("/pads/{pad}?lost"), &house.physio).await).await;
            assert!(shown.contains("Reported lost"), "{shown}");
            // What must differ: the number of the pad and the serials.
            let serials = [("000004", "000001"), ("000005", "000002"), ("000006", "000003")];
            let same = serials
                .iter()
                .fold(shown, |text, (from, to)| text.replace(from, to));
            same.replace(&format!("/pads/{pad}"), "/pads/N")
                .replace(&format!("Pad {pad}"), "Pad N")
        };
        assert_eq!(shown(1).await, shown(2).await);
        for pad in [1, 2] {
            let print = house
                .send(&format!("/pads/{pad}/print"), &[], &house.physio)
                .await;
            let again = house.send(&format!("/pads/{pad}/lost"), &[], &house.physio).await;
            for refused in [print, again] {
                assert_eq!(refused.status(), StatusCode::CONFLICT);
                assert!(page(refused).await.contains("This pad was reported lost"));
            }
        }
    });
}

#[test]
fn everything_taken_back_leaves_nothing_to_print_whoever_came() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        for _ in 0..2 {
            house.send("/pads/new", &PAD_OF_THREE, &house.physio).await;
        }
        house.is_used(house.printed(1).await[1]).await;
        for (pad, serials) in [(1, "1-3"), (2, "4-6")] {
            let void = house
                .send(
                    &format!("/pads/{pad}/void"),
                    &[("serials", serials)],
                    &house.physio,
                )
                .await;
            assert_eq!(leads_to(&void), format!("/pads/{pad}?void"));
            let print = house
                .send(&format!("/pads/{pad}/print"), &[], &house.physio)
                .await;
            assert_eq!(print.status(), StatusCode::CONFLICT);
            assert!(page(print).await.contains("there is nothing to print"));
        }
    });
}

#[test]
fn a_physio_chooses_how_long_a_pad_lasts() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let form = |days| [&PAD_OF_THREE[..], &[("days", days)]].concat();
        let minted = house.send("/pads/new", &form("92"), &house.physio).await;
        assert_eq!(leads_to(&minted), "/pads/1?minted");
        house.says("/pads/1", &house.physio, "23 February 2027").await;
        for wrong in ["91", "-1", "99999", "soon"] {
            let answer = house.send("/pads/new", &form(wrong), &house.physio).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page(answer).await.contains("Select how long"));
        }
    });
}

#[test]
fn a_pad_that_went_on_is_neither_printed_nor_taken_back_by_who_had_it() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.send("/pads/new", &PAD_OF_THREE, &house.physio).await;
        house
            .send("/admin/pads/1/return", &[("counted", "3")], &house.lead)
            .await;
        house.says("/pads/1", &house.physio, "Counted back").await;
        for (verb, form) in [("print", &[][..]), ("void", &[("serials", "1")]), ("lost", &[])] {
            let path = format!("/pads/1/{verb}");
            let refused = house.send(&path, form, &house.physio).await;
            assert_eq!(refused.status(), StatusCode::CONFLICT, "{verb}");
        }
        house
            .send("/admin/pads/1/hand", &[("to", "clinic")], &house.lead)
            .await;
        let gone = house.look("/pads/1", &house.physio).await;
        assert_eq!(gone.status(), StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_rush_for_pictures_of_templates_is_served_in_turn() {
    on_both(|fresh| async move {
        let served = served(fresh, monday_morning(), Mail::Captured("unused".into())).await;
        let account = NewAccount {
            username: Username::parse("ash").expect("a username"),
            display_name: DisplayName::parse("Somebody Example").expect("a name"),
            role: Role::Lead,
            clinic: None,
        };
        let (db, now) = (&served.app.db, served.app.clock.now());
        let added = staff::add_account_with(db, now, account, Password::typed("one-two-three-four")).await;
        added.expect("added");
        let desk = Browser::at(&served.base);
        let form = "username=ash&password=one-two-three-four";
        desk.post("/staff/sign-in", form).await.is(303);
        // The session is due to be written anew, so that each of them writes as well as reads.
        served.app.clock.advance_minutes(2);
        let rush = (0..30).map(|_| {
            let desk = desk.clone();
            tokio::spawn(async move { desk.ask("GET", "/pads/templates/label_100x150/1.png", "").await })
        });
        for one in rush.collect::<Vec<_>>() {
            let (status, told) = one.await.expect("asked");
            assert_eq!(status, 200, "{told}");
            assert!(told.contains("image/png"));
        }
        served.running.stop().await.expect("stopped");
    });
}
