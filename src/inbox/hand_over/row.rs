//! The hand-over as a row of a table: UTF-8 with a byte order mark, so that a spreadsheet reads accents right; line ends
//! CR LF (RFC 4180). A cell that a spreadsheet would take for a formula begins with an apostrophe.

use super::field::{Field, Group};

/// Tells spreadsheets that this is UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The names of the columns.
pub(in crate::inbox) fn header(groups: &[Group]) -> Vec<String> {
    all(groups).map(|field| field.column.to_owned()).collect()
}

/// The cells of one referral, in the order of the columns.
pub(in crate::inbox) fn row(groups: &[Group]) -> Vec<String> {
    all(groups).map(|field| field.cell.clone()).collect()
}

fn all(groups: &[Group]) -> impl Iterator<Item = &Field> {
    groups.iter().flat_map(|group| &group.fields)
}

/// A table as a file: the names of the columns, then the rows.
pub(in crate::inbox) fn table(header: &[String], rows: &[Vec<String>]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| guarded(cell)))?;
    }
    Ok(writer.into_inner().map_err(|refused| refused.into_error())?)
}

/// What somebody typed never becomes a formula (OWASP, "CSV Injection").
fn guarded(cell: &str) -> String {
    let first = cell.trim_start().chars().next();
    let begins = cell.starts_with(['\t', '\r', '\n']);
    match begins || matches!(first, Some('=' | '+' | '-' | '@' | '|' | '%')) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_becomes_a_formula() {
        for typed in ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", " =1", "|x", "%x"] {
            assert_eq!(guarded(typed), format!("'{typed}"), "{typed:?}");
        }
        for plain in ["Robin Example", "07700 900123", "", "1980-02-29", "a=b"] {
            assert_eq!(guarded(plain), plain);
        }
    }

    #[test]
    fn a_table_is_read_back_with_its_quotes_commas_and_lines() {
        let told = ["Zoë \"Z\" O’Neill", "a, b", "one\ntwo", "=1"].map(str::to_owned);
        let header = ["a", "b", "c", "d"].map(str::to_owned);
        let table = table(&header, &[told.to_vec()]).expect("a table");
        let text = String::from_utf8(table).expect("text");
        let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
        assert!(text.starts_with("a,b,c,d\r\n"));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let row = reader.records().next().expect("a row").expect("readable");
        assert_eq!(
            row.iter().collect::<Vec<_>>(),
            ["Zoë \"Z\" O’Neill", "a, b", "one\ntwo", "'=1"]
        );
    }
}
