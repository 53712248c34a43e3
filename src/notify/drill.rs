//! The drill: a message that says it is a drill goes to everybody on the rota, on shift or not, and to the other route,
//! by both ways, one after the other, through the same rows, seals, conversations and marks as any other. It is about nothing, so it touches no patient.

use std::time::Instant;

use serde::Serialize;

use super::alarm::{Alarm, AlarmKind};
use super::delivery::{Delivery, Reason};
use super::message::{Channel, Lane, Message};
use super::next::Next;
use super::postman::Postman;
use super::rota::RotaPerson;
use super::store::{self, Claimed, NewRow};
use crate::db::{Conn, Result};
use crate::values::Id;

/// What becomes of one message of a drill.
#[derive(Clone, Debug, Serialize)]
pub struct DrillLine {
    /// The place on the rota, from 1.
    pub place: usize,
    /// Whom it was for.
    pub person: String,
    /// Whether an urgent referral of this moment would be told to them: on shift, or standing in while nobody is.
    pub on_duty: bool,
    /// By which way.
    pub channel: Channel,
    /// Whether it arrived there.
    pub delivered: bool,
    /// Why not; a class, without a word of what the other side said.
    pub reason: Option<String>,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
}

/// What a drill found.
#[derive(Clone, Debug, Serialize)]
pub struct Drill {
    /// What all its messages are about: recipients can find it in what they received.
    pub id: Id,
    /// Whether mail was said to be down.
    pub mail_down: bool,
    /// Whether there is a second channel.
    pub second_channel: bool,
    /// Each message, in the order they were sent.
    pub lines: Vec<DrillLine>,
}

impl Drill {
    /// How many people were reached by some way.
    pub fn reached(&self) -> usize {
        let mut places: Vec<usize> = self.delivered().map(|line| line.place).collect();
        places.dedup();
        places.len()
    }

    fn delivered(&self) -> impl Iterator<Item = &DrillLine> {
        self.lines.iter().filter(|line| line.delivered)
    }
}

impl Postman<'_> {
    /// Drills: everybody on the rota in turn, by mail and by the second channel. With `mail_down` mail counts as
    /// refused before anybody is asked. What does not arrive is ended, so that no drill comes in late.
    pub async fn drill(&self, base_url: &str, mail_down: bool) -> Result<Drill> {
        let id = Id::new();
        let (locality, now) = (self.locality.clone(), self.clock.now());
        let read = move |conn: &mut Conn<'_>| super::people_on_duty(conn, &locality, now);
        let duty = self.db.read(read).await?;
        let on: Vec<Id> = duty.people.iter().map(|person| person.id).collect();
        let people = duty.and_others();
        let second_channel = self.mailer.has_second_channel();
        let mut lines = Vec::new();
        for (place, person) in (1..).zip(&people) {
            let on_duty = on.contains(&person.id);
            let mail = self.drill_mail(id, place, person, mail_down).await?;
            lines.push(DrillLine { on_duty, ..mail });
            if second_channel {
                let call = self.drill_call(id, place, person, base_url).await?;
                lines.push(DrillLine { on_duty, ..call });
            }
        }
        Ok(Drill {
            id,
            mail_down,
            second_channel,
            lines,
        })
    }

    async fn drill_mail(
        &self,
        about: Id,
        place: usize,
        person: &RotaPerson,
        mail_down: bool,
    ) -> Result<DrillLine> {
        let message = Message {
            about: Some(about),
            lane: Lane::Urgent,
            to: person.email.clone(),
            subject: "DRILL: nobody needs you".to_owned(),
            body: include_str!("messages/drill.txt").replace("{id}", &about.to_string()),
        };
        let (row, now) = (Id::new(), self.clock.now());
        let claimed = self.held(NewRow::seal(self.keys, row, &message, now)?).await?;
        let begun = Instant::now();
        let ended = match mail_down {
            true => Delivery::Later(Reason::Drilled),
            false => {
                let written = claimed.created_at;
                self.mailer.deliver(&claimed.message_id, &message, written).await
            }
        };
        self.end(&claimed, ended).await?;
        Ok(line(place, person, Channel::Email, ended, begun))
    }

    async fn drill_call(
        &self,
        about: Id,
        place: usize,
        person: &RotaPerson,
        base_url: &str,
    ) -> Result<DrillLine> {
        let alarm = Alarm {
            about,
            kind: AlarmKind::Drill,
            reference: "DRILL".to_owned(),
            link: base_url.to_owned(),
            count: 0,
            step: i32::try_from(place).unwrap_or(i32::MAX) - 1,
            phone: person.phone.clone(),
        };
        let (row, now) = (Id::new(), self.clock.now());
        let claimed = self
            .held(NewRow::seal_alarm(self.keys, row, &alarm, now)?)
            .await?;
        let begun = Instant::now();
        let now = self.clock.now();
        let ended = self.mailer.call(claimed.id, &alarm, claimed.attempts, now).await;
        self.end(&claimed, ended).await?;
        Ok(line(place, person, Channel::Webhook, ended, begun))
    }

    /// Writes a row that is in this drill's hands from the first moment, so that no other worker takes it.
    async fn held(&self, row: NewRow) -> Result<Claimed> {
        let (until, host) = (self.claim_until(), self.mailer.host().to_owned());
        self.db
            .write(move |conn| store::insert_claimed(conn, &row, until, &host))
            .await
    }

    /// Keeps what became of it; what did not arrive is ended.
    async fn end(&self, claimed: &Claimed, ended: Delivery) -> Result<()> {
        let next = match ended {
            Delivery::Done => Next::Delivered,
            // Without a row that follows, passing on is an end.
            Delivery::Later(reason) | Delivery::Never(reason) => Next::PassOn(reason),
        };
        self.mark(claimed, next, None).await
    }
}

fn line(place: usize, person: &RotaPerson, channel: Channel, ended: Delivery, begun: Instant) -> DrillLine {
    DrillLine {
        place,
        person: person.name.clone(),
        on_duty: false,
        channel,
        delivered: ended == Delivery::Done,
        reason: match ended {
            Delivery::Done => None,
            Delivery::Later(reason) | Delivery::Never(reason) => Some(reason.to_string()),
        },
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}
