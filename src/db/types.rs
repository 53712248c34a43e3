//! How ids, moments and sealed values stand in the two databases: an id is a uuid or sixteen bytes, a moment
//! is a timestamptz or microseconds. Both are exact, so a value read back equals the value written.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Binary, Nullable, SqlType};
use diesel::sqlite::Sqlite;

use crate::values::{Id, Sealed, Ts};

/// The SQL type of [`Id`]: `uuid` on PostgreSQL, a blob of sixteen bytes on SQLite.
#[derive(Debug, Clone, Copy, SqlType, QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct IdSql;

/// The SQL type of [`Ts`]: `timestamptz` on PostgreSQL, an integer of microseconds on SQLite.
#[derive(Debug, Clone, Copy, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct TsSql;

/// Lets a plain type stand in queries as an SQL type and come back from rows. The derives of diesel would
/// have to be written on the type itself, which lives in `values` and knows no database.
macro_rules! stands_as {
    ($rust:ty, $sql:ty) => {
        impl AsExpression<$sql> for $rust {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'a> AsExpression<$sql> for &'a $rust {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl AsExpression<Nullable<$sql>> for $rust {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'a> AsExpression<Nullable<$sql>> for &'a $rust {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<DB: Backend> ToSql<Nullable<$sql>, DB> for $rust
        where
            Self: ToSql<$sql, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                ToSql::<$sql, DB>::to_sql(self, out)
            }
        }
        impl<DB: Backend> Queryable<$sql, DB> for $rust
        where
            Self: FromSql<$sql, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}
stands_as!(Id, IdSql);
stands_as!(Ts, TsSql);
stands_as!(Sealed, Binary);

impl ToSql<IdSql, Pg> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        std::io::Write::write_all(out, self.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<IdSql, Pg> for Id {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Id::from_slice(value.as_bytes()).ok_or_else(|| "a stored id is not sixteen bytes".into())
    }
}

impl ToSql<IdSql, Sqlite> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(&self.as_bytes()[..]);
        Ok(IsNull::No)
    }
}

impl FromSql<IdSql, Sqlite> for Id {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
        Id::from_slice(&bytes).ok_or_else(|| "a stored id is not sixteen bytes".into())
    }
}

/// PostgreSQL counts microseconds from 2000-01-01 UTC, 946,684,800 seconds after 1970.
const PG_EPOCH_MICROS: i64 = 946_684_800_000_000;

impl ToSql<TsSql, Pg> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let micros = self.as_micros().saturating_sub(PG_EPOCH_MICROS);
        std::io::Write::write_all(out, &micros.to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<TsSql, Pg> for Ts {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let bytes: [u8; 8] = value.as_bytes().try_into()?;
        Ok(Ts::from_micros(
            i64::from_be_bytes(bytes).saturating_add(PG_EPOCH_MICROS),
        ))
    }
}

impl ToSql<TsSql, Sqlite> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.as_micros());
        Ok(IsNull::No)
    }
}

impl FromSql<TsSql, Sqlite> for Ts {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <i64 as FromSql<diesel::sql_types::BigInt, Sqlite>>::from_sql(value).map(Ts::from_micros)
    }
}

impl<DB: Backend> ToSql<Binary, DB> for Sealed
where
    [u8]: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_bytes().to_sql(out)
    }
}

impl<DB: Backend> FromSql<Binary, DB> for Sealed
where
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Vec::<u8>::from_sql(value).map(Sealed::from_bytes)
    }
}
