//! Rules, pads and slips, and what another system and a browser bring.

use std::collections::BTreeMap;

use iapt_pad::pads::template::Templates;
use iapt_pad::pads::{
    Hint, Lasting, Order, Recipient, SerialRange, SlipCount, Whose, hand, issue_electronic, issue_hinted,
    mint_unprinted, report_lost, take_back, void,
};
use iapt_pad::staff::changes::Changer;
use iapt_pad::staff::{KeyLabel, Scope, add_key, find_account, revoke_key};
use iapt_pad::triage::{DEFAULT_RULES, DEFAULT_RULES_NAME, Proposing, propose, refuse, start, version_of};
use iapt_pad::values::{Email, Purpose, SlipCode};

use super::Story;
use super::draft::{a_draft, served};
use crate::old_databases::keeping::{rule_row, waiting_messages};
use crate::support::api::{Api, body};
use crate::support::referrals::submission;

impl Story {
    /// One version in force, one proposed with a note, one refused with a reason.
    pub(super) async fn rules(&self) {
        let (app, now) = (&self.app, self.app.clock.now());
        let pathways = &app.config.locality.long_term_conditions;
        start(&app.db, DEFAULT_RULES_NAME, DEFAULT_RULES, pathways, now)
            .await
            .expect("rules");
        for number in 1..=2 {
            let text = format!("{DEFAULT_RULES}\n# change {number}\n");
            let new = Proposing::new(&app.keys, &text, "lee", "We agreed on it.", now).expect("sealed");
            let version = version_of(&text);
            app.db
                .write(move |conn| propose(conn, &new))
                .await
                .expect("proposed");
            if number == 2 {
                // The reason is sealed for the row of the proposal, as the page does.
                let inside = app.clone();
                let refused = app.db.write(move |conn| {
                    let id = rule_row(conn, &version)?;
                    let reason = inside.keys.seal(Purpose::Person, id, b"Not before the audit.")?;
                    refuse(conn, &version, "ash", &reason, now)
                });
                refused.await.expect("refused");
            }
        }
    }

    /// Pads on every way, electronic slips, and a slip nobody has used.
    pub(super) async fn slips(&self, known: &mut BTreeMap<String, String>) {
        let (app, team) = (&self.app, self.team);
        let templates = Templates::shipped().expect("templates");
        let template = templates.get("a6_four_up").expect("a template");
        let order = |slips: &str| Order {
            clinic: (team.clinic, "North clinic".to_owned()),
            physio: None,
            service: None,
            slips: SlipCount::parse(slips, 20).expect("a count"),
            lasting: Lasting::AsUsual,
            by: Some(team.lee),
        };
        let mut pads = Vec::new();
        for slips in ["8", "4", "4"] {
            pads.push(mint_unprinted(app, template, order(slips)).await.expect("minted"));
        }
        let physio = find_account(&app.db, team.physio)
            .await
            .expect("read")
            .expect("sam");
        for (pad, _) in &pads {
            let to = Recipient::Physio(Box::new(physio.clone()));
            hand(app, pad.number, to, Some(team.lee))
                .await
                .expect("asked")
                .expect("handed");
        }
        take_back(app, pads[1].0.number, 3, Some(team.lee))
            .await
            .expect("asked")
            .expect("counted");
        report_lost(app, pads[2].0.number, None, Whose::All, Some(team.lee))
            .await
            .expect("asked")
            .expect("lost");
        void(app, SerialRange { first: 8, last: 8 }, Whose::All, Some(team.lee))
            .await
            .expect("void");
        let email = Email::parse("slip.receiver@example.org").expect("an address");
        issue_electronic(app, template, order("1"), Some(email))
            .await
            .expect("issued");
        let hint = Hint::parse("back_pain", &app.config.locality.long_term_conditions).expect("listed");
        let hinted = issue_hinted(app, template, order("1"), hint, None)
            .await
            .expect("issued");
        known.insert("unused slip".to_owned(), hinted.code.to_string());
        let used: &SlipCode = &pads[0].1[0];
        self.sent("Harper Example", |one| one.with_slip(used)).await;
        // The same slip by somebody else, and by the same person again.
        self.sent("Jules Example", |one| one.with_slip(used)).await;
        let again = submission().named("Harper Example").with_slip(used).item9(1);
        self.app.clock.advance_minutes(7);
        assert!(
            again.send(app).await.receipt().is_none(),
            "added, and told nothing"
        );
    }

    /// The API and a draft in a cookie, over a running server; its mail is delivered.
    pub(super) async fn others_send(&self, known: &mut BTreeMap<String, String>) {
        let app = &self.app;
        let now = app.clock.now();
        let label = |text| KeyLabel::parse(text).expect("a label");
        let (_, token) = add_key(&app.db, &app.keys, now, &label("A system"), &Scope::ALL, None)
            .await
            .expect("a key");
        let bound = [Scope::ALL[0]];
        let (old, _) = add_key(
            &app.db,
            &app.keys,
            now,
            &label("A former system"),
            &bound,
            Some(self.team.clinic),
        )
        .await
        .expect("a key");
        revoke_key(&app.db, now, Changer::CommandLine, old.id)
            .await
            .expect("revoked");
        let running = served(app).await;
        let api = Api {
            app: app.clone(),
            base: format!("http://{}", running.address),
            key: token.reveal(),
        };
        let sent = tokio::task::spawn_blocking(move || {
            let mut body = body();
            body["patient"]["name"] = "Kim Example".into();
            let headers = [("idempotency-key", "an-old-key")];
            api.post_with("/api/v1/referrals", &headers, &body).expect(201);
            a_draft(&api.base)
        });
        known.insert("draft".to_owned(), sent.await.expect("sent"));
        known.insert("API key".to_owned(), token.reveal());
        let begun = std::time::Instant::now();
        while waiting_messages(app).await > 0 {
            assert!(begun.elapsed().as_secs() < 30, "the mail is not delivered");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        running.stop().await.expect("stopped");
    }
}
