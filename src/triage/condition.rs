//! A condition: one CEL expression, checked when loaded so that it cannot fail later.
//!
//! `null >= 1` is an evaluation error in CEL, so every condition is tried over a grid of the values its names can
//! take: each word, numbers around every number written, null where null can be, answer lists whole, holed and null.

use std::sync::Arc;

use cel::common::ast::{Expr, IdedExpr, LiteralValue};
use cel::context::VariableResolver;
use cel::{Context, Env, Program, Value};

use super::flags_above::Flags;
use super::grid::{Sample, Written, samples};
use super::vocabulary::{Kind, kind_of, nearest, nearest_of};

/// The most combinations tried for one condition.
const MOST_TRIED: usize = 50_000;

/// A compiled condition that held its check.
#[derive(Debug)]
pub struct Condition {
    program: Program,
    /// The names it uses, sorted.
    names: Vec<String>,
    /// The words and numbers in it.
    pub(super) written: Written,
    /// The condition is the word `true`.
    pub always: bool,
}

impl Condition {
    /// Compiles and checks. `flags` are those that rules raise, above and below. The error says what to do.
    pub fn parse(text: &str, flags: &Flags<'_>, env: &Arc<Env>) -> Result<Condition, String> {
        let program = env.compile(text).map_err(|wrong| {
            let told = wrong
                .errors
                .first()
                .map_or_else(|| "syntax error".to_owned(), |error| error.msg.clone());
            format!("is not a CEL expression: {told}")
        })?;
        let mut written = Written::default();
        written.collect(program.expression());
        let names = names(&program, &written)?;
        let condition = Condition {
            always: is_true(program.expression()),
            names: names.iter().map(|(name, _)| name.clone()).collect(),
            program,
            written,
        };
        check_words(&condition.written, &names, flags)?;
        let samples: Vec<(&str, Vec<Value>)> = names
            .iter()
            .map(|(name, kind)| (name.as_str(), samples(*kind, &condition.written, &flags.above)))
            .collect();
        condition.try_over(&samples, env)?;
        Ok(condition)
    }

    /// The facts, and what earlier rules found, that the condition looks at; sorted, each once.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The expression, to be said in words.
    pub(super) fn expression(&self) -> &IdedExpr {
        self.program.expression()
    }

    /// Makes the condition one that cannot be evaluated, to see what happens when a rule fails all the same.
    #[cfg(test)]
    pub fn break_for_test(&mut self) {
        self.program = Program::compile("null >= 1").expect("a CEL expression");
        self.always = false;
    }

    /// Whether the condition holds; an error if it cannot be evaluated or is neither true nor false.
    pub fn holds(&self, variables: &dyn VariableResolver, env: &Arc<Env>) -> Result<bool, String> {
        let mut context = Context::with_env(env.clone());
        context.set_variable_resolver(variables);
        match self.program.execute(&context) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(_) => Err("is neither true nor false".to_owned()),
            Err(wrong) => Err(wrong.to_string()),
        }
    }

    /// Tries every combination of samples.
    fn try_over(&self, samples: &[(&str, Vec<Value>)], env: &Arc<Env>) -> Result<(), String> {
        let combinations = samples
            .iter()
            .fold(1usize, |n, (_, values)| n.saturating_mul(values.len()));
        if combinations > MOST_TRIED {
            return Err("names too many facts to be checked: split it into two rules".to_owned());
        }
        let mut ever = false;
        for combination in 0..combinations {
            let sample = Sample::pick(samples, combination);
            match self.holds(&sample, env) {
                Ok(holds) => ever |= holds,
                Err(wrong) => return Err(sample.fails(&wrong)),
            }
        }
        if ever {
            Ok(())
        } else {
            Err("is never true: look for a misspelt word or a number out of range".to_owned())
        }
    }
}

fn is_true(expression: &IdedExpr) -> bool {
    matches!(&expression.expr, Expr::Literal(LiteralValue::Boolean(b)) if *b.inner())
}

/// The names a condition uses, each known and with its kind.
fn names(program: &Program, written: &Written) -> Result<Vec<(String, Kind)>, String> {
    let references = program.references();
    let mut names = references.variables();
    names.retain(|name| !written.bound.contains(*name));
    names.sort_unstable();
    let known = |name: &str| {
        kind_of(name)
            .map(|kind| (name.to_owned(), kind))
            .ok_or_else(|| match nearest(name) {
                Some(near) => format!("names `{name}`, which is not a fact; did you mean `{near}`?"),
                None => format!("names `{name}`, which is not a fact"),
            })
    };
    names.into_iter().map(known).collect()
}

/// Every word a condition compares with must be one that a name of it can be.
fn check_words(written: &Written, names: &[(String, Kind)], flags: &Flags<'_>) -> Result<(), String> {
    for (name, word) in &written.compared {
        if let Some((_, kind)) = names.iter().find(|(known, _)| known == name) {
            check_word(name, *kind, word, flags)?;
        }
    }
    for word in &written.words {
        if !names.iter().any(|(_, kind)| can_be(*kind, word, flags)) {
            return Err(match names.iter().any(|(_, kind)| matches!(kind, Kind::Flags)) {
                true => flags.missing(word),
                false => format!("compares with '{word}', which none of its facts can be"),
            });
        }
    }
    Ok(())
}

fn can_be(kind: Kind, word: &str, flags: &Flags<'_>) -> bool {
    match kind {
        Kind::Word(words) | Kind::MaybeWord(words) => words().contains(&word),
        Kind::Flags => flags.above.iter().any(|flag| flag.starts_with(word)),
        Kind::Names | Kind::AnyWord => true,
        Kind::Flag | Kind::Number(..) | Kind::MaybeNumber(..) | Kind::Items(_) => false,
    }
}

/// The word beside a name must be one that it can be.
fn check_word(name: &str, kind: Kind, word: &str, flags: &Flags<'_>) -> Result<(), String> {
    match kind {
        Kind::Word(words) | Kind::MaybeWord(words) if !words().contains(&word) => {
            let known = words();
            let near = nearest_of(word, known.iter().copied());
            let near = near.map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
            let known = known.join(", ");
            Err(format!(
                "compares `{name}` with '{word}', but it is one of {known}{near}"
            ))
        }
        Kind::Flags if !flags.above.contains(word) => Err(flags.missing(word)),
        Kind::Flag | Kind::Number(..) | Kind::MaybeNumber(..) | Kind::Items(_) => Err(format!(
            "compares `{name}` with the word '{word}', but `{name}` is {}",
            kind.told()
        )),
        Kind::Word(_) | Kind::MaybeWord(_) | Kind::Flags | Kind::Names | Kind::AnyWord => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::flags_above::Promise;

    fn parse(text: &str) -> Result<Condition, String> {
        let raises = ["RISK_ITEM9".to_owned(), "BSL".to_owned()];
        let rule = Promise {
            id: "A1",
            when: "true",
            raises: &raises,
        };
        let all = [rule];
        let flags = Flags::at(1, &all);
        Condition::parse(text, &flags, &Arc::new(Env::stdlib()))
    }

    #[test]
    fn sound_conditions_pass() {
        for text in [
            "true",
            "bsl",
            "item9 != null && item9 >= 1",
            "item9 == 3",
            "flags.exists(f, f.startsWith('RISK_'))",
            "'BSL' in flags",
            "'back_pain' in ltc",
            "phq9 != null && phq9.exists(item, item == null)",
            "interpreter != null",
            "service == 'hwb' && step == '2'",
            "problem in ['ptsd', 'ocd']",
        ] {
            parse(text).unwrap_or_else(|told| panic!("{text}: {told}"));
        }
        assert!(parse("true").expect("a condition").always);
        let looks_at = |text| parse(text).expect("a condition").names().to_vec();
        assert_eq!(
            looks_at("phq9_started && item9 == null && item9 != 3"),
            ["item9", "phq9_started"]
        );
        assert_eq!(looks_at("flags.exists(f, f.startsWith('RISK_'))"), ["flags"]);
        assert!(!parse("bsl").expect("a condition").always);
    }

    #[test]
    fn what_would_fail_later_fails_when_loaded_and_says_what_to_do() {
        for (text, says) in [
            ("item9 >= 1", "item9 != null"),
            ("phq9_total > 3 || bsl", "phq9_total != null"),
            ("phq9.exists(i, i > 1)", "null"),
            ("phq9 != null && phq9[0] > 1", "one of its lists"),
            ("itm9 == 1", "did you mean `item9`"),
            ("whatever_else_there_is", "not a fact"),
            ("bsl &&", "not a CEL expression"),
            ("age", "neither true nor false"),
            ("problem == 'ptds'", "'ptds'"),
            ("'RISK_NEVER' in flags", "'RISK_NEVER'"),
            ("nothing(age)", "nothing"),
            ("item9 == 4", "never true"),
            ("false", "never true"),
            ("age > 'x'", "'x'"),
            ("bsl > age", "fails"),
        ] {
            let told = parse(text).expect_err(text);
            assert!(told.contains(says), "{text}: {told}");
        }
    }

    #[test]
    fn a_condition_over_too_many_facts_is_refused() {
        let text = "problem == 'ptsd' && phq9_total == 1 && gad7_total == 1 && wsas_total == 1 && age == 1 \
                    && min_age == 1 && pain_weeks == 1 && veteran == 'no'";
        assert!(parse(text).expect_err(text).contains("split it"));
    }
}
