//! The copy of what is held: all that the patient gave, nothing that the team made of it.

use iapt_pad::referrals::EventKind;

use super::{Owner, house};
use crate::support::databases::on_both;
use crate::support::referrals::submission;

/// What belongs to the team.
pub const TEAMS: [&str; 22] = [
    "P1",
    "P2",
    "P3",
    "P4",
    "RISK",
    "SAFEGUARDING",
    "SEVERE",
    "SUBTHRESHOLD",
    "score",
    "mild",
    "moderate",
    "severe",
    "threshold",
    "Step 2",
    "Step 3",
    "priority",
    "Priority",
    "flag",
    "hwb",
    "review",
    " of 27",
    " of 21",
];

#[test]
fn the_copy_holds_what_the_patient_gave_and_nothing_the_team_made_of_it() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let owner = Owner::of(&house.visit, submission().item9(1)).await;
        let note = format!("/inbox/{}/note", owner.reference.replace('-', ""));
        house.team.post(&note, "seen=1&note_text=Sounds+wistful").await;
        owner.opens().await;
        owner.sees("/copy").await.is(200).says("Get it as a text");
        let before = owner.stored(&house.visit).await.timeline.len();
        for (form, name) in [("as=text", "my-copy.txt"), ("as=json", "my-copy.json")] {
            let (status, file) = owner.browser.ask("POST", &owner.at("/copy"), form).await;
            assert_eq!(status, 200);
            for given in [
                "Robin Example",
                "29 February 1980",
                "07700 900123",
                "robin@example.org",
                "1 Made-up Street",
                "Back pain",
                "Several days",
                "Thoughts that you would be better off dead",
                "We received your form",
                "attachment",
                name,
                "no-store",
            ] {
                assert!(file.contains(given), "{given} is not in {file}");
            }
            let body = file.split_once('\n').expect("headers").1;
            let body = body.replace(&owner.reference, "REFERENCE");
            for word in TEAMS.iter().chain(&["wistful", "Terry", "Testcase"]) {
                assert!(!body.contains(word), "{word} is in {body}");
            }
        }
        let view = owner.stored(&house.visit).await;
        let taken = view
            .timeline
            .iter()
            .filter(|event| event.kind == EventKind::CopyTaken);
        assert_eq!((taken.count(), view.timeline.len()), (2, before + 2));
        house.visit.ends().await;
    });
}
