//! Receives facts, from a form, the API or a line of JSON, and the rules in force.
//! Decides what to suggest: service, step, priority, flags, booking, each with the rules that spoke and why.
//! Hands on a `Decision`. It is a suggestion by rules that are not clinically validated: a named person decides.
//! Never prints a diagnosis or a grade of risk, never refuses anybody, and never lets a rule lower a priority.

mod answered;
mod asked;
mod command;
mod condition;
mod contact_by;
mod counterfactual;
mod decision;
mod difference;
#[cfg(test)]
mod expectations;
mod fact_words;
mod facts;
mod flags_above;
mod former;
mod grid;
mod looked;
mod meaning;
mod pages;
#[cfg(test)]
mod promises;
mod proposals;
mod prose;
mod reader;
mod reading;
mod remembered;
mod replay;
mod rules;
mod rules_file;
mod sound;
mod store;
mod versions;
mod view;
mod vocabulary;

pub use asked::{ORIGINS, Origin, facts_table};
pub use command::{Checked, NotSound, check, decide_lines};
pub use contact_by::contact_by;
pub use counterfactual::{Turn, WhatIf, what_would_change};
pub use decision::{Decision, Outcome, Priority, RULE_FAILED, Reason, SelfBooking, Step, decide};
pub use difference::{Change, differences};
pub use facts::{Facts, Source, Wsas};
pub use former::{FormerRules, text_of_version};
pub use looked::{Looked, looked_at};
pub use meaning::{
    FLAGS, NOT_VALIDATED, ScoreLine, booking_meaning, flag_meaning, is_safety_flag, priority_meaning,
    score_lines, step_meaning, unasked_meaning,
};
pub use pages::routes;
pub use proposals::{Approval, BY_FILE, Proposal, Proposing, Refusal, approve, propose, refuse};
pub use prose::{Said, aloud, condition_said, effect_said};
pub use reading::{FactError, Given};
pub use replay::{FlagMove, MOST_NAMED, Named, PastCase, Replay, Tally};
pub use rules::{DEFAULT_RULES, DEFAULT_RULES_NAME, Effect, Group, Rule, RuleSet, version_of};
pub use rules_file::{Faults, RulesError};
pub use versions::{Brought, RuleState, RulesInForce, bring, keep_up_until, start, text_in_force};
