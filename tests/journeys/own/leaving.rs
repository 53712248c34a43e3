//! Taking the form back: one button for everybody, and nobody at risk is lost by it.

use iapt_pad::referrals::{Queue, ReviewState};

use super::{Owner, house};
use crate::journeys::doors::House;
use crate::support::courses::Diary;
use crate::support::databases::on_both;
use crate::support::referrals::{ASubmission, submission};

async fn withdraws(owner: &Owner) {
    owner.opens().await;
    let page = owner.sees("/stop").await;
    page.is(200)
        .says("Do you want to take your form back?")
        .says("Would a talk help?")
        .says("tel:");
    let gone = owner.sends("/stop", "then=stop").await;
    gone.is(200)
        .says("You took it back")
        .says("We have taken your form back");
}

#[test]
fn one_button_takes_the_form_back_and_frees_the_place() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let diary = Diary::within(house.visit.app.clone(), 1).await;
        let owner = Owner::of(&house.visit, submission()).await;
        diary.hold(diary.run.id, owner.id).await;
        assert_eq!(diary.runs().await[0].free(), 0);
        withdraws(&owner).await;
        let view = owner.stored(&house.visit).await;
        assert_eq!((view.state, view.queue), (ReviewState::Withdrawn, Queue::Done));
        assert_eq!(diary.runs().await[0].free(), 1);
        assert_eq!(diary.place(owner.id).await, None);
        // A second tap, and every page of the link, finds that it has ended.
        owner.sends("/stop", "then=stop").await.is(404);
        for page in ["", "/details", "/copy", "/open?then=copy"] {
            let ended = owner.sees(page).await;
            ended.is(404).says("This link does not work").never_says("Robin");
        }
        owner.sends("/copy", "as=text").await.is(404).never_says("Robin");
        assert_eq!(house.visit.urgent_messages().await, 0);
        house.visit.ends().await;
    });
}

/// Somebody whose safety nobody asked about.
fn unasked() -> ASubmission {
    let mut sent = submission();
    sent.0.facts.crisis_now = None;
    sent.0.facts.phq9 = None;
    sent.0.not_asked = vec!["crisis_now".to_owned()];
    sent
}

fn neglected() -> ASubmission {
    let mut sent = submission();
    sent.0.facts.safeguarding = true;
    sent
}

async fn acknowledge(house: &House, owner: &Owner, seen: usize) {
    let at = format!("/inbox/{}/acknowledge", owner.reference.replace('-', ""));
    let answer = house.team.post(&at, &format!("seen={seen}")).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

#[test]
fn whoever_is_at_risk_and_withdraws_stays_with_the_team_until_somebody_acts() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let cases = [
            (submission().in_danger(), Queue::Now),
            (submission().item9(1), Queue::Today),
            (neglected(), Queue::Today),
            (unasked(), Queue::Today),
        ];
        for (sent, stays) in cases {
            let owner = Owner::of(&house.visit, sent).await;
            let before = house.visit.urgent_messages().await;
            // Whoever is told of several within some minutes is told together.
            house.visit.app.clock.advance_minutes(6);
            withdraws(&owner).await;
            let view = owner.stored(&house.visit).await;
            assert_eq!((view.state, view.queue), (ReviewState::Withdrawn, stays));
            assert_eq!(
                house.visit.urgent_messages().await,
                before + 1,
                "the team is told"
            );
            let record = format!("/inbox/{}", owner.reference.replace('-', ""));
            house
                .team
                .get(&record)
                .await
                .says("Withdrawn by the patient")
                .says("Nobody has acknowledged this yet");
            house.team.get("/inbox").await.says(&owner.reference);
            // A note is not an act.
            let note = house
                .team
                .post(&format!("{record}/note"), "note_text=Rang&seen=2")
                .await;
            assert_eq!(note.status, 303);
            assert_eq!(owner.stored(&house.visit).await.queue, stays);
            acknowledge(&house, &owner, view.timeline.len() + 1).await;
            let view = owner.stored(&house.visit).await;
            assert_eq!((view.state, view.queue), (ReviewState::Withdrawn, Queue::Done));
        }
        house.visit.ends().await;
    });
}

#[test]
fn who_was_acknowledged_and_then_withdraws_is_looked_at_again() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let owner = Owner::of(&house.visit, submission().in_danger()).await;
        acknowledge(&house, &owner, 1).await;
        assert_eq!(owner.stored(&house.visit).await.queue, Queue::Today);
        withdraws(&owner).await;
        let view = owner.stored(&house.visit).await;
        assert_eq!(view.queue, Queue::Now);
        assert!(view.acknowledged.is_none());
        let reopen = format!("/inbox/{}/reopen", owner.reference.replace('-', ""));
        let form = format!("seen={}&reopen_reason=Spoke+to+them", view.timeline.len());
        assert_eq!(house.team.post(&reopen, &form).await.status, 303);
        let view = owner.stored(&house.visit).await;
        assert_eq!((view.state, view.queue), (ReviewState::New, Queue::Now));
        house.visit.ends().await;
    });
}

#[test]
fn words_that_worry_are_kept_after_the_form_was_taken_back_and_met_with_help_by_any_dead_link() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let owner = Owner::of(&house.visit, submission()).await;
        withdraws(&owner).await;
        owner.sends("/answer", "answer=In+the+mornings").await.is(404);
        let help = owner.sends("/answer", "answer=I+want+to+end+my+life").await;
        help.is(200).says("You deserve help now");
        let view = owner.stored(&house.visit).await;
        assert_eq!(view.queue, Queue::Today, "it reaches the team");
        assert_eq!(house.visit.urgent_messages().await, 1);
        let nowhere = format!("/r/{}/answer", "0".repeat(26));
        let help = owner.browser.post(&nowhere, "answer=I+want+to+end+my+life").await;
        help.is(200)
            .says("You deserve help now")
            .says("We could not save what you told us");
        house.visit.ends().await;
    });
}
