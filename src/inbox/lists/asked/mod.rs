//! What somebody asks the lists for: which queue or view, narrowed by what, in which order. All of it stands in the
//! address, so that a list can be kept as a bookmark, and none of it says anything about a person. A word that is not
//! understood is left out, and the page says so.

mod sort;
mod view;

use std::fmt::Write;

pub(in crate::inbox) use self::sort::Sort;
pub(in crate::inbox) use self::view::View;
use crate::config::ServiceName;
use crate::referrals::Queue;
use crate::triage::Source;
use crate::web::form::Posted;
use crate::web::paths;

/// Which rows there are to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(in crate::inbox) enum What {
    /// What somebody has to decide about.
    #[default]
    ToTriage,
    /// One queue.
    Queue(Queue),
    /// A look across the queues.
    View(View),
}

/// The ages of wait a list may be narrowed to, in days: longer than this. 42 and 126 are the days of the waiting time
/// standard (NHS Talking Therapies).
pub(in crate::inbox) const AGES: [u16; 5] = [7, 14, 28, 42, 126];

/// What a list is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::inbox) struct Asked {
    pub what: What,
    pub service: Option<ServiceName>,
    pub pathway: Option<String>,
    /// The code of the clinic.
    pub clinic: Option<String>,
    pub source: Option<Source>,
    pub flag: Option<String>,
    /// Waiting longer than so many days.
    pub waiting: Option<u16>,
    pub sort: Option<Sort>,
}

/// What may be asked for here, beside what is the same everywhere.
pub(in crate::inbox) struct Known<'a> {
    pub pathways: &'a [String],
    pub clinics: &'a [String],
    pub flags: &'a [&'a str],
}

impl Asked {
    /// Reads the part of an address behind the question mark. The second part names what was not understood.
    pub fn read(query: &str, known: &Known<'_>) -> (Asked, Vec<&'static str>) {
        let given = Posted::read(query.as_bytes());
        let mut odd = Vec::new();
        let mut take = |field: &'static str, told: &'static str, knows: &dyn Fn(&str) -> bool| {
            let word = given.one(field);
            let taken = (!word.is_empty() && knows(word)).then(|| word.to_owned());
            if taken.is_none() && !word.is_empty() {
                odd.push(told);
            }
            taken
        };
        let queue = take("queue", "list", &|word| Queue::parse(word).is_some());
        let view = take("view", "view", &|word| View::parse(word).is_some());
        let service = take("service", "service", &|word| ServiceName::parse(word).is_some());
        let pathway = take("pathway", "pathway", &|word| is_pathway(word, known.pathways));
        let clinic = take("clinic", "clinic", &|word| {
            known.clinics.iter().any(|code| code == word)
        });
        let source = take("source", "source", &|word| Source::parse(word).is_some());
        let flag = take("flag", "flag", &|word| known.flags.contains(&word));
        let waiting = take("waiting", "waiting", &|word| age(word).is_some());
        let sort = take("sort", "order", &|word| Sort::parse(word).is_some());
        let what = match (
            queue.as_deref().and_then(Queue::parse),
            view.as_deref().and_then(View::parse),
        ) {
            (Some(queue), _) => What::Queue(queue),
            (None, Some(view)) => What::View(view),
            (None, None) => What::ToTriage,
        };
        let asked = Asked {
            what,
            service: service.as_deref().and_then(ServiceName::parse),
            pathway,
            clinic,
            source: source.as_deref().and_then(Source::parse),
            flag,
            waiting: waiting.as_deref().and_then(age),
            sort: sort.as_deref().and_then(Sort::parse),
        };
        (asked, odd)
    }

    /// The same as the part of an address behind the question mark; empty for the whole inbox.
    pub fn query(&self) -> String {
        let mut query = String::new();
        let mut put = |field: &str, word: &str| {
            let sign = if query.is_empty() { "" } else { "&" };
            // Nothing can go wrong writing into a string.
            let _ = write!(query, "{sign}{field}={word}");
        };
        match self.what {
            What::ToTriage => {}
            What::Queue(queue) => put("queue", queue.as_str()),
            What::View(view) => put("view", view.as_str()),
        }
        for (field, word) in self.narrowings() {
            put(field, &word);
        }
        if let Some(sort) = self.sort {
            put("sort", sort.as_str());
        }
        query
    }

    /// The address of this list.
    pub fn url(&self) -> String {
        match self.query() {
            empty if empty.is_empty() => paths::INBOX.to_owned(),
            query => format!("{}?{query}", paths::INBOX),
        }
    }

    /// The same list, from behind a row of one of its queues.
    pub fn query_after(&self, queue: Queue, cursor: impl std::fmt::Display) -> String {
        let query = self.query();
        let sign = if query.is_empty() { "" } else { "&" };
        format!("{query}{sign}on={}&after={cursor}", queue.as_str())
    }

    /// What it is narrowed by: the field of the address, and the word.
    pub fn narrowings(&self) -> Vec<(&'static str, String)> {
        let mut all = Vec::new();
        all.extend(self.service.map(|one| ("service", one.as_str().to_owned())));
        all.extend(self.pathway.clone().map(|one| ("pathway", one)));
        all.extend(self.clinic.clone().map(|one| ("clinic", one)));
        all.extend(self.source.map(|one| ("source", one.as_str().to_owned())));
        all.extend(self.flag.clone().map(|one| ("flag", one)));
        all.extend(self.waiting.map(|days| ("waiting", days.to_string())));
        all
    }

    /// The same list, narrowed by nothing.
    pub fn whole(&self) -> Asked {
        Asked {
            what: self.what,
            sort: self.sort,
            ..Asked::default()
        }
    }

    /// The queues it shows, in their order. Whoever nobody has acknowledged is shown above them in any case.
    pub fn queues(&self) -> Vec<Queue> {
        match self.what {
            What::ToTriage => vec![Queue::Today, Queue::New],
            What::Queue(Queue::Now) => Vec::new(),
            What::Queue(queue) => vec![queue],
            // A broken promise is one whatever has been decided since.
            What::View(View::Overdue) => vec![
                Queue::Today,
                Queue::New,
                Queue::Waiting,
                Queue::Accepted,
                Queue::InTreatment,
                Queue::Done,
            ],
            What::View(View::Mine | View::Taken | View::Free | View::Left) => vec![
                Queue::Today,
                Queue::New,
                Queue::Waiting,
                Queue::Accepted,
                Queue::InTreatment,
            ],
        }
    }

    /// The order in a queue.
    pub fn order(&self, queue: Queue) -> Sort {
        let usual = match queue {
            Queue::Done => Sort::Newest,
            Queue::Now
            | Queue::Today
            | Queue::New
            | Queue::Waiting
            | Queue::Accepted
            | Queue::InTreatment => Sort::Urgency,
        };
        self.sort.unwrap_or(usual).in_queue(queue)
    }
}

/// Kinds of place somebody may take, which a list may be narrowed to as to a condition.
pub(in crate::inbox) const PLACES: [(&str, &str); 2] = [
    ("course", "May take a course place"),
    ("assessment", "May take an assessment"),
];

fn is_pathway(word: &str, known: &[String]) -> bool {
    known.iter().any(|pathway| pathway == word) || PLACES.iter().any(|(place, _)| *place == word)
}

fn age(word: &str) -> Option<u16> {
    word.parse().ok().filter(|days| AGES.contains(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> (Asked, Vec<&'static str>) {
        let (pathways, clinics) = (["back_pain".to_owned()], ["PW-GRAVES".to_owned()]);
        let known = Known {
            pathways: &pathways,
            clinics: &clinics,
            flags: &["BSL"],
        };
        Asked::read(query, &known)
    }

    #[test]
    fn an_address_is_read_back_as_it_was_written() {
        for query in [
            "",
            "queue=accepted",
            "view=mine&sort=newest",
            "service=hwb&pathway=back_pain&clinic=PW-GRAVES&source=gp&flag=BSL&waiting=42&sort=contact",
            "queue=done&pathway=course",
        ] {
            let (asked, odd) = read(query);
            assert_eq!((asked.query().as_str(), odd.len()), (query, 0));
        }
    }

    #[test]
    fn what_is_not_understood_is_left_out_and_named() {
        let (asked, odd) =
            read("queue=nope&service=nowhere%00&flag=%FF&clinic=ROBIN+EXAMPLE&waiting=1e9&sort=&x=y&%%%");
        assert_eq!(asked, Asked::default());
        assert_eq!(odd, ["list", "service", "clinic", "flag", "waiting"]);
    }

    #[test]
    fn nothing_but_known_words_gets_into_an_address() {
        for view in View::ALL {
            assert_eq!(View::parse(view.as_str()), Some(view));
        }
        for sort in Sort::ALL {
            assert_eq!(Sort::parse(sort.as_str()), Some(sort));
        }
        let (asked, _) = read("service=core&clinic=Robin+Example");
        assert_eq!(asked.url(), "/inbox?service=core");
    }
}
