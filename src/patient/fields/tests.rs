//! Every page read: what is taken, what is refused and where the message stands, and that nothing is lost.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::questionnaire::{Condition, GpInArea, GpSurgery, PainLength, Scale, SpineTicks, Veteran, limits};

fn languages() -> Vec<String> {
    ["ar", "pl"].map(str::to_owned).to_vec()
}

fn context(languages: &[String]) -> TakeContext<'_> {
    TakeContext {
        today: date(2026, 11, 23),
        from_slip: true,
        for_another: false,
        journey: JourneyContext::default(),
        languages,
    }
}

/// Reads one question as its page does: nothing is taken of it with a message.
fn take(question: Question, body: &str, answers: &mut Answers) -> Errors {
    let posted = Posted::read(body.as_bytes());
    let mut taken = answers.clone();
    let mut errors = posted.errors();
    errors.extend(take_answer(question, &posted, &mut taken, context(&languages())));
    if errors.is_empty() {
        *answers = taken;
    }
    errors
}

/// What a good page makes of empty answers.
fn taken(question: Question, body: &str) -> Answers {
    let mut answers = Answers::default();
    let errors = take(question, body, &mut answers);
    assert!(errors.is_empty(), "{question:?} {body}: {:?}", errors.list());
    answers
}

/// The fields with a message, and that nothing was taken.
fn refused(question: Question, body: &str) -> Vec<String> {
    let mut answers = Answers::default();
    let errors = take(question, body, &mut answers);
    assert!(
        answers == Answers::default(),
        "{question:?} {body}: something was taken"
    );
    errors
        .list()
        .iter()
        .map(|problem| problem.field.to_string())
        .collect()
}

#[test]
fn a_page_left_empty_says_what_is_missing() {
    for (question, fields) in [
        (Question::Safety, vec!["crisis_now"]),
        (Question::Name, vec!["name"]),
        (Question::BirthDate, vec!["birth"]),
        (Question::Contact, vec!["phone"]),
        (Question::Address, vec!["postcode"]),
        (Question::GpSurgery, vec!["gp_in_area"]),
        (Question::Problem, vec!["problem"]),
        (Question::LongTerm, vec!["ltc"]),
        (Question::Linked, vec!["linked"]),
        (Question::PainLength, vec!["pain_length"]),
        (Question::Spine, vec!["spine"]),
        (Question::SafetyTicks, vec!["safety"]),
        (Question::CareTicks, vec!["care"]),
        (Question::LifeTicks, vec!["life"]),
        (Question::Scales, vec!["scales"]),
        (Question::Phq9, vec!["item1"]),
        (Question::Gad7, vec!["item1"]),
    ] {
        assert_eq!(refused(question, ""), fields, "{question:?}");
    }
    assert_eq!(
        taken(Question::AnythingElse, "").anything_else.as_deref(),
        Some("")
    );
}

#[test]
fn values_that_no_page_offers_are_refused() {
    for (question, body, field) in [
        (Question::Safety, "crisis_now=maybe", "crisis_now"),
        (Question::Problem, "problem=influenza", "problem"),
        (Question::LongTerm, "ltc=back_pain&ltc=gout", "ltc"),
        (Question::Spine, "spine=everything", "spine"),
        (Question::Spine, "spine=none&spine=both_legs_weak", "spine"),
        (Question::Phq9, "item1=4", "item1"),
        (Question::Phq9, "item1=0&item9=-1", "item9"),
        (Question::Gad7, "item7=999999999999", "item7"),
        (Question::Needs, "interpreter=xx", "interpreter"),
        (
            Question::Contact,
            "phone=07700900123&best_time=teatime",
            "best_time",
        ),
        (Question::GpSurgery, "gp_in_area=perhaps", "gp_in_area"),
        (Question::Scales, "scales=perhaps", "scales"),
    ] {
        assert_eq!(refused(question, body), [field], "{body}");
    }
}

#[test]
fn oversize_fields_are_refused_at_the_field() {
    let too_long = |limit: usize| "%F0%9D%92%B2".repeat(limit + 1);
    for (question, field, limit, rest) in [
        (Question::Name, "name", limits::NAME, ""),
        (Question::Name, "helper_name", limits::HELPER_NAME, "&name=Ann"),
        (
            Question::Address,
            "line1",
            limits::ADDRESS_LINE,
            "&postcode=S102HQ",
        ),
        (
            Question::GpSurgery,
            "gp_surgery",
            limits::GP_SURGERY,
            "&gp_in_area=yes",
        ),
        (
            Question::LongTerm,
            "other_condition",
            limits::OTHER_CONDITION,
            "&ltc=other",
        ),
        (
            Question::Needs,
            "format_need",
            limits::FORMAT_NEED,
            "&interpreter=no",
        ),
        (
            Question::Needs,
            "other_language",
            limits::OTHER_LANGUAGE,
            "&interpreter=other",
        ),
        (Question::AnythingElse, "anything_else", limits::ANYTHING_ELSE, ""),
    ] {
        let fields = refused(question, &format!("{field}={}{rest}", too_long(limit)));
        assert_eq!(fields.first().map(String::as_str), Some(field), "{question:?}");
    }
}

#[test]
fn a_million_characters_are_a_message_and_what_nobody_sees_is_taken_out() {
    let million = format!("name={}", "a".repeat(1_000_000));
    assert_eq!(refused(Question::Name, &million), ["name"]);
    assert_eq!(taken(Question::Name, "name=Ann%00").name.as_deref(), Some("Ann"));
    let words = taken(Question::AnythingElse, "anything_else=a%1b%5b31m").anything_else;
    assert_eq!(words.as_deref(), Some("a[31m"));
}

#[test]
fn a_date_that_does_not_exist_is_refused() {
    for (body, message) in [
        ("birth-day=31&birth-month=2&birth-year=1980", "real date"),
        ("birth-day=1&birth-month=1&birth-year=2030", "past"),
        ("birth-day=1&birth-year=1980", "month"),
    ] {
        let mut answers = Answers::default();
        let errors = take(Question::BirthDate, body, &mut answers);
        assert!(
            errors
                .at("birth")
                .is_some_and(|problem| problem.message.contains(message)),
            "{body}"
        );
    }
    let born = taken(Question::BirthDate, "birth-day=29&birth-month=2&birth-year=1980").born;
    assert_eq!(born, Some(date(1980, 2, 29)));
}

#[test]
fn nhs_numbers_that_fail_their_check_are_refused_and_leaving_it_out_is_an_answer() {
    for wrong in ["9991234567", "1111111111", "QQ123456C", "999+002+3115+1"] {
        assert_eq!(
            refused(Question::NhsNumber, &format!("nhs_number={wrong}")),
            ["nhs_number"]
        );
    }
    let number = |body| taken(Question::NhsNumber, body).nhs_number;
    assert_eq!(number("nhs_number=999+002+3115").as_deref(), Some("9990023115"));
    assert_eq!(number("").as_deref(), Some(""));
}

#[test]
fn one_way_to_be_reached_is_enough_and_none_is_not() {
    let contact = |body| taken(Question::Contact, body).contact.expect("a contact");
    let phone = contact("phone=07700+900123&may=voicemail&best_time=am");
    assert_eq!(phone.phone.as_deref(), Some("+447700900123"));
    assert!(phone.voicemail_ok && !phone.text_ok && !phone.write_ok);
    assert!(contact("email=ann@example.org").email.is_some());
    assert!(contact("may=only_post").write_ok);
    assert_eq!(refused(Question::Contact, "may=voicemail"), ["phone"]);
    assert_eq!(refused(Question::Contact, "phone=123"), ["phone"]);
    assert_eq!(refused(Question::Contact, "email=ann"), ["email"]);
}

#[test]
fn who_can_only_be_written_to_needs_a_whole_address() {
    let by_post = |body: &str| {
        let body = format!("may=only_post&{body}");
        let errors = take(Question::Address, &body, &mut Answers::default());
        let fields = errors.list().iter().map(|problem| problem.field.to_string());
        fields.collect::<Vec<_>>()
    };
    assert_eq!(by_post("postcode=S10+2HQ"), ["line1"]);
    assert_eq!(by_post("no_fixed_address=yes"), ["line1"]);
    assert!(by_post("line1=1+Test+Street&postcode=S10+2HQ").is_empty());
    let roofless = taken(Question::Address, "no_fixed_address=yes")
        .address
        .expect("an address");
    assert!(roofless.no_fixed_address && roofless.postcode.is_none());
    assert_eq!(
        refused(Question::Address, "no_fixed_address=yes&postcode=S102HQ"),
        ["no_fixed_address"]
    );
}

#[test]
fn sending_is_agreeing_and_sharing_is_a_box_of_its_own() {
    let agreement = |body| taken(Question::Agreement, body).agreement.expect("an answer");
    assert_eq!(agreement("then=send&share_status=yes").share_status, Some(true));
    let silent = agreement("then=send");
    assert!(silent.agreed && silent.share_status == Some(false));
    assert!(!agreement("then=refuse").agreed);
}

#[test]
fn where_the_surgery_is_and_its_name_are_one_question() {
    let gp = |body| {
        let answers = taken(Question::GpSurgery, body);
        (
            answers.gp_in_area.expect("an area"),
            answers.gp.expect("a surgery"),
        )
    };
    assert!(gp("gp_in_area=yes") == (GpInArea::Yes, GpSurgery::Unknown));
    assert!(gp("gp_in_area=none") == (GpInArea::Unknown, GpSurgery::None));
    let named = GpSurgery::Named("Test Surgery".to_owned());
    assert!(gp("gp_in_area=no&gp_surgery=Test+Surgery") == (GpInArea::No, named));
}

#[test]
fn what_has_to_be_corrected_does_not_keep_its_neighbours_from_being_taken() {
    let mut answers = Answers::default();
    let body = "safety=harm_to_others&care=none&care=secondary_mh&scales=later";
    let posted = Posted::read(body.as_bytes());
    let errors = take_page(Page::Apply, &posted, &mut answers, context(&languages()));
    let fields: Vec<&str> = errors.list().iter().map(|problem| &*problem.field).collect();
    assert_eq!(fields, ["care", "life"]);
    assert!(answers.safety_ticks.is_some_and(|ticks| ticks.harm_to_others));
    assert_eq!((answers.scales_now, answers.care_ticks), (Some(false), None));
}

#[test]
fn what_follows_from_a_condition_is_due_only_with_it() {
    let wrong = |body: &str| {
        let posted = Posted::read(format!("problem=worry&{body}").as_bytes());
        let errors = take_page(
            Page::Problem,
            &posted,
            &mut Answers::default(),
            context(&languages()),
        );
        let fields = errors.list().iter().map(|problem| problem.field.to_string());
        fields.collect::<Vec<_>>()
    };
    assert!(wrong("ltc=none").is_empty());
    assert_eq!(wrong("ltc=diabetes"), ["linked"]);
    assert_eq!(wrong("ltc=back_pain"), ["linked", "pain_length", "spine"]);
    assert!(wrong("ltc=back_pain&linked=yes&pain_length=52&spine=none").is_empty());
}

#[test]
fn a_professional_who_fills_it_in_says_who_they_are() {
    let languages = languages();
    let context = TakeContext {
        for_another: true,
        ..context(&languages)
    };
    let take = |body: &str| {
        let posted = Posted::read(body.as_bytes());
        take_answer(Question::Name, &posted, &mut Answers::default(), context)
    };
    assert!(take("name=Ann+Example").at("helper_name").is_some());
    assert!(take("name=Ann+Example&helper_name=Dr+Example").is_empty());
}

#[test]
fn leaving_the_questionnaires_for_a_talk_keeps_only_an_answer_that_worries() {
    let mut items = [Some(1); 9];
    let mut answers = Answers {
        phq9: Some(Scale::Given(items)),
        gad7: Some(Scale::PASSED),
        ..Answers::default()
    };
    assert!(take(Question::Scales, "scales=later", &mut answers).is_empty());
    assert!(answers.phq9.is_some() && answers.gad7.is_none());
    items[8] = Some(0);
    answers.phq9 = Some(Scale::Given(items));
    assert!(take(Question::Scales, "scales=later", &mut answers).is_empty());
    assert!(answers.phq9.is_none());
}

#[test]
fn a_condition_in_words_ticks_its_box() {
    let given = taken(Question::LongTerm, "other_condition=Gout")
        .long_term
        .expect("an answer");
    assert_eq!(
        (given.conditions, given.other.as_str()),
        (vec![Condition::Other], "Gout")
    );
    let none = taken(Question::LongTerm, "ltc=none")
        .long_term
        .expect("an answer");
    assert!(none.conditions.is_empty());
}

#[test]
fn changing_the_conditions_takes_their_questions_along_but_never_a_worry() {
    let mut answers = taken(Question::LongTerm, "ltc=back_pain");
    answers.pain_length = Some(PainLength::Year);
    answers.spine = Some(SpineTicks::default());
    assert!(take(Question::LongTerm, "ltc=none", &mut answers).is_empty());
    assert!(answers.pain_length.is_none() && answers.spine.is_none());
    answers.spine = Some(SpineTicks {
        saddle_numbness: true,
        ..SpineTicks::default()
    });
    assert!(take(Question::LongTerm, "ltc=diabetes", &mut answers).is_empty());
    assert!(answers.spine.is_some_and(|spine| spine.any()));
}

#[test]
fn a_skipped_item_is_unknown_and_a_passed_page_is_no_page() {
    let phq9 = |body| taken(Question::Phq9, body).phq9.expect("an answer");
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
    let needs = |body| taken(Question::Needs, body).needs.expect("an answer");
    assert_eq!(needs("interpreter=ar&bsl=yes").interpreter.as_deref(), Some("ar"));
    assert_eq!(
        needs("interpreter=other&other_language=Welsh").other_language,
        "Welsh"
    );
    assert_eq!(needs("interpreter=no").interpreter, None);
    assert_eq!(refused(Question::Needs, "interpreter=other"), ["other_language"]);
    assert_eq!(
        refused(Question::Needs, "interpreter=no&other_language=Welsh"),
        ["interpreter"]
    );
}

#[test]
fn what_was_answered_is_shown_and_reads_as_itself() {
    for (question, body) in [
        (Question::Safety, "crisis_now=prefer_not"),
        (Question::Agreement, "share_status=yes"),
        (
            Question::Name,
            "name=Ann+Example&helper_name=Bob&helper_relation=son",
        ),
        (Question::BirthDate, "birth-day=1&birth-month=12&birth-year=1950"),
        (
            Question::Contact,
            "phone=07700900123&email=a@example.org&may=text&may=write&best_time=eve",
        ),
        (Question::Contact, "may=only_post"),
        (
            Question::Address,
            "line1=1+Test+St&town=Sheffield&postcode=s10+2hq",
        ),
        (Question::Address, "no_fixed_address=yes"),
        (Question::GpSurgery, "gp_in_area=unknown&gp_surgery=Test+Surgery"),
        (Question::GpSurgery, "gp_in_area=none"),
        (Question::NhsNumber, ""),
        (Question::Scales, "scales=later"),
        (Question::NhsNumber, "nhs_number=9990023115"),
        (Question::Problem, "problem=stress_ltc"),
        (Question::LongTerm, "ltc=back_pain&ltc=other&other_condition=Gout"),
        (Question::LongTerm, "ltc=none"),
        (Question::Linked, "linked=unsure"),
        (Question::PainLength, "pain_length=12"),
        (Question::Spine, "spine=none"),
        (Question::Spine, "spine=saddle_numbness&spine=bladder_or_bowel"),
        (Question::SafetyTicks, "safety=safeguarding"),
        (Question::CareTicks, "care=step2_no_benefit&care=secondary_mh"),
        (Question::LifeTicks, "life=service_related"),
        (Question::Phq9, "item1=0&item2=1&item3=2&item4=3&item9=0"),
        (Question::Gad7, "item1=3"),
        (
            Question::Needs,
            "interpreter=other&other_language=Welsh&bsl=yes&format_need=large+print",
        ),
        (Question::AnythingElse, "anything_else=Two%0D%0Alines"),
    ] {
        let first = taken(question, body);
        let mut again = Answers::default();
        let languages = languages();
        let shown = show_answer(question, &first);
        let errors = take_answer(question, &shown, &mut again, context(&languages));
        assert!(errors.is_empty(), "{question:?}: {:?}", errors.list());
        assert!(again == first, "{question:?} {body}");
    }
    let served = taken(Question::LifeTicks, "life=service_related").life_ticks;
    assert_eq!(served.map(|ticks| ticks.veteran), Some(Veteran::ServiceRelated));
}

proptest! {
    #[test]
    fn any_body_on_any_page_is_answered(body in "[a-z0-9=&%_+-]{0,120}", number in 1u8..=10) {
        let page = Page::from_number(number).expect("a page");
        let posted = Posted::read(body.as_bytes());
        let _ = take_page(page, &posted, &mut Answers::default(), context(&languages()));
    }
}
