//! No way leads from a physio to who used a slip: every address of the site is tried.

use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::config::{Config, Mail};
use iapt_pad::notify::Mailer;
use iapt_pad::pads::template::Templates;
use iapt_pad::pads::{Lasting, MintedPad, Order, SlipCount, mint_unprinted};
use iapt_pad::staff::{self, Added, ClinicCode, DisplayName, NewAccount, Password, Role, Username};
use iapt_pad::values::{Id, SlipCode};

use crate::support::app::monday_morning;
use crate::support::browser::Browser;
use crate::support::databases::{Fresh, on_both};
use crate::support::referrals::{person, submission};
use crate::support::server::{Served, served};

const PASSWORD: &str = "one-two-three-four";

/// The routes of the site, as `src/web/paths.rs` spells them.
fn routes() -> Vec<&'static str> {
    let spelled = include_str!("../../src/web/paths.rs");
    let constants = spelled.lines().filter_map(|line| line.strip_prefix("pub const "));
    constants
        .filter_map(|line| line.split('"').nth(1))
        .filter(|route| route.starts_with('/'))
        .collect()
}

/// A physio with a pad whose slips were used by two people, one of whom shares how far it is.
struct Scene {
    served: Served,
    physio: Id,
    pad: MintedPad,
    codes: Vec<SlipCode>,
    referrals: Vec<(String, Id)>,
    /// Everything that must not reach the physio.
    secrets: Vec<String>,
}

impl Scene {
    async fn new(fresh: Fresh) -> Self {
        let mail = Mail::Captured(std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new())));
        let served = served(fresh, monday_morning(), mail).await;
        let app = served.app.clone();
        let name = |text| DisplayName::parse(text).expect("a name");
        let code = ClinicCode::parse("NORTH").expect("a code");
        let clinic_name = "Physioworks North";
        let clinic = staff::add_clinic(&app.db, app.clock.now(), code, name(clinic_name)).await;
        let clinic = clinic.expect("asked").expect("a clinic");
        let physio = engage(&app, "sam", Role::Physio, clinic).await;
        engage(&app, "ash", Role::Triage, clinic).await;
        let order = Order {
            clinic: (clinic, clinic_name.to_owned()),
            physio: Some(physio),
            service: None,
            slips: SlipCount::parse("4", 4).expect("four"),
            lasting: Lasting::AsUsual,
            by: Some(physio),
        };
        let templates = Templates::shipped().expect("templates");
        let template = templates.iter().next().expect("a template");
        let printer = over_https(&app).await;
        let (pad, codes) = mint_unprinted(&printer, template, order).await.expect("minted");
        let mut scene = Scene {
            served,
            physio,
            pad,
            codes,
            referrals: Vec::new(),
            secrets: Vec::new(),
        };
        scene
            .used_by("Zebedee Quillfeather", "zebedee@patients.example", false)
            .await;
        scene
            .used_by("Ottoline Wrackspurt", "ottoline@patients.example", true)
            .await;
        scene
    }

    /// Uses the next slip.
    async fn used_by(&mut self, name: &str, email: &str, shares: bool) {
        let mut who = person(name);
        let phone = format!("+44770090024{}", self.referrals.len());
        who.email = Some(email.to_owned());
        who.phone = Some(phone.clone());
        who.address = vec!["77 Thistledown Parade".to_owned()];
        let mut sent = submission()
            .about(who)
            .with_slip(&self.codes[self.referrals.len()]);
        sent.0.share_status = shares;
        let submitted = sent.send(&self.served.app).await;
        let receipt = submitted.receipt().expect("a receipt");
        let reference = receipt.reference.to_string();
        self.secrets.extend(name.split(' ').map(str::to_owned));
        self.secrets.extend([
            email.to_owned(),
            phone[3..].to_owned(),
            format!("0{} {}", &phone[3..7], &phone[7..]),
            "Thistledown".to_owned(),
            reference.replace('-', ""),
            reference.clone(),
            receipt.token.expose().to_owned(),
            receipt.id.to_string(),
        ]);
        self.referrals.push((reference, receipt.id));
    }

    /// The addresses of a route, with everything in it that a physio could think of.
    fn addresses(&self, route: &str) -> Vec<String> {
        let Some((before, rest)) = route.split_once('{') else {
            return vec![route.to_owned()];
        };
        let (part, after) = rest.split_once('}').expect("a pattern");
        let each = |one: &dyn Fn(&(String, Id)) -> String| self.referrals.iter().map(one).collect();
        let fitting: Vec<String> = match part {
            "number" => vec![self.pad.number.to_string(), "2".to_owned()],
            "code" => self.codes.iter().map(|code| code.compact()).collect(),
            "n" => (1..=25).map(|n: u8| n.to_string()).collect(),
            "reference" | "other" => each(&|(reference, _)| reference.clone()),
            "deed" => vec!["accept".to_owned(), "note".to_owned(), "claim".to_owned()],
            "action" => vec!["approve".to_owned(), "refuse".to_owned(), "withdraw".to_owned()],
            "id" => {
                let mut ids: Vec<String> = each(&|(_, id)| id.to_string());
                ids.push(self.physio.to_string());
                ids
            }
            "token" => vec!["0".repeat(26), "x".repeat(43)],
            "template" => vec!["a6_four_up".to_owned()],
            "page" => vec!["1".to_owned(), "2".to_owned()],
            "file" => vec!["app.css".to_owned()],
            "version" => vec!["0123456789ab".to_owned()],
            "how" => vec!["up".to_owned(), "off".to_owned()],
            "username" => vec!["ash".to_owned(), "sam".to_owned()],
            other => panic!("say what {{{other}}} may be"),
        };
        let filled = fitting.iter().map(|value| format!("{before}{value}{after}"));
        filled.flat_map(|address| self.addresses(&address)).collect()
    }

    async fn sign_in(&self, username: &str) -> Browser {
        let browser = Browser::at(&self.served.base);
        let form = format!("username={username}&password={PASSWORD}");
        assert_eq!(browser.post("/staff/sign-in", &form).await.status, 303);
        browser
    }

    /// Asks, and fails if the answer says anything of a patient that the address did not say.
    async fn tries(&self, browser: &Browser, method: &str, address: &str) -> u16 {
        const FORM: &str = "serials=1-2&slips=2&template=a6_four_up&service=none&days=&email=&counted=2\
                            &to=sam&code=&then=without&q=S1+2HE&reason=because&step=2&query=1980-02-29";
        let (status, answer) = browser.ask(method, address, FORM).await;
        let told = self.secrets.iter().filter(|secret| !address.contains(*secret));
        for secret in told {
            let says = answer.to_lowercase().contains(&secret.to_lowercase());
            assert!(!says, "{method} {address} ({status}) says {secret:?}");
        }
        status
    }
}

/// The same service, believing that it is reached over https: slips are minted for no other.
async fn over_https(app: &Arc<App>) -> App {
    let config = Config {
        base_url: "https://talking.example.org".to_owned(),
        ..app.config.clone()
    };
    let now = app.clock.now();
    App {
        keys: app.db.keyring(&config.secret_key, now).await.expect("keys"),
        mailer: Mailer::from_config(&config).expect("a way out for mail"),
        db: app.db.clone(),
        clock: app.clock.clone(),
        config,
    }
}

async fn engage(app: &App, username: &str, role: Role, clinic: Id) -> Id {
    let account = NewAccount {
        username: Username::parse(username).expect("a username"),
        display_name: DisplayName::parse("Somebody Example").expect("a name"),
        role,
        clinic: Some(clinic).filter(|_| role == Role::Physio),
    };
    let password = Password::typed(PASSWORD);
    let added = staff::add_account_with(&app.db, app.clock.now(), account, password).await;
    match added.expect("asked") {
        Added::Yes { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_query_path_leads_from_the_physio_to_an_identity() {
    on_both(|fresh| async move {
        let scene = Scene::new(fresh).await;
        let physio = scene.sign_in("sam").await;
        let addresses: Vec<String> = routes()
            .into_iter()
            .flat_map(|route| scene.addresses(route))
            // Both end the session; their own journeys ask what they answer.
            .filter(|address| !["/staff/sign-out", "/refer-now/hand-over"].contains(&address.as_str()))
            .collect();
        assert!(addresses.len() > 100, "{} addresses", addresses.len());
        let mut opened = 0;
        // Looking, then doing everything there is to do, then looking again.
        for method in ["GET", "POST", "GET"] {
            for address in &addresses {
                opened += u32::from(scene.tries(&physio, method, address).await == 200);
            }
        }
        assert!(
            opened > 40,
            "only {opened} pages opened: the walk went past the pages"
        );
        for mine in ["/pads", "/pads/1", "/pads/counts"] {
            assert_eq!(scene.tries(&physio, "GET", mine).await, 200, "still signed in");
        }
        for theirs in ["/inbox", "/courses", "/reports", "/admin/staff", "/admin/pads"] {
            assert_ne!(scene.tries(&physio, "GET", theirs).await, 200, "{theirs}");
        }
        // The walk would notice: the same page, opened by somebody who may, says who it is.
        let triage = scene.sign_in("ash").await;
        let (_, record) = triage
            .ask("GET", &format!("/inbox/{}", scene.referrals[0].0), "")
            .await;
        assert!(record.contains("Quillfeather"));
        scene.served.running.stop().await.expect("stopped");
    });
}

#[test]
fn what_is_shared_is_all_that_the_pages_of_two_used_slips_differ_in() {
    on_both(|fresh| async move {
        let scene = Scene::new(fresh).await;
        let physio = scene.sign_in("sam").await;
        let page = physio.get("/pads/1").await;
        let seen: Vec<&str> = page
            .body
            .split("<td class=\"nhsuk-table__cell\">")
            .filter_map(|cell| cell.split("</td>").next())
            .filter(|cell| ["Nothing to show", "Used", "Place booked"].contains(cell))
            .collect();
        assert_eq!(
            seen,
            ["Nothing to show", "Used", "Nothing to show", "Nothing to show"]
        );
        scene.served.running.stop().await.expect("stopped");
    });
}
