//! The verb behind every door. In one transaction: the slip is used, the rules are asked, and the referral, its
//! first event and the notices are written. A repetition changes nothing; a second submission with the same slip
//! by the same person adds to the first and tells its sender nothing of it; nobody is turned away because of a slip.

use std::sync::Arc;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::case_sheet::CaseSheet;
use super::escalation::{self, Sounding};
use super::event_kind::EventKind;
use super::messages;
use super::promise::first_contact;
use super::raising::{RaiseDrawn, raise_others};
use super::reference::{ManageToken, Reference};
use super::sharing;
use super::shelf::pathways;
use super::state::{Queue, ReviewState};
use super::store::{self, NewEvent, Row};
use super::submission::{Door, Receipt, Submission, Submitted};
use super::timeline::Payload;
use super::worrying_words::WordsFound;
use crate::app::App;
use crate::config::ServiceName;
use crate::db::{Conn, Error, Haste, Result};
use crate::notify;
use crate::pads::{self, Scan, SlipView};
use crate::triage::{Decision, Facts, RuleSet, SelfBooking, contact_by, decide, is_safety_flag};
use crate::values::{Id, Purpose, SlipCode, Ts, random};

/// How often a submission is placed anew when two arrive in the same instant.
const TRIES: u32 = 3;

/// Submits. Resolves once the referral is durable, in its queue and its notices written.
pub async fn submit(app: &Arc<App>, rules: &Arc<RuleSet>, submission: Submission) -> Result<Submitted> {
    submit_within(app, rules, submission, |conn, place| place(conn)).await
}

/// Submits, with something of the door's own in the same transaction: `around` looks first whether it knows this
/// submission already, places it or not, and writes down what the door must remember. It may run again, so it does
/// nothing but SQL.
pub async fn submit_within<T, F>(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    submission: Submission,
    around: F,
) -> Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Conn<'_>, &dyn Fn(&mut Conn<'_>) -> Result<Submitted>) -> Result<T> + Send + Sync + 'static,
{
    let (submission, around) = (Arc::new(submission), Arc::new(around));
    let mut tries = 1;
    loop {
        let words_found = WordsFound::default();
        let placing = Placing {
            app: app.clone(),
            rules: rules.clone(),
            submission: submission.clone(),
            drawn: Drawn::draw(app.clock.now())?,
            words_found: words_found.clone(),
        };
        let haste = haste(rules, &submission);
        let around = around.clone();
        let work = move |conn: &mut Conn<'_>| around(conn, &|conn| placing.place(conn));
        match app.db.write_in(haste, work).await {
            // Two doors in one instant: the loser looks again and finds what the winner wrote.
            Err(Error::Database(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
                if tries < TRIES =>
            {
                tries += 1;
            }
            Err(refused) => return Err(refused),
            Ok(submitted) => {
                words_found.count();
                app.mailer.nudge();
                return Ok(submitted);
            }
        }
    }
}

/// Adds what the sender of answers that were added to another's referral says after that: a worrying answer from a page
/// that the browser had kept. Of the person nothing is known here.
pub async fn submit_more(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    referral: Id,
    submission: Submission,
) -> Result<()> {
    let words_found = WordsFound::default();
    let placing = Placing {
        app: app.clone(),
        rules: rules.clone(),
        submission: Arc::new(submission),
        drawn: Drawn::draw(app.clock.now())?,
        words_found: words_found.clone(),
    };
    app.db
        .write_urgent(move |conn| placing.add_more(conn, referral))
        .await?;
    words_found.count();
    app.mailer.nudge();
    Ok(())
}

/// Whether it has to be kept before all else: it was written because of a worrying answer, somebody types it while a
/// person is on the phone, or the rules want somebody to look at it today.
fn haste(rules: &RuleSet, submission: &Submission) -> Haste {
    let urgent = submission.incomplete
        || submission.door == Door::Staff
        || decide(rules, &submission.facts).is_urgent();
    match urgent {
        true => Haste::Urgent,
        false => Haste::Ordinary,
    }
}

/// What is drawn before the transaction, because a transaction may run twice.
pub(super) struct Drawn {
    id: Id,
    references: [Reference; 3],
    salt: [u8; 16],
    to_service: Sounding,
    to_patient: Id,
    raising: Vec<RaiseDrawn>,
    pub now: Ts,
}

impl Drawn {
    fn draw(now: Ts) -> Result<Self> {
        let references = [random()?, random()?, random()?].map(Reference::from_bytes);
        Ok(Self {
            // As of the moment of receipt, so that lists by receipt follow the id.
            id: Id::drawn_at(now),
            references,
            salt: random()?,
            to_service: Sounding::draw(),
            to_patient: Id::new(),
            raising: RaiseDrawn::draw_all()?,
            now,
        })
    }
}

/// One submission on its way into the database.
pub(super) struct Placing {
    pub app: Arc<App>,
    rules: Arc<RuleSet>,
    pub submission: Arc<Submission>,
    pub drawn: Drawn,
    pub words_found: WordsFound,
}

/// What the slip allows: which slip to tie to the referral, and what triage must know about it.
struct Tie {
    slip: Option<SlipView>,
    uses_it: bool,
    flag: Option<&'static str>,
}

impl Tie {
    /// The slip that this submission uses.
    fn using(slip: SlipView) -> Self {
        Tie {
            slip: Some(slip),
            uses_it: true,
            flag: None,
        }
    }

    /// A slip that it came with and cannot use.
    fn of(slip: SlipView, flag: &'static str) -> Self {
        Tie {
            slip: Some(slip),
            uses_it: false,
            flag: Some(flag),
        }
    }

    /// No slip of ours.
    fn nothing(flag: Option<&'static str>) -> Self {
        Tie {
            slip: None,
            uses_it: false,
            flag,
        }
    }
}

impl Placing {
    fn place(&self, conn: &mut Conn<'_>) -> Result<Submitted> {
        self.words_found.clear();
        if let Some(row) = store::find_by_draft(conn, self.submission.draft_id)? {
            return self.come_again(conn, row);
        }
        let Some(code) = &self.submission.slip else {
            return self.create(conn, Tie::nothing(None));
        };
        match self.scan(conn, code)? {
            Scan::Unused(slip) if pads::mark_used(conn, slip.id, self.drawn.now)? => {
                self.create(conn, Tie::using(slip))
            }
            Scan::Unused(slip) | Scan::Used(slip) => self.with_used_slip(conn, slip),
            Scan::Void(slip) => self.create(conn, Tie::of(slip, "SLIP_VOID")),
            Scan::Expired(slip) => self.create(conn, Tie::of(slip, "SLIP_EXPIRED")),
            Scan::Unknown => self.create(conn, Tie::nothing(Some("SLIP_UNKNOWN"))),
        }
    }

    /// What the code leads to for this sender. Who is bound to a clinic knows no slip of another.
    pub(super) fn scan(&self, conn: &mut Conn<'_>, code: &SlipCode) -> Result<Scan> {
        let scan = pads::resolve(conn, &self.app.keys, code, self.drawn.now)?;
        let is_theirs = match (self.submission.bound_to, scan.slip()) {
            (Some(own), Some(slip)) => slip.clinic_id == own,
            (Some(_), None) | (None, Some(_)) | (None, None) => true,
        };
        Ok(if is_theirs { scan } else { Scan::Unknown })
    }

    fn with_used_slip(&self, conn: &mut Conn<'_>, slip: SlipView) -> Result<Submitted> {
        match store::find_by_slip(conn, slip.id)? {
            // The second tap of the form whose first tap used the slip in this instant.
            Some(first) if first.draft_id == self.submission.draft_id => self.come_again(conn, first),
            Some(first)
                if first
                    .open_person(&self.app.keys)?
                    .is_same_as(&self.submission.person) =>
            {
                self.add_from_another(conn, first)
            }
            Some(_) | None => self.create(conn, Tie::of(slip, "SLIP_USED")),
        }
    }

    pub(super) fn decide(&self, pad_target: Option<ServiceName>, flag: Option<&str>) -> CaseSheet {
        let mut facts = self.submission.facts.clone();
        facts.pad_target = pad_target;
        self.decide_by(facts, flag)
    }

    pub(super) fn decide_by(&self, facts: Facts, flag: Option<&str>) -> CaseSheet {
        let mut decision = decide(&self.rules, &facts);
        if let Some(flag) = flag {
            decision.add_flag(flag);
        }
        if self.submission.unknown_code {
            decision.add_flag("SLIP_UNKNOWN");
        }
        if !self.submission.needs_checking.is_empty() {
            decision.add_flag("NEEDS_CHECKING");
            decision.booking = SelfBooking::None;
        }
        if self.submission.incomplete {
            decision.booking = SelfBooking::None;
        }
        CaseSheet {
            facts,
            not_asked: self.submission.not_asked.clone(),
            answers: self.submission.answers.clone().map(Box::new),
            needs_checking: self.submission.needs_checking.clone(),
            decision,
        }
    }

    fn create(&self, conn: &mut Conn<'_>, tie: Tie) -> Result<Submitted> {
        let sheet = self.decide(tie.slip.as_ref().and_then(|slip| slip.service), tie.flag);
        let reference = store::first_free(conn, &self.drawn.references)?;
        let reference = reference.ok_or_else(|| anyhow::anyhow!("no free reference was drawn"))?;
        let mut row = self.new_row(reference, &tie, &sheet)?;
        let kind = if self.submission.incomplete {
            EventKind::RiskAnswerKept
        } else {
            EventKind::Received
        };
        self.words_found
            .note(&sheet, None, &self.app.config.locality.risk_words);
        let payload = Payload::case(sheet.clone());
        let event = store::chain_event(&self.app.keys, &mut row, &self.event(kind, &payload))?;
        let when = (row.contact_by, row.received_at);
        let first = first_contact(row.id, &self.submission.person, row.priority(), when);
        store::insert_referral(conn, &row, &first)?;
        store::insert_event(conn, &event)?;
        store::insert_terms(conn, row.id, &self.submission.person.terms(&self.app.keys)?)?;
        sharing::tell_used(conn, &row)?;
        self.tell_service(conn, &row, reference, &sheet.decision, false)?;
        self.confirm_to_patient(conn, &row, reference)?;
        self.raise_others(conn, &row, &sheet.decision)?;
        Ok(Submitted::Created(self.receipt(&row, sheet.decision)?))
    }

    /// Raises the open referrals that may be about the same person, where this one brings a risk answer.
    pub(super) fn raise_others(&self, conn: &mut Conn<'_>, row: &Row, decision: &Decision) -> Result<()> {
        let drawn = &self.drawn;
        raise_others(conn, &self.app, row, decision, &drawn.raising, drawn.now)
    }

    fn new_row(&self, reference: &Reference, tie: &Tie, sheet: &CaseSheet) -> Result<Row> {
        let Self {
            app,
            submission,
            drawn,
            ..
        } = self;
        let decision = &sheet.decision;
        let state = if submission.incomplete {
            ReviewState::Incomplete
        } else {
            ReviewState::New
        };
        let slip = tie.slip.as_ref();
        Ok(Row {
            id: drawn.id,
            reference: reference.as_str().to_owned(),
            draft_id: submission.draft_id,
            slip_id: slip.filter(|_| tie.uses_it).map(|slip| slip.id),
            clinic_id: slip.map(|slip| slip.clinic_id),
            source: submission.facts.source,
            door: submission.door,
            state,
            queue: Queue::of(
                state,
                decision.priority,
                decision.flags.iter().any(|flag| is_safety_flag(flag)),
                false,
            ),
            service: decision.service,
            step: decision.step,
            priority: i32::from(decision.priority.number()),
            booking: decision.booking,
            flags: decision.flags.join(" "),
            rules_version: decision.rules_version.clone(),
            person: app
                .keys
                .seal_json(Purpose::Person, drawn.id, &submission.person)?,
            list_name: app
                .keys
                .seal(Purpose::Person, drawn.id, submission.person.name.as_bytes())?,
            case_sheet: app.keys.seal_json(Purpose::Person, drawn.id, sheet)?,
            share_status: submission.share_status,
            manage_hash: ManageToken::of(&app.keys, drawn.id, 0)?.hash(&app.keys)?.to_vec(),
            link_generation: 0,
            received_at: drawn.now,
            contact_by: contact_by(decision.priority, drawn.now, &app.config.locality.hours),
            acknowledged_by: None,
            acknowledged_at: None,
            claimed_by: None,
            claimed_at: None,
            started_at: None,
            head_seq: 0,
            head_mac: Vec::new(),
            pathways: Some(pathways(&sheet.facts.ltc, decision.booking)),
            died_at: None,
        })
    }

    pub(super) fn event<'a>(&self, kind: EventKind, payload: &'a Payload) -> NewEvent<'a> {
        NewEvent {
            kind,
            by: self.submission.by,
            at: self.drawn.now,
            payload,
            salt: self.drawn.salt,
        }
    }

    pub(super) fn tell_service(
        &self,
        conn: &mut Conn<'_>,
        row: &Row,
        reference: &Reference,
        told: &Decision,
        was_running: bool,
    ) -> Result<()> {
        let drawn = (self.drawn.to_service, self.drawn.now);
        escalation::tell_service(
            conn,
            &self.app,
            row,
            (reference, told.priority),
            drawn,
            was_running,
        )
    }

    /// Only when the form is finished, the patient agreed to be referred and to be written to.
    pub(super) fn confirm_to_patient(
        &self,
        conn: &mut Conn<'_>,
        row: &Row,
        reference: &Reference,
    ) -> Result<()> {
        let Submission {
            person,
            facts,
            incomplete,
            ..
        } = &*self.submission;
        let Some(email) = person
            .sound_email()
            .filter(|_| person.write_ok && facts.agreed && !incomplete)
        else {
            return Ok(());
        };
        let token = row.token(&self.app.keys)?;
        let message = messages::to_patient(&self.app.config, email, row.id, reference, &token);
        notify::enqueue(
            conn,
            &self.app.keys,
            self.drawn.to_patient,
            &message,
            self.drawn.now,
        )
    }

    /// Sends the link to the own page once more, to the address on record and nowhere else, if it may be written to. A
    /// day passes before it goes again.
    pub(super) fn send_link_again(&self, conn: &mut Conn<'_>, row: &Row, agreed: bool) -> Result<()> {
        let person = row.open_person(&self.app.keys)?;
        let day_ago = self.drawn.now.plus_days(-1);
        let Some(email) = person
            .email
            .as_ref()
            .filter(|_| person.may_mail() && agreed && row.died_at.is_none())
        else {
            return Ok(());
        };
        if store::count_events_since(conn, row.id, EventKind::AnswersAdded, day_ago)? > 1 {
            return Ok(());
        }
        let token = row.token(&self.app.keys)?;
        let message = messages::link(&self.app.config, email, row.id, &row.reference()?, &token);
        notify::enqueue(
            conn,
            &self.app.keys,
            self.drawn.to_patient,
            &message,
            self.drawn.now,
        )
    }

    pub(super) fn receipt(&self, row: &Row, decision: Decision) -> Result<Receipt> {
        Ok(Receipt {
            id: row.id,
            reference: row.reference()?,
            // The first link: who sends a form again is not given the one that staff put in its place.
            token: ManageToken::of(&self.app.keys, row.id, 0)?,
            state: row.state,
            decision,
            contact_by: row.contact_by,
            at: self.drawn.now,
        })
    }
}
