//! Heavy work in turn: so much at once, so much waiting, and for what comes beyond that the answer "busy" at once. A page
//! full of pictures must not take every core from somebody who asks for help.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Semaphore;

use crate::web;

/// One kind of work that takes turns.
pub(super) struct Turns {
    /// What it is called in the log.
    what: &'static str,
    at_once: Semaphore,
    /// Running or waiting.
    in_line: Semaphore,
    /// Whether the log knows already that the line is full.
    full: AtomicBool,
}

impl Turns {
    /// So many at once; so many in line, those included.
    pub const fn new(what: &'static str, at_once: usize, in_line: usize) -> Self {
        Turns {
            what,
            at_once: Semaphore::const_new(at_once),
            in_line: Semaphore::const_new(in_line),
            full: AtomicBool::new(false),
        }
    }

    /// Does the work when its turn comes, away from the async threads.
    pub async fn take<T: Send + 'static>(
        &'static self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, web::Error> {
        let Ok(_place) = self.in_line.try_acquire() else {
            // Once for each rush: whoever reloads a page must not fill the log.
            if !self.full.swap(true, Ordering::Relaxed) {
                tracing::warn!(
                    "{}: the line is full; whoever comes now is asked to come again",
                    self.what
                );
            }
            return Err(web::Error::Busy);
        };
        self.full.store(false, Ordering::Relaxed);
        let turn = self.at_once.acquire().await.map_err(|_| web::Error::Busy)?;
        // The turn goes along: a request that is dropped meanwhile does not stop the work it started.
        let working = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        match working.await {
            Ok(done) => Ok(done?),
            Err(stopped) if stopped.is_cancelled() => {
                tracing::warn!("{}: stopped before its turn, because the server stops", self.what);
                Err(web::Error::Busy)
            }
            Err(panicked) => Err(anyhow::Error::new(panicked).context(self.what).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use super::*;

    #[actix_web::test]
    async fn many_at_once_take_turns_and_all_are_served() {
        static TURNS: Turns = Turns::new("drawing", 2, 30);
        static RUNNING: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let one = |number: usize| {
            TURNS.take(move || {
                let running = RUNNING.fetch_add(1, Ordering::SeqCst) + 1;
                MOST.fetch_max(running, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(2));
                RUNNING.fetch_sub(1, Ordering::SeqCst);
                Ok(number)
            })
        };
        let all: Vec<_> = (0..30).map(|number| actix_web::rt::spawn(one(number))).collect();
        for (number, done) in all.into_iter().enumerate() {
            assert_eq!(done.await.expect("served").expect("drawn"), number);
        }
        assert_eq!(MOST.load(Ordering::SeqCst), 2);
    }

    #[actix_web::test]
    async fn whoever_comes_when_the_line_is_full_is_told_at_once_and_the_next_is_served_again() {
        static TURNS: Turns = Turns::new("drawing", 1, 2);
        let (let_go, held) = std::sync::mpsc::channel::<()>();
        let first = actix_web::rt::spawn(TURNS.take(move || Ok(held.recv()?)));
        let second = actix_web::rt::spawn(TURNS.take(|| Ok(())));
        while TURNS.in_line.available_permits() > 0 {
            actix_web::rt::time::sleep(Duration::from_millis(1)).await;
        }
        let third = TURNS.take(|| Ok(())).await;
        assert!(matches!(third, Err(web::Error::Busy)), "{third:?}");
        let_go.send(()).expect("it waits");
        first.await.expect("served").expect("drawn");
        second.await.expect("served").expect("drawn");
        TURNS.take(|| Ok(())).await.expect("served again");
    }

    #[actix_web::test]
    async fn work_that_panics_says_why_and_gives_its_turn_back() {
        static TURNS: Turns = Turns::new("drawing", 1, 1);
        for _ in 0..2 {
            let broken = TURNS.take::<()>(|| panic!("no ink")).await;
            let told = broken.expect_err("a panic").to_string();
            assert!(told.starts_with("drawing: ") && told.contains("no ink"), "{told}");
        }
        TURNS.take(|| Ok(())).await.expect("served again");
    }
}
