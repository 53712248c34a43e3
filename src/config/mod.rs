//! What differs between installations. Receives the environment and the locality file, decides whether the
//! program may start with them, and hands on typed settings. Never guesses: a missing or unsafe setting is
//! named and stops the start. Secrets print as `[redacted]`.

mod bind;
mod crisis;
mod database_url;
mod escalation;
mod hours;
mod locality;
mod record_system;
mod setting_faults;
mod settings;
mod shift;
mod smtp;
mod unreadable;

pub use bind::parse_bind;
pub use crisis::{Contact, Urgency};
pub use database_url::DatabaseUrl;
pub use escalation::{Escalation, EscalationSecret, OtherRoute, SecondChannel, WebhookPlace};
pub use hours::OpeningHours;
pub use locality::{
    Booking, EXAMPLE, Locality, Organisation, Retention, RotaEntry, Service, ServiceName, Services,
};
pub use record_system::RecordSystem;
pub use setting_faults::SettingFaults;
pub use settings::{Config, Mail, Settings};
pub use shift::Shift;
pub use smtp::{Smtp, Tls};
