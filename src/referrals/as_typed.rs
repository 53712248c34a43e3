//! Details of a person that did not pass their check and were kept as typed, because a worrying answer came with them:
//! which they are, what may still be done with them, and what may not. Pure.

use super::person::Person;
use crate::values::text::is_something;
use crate::values::{Email, NhsNumber, Phone, Postcode};

impl Person {
    /// Whether something about how to reach them is known that somebody could try, in whatever form it was typed.
    pub fn has_way(&self) -> bool {
        let abode = self
            .postcode
            .as_deref()
            .filter(|stored| *stored != Postcode::no_fixed_abode().as_str());
        let typed = [self.phone.as_deref(), self.email.as_deref(), abode];
        let lines = self.address.iter().map(String::as_str);
        typed.into_iter().flatten().chain(lines).any(is_something)
    }

    /// Whether there is anything to begin with: a name, or a way to reach somebody.
    pub fn has_anything(&self) -> bool {
        is_something(&self.name) || self.has_way()
    }

    /// The details that are only as typed, each with what the team calls it: "Phone number: 0770 900 12".
    pub fn to_check(&self) -> Vec<String> {
        let unsound = |stored: &Option<String>, label: &str, is_sound: &dyn Fn(&str) -> bool| {
            let typed = stored.as_deref().filter(|typed| !is_sound(typed))?;
            Some(format!("{label}: {typed}"))
        };
        [
            unsound(&self.nhs_number, "NHS number", &|typed| {
                NhsNumber::parse(typed).is_ok()
            }),
            unsound(&self.phone, "Phone number", &|typed| Phone::parse(typed).is_ok()),
            unsound(&self.email, "Email address", &|typed| Email::parse(typed).is_ok()),
            unsound(&self.postcode, "Postcode", &|typed| {
                Postcode::parse(typed).is_ok()
            }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Whether something given before is not in what is given now, so that it would be lost if it were not kept beside it.
    pub(super) fn loses(&self, now: &Person) -> bool {
        let lost = |before: &Option<String>, now: &Option<String>| before.is_some() && before != now;
        let name = !self.name.is_empty() && self.name != now.name;
        name || self
            .date_of_birth
            .is_some_and(|born| now.date_of_birth != Some(born))
            || lost(&self.nhs_number, &now.nhs_number)
            || lost(&self.phone, &now.phone)
            || lost(&self.email, &now.email)
            || lost(&self.postcode, &now.postcode)
            || (!self.address.is_empty() && self.address != now.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(phone: &str) -> Person {
        Person {
            phone: Some(phone.to_owned()),
            ..Person::default()
        }
    }

    #[test]
    fn whatever_a_person_could_try_is_something() {
        for typed in [
            "07700 90012",
            "ask at the Red Lion",
            "ann@",
            "0",
            "S10 2",
            "\u{645}\u{62d}",
        ] {
            assert!(is_something(typed) && reached(typed).has_way(), "{typed}");
        }
        for typed in ["", " ", "-", "n/a", "None", "not known", "N/A.", "?"] {
            assert!(!is_something(typed) && !reached(typed).has_way(), "{typed}");
        }
        let nowhere = Person {
            postcode: Some("ZZ99 3VZ".to_owned()),
            ..Person::default()
        };
        assert!(!nowhere.has_way() && !nowhere.has_anything());
        let named = Person {
            name: "Robin".to_owned(),
            ..Person::default()
        };
        assert!(!named.has_way() && named.has_anything());
    }

    #[test]
    fn what_is_only_as_typed_is_named_and_the_rest_is_not() {
        let person = Person {
            phone: Some("0770 900 12".to_owned()),
            email: Some("ann@example.org".to_owned()),
            postcode: Some("S10 2".to_owned()),
            nhs_number: Some("9990023115".to_owned()),
            write_ok: true,
            ..Person::default()
        };
        assert_eq!(
            person.to_check(),
            ["Phone number: 0770 900 12", "Postcode: S10 2"]
        );
        assert!(person.sound_phone().is_none() && person.may_mail());
        let typo = Person {
            email: Some("ann@example".to_owned()),
            ..person
        };
        assert!(!typo.may_mail(), "no message goes to what is no address");
        let noted = reached("+447700900774 (mum)");
        assert_eq!(
            noted.sound_phone().as_ref().map(Phone::number),
            Some("+447700900774")
        );
        assert!(noted.to_check().is_empty());
    }
}
