//! The lists at work: narrowed, ordered and turned over by their address, given to colleagues by the tick, and never
//! without whoever is in danger.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use iapt_pad::referrals::submit;
use iapt_pad::staff::{Role, Username, find_account_named};
use iapt_pad::triage::{DEFAULT_RULES, RuleSet, RulesInForce};

use super::triage::House;
use crate::support::databases::on_both;
use crate::support::referrals::submission;

async fn id_of(house: &House, username: &str) -> String {
    let username = Username::parse(username).expect("a username");
    let account = find_account_named(&house.app.db, &username).await.expect("read");
    account.expect("an account").id.to_string()
}

#[test]
fn a_list_is_narrowed_by_its_address_and_says_what_it_left_out() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let danger = house
            .received(submission().named("Dana Example").in_danger())
            .await;
        house
            .received(submission().named("Bea Example").expecting())
            .await;
        house.received(submission().named("Cal Example")).await;
        let desk = house.sign_in("terry").await;
        let narrowed = desk.look("/inbox?flag=PERINATAL&sort=newest").await;
        narrowed
            .says("Bea Example")
            .keeps_quiet_about("Cal Example")
            .says("Take out </span>Perinatal")
            .says("Dana Example")
            .says("They are shown whatever else is chosen.")
            .says("from=flag%3DPERINATAL%26sort%3Dnewest");
        desk.look("/inbox?flag=NONSENSE&clinic=%00%27OR+1&queue=nowhere&after=1.2.3")
            .await
            .says("was left out: list, clinic, flag")
            .says("Cal Example")
            .says("Dana Example");
        let nobody = desk.look("/inbox?view=mine&service=core").await;
        nobody.says("Nobody here fits").says(&danger.to_string());
        assert_eq!(house.reads("inbox: mine").await, 1);
    });
}

#[test]
fn a_flag_of_the_services_own_rules_can_be_chosen_like_any_other() {
    on_both(|fresh| async move {
        let mut house = House::new(fresh).await;
        let own = format!(
            "{DEFAULT_RULES}\n[[rule]]\nid = \"G1\"\nwhen = \"perinatal\"\nthen = {{ flags = [\"RISK_OWN\", \"HOME_VISIT\"] }}\n\
             text = \"Ask about a visit at home.\"\nsource = \"Ours\"\n"
        );
        let pathways = house.app.config.locality.long_term_conditions.clone();
        let rules = RuleSet::parse("ours", &own, &pathways).unwrap_or_else(|wrong| panic!("{wrong}"));
        house.rules = Data::new(RulesInForce::new(rules));
        for one in [
            submission().named("Bea Example").expecting(),
            submission().named("Cal Example"),
        ] {
            let sent = submit(&house.app, &house.rules.now(), one.0).await;
            sent.expect("submitted");
        }
        let desk = house.sign_in("terry").await;
        let page = desk.look("/inbox?flag=HOME_VISIT").await;
        page.says("Bea Example")
            .keeps_quiet_about("Cal Example")
            .keeps_quiet_about("was left out")
            .says("Take out </span>home visit")
            .says("from=flag%3DHOME_VISIT");
        // Its own flag of safety stands among those of safety, above the others.
        let place = |value: &str| page.body.find(&format!("<option value=\"{value}\""));
        let (worry, first, home) = (place("RISK_OWN"), place("PERINATAL"), place("HOME_VISIT"));
        assert!(
            worry.is_some() && worry < first && first < home,
            "{worry:?} {first:?} {home:?}"
        );
        desk.look("/inbox?flag=ANOTHER_VISIT").await.says("left out");
    });
}

#[test]
fn accept_and_next_stays_in_the_list_one_came_from() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let first = house.received(submission().expecting()).await;
        house.received(submission()).await;
        let third = house.received(submission().expecting()).await;
        let desk = house.sign_in("terry").await;
        let at = format!("/inbox/{}?from=flag%3DPERINATAL", first.as_str());
        let page = desk.look(&at).await;
        page.says("href=\"/inbox?flag=PERINATAL\"")
            .says(&format!("/inbox/{}/accept?from=flag%3DPERINATAL", first.as_str()));
        let skipped = desk
            .look(&format!(
                "/inbox/next?of={}&from=flag%3DPERINATAL",
                first.as_str()
            ))
            .await;
        assert_eq!(
            skipped.to,
            format!("/inbox/{}?from=flag%3DPERINATAL", third.as_str())
        );
        let form = [
            ("seen", "1"),
            ("accept_step", "2"),
            ("accept_reason", "x"),
            ("then", "next"),
        ];
        let accepted = desk
            .send(
                &format!("/inbox/{}/accept?from=flag%3DPERINATAL", first.as_str()),
                &form,
            )
            .await;
        assert!(
            accepted
                .to
                .starts_with(&format!("/inbox/{}?done=accept", third.as_str())),
            "{}",
            accepted.to
        );
        assert!(accepted.to.ends_with("&from=flag%3DPERINATAL"), "{}", accepted.to);
        let last = desk
            .send(
                &format!("/inbox/{}/accept?from=flag%3DPERINATAL", third.as_str()),
                &form,
            )
            .await;
        assert_eq!(last.to, format!("/inbox?flag=PERINATAL&of={}", third.as_str()));
    });
}

#[test]
fn the_ticked_ones_are_given_to_a_colleague_and_a_stale_one_is_told_by_name() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.add("sam", "Sam Example", Role::Triage).await;
        house.add("alex", "Alex Example", Role::Admin).await;
        let (sam, alex) = (id_of(&house, "sam").await, id_of(&house, "alex").await);
        let danger = house
            .received(submission().named("Dana Example").in_danger())
            .await;
        let one = house.received(submission().named("Bea Example")).await;
        let stale = house.received(submission().named("Cal Example")).await;
        let desk = house.sign_in("terry").await;
        desk.decide(&stale, "claim", &[("seen", "1")]).await;
        let picks = [&danger, &one, &stale].map(|one| format!("{}.1", one.as_str()));
        let picked = |to: &str| {
            let mut form: Vec<(&str, String)> = picks.iter().map(|pick| ("pick", pick.clone())).collect();
            form.push(("to", to.to_owned()));
            form
        };
        let borrowed = |form: &[(&'static str, String)]| -> Vec<(String, String)> {
            form.iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect()
        };
        for nobody in ["", "not-an-id", alex.as_str()] {
            let form = borrowed(&picked(nobody));
            let form: Vec<(&str, &str)> = form
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let refused = desk.send("/inbox/assign", &form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            refused.says("Select a colleague who can sign in").says(&format!(
                "value=\"{}\" aria-label=\"Tick Bea Example\" checked",
                picks[1]
            ));
        }
        let none = desk.send("/inbox/assign", &[("to", sam.as_str())]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        none.says("Tick at least one referral");
        let form = borrowed(&picked(&sam));
        let form: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let given = desk.send("/inbox/assign", &form).await;
        assert_eq!(given.status, StatusCode::CONFLICT);
        given
            .says("2 referrals were given to Sam Example")
            .says(&format!(
                "Cal Example ({stale}) was changed meanwhile and is with Terry Example"
            ))
            .keeps_quiet_about("Bea Example")
            .says(&format!("{}.2", stale.as_str()));
        let list = desk.look("/inbox?view=taken").await;
        list.says("Dana Example")
            .says("Nobody has acknowledged these yet");
        desk.open(&one)
            .await
            .says("Given to a colleague")
            .says("To Sam Example");
        let again = desk
            .send(
                "/inbox/assign?from=view%3Dmine",
                &[("pick", &format!("{}.2", stale.as_str())), ("to", &sam)],
            )
            .await;
        assert_eq!(again.to, format!("/inbox?view=mine&given=1&to={sam}"));
        desk.look(&again.to)
            .await
            .says("1 referral was given to Sam Example");
        desk.look("/inbox?given=2&to=%3Cb%3E")
            .await
            .says("2 referrals were given<")
            .keeps_quiet_about("<b>");
    });
}

#[test]
fn news_are_numbers_and_references_and_end_with_the_session() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.received(submission().named("Bea Example")).await;
        let desk = house.sign_in("terry").await;
        let page = desk.look("/inbox").await;
        let asked = page
            .body
            .split("data-news=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let asked = asked.expect("an address").to_owned();
        let quiet = desk.look(&asked).await;
        assert_eq!(
            (quiet.status, quiet.body.as_str()),
            (StatusCode::OK, r#"{"fresh":0,"more":false,"danger":[]}"#)
        );
        house.app.clock.advance_minutes(1);
        let danger = house
            .received(submission().named("Dana Example").in_danger())
            .await;
        let told = desk.look(&asked).await;
        told.says("\"fresh\":1")
            .says(&danger.to_string())
            .keeps_quiet_about("Dana");
        let odd = desk.look("/inbox/news?since=yesterday").await;
        assert!(odd.status.is_client_error());
        let reads = house.reads("inbox").await;
        // A page that asks by itself does not keep anybody signed in.
        for _ in 0..8 {
            house.app.clock.advance_minutes(iapt_pad::staff::IDLE_MINUTES / 4);
            desk.look(&asked).await;
        }
        let over = desk.look(&asked).await;
        assert_eq!(over.status, StatusCode::UNAUTHORIZED);
        assert_eq!(house.reads("inbox").await, reads);
    });
}
