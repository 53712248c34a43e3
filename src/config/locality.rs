//! The locality file: names, mailboxes, numbers, hours and lists that differ from town to town.

use std::path::Path;

use anyhow::{Context, anyhow};
use serde::{Deserialize, Serialize};

use super::unreadable::why_unreadable;
use super::{Contact, Escalation, OpeningHours, RecordSystem, Shift, Urgency};

/// The file that the demo uses, and the example that `config example` prints.
pub const EXAMPLE: &str = include_str!("../../locality.toml");

/// Everything local. Shapes and units stand beside each key in the example file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locality {
    /// Youngest age the service takes on, in years; younger people are looked at by a person.
    pub min_age: u8,
    /// Fact values (`back_pain`) of the conditions with a pathway here.
    pub long_term_conditions: Vec<String>,
    /// Language codes offered for interpreters.
    pub languages: Vec<String>,
    /// Days from minting to expiry of a slip.
    pub slip_days: u16,
    /// Words in free text that raise a referral.
    pub risk_words: Vec<String>,
    /// Who runs this.
    pub organisation: Organisation,
    /// The services a referral can go to.
    pub services: Services,
    /// When somebody reads what arrives.
    pub hours: OpeningHours,
    /// Which kinds of place patients may keep for themselves.
    pub booking: Booking,
    /// How often, and how long, somebody is tried to be reached.
    #[serde(default)]
    pub contact: Reaching,
    /// Who is told next while an urgent referral is not acknowledged: the first rota of an empty database.
    pub rota: Vec<RotaEntry>,
    /// How long they have, and the channel beside mail.
    #[serde(default)]
    pub escalation: Escalation,
    /// Whom a patient can reach at once.
    pub crisis: Vec<Contact>,
    /// How long records are kept.
    pub retention: Retention,
    /// The record system of the service, into which accepted referrals are entered.
    #[serde(default)]
    pub record_system: RecordSystem,
}

/// The organisation as slips and pages name it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// "NHS Talking Therapies Sheffield".
    pub name: String,
    /// For those who cannot scan, as printed.
    pub phone: String,
    /// The web address as printed, without `https://`.
    pub web: String,
    /// The town or area, as the area question names it.
    pub area: String,
    /// Letters that local postcodes begin with; empty: every postcode is local.
    #[serde(default)]
    pub postcode_areas: Vec<String>,
    /// File of the organisation's own logo, if it may be printed.
    #[serde(default)]
    pub logo: Option<String>,
}

/// Which service: the value of `service` in a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceName {
    /// Core NHS Talking Therapies.
    Core,
    /// Health and Wellbeing, for long-term conditions.
    Hwb,
    /// A person decides first.
    Review,
}

impl ServiceName {
    /// All services, in the order staff pages list them.
    pub const ALL: [ServiceName; 3] = [ServiceName::Core, ServiceName::Hwb, ServiceName::Review];

    /// The word stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            ServiceName::Core => "core",
            ServiceName::Hwb => "hwb",
            ServiceName::Review => "review",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.as_str() == word)
    }
}

/// One service, with the mailbox that hears of its referrals.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The name patients read. Never "IAPT".
    pub name: String,
    /// The name staff use.
    pub staff_name: String,
    /// Where its notices go.
    pub mailbox: String,
}

/// The three services.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Services {
    /// Core.
    pub core: Service,
    /// Health and Wellbeing.
    pub hwb: Service,
    /// Where referrals go that a person must look at first.
    pub review: Service,
}

/// Which kinds of place may be self-booked.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Booking {
    /// A place on a course.
    pub course: bool,
    /// An assessment appointment: only where the service keeps that diary here.
    pub assessment: bool,
    /// Hours somebody on the waiting list has to answer an offer, from when it reached them.
    #[serde(default = "offer_hours")]
    pub offer_hours: u16,
}

/// Two days and nights: long enough to ask at work or at home, short enough that the next person is not kept long.
fn offer_hours() -> u16 {
    48
}

/// How often, and how long, somebody is tried to be reached.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reaching {
    /// Calls that reached nobody before a referral may be closed as "could not reach".
    pub attempts: u8,
    /// Days after which somebody rings who was asked something on their page and has not answered.
    pub chase_days: u8,
}

/// Three attempts and a week: ours, for the service to change; no national figure was found.
impl Default for Reaching {
    fn default() -> Self {
        Self {
            attempts: 3,
            chase_days: 7,
        }
    }
}

/// One person of the rota.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotaEntry {
    /// Name or role.
    pub name: String,
    /// Where the notice goes.
    pub email: String,
    /// The number to ring when mail fails.
    pub phone: String,
    /// When the person can be told; empty: always.
    #[serde(default)]
    pub shifts: Vec<Shift>,
}

/// Periods of keeping, in years after the last contact.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Records of people who were accepted.
    pub accepted_years: u8,
    /// Referrals that were not accepted.
    pub not_accepted_years: u8,
}

impl Locality {
    /// Reads a locality file; an error names the file, the line and the key.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(path).map_err(|refused| anyhow!(why_unreadable(path, &refused)))?;
        Self::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    /// The built-in example, for the demo.
    pub fn example() -> anyhow::Result<Self> {
        Self::parse(EXAMPLE).context("in the built-in locality file")
    }

    /// Reads the text of a locality file and checks it whole.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let locality: Self = toml::from_str(text).map_err(|refused| anyhow!("{refused}"))?;
        locality
            .check()
            .map_err(|fault| anyhow!("{}: {fault}", place_of(text, fault.key())))?;
        Ok(locality)
    }

    /// The service of this name.
    pub fn service(&self, name: ServiceName) -> &Service {
        match name {
            ServiceName::Core => &self.services.core,
            ServiceName::Hwb => &self.services.hwb,
            ServiceName::Review => &self.services.review,
        }
    }

    fn check(&self) -> Result<(), Fault> {
        let fault = |key, what| Err(Fault { key, what });
        if !(16..=18).contains(&self.min_age) {
            return fault("min_age", "must be 16, 17 or 18");
        }
        if self.slip_days == 0 {
            return fault("slip_days", "must be at least 1");
        }
        if self.booking.offer_hours == 0 {
            return fault("offer_hours", "must be at least 1");
        }
        if self.contact.attempts == 0 {
            return fault("attempts", "must be at least 1");
        }
        if self.contact.chase_days == 0 {
            return fault("chase_days", "must be at least 1");
        }
        if self.hours.opens >= self.hours.closes {
            return fault("closes", "must be later than opens");
        }
        let mailboxes = ServiceName::ALL.map(|name| &self.service(name).mailbox);
        if !mailboxes.into_iter().all(|mailbox| is_mailbox(mailbox)) {
            return fault("mailbox", "every service needs a mailbox like triage@example.org");
        }
        if let Err((key, what)) = self.record_system.check() {
            return fault(key, what);
        }
        if self.rota.is_empty() {
            return fault(
                "rota",
                "needs at least one person who is told of urgent referrals",
            );
        }
        if !self.rota.iter().all(|person| is_mailbox(&person.email)) {
            return fault("email", "everyone on the rota needs an e-mail address");
        }
        if let Err((key, what)) = self.escalation.check() {
            return fault(key, what);
        }
        let route = self.escalation.after_rounds.as_ref();
        if !route.is_none_or(|route| is_mailbox(&route.email)) {
            return fault("escalation.after_rounds", "needs an e-mail address");
        }
        if self
            .escalation
            .webhook
            .as_ref()
            .is_some_and(|place| !place.is_sound())
        {
            return fault(
                "url",
                "must be https:// and an address without a name or password in it",
            );
        }
        if !self
            .crisis
            .iter()
            .any(|contact| contact.urgency == Urgency::Emergency)
        {
            return fault("crisis", "needs an emergency contact, such as 999");
        }
        if !self
            .crisis
            .iter()
            .any(|contact| contact.urgency == Urgency::Urgent)
        {
            return fault("crisis", "needs an urgent contact, such as NHS 111 option 2");
        }
        Ok(())
    }
}

fn is_mailbox(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

/// What is wrong with a value that is of the right type.
#[derive(Debug)]
struct Fault {
    key: &'static str,
    what: &'static str,
}

impl Fault {
    fn key(&self) -> &'static str {
        self.key
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` {}", self.key, self.what)
    }
}

/// "line 12": where a key stands, as well as it can be told.
fn place_of(text: &str, key: &str) -> String {
    let at = text.lines().position(|line| {
        let line = line.trim_start().trim_start_matches('[');
        line.strip_prefix(key)
            .is_some_and(|rest| rest.trim_start().starts_with(['=', ']']))
    });
    at.map_or_else(|| "the file".to_owned(), |line| format!("line {}", line + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_sound() {
        let locality = Locality::example().expect("a sound example");
        assert_eq!(locality.min_age, 18);
        assert!(locality.services.hwb.mailbox.contains('@'));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let text = EXAMPLE.replace("min_age = 18", "min_age = 18\nmax_age = 99");
        let told = format!("{:#}", Locality::parse(&text).expect_err("an unknown key"));
        assert!(told.contains("max_age") && told.contains("line"), "{told}");
    }

    #[test]
    fn a_value_that_cannot_be_right_is_named_with_its_line() {
        let text = EXAMPLE.replace("min_age = 18", "min_age = 12");
        let told = format!("{:#}", Locality::parse(&text).expect_err("a wrong age"));
        assert!(
            told.contains("`min_age` must be 16, 17 or 18") && told.contains("line 4"),
            "{told}"
        );
    }

    #[test]
    fn the_second_channel_is_commented_out_and_sound_when_it_is_not() {
        let locality = Locality::example().expect("a sound example");
        assert_eq!(
            (locality.escalation.minutes, locality.escalation.webhook),
            (15, None)
        );
        let text = EXAMPLE
            .replace("# [escalation.webhook]", "[escalation.webhook]")
            .replace("# url =", "url =");
        let locality = Locality::parse(&text).expect("sound with its second channel");
        let place = locality.escalation.webhook.expect("a second channel");
        assert_eq!(place.host(), "pager.example.org");
        let told = Locality::parse(&text.replace("https://pager", "http://pager"));
        let told = format!("{:#}", told.expect_err("not over https"));
        assert!(
            told.contains("`url` must be https://") && told.contains("line"),
            "{told}"
        );
        let told = Locality::parse(&EXAMPLE.replace("minutes = 15", "minutes = 0"));
        let told = format!("{:#}", told.expect_err("no time at all"));
        assert!(
            told.contains("`minutes` must be 1 to 240") && told.contains("line"),
            "{told}"
        );
    }

    #[test]
    fn a_file_without_an_emergency_contact_is_refused() {
        let text = EXAMPLE.replace("urgency = \"emergency\"", "urgency = \"listening\"");
        assert!(Locality::parse(&text).is_err());
    }
}
