//! A worrying answer that arrives after the form was sent: from a second tab, or from a page the browser had kept. The
//! answers are gone from the browser by then; the referral has them, and the new one is added to it. Who had added to
//! what another sender began is given nothing of that here either.

use std::sync::Arc;

use actix_web::HttpResponse;

use super::draft::{AddedTo, Done, Draft, Sent};
use super::fields::take_page;
use super::keep::{self, Kept};
use super::worry::help_for;
use super::{help, pages, sheet};
use crate::app::App;
use crate::questionnaire::{Answers, KeepSafe, Page};
use crate::referrals::{self, Person, ReferralView, Submission};
use crate::triage::RuleSet;
use crate::values::Id;
use crate::web::form::{Form, Posted};

/// What the browser's form led to, as far as its sender may add to it.
enum Known {
    /// Their own referral.
    Own(Box<ReferralView>),
    /// One that another sender began.
    Others(Id),
    /// It could not be looked up: a database that fails keeps nobody from help.
    Nothing,
}

/// A page sent after the form: on to the confirmation, unless it worries and the team does not know it yet.
pub(super) async fn page(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    done: &Done,
    page: Page,
    posted: &Posted,
) -> HttpResponse {
    let known = Known::of(app, done).await;
    let before = known.answers();
    let mut draft = Draft {
        answers: before.clone(),
        ..begun(done)
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
    done: &Done,
    posted: &Posted,
) -> HttpResponse {
    let Some(answer @ (KeepSafe::No | KeepSafe::Unsure)) = KeepSafe::from_key(posted.one("keep_safe")) else {
        return pages::go_to(Page::Confirmation);
    };
    let known = Known::of(app, done).await;
    let mut draft = Draft {
        answers: known.answers(),
        ..begun(done)
    };
    draft.answers.keep_safe = Some(answer);
    let kept = add(app, rules, &draft, known).await;
    help::draw(app, &draft, help::Shown::NotSafe, kept, &Form::blank())
}

/// A draft that goes on where the form was sent.
fn begun(done: &Done) -> Draft {
    let drawn = Draft::start(None);
    match done {
        Done::Own(sent) => Draft { id: sent.id, ..drawn },
        Done::Added(_) => drawn,
    }
}

impl Known {
    async fn of(app: &Arc<App>, done: &Done) -> Self {
        match done {
            Done::Own(sent) => find(app, sent)
                .await
                .map_or(Known::Nothing, |view| Known::Own(Box::new(view))),
            Done::Added(AddedTo { referral, .. }) => Known::Others(*referral),
        }
    }

    /// What this sender answered last. What came from elsewhere since is not theirs.
    fn answers(&self) -> Answers {
        let Known::Own(view) = self else {
            return Answers::default();
        };
        let own = view.timeline.iter().rev();
        let mut own = own.filter(|event| !event.is_of_another_sender());
        let sheet = own.find_map(|event| event.payload.case_sheet.as_deref());
        sheet
            .and_then(|sheet| sheet.answers.as_deref())
            .cloned()
            .unwrap_or_default()
    }
}

async fn find(app: &Arc<App>, sent: &Sent) -> Option<ReferralView> {
    let (reading, draft) = (app.clone(), sent.id);
    let found = app
        .db
        .read(move |conn| referrals::open_by_draft(conn, &reading.keys, draft));
    match found.await {
        Ok(found) => found,
        Err(refused) => {
            tracing::error!("what was sent could not be looked up: {refused}");
            None
        }
    }
}

async fn add(app: &Arc<App>, rules: &Arc<RuleSet>, draft: &Draft, known: Known) -> Kept {
    let today = app.clock.now().london_date();
    let said = sheet::submission(draft, &app.config.locality, today, true);
    match known {
        Known::Own(view) => {
            let submission = Submission {
                person: view.person,
                share_status: view.share_status,
                ..said
            };
            match keep::write(app, rules, submission).await {
                Some(_) => Kept::Saved,
                None => Kept::NotSaved,
            }
        }
        Known::Others(referral) => {
            let submission = Submission {
                person: Person::default(),
                ..said
            };
            keep::write_more(app, rules, referral, submission).await
        }
        Known::Nothing => Kept::NotSaved,
    }
}
