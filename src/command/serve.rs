//! `serve`: production, from the environment.

use std::path::Path;
use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::config::Config;
use iapt_pad::pads::template::Templates;
use iapt_pad::server::House;
use iapt_pad::triage::{Brought, DEFAULT_RULES, DEFAULT_RULES_NAME, RulesInForce, start};

use super::target::open;

/// Serves until told to stop. Whatever is missing or unsafe is named before the first request.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let app = open(config).await?;
    let rules = Arc::new(rules_in_force(&app).await?);
    let templates = Templates::in_force(Path::new("pad_templates"), &app.config.locality)?;
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let running = House {
        app: app.clone(),
        rules,
        templates: Arc::new(templates),
        further: |_| {},
    }
    .open(threads)
    .await?;
    tracing::info!(address = %running.address, database = app.db.kind(), "serving");
    running.until_told_to_stop().await
}

/// The rules in force. The file that ships is the first version of an empty database; in any other it is at most a
/// proposal, until a second person approves it.
async fn rules_in_force(app: &App) -> anyhow::Result<RulesInForce> {
    let pathways = &app.config.locality.long_term_conditions;
    let (rules, brought) = start(
        &app.db,
        DEFAULT_RULES_NAME,
        DEFAULT_RULES,
        pathways,
        app.clock.now(),
    )
    .await?;
    if brought == Brought::Proposed {
        tracing::warn!(
            "the rules that ship are new here: proposed, and not in force until somebody approves them"
        );
    }
    Ok(rules)
}
