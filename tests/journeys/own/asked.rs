//! The team asks for more, and the patient answers on their own page; a decline says there where to go instead.

use std::time::Duration;

use iapt_pad::config::Mail;
use iapt_pad::notify::{CapturedMail, captured};
use iapt_pad::referrals::{Queue, ReferralView, ReviewState};

use super::{BORN, Owner, house};
use crate::journeys::doors::House;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both;
use crate::support::referrals::submission;

fn record(owner: &Owner) -> String {
    format!("/inbox/{}", owner.reference.replace('-', ""))
}

async fn asks(house: &House, owner: &Owner, way: &str) {
    let form = format!("seen=1&ask_which=when&ask_own=Mornings+or+evenings%3F&ask_way={way}&ask_days=7");
    let asked = house.team.post(&format!("{}/ask", record(owner)), &form).await;
    assert_eq!(asked.status, 303, "{}", asked.body);
}

fn at(view: &ReferralView) -> (ReviewState, Queue) {
    (view.state, view.queue)
}

#[test]
fn a_question_is_read_and_answered_behind_the_date_of_birth() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let owner = Owner::of(&house.visit, submission()).await;
        asks(&house, &owner, "page").await;
        assert_eq!(
            at(&owner.stored(&house.visit).await),
            (ReviewState::WaitingForPatient, Queue::Waiting)
        );
        house
            .team
            .get("/inbox?queue=waiting")
            .await
            .says("to answer by Mon 30 Nov");
        owner
            .sees("")
            .await
            .says("We are waiting to hear from you")
            .never_says("Mornings or evenings?");
        owner
            .sees("/answer")
            .await
            .leads_to(&owner.at("/open?then=answer"));
        owner.opens().await;
        owner
            .sees("/answer")
            .await
            .says("When is a good time for us to ring you?")
            .says("Mornings or evenings?");
        let empty = owner.sends("/answer", "answer=").await;
        assert_eq!(empty.status, 422);
        empty.says("Write your answer").says("Mornings or evenings?");
        owner
            .sends("/answer", "answer=In+the+mornings")
            .await
            .leads_to(&owner.at("?said=answered"));
        let view = owner.stored(&house.visit).await;
        assert_eq!(at(&view), (ReviewState::New, Queue::New));
        house
            .team
            .get(&record(&owner))
            .await
            .says("Answer from the patient")
            .says("In the mornings");
        // Nothing is asked any more.
        owner.sees("/answer").await.leads_to(&owner.at(""));
        house.visit.ends().await;
    });
}

/// What the team was told of answers, once the house has delivered so many mails about them.
async fn told_of_answers(house: &House, many: usize) -> Vec<CapturedMail> {
    let Mail::Captured(folder) = &house.visit.app.config.mail else {
        panic!("captured mail")
    };
    for _ in 0..600 {
        let mut mails = captured(folder).expect("mails");
        mails.retain(|mail| mail.subject.starts_with("An answer arrived"));
        if mails.len() >= many {
            return mails;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the mail does not come");
}

#[test]
fn a_calm_answer_is_told_to_the_mailbox_of_the_service_and_says_nothing_of_it() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let owner = Owner::of(&house.visit, submission()).await;
        asks(&house, &owner, "page").await;
        owner.opens().await;
        owner.sends("/answer", "answer=").await.is(422);
        owner.sends("/answer", "answer=In+the+mornings").await;
        let told = told_of_answers(&house, 1).await;
        assert_eq!(told.len(), 1, "a form to be corrected tells nobody");
        let locality = &house.visit.app.config.locality;
        assert_eq!(
            told[0].to,
            locality.service(owner.stored(&house.visit).await.service).mailbox
        );
        assert_eq!(told[0].subject, format!("An answer arrived: {}", owner.reference));
        assert!(told[0].body.contains(&record(&owner)), "{}", told[0].body);
        assert!(!told[0].body.contains("mornings") && !told[0].body.contains("Robin"));
        assert_eq!(house.visit.urgent_messages().await, 0, "it can wait its turn");
        house.visit.ends().await;
    });
}

#[test]
fn a_worrying_answer_is_met_with_help_and_raises_the_referral_even_without_the_date_of_birth() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let owner = Owner::of(&house.visit, submission()).await;
        asks(&house, &owner, "call").await;
        let help = owner.sends("/answer", "answer=I+want+to+end+my+life").await;
        assert_eq!(help.status, 200);
        help.says("You deserve help now")
            .says("Can you keep yourself safe right now?")
            .says(&owner.at("/answer"));
        let view = owner.stored(&house.visit).await;
        assert_eq!(at(&view), (ReviewState::New, Queue::Today));
        assert!(view.is_flagged());
        assert_eq!(house.visit.urgent_messages().await, 1, "the team is told");
        let unsafe_now = owner.sends("/answer", "keep_safe=no").await;
        unsafe_now.says("Please get help now");
        let view = owner.stored(&house.visit).await;
        assert_eq!(view.queue, Queue::Now, "somebody acknowledges it by name");
        let record = house.team.get(&record(&owner)).await;
        record
            .says("I want to end my life")
            .says("Nobody has acknowledged this yet");
        // It stays so after a calm answer.
        owner.opens().await;
        owner.sends("/answer", "answer=It+is+all+right").await;
        assert_eq!(owner.stored(&house.visit).await.queue, Queue::Now);
        house.visit.ends().await;
    });
}

/// The sealed fields of the question for the date of birth, as a browser sends them on.
fn hidden(page: &Page) -> String {
    let parts = page.body.split("name=\"typed\" value=\"").skip(1);
    let parts = parts.filter_map(|rest| rest.split('"').next());
    parts.map(|part| format!("&typed={part}")).collect()
}

#[test]
fn an_answer_sent_after_the_page_had_closed_is_there_behind_the_date_of_birth() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let owner = Owner::of(&house.visit, submission()).await;
        let other = Owner::of(&house.visit, submission().named("Sam Sample")).await;
        asks(&house, &owner, "page").await;
        owner.opens().await;
        owner.sees("/answer").await.is(200);
        house.visit.app.clock.advance_minutes(16);
        // As long as an answer may be, in letters of four bytes each.
        let answer = format!("Mornings, before nine. {}", "\u{20000}".repeat(1_900));
        let late = owner.sends("/answer", &format!("answer={answer}")).await;
        late.is(200)
            .says("What is your date of birth?")
            .says("What you wrote is kept")
            .never_says("before nine");
        assert!(late.location.is_empty(), "it stands in no address");
        let events = owner.stored(&house.visit).await.timeline.len();
        assert_eq!(events, 2, "nothing is kept for whoever has only the link");
        let (sealed, open) = (hidden(&late), "/open?then=answer");
        assert!(sealed.matches("&typed=").count() > 1, "more than one field holds");
        let wrong = owner
            .sends(
                open,
                &format!("birth-day=28&birth-month=2&birth-year=1980{sealed}"),
            )
            .await;
        wrong.is(422).never_says("before nine");
        assert_eq!(hidden(&wrong), sealed, "a wrong date loses nothing");
        // Behind another person's date, on another form, or altered, it opens nowhere.
        let elsewhere = other.sends(open, &format!("{BORN}{sealed}")).await;
        elsewhere.leads_to(&other.at("/answer"));
        let visitor = Owner {
            browser: Browser::at(&house.visit.app.config.base_url),
            token: owner.token.clone(),
            reference: owner.reference.clone(),
            id: owner.id,
        };
        let altered = visitor
            .sends("/open?then=details", &format!("{BORN}{sealed}"))
            .await;
        altered.leads_to(&owner.at("/details"));
        let back = owner.sends(open, &format!("{BORN}{sealed}")).await;
        back.is(200)
            .says("When is a good time for us to ring you?")
            .says(&answer);
        owner
            .sends("/answer", &format!("answer={answer}"))
            .await
            .leads_to(&owner.at("?said=answered"));
        house.team.get(&record(&owner)).await.says("before nine");
        house.visit.ends().await;
    });
}

#[test]
fn who_was_declined_reads_where_to_go_only_behind_the_date_of_birth() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let owner = Owner::of(&house.visit, submission()).await;
        let form = "seen=1&decline_reason=With+another+team&decline_way=page\
                    &decline_signpost=Ring+the+other+service+on+0114+496+0199";
        let declined = house
            .team
            .post(&format!("{}/decline", record(&owner)), form)
            .await;
        assert_eq!(declined.status, 303, "{}", declined.body);
        owner
            .sees("")
            .await
            .says("It is closed")
            .never_says("0114 496 0199");
        owner.opens().await;
        owner
            .sees("")
            .await
            .says("Ring the other service on 0114 496 0199")
            .never_says("With another team");
        house.visit.ends().await;
    });
}
