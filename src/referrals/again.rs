//! A submission that comes a second time: the same draft again, the rest of an unfinished form, or new answers of the
//! same person with the same slip. Nothing of it is lost, and worry is only ever added. Who sends from elsewhere is told
//! nothing of the referral that the first sender began, and neither reads what the other sent.

use super::case_sheet::CaseSheet;
use super::event_kind::EventKind;
use super::merge::{before_this_form, merged, worries_more};
use super::promise::{new_number, owe_first_contact};
use super::sharing;
use super::shelf::pathways;
use super::state::{Queue, ReviewState};
use super::store::{self, Row};
use super::submission::{Added, Receipt, Submitted};
use super::submit::Placing;
use super::timeline::{By, Payload};
use crate::config::ServiceName;
use crate::db::{Conn, Error, Result};
use crate::pads::{self, Scan};
use crate::triage::{Decision, contact_by};
use crate::values::{Id, Purpose};

impl Placing {
    /// The same draft again. The very same answers change nothing. Others finish the unfinished referral or are
    /// added to it, whatever a person has decided about it meanwhile: somebody may have accepted it while the
    /// patient was still answering.
    pub(super) fn come_again(&self, conn: &mut Conn<'_>, row: Row) -> Result<Submitted> {
        let finished = store::was_finished(conn, row.id)?;
        if row.door != self.submission.door || self.says_nothing_new(&row, finished)? {
            let decision = row.open_case(&self.app.keys)?.decision;
            return Ok(Submitted::Repeated(self.receipt(&row, decision)?));
        }
        if finished {
            let receipt = self.add_to(conn, row, true)?;
            return Ok(Submitted::Continued(receipt));
        }
        self.complete(conn, row)
    }

    /// The same form, finished or with more of it answered. What is wrong with the form itself, its slip or its
    /// fields, is as this time; what worries stays. Who they said they were before stays beside it for the team.
    fn complete(&self, conn: &mut Conn<'_>, mut row: Row) -> Result<Submitted> {
        let kind = if self.submission.incomplete {
            EventKind::AnswersAdded
        } else {
            EventKind::Completed
        };
        if !self.submission.incomplete && row.state == ReviewState::Incomplete {
            row.state = ReviewState::New;
        }
        let known = row.open_person(&self.app.keys)?;
        let found_by = known.terms(&self.app.keys)?;
        let other_number = known.phone != self.submission.person.phone;
        let besides = Payload {
            person_before: Some(Box::new(known)).filter(|known| known.loses(&self.submission.person)),
            ..Payload::nothing()
        };
        row.person = self
            .app
            .keys
            .seal_json(Purpose::Person, row.id, &self.submission.person)?;
        row.list_name =
            self.app
                .keys
                .seal(Purpose::Person, row.id, self.submission.person.name.as_bytes())?;
        row.share_status = self.submission.share_status;
        let before = row.open_case(&self.app.keys)?;
        let (service, flag) = self.tie_late(conn, &mut row)?;
        let sheet = self.decide(service.or(before.facts.pad_target), flag);
        let standing = before_this_form(&before.decision);
        let both = (before.decision, standing, sheet);
        let receipt = self.look_again(conn, &mut row, kind, both, besides)?;
        let terms = self.submission.person.terms(&self.app.keys)?;
        store::replace_terms(conn, row.id, &found_by, &terms)?;
        if other_number && self.submission.person.phone.is_some() {
            new_number(conn, row.id, self.drawn.now)?;
        }
        // Who they are may only now be known.
        self.raise_others(conn, &row, &receipt.decision)?;
        sharing::tell_used(conn, &row)?;
        let reference = receipt.reference.clone();
        self.confirm_to_patient(conn, &row, &reference)?;
        Ok(Submitted::Completed(receipt))
    }

    /// Ties the slip to a referral that was kept before its code was right. One that has its slip keeps it.
    fn tie_late(
        &self,
        conn: &mut Conn<'_>,
        row: &mut Row,
    ) -> Result<(Option<ServiceName>, Option<&'static str>)> {
        let Some(code) = self.submission.slip.filter(|_| row.slip_id.is_none()) else {
            return Ok((None, None));
        };
        let tied = match self.scan(conn, &code)? {
            Scan::Unused(slip) if pads::mark_used(conn, slip.id, self.drawn.now)? => {
                row.slip_id = Some(slip.id);
                (slip, None)
            }
            Scan::Unused(slip) | Scan::Used(slip) => (slip, Some("SLIP_USED")),
            Scan::Void(slip) => (slip, Some("SLIP_VOID")),
            Scan::Expired(slip) => (slip, Some("SLIP_EXPIRED")),
            Scan::Unknown => return Ok((None, Some("SLIP_UNKNOWN"))),
        };
        let (slip, flag) = tied;
        row.clinic_id = Some(slip.clinic_id);
        Ok((slip.service, flag))
    }

    /// Whether these answers are those that the referral holds. Of a part that arrives after the whole only a
    /// new worry counts: it comes from an older page of the same form.
    fn says_nothing_new(&self, row: &Row, finished: bool) -> Result<bool> {
        let before = row.open_case(&self.app.keys)?;
        let again = self.decide(before.facts.pad_target, None);
        let same = again.facts == before.facts
            && again.answers == before.answers
            && again.not_asked == before.not_asked
            && again.needs_checking == before.needs_checking
            && row.open_person(&self.app.keys)? == self.submission.person;
        Ok(match (finished, self.submission.incomplete) {
            (true, true) => {
                same || !worries_more(&before.decision, &merged(&before.decision, again.decision))
            }
            (true, false) | (false, true) => same,
            // The same answers, but now sent: the form is finished by that.
            (false, false) => false,
        })
    }

    /// Another sender with the slip of the same person. The link goes again to the address on record, never to the
    /// sender.
    pub(super) fn add_from_another(&self, conn: &mut Conn<'_>, first: Row) -> Result<Submitted> {
        let agreed = first.open_case(&self.app.keys)?.facts.agreed;
        let began = store::find_beginner(conn, first.id)?;
        let receipt = self.add_to(conn, first.clone(), false)?;
        self.send_link_again(conn, &first, agreed || self.agrees())?;
        let same_key = match self.submission.by {
            By::Api(_) => began == Some(self.submission.by),
            By::Patient | By::Staff(_) | By::System => false,
        };
        Ok(Submitted::Added(Added {
            referral: receipt.id,
            reference: same_key.then_some(receipt.reference),
            at: receipt.at,
        }))
    }

    /// What a sender adds who had added before, and is known to have by a seal of ours.
    pub(super) fn add_more(&self, conn: &mut Conn<'_>, referral: Id) -> Result<()> {
        let row = store::find_by_id(conn, referral)?;
        let row = row.ok_or_else(|| anyhow::anyhow!("a referral that was added to is gone"))?;
        self.add_to(conn, row, false)?;
        Ok(())
    }

    fn agrees(&self) -> bool {
        self.submission.facts.agreed && !self.submission.incomplete
    }

    /// The new answers become an event of the first referral. Who they are stays as first given; what was typed this
    /// time is kept beside it. How somebody may be reached is not for another sender to say.
    fn add_to(&self, conn: &mut Conn<'_>, first: Row, same_sender: bool) -> Result<Receipt> {
        let mut row = first;
        // Somebody who had stopped half way has now sent the whole by another door.
        if row.state == ReviewState::Incomplete && !self.submission.incomplete {
            row.state = ReviewState::New;
        }
        let typed = Payload {
            person: Some(Box::new(self.submission.person.clone())),
            same_sender,
            ..Payload::nothing()
        };
        let before = row.open_case(&self.app.keys)?;
        let mut facts = self.submission.facts.clone();
        facts.pad_target = before.facts.pad_target;
        if !same_sender {
            facts.no_voicemail = before.facts.no_voicemail;
        }
        let mut sheet = self.decide_by(facts, None);
        let noted = std::mem::take(&mut sheet.needs_checking);
        sheet.needs_checking = before.needs_checking;
        for wrong in noted {
            if !sheet.needs_checking.contains(&wrong) {
                sheet.needs_checking.push(wrong);
            }
        }
        let both = (before.decision.clone(), before.decision, sheet);
        let receipt = self.look_again(conn, &mut row, EventKind::AnswersAdded, both, typed)?;
        self.raise_others(conn, &row, &receipt.decision)?;
        sharing::tell_used(conn, &row)?;
        Ok(receipt)
    }

    /// Writes what came of asking the rules again, beside what they said before and what of it stands; worry is only ever
    /// added, and what was known before is no new worry. `besides`: what else the event says.
    fn look_again(
        &self,
        conn: &mut Conn<'_>,
        row: &mut Row,
        kind: EventKind,
        (before, standing, mut sheet): (Decision, Decision, CaseSheet),
        besides: Payload,
    ) -> Result<Receipt> {
        let was_running = row.queue == Queue::Now;
        sheet.decision = merged(&standing, sheet.decision);
        let raised = worries_more(&before, &sheet.decision);
        let decision = sheet.decision.clone();
        if raised {
            row.acknowledged_by = None;
            row.acknowledged_at = None;
            let due = contact_by(decision.priority, self.drawn.now, &self.app.config.locality.hours);
            let person = row.open_person(&self.app.keys)?;
            let when = (due, self.drawn.now);
            row.contact_by = owe_first_contact(conn, row.id, &person, decision.priority, when)?;
        }
        if raised && row.state.may_become().contains(&ReviewState::New) {
            row.state = ReviewState::New;
        }
        let service_before = row.service;
        // What a person has chosen stands; only a new worry asks for a review again.
        let chosen = !row.state.awaits_triage() || row.service != before.service;
        if !chosen || (raised && decision.service == ServiceName::Review) {
            row.service = decision.service;
        }
        if row.state.awaits_triage() {
            row.step = decision.step;
        }
        row.priority = i32::from(decision.priority.number());
        row.booking = decision.booking;
        row.flags = decision.flags.join(" ");
        row.pathways = Some(pathways(&sheet.facts.ltc, decision.booking));
        row.rules_version.clone_from(&decision.rules_version);
        row.queue = row.proper_queue();
        let known = row.open_case(&self.app.keys)?;
        self.words_found
            .note(&sheet, Some(&known), &self.app.config.locality.risk_words);
        row.case_sheet = self.app.keys.seal_json(Purpose::Person, row.id, &sheet)?;
        let head = row.head_seq;
        let payload = Payload {
            case_sheet: Some(Box::new(sheet)),
            ..besides
        };
        let event = store::chain_event(&self.app.keys, row, &self.event(kind, &payload))?;
        if !store::update_referral(conn, row, head)? {
            return Err(Error::Conflict);
        }
        store::insert_event(conn, &event)?;
        let receipt = self.receipt(row, decision)?;
        if raised || row.service != service_before {
            self.tell_service(conn, row, &receipt.reference, &receipt.decision, was_running)?;
        }
        Ok(receipt)
    }
}
