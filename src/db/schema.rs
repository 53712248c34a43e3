//! Every table, once, for both databases. The two migration folders say the same in each database's words;
//! `tests/house_rules.rs` compares them.

#![allow(missing_docs, reason = "the migrations say what each table and column is")]

use diesel::{allow_tables_to_appear_in_same_query, joinable};

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    key (id) {
        id -> Integer,
        purpose -> Text,
        wrapped -> Binary,
        is_current -> Bool,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    deployment (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    counter (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    clinic (id) {
        id -> IdSql,
        code -> Text,
        name -> Text,
        active -> Bool,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    staff (id) {
        id -> IdSql,
        username -> Text,
        display_name -> Text,
        role -> Text,
        clinic_id -> Nullable<IdSql>,
        password_hash -> Text,
        totp -> Nullable<Binary>,
        active -> Bool,
        created_at -> TsSql,
        email -> Nullable<Text>,
        approved_at -> Nullable<TsSql>,
        away_from -> Nullable<TsSql>,
        away_until -> Nullable<TsSql>,
        ended_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    account_request (id) {
        id -> IdSql,
        kind -> Text,
        state -> Text,
        staff_id -> Nullable<IdSql>,
        username -> Nullable<Text>,
        display_name -> Nullable<Text>,
        role -> Nullable<Text>,
        clinic_id -> Nullable<IdSql>,
        email -> Nullable<Text>,
        label -> Nullable<Text>,
        scopes -> Nullable<Text>,
        reason -> Binary,
        requested_by -> IdSql,
        requested_at -> TsSql,
        decided_by -> Nullable<IdSql>,
        decided_at -> Nullable<TsSql>,
        without_lead -> Bool,
        answer -> Nullable<Binary>,
        seen_by -> Nullable<IdSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    account_event (id) {
        id -> IdSql,
        kind -> Text,
        via -> Text,
        by_id -> Nullable<IdSql>,
        staff_id -> Nullable<IdSql>,
        api_key_id -> Nullable<IdSql>,
        request_id -> Nullable<IdSql>,
        whom -> Text,
        detail -> Text,
        at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    password_link (token_hash) {
        token_hash -> Binary,
        staff_id -> IdSql,
        created_at -> TsSql,
        expires_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    session (token_hash) {
        token_hash -> Binary,
        staff_id -> IdSql,
        created_at -> TsSql,
        seen_at -> TsSql,
        expires_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    throttle (subject) {
        subject -> Binary,
        window_start -> TsSql,
        tries -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    read_log (id) {
        id -> IdSql,
        staff_id -> Nullable<IdSql>,
        api_key_id -> Nullable<IdSql>,
        referral_id -> Nullable<IdSql>,
        what -> Text,
        at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    api_key (id) {
        id -> IdSql,
        label -> Text,
        token_hash -> Binary,
        scopes -> Text,
        clinic_id -> Nullable<IdSql>,
        active -> Bool,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    pad (id) {
        id -> IdSql,
        number -> Integer,
        clinic_id -> IdSql,
        physio_id -> Nullable<IdSql>,
        template -> Text,
        service -> Nullable<Text>,
        host -> Text,
        code_key -> Integer,
        slips -> Integer,
        custody -> Text,
        sample -> Bool,
        electronic -> Bool,
        created_by -> Nullable<IdSql>,
        created_at -> TsSql,
        expires_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    pad_event (id) {
        id -> IdSql,
        pad_id -> IdSql,
        kind -> Text,
        slips -> Integer,
        actor_id -> Nullable<IdSql>,
        note -> Nullable<Binary>,
        at -> TsSql,
        seq -> Integer,
        first_serial -> Nullable<BigInt>,
        last_serial -> Nullable<BigInt>,
        to_physio_id -> Nullable<IdSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    slip (id) {
        id -> IdSql,
        serial -> BigInt,
        pad_id -> IdSql,
        code_hash -> Binary,
        state -> Text,
        expires_at -> TsSql,
        used_at -> Nullable<TsSql>,
        openings -> Integer,
        shared_status -> Nullable<Text>,
        created_at -> TsSql,
        taken_back_at -> Nullable<TsSql>,
        hint -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    rule_version (id) {
        id -> IdSql,
        version -> Text,
        source -> Text,
        state -> Text,
        proposed_by -> Text,
        approved_by -> Nullable<Text>,
        created_at -> TsSql,
        in_force_at -> Nullable<TsSql>,
        note -> Nullable<Binary>,
        based_on -> Nullable<Text>,
        refused_by -> Nullable<Text>,
        refused_at -> Nullable<TsSql>,
        reason -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    referral (id) {
        id -> IdSql,
        reference -> Text,
        draft_id -> IdSql,
        slip_id -> Nullable<IdSql>,
        clinic_id -> Nullable<IdSql>,
        source -> Text,
        door -> Text,
        state -> Text,
        queue -> Text,
        service -> Text,
        step -> Text,
        priority -> Integer,
        booking -> Text,
        flags -> Text,
        rules_version -> Text,
        person -> Binary,
        list_name -> Binary,
        case_sheet -> Binary,
        share_status -> Bool,
        manage_hash -> Binary,
        received_at -> TsSql,
        contact_by -> TsSql,
        acknowledged_by -> Nullable<IdSql>,
        acknowledged_at -> Nullable<TsSql>,
        claimed_by -> Nullable<IdSql>,
        claimed_at -> Nullable<TsSql>,
        started_at -> Nullable<TsSql>,
        head_seq -> Integer,
        head_mac -> Binary,
        pathways -> Nullable<Text>,
        died_at -> Nullable<TsSql>,
        link_generation -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    own_opening (id) {
        id -> IdSql,
        referral_id -> IdSql,
        opened_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    referral_facet (shelf, referral_id) {
        shelf -> BigInt,
        referral_id -> IdSql,
        due -> Nullable<TsSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    referral_event (referral_id, seq) {
        referral_id -> IdSql,
        seq -> Integer,
        kind -> Text,
        actor_kind -> Text,
        actor_id -> Nullable<IdSql>,
        at -> TsSql,
        payload -> Binary,
        salt -> Binary,
        mac -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    search_term (kind, hash, referral_id) {
        kind -> SmallInt,
        hash -> Binary,
        referral_id -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    anchor (day) {
        day -> Text,
        referrals -> Integer,
        mac -> Binary,
        at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    outbox (id) {
        id -> IdSql,
        about_id -> Nullable<IdSql>,
        channel -> Text,
        lane -> Text,
        message -> Nullable<Binary>,
        message_id -> Text,
        status -> Text,
        attempts -> Integer,
        next_try_at -> TsSql,
        claimed_until -> Nullable<TsSql>,
        last_error -> Nullable<Text>,
        created_at -> TsSql,
        done_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    rota (id) {
        id -> IdSql,
        place -> Integer,
        name -> Text,
        email -> Text,
        phone -> Text,
        active -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    rota_change (seq) {
        seq -> Integer,
        at -> TsSql,
        by_id -> Nullable<IdSql>,
        what -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::IdSql;

    rota_shift (person_id, days, starts, ends) {
        person_id -> IdSql,
        days -> Integer,
        starts -> Integer,
        ends -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::IdSql;

    rota_leave (person_id, first_day, last_day) {
        person_id -> IdSql,
        first_day -> Text,
        last_day -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    alarm_window (recipient) {
        recipient -> Text,
        open_until -> TsSql,
        mail_id -> Nullable<IdSql>,
        webhook_id -> Nullable<IdSql>,
        last_mail_id -> Nullable<IdSql>,
        last_webhook_id -> Nullable<IdSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    late_notice (promise_id, recipient) {
        promise_id -> IdSql,
        recipient -> Text,
        at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::IdSql;

    alarm_member (message_id, referral_id) {
        message_id -> IdSql,
        referral_id -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    escalation (referral_id, step) {
        referral_id -> IdSql,
        step -> Integer,
        first -> Bool,
        person_id -> Nullable<IdSql>,
        person -> Nullable<Text>,
        mail_id -> Nullable<IdSql>,
        webhook_id -> Nullable<IdSql>,
        at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    idempotency (api_key_id, key_hash) {
        api_key_id -> IdSql,
        key_hash -> Binary,
        body_hash -> Binary,
        referral_id -> IdSql,
        first_status -> Integer,
        created_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    course (id) {
        id -> IdSql,
        code -> Text,
        name -> Text,
        service -> Text,
        sessions -> Integer,
        active -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    venue (id) {
        id -> IdSql,
        name -> Text,
        address -> Text,
        access -> Text,
        step_free -> Text,
        chairs -> Text,
        floor_work -> Text,
        parking -> Text,
        bus -> Text,
        active -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    course_run (id) {
        id -> IdSql,
        course_id -> IdSql,
        venue_id -> IdSql,
        first_session_at -> TsSql,
        minutes -> Integer,
        places -> Integer,
        cancelled -> Bool,
        sequence -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    place (run_id, seat) {
        run_id -> IdSql,
        seat -> Integer,
        referral_id -> Nullable<IdSql>,
        state -> Text,
        taken_at -> Nullable<TsSql>,
        confirmed_by -> Nullable<IdSql>,
        confirm_by -> Nullable<TsSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    waiting (id) {
        id -> IdSql,
        course_id -> IdSql,
        referral_id -> IdSql,
        state -> Text,
        joined_at -> TsSql,
        lapses -> Integer,
        offered_run -> Nullable<IdSql>,
        offered_seat -> Nullable<Integer>,
        offer_message_id -> Nullable<IdSql>,
        told_at -> Nullable<TsSql>,
        lapses_at -> Nullable<TsSql>,
        ended_at -> Nullable<TsSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    notice (id) {
        id -> IdSql,
        referral_id -> IdSql,
        kind -> Text,
        run_id -> Nullable<IdSql>,
        session_at -> Nullable<TsSql>,
        state -> Text,
        at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    ring_task (id) {
        id -> IdSql,
        referral_id -> IdSql,
        kind -> Text,
        run_id -> Nullable<IdSql>,
        created_at -> TsSql,
        due_at -> TsSql,
        tries -> Integer,
        tried_at -> Nullable<TsSql>,
        done_at -> Nullable<TsSql>,
        done_by -> Nullable<IdSql>,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    slot (id) {
        id -> IdSql,
        service -> Text,
        starts_at -> TsSql,
        minutes -> Integer,
        kind -> Text,
        venue_id -> Nullable<IdSql>,
        staff_id -> Nullable<IdSql>,
        cancelled -> Bool,
        state -> Text,
        referral_id -> Nullable<IdSql>,
        taken_at -> Nullable<TsSql>,
        confirm_by -> Nullable<TsSql>,
        confirmed_by -> Nullable<IdSql>,
        sequence -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    attendance (run_id, session, referral_id) {
        run_id -> IdSql,
        session -> Integer,
        referral_id -> IdSql,
        outcome -> Text,
        marked_by -> IdSql,
        marked_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    contact_attempt (id) {
        id -> IdSql,
        referral_id -> IdSql,
        staff_id -> IdSql,
        outcome -> Text,
        at -> TsSql,
        undone_at -> Nullable<TsSql>,
        undone_by -> Nullable<IdSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    contact_promise (id) {
        id -> IdSql,
        referral_id -> IdSql,
        subject -> Text,
        way -> Text,
        run_id -> Nullable<IdSql>,
        made_at -> TsSql,
        due_at -> TsSql,
        next_at -> TsSql,
        tries -> Integer,
        tried_at -> Nullable<TsSql>,
        outcome -> Nullable<Text>,
        number_wrong -> Bool,
        message_id -> Nullable<IdSql>,
        ended_at -> Nullable<TsSql>,
        ended_by -> Nullable<IdSql>,
        ending -> Nullable<Text>,
        attempt_id -> Nullable<IdSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    referral_link (one_id, other_id) {
        one_id -> IdSql,
        other_id -> IdSql,
        verdict -> Text,
        said_by -> IdSql,
        said_at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::TsSql;

    daily_notice (day, service) {
        day -> Text,
        service -> Text,
        at -> TsSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{IdSql, TsSql};

    contact_next (referral_id) {
        referral_id -> IdSql,
        matter -> Text,
        way -> Text,
        due_at -> Nullable<TsSql>,
        tries -> Integer,
        tried_at -> Nullable<TsSql>,
        outcome -> Nullable<Text>,
        number_wrong -> Bool,
        message_id -> Nullable<IdSql>,
    }
}

joinable!(slip -> pad (pad_id));
joinable!(pad -> clinic (clinic_id));
joinable!(referral -> slip (slip_id));
joinable!(referral_event -> referral (referral_id));
joinable!(session -> staff (staff_id));
joinable!(course_run -> course (course_id));
joinable!(course_run -> venue (venue_id));
joinable!(place -> course_run (run_id));
joinable!(place -> referral (referral_id));
joinable!(slot -> venue (venue_id));
joinable!(attendance -> course_run (run_id));
joinable!(waiting -> course (course_id));
joinable!(waiting -> referral (referral_id));
joinable!(ring_task -> referral (referral_id));
joinable!(contact_promise -> referral (referral_id));
joinable!(escalation -> referral (referral_id));
joinable!(alarm_member -> referral (referral_id));
joinable!(rota_shift -> rota (person_id));
joinable!(rota_leave -> rota (person_id));

allow_tables_to_appear_in_same_query!(
    key,
    deployment,
    counter,
    clinic,
    staff,
    account_request,
    account_event,
    password_link,
    session,
    throttle,
    read_log,
    api_key,
    pad,
    pad_event,
    slip,
    rule_version,
    referral,
    referral_event,
    search_term,
    anchor,
    outbox,
    rota,
    rota_change,
    rota_shift,
    rota_leave,
    escalation,
    alarm_window,
    alarm_member,
    late_notice,
    idempotency,
    course,
    venue,
    course_run,
    place,
    waiting,
    notice,
    ring_task,
    slot,
    attendance,
    contact_attempt,
    contact_next,
    contact_promise,
    referral_link,
    daily_notice,
);
