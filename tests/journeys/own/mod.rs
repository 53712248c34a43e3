//! The patient's own page: by the link alone, and behind the date of birth.

mod asked;
mod choosing;
mod copy;
mod details;
mod door;
mod leaving;
mod link;
mod same;
mod talks;

use iapt_pad::referrals::{ReferralView, open_by_id};
use iapt_pad::values::Id;

use super::doors::House;
use super::patient::Visit;
use crate::support::browser::{Browser, Page};
use crate::support::databases::Fresh;
use crate::support::referrals::ASubmission;

/// The date of birth of everybody here.
pub const BORN: &str = "birth-day=29&birth-month=2&birth-year=1980";

/// A referral that was sent in, and a browser of somebody who has its link.
pub struct Owner {
    pub id: Id,
    pub reference: String,
    pub token: String,
    pub browser: Browser,
}

impl Owner {
    /// Somebody sent this in.
    pub async fn of(visit: &Visit, sent: ASubmission) -> Owner {
        let submitted = sent.send(&visit.app).await;
        let receipt = submitted.receipt().expect("a receipt");
        Owner {
            id: receipt.id,
            reference: receipt.reference.to_string(),
            token: receipt.token.expose().to_owned(),
            browser: Browser::at(&visit.app.config.base_url),
        }
    }

    /// An address of their page.
    pub fn at(&self, rest: &str) -> String {
        format!("/r/{}{rest}", self.token)
    }

    pub async fn sees(&self, rest: &str) -> Page {
        self.browser.get(&self.at(rest)).await
    }

    pub async fn sends(&self, rest: &str, form: &str) -> Page {
        self.browser.post(&self.at(rest), form).await
    }

    /// Gives the date of birth.
    pub async fn opens(&self) {
        self.sends("/open?then=page", BORN).await.leads_to(&self.at(""));
    }

    /// The referral as it is stored.
    pub async fn stored(&self, visit: &Visit) -> ReferralView {
        let (app, id) = (visit.app.clone(), self.id);
        let read = visit.app.db.read(move |conn| open_by_id(conn, &app.keys, id));
        read.await.expect("read").expect("a referral")
    }
}

/// A house with the team in it.
pub async fn house(fresh: Fresh) -> House {
    House::with(Visit::to(fresh).await).await
}
