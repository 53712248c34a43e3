//! What all parsed words that are text have in common.

/// Gives a tuple struct around a `String`, with `parse(&str) -> Result<Self, Unfit>`, what a word needs:
/// `as_str`, a `Debug` without the value, and serde as a string that is parsed again on the way in.
macro_rules! word {
    ($word:ident) => {
        impl $word {
            /// The word in the one form in which it is stored and compared.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $word {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($word), "([redacted])"))
            }
        }

        impl std::str::FromStr for $word {
            type Err = $crate::values::Unfit;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $word {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $word {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(super) use word;
