//! The referral. Receives submissions from every door, decides what becomes of slip, repetition and worry, and
//! hands on a durable referral in exactly one queue, with its notices. Never loses an answer, never lowers a
//! priority, never decides in a person's place.

mod again;
mod answer;
mod as_typed;
mod assign;
mod audit;
mod case_sheet;
mod contact;
mod contact_attempt;
mod contact_outcome;
mod contact_promise;
mod contact_way;
mod daily;
mod deciding;
mod deed;
mod enter_ledger;
mod escalation;
mod event_kind;
mod follow_up;
mod hand_over;
mod leavers;
mod likeness;
mod link;
mod merge;
mod messages;
mod own;
mod own_link;
mod past;
mod person;
mod promise;
mod raising;
mod record;
mod record_contact;
mod reference;
mod review;
mod sharing;
mod shelf;
mod shelving;
mod state;
mod store;
mod submission;
mod submit;
mod timeline;
mod treatment;
mod view;
mod withdraw;
mod worrying_words;

pub use answer::{Answered, Answering, answer};
pub use assign::{Assigning, assign};
pub use audit::{Audit, verify_timelines};
pub use case_sheet::CaseSheet;
pub use contact::{Changing, ContactChange, ContactDetails, Contacted, change_contact};
pub use contact_attempt::Unreached;
pub use contact_outcome::ContactOutcome;
pub use contact_promise::{ContactPlan, Ending, Promise, Subject};
pub use contact_way::Way;
pub use daily::{tell_daily, tell_daily_until};
pub use deciding::may_accept_to;
pub use deed::{Asking, ContactClosing, Declining, Deed};
pub use enter_ledger::{LedgerEntry, enter_ledger, is_in_ledger};
pub use escalation::{LastStep, Tellings, escalate, escalate_until, has_seen_enough, last_steps, tellings};
pub use event_kind::EventKind;
pub use hand_over::{HandOver, RecordNumber, hand_over};
pub use leavers::{Tended, tend, tend_until};
pub use link::{Link, Said, Verdict, links, tell_alike};
pub use own::{OwnView, find_own, for_patient};
pub use own_link::{Replaced, Replacing, replace_link};
pub use past::{SealedCase, count_past_cases, past_cases};
pub use person::{EarlierPhone, Person, Term, TermKind, normal, term};
pub use promise::{
    CallWanted, contact_plan, contact_plans, count_overdue, count_to_contact, list_left_to_lead,
    list_to_contact, promise_call, supersede_place_news,
};
pub use record::{Happened, Reach, reach, record};
pub use record_contact::{
    Contacting, ONE_ATTEMPT_MINUTES, Recorded, Undoing, possible_outcomes, record_contact, undo_contact,
};
pub use reference::{ManageToken, Reference};
pub use review::{Outcome, Reviewing, review, review_as, review_within};
pub use sharing::tell_booked;
pub use shelf::Facet;
pub use shelving::shelve_all;
pub use state::{Queue, ReviewState};
pub use submission::{Added, Door, Receipt, Submission, Submitted};
pub use submit::{submit, submit_more, submit_within};
pub use timeline::{By, Event, Payload};
pub use treatment::{Named, Treatment, count_booking_events, keep_treatment, named, references};
pub use view::{LookAlike, ReferralView, is_about, look_alikes, open, open_by_draft, open_by_id};
pub use withdraw::{Leaving, Withdrawn, withdraw};
pub use worrying_words::{count_worrying_words, worrying_sentences};
