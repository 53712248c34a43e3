//! `serve`: production, from the environment.

use std::sync::Arc;

use iapt_pad::config::Config;
use iapt_pad::server::House;
use iapt_pad::triage::RuleSet;

/// Serves until told to stop. Whatever is missing or unsafe is named before the first request.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let app = super::open(config).await?;
    let rules = Arc::new(RuleSet::shipped(&app.config.locality.long_term_conditions)?);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let running = House {
        app: app.clone(),
        rules,
    }
    .open(threads)
    .await?;
    tracing::info!(address = %running.address, database = app.db.kind(), "serving");
    running.until_told_to_stop().await
}
