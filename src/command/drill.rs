//! `drill`: proves that urgent notices reach the people on the rota, by which way and how fast.

use std::process::ExitCode;

use clap::Args;
use iapt_pad::app::App;
use iapt_pad::notify::{Channel, Drill, DrillLine};

use super::target::{Target, open};

#[derive(Args)]
pub struct DrillCommand {
    /// Treat mail as down: only the second channel can reach anybody
    #[arg(long)]
    mail_down: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: Target,
}

impl DrillCommand {
    /// Drills, and fails when nobody was reached by any way.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let app = open(self.target.serving_config()?).await?;
        let drill = app.postman().drill(&app.config.base_url, self.mail_down).await?;
        if self.json {
            println!("{}", serde_json::to_string(&drill)?);
        } else {
            print!("{}", in_words(&app, &drill));
        }
        Ok(match drill.reached() {
            0 => ExitCode::FAILURE,
            _ => ExitCode::SUCCESS,
        })
    }
}

fn in_words(app: &App, drill: &Drill) -> String {
    let minutes = app.config.locality.escalation.minutes;
    let mut text = format!(
        "Drill {}: everybody on the rota, and the other route if there is one. * would be told at this moment",
        drill.id
    );
    text.push_str(match drill.mail_down {
        true => ", with mail treated as down.\n",
        false => ".\n",
    });
    for line in &drill.lines {
        text.push_str(&one_line(line));
    }
    if !drill.second_channel {
        text.push_str("warn  there is no second channel: while mail is down nobody can be told\n");
    }
    let people = drill.lines.iter().map(|line| line.place).max().unwrap_or(0);
    text.push_str(&format!(
        "{} of {people} reached. In earnest each next one on shift is told after {minutes} minutes without an acknowledgement.\n",
        drill.reached()
    ));
    text
}

fn one_line(line: &DrillLine) -> String {
    let way = match line.channel {
        Channel::Email => "mail",
        Channel::Webhook => "second channel",
    };
    let (word, how) = match &line.reason {
        None => ("ok  ", "delivered".to_owned()),
        Some(reason) => ("FAIL", format!("not delivered: {reason}")),
    };
    format!(
        "{word}  {}. {} {:<24} {way:<15} {how} ({} ms)\n",
        line.place,
        if line.on_duty { '*' } else { ' ' },
        line.person,
        line.milliseconds
    )
}
