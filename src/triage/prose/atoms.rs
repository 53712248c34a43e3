//! One comparison in words.

use cel::common::ast::operators::{
    EQUALS, GREATER, GREATER_EQUALS, IN, LESS, LESS_EQUALS, LOGICAL_NOT, LOGICAL_OR, NOT_EQUALS,
};
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue};

use super::phrases::{self, Phrase};
use super::{flag_words, joined};

/// A fact measured with a number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measured<'e> {
    pub name: &'e str,
    operator: &'e str,
    number: i64,
}

impl Measured<'_> {
    /// Whether two measures of one fact are said as one: "1 or 2", "16 to 19".
    pub fn goes_with(&self, later: &Measured<'_>, and: bool) -> bool {
        if and {
            self.operator == GREATER_EQUALS && later.operator == LESS_EQUALS
        } else {
            self.operator == EQUALS && later.operator == EQUALS
        }
    }
}

/// Two sides of a call, if it has two.
fn sides(call: &CallExpr) -> Option<(&Expr, &Expr)> {
    match call.args.as_slice() {
        [left, right] => Some((&left.expr, &right.expr)),
        _ => None,
    }
}

/// The fact and the number, where an expression is a fact measured with a number.
pub(super) fn measured(expression: &IdedExpr) -> Option<Measured<'_>> {
    let Expr::Call(call) = &expression.expr else {
        return None;
    };
    let known = [EQUALS, NOT_EQUALS, GREATER, GREATER_EQUALS, LESS, LESS_EQUALS];
    match sides(call)? {
        (Expr::Ident(name), Expr::Literal(LiteralValue::Int(number)))
            if known.contains(&call.func_name.as_str()) =>
        {
            Some(Measured {
                name,
                operator: &call.func_name,
                number: *number.inner(),
            })
        }
        _ => None,
    }
}

/// The fact of a test for null, and whether it asks for null.
pub(super) fn null_test(expression: &IdedExpr) -> Option<(&str, bool)> {
    let Expr::Call(call) = &expression.expr else {
        return None;
    };
    match sides(call)? {
        (Expr::Ident(name), Expr::Literal(LiteralValue::Null)) => match call.func_name.as_str() {
            EQUALS => Some((name, true)),
            NOT_EQUALS => Some((name, false)),
            _ => None,
        },
        _ => None,
    }
}

/// One fact, measured once or more.
pub(super) fn say_measured(facts: &[Measured<'_>], word: &str) -> Option<String> {
    let first = facts.first()?;
    let noun = phrases::noun(first.name)?;
    if let [only] = facts {
        return Some(format!("{noun} {}", is(only.operator, &only.number.to_string())?));
    }
    let numbers: Vec<String> = facts.iter().map(|fact| fact.number.to_string()).collect();
    Some(match word {
        "and" => format!("{noun} is {}", numbers.join(" to ")),
        _ => format!("{noun} is {}", numbers.join(" or ")),
    })
}

/// "is 20 or more".
fn is(operator: &str, than: &str) -> Option<String> {
    Some(match operator {
        EQUALS => format!("is {than}"),
        NOT_EQUALS => format!("is not {than}"),
        GREATER => format!("is over {than}"),
        GREATER_EQUALS => format!("is {than} or more"),
        LESS => format!("is under {than}"),
        LESS_EQUALS => format!("is {than} or less"),
        _ => return None,
    })
}

/// One comparison, or a fact that is true or not.
pub(super) fn say(expression: &IdedExpr) -> Option<String> {
    match &expression.expr {
        Expr::Ident(name) => truth(name, true),
        Expr::Call(call) if call.func_name == LOGICAL_NOT => not(&call.args.first()?.expr),
        Expr::Call(call) => {
            if let Some((name, is_null)) = null_test(expression) {
                return phrases::missing(name, is_null);
            }
            if let Some(fact) = measured(expression) {
                return say_measured(&[fact], "");
            }
            compared(call, true)
        }
        Expr::Comprehension(search) => any_flag(search),
        Expr::Unspecified
        | Expr::List(_)
        | Expr::Literal(_)
        | Expr::Map(_)
        | Expr::Select(_)
        | Expr::Struct(_) => None,
    }
}

fn truth(name: &str, holds: bool) -> Option<String> {
    match phrases::phrase(name)? {
        Phrase::Truth(yes, no) => Some(if holds { *yes } else { *no }.to_owned()),
        Phrase::Number(..) | Phrase::Answer(..) | Phrase::Named(..) | Phrase::Conditions | Phrase::Flags => {
            None
        }
    }
}

fn not(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Ident(name) => truth(name, false),
        Expr::Call(call) => compared(call, false),
        _ => None,
    }
}

/// Equal or not, one of several or none, in words. `holds`: whether it is asked for or against.
fn compared(call: &CallExpr, holds: bool) -> Option<String> {
    let (left, right) = sides(call)?;
    let positive = match call.func_name.as_str() {
        EQUALS | IN => holds,
        NOT_EQUALS => !holds,
        operator => {
            let (Expr::Ident(one), Expr::Ident(other), true) = (left, right, holds) else {
                return None;
            };
            let than = phrases::noun(other)?;
            return Some(format!("{} {}", phrases::noun(one)?, is(operator, than)?));
        }
    };
    match (left, right) {
        (Expr::Ident(one), Expr::Ident(other)) if call.func_name != IN => {
            let is = if positive { "is" } else { "is not" };
            Some(format!("{} {is} {}", phrases::noun(one)?, phrases::noun(other)?))
        }
        (Expr::Ident(name), other) => is_one_of(name, &words(other)?, positive),
        (Expr::Literal(LiteralValue::String(word)), Expr::Ident(list)) => {
            is_among(word.inner(), list, positive)
        }
        _ => None,
    }
}

/// The word, or the words of a list.
fn words(expression: &Expr) -> Option<Vec<String>> {
    match expression {
        Expr::Literal(LiteralValue::String(word)) => Some(vec![word.inner().to_owned()]),
        Expr::List(list) => {
            let all: Option<Vec<Vec<String>>> = list.elements.iter().map(|one| words(&one.expr)).collect();
            all.map(|all| all.concat())
        }
        _ => None,
    }
}

fn is_one_of(name: &str, words: &[String], positive: bool) -> Option<String> {
    match phrases::phrase(name)? {
        Phrase::Answer(_, answers) => {
            let said: Option<Vec<&str>> = words
                .iter()
                .map(|word| {
                    let found = answers.iter().find(|answer| answer.word == word)?;
                    Some(if positive { found.says } else { found.otherwise })
                })
                .collect();
            Some(said?.join(if positive { " or " } else { " and " }))
        }
        Phrase::Named(noun, labels) => {
            let label = |word: &String| {
                let found = labels.iter().find(|(known, _)| known == word);
                found.map_or_else(|| word.clone(), |(_, label)| (*label).to_owned())
            };
            let labels: Vec<String> = words.iter().map(label).collect();
            Some(match (positive, labels.as_slice()) {
                (true, [one]) => format!("{noun} is {one}"),
                (false, [one]) => format!("{noun} is not {one}"),
                (true, several) => format!("{noun} is {}", one_of(several)),
                (false, several) => format!("{noun} is none of {}", joined(several, "and")),
            })
        }
        Phrase::Truth(..) | Phrase::Number(..) | Phrase::Conditions | Phrase::Flags => None,
    }
}

/// "P1 or P2", "one of a, b, or c".
fn one_of(labels: &[String]) -> String {
    match labels {
        [one, other] => format!("{one} or {other}"),
        several => format!("one of {}", joined(several, "or")),
    }
}

fn is_among(word: &str, list: &str, positive: bool) -> Option<String> {
    let is = if positive { "is" } else { "is not" };
    match phrases::phrase(list)? {
        Phrase::Flags => Some(format!("the flag “{}” {is} raised above", flag_words(word))),
        Phrase::Conditions => {
            let condition = phrases::condition(word);
            Some(format!("{condition} {is} among the long-term conditions"))
        }
        Phrase::Truth(..) | Phrase::Number(..) | Phrase::Answer(..) | Phrase::Named(..) => None,
    }
}

/// `flags.exists(flag, flag.startsWith('RISK_'))`.
fn any_flag(search: &ComprehensionExpr) -> Option<String> {
    let (Expr::Ident(list), Expr::Call(step)) = (&search.iter_range.expr, &search.loop_step.expr) else {
        return None;
    };
    let (_, Expr::Call(test)) = sides(step).filter(|_| list == "flags" && step.func_name == LOGICAL_OR)?
    else {
        return None;
    };
    let target = test.target.as_ref().map(|target| &target.expr);
    let on_the_flag = matches!(target, Some(Expr::Ident(name)) if *name == search.iter_var);
    match test.args.first().map(|arg| &arg.expr) {
        Some(Expr::Literal(LiteralValue::String(prefix)))
            if on_the_flag && test.func_name == "startsWith" && prefix.inner() == "RISK_" =>
        {
            Some("any flag about risk is raised above".to_owned())
        }
        _ => None,
    }
}
