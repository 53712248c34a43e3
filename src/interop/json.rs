//! JSON as it is sent here, read with suspicion: what stands in it twice or too deep is a fault with its place,
//! and whatever is not JSON at all is told with line and column. Pure.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::fault::{Fault, Pointer};

/// Objects within lists within objects: nothing that is read here goes deeper than four.
const DEEPEST: usize = 12;

/// A document with what is wrong with its form.
pub(super) struct Document {
    /// What was sent; of a key given twice the first value, and null where it was too deep.
    pub value: Value,
    /// Keys given twice and places that lie too deep.
    pub faults: Vec<Fault>,
    /// The later values of keys given twice.
    pub twice: Vec<(Pointer, Value)>,
}

/// Reads a document; the error says where it stops being JSON, and repeats nothing of it.
pub(super) fn parse(bytes: &[u8]) -> Result<Document, String> {
    let mut notes = Notes::default();
    let mut from = serde_json::Deserializer::from_slice(bytes);
    let value = Reading(&mut notes).deserialize(&mut from);
    let value = value.and_then(|value| from.end().map(|()| value));
    let value = value.map_err(|wrong| format!("this is not JSON: {wrong}"))?;
    Ok(Document {
        value,
        faults: notes.faults,
        twice: notes.twice,
    })
}

/// One spelling for each document: keys in order, no spaces. Two bodies are the same if these bytes are.
pub(super) fn canonical(value: &Value) -> Vec<u8> {
    fn write(value: &Value, to: &mut Vec<u8>) {
        match value {
            Value::Object(pairs) => {
                let mut sorted: Vec<(&String, &Value)> = pairs.iter().collect();
                sorted.sort_unstable_by_key(|(key, _)| *key);
                to.push(b'{');
                for (key, value) in sorted {
                    to.extend(Value::from(key.as_str()).to_string().bytes());
                    to.push(b':');
                    write(value, to);
                    to.push(b',');
                }
                to.push(b'}');
            }
            Value::Array(items) => {
                to.push(b'[');
                for item in items {
                    write(item, to);
                    to.push(b',');
                }
                to.push(b']');
            }
            plain => to.extend(plain.to_string().bytes()),
        }
    }
    let mut bytes = Vec::with_capacity(1024);
    write(value, &mut bytes);
    bytes
}

#[derive(Default)]
struct Notes {
    here: Pointer,
    faults: Vec<Fault>,
    twice: Vec<(Pointer, Value)>,
}

/// Reads one value at the place that the notes are at.
struct Reading<'n>(&'n mut Notes);

impl<'de> DeserializeSeed<'de> for Reading<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        if self.0.here.depth() <= DEEPEST {
            return from.deserialize_any(self);
        }
        let place = self.0.here.clone();
        self.0.faults.push(Fault::at(place, "is nested too deeply"));
        from.deserialize_ignored_any(IgnoredAny).map(|_| Value::Null)
    }
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            self.0.here.enter(items.len());
            let item = list.next_element_seed(Reading(self.0))?;
            self.0.here.leave();
            match item {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut pairs = Map::new();
        let mut told = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            self.0.here.enter(&key);
            let value = map.next_value_seed(Reading(self.0))?;
            if pairs.contains_key(&key) {
                let place = self.0.here.clone();
                if told.insert(key) {
                    self.0.faults.push(Fault::at(place.clone(), "is given twice"));
                }
                self.0.twice.push((place, value));
            } else {
                pairs.insert(key, value);
            }
            self.0.here.leave();
        }
        Ok(Value::Object(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn faults(text: &str) -> Vec<String> {
        let document = parse(text.as_bytes()).expect("JSON");
        document.faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_not_json_is_told_with_its_place() {
        for wrong in [
            "",
            "{",
            "{\"a\":1,}",
            "[1 2]",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":1e999}",
            "{}{}",
            "nul",
        ] {
            let told = parse(wrong.as_bytes()).err().expect(wrong);
            assert!(told.contains("line 1 column"), "{wrong}: {told}");
        }
        assert!(parse(b"{\"a\":\"\xff\"}").is_err());
    }

    #[test]
    fn a_key_given_twice_is_a_fault_wherever_it_stands() {
        assert_eq!(
            faults(r#"{"a":1,"b":{"c/d":1,"c/d":2,"c/d":3}}"#),
            ["/b/c~1d is given twice"]
        );
        assert_eq!(faults(r#"[{"a":1},{"a":1,"a":1}]"#), ["/1/a is given twice"]);
        let document = parse(br#"{"a":1,"a":2}"#).expect("JSON");
        assert_eq!(document.value.to_string(), r#"{"a":1}"#);
        assert_eq!(
            document.twice.first().map(|(_, value)| value.clone()),
            Some(2.into())
        );
    }

    #[test]
    fn a_depth_bomb_is_a_fault_and_goes_off_nowhere() {
        let deep = |open: &str, close: &str| format!("{}{}", open.repeat(30_000), close.repeat(30_000));
        assert_eq!(faults(&deep("[", "]")).len(), 1);
        assert!(
            faults(&format!("{}1{}", "{\"a\":".repeat(9_000), "}".repeat(9_000)))[0].contains("too deeply")
        );
        assert!(parse("[".repeat(60_000).as_bytes()).is_err());
    }

    #[test]
    fn order_and_spaces_do_not_make_another_document() {
        let one = parse(br#"{"b":[1,{"y":null,"x":"\u00e9"}],"a":true}"#).expect("JSON");
        let two = parse("{ \"a\" : true, \"b\":[1, {\"x\":\"é\",\"y\":null}]}".as_bytes()).expect("JSON");
        let three = parse(br#"{"b":[{"y":null,"x":"\u00e9"},1],"a":true}"#).expect("JSON");
        assert_eq!(canonical(&one.value), canonical(&two.value));
        assert_ne!(canonical(&one.value), canonical(&three.value));
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(document) = parse(&bytes) {
                canonical(&document.value);
            }
        }
    }
}
