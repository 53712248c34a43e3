//! The JSON API. Receives what other systems send, decides whether it can be read and who sent it, and hands it on
//! to `submit` and to the pads. Answers faults with problem details (RFC 9457), all of them at once and each at
//! its place. Never grades, never decides, never lets a faulty field stand in the way of a worrying answer.

mod facts_part;
mod fault;
mod fields;
mod json;
mod labels;
mod referral_body;
