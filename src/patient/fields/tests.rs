//! Every page read: what is taken, what is refused and where the message stands, and that nothing is lost.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::questionnaire::{Condition, Contact, GpSurgery, PainLength, Scale, SpineTicks, Veteran, limits};

fn languages() -> Vec<String> {
    ["ar", "pl"].map(str::to_owned).to_vec()
}

fn take(page: Page, body: &str, answers: &mut Answers) -> Errors {
    let languages = languages();
    let context = TakeContext {
        today: date(2026, 11, 23),
        from_slip: true,
        languages: &languages,
    };
    take_answer(page, &Posted::read(body.as_bytes()), answers, context)
}

/// What a good page makes of empty answers.
fn taken(page: Page, body: &str) -> Answers {
    let mut answers = Answers::default();
    let errors = take(page, body, &mut answers);
    assert!(errors.is_empty(), "{page:?} {body}: {:?}", errors.list());
    answers
}

/// The fields with a message, and that nothing was taken.
fn refused(page: Page, body: &str) -> Vec<String> {
    let mut answers = Answers::default();
    let errors = take(page, body, &mut answers);
    assert!(
        answers == Answers::default(),
        "{page:?} {body}: something was taken"
    );
    errors
        .list()
        .iter()
        .map(|problem| problem.field.to_string())
        .collect()
}

#[test]
fn a_page_left_empty_says_what_is_missing() {
    for (page, fields) in [
        (Page::Safety, vec!["crisis_now"]),
        (Page::Eligibility, vec!["aged_enough", "gp_in_area"]),
        (Page::Agreement, vec!["agreed"]),
        (Page::Name, vec!["name"]),
        (Page::BirthDate, vec!["birth"]),
        (Page::Contact, vec!["phone"]),
        (Page::Address, vec!["postcode"]),
        (Page::GpSurgery, vec!["gp_surgery"]),
        (Page::NhsNumber, vec!["nhs_number"]),
        (Page::Problem, vec!["problem"]),
        (Page::LongTerm, vec!["ltc"]),
        (Page::Linked, vec!["linked"]),
        (Page::PainLength, vec!["pain_length"]),
        (Page::Spine, vec!["spine"]),
        (Page::SafetyTicks, vec!["safety"]),
        (Page::CareTicks, vec!["care"]),
        (Page::LifeTicks, vec!["life"]),
        (Page::Phq9, vec!["item1"]),
        (Page::Gad7, vec!["item1"]),
        (Page::Needs, vec!["interpreter"]),
    ] {
        assert_eq!(refused(page, ""), fields, "{page:?}");
    }
    assert_eq!(taken(Page::AnythingElse, "").anything_else.as_deref(), Some(""));
}

#[test]
fn values_that_no_page_offers_are_refused() {
    for (page, body, field) in [
        (Page::Safety, "crisis_now=maybe", "crisis_now"),
        (Page::Problem, "problem=influenza", "problem"),
        (Page::LongTerm, "ltc=back_pain&ltc=gout", "ltc"),
        (Page::Spine, "spine=everything", "spine"),
        (Page::Spine, "spine=none&spine=both_legs_weak", "spine"),
        (Page::Phq9, "item1=4", "item1"),
        (Page::Phq9, "item1=0&item9=-1", "item9"),
        (Page::Gad7, "item7=999999999999", "item7"),
        (Page::Needs, "interpreter=xx", "interpreter"),
        (Page::Contact, "phone=07700900123&best_time=teatime", "best_time"),
        (Page::GpSurgery, "gp_other=perhaps", "gp_surgery"),
    ] {
        assert_eq!(refused(page, body), [field], "{body}");
    }
}

#[test]
fn oversize_fields_are_refused_at_the_field() {
    let too_long = |limit: usize| "%F0%9D%92%B2".repeat(limit + 1);
    for (page, field, limit, rest) in [
        (Page::Name, "name", limits::NAME, ""),
        (Page::Name, "helper_name", limits::HELPER_NAME, "&name=Ann"),
        (Page::Address, "line1", limits::ADDRESS_LINE, "&postcode=S102HQ"),
        (Page::GpSurgery, "gp_surgery", limits::GP_SURGERY, ""),
        (
            Page::LongTerm,
            "other_condition",
            limits::OTHER_CONDITION,
            "&ltc=other",
        ),
        (Page::Needs, "format_need", limits::FORMAT_NEED, "&interpreter=no"),
        (
            Page::Needs,
            "other_language",
            limits::OTHER_LANGUAGE,
            "&interpreter=other",
        ),
        (Page::AnythingElse, "anything_else", limits::ANYTHING_ELSE, ""),
    ] {
        let fields = refused(page, &format!("{field}={}{rest}", too_long(limit)));
        assert_eq!(fields.first().map(String::as_str), Some(field), "{page:?}");
    }
}

#[test]
fn a_million_characters_and_control_characters_are_messages() {
    let million = format!("name={}", "a".repeat(1_000_000));
    assert_eq!(refused(Page::Name, &million), ["name"]);
    assert_eq!(refused(Page::Name, "name=Ann%00"), ["name"]);
    assert_eq!(
        refused(Page::AnythingElse, "anything_else=a%1b%5b31m"),
        ["anything_else"]
    );
}

#[test]
fn a_date_that_does_not_exist_is_refused() {
    for (body, message) in [
        ("birth-day=31&birth-month=2&birth-year=1980", "real date"),
        ("birth-day=1&birth-month=1&birth-year=2030", "past"),
        ("birth-day=1&birth-year=1980", "month"),
    ] {
        let mut answers = Answers::default();
        let errors = take(Page::BirthDate, body, &mut answers);
        assert!(
            errors
                .at("birth")
                .is_some_and(|problem| problem.message.contains(message)),
            "{body}"
        );
    }
    let born = taken(Page::BirthDate, "birth-day=29&birth-month=2&birth-year=1980").born;
    assert_eq!(born, Some(date(1980, 2, 29)));
}

#[test]
fn nhs_numbers_that_fail_their_check_are_refused_and_not_knowing_is_an_answer() {
    for wrong in ["9991234567", "1111111111", "QQ123456C", "999+002+3115+1"] {
        assert_eq!(
            refused(Page::NhsNumber, &format!("nhs_number={wrong}")),
            ["nhs_number"]
        );
    }
    let number = |body| taken(Page::NhsNumber, body).nhs_number;
    assert_eq!(number("nhs_number=999+002+3115").as_deref(), Some("9990023115"));
    assert_eq!(number("not_known=yes").as_deref(), Some(""));
    assert_eq!(
        refused(Page::NhsNumber, "nhs_number=9990023115&not_known=yes"),
        ["not_known"]
    );
}

#[test]
fn one_way_to_be_reached_is_enough_and_none_is_not() {
    let contact = |body| taken(Page::Contact, body).contact.expect("a contact");
    let phone = contact("phone=07700+900123&may=voicemail&best_time=am");
    assert_eq!(phone.phone.as_deref(), Some("+447700900123"));
    assert!(phone.voicemail_ok && !phone.text_ok && !phone.write_ok);
    assert!(contact("email=ann@example.org").email.is_some());
    assert!(contact("may=only_post").write_ok);
    assert_eq!(refused(Page::Contact, "may=voicemail"), ["phone"]);
    assert_eq!(refused(Page::Contact, "phone=123"), ["phone"]);
    assert_eq!(refused(Page::Contact, "email=ann"), ["email"]);
}

#[test]
fn who_can_only_be_written_to_needs_a_whole_address() {
    let by_post = Answers {
        contact: Some(Contact {
            write_ok: true,
            ..Contact::default()
        }),
        ..Answers::default()
    };
    let fields = |body| {
        let mut answers = by_post.clone();
        let errors = take(Page::Address, body, &mut answers);
        errors
            .list()
            .iter()
            .map(|problem| problem.field.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(fields("postcode=S10+2HQ"), ["line1"]);
    assert_eq!(fields("no_fixed_address=yes"), ["line1"]);
    assert!(fields("line1=1+Test+Street&postcode=S10+2HQ").is_empty());
    let roofless = taken(Page::Address, "no_fixed_address=yes")
        .address
        .expect("an address");
    assert!(roofless.no_fixed_address && roofless.postcode.is_none());
    assert_eq!(
        refused(Page::Address, "no_fixed_address=yes&postcode=S102HQ"),
        ["no_fixed_address"]
    );
}

#[test]
fn not_agreeing_needs_no_word_about_sharing() {
    let agreement = |body| taken(Page::Agreement, body).agreement.expect("an answer");
    assert_eq!(agreement("agreed=no").share_status, None);
    assert_eq!(agreement("agreed=yes&share_status=no").share_status, Some(false));
    assert_eq!(refused(Page::Agreement, "agreed=yes"), ["share_status"]);
}

#[test]
fn a_condition_in_words_ticks_its_box() {
    let given = taken(Page::LongTerm, "other_condition=Gout")
        .long_term
        .expect("an answer");
    assert_eq!(
        (given.conditions, given.other.as_str()),
        (vec![Condition::Other], "Gout")
    );
    let none = taken(Page::LongTerm, "ltc=none").long_term.expect("an answer");
    assert!(none.conditions.is_empty());
}

#[test]
fn changing_the_conditions_takes_their_questions_along_but_never_a_worry() {
    let mut answers = taken(Page::LongTerm, "ltc=back_pain");
    answers.pain_length = Some(PainLength::Year);
    answers.spine = Some(SpineTicks::default());
    assert!(take(Page::LongTerm, "ltc=none", &mut answers).is_empty());
    assert!(answers.pain_length.is_none() && answers.spine.is_none());
    answers.spine = Some(SpineTicks {
        saddle_numbness: true,
        ..SpineTicks::default()
    });
    assert!(take(Page::LongTerm, "ltc=diabetes", &mut answers).is_empty());
    assert!(answers.spine.is_some_and(|spine| spine.any()));
}

#[test]
fn a_skipped_item_is_unknown_and_a_passed_page_is_no_page() {
    let phq9 = |body| taken(Page::Phq9, body).phq9.expect("an answer");
    let Scale::Given(items) = phq9("item1=0&item2=3&item9=skip") else {
        panic!("it was started")
    };
    assert_eq!(
        (items[0], items[1], items[2], items[8]),
        (Some(0), Some(3), None, None)
    );
    assert!(phq9("then=pass") == Scale::PASSED);
    assert!(phq9("item1=3&item2=skip&item9=0&then=pass") == Scale::PASSED);
    let Scale::Given(items) = phq9("item1=3&item9=2&then=pass") else {
        panic!("a worrying answer is kept although the page is passed over")
    };
    assert_eq!((items[0], items[8]), (None, Some(2)));
    assert!(phq9("item1=skip&item2=skip") == Scale::Given([None; 9]));
}

#[test]
fn a_language_off_the_list_is_asked_for_by_name() {
    let needs = |body| taken(Page::Needs, body).needs.expect("an answer");
    assert_eq!(needs("interpreter=ar&bsl=yes").interpreter.as_deref(), Some("ar"));
    assert_eq!(
        needs("interpreter=other&other_language=Welsh").other_language,
        "Welsh"
    );
    assert_eq!(needs("interpreter=no").interpreter, None);
    assert_eq!(refused(Page::Needs, "interpreter=other"), ["other_language"]);
    assert_eq!(
        refused(Page::Needs, "interpreter=no&other_language=Welsh"),
        ["interpreter"]
    );
}

#[test]
fn what_was_answered_is_shown_and_reads_as_itself() {
    for (page, body) in [
        (Page::Safety, "crisis_now=prefer_not"),
        (Page::Eligibility, "aged_enough=no&gp_in_area=unknown"),
        (Page::Agreement, "agreed=yes&share_status=yes"),
        (Page::Name, "name=Ann+Example&helper_name=Bob&helper_relation=son"),
        (Page::BirthDate, "birth-day=1&birth-month=12&birth-year=1950"),
        (
            Page::Contact,
            "phone=07700900123&email=a@example.org&may=text&may=write&best_time=eve",
        ),
        (Page::Contact, "may=only_post"),
        (Page::Address, "line1=1+Test+St&town=Sheffield&postcode=s10+2hq"),
        (Page::Address, "no_fixed_address=yes"),
        (Page::GpSurgery, "gp_surgery=Test+Surgery"),
        (Page::GpSurgery, "gp_other=none"),
        (Page::NhsNumber, "not_known=yes"),
        (Page::NhsNumber, "nhs_number=9990023115"),
        (Page::Problem, "problem=stress_ltc"),
        (Page::LongTerm, "ltc=back_pain&ltc=other&other_condition=Gout"),
        (Page::LongTerm, "ltc=none"),
        (Page::Linked, "linked=unsure"),
        (Page::PainLength, "pain_length=12"),
        (Page::Spine, "spine=none"),
        (Page::Spine, "spine=saddle_numbness&spine=bladder_or_bowel"),
        (Page::SafetyTicks, "safety=safeguarding"),
        (Page::CareTicks, "care=step2_no_benefit&care=secondary_mh"),
        (Page::LifeTicks, "life=service_related"),
        (Page::Phq9, "item1=0&item2=1&item3=2&item4=3&item9=0"),
        (Page::Gad7, "item1=3"),
        (
            Page::Needs,
            "interpreter=other&other_language=Welsh&bsl=yes&format_need=large+print",
        ),
        (Page::AnythingElse, "anything_else=Two%0D%0Alines"),
    ] {
        let first = taken(page, body);
        let mut again = Answers::default();
        let languages = languages();
        let context = TakeContext {
            today: date(2026, 11, 23),
            from_slip: true,
            languages: &languages,
        };
        let errors = take_answer(page, &show_answer(page, &first), &mut again, context);
        assert!(errors.is_empty(), "{page:?}: {:?}", errors.list());
        assert!(again == first, "{page:?} {body}");
    }
    let served = taken(Page::LifeTicks, "life=service_related").life_ticks;
    assert_eq!(served.map(|ticks| ticks.veteran), Some(Veteran::ServiceRelated));
    assert!(matches!(
        taken(Page::GpSurgery, "gp_other=unknown").gp,
        Some(GpSurgery::Unknown)
    ));
}

proptest! {
    #[test]
    fn any_body_on_any_page_is_answered(body in "[a-z0-9=&%_+-]{0,120}", number in 1u8..=24) {
        let page = Page::from_number(number).expect("a page");
        let _ = take(page, &body, &mut Answers::default());
    }
}
