//! A worrying answer that arrives after the form was sent: from a second tab, or from a page the browser had kept. The
//! answers are gone from the browser by then; the referral has them, and the new one is added to it.

use std::sync::Arc;

use actix_web::HttpResponse;

use super::draft::{Draft, Sent};
use super::fields::take_page;
use super::keep::{self, Kept};
use super::worry::help_for;
use super::{help, pages, sheet};
use crate::app::App;
use crate::questionnaire::{Answers, KeepSafe, Page};
use crate::referrals::{self, ManageToken, ReferralView, Submission};
use crate::triage::RuleSet;
use crate::web::form::{Form, Posted};

/// A page sent after the form: on to the confirmation, unless it worries and the team does not know it yet.
pub(super) async fn page(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    sent: &Sent,
    page: Page,
    posted: &Posted,
) -> HttpResponse {
    let known = known(app, sent).await;
    let before = known.as_ref().map(answers_of).unwrap_or_default();
    let mut draft = Draft {
        id: sent.id,
        answers: before.clone(),
        ..Draft::start(None)
    };
    let context = pages::context(app, &draft);
    let _wrong = take_page(page, posted, &mut draft.answers, context);
    let words = &app.config.locality.risk_words;
    match help_for(page, &draft.answers, words) {
        Some(help) if draft.answers != before => {
            let kept = add(app, rules, &draft, known).await;
            help::draw(app, &draft, help.into(), kept, &Form::blank())
        }
        Some(_) | None => pages::go_to(Page::Confirmation),
    }
}

/// The answer of the help page, after the form: "not safe" is added too.
pub(super) async fn follow_up(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    sent: &Sent,
    posted: &Posted,
) -> HttpResponse {
    let Some(answer @ (KeepSafe::No | KeepSafe::Unsure)) = KeepSafe::from_key(posted.one("keep_safe")) else {
        return pages::go_to(Page::Confirmation);
    };
    let known = known(app, sent).await;
    let mut draft = Draft {
        id: sent.id,
        answers: known.as_ref().map(answers_of).unwrap_or_default(),
        ..Draft::start(None)
    };
    draft.answers.keep_safe = Some(answer);
    let kept = add(app, rules, &draft, known).await;
    help::draw(app, &draft, help::Shown::NotSafe, kept, &Form::blank())
}

/// The referral that was sent. A database that fails keeps nobody from help: then nothing is known.
async fn known(app: &Arc<App>, sent: &Sent) -> Option<ReferralView> {
    let token = ManageToken::parse(&sent.token)?;
    let reading = app.clone();
    let found = app.db.read(move |conn| {
        let Some(own) = referrals::find_own(conn, &reading.keys, &token)? else {
            return Ok(None);
        };
        referrals::open_by_id(conn, &reading.keys, own.id)
    });
    match found.await {
        Ok(found) => found,
        Err(refused) => {
            tracing::error!("what was sent could not be looked up: {refused}");
            None
        }
    }
}

fn answers_of(view: &ReferralView) -> Answers {
    view.case_sheet.answers.as_deref().cloned().unwrap_or_default()
}

async fn add(app: &Arc<App>, rules: &Arc<RuleSet>, draft: &Draft, known: Option<ReferralView>) -> Kept {
    let Some(view) = known else {
        return Kept::NotSaved;
    };
    let today = app.clock.now().london_date();
    let submission = Submission {
        person: view.person,
        share_status: view.share_status,
        ..sheet::submission(draft, &app.config.locality, today, true)
    };
    match keep::write(app, rules, submission).await {
        Some(_) => Kept::Saved,
        None => Kept::NotSaved,
    }
}
