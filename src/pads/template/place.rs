//! Where something is written in a template file, so that an error can point there.

use std::ops::Range;

/// The line, from 1, of a place in the source.
pub(super) fn line_at(source: &str, offset: usize) -> usize {
    source.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// The key or table header written on a line.
pub(super) fn key_on(source: &str, line: usize) -> String {
    let text = source
        .lines()
        .nth(line.saturating_sub(1))
        .unwrap_or_default()
        .trim();
    text.split('=').next().unwrap_or_default().trim().to_string()
}

/// The line on which `key` is written within a block, or the line where the block begins.
pub(super) fn line_of(source: &str, span: Range<usize>, key: &str) -> usize {
    let first = line_at(source, span.start);
    let in_block = source
        .lines()
        .enumerate()
        .skip(first)
        .take_while(|(_, line)| !line.starts_with('['));
    find_key(in_block, key).unwrap_or(first)
}

/// The line on which `table.key`, or a `key` before all tables, is written; 1 if nowhere.
pub(super) fn line_in_table(source: &str, path: &str) -> usize {
    let (header, key) = match path.split_once('.') {
        Some((table, key)) => (
            source
                .lines()
                .position(|line| line.trim() == format!("[{table}]")),
            key,
        ),
        None => (None, path),
    };
    let first = header.map_or(0, |index| index + 1);
    find_key(
        source
            .lines()
            .enumerate()
            .skip(first)
            .take_while(|(_, line)| !line.starts_with('[')),
        key,
    )
    .unwrap_or(1)
}

fn find_key<'a>(mut lines: impl Iterator<Item = (usize, &'a str)>, key: &str) -> Option<usize> {
    let is_key = |line: &str| {
        line.trim_start()
            .strip_prefix(key)
            .is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    lines.find(|(_, line)| is_key(line)).map(|(index, _)| index + 1)
}
