//! What stands in an old database: made-up people in every state a referral can be in, with calls, letters and places
//! that are open, slips, accounts, rules and messages. Everything is written by the verbs of the program of that day.

use std::collections::BTreeMap;
use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::booking::{
    Attendance, Hold, Join, Mark, Marked, NewSlot, SlotKind, add_slots, confirm, hold, hold_slot, mark,
};
use iapt_pad::config::{Mail, RotaEntry, SecondChannel, ServiceName};
use iapt_pad::db::Db;
use iapt_pad::notify::{Mailer, RotaChange, RotaPerson, change_rota, import_rota};
use iapt_pad::pads::template::Templates;
use iapt_pad::pads::{
    Hint, Lasting, Order, Recipient, SerialRange, SlipCount, Whose, hand, issue_electronic, issue_hinted,
    mint_unprinted, report_lost, take_back, void,
};
use iapt_pad::questionnaire::{Answers, CrisisNow};
use iapt_pad::referrals::{
    Answering, Asking, Assigning, By, CallOutcome, ContactDetails, Declining, Deed, HandOver, Leaving,
    Outcome, RecordNumber, Reference, ReferralView, Reviewing, Ringing, Said, Telling, ToldBy, Verdict, Way,
    answer, assign, change_contact, escalate, hand_over, open, review_as, ring, tell_alike, tell_daily, told,
    withdraw,
};
use iapt_pad::server::House;
use iapt_pad::staff::{
    Added, Attempt, ClinicCode, DisplayName, KeyLabel, NewAccount, Password, ReadNote, Reader, Role, Scope,
    Username, add_account_with, add_clinic, add_key, disable_account, find_account, record_read, revoke_key,
    sign_in,
};
use iapt_pad::triage::{DEFAULT_RULES, DEFAULT_RULES_NAME, Proposing, Step, propose, refuse, start};
use iapt_pad::values::{Clock, Email, Id, MasterKey, Purpose, SlipCode, Ts};

use crate::support::api::{Api, body};
use crate::support::app::{at, test_app_with};
use crate::support::courses::{Diary, act};
use crate::support::referrals::{ASubmission, shipped_rules, submission};

const PASSWORD: &str = "one-two-three-four";

/// Who works there.
#[derive(Clone, Copy)]
struct Team {
    terry: Id,
    lee: Id,
    leaver: Id,
    physio: Id,
    clinic: Id,
}

/// A database that is being filled.
struct Story {
    app: Arc<App>,
    team: Team,
}

/// Fills an empty database, and says what cannot be read from it afterwards: codes, tokens and a draft.
pub async fn tell(db: Db, secret: MasterKey) -> (Arc<App>, BTreeMap<String, String>) {
    let app = surroundings(db, secret).await;
    let mut known = BTreeMap::new();
    let team = engage(&app).await;
    let story = Story { app, team };
    story.rules().await;
    story.slips(&mut known).await;
    story.others_send(&mut known).await;
    story.deciding().await;
    story.asking().await;
    story.ending().await;
    story.twice().await;
    story.places().await;
    story.danger().await;
    (story.app, known)
}

async fn surroundings(db: Db, secret: MasterKey) -> Arc<App> {
    let kept = std::env::temp_dir().join(format!("iapt-pad-old-{}", Id::new()));
    let clock = Clock::fixed(at("2026-11-23T09:30:00Z"));
    let mut app = test_app_with(db, clock, Mail::Captured(kept.join("mail")), secret).await;
    app.config.second_channel = SecondChannel::Captured(kept.join("calls"));
    app.mailer = Mailer::from_config(&app.config).expect("ways out");
    Arc::new(app)
}

async fn engage(app: &Arc<App>) -> Team {
    let (db, now) = (&app.db, app.clock.now());
    let clinic = add_clinic(
        db,
        now,
        ClinicCode::parse("NORTH").expect("a code"),
        display("North clinic"),
    );
    let clinic = clinic.await.expect("added").expect("new");
    let account = async |username: &str, name: &str, role: Role, clinic: Option<Id>| {
        let account = NewAccount {
            username: Username::parse(username).expect("a username"),
            display_name: display(name),
            role,
            clinic,
        };
        match add_account_with(db, now, account, Password::typed(PASSWORD))
            .await
            .expect("added")
        {
            Added::Yes { id, .. } => id,
            _ => panic!("the account is new"),
        }
    };
    let team = Team {
        terry: account("terry", "Terry Testcase", Role::Triage, None).await,
        lee: account("lee", "Lee Lead", Role::Lead, None).await,
        leaver: account("robin", "Robin Gone", Role::Triage, None).await,
        physio: account("sam", "Sam Physio", Role::Physio, Some(clinic)).await,
        clinic,
    };
    account("ash", "Ash Admin", Role::Admin, None).await;
    disable_account(db, team.leaver).await.expect("stopped");
    import_rota(db, &app.config.locality.rota, now)
        .await
        .expect("a rota");
    let entry = RotaEntry {
        name: "Night duty".to_owned(),
        email: "night@talking.example.org".to_owned(),
        phone: "0114 496 0119".to_owned(),
    };
    let one_more = RotaChange::Add(RotaPerson::from_entry(Id::new(), &entry));
    change_rota(db, 1, one_more, team.lee, now)
        .await
        .expect("a change");
    let attempt = Attempt {
        username: "terry",
        password: PASSWORD,
        address: "198.51.100.77".parse().ok(),
    };
    sign_in(db, &app.keys, now, attempt).await.expect("signed in");
    let wrong = Attempt {
        username: "terry",
        password: "not this one",
        address: "198.51.100.78".parse().ok(),
    };
    sign_in(db, &app.keys, now, wrong).await.expect("refused");
    team
}

fn display(name: &str) -> DisplayName {
    DisplayName::parse(name).expect("a name")
}

impl Story {
    /// One version in force, one proposed with a note, one refused with a reason.
    async fn rules(&self) {
        let (app, now) = (&self.app, self.app.clock.now());
        let pathways = &app.config.locality.long_term_conditions;
        start(&app.db, DEFAULT_RULES_NAME, DEFAULT_RULES, pathways, now)
            .await
            .expect("rules");
        for number in 1..=2 {
            let text = format!("{DEFAULT_RULES}\n# change {number}\n");
            let new = Proposing::new(&app.keys, &text, "lee", "We agreed on it.", now).expect("sealed");
            let version = iapt_pad::triage::version_of(&text);
            app.db
                .write(move |conn| propose(conn, &new))
                .await
                .expect("proposed");
            if number == 2 {
                // The reason is sealed for the row of the proposal, as the page does.
                let inside = app.clone();
                let refused = app.db.write(move |conn| {
                    let id = super::keeping::rule_row(conn, &version)?;
                    let reason = inside.keys.seal(Purpose::Person, id, b"Not before the audit.")?;
                    refuse(conn, &version, "ash", &reason, now)
                });
                refused.await.expect("refused");
            }
        }
    }

    /// Pads on every way, electronic slips, and a slip nobody has used.
    async fn slips(&self, known: &mut BTreeMap<String, String>) {
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
            let to = Recipient::Physio(physio.clone());
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
        self.sent("Harper Example", |one| one.with_slip(used).item9(1))
            .await;
    }

    /// The API and a draft in a cookie, over a running server; its mail is delivered.
    async fn others_send(&self, known: &mut BTreeMap<String, String>) {
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
        revoke_key(&app.db, old.id).await.expect("revoked");
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
        while super::keeping::waiting_messages(app).await > 0 {
            assert!(begun.elapsed().as_secs() < 30, "the mail is not delivered");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        running.stop().await.expect("stopped");
    }

    /// New ones, and those that were taken on.
    async fn deciding(&self) {
        self.sent("Alex Example", |one| one).await;
        self.sent("Billie Example", |one| one.item9(1)).await;
        self.sent("Casey Example", |one| one.expecting()).await;
        let noted = self.sent("Charlie Example", |mut one| {
            one.0.needs_checking = vec!["postcode Made-up".to_owned()];
            one.0.answers = Some(Answers {
                anything_else: Some("My garden helps me.".to_owned()),
                ..Answers::default()
            });
            one
        });
        self.does(&noted.await, Deed::Note("Asked a colleague.".to_owned()))
            .await;
        let accepted = self.sent("Dana Example", |one| one).await;
        let deed = Deed::Accept {
            step: Step::Three,
            reason: Some("Tried step 2 last year.".to_owned()),
            with: Some("Dr Example".to_owned()),
        };
        self.does(&accepted, deed).await;
        let worried = self.sent("Drew Example", |one| one.item9(2)).await;
        self.does(&worried, Deed::Claim).await;
        self.accepts(&worried).await;
        let sent_on = self.sent("Eddie Example", |one| one).await;
        let deed = Deed::SendOn {
            to: ServiceName::Core,
            reason: "No long-term condition.".to_owned(),
        };
        self.does(&sent_on, deed).await;
        let claimed = self.sent("Ellis Example", |one| one).await;
        self.does(&claimed, Deed::Claim).await;
        let assigning = Assigning::new(
            claimed.clone(),
            self.seen(&claimed).await,
            (self.team.lee, "Lee Lead".to_owned()),
            self.team.terry,
            self.app.clock.now(),
        );
        let (inside, assigning) = (self.app.clone(), assigning.expect("drawn"));
        let given = self
            .app
            .db
            .write(move |conn| assign(conn, &inside.keys, &assigning))
            .await;
        assert_eq!(given.expect("given"), Outcome::Done);
        let left = self.sent("Emery Example", |one| one).await;
        self.does_as(self.team.leaver, &left, Deed::Claim).await;
        let handed = self.sent("Fay Example", |one| one.item9(1)).await;
        self.accepts(&handed).await;
        let number = RecordNumber::parse("P-12345").expect("a number");
        let said = HandOver::Entered(number);
        let over = hand_over(
            &self.app,
            &handed,
            self.seen(&handed).await,
            self.team.terry,
            said,
        )
        .await;
        assert_eq!(over.expect("handed over"), Outcome::Done);
    }

    /// Calls, and questions on the way.
    async fn asking(&self) {
        let by_page = self.sent("Finley Example", |one| one).await;
        self.does(&by_page, self.ask(Way::Page)).await;
        let by_call = self.sent("Francis Example", |one| one.item9(1)).await;
        self.does(&by_call, self.ask(Way::Call)).await;
        let answered = self.sent("Frankie Example", |one| one).await;
        self.does(&answered, self.ask(Way::Page)).await;
        self.answers(&answered, "I am better since spring.").await;
        let worries = self.sent("Gale Example", |one| one).await;
        self.does(&worries, self.ask(Way::Page)).await;
        self.answers(&worries, "I think of suicide.").await;
        let rung = self.sent("Jamie Example", |one| one.item9(1)).await;
        for outcome in [CallOutcome::NoAnswer, CallOutcome::Voicemail] {
            self.rings(&rung, outcome, "Asked for them by first name.").await;
        }
        let wrong = self.sent("Jo Example", |one| one).await;
        self.rings(&wrong, CallOutcome::WrongNumber, "").await;
        let spoken = self.sent("Jordan Example", |one| one.item9(1)).await;
        self.rings(&spoken, CallOutcome::Spoke, "A good talk.").await;
        let moved = self.sent("Jody Example", |one| one).await;
        let view = self.view(&moved).await;
        let now = ContactDetails {
            phone: Some("+447700900999".to_owned()),
            text_ok: false,
            ..ContactDetails::of(&view.person)
        };
        let (inside, id, when) = (self.app.clone(), view.id, self.app.clock.now());
        let changed = self
            .app
            .db
            .write(move |conn| change_contact(conn, &inside.keys, id, &now, (when, [7; 16])));
        changed.await.expect("changed");
    }

    /// Declined, closed, not reached, withdrawn, opened again.
    async fn ending(&self) {
        for (name, way) in [("Kelly Example", Way::Call), ("Kerry Example", Way::Letter)] {
            let declined = self.sent(name, |one| one).await;
            self.does(&declined, decline(way)).await;
            if way == Way::Letter {
                let telling = Telling::new(self.app.clock.now(), self.team.terry, ToldBy::Letter);
                let (inside, telling) = (self.app.clone(), telling.expect("drawn"));
                let id = self.view(&declined).await.id;
                self.app
                    .db
                    .write(move |conn| told(conn, &inside, id, &telling))
                    .await
                    .expect("told");
            }
        }
        let closed = self.sent("Lane Example", |one| one.item9(1)).await;
        let deed = Deed::Close {
            reason: "Moved away.".to_owned(),
            told: Some("Dr Example, by phone".to_owned()),
        };
        self.does_as(self.team.lee, &closed, deed).await;
        let missed = self.sent("Lee Example", |one| one).await;
        for _ in 0..3 {
            self.app.clock.advance_minutes(120);
            self.rings(&missed, CallOutcome::NoAnswer, "").await;
        }
        let deed = Deed::CouldNotReach {
            tried: "A letter.".to_owned(),
            told: None,
        };
        self.does(&missed, deed).await;
        let reopened = self.sent("Leslie Example", |one| one).await;
        self.does(&reopened, decline(Way::Call)).await;
        let reason = "They rang back.".to_owned();
        self.does(&reopened, Deed::Reopen { reason }).await;
        for (name, item9) in [("Logan Example", 0), ("Mika Example", 1)] {
            let withdrawn = self.sent(name, |one| one.item9(item9)).await;
            let leaving = Leaving::draw(self.app.clock.now()).expect("drawn");
            let (inside, id) = (self.app.clone(), self.view(&withdrawn).await.id);
            let left = self
                .app
                .db
                .write(move |conn| withdraw(conn, &inside, id, &leaving))
                .await;
            left.expect("withdrawn");
        }
        let unfinished = self.sent("Morgan Example", |one| one.item9(1).unfinished()).await;
        let note = ReadNote::new(
            Reader::Staff(self.team.terry),
            "referral",
            Some(self.view(&unfinished).await.id),
            self.app.clock.now(),
        );
        record_read(&self.app.db, note).await.expect("noted");
    }

    /// One person in two referrals, and two people who look alike.
    async fn twice(&self) {
        for (name, verdict) in [("Nicky Example", Verdict::Same), ("Noel Example", Verdict::Apart)] {
            let pair = [self.sent(name, |one| one).await, self.sent(name, |one| one).await];
            let seen = (self.seen(&pair[0]).await, self.seen(&pair[1]).await);
            let said = Said::Verdict(verdict);
            let told = tell_alike(&self.app, (&pair[0], &pair[1]), seen, self.team.terry, said).await;
            assert_eq!(told.expect("said"), Outcome::Done);
        }
    }

    /// Places that are held, confirmed, waited for and offered, an appointment, and treatment that began.
    async fn places(&self) {
        let (wide, narrow) = (
            Diary::within(self.app.clone(), 20).await,
            Diary::within(self.app.clone(), 1).await,
        );
        let (terry, run) = (self.team.terry, wide.run.id);
        let starts = self.sent("Oakley Example", |one| one).await;
        let confirmed = self.sent("Pat Example", |one| one).await;
        for reference in [&starts, &confirmed] {
            self.holds(reference, run).await;
            self.accepts(reference).await;
            let id = self.view(reference).await.id;
            let done = act(&self.app, By::Staff(terry), move |conn, app, act| {
                confirm(conn, app, act, id)
            });
            assert!(done.await);
        }
        let held = self.sent("Quinn Example", |one| one).await;
        self.holds(&held, run).await;
        let by_voice = self.sent("Reese Example", |mut one| {
            one.0.person.email = None;
            one
        });
        self.holds(&by_voice.await, run).await;
        let gone = self.sent("Riley Example", |one| one).await;
        self.holds(&gone, narrow.run.id).await;
        for name in ["Rory Example", "Rowan Example"] {
            let waits = self.view(&self.sent(name, |one| one).await).await.id;
            assert_eq!(narrow.join(waits).await, Join::Joined, "{name}");
        }
        assert!(narrow.cancel(self.view(&gone).await.id).await);
        let slot = NewSlot {
            id: Id::new(),
            service: ServiceName::Hwb,
            starts: at("2026-12-10T09:00:00Z"),
            minutes: 45,
            kind: SlotKind::Phone,
            venue: None,
            staff: Some(terry),
        };
        let slot_id = slot.id;
        self.app
            .db
            .write(move |conn| add_slots(conn, std::slice::from_ref(&slot)))
            .await
            .expect("a slot");
        let assessed = self.sent("Sage Example", |mut one| {
            one.0.facts.pain_weeks = Some(6);
            one
        });
        let id = self.view(&assessed.await).await.id;
        act(&self.app, By::Staff(terry), move |conn, app, act| {
            hold_slot(conn, app, act, slot_id, id)
        })
        .await;
        self.app.clock.set(at("2026-12-08T15:00:00Z"));
        let marked = [(&starts, Attendance::Came), (&confirmed, Attendance::DidNotCome)];
        for (reference, now) in marked {
            let ticked = Mark {
                referral: self.view(reference).await.id,
                was: None,
                now,
            };
            let marked = act(&self.app, By::Staff(terry), move |conn, app, act| {
                mark(conn, app, act, run, 1, &[ticked])
            });
            assert!(matches!(marked.await, Marked::Done { changed: 1, .. }));
        }
        tell_daily(&self.app).await.expect("a digest");
    }

    /// People in danger: acknowledged, tried in vain, and one whom nobody has acknowledged while the rota was told.
    async fn danger(&self) {
        let acknowledged = self.sent("Skyler Example", ASubmission::in_danger).await;
        self.does(&acknowledged, Deed::Acknowledge).await;
        self.does(&acknowledged, Deed::Claim).await;
        self.rings(&acknowledged, CallOutcome::NoAnswer, "No voicemail.")
            .await;
        let accepted = self.sent("Toni Example", ASubmission::in_danger).await;
        self.accepts(&accepted).await;
        let spoken = self.sent("Val Example", ASubmission::in_danger).await;
        self.does(&spoken, Deed::Acknowledge).await;
        self.rings(&spoken, CallOutcome::Spoke, "A plan is agreed.").await;
        self.sent("Wynn Example", |mut one| {
            one.0.facts.crisis_now = Some(CrisisNow::PreferNot);
            one
        })
        .await;
        self.sent("Robbie Example", |one| one.in_danger().unfinished())
            .await;
        for _ in 0..3 {
            self.app.clock.advance_minutes(16);
            assert!(escalate(&self.app).await.expect("looked") > 0);
        }
    }

    async fn sent(&self, name: &str, with: impl FnOnce(ASubmission) -> ASubmission) -> Reference {
        self.app.clock.advance_minutes(7);
        let sent = with(submission().named(name)).send(&self.app).await;
        sent.receipt().reference.clone()
    }

    async fn does(&self, reference: &Reference, deed: Deed) {
        self.does_as(self.team.terry, reference, deed).await;
    }

    async fn does_as(&self, by: Id, reference: &Reference, deed: Deed) {
        self.app.clock.advance_minutes(1);
        let told = format!("{deed:?}");
        let reviewing = Reviewing::new(&self.app, reference, None, by, deed).expect("drawn");
        let outcome = review_as(reviewing.by_who_may_end_at_risk(by == self.team.lee)).await;
        assert_eq!(outcome.expect("done"), Outcome::Done, "{told}");
    }

    /// Takes them on; for an assessment where no service has been chosen yet.
    async fn accepts(&self, reference: &Reference) {
        let step = match self.view(reference).await.service {
            ServiceName::Review => Step::Assess,
            ServiceName::Core | ServiceName::Hwb => Step::Two,
        };
        self.does(reference, accept(step)).await;
    }

    async fn view(&self, reference: &Reference) -> ReferralView {
        let (inside, reference) = (self.app.clone(), reference.clone());
        let read = self.app.db.read(move |conn| open(conn, &inside.keys, &reference));
        read.await.expect("read").expect("there")
    }

    async fn seen(&self, reference: &Reference) -> i32 {
        i32::try_from(self.view(reference).await.seen()).expect("short")
    }

    fn ask(&self, way: Way) -> Deed {
        Deed::Ask(Asking {
            question: "How long have you had this?".to_owned(),
            way,
            answer_by: self.app.clock.now().plus_days(7),
        })
    }

    async fn answers(&self, reference: &Reference, words: &str) {
        let answering = Answering::in_words(words, self.app.clock.now()).expect("drawn");
        let (inside, rules) = (self.app.clone(), shipped_rules(&self.app));
        let id = self.view(reference).await.id;
        let kept = self
            .app
            .db
            .write(move |conn| answer(conn, &inside, &rules, id, &answering));
        kept.await.expect("kept");
    }

    async fn rings(&self, reference: &Reference, outcome: CallOutcome, note: &str) {
        self.app.clock.advance_minutes(45);
        let ringing = Ringing::new(self.app.clock.now(), self.team.terry, outcome, note);
        let (inside, ringing) = (self.app.clone(), ringing.expect("drawn"));
        let id = self.view(reference).await.id;
        self.app
            .db
            .write(move |conn| ring(conn, &inside, id, &ringing))
            .await
            .expect("rung");
    }

    async fn holds(&self, reference: &Reference, run: Id) {
        let id = self.view(reference).await.id;
        let held = act(&self.app, By::Patient, move |conn, app, act| {
            hold(conn, app, act, run, id)
        })
        .await;
        assert!(matches!(held, Hold::Held(_)), "{held:?}");
    }
}

fn accept(step: Step) -> Deed {
    Deed::Accept {
        step,
        reason: Some("As suggested.".to_owned()),
        with: None,
    }
}

fn decline(way: Way) -> Deed {
    Deed::Decline(Declining {
        way,
        ..Declining::by_call("With another service.", "The service you are with.")
    })
}

/// The program on a free port.
async fn served(app: &Arc<App>) -> iapt_pad::server::Running {
    let pathways = &app.config.locality.long_term_conditions;
    let (rules, _) = start(
        &app.db,
        DEFAULT_RULES_NAME,
        DEFAULT_RULES,
        pathways,
        app.clock.now(),
    )
    .await
    .expect("rules");
    let house = House {
        app: app.clone(),
        rules: Arc::new(rules),
        further: |_| {},
    };
    house.open(2).await.expect("listening")
}

/// A person who has filled in two pages: the cookies of their browser.
fn a_draft(base: &str) -> String {
    let mut cookies: BTreeMap<String, String> = BTreeMap::new();
    let you = "name=Robin+Draft&birth-day=29&birth-month=2&birth-year=1980&gp_in_area=yes&gp_surgery=Example";
    for (path, form) in [
        ("/", "then=without"),
        ("/refer/1", "crisis_now=no"),
        ("/refer/2", you),
    ] {
        let request = ureq::http::Request::builder()
            .method("POST")
            .uri(format!("{base}{path}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", joined(&cookies))
            .body(form)
            .expect("a request");
        let answer = agent().run(request).expect("an answer");
        assert_eq!(answer.status().as_u16(), 303, "{path}");
        for set in answer.headers().get_all("set-cookie") {
            let set = set.to_str().expect("text").split(';').next().expect("a cookie");
            let (name, value) = set.split_once('=').expect("a name");
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
    cookies.retain(|_, value| !value.is_empty());
    joined(&cookies)
}

fn joined(cookies: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("; ")
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .build()
        .into()
}

/// The browser with this draft goes on: what was typed still stands there. Drafts rest for an hour before their date of
/// birth is asked for, so the clock is set back to when it was written.
pub async fn draft_opens(app: &Arc<App>, draft: &str) {
    let (now, draft) = (app.clock.now(), draft.to_owned());
    app.clock.set(written());
    let running = served(app).await;
    let address = format!("http://{}/refer/2", running.address);
    let read = tokio::task::spawn_blocking(move || {
        let mut answer = agent()
            .get(&address)
            .header("cookie", &draft)
            .call()
            .expect("an answer");
        answer.body_mut().read_to_string().expect("a page")
    });
    let page = read.await.expect("read");
    running.stop().await.expect("stopped");
    app.clock.set(now);
    assert!(page.contains("Robin Draft"), "the draft is gone: {page}");
}

/// When the draft was written.
fn written() -> Ts {
    at("2026-11-23T10:00:00Z")
}
