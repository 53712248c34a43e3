//! How far a run is: a bar with an estimate on a terminal, plain lines elsewhere, all on standard error.

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Lines that a run writes where there is no terminal: one a tenth.
const LINES: u64 = 10;

/// Runs below this are over before a line is read.
const WORTH_A_LINE: u64 = 500;

/// Counts slips that are drawn and proven; clones count together.
#[derive(Clone)]
pub(super) struct Progress(Arc<Counting>);

struct Counting {
    bar: ProgressBar,
    plain: bool,
    slips: u64,
    done: AtomicU64,
    began: Instant,
}

impl Progress {
    pub fn over(slips: u64) -> Self {
        let bar = ProgressBar::new(slips);
        let look = ProgressStyle::with_template("{bar:30} {pos}/{len} slips, {per_sec}, {eta} to go");
        bar.set_style(look.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Progress(Arc::new(Counting {
            bar,
            plain: !std::io::stderr().is_terminal() && slips >= WORTH_A_LINE,
            slips,
            done: AtomicU64::new(0),
            began: Instant::now(),
        }))
    }

    /// So many slips more.
    pub fn more(&self, slips: usize) {
        let more = u64::try_from(slips).unwrap_or_default();
        let before = self.0.done.fetch_add(more, Ordering::Relaxed);
        self.0.bar.inc(more);
        if self.0.plain
            && let Some(line) = line(before, before + more, self.0.slips)
        {
            eprintln!("{line}, {} so far", HumanDuration(self.0.began.elapsed()));
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.0.bar.finish_and_clear();
    }
}

/// The line to write when the count goes from `before` to `after`: at every tenth that it passes.
fn line(before: u64, after: u64, slips: u64) -> Option<String> {
    let tenth = |count: u64| count * LINES / slips.max(1);
    (tenth(after) > tenth(before)).then(|| format!("{after} of {slips} slips drawn and proven"))
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_line_is_written_at_every_tenth() {
        let lines: Vec<String> = (0..1000)
            .step_by(4)
            .filter_map(|at| line(at, at + 4, 1000))
            .collect();
        assert_eq!(lines.len(), 10);
        assert_eq!(
            lines.last().map(String::as_str),
            Some("1000 of 1000 slips drawn and proven")
        );
    }
}
