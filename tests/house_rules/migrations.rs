//! Both migration folders make the same tables, and they are those of `src/db/schema.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::{files, none, read, top_level_parts};

type Tables = BTreeMap<String, BTreeSet<String>>;

#[test]
fn both_folders_hold_the_same_migrations() {
    assert_eq!(names("migrations/sqlite"), names("migrations/postgres"));
    assert!(!names("migrations/sqlite").is_empty());
}

#[test]
fn both_folders_make_the_same_tables_and_columns() {
    let faults = differences(&made_by("migrations/sqlite"), &made_by("migrations/postgres"));
    none(&faults, "Only in one of SQLite (<) and PostgreSQL (>):");
}

#[test]
fn the_schema_is_what_the_migrations_make() {
    let faults = differences(&schema(), &made_by("migrations/sqlite"));
    none(&faults, "Only in one of schema.rs (<) and the migrations (>):");
}

fn differences(one: &Tables, other: &Tables) -> Vec<String> {
    let (one, other) = (columns(one), columns(other));
    let gone = one.difference(&other).map(|column| format!("< {column}"));
    gone.chain(other.difference(&one).map(|column| format!("> {column}")))
        .collect()
}

fn columns(tables: &Tables) -> BTreeSet<String> {
    let rows = tables
        .iter()
        .flat_map(|(table, columns)| columns.iter().map(move |column| format!("{table}.{column}")));
    rows.collect()
}

fn names(folder: &str) -> Vec<String> {
    let ups = files(folder, "up.sql");
    ups.iter()
        .map(|path| path.trim_start_matches(folder).to_owned())
        .collect()
}

/// Tables and columns after all migrations of a folder.
fn made_by(folder: &str) -> Tables {
    let mut tables = Tables::new();
    for path in files(folder, "up.sql") {
        let text: Vec<String> = read(&path)
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default().to_owned())
            .collect();
        for statement in text.join("\n").split(';') {
            apply(statement.trim(), &mut tables);
        }
    }
    tables
}

fn apply(statement: &str, tables: &mut Tables) {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match words.as_slice() {
        ["CREATE", "TABLE", name, ..] => {
            let body = statement.split_once('(').map_or("", |(_, body)| body);
            let columns = top_level_parts(body, ')');
            tables.insert(
                (*name).to_owned(),
                columns.iter().filter_map(|part| column(part)).collect(),
            );
        }
        ["ALTER", "TABLE", name, "ADD", "COLUMN", added, ..] => {
            tables
                .entry((*name).to_owned())
                .or_default()
                .insert((*added).to_owned());
        }
        ["ALTER", "TABLE", name, "DROP", "COLUMN", gone, ..] => {
            tables.entry((*name).to_owned()).or_default().remove(*gone);
        }
        ["ALTER", "TABLE", name, "RENAME", ..] => panic!("{name}: teach this test what RENAME does"),
        ["DROP", "TABLE", name, ..] => {
            tables.remove(*name);
        }
        _ => {}
    }
}

/// The column that a part of CREATE TABLE makes; constraints make none.
fn column(part: &str) -> Option<String> {
    let first = part.split_whitespace().next()?;
    let constraint = ["PRIMARY", "CHECK", "UNIQUE", "FOREIGN", "CONSTRAINT"];
    let bare = first.split('(').next().unwrap_or(first);
    (!constraint.contains(&bare)).then(|| first.to_owned())
}

/// Tables and columns as `schema.rs` names them.
pub fn schema() -> Tables {
    let mut tables = Tables::new();
    let mut current = None;
    for line in read("src/db/schema.rs").lines() {
        let indent = line.len() - line.trim_start().len();
        let line = line.trim();
        match indent {
            4 if line.ends_with(") {") => {
                let name = line.split_whitespace().next().unwrap_or_default().to_owned();
                tables.insert(name.clone(), BTreeSet::new());
                current = Some(name);
            }
            8 => {
                let column = line.split_once(" -> ").map(|(column, _)| column.to_owned());
                let table = current.as_ref().and_then(|name| tables.get_mut(name));
                if let Some((table, column)) = table.zip(column) {
                    table.insert(column);
                }
            }
            _ => {}
        }
    }
    tables
}
