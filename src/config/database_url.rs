//! Where the database is. A mistyped address is refused rather than taken for the name of a new file.

use std::fmt;
use std::path::PathBuf;

use crate::values::Unfit;

/// `sqlite:PATH` or `postgres://…`, as `DATABASE_URL` says it.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file, embedded.
    Sqlite(PathBuf),
    /// A PostgreSQL server; the address may hold a password and is never printed.
    Postgres(String),
}

impl DatabaseUrl {
    /// Reads `DATABASE_URL`.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(Unfit::because("names no file after `sqlite:`"));
            }
            return Ok(Self::Sqlite(path.into()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(Unfit::because(
            "must begin with `sqlite:` or `postgres://`, such as sqlite:iapt-pad.sqlite",
        ))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseUrl::Postgres(_) => f.write_str("postgres://[redacted]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_address_is_not_taken_for_a_file() {
        assert!(DatabaseUrl::parse("postgre://host/db").is_err());
        assert!(DatabaseUrl::parse("sqlite:").is_err());
        assert!(DatabaseUrl::parse("iapt-pad.sqlite").is_err());
        assert_eq!(
            DatabaseUrl::parse("sqlite:a/b.sqlite"),
            Ok(DatabaseUrl::Sqlite("a/b.sqlite".into()))
        );
        assert_eq!(
            DatabaseUrl::parse("sqlite:///a/b.sqlite"),
            Ok(DatabaseUrl::Sqlite("/a/b.sqlite".into()))
        );
    }

    #[test]
    fn a_password_in_the_address_is_not_shown() {
        let url = DatabaseUrl::parse("postgres://pad:secret@host/db").expect("an address");
        assert!(!format!("{url:?}").contains("secret"));
    }
}
