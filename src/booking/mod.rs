//! Courses and places. Receives a referral that may have a place, decides which place is free and who is next, and
//! hands on a place *held* until a named person confirms it. Never gives a twenty-first place: places are rows made
//! with the run, and there is no twenty-first row. Never lets a place stand free beside somebody who waits.

mod act;
mod calendar;
mod choices;
mod clock;
mod contact;
mod course;
mod decided;
mod diary;
mod enter_ledger;
mod facts;
mod keep;
mod own;
mod place;
mod queue;
mod rules;
mod run_changes;
mod store;
mod told;
mod waiting;
mod worker;

pub use act::Act;
pub use calendar::{CalendarEntry, calendar_file, uid_root};
pub use choices::{Choice, Choices, CourseWait, Offerable, choices, find_run, runs_with_room};
pub use contact::{ask_to_ring, record_contact};
pub use course::{Course, NewRun, NewVenue, Run, add_course, add_run, add_venue, list_runs};
pub use decided::{confirm, move_to};
pub use diary::{
    AccessFacts, Attendance, Changed, DiaryRun, Mark, Marked, NewPlan, NewSlot, Offered, OwnSlot, Parallel,
    Part, Plan, Sheet, SheetLine, Slot, SlotChoice, SlotHold, SlotKind, Venue, add_course_offered, add_plan,
    add_slots, call_off_slot, change_course, change_run, change_venue, confirm_slot, find_diary_run,
    free_slots, hold_slot, list_diary_runs, list_offered, list_slots, list_venues, mark, own_calendar,
    own_slot, parallel_sessions, release_slot, routes, sheet, slot_choices,
};
pub use enter_ledger::{are_calls_in_ledger, enter_calls};
pub use facts::RunFacts;
pub use keep::{cancel, change, close_out, find_place, hold, release};
pub use own::{OwnPlace, OwnWait, own_place, own_waiting};
pub use place::{Hold, Place, PlaceState};
pub use queue::{Accepted, Join, accept_offer, join_waiting, leave_waiting, offer_on, refuse_offer};
pub use rules::BookingRules;
pub use run_changes::{call_off, tell_moved};
pub use told::About;
pub use waiting::{WaitEvent, WaitState};
pub use worker::{Tended, tend, tend_until};
