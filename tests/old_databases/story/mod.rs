//! What stands in an old database: made-up people in every state a referral can be in, with calls, letters and places
//! that are open, slips, accounts, rules and messages. Everything is written by the verbs of the program of that day.

mod draft;
mod people;
mod places;
mod pads;
mod team;
mod verbs;

use std::collections::BTreeMap;
use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::config::{Mail, SecondChannel};
use iapt_pad::db::Db;
use iapt_pad::notify::Mailer;
use iapt_pad::values::{Clock, Id, MasterKey};

use team::Team;

use crate::support::app::{at, test_app_with};

pub use draft::draft_opens;

/// A database that is being filled.
pub(super) struct Story {
    app: Arc<App>,
    team: Team,
}

/// Fills an empty database, and says what cannot be read from it afterwards: codes, tokens and a draft.
pub async fn tell(db: Db, secret: MasterKey) -> (Arc<App>, BTreeMap<String, String>) {
    let app = surroundings(db, secret).await;
    let mut known = BTreeMap::new();
    let team = team::engage(&app).await;
    let story = Story { app, team };
    story.rules().await;
    story.slips(&mut known).await;
    story.others_send(&mut known).await;
    story.deciding().await;
    story.asking().await;
    story.ending().await;
    story.twice().await;
    story.places().await;
    story.danger().await;
    (story.app, known)
}

async fn surroundings(db: Db, secret: MasterKey) -> Arc<App> {
    let kept = std::env::temp_dir().join(format!("iapt-pad-old-{}", Id::new()));
    let clock = Clock::fixed(at("2026-11-23T09:30:00Z"));
    let mut app = test_app_with(db, clock, Mail::Captured(kept.join("mail")), secret).await;
    app.config.second_channel = SecondChannel::Captured(kept.join("calls"));
    app.mailer = Mailer::from_config(&app.config).expect("ways out");
    Arc::new(app)
}
