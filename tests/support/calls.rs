//! Contact that is owed to patients, and attempts to make it.

use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::booking::{self, Act};
use iapt_pad::referrals::{
    By, ContactOutcome, ContactPlan, Contacting, Promise, Recorded, Subject, contact_plan, list_to_contact,
};
use iapt_pad::values::Id;

/// What is owed to the patient of this referral, and was.
pub async fn plan(app: &Arc<App>, referral: Id) -> ContactPlan {
    let read = app.db.read(move |conn| contact_plan(conn, referral));
    read.await.expect("a plan")
}

/// The open promises that pass on news about places, of everybody.
pub async fn place_calls(app: &Arc<App>) -> Vec<Promise> {
    let far = app.clock.now().plus_days(1000);
    let plans = app.db.read(move |conn| list_to_contact(conn, far, 1000));
    let plans = plans.await.expect("plans");
    let open = plans
        .iter()
        .flat_map(|plan| plan.open().cloned().collect::<Vec<_>>());
    open.filter(|promise| promise.subject.is_place_news()).collect()
}

/// Subjects of the open promises about the place of one person.
pub async fn place_subjects(app: &Arc<App>, referral: Id) -> Vec<Subject> {
    let calls = place_calls(app).await;
    let mine = calls.iter().filter(|promise| promise.referral == referral);
    mine.map(|promise| promise.subject).collect()
}

/// Records an attempt to reach a patient.
pub async fn record(app: &Arc<App>, by: Id, referral: Id, outcome: ContactOutcome) -> Recorded {
    let now = app.clock.now();
    let contacting = Contacting::new(now, by, outcome, "").expect("randomness");
    let act = Act::draw(now, By::Staff(by)).expect("an act");
    let inside = app.clone();
    let recorded = app
        .db
        .write(move |conn| booking::record_contact(conn, &inside, &act, referral, &contacting));
    recorded.await.expect("recorded")
}
