//! Why a referral is suggested for what it is, and what would change it: on its page, from the rules of that day.

use iapt_pad::questionnaire::Answers;
use iapt_pad::triage::{DEFAULT_RULES, RuleSet, approve, bring, text_in_force, version_of};
use iapt_pad::values::Id;

use super::triage::{Answer, House};
use crate::support::databases::on_both;
use crate::support::referrals::{ASubmission, submission};

const SAFETY: &str = "Set by a safety rule; only a person can answer this.";

impl House {
    /// Brings a text of rules to the table; the second and later ones are approved by somebody else.
    async fn bring_rules(&self, text: &str) {
        let (id, now, owned) = (Id::new(), self.app.clock.now(), text.to_owned());
        let brought = self.app.db.write(move |conn| {
            bring(conn, id, &owned, "file", now)?;
            let seen = text_in_force(conn)?.map_or_else(String::new, |text| version_of(&text));
            approve(conn, &version_of(&owned), "Lena Example", &seen, now)
        });
        brought.await.expect("brought");
    }

    async fn page_of(&self, one: ASubmission) -> Answer {
        let reference = self.received(one).await;
        let desk = self.sign_in("terry").await;
        desk.look(&format!("/inbox/{reference}")).await
    }
}

/// The text of the page between two phrases.
fn between<'a>(answer: &'a Answer, from: &str, to: &str) -> &'a str {
    let rest = answer.body.split_once(from).map(|(_, rest)| rest);
    let part = rest.and_then(|rest| rest.split_once(to)).map(|(part, _)| part);
    part.unwrap_or_else(|| panic!("{from:?} … {to:?} is not in {}", answer.body))
}

#[test]
fn each_reason_says_what_its_rule_looked_at_and_what_would_change_it() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        house.bring_rules(DEFAULT_RULES).await;
        let page = house.page_of(submission()).await;
        page.says(
            "Long-term conditions: back pain. Linked to how they feel: yes. Main problem, as they put it",
        )
        .says("Pain for at least: 52 weeks")
        .says("No fact: it speaks where no rule above it in its group does");
        let changes = between(&page, "What would change it</span>", "</details>");
        assert!(changes.contains("Where the answer is “Linked to how they feel: no” instead of “yes”"));
        assert!(changes.contains("not clinically validated") && changes.contains("is no advice"));
        assert!(!changes.contains(SAFETY));
        assert!(!page.body.contains("<details open"), "folded away");
    });
}

#[test]
fn the_sentence_that_worried_stands_beside_the_reason_and_nowhere_outside() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        house.bring_rules(DEFAULT_RULES).await;
        let mut one = submission();
        one.0.facts.free_text_risk = true;
        one.0.answers = Some(Answers {
            anything_else: Some(
                "My back hurts. Some nights I think of ending my life. I sleep badly.".to_owned(),
            ),
            ..Answers::default()
        });
        let page = house.page_of(one).await;
        let reason = between(&page, ">A8</span>", "</li>");
        assert!(
            reason.contains(">Some nights I think of ending my life<"),
            "{reason}"
        );
        assert!(!reason.contains("My back hurts"), "{reason}");
        let calm = house.page_of(submission().item9(1)).await;
        assert!(!calm.body.contains("pad-reasons__sentence"));
    });
}

#[test]
fn where_a_safety_rule_decided_no_change_is_shown() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        house.bring_rules(DEFAULT_RULES).await;
        let page = house.page_of(submission().in_danger()).await;
        page.says("Not safe right now, or someone in danger: yes");
        let changes = between(&page, "What would change it</span>", "</details>");
        assert_eq!(changes.matches(SAFETY).count(), 3);
        assert!(!changes.contains("Where the answer is"));
        let page = house.page_of(submission().item9(1)).await;
        page.says("PHQ-9 item 9: 1");
        let changes = between(&page, "What would change it</span>", "</details>");
        assert_eq!(changes.matches(SAFETY).count(), 1, "the booking alone: {changes}");
        assert!(!changes.contains("item 9"));
    });
}

#[test]
fn an_old_decision_is_explained_by_the_rules_of_its_day() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        house.bring_rules(DEFAULT_RULES).await;
        let reference = house.received(submission()).await;
        let newer = DEFAULT_RULES.replace("pain_weeks >= 12", "pain_weeks >= 60");
        RuleSet::parse("newer", &newer, &[]).unwrap_or_else(|wrong| panic!("{wrong}"));
        house.bring_rules(&newer).await;
        let desk = house.sign_in("terry").await;
        let page = desk.look(&format!("/inbox/{reference}")).await;
        page.says(&format!("Rules version {}", version_of(DEFAULT_RULES)));
        let changes = between(&page, "What would change it</span>", "</details>");
        // Under the newer rules, 52 weeks would not do.
        assert!(
            changes.contains("Booking: May book a place on a course"),
            "{changes}"
        );
        assert!(!changes.contains("60 weeks"), "{changes}");
    });
}

#[test]
fn what_was_kept_from_earlier_answers_is_not_argued_about() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        house.bring_rules(DEFAULT_RULES).await;
        let first = submission().in_danger().unfinished();
        let draft = first.0.draft_id;
        let reference = house.received(first).await;
        let mut calm = submission();
        calm.0.draft_id = draft;
        house.received(calm).await;
        let desk = house.sign_in("terry").await;
        let page = desk.look(&format!("/inbox/{reference}")).await;
        let changes = between(&page, "What would change it</span>", "</details>");
        assert_eq!(
            changes.matches("kept from earlier answers").count(),
            3,
            "{changes}"
        );
    });
}

#[test]
fn without_the_rules_of_that_day_the_reasons_still_stand() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let page = house.page_of(submission()).await;
        page.says("may be linked, to how the person feels.")
            .keeps_quiet_about("What would change it");
    });
}

#[test]
fn every_decision_that_differs_from_the_suggestion_asks_for_a_reason() {
    on_both(async |fresh| {
        let house = House::new(fresh).await;
        let reference = house.received(submission()).await;
        let desk = house.sign_in("terry").await;
        let differing = [
            (
                "accept",
                &[("accept_step", "3")][..],
                "Say why your decision differs",
            ),
            ("send-on", &[("send_to", "core")], "Say why it is sent on"),
            ("decline", &[], "decline_reason-error"),
        ];
        for (deed, form, asks) in differing {
            let form: Vec<(&str, &str)> = form.iter().copied().chain([("seen", "1")]).collect();
            let answer = desk.send(&format!("/inbox/{reference}/{deed}"), &form).await;
            assert_eq!(answer.status, 422, "{deed}");
            answer.says(asks);
        }
        let page = desk.look(&format!("/inbox/{reference}")).await;
        page.says("New")
            .keeps_quiet_about("Accepted by")
            .keeps_quiet_about("Declined by");
    });
}
