//! What the red band says beside a referral: who was told and when, or whom somebody here has to ring now, because no
//! message gets through. Pure; the time comes in.

use super::clocks::moment;
use crate::notify::{Fate, RotaPerson, Status};
use crate::referrals::LastStep;
use crate::values::{Id, Ts};

/// A message that nobody has even tried to deliver for this long counts as stuck: the worker looks each second.
const STUCK_SECONDS: i64 = 120;

/// How far word of an urgent referral has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Somebody was told: "Duty clinician, today, 9:31am".
    Told(String),
    /// The message is on its way.
    OnItsWay,
    /// Nothing gets through: somebody here rings this person.
    Ring(Option<RotaPerson>),
}

/// Reads the last step of an alarm, and what became of the messages about the referral. Without a step, as for
/// referrals from before there were alarms, every message counts.
pub(super) fn word(step: Option<&LastStep>, fates: &[Fate], rota: &[RotaPerson], now: Ts) -> Word {
    let of_step =
        |fate: &&Fate| step.is_none_or(|step| step.messages.contains(&fate.id) || fate.created_at >= step.at);
    let last: Vec<&Fate> = fates.iter().filter(of_step).collect();
    let delivered = last.iter().filter(|fate| fate.status == Status::Delivered);
    if let Some(told) = delivered.max_by_key(|fate| is_to_a_person(step, fate.id)) {
        let when = moment(told.done_at.unwrap_or(told.created_at), now);
        return Word::Told(format!("{}, {when}", whom(step, told.id)));
    }
    let patience = now.plus_seconds(-STUCK_SECONDS);
    let is_to_be_written = step
        .and_then(|step| step.to_be_written)
        .is_some_and(|at| at > patience);
    if is_to_be_written && last.iter().all(|fate| !fate.failing) {
        return Word::OnItsWay;
    }
    let is_on_its_way =
        |fate: &&&Fate| fate.status == Status::Waiting && !fate.failing && fate.created_at > patience;
    match last.iter().any(|fate| is_on_its_way(&fate)) && last.iter().all(|fate| !fate.failing) {
        true => Word::OnItsWay,
        false => Word::Ring(whose_turn(step, rota).cloned()),
    }
}

/// A colleague's pager says more than a mailbox that several share.
fn is_to_a_person(step: Option<&LastStep>, message: Id) -> bool {
    step.is_some_and(|step| step.mailbox != Some(message))
}

fn whom(step: Option<&LastStep>, message: Id) -> &str {
    match step {
        Some(step) if step.mailbox == Some(message) => "the service’s mailbox",
        None => "the service’s mailbox",
        Some(step) if step.messages.contains(&message) => {
            step.person.as_ref().map_or("a colleague", |(_, name)| name)
        }
        // Passed on after a refusal, or sent with the referral to another service.
        Some(_) => "another mailbox or number",
    }
}

fn whose_turn<'a>(step: Option<&LastStep>, rota: &'a [RotaPerson]) -> Option<&'a RotaPerson> {
    let told = step.and_then(|step| step.person.as_ref());
    let same = told.and_then(|(id, _)| rota.iter().find(|person| person.id == *id));
    same.or(rota.first())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::Channel;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a moment"))
    }

    fn now() -> Ts {
        at("2026-11-23T09:46:00Z")
    }

    fn rota() -> Vec<RotaPerson> {
        let person = |name: &str, phone: &str| RotaPerson {
            id: Id::new(),
            name: name.to_owned(),
            email: "x@example.org".to_owned(),
            phone: phone.to_owned(),
            shifts: Vec::new(),
            leave: Vec::new(),
        };
        vec![
            person("Duty clinician", "0114 496 0111"),
            person("Clinical lead", "0114 496 0112"),
        ]
    }

    struct Story {
        rota: Vec<RotaPerson>,
        step: LastStep,
        mail: Id,
        call: Id,
    }

    /// The second step of a clock: the lead was told at 9:45.
    fn story() -> Story {
        let (rota, mail, call) = (rota(), Id::new(), Id::new());
        let step = LastStep {
            referral: Id::new(),
            first: false,
            person: Some((rota[1].id, rota[1].name.clone())),
            messages: vec![mail, call],
            mailbox: None,
            at: at("2026-11-23T09:45:00Z"),
            to_be_written: None,
        };
        Story {
            rota,
            step,
            mail,
            call,
        }
    }

    impl Story {
        fn fate(&self, id: Id, status: Status, failing: bool) -> Fate {
            Fate {
                id,
                about: self.step.referral,
                channel: Channel::Email,
                status,
                failing,
                created_at: self.step.at,
                done_at: (status == Status::Delivered).then(|| at("2026-11-23T09:45:20Z")),
            }
        }

        fn word(&self, fates: &[Fate]) -> Word {
            word(Some(&self.step), fates, &self.rota, now())
        }

        fn ring(&self, place: usize) -> Word {
            Word::Ring(Some(self.rota[place].clone()))
        }
    }

    #[test]
    fn whoever_was_told_is_named_with_the_time() {
        let story = story();
        let told = story.word(&[
            story.fate(story.mail, Status::Waiting, true),
            story.fate(story.call, Status::Delivered, false),
        ]);
        assert_eq!(told, Word::Told("Clinical lead, today, 9:45am".to_owned()));
    }

    #[test]
    fn while_nothing_gets_through_somebody_rings_whose_turn_it_is() {
        let story = story();
        let fate = |id, status, failing| story.fate(id, status, failing);
        for fates in [
            vec![fate(story.mail, Status::Waiting, true)],
            vec![
                fate(story.mail, Status::Waiting, true),
                fate(story.call, Status::Waiting, true),
            ],
            vec![
                fate(story.mail, Status::Waiting, false),
                fate(story.call, Status::Waiting, true),
            ],
            vec![fate(story.mail, Status::Superseded, true)],
            vec![fate(story.mail, Status::GivenUp, true)],
            vec![],
        ] {
            assert_eq!(story.word(&fates), story.ring(1), "{fates:?}");
        }
    }

    #[test]
    fn a_message_on_its_way_is_given_two_minutes() {
        let mut story = story();
        let fresh = [story.fate(story.mail, Status::Waiting, false)];
        assert_eq!(story.word(&fresh), Word::OnItsWay);
        story.step.at = at("2026-11-23T09:44:00Z");
        let old = [story.fate(story.mail, Status::Waiting, false)];
        assert_eq!(story.word(&old), story.ring(1), "nobody tries it");
    }

    #[test]
    fn what_is_told_together_with_others_is_on_its_way_until_its_minutes_are_over() {
        let mut story = story();
        story.step.to_be_written = Some(at("2026-11-23T09:50:00Z"));
        assert_eq!(story.word(&[]), Word::OnItsWay);
        let failing = story.fate(story.mail, Status::Waiting, true);
        assert_eq!(story.word(&[failing]), story.ring(1));
        story.step.to_be_written = Some(at("2026-11-23T09:44:00Z"));
        assert_eq!(story.word(&[]), story.ring(1), "nobody writes it");
    }

    #[test]
    fn what_arrived_before_the_last_step_does_not_calm() {
        let story = story();
        let mut earlier = story.fate(Id::new(), Status::Delivered, false);
        earlier.created_at = at("2026-11-23T09:30:00Z");
        let failing = story.fate(story.mail, Status::Waiting, true);
        assert_eq!(story.word(&[earlier, failing]), story.ring(1));
    }

    #[test]
    fn a_message_passed_on_after_a_refusal_has_told_the_next() {
        let story = story();
        let passed_on = story.fate(Id::new(), Status::Delivered, false);
        let refused = story.fate(story.mail, Status::Superseded, true);
        let told = story.word(&[refused, passed_on]);
        assert_eq!(
            told,
            Word::Told("another mailbox or number, today, 9:45am".to_owned())
        );
    }

    #[test]
    fn the_first_notice_told_a_mailbox_or_who_is_first_on_the_rota() {
        let mut story = story();
        story.step.first = true;
        story.step.mailbox = Some(story.mail);
        story.step.person = Some((story.rota[0].id, "Duty clinician".to_owned()));
        let mail = story.fate(story.mail, Status::Delivered, false);
        let call = story.fate(story.call, Status::Delivered, false);
        let both = story.word(&[call.clone(), mail.clone()]);
        assert_eq!(both, Word::Told("Duty clinician, today, 9:45am".to_owned()));
        assert_eq!(story.word(&[mail.clone(), call]), both, "in whatever order");
        let mailbox = Word::Told("the service’s mailbox, today, 9:45am".to_owned());
        assert_eq!(story.word(std::slice::from_ref(&mail)), mailbox);
        let failing = story.fate(story.mail, Status::Waiting, true);
        story.step.person = None;
        assert_eq!(story.word(std::slice::from_ref(&failing)), story.ring(0));
        assert_eq!(word(None, &[failing], &story.rota, now()), story.ring(0));
        assert_eq!(word(None, &[mail], &story.rota, now()), mailbox);
        assert_eq!(word(None, &[], &[], now()), Word::Ring(None));
    }
}
