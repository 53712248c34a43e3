//! The grid a condition is tried over when loaded: what is written in it, and the values its names can take.

use std::collections::BTreeSet;
use std::sync::Arc;

use cel::Value;
use cel::common::ast::operators::{EQUALS, IN, NOT_EQUALS};
use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue};
use cel::common::value::CowVal;
use cel::context::VariableResolver;

use super::vocabulary::Kind;

/// Words and numbers written in a condition, and the names it binds itself (`flags.exists(flag, …)`).
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Words it compares with.
    pub words: BTreeSet<String>,
    /// Numbers it compares with.
    pub numbers: BTreeSet<i64>,
    /// Names it binds itself.
    pub bound: BTreeSet<String>,
    /// Each name and the word it is compared with, where both stand beside each other.
    pub compared: BTreeSet<(String, String)>,
    /// Each name and the number it is measured with, where both stand beside each other.
    pub measured: BTreeSet<(String, i64)>,
}

impl Written {
    /// Walks the expression.
    pub fn collect(&mut self, expression: &IdedExpr) {
        match &expression.expr {
            Expr::Literal(LiteralValue::String(text)) => {
                self.words.insert(text.inner().to_owned());
            }
            Expr::Literal(LiteralValue::Int(number)) => {
                self.numbers.insert(*number.inner());
            }
            Expr::Literal(_) | Expr::Unspecified | Expr::Ident(_) => {}
            Expr::Call(call) => {
                self.collect_comparison(call);
                call.target.iter().for_each(|target| self.collect(target));
                call.args.iter().for_each(|arg| self.collect(arg));
            }
            Expr::Comprehension(comp) => {
                self.bound.extend([comp.iter_var.clone(), comp.accu_var.clone()]);
                self.bound.extend(comp.iter_var2.clone());
                for part in [
                    &comp.iter_range,
                    &comp.accu_init,
                    &comp.loop_cond,
                    &comp.loop_step,
                    &comp.result,
                ] {
                    self.collect(part);
                }
            }
            Expr::List(list) => list.elements.iter().for_each(|element| self.collect(element)),
            Expr::Select(select) => self.collect(&select.operand),
            Expr::Map(map) => map
                .entries
                .iter()
                .for_each(|entry| self.collect_entry(&entry.expr)),
            Expr::Struct(made) => made
                .entries
                .iter()
                .for_each(|entry| self.collect_entry(&entry.expr)),
        }
    }

    /// `name == 'word'`, `'word' in name`, `name in ['word', …]`, `name >= 3`.
    fn collect_comparison(&mut self, call: &CallExpr) {
        let [left, right] = call.args.as_slice() else {
            return;
        };
        for (one, other) in [(left, right), (right, left)] {
            let Expr::Ident(name) = &one.expr else {
                continue;
            };
            if let Expr::Literal(LiteralValue::Int(number)) = &other.expr {
                self.measured.insert((name.clone(), *number.inner()));
            }
            if [EQUALS, NOT_EQUALS, IN].contains(&call.func_name.as_str()) {
                let words = words_of(other);
                self.compared
                    .extend(words.into_iter().map(|word| (name.clone(), word)));
            }
        }
    }

    /// Adds what another condition holds against a name.
    pub fn take_in(&mut self, other: &Written, name: &str) {
        let own = other.compared.iter().filter(|(compared, _)| compared == name);
        let own: BTreeSet<String> = own.map(|(_, word)| word.clone()).collect();
        self.words
            .extend(if own.is_empty() { other.words.clone() } else { own });
        let own = other.measured.iter().filter(|(measured, _)| measured == name);
        let own: BTreeSet<i64> = own.map(|(_, number)| *number).collect();
        self.numbers
            .extend(if own.is_empty() { &other.numbers } else { &own });
    }

    fn collect_entry(&mut self, entry: &EntryExpr) {
        match entry {
            EntryExpr::StructField(field) => self.collect(&field.value),
            EntryExpr::MapEntry(pair) => {
                self.collect(&pair.key);
                self.collect(&pair.value);
            }
        }
    }

    /// Both ends of a range and each number written, with its neighbours, as far as they lie in it.
    fn around(&self, least: i64, most: i64) -> Vec<Value> {
        let near = self
            .numbers
            .iter()
            .flat_map(|n| [n.saturating_sub(1), *n, n.saturating_add(1)]);
        let all: BTreeSet<i64> = near
            .filter(|n| (least..=most).contains(n))
            .chain([least, most])
            .collect();
        all.into_iter().map(Value::Int).collect()
    }
}

/// The word, or the words of the list, that stand here.
fn words_of(expression: &IdedExpr) -> Vec<String> {
    match &expression.expr {
        Expr::Literal(LiteralValue::String(text)) => vec![text.inner().to_owned()],
        Expr::List(list) => list.elements.iter().flat_map(words_of).collect(),
        _ => Vec::new(),
    }
}

/// The values of a kind that a condition is tried with.
pub(super) fn samples(kind: Kind, written: &Written, raised: &BTreeSet<&str>) -> Vec<Value> {
    let text = |word: &str| Value::String(Arc::new(word.to_owned()));
    let list = |words: Vec<&str>| Value::List(Arc::new(words.into_iter().map(text).collect()));
    let each = |most: usize| written.words.iter().take(most).map(|word| list(vec![word]));
    match kind {
        Kind::Flag => vec![Value::Bool(false), Value::Bool(true)],
        Kind::Number(least, most) => written.around(least, most),
        Kind::MaybeNumber(least, most) => [vec![Value::Null], written.around(least, most)].concat(),
        Kind::Word(words) => words().into_iter().map(text).collect(),
        Kind::MaybeWord(words) => [Value::Null]
            .into_iter()
            .chain(words().into_iter().map(text))
            .collect(),
        Kind::AnyWord => {
            let words = written.words.iter().map(|word| text(word));
            [Value::Null, text("xx")].into_iter().chain(words).collect()
        }
        Kind::Names => [list(vec![]), list(vec!["other"])]
            .into_iter()
            .chain(each(8))
            .collect(),
        Kind::Flags => {
            let all = list(raised.iter().copied().collect());
            [list(vec![]), all].into_iter().chain(each(8)).collect()
        }
        Kind::Items(n) => {
            let whole = |value: i64| Value::List(Arc::new(vec![Value::Int(value); n]));
            let mut holed = vec![Value::Int(1); n];
            holed.first_mut().into_iter().for_each(|item| *item = Value::Null);
            let mut ended = vec![Value::Int(1); n];
            ended.last_mut().into_iter().for_each(|item| *item = Value::Null);
            let none = vec![Value::Null; n];
            let lists = [holed, ended, none].map(|items| Value::List(Arc::new(items)));
            [vec![Value::Null, whole(0), whole(3)], lists.to_vec()].concat()
        }
    }
}

/// One combination of samples.
pub(super) struct Sample<'s>(pub Vec<(&'s str, &'s Value)>);

impl<'s> Sample<'s> {
    /// The combination of this number.
    pub fn pick(samples: &'s [(&'s str, Vec<Value>)], mut combination: usize) -> Sample<'s> {
        let one = |(name, values): &'s (&'s str, Vec<Value>)| {
            let many = values.len().max(1);
            let value = values.get(combination % many);
            combination /= many;
            value.map(|value| (*name, value))
        };
        Sample(samples.iter().filter_map(one).collect())
    }

    /// "when a is null and b is 3".
    pub fn told(&self) -> String {
        let one = |(name, value): &(&str, &Value)| match value {
            Value::Null => format!("{name} is null"),
            Value::Int(n) => format!("{name} is {n}"),
            Value::Bool(b) => format!("{name} is {b}"),
            Value::String(word) => format!("{name} is '{word}'"),
            _ => format!("{name} is one of its lists"),
        };
        let parts: Vec<String> = self.0.iter().map(one).collect();
        if parts.is_empty() {
            "always".to_owned()
        } else {
            format!("when {}", parts.join(" and "))
        }
    }

    /// That a condition fails with these values, why, and what to do where a null is at fault.
    pub fn fails(&self, wrong: &str) -> String {
        match self.0.iter().find(|(_, value)| matches!(value, Value::Null)) {
            Some((name, _)) => format!(
                "fails {}, because nothing can be measured against null. Test for null first: `{name} != null && …`",
                self.told()
            ),
            None => format!("fails {}: {wrong}", self.told()),
        }
    }
}

impl VariableResolver for Sample<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        let (_, value) = self.0.iter().find(|(known, _)| *known == name)?;
        (*value).clone().try_into().ok().map(CowVal::Owned)
    }
}
