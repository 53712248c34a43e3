//! The hours and days for which nobody thought of: the rota, and the list of bank holidays.

use iapt_pad::app::App;
use iapt_pad::notify::{self, Gap};

/// As many days ahead as are looked through for hours that nobody covers.
const DAYS_AHEAD: u16 = 28;

/// No two bank holidays of England lie further apart than from late August to Christmas, in days.
const LONGEST_WITHOUT_HOLIDAY: i64 = 125;

/// The hours that nobody on the rota covers, each week and because of leave or a bank holiday.
pub async fn uncovered(app: &App) -> anyhow::Result<Vec<String>> {
    let seed = app.config.locality.rota.clone();
    let people = app.db.read(move |conn| notify::rota_people(conn, &seed)).await?;
    let (today, holidays) = (
        app.clock.now().london_date(),
        &app.config.locality.hours.bank_holidays,
    );
    let weekly = notify::uncovered_hours(&people);
    let weekly: Vec<String> = weekly.iter().map(Gap::by_weekday).collect();
    let ahead = notify::uncovered_by_leave(&people, holidays, today, DAYS_AHEAD);
    let ahead: Vec<String> = ahead.iter().map(Gap::by_date).collect();
    let mut warnings = Vec::new();
    if !weekly.is_empty() {
        warnings.push(format!("each week nobody is on shift from {}", weekly.join("; ")));
    }
    if !ahead.is_empty() {
        warnings.push(format!(
            "in the next {DAYS_AHEAD} days, because of leave or a bank holiday, nobody is on shift from {}",
            ahead.join("; ")
        ));
    }
    Ok(warnings)
}

/// A patient is told when somebody reads what they wrote, so the list of bank holidays has to reach far enough.
pub fn holidays_end(app: &App) -> Option<String> {
    let now = app.clock.now();
    let horizon = now.plus_days(LONGEST_WITHOUT_HOLIDAY).london_date();
    let holidays = &app.config.locality.hours.bank_holidays;
    let ahead = |day: &&jiff::civil::Date| (now.london_date()..=horizon).contains(day);
    match holidays.iter().find(ahead) {
        Some(_) => None,
        None => Some(format!(
            "no bank holiday before {horizon} stands in the locality file. Patients are told the next working day by it"
        )),
    }
}
