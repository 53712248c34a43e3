//! One of everything is written, then the raw files of the database are searched for every name, number, address,
//! code, token and password. Whoever steals a disk or a backup finds none of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diesel::connection::SimpleConnection;
use iapt_pad::app::App;
use iapt_pad::config::{DatabaseUrl, Mail};
use iapt_pad::db::{Conn, Db};
use iapt_pad::pads::template::Templates;
use iapt_pad::pads::{Lasting, Order, SlipCount, issue_electronic, mint_unprinted};
use iapt_pad::questionnaire::Answers;
use iapt_pad::referrals::{
    Answered, Answering, Asking, ContactOutcome, Contacting, Declining, Deed, EarlierPhone, Outcome, Person,
    Reference, Way, answer, record_contact, review,
};
use iapt_pad::staff::{
    Added, Attempt, ClinicCode, DisplayName, KeyLabel, NewAccount, Role, Scope, SignIn, Username,
    add_account, add_clinic, add_key, sign_in,
};
use iapt_pad::values::{Email, Id};

use crate::support::app::{monday_morning, test_app};
use crate::support::databases::{Fresh, cluster, on_both};
use crate::support::referrals::{shipped_rules, submission};

/// What must not be found, by what it is.
type Secrets = BTreeMap<&'static str, String>;

/// A person all of whose words are found nowhere else.
fn person() -> Person {
    Person {
        name: "Zebedee Quillfeather".to_owned(),
        date_of_birth: Some(jiff::civil::date(1961, 7, 19)),
        nhs_number: Some("9990023115".to_owned()),
        email: Some("zebedee.quill@example.org".to_owned()),
        phone: Some("+447700900987".to_owned()),
        voicemail_ok: true,
        text_ok: true,
        write_ok: true,
        best_time: Some("after my crumpets".to_owned()),
        address: vec!["17 Wobblestone Crescent".to_owned()],
        earlier_phones: vec![EarlierPhone {
            number: "+447700900789".to_owned(),
            voicemail_ok: false,
            until: jiff::civil::date(2026, 11, 23),
            reached_by: None,
        }],
        postcode: Some("ZZ99 3VZ".to_owned()),
        gp_surgery: Some("Bumblethwaite Surgery".to_owned()),
        gp_ods: Some("Q98765".to_owned()),
        helper: Some("Cousin Thistlewick".to_owned()),
    }
}

async fn write_one_of_everything(app: &Arc<App>) -> Secrets {
    let mut secrets = Secrets::new();
    let now = app.clock.now();
    let clinic = add_clinic(
        &app.db,
        now,
        ClinicCode::parse("NORTH").expect("a code"),
        name("North clinic"),
    )
    .await;
    let clinic = clinic.expect("added").expect("new");
    let account = NewAccount {
        username: Username::parse("terry").expect("a name"),
        display_name: name("Terry Testcase"),
        role: Role::Triage,
        clinic: None,
    };
    let Added::Yes { id: staff, password } = add_account(&app.db, now, account).await.expect("added") else {
        panic!("the account is new");
    };
    secrets.insert("password", password.reveal().to_owned());
    let attempt = Attempt {
        username: "terry",
        password: password.reveal(),
        address: "198.51.100.77".parse().ok(),
    };
    let SignIn::Admitted { token, .. } = sign_in(&app.db, &app.keys, now, attempt).await.expect("asked")
    else {
        panic!("the password is right");
    };
    secrets.insert("session token", token.reveal());
    let label = KeyLabel::parse("A system").expect("a label");
    let (_, key) = add_key(&app.db, &app.keys, now, &label, &Scope::ALL, None)
        .await
        .expect("a key");
    secrets.insert("API key", key.reveal());
    add_slips(app, clinic, staff, &mut secrets).await;
    add_referral(app, staff, &mut secrets).await;
    secrets
}

fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).expect("a name")
}

async fn add_slips(app: &Arc<App>, clinic: Id, staff: Id, secrets: &mut Secrets) {
    let templates = Templates::shipped().expect("templates");
    let template = templates.iter().next().expect("a template");
    let order = Order {
        clinic: (clinic, "North clinic".to_owned()),
        physio: None,
        service: None,
        slips: SlipCount::parse("2", 2).expect("two"),
        lasting: Lasting::AsUsual,
        by: Some(staff),
    };
    let (_, codes) = mint_unprinted(app, template, order.clone())
        .await
        .expect("minted");
    secrets.insert("code of a printed slip", codes[0].compact());
    let email = Email::parse("slip.receiver@example.org").expect("an address");
    let issued = issue_electronic(app, template, order, Some(email))
        .await
        .expect("issued");
    secrets.insert("code of an electronic slip", issued.code.compact());
    secrets.insert("code as shown", issued.code.to_string());
    secrets.insert("e-mail address of a slip", "slip.receiver".to_owned());
}

async fn add_referral(app: &Arc<App>, staff: Id, secrets: &mut Secrets) {
    let mut form = submission().in_danger();
    form.0.person = person();
    form.0.answers = Some(Answers {
        anything_else: Some("My parrot Wellington worries me".to_owned()),
        ..Answers::default()
    });
    form.0.needs_checking = vec!["postcode Froddlebury".to_owned()];
    let sent = form.send(app).await;
    let reference = sent.receipt().expect("a receipt").reference.clone();
    let token = sent.receipt().expect("a receipt").token.expose().to_owned();
    for deed in [
        Deed::Acknowledge,
        Deed::Note("Spoke to Gertrude Marshmallow next door".to_owned()),
        Deed::Decline(Declining {
            told: Some("Dr Mallowfield, by phone".to_owned()),
            ..Declining::by_call("Prefers the Hummingbird Centre", "The Larkspur House")
        }),
    ] {
        review(app, &reference, None, staff, deed)
            .await
            .expect("reviewed");
    }
    ring_and_ask(app, sent.receipt().expect("a receipt").id, &reference, staff).await;
    let person = person();
    let texts = [
        ("token of the own page", token),
        ("first name", "Zebedee".to_owned()),
        ("last name", "Quillfeather".to_owned()),
        ("date of birth", "1961-07-19".to_owned()),
        ("NHS number", "9990023115".to_owned()),
        ("e-mail", "zebedee.quill".to_owned()),
        ("phone", "7700900987".to_owned()),
        ("earlier phone", "7700900789".to_owned()),
        ("best time", "crumpets".to_owned()),
        ("address", "Wobblestone".to_owned()),
        ("postcode", "ZZ99 3VZ".to_owned()),
        ("surgery", "Bumblethwaite".to_owned()),
        ("ODS code", "Q98765".to_owned()),
        ("helper", "Thistlewick".to_owned()),
        ("free text", "Wellington".to_owned()),
        ("a field to check", "Froddlebury".to_owned()),
        ("a note", "Marshmallow".to_owned()),
        ("a reason", "Hummingbird".to_owned()),
        ("where somebody was pointed to", "Larkspur".to_owned()),
        ("what was said on the phone", "Peppercorn".to_owned()),
        ("what was asked", "Dandelion".to_owned()),
        ("what was answered", "Buttercup".to_owned()),
        ("who was told", "Mallowfield".to_owned()),
        ("a fact", "crisis_now".to_owned()),
        ("address of a visitor", "198.51.100.77".to_owned()),
    ];
    assert_eq!(person.name, "Zebedee Quillfeather");
    secrets.extend(texts);
}

/// A call with a note, a question and its answer.
async fn ring_and_ask(app: &Arc<App>, id: Id, reference: &Reference, staff: Id) {
    let now = app.clock.now();
    let ringing =
        Contacting::new(now, staff, ContactOutcome::NoAnswer, "Asked for Peppercorn").expect("randomness");
    let answering = Answering::in_words("Ask for Buttercup", now).expect("randomness");
    let reopen = Deed::Reopen {
        reason: "rang back".to_owned(),
    };
    let asking = Deed::Ask(Asking {
        question: "Is Dandelion still your dog?".to_owned(),
        way: Way::Call,
        answer_by: now.plus_days(7),
    });
    for deed in [reopen, Deed::Acknowledge, asking] {
        let done = review(app, reference, None, staff, deed).await;
        assert_eq!(done.expect("reviewed"), Outcome::Done);
    }
    let (inside, rules) = (app.clone(), shipped_rules(app));
    let kept = app.db.write(move |conn| {
        record_contact(conn, &inside, id, &ringing)?;
        answer(conn, &inside, &rules, id, &answering)
    });
    assert_eq!(kept.await.expect("kept"), Answered::Kept);
}

/// Every file below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path)
            } else {
                files.push(path)
            }
        }
    }
    files
}

/// Case does not hide anything. The standard library's own search is fast even in a debug build.
fn readable(content: &[u8]) -> String {
    String::from_utf8_lossy(content).to_ascii_lowercase()
}

async fn make_durable(db: &Db) {
    db.write(|conn| {
        // PostgreSQL refuses CHECKPOINT to nobody here: the cluster belongs to the tests.
        match conn {
            Conn::Sqlite(_) => {}
            Conn::Pg(c) => c.batch_execute("CHECKPOINT")?,
        }
        Ok(())
    })
    .await
    .expect("on disk");
}

fn search(folder: &Path, only: impl Fn(&Path) -> bool, secrets: &Secrets) -> (usize, bool) {
    let mut bytes = 0;
    let mut found_plain = false;
    for file in files_below(folder).into_iter().filter(|file| only(file)) {
        let Ok(content) = std::fs::read(&file) else {
            continue;
        };
        bytes += content.len();
        let text = readable(&content);
        found_plain |= text.contains("north clinic");
        for (what, secret) in secrets {
            assert!(
                !text.contains(&secret.to_ascii_lowercase()),
                "{what} stands in {}",
                file.display()
            );
        }
    }
    (bytes, found_plain)
}

#[test]
fn no_name_number_address_code_or_token_is_in_the_raw_files() {
    on_both(|fresh: Fresh| async move {
        let url = fresh.url.clone();
        let mail = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
        let app = Arc::new(test_app(fresh.db, monday_morning(), Mail::Captured(mail)).await);
        let secrets = write_one_of_everything(&app).await;
        make_durable(&app.db).await;
        let (bytes, found_plain) = match &url {
            DatabaseUrl::Sqlite(path) => search(path.parent().expect("a folder"), |_| true, &secrets),
            DatabaseUrl::Postgres(address) => {
                let name = address
                    .rsplit('/')
                    .next()
                    .and_then(|rest| rest.split('?').next())
                    .expect("a name");
                let cluster = cluster().expect("a cluster");
                let oid = oid_of(&app.db, name).await;
                let base = Path::new(&cluster.folder).join("data/base").join(oid);
                search(&base, |_| true, &secrets)
            }
        };
        assert!(
            bytes > 50_000 && found_plain,
            "the search looked at the right files: {bytes} bytes"
        );
    });
}

/// The folder of one database below a cluster's `base`.
async fn oid_of(db: &Db, name: &str) -> String {
    use diesel::prelude::*;
    use diesel::sql_types::Text;
    #[derive(QueryableByName)]
    struct Oid {
        #[diesel(sql_type = Text)]
        oid: String,
    }
    let name = name.to_owned();
    db.read(move |conn| match conn {
        Conn::Sqlite(_) => unreachable!("asked of PostgreSQL alone"),
        Conn::Pg(c) => {
            let query = diesel::sql_query("SELECT oid::text AS oid FROM pg_database WHERE datname = $1");
            let row: Oid = query.bind::<Text, _>(name).get_result(*c)?;
            Ok(row.oid)
        }
    })
    .await
    .expect("an oid")
}
