//! What a named person decides about a referral. Each verb changes the state through one function, writes one
//! event with the person's name behind it, and tells kindly when somebody else was first.

use std::sync::Arc;

use super::contact_promise::ContactPlan;
use super::deciding::{Circumstances, apply};
use super::deed::Deed;
use super::escalation::has_seen_enough;
use super::follow_up;
use super::messages;
use super::person::Person;
use super::reference::Reference;
use super::state::ReviewState;
use super::store::{self, NewEvent, Row, promises};
use super::timeline::By;
use crate::app::App;
use crate::db::{Conn, Result};
use crate::notify;
use crate::triage::{Priority, Step};
use crate::values::{Id, Ts, random};

/// What became of a deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// There is no such referral.
    Missing,
    /// Somebody changed the referral since the page was loaded; nothing was done.
    ChangedMeanwhile,
    /// The state does not allow it.
    NotFrom(ReviewState),
    /// An urgent referral is acknowledged by name before it is ended, or its patient asked for more.
    AcknowledgeFirst,
    /// Already so.
    AlreadySo,
    /// So many calls are missing before it may be closed as "could not reach".
    TryAgain(u32),
    /// Somebody's safety is in question: only a lead ends it so.
    LeadOnly,
    /// Somebody's safety is in question: it ends only with who was told, by name.
    SayWhoWasTold,
    /// The step decided differs from the suggestion, and nobody says why.
    SayWhy,
    /// No service has been chosen yet: in review it is accepted for an assessment only.
    ChooseService,
    /// The patient cannot, or may not, be told this way.
    NotThisWay,
}

/// A deed on its way: who does what to which referral, with what is drawn before the transaction.
#[derive(Clone)]
pub struct Reviewing {
    app: Arc<App>,
    reference: Reference,
    seen: Option<i32>,
    staff: Id,
    may_end_at_risk: bool,
    deed: Deed,
    now: Ts,
    salt: [u8; 16],
    notice: Id,
    moved_notice: Id,
}

impl Reviewing {
    /// Prepares a deed. `seen` is the length of the timeline on the page the person looked at; `None` for deeds
    /// that do not depend on it (a note).
    pub fn new(
        app: &Arc<App>,
        reference: &Reference,
        seen: Option<i32>,
        staff: Id,
        deed: Deed,
    ) -> Result<Self> {
        Ok(Self {
            app: app.clone(),
            reference: reference.clone(),
            seen,
            staff,
            may_end_at_risk: false,
            deed,
            now: app.clock.now(),
            salt: random()?,
            notice: Id::new(),
            moved_notice: Id::new(),
        })
    }

    /// Whether the person may end a referral although somebody's safety is in question: what the policy of `staff`
    /// says of their role.
    pub fn by_who_may_end_at_risk(mut self, may: bool) -> Self {
        self.may_end_at_risk = may;
        self
    }
}

/// Does a deed; `seen` as in [`Reviewing::new`].
pub async fn review(
    app: &Arc<App>,
    reference: &Reference,
    seen: Option<i32>,
    staff: Id,
    deed: Deed,
) -> Result<Outcome> {
    review_as(Reviewing::new(app, reference, seen, staff, deed)?).await
}

/// Does a prepared deed.
pub async fn review_as(reviewing: Reviewing) -> Result<Outcome> {
    let app = reviewing.app.clone();
    let outcome = app.db.write(move |conn| review_within(conn, &reviewing)).await?;
    app.mailer.nudge();
    Ok(outcome)
}

/// Does a deed inside the caller's transaction, for deeds that take a place with them. The caller nudges the mailer.
pub fn review_within(conn: &mut Conn<'_>, reviewing: &Reviewing) -> Result<Outcome> {
    let Reviewing { app, deed, now, .. } = reviewing;
    let Some(mut row) = store::find_by_reference(conn, &reviewing.reference)? else {
        return Ok(Outcome::Missing);
    };
    if let Some(seen) = reviewing.seen
        && !has_seen_enough(conn, row.id, row.head_seq, seen)?
    {
        return Ok(Outcome::ChangedMeanwhile);
    }
    let before = row.clone();
    let person = row.open_person(&app.keys)?;
    let plan = promises::plan_of(conn, row.id)?;
    let suggested = row.open_case(&app.keys)?.decision.step;
    let with = circumstances(reviewing, suggested, &person, &plan);
    if let Some(refused) = apply(&mut row, deed, &with) {
        return Ok(refused);
    }
    row.queue = row.proper_queue();
    let payload = deed.payload(before.service, plan.tries());
    let event = NewEvent {
        kind: deed.kind(),
        by: By::Staff(reviewing.staff),
        at: *now,
        payload: &payload,
        salt: reviewing.salt,
    };
    let event = store::chain_event(&app.keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, before.head_seq)? {
        return Err(crate::db::Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    tell(conn, reviewing, (&before, &row), (&person, &plan))?;
    Ok(Outcome::Done)
}

fn circumstances<'a>(
    reviewing: &Reviewing,
    suggested: Step,
    person: &Person,
    plan: &'a ContactPlan,
) -> Circumstances<'a> {
    Circumstances {
        suggested,
        staff: reviewing.staff,
        now: reviewing.now,
        may_end_at_risk: reviewing.may_end_at_risk,
        plan,
        attempts: u32::from(reviewing.app.config.locality.contact.attempts),
        has_number: person.can_be_rung() && !plan.number_wrong(),
        may_mail: person.may_mail(),
        may_post: person.may_post(),
    }
}

/// What follows from an action beside the row: what is owed to the patient, and messages.
fn tell(
    conn: &mut Conn<'_>,
    reviewing: &Reviewing,
    (before, row): (&Row, &Row),
    (person, plan): (&Person, &ContactPlan),
) -> Result<()> {
    let Reviewing { app, now, notice, .. } = reviewing;
    if acted_on(row) {
        notify::cancel_urgent(conn, row.id, *now)?;
    }
    if row.died_at.is_some() {
        notify::cancel_all(conn, row.id, *now)?;
    }
    let actor = follow_up::Actor {
        staff: reviewing.staff,
        is_lead: reviewing.may_end_at_risk,
        now: *now,
    };
    let moved = row.state != before.state;
    let hours = &app.config.locality.hours;
    let mut follows = follow_up::after(&reviewing.deed, moved, plan, hours, actor);
    if let Some(to) = person.sound_email().filter(|_| follows.asks_to_look) {
        let token = row.token(&app.keys)?;
        let message = messages::look(&app.config, to, row.id, &reviewing.reference, &token);
        notify::enqueue(conn, &app.keys, *notice, &message, *now)?;
        if let Some(promise) = follows.promises.first_mut() {
            promise.message = Some(*notice);
        }
    }
    promises::put(conn, row.id, &follows.promises)?;
    if row.service != before.service {
        let told = messages::to_service(
            &app.config,
            row.service,
            row.priority(),
            row.id,
            &reviewing.reference,
        );
        notify::enqueue(conn, &app.keys, *notice, &told, *now)?;
        tell_former_service(conn, reviewing, before, row)?;
    }
    Ok(())
}

/// Whoever was told of somebody urgent learns who has them now, so that no two services act, and none waits for the other.
fn tell_former_service(conn: &mut Conn<'_>, reviewing: &Reviewing, before: &Row, row: &Row) -> Result<()> {
    let Reviewing { app, now, .. } = reviewing;
    let mailbox = |service| &app.config.locality.service(service).mailbox;
    let same = mailbox(before.service).eq_ignore_ascii_case(mailbox(row.service));
    if row.priority() > Priority::P2 || same {
        return Ok(());
    }
    let told = messages::is_now_with(
        &app.config,
        before.service,
        row.service,
        row.id,
        &reviewing.reference,
    );
    notify::enqueue(conn, &app.keys, reviewing.moved_notice, &told, *now)
}

/// Whether a named person has it in hand, so that mail need not go on to the next on the rota.
fn acted_on(row: &Row) -> bool {
    row.acknowledged_at.is_some() || !(row.state.awaits_triage() || row.needs_acknowledging())
}
