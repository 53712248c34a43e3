//! The diary: what staff plan and note. Receives what they type, decides whether it can be planned, and hands on runs,
//! venues, assessment slots and attendance. Whoever has a place on what changes is told by the verbs of booking.

mod attendance;
mod own_calendar;
mod pages;
mod parallel;
mod planned;
mod planning;
mod slot;
pub(super) mod store;
mod venue;
mod when;

pub use attendance::{Attendance, Mark, Marked, Sheet, SheetLine, mark, sheet};
pub use own_calendar::own_calendar;
pub use pages::routes;
pub use parallel::{Parallel, parallel_sessions};
pub use planned::{DiaryRun, Part, find_diary_run, list_diary_runs};
pub use planning::{Changed, NewPlan, Plan, add_plan, change_run};
pub use slot::{
    NewSlot, OwnSlot, Slot, SlotChoice, SlotHold, SlotKind, add_slots, call_off_slot, confirm_slot,
    find_slot, free_slots, hold_slot, list_slots, own_slot, release_slot, slot_choices,
};
pub use venue::{
    AccessFacts, Offered, Venue, add_course_offered, change_course, change_venue, list_offered, list_venues,
};
