//! Who works there, who has left, and who is told of what at night.

use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::config::{RotaEntry, Shift};
use iapt_pad::notify::{RotaChange, RotaPerson, change_rota, import_rota};
use iapt_pad::staff::{
    Added, Attempt, ClinicCode, DisplayName, NewAccount, Password, Role, Username, add_account_with,
    add_clinic, disable_account, sign_in,
};
use iapt_pad::values::Id;

const PASSWORD: &str = "one-two-three-four";

/// Who works there.
#[derive(Clone, Copy)]
pub(super) struct Team {
    pub(super) terry: Id,
    pub(super) lee: Id,
    pub(super) leaver: Id,
    pub(super) physio: Id,
    pub(super) clinic: Id,
}

pub(super) async fn engage(app: &Arc<App>) -> Team {
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
    disable_account(db, now, team.leaver).await.expect("stopped");
    import_rota(db, &app.config.locality.rota, now)
        .await
        .expect("a rota");
    let entry = RotaEntry {
        name: "Night duty".to_owned(),
        email: "night@talking.example.org".to_owned(),
        phone: "0114 496 0119".to_owned(),
        shifts: vec![Shift::parse("Mon-Fri 17:00-09:00").expect("a shift")],
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
