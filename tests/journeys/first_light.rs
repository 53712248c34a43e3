//! The server comes up, says that it is well, and goes down without leaving anything half done.

use iapt_pad::config::Mail;

use crate::support::app::monday_morning;
use crate::support::databases::on_both;
use crate::support::server::served;

#[test]
fn a_server_comes_up_answers_and_stops() {
    on_both(|fresh| async move {
        let served = served(fresh, monday_morning(), Mail::Captured(std::env::temp_dir())).await;
        let base = served.base.clone();
        tokio::task::spawn_blocking(move || {
            for (path, expected) in [
                ("/health/live", "alive"),
                ("/health/ready", "ready"),
                ("/help-now", "999"),
            ] {
                let mut answer = ureq::get(format!("{base}{path}")).call().expect("an answer");
                let body = answer.body_mut().read_to_string().expect("a body");
                assert!(body.contains(expected), "{path} says {body}");
            }
        })
        .await
        .expect("asked");
        served.running.stop().await.expect("stopped");
    });
}
