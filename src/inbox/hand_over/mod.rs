//! What a clerk types into the record system: every field it asks, in the order it asks them, as a page, as one sheet of
//! paper and as a row of a table. Pure; nothing here reads or writes.

mod field;
mod fields;
mod row;
mod sheet;

pub(super) use field::Group;
pub(super) use fields::{Surroundings, accepted, groups};
pub(super) use row::{header, row, table};
pub(super) use sheet::pdf;
