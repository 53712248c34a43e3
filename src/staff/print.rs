//! What the commands print: a table for people, JSON for programs.

use std::io::Write;

use serde_json::json;

use super::api_key::ApiKey;
use super::{Account, Clinic};
use crate::values::Id;

pub(super) fn print_password(
    out: &mut impl Write,
    json: bool,
    id: Id,
    username: &str,
    password: &str,
) -> anyhow::Result<()> {
    match json {
        true => print_json(
            out,
            &json!({"id": id, "username": username, "password": password}),
        ),
        false => {
            writeln!(out, "{username}\n{password}")?;
            Ok(writeln!(out, "The password is shown only once.")?)
        }
    }
}

pub(super) fn print_accounts(out: &mut impl Write, json: bool, accounts: &[Account]) -> anyhow::Result<()> {
    if json {
        let list = accounts.iter().map(|one| {
            json!({"id": one.id, "username": one.username, "name": one.display_name, "role": one.role.as_str(),
                "clinic": one.clinic.as_ref().map(|(_, name)| name), "active": one.active})
        });
        return print_json(out, &list.collect());
    }
    let rows = accounts.iter().map(|one| {
        let clinic = one.clinic.as_ref().map_or("-", |(_, name)| name);
        let state = if one.active { "in use" } else { "stopped" };
        [&one.username, &one.display_name, one.role.as_str(), clinic, state].map(str::to_owned)
    });
    print_table(
        out,
        ["username", "name", "role", "clinic", "account"],
        rows.collect(),
    )
}

pub(super) fn print_keys(out: &mut impl Write, json: bool, keys: &[ApiKey]) -> anyhow::Result<()> {
    if json {
        let list = keys.iter().map(|key| {
            let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
            json!({"id": key.id, "label": key.label, "scopes": scopes, "clinic": key.clinic, "active": key.active})
        });
        return print_json(out, &list.collect());
    }
    let rows = keys.iter().map(|key| {
        let state = if key.active { "in use" } else { "revoked" };
        [
            key.id.to_string(),
            key.label.clone(),
            key.scopes_in_words(),
            state.to_owned(),
        ]
    });
    print_table(out, ["id", "label", "scopes", "key"], rows.collect())
}

pub(super) fn print_clinics(out: &mut impl Write, json: bool, clinics: &[Clinic]) -> anyhow::Result<()> {
    if json {
        let list = clinics
            .iter()
            .map(|one| json!({"id": one.id, "code": one.code, "name": one.name, "active": one.active}));
        return print_json(out, &list.collect());
    }
    let rows = clinics.iter().map(|one| [one.code.clone(), one.name.clone()]);
    print_table(out, ["code", "name"], rows.collect())
}

pub(super) fn print_json(out: &mut impl Write, value: &serde_json::Value) -> anyhow::Result<()> {
    Ok(writeln!(out, "{value:#}")?)
}

/// Columns as wide as their widest word, the last one without spaces at its end.
fn print_table<const N: usize>(
    out: &mut impl Write,
    head: [&str; N],
    rows: Vec<[String; N]>,
) -> anyhow::Result<()> {
    let mut widths = head.map(|word| word.chars().count());
    for row in &rows {
        for (width, word) in widths.iter_mut().zip(row) {
            *width = (*width).max(word.chars().count());
        }
    }
    for row in std::iter::once(head.map(str::to_owned)).chain(rows) {
        let padded = row
            .iter()
            .zip(widths)
            .map(|(word, width)| format!("{word:width$}"));
        writeln!(out, "{}", padded.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_heads() {
        let mut out = Vec::new();
        let rows = vec![["PW-1".to_owned(), "Physioworks".to_owned()]];
        print_table(&mut out, ["code", "name"], rows).expect("printed");
        assert_eq!(String::from_utf8_lossy(&out), "code  name\nPW-1  Physioworks\n");
    }
}
