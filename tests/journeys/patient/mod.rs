//! The patient's way, from the slip to the confirmation, in a browser without scripts.

mod any_way;
mod as_typed;
mod killed;
mod resting;
mod safety;
mod slips;
mod way;
mod with_physio;

use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::config::{Config, Mail};
use iapt_pad::db::schema::{outbox, referral};
use iapt_pad::dispatch;
use iapt_pad::referrals::{ReferralView, open_by_id};
use iapt_pad::values::{Id, SlipCode};

use crate::support::app::monday_morning;
use crate::support::browser::{Browser, Page};
use crate::support::databases::Fresh;
use crate::support::server::{Served, served_as};

/// A server and a person at its door.
pub struct Visit {
    pub app: Arc<App>,
    pub browser: Browser,
    served: Served,
}

/// Good answers for every page, in order. Anybody with back pain that gets them down.
pub const ANSWERS: [(u8, &str); 8] = [
    (1, "crisis_now=no"),
    (
        2,
        "name=Robin+Example&birth-day=29&birth-month=2&birth-year=1980&gp_in_area=yes&gp_surgery=Example+Surgery",
    ),
    (
        3,
        "phone=07700+900123&email=robin@example.org&may=voicemail&may=write&best_time=am\
         &line1=1+Made-up+Street&town=Sheffield&postcode=s1+2he",
    ),
    (
        4,
        "problem=low_mood&anything_else=&ltc=back_pain&linked=yes&pain_length=52&spine=none",
    ),
    (5, "safety=none&care=none&life=none&scales=now"),
    (
        6,
        "item1=1&item2=1&item3=1&item4=1&item5=0&item6=0&item7=0&item8=0&item9=0",
    ),
    (7, "item1=1&item2=1&item3=1&item4=1&item5=0&item6=0&item7=0"),
    (CHECK, "then=send&share_status=yes"),
];

/// The page that sends the answers.
pub const CHECK: u8 = 9;

impl Visit {
    pub async fn to(fresh: Fresh) -> Visit {
        Visit::to_house(fresh, |_| {}).await
    }

    /// To a service that keeps the diary of first talks here.
    pub async fn to_a_service_with_talks(fresh: Fresh) -> Visit {
        Visit::to_house(fresh, |config| config.locality.booking.assessment = true).await
    }

    /// To the demonstration, the only place where slips are minted without https.
    pub async fn to_the_demo(fresh: Fresh) -> Visit {
        Visit::to_house(fresh, |config| config.demo = true).await
    }

    async fn to_house(fresh: Fresh, change: impl FnOnce(&mut Config)) -> Visit {
        let mail = Mail::Captured(std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new())));
        let served = served_as(fresh, monday_morning(), mail, change).await;
        Visit {
            app: served.app.clone(),
            browser: Browser::at(&served.base),
            served,
        }
    }

    /// "Start now", with a slip or without.
    pub async fn starts(&self, slip: Option<&SlipCode>) {
        let begun = match slip {
            Some(code) => self.browser.post(&format!("/s/{}", code.compact()), "").await,
            None => self.browser.post("/", "then=without").await,
        };
        begun.leads_to("/refer/1");
    }

    /// Sends the good answers of every page up to and without this one; the server says which page follows.
    pub async fn answers_until(&self, page: u8) {
        for (number, form) in ANSWERS.into_iter().filter(|(number, _)| *number < page) {
            let at = format!("/refer/{number}");
            self.browser.get(&at).await.is(200);
            let sent = self.browser.post(&at, form).await;
            assert_eq!(sent.status, 303, "page {number}: {}", sent.body);
        }
    }

    pub async fn sends(&self, page: u8, form: &str) -> Page {
        self.browser.post(&format!("/refer/{page}"), form).await
    }

    /// Every referral in the database, opened.
    pub async fn referrals(&self) -> Vec<ReferralView> {
        let app = self.app.clone();
        self.app
            .db
            .read(move |conn| {
                let ids: Vec<Id> = dispatch!(conn, c => referral::table
                    .select(referral::id).order(referral::received_at).load(c)?);
                let opened = ids.into_iter().map(|id| open_by_id(conn, &app.keys, id));
                Ok(opened
                    .collect::<Result<Vec<_>, _>>()?
                    .into_iter()
                    .flatten()
                    .collect())
            })
            .await
            .expect("referrals")
    }

    /// The only referral there is.
    pub async fn the_referral(&self) -> ReferralView {
        let mut all = self.referrals().await;
        assert_eq!(all.len(), 1, "exactly one referral");
        all.remove(0)
    }

    /// How many messages wait in the urgent lane.
    pub async fn urgent_messages(&self) -> i64 {
        self.app
            .db
            .read(|conn| {
                let urgent = outbox::table.filter(outbox::lane.eq("urgent")).count();
                Ok(dispatch!(conn, c => urgent.get_result(c)?))
            })
            .await
            .expect("a count")
    }

    /// How many messages have still to be sent.
    pub async fn unsent_messages(&self) -> i64 {
        self.app
            .db
            .read(|conn| {
                let waiting = outbox::table.filter(outbox::status.eq("waiting")).count();
                Ok(dispatch!(conn, c => waiting.get_result(c)?))
            })
            .await
            .expect("a count")
    }

    pub async fn ends(self) {
        self.served.running.stop().await.expect("stopped");
    }
}
