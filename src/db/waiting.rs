//! What waits for the one writer: a bounded line with places kept for what must not be turned away. Urgent work is taken
//! first and is refused last.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::Haste;

/// The line.
pub(super) struct Waiting<T> {
    jobs: Mutex<Jobs<T>>,
    came: Condvar,
    most: usize,
    reserved: usize,
}

struct Jobs<T> {
    urgent: VecDeque<T>,
    ordinary: VecDeque<T>,
    closed: bool,
}

/// Why a job was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Too much waits already.
    Full,
    /// Nobody takes jobs any more.
    Closed,
}

impl<T> Waiting<T> {
    /// `most` may wait; `reserved` places more are for urgent jobs alone.
    pub fn new(most: usize, reserved: usize) -> Self {
        let jobs = Jobs {
            urgent: VecDeque::new(),
            ordinary: VecDeque::new(),
            closed: false,
        };
        Self {
            jobs: Mutex::new(jobs),
            came: Condvar::new(),
            most,
            reserved,
        }
    }

    /// Puts a job into the line.
    pub fn push(&self, job: T, haste: Haste) -> Result<(), Refused> {
        let mut jobs = self.lock();
        if jobs.closed {
            return Err(Refused::Closed);
        }
        let waiting = jobs.urgent.len() + jobs.ordinary.len();
        let most = match haste {
            Haste::Ordinary => self.most,
            Haste::Urgent => self.most + self.reserved,
        };
        if waiting >= most {
            return Err(Refused::Full);
        }
        match haste {
            Haste::Ordinary => jobs.ordinary.push_back(job),
            Haste::Urgent => jobs.urgent.push_back(job),
        }
        drop(jobs);
        self.came.notify_one();
        Ok(())
    }

    /// The next job, if one waits.
    pub fn try_next(&self) -> Option<T> {
        self.lock().next()
    }

    /// The next job, waited for; `None` once the line is closed and empty.
    pub fn next(&self) -> Option<T> {
        let mut jobs = self.lock();
        loop {
            if let Some(job) = jobs.next() {
                return Some(job);
            }
            if jobs.closed {
                return None;
            }
            jobs = self.came.wait(jobs).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes no more jobs; those that wait are done.
    pub fn close(&self) {
        self.lock().closed = true;
        self.came.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Jobs<T>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Jobs<T> {
    fn next(&mut self) -> Option<T> {
        self.urgent.pop_front().or_else(|| self.ordinary.pop_front())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urgent_jobs_go_first_and_are_refused_last() {
        let line = Waiting::new(2, 1);
        assert_eq!(line.push("a", Haste::Ordinary), Ok(()));
        assert_eq!(line.push("b", Haste::Ordinary), Ok(()));
        assert_eq!(line.push("c", Haste::Ordinary), Err(Refused::Full));
        assert_eq!(line.push("danger", Haste::Urgent), Ok(()));
        assert_eq!(line.push("more danger", Haste::Urgent), Err(Refused::Full));
        let order: Vec<&str> = std::iter::from_fn(|| line.try_next()).collect();
        assert_eq!(order, ["danger", "a", "b"]);
        for number in ["1", "2", "3"] {
            assert_eq!(line.push(number, Haste::Urgent), Ok(()), "all places are theirs");
        }
        assert_eq!(line.push("d", Haste::Ordinary), Err(Refused::Full));
    }

    #[test]
    fn a_closed_line_is_emptied_and_takes_no_more() {
        let line = Waiting::new(2, 1);
        line.push("a", Haste::Ordinary).expect("room");
        line.close();
        assert_eq!(line.push("b", Haste::Urgent), Err(Refused::Closed));
        assert_eq!((line.next(), line.next()), (Some("a"), None));
    }
}
