//! The patient changes how they are reached, and the team sees the old beside the new. Whoever has the link and the date
//! can do it, so the old address is told and no call that is due falls silent.

use std::time::Duration;

use iapt_pad::config::Mail;
use iapt_pad::notify::captured;
use iapt_pad::staff::Role;

use super::{Owner, house};
use crate::journeys::doors::{House, signed_in};
use crate::support::databases::on_both;
use crate::support::referrals::submission;

const NEW: &str = "phone=07700+900456&email=robin.new@example.org&may=write&best_time=pm\
                   &line1=2+Made-up+Street&town=Sheffield&postcode=s1+2he";

#[test]
fn new_details_stand_beside_the_old_and_both_find_the_person() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let visit = &house.visit;
        let owner = Owner::of(visit, submission()).await;
        owner.opens().await;
        owner.sees("/details").await.says("value=\"07700 900123\"");
        let saved = owner.sends("/details", NEW).await;
        saved.leads_to(&owner.at("?said=details"));
        owner
            .sees("?said=details")
            .await
            .says("Our team now has your new details");
        let person = owner.stored(visit).await.person;
        assert_eq!(person.phone.as_deref(), Some("+447700900456"));
        assert_eq!(person.email.as_deref(), Some("robin.new@example.org"));
        assert!(!person.voicemail_ok && !person.text_ok && person.write_ok);
        let record = house
            .team
            .get(&format!("/inbox/{}", owner.reference.replace('-', "")))
            .await;
        record
            .says("Changed by the patient on 23 November 2026")
            .says("Phone: was 07700 900123, now 07700 900456")
            .says("E-mail: was robin@example.org, now robin.new@example.org")
            .says("Voicemail: was allowed, now not allowed")
            .says("Do NOT leave a voicemail")
            .says("Do not leave a voicemail");
        for sought in [
            "07700900123",
            "07700900456",
            "robin%40example.org",
            "robin.new%40example.org",
        ] {
            let found = house
                .team
                .post("/inbox/search", &format!("sought={sought}"))
                .await;
            found.says("1 found.").says(&owner.reference);
        }
        owner
            .sends("/details", NEW)
            .await
            .leads_to(&owner.at("?said=same"));
        let view = owner.stored(visit).await;
        assert!(view.timeline.len() == 2 && view.chain_is_whole);
        house.visit.ends().await;
    });
}

#[test]
fn a_bad_field_is_named_and_nothing_left_to_reach_them_by_is_refused() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let visit = &house.visit;
        let owner = Owner::of(visit, submission()).await;
        owner.opens().await;
        let wrong = owner
            .sends("/details", "phone=12&email=robin%40example.org&postcode=s12he")
            .await;
        wrong
            .is(422)
            .says("<title>Error: ")
            .says("href=\"#phone\"")
            .says("value=\"12\"")
            .says("value=\"robin@example.org\"");
        owner
            .sends("/details", "email=nonsense")
            .await
            .is(422)
            .says("href=\"#email\"");
        owner.sends("/details", "").await.is(422).says("href=\"#phone\"");
        owner
            .sends("/details", "may=only_post&no_fixed_address=yes")
            .await
            .is(422);
        owner
            .sends("/details", "may=only_post")
            .await
            .is(422)
            .says("href=\"#line1\"");
        let view = owner.stored(visit).await;
        assert_eq!(view.timeline.len(), 1);
        assert_eq!(view.person.phone.as_deref(), Some("+447700900123"));
        house.visit.ends().await;
    });
}

/// To whom it was told that details were changed, once all that was written has gone out.
async fn told_of_changes(house: &House) -> Vec<String> {
    let Mail::Captured(folder) = &house.visit.app.config.mail else {
        panic!("captured mail")
    };
    for _ in 0..600 {
        if house.visit.unsent_messages().await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mails = captured(folder).expect("mails");
    let told = mails
        .into_iter()
        .filter(|mail| mail.subject.starts_with("Your details were changed"));
    told.map(|mail| {
        assert!(!mail.body.contains("/r/") && !mail.body.contains("900456"));
        mail.to
    })
    .collect()
}

#[test]
fn a_change_of_details_is_told_to_the_old_address_where_it_may_be_written_to() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let owner = Owner::of(&house.visit, submission()).await;
        owner.opens().await;
        owner.sends("/details", NEW).await.is(303);
        assert_eq!(told_of_changes(&house).await, ["robin@example.org"]);
        let mut silent = submission();
        silent.0.person.write_ok = false;
        let owner = Owner::of(&house.visit, silent).await;
        owner.opens().await;
        owner.sends("/details", NEW).await.is(303);
        assert_eq!(told_of_changes(&house).await.len(), 1, "nobody may write there");
        house.visit.ends().await;
    });
}

#[test]
fn a_call_that_is_due_keeps_the_old_number_until_somebody_has_spoken_with_them() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let owner = Owner::of(&house.visit, submission()).await;
        let record = format!("/inbox/{}", owner.reference.replace('-', ""));
        let ask = "seen=1&ask_which=when&ask_own=Mornings%3F&ask_way=call&ask_days=7";
        house.team.post(&format!("{record}/ask"), ask).await.is(303);
        house.visit.app.clock.advance_minutes(24 * 60);
        let team = signed_in(&house.visit, "tina", Role::Triage).await;
        let due = team.get("/inbox/rings").await;
        due.says(&owner.reference).says("07700 900123");
        owner.opens().await;
        owner.sends("/details", NEW).await.is(303);
        let both = team.get("/inbox/rings").await;
        both.says(&owner.reference)
            .says("07700 900456")
            .says("07700 900123")
            .says("Try it too");
        team.get(&record)
            .await
            .says("data-earlier-phone")
            .says("07700 900123");
        // Taking every number away does not silence the call either.
        let none = "email=robin.new@example.org&may=write&best_time=pm";
        owner.sends("/details", none).await.is(303);
        let still = team.get("/inbox/rings").await;
        still.says(&owner.reference).says("07700 900123").says("Spoke");
        let spoke = team.post(&format!("{record}/attempt"), "outcome=spoke").await;
        spoke.is(303);
        team.get(&record).await.never_says("data-earlier-phone");
        let person = owner.stored(&house.visit).await.person;
        assert_eq!(person.phones_to_try().count(), 0);
        // An outcome that was recorded by mistake brings the number back.
        team.post(&format!("{record}/attempt/undo"), "").await.is(303);
        team.get(&record).await.says("data-earlier-phone");
        house.visit.ends().await;
    });
}
