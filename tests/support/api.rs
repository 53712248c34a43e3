//! Another system that talks to the API: its keys, slips to send in, and answers as JSON.

use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::config::Mail;
use iapt_pad::db::schema::{clinic, pad, referral, slip};
use iapt_pad::db::{Conn, Result};
use iapt_pad::dispatch;
use iapt_pad::pads;
use iapt_pad::staff::{KeyLabel, Scope, add_key};
use iapt_pad::values::{Id, Purpose, SlipCode, Ts};
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::app::{at, monday_morning};
use super::databases::on_both;
use super::server::served_at;

/// Another system: where the service is, and which key it has.
#[derive(Clone)]
pub struct Api {
    pub app: Arc<App>,
    pub base: String,
    pub key: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub json: Value,
    pub headers: ureq::http::HeaderMap,
}

/// Tells a story to a running server, on both databases. The key at hand has every scope.
pub fn on_api(story: fn(&Api)) {
    on_both(|fresh| async move {
        let mail = Mail::Captured(std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new())));
        let own = Some("https://talking.example.org");
        let served = served_at(fresh, monday_morning(), mail, own).await;
        let api = Api {
            app: served.app.clone(),
            base: served.base.clone(),
            key: String::new(),
        };
        let told = tokio::task::spawn_blocking(move || story(&api.with_scopes(&Scope::ALL))).await;
        served.running.stop().await.expect("stopped");
        if let Err(broken) = told {
            std::panic::resume_unwind(broken.into_panic());
        }
    });
}

impl Api {
    /// The same system with another key.
    pub fn with_scopes(&self, scopes: &[Scope]) -> Self {
        self.with_key(scopes, None)
    }

    /// The same system with another key, for one clinic.
    pub fn with_key(&self, scopes: &[Scope], clinic: Option<Id>) -> Self {
        let label = KeyLabel::parse("A test").expect("a label");
        let app = &self.app;
        let added = add_key(&app.db, &app.keys, app.clock.now(), &label, scopes, clinic);
        let (_, token) = Handle::current().block_on(added).expect("a key");
        Self {
            key: token.reveal(),
            ..self.clone()
        }
    }

    /// Posts JSON.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, &[], body)
    }

    /// Posts JSON with headers.
    pub fn post_with(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send("POST", path, &all, body.to_string().into_bytes())
    }

    /// Submits a referral.
    pub fn submit(&self, body: &Value) -> Answer {
        self.post("/api/v1/referrals", body)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], Vec::new())
    }

    /// Sends anything at all.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        if !self.key.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.key));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .build()
            .into();
        let request = request.body(body).expect("a request");
        let mut answer = agent.run(request).expect("an answer");
        let text = answer.body_mut().read_to_string().unwrap_or_default();
        Answer {
            status: answer.status().as_u16(),
            json: serde_json::from_str(&text).unwrap_or(Value::Null),
            headers: answer.headers().clone(),
        }
    }

    /// How many referrals there are.
    pub fn referrals(&self) -> i64 {
        self.read(|conn| Ok(dispatch!(conn, c => referral::table.count().get_result(c))?))
    }

    pub fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T> + Send + 'static,
    ) -> T {
        Handle::current().block_on(self.app.db.read(work)).expect("read")
    }

    pub fn write<T: Send + 'static>(&self, work: impl Fn(&mut Conn<'_>) -> Result<T> + Send + 'static) -> T {
        Handle::current()
            .block_on(self.app.db.write(work))
            .expect("written")
    }

    /// A slip nobody has used, of a clinic of its own.
    pub fn slip(&self) -> String {
        self.slip_that("unused", at("2027-12-31T00:00:00Z")).0
    }

    /// A slip in this state, and its clinic.
    pub fn slip_that(&self, state: &'static str, until: Ts) -> (String, Id) {
        let (place, bundle, paper) = (Id::new(), Id::new(), Id::new());
        let key = self.app.keys.current(Purpose::Codes).expect("a key");
        let code: SlipCode = pads::code_of(&self.app.keys, key, paper).expect("a code");
        let hash = pads::code_hash(&self.app.keys, &code).expect("a hash");
        let now = self.app.clock.now();
        self.write(move |conn| {
            let number = i64::from_be_bytes(hash[..8].try_into().expect("eight")) >> 33;
            let number = number.abs() + 1;
            let a_clinic = (
                clinic::id.eq(place),
                clinic::code.eq(format!("C{number}")),
                clinic::name.eq("North clinic"),
                clinic::active.eq(true),
                clinic::created_at.eq(now),
            );
            let a_pad = (
                pad::id.eq(bundle),
                pad::number.eq(i32::try_from(number).expect("a number")),
                pad::clinic_id.eq(place),
                pad::template.eq("a6_four_up"),
                pad::host.eq("talking.example.org"),
                pad::code_key.eq(key.0),
                pad::slips.eq(1),
                pad::custody.eq("minted"),
                pad::sample.eq(false),
                pad::electronic.eq(false),
                pad::created_at.eq(now),
                pad::expires_at.eq(until),
            );
            let a_slip = (
                slip::id.eq(paper),
                slip::serial.eq(number),
                slip::pad_id.eq(bundle),
                slip::code_hash.eq(&hash[..]),
                slip::state.eq(state),
                slip::expires_at.eq(until),
                slip::openings.eq(0),
                slip::created_at.eq(now),
            );
            dispatch!(conn, c => {
                diesel::insert_into(clinic::table).values(a_clinic).execute(c)?;
                diesel::insert_into(pad::table).values(a_pad).execute(c)?;
                diesel::insert_into(slip::table).values(a_slip).execute(c)?;
            });
            Ok(())
        });
        (code.to_string(), place)
    }
}

impl Answer {
    /// The value at a pointer, as text.
    pub fn text(&self, pointer: &str) -> &str {
        self.json
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The places of the faults told.
    pub fn pointers(&self) -> Vec<&str> {
        let errors = self.json.get("errors").and_then(Value::as_array);
        let errors = errors.into_iter().flatten();
        errors
            .filter_map(|fault| fault.get("pointer")?.as_str())
            .collect()
    }

    /// The flags of the decision told.
    pub fn flags(&self) -> Vec<&str> {
        let flags = self.json.pointer("/decision/flags").and_then(Value::as_array);
        flags.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// The same answer, if its status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.json);
        if status >= 400 {
            let kind = self.headers.get("content-type").map(|value| value.as_bytes());
            assert_eq!(kind, Some(&b"application/problem+json"[..]));
            assert_eq!(self.json.get("status"), Some(&status.into()));
        }
        self
    }
}

/// What another system sends about a made-up person in no danger.
pub fn body() -> Value {
    json!({
        "source": "physio", "agreed": true, "share_status_with_referrer": false,
        "patient": {
            "name": "Robin Example", "date_of_birth": "1980-02-29", "nhs_number": null, "email": null,
            "phone": "07700 900123", "phone_voicemail_ok": false,
            "address": {"lines": ["1 Made-up Street"], "postcode": "S1 2HE"},
            "gp_surgery": "Example Surgery", "gp_ods": null
        },
        "facts": {
            "crisis_now": "no", "harm_to_others": false, "safeguarding": false, "psychosis_mania": false,
            "phq9": [1, 1, 1, 1, 1, 1, 1, 1, 0], "gad7": [1, 1, 1, 1, 1, 1, 1],
            "problem": "worry", "ltc": ["chronic_pain"], "ltc_linked": "yes", "pain_weeks": 52
        }
    })
}

/// The body with other values at these places.
pub fn with(changes: &[(&str, Value)]) -> Value {
    let mut changed = body();
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let parent = changed.pointer_mut(parent).and_then(Value::as_object_mut);
        parent.expect("an object").insert(key.to_owned(), value.clone());
    }
    changed
}
