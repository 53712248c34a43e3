//! The bar above the lists: what they can be narrowed by, and what they are narrowed by now.

use actix_web::HttpRequest;
use actix_web::web::Data;

use crate::config::Locality;
use crate::config::ServiceName;
use crate::inbox::lists::asked::{AGES, Asked, PLACES, Sort, What};
use crate::inbox::lists::look::Look;
use crate::inbox::words;
use crate::questionnaire::Condition;
use crate::referrals::Queue;
use crate::triage::{RulesInForce, Source};
use crate::web::form::{Choice, Errors, Form, Posted};

/// The bar.
pub(super) struct Filters {
    /// What is chosen now.
    pub form: Form,
    /// What goes on in the address beside the fields: the list itself.
    pub hidden: Vec<(&'static str, &'static str)>,
    pub services: Vec<Choice>,
    pub pathways: Vec<Choice>,
    pub clinics: Vec<Choice>,
    pub sources: Vec<Choice>,
    pub flags: Vec<Choice>,
    pub ages: Vec<Choice>,
    pub sorts: Vec<Choice>,
    /// What it is narrowed by, in words, each with the address without it.
    pub chosen: Vec<Chosen>,
    /// The same list, narrowed by nothing.
    pub clear: String,
    /// What was not understood, as a sentence; empty if all was.
    pub odd: String,
}

/// One thing the list is narrowed by.
pub(super) struct Chosen {
    pub text: String,
    pub without: String,
}

impl Filters {
    pub fn of(look: &Look, locality: &Locality) -> Filters {
        let asked = &look.asked;
        let service = |one: ServiceName| words::service(locality, one).to_owned();
        let mut filters = Filters {
            form: Form::new(chosen(asked), Errors::default()),
            hidden: match asked.what {
                What::ToTriage => Vec::new(),
                What::Queue(queue) => vec![("queue", queue.as_str())],
                What::View(view) => vec![("view", view.as_str())],
            },
            services: ServiceName::ALL
                .map(|one| Choice::new(one.as_str(), service(one)))
                .to_vec(),
            pathways: pathways(locality),
            clinics: named(&look.clinics),
            sources: Source::ALL
                .map(|one| Choice::new(one.as_str(), words::source(one)))
                .to_vec(),
            flags: named(&look.flags),
            ages: AGES
                .iter()
                .map(|days| Choice::new(days.to_string(), format!("Longer than {days} days")))
                .collect(),
            sorts: sorts(asked),
            chosen: Vec::new(),
            clear: asked.whole().url(),
            odd: not_understood(&look.odd),
        };
        filters.chosen = asked
            .narrowings()
            .iter()
            .map(|(field, word)| filters.chosen_one(asked, field, word))
            .collect();
        filters
    }

    fn chosen_one(&self, asked: &Asked, field: &str, word: &str) -> Chosen {
        let mut without = asked.clone();
        let choices = match field {
            "service" => {
                without.service = None;
                &self.services
            }
            "pathway" => {
                without.pathway = None;
                &self.pathways
            }
            "clinic" => {
                without.clinic = None;
                &self.clinics
            }
            "source" => {
                without.source = None;
                &self.sources
            }
            "flag" => {
                without.flag = None;
                &self.flags
            }
            _ => {
                without.waiting = None;
                &self.ages
            }
        };
        let label = choices.iter().find(|choice| choice.value == word);
        let text = label.map_or_else(|| word.to_owned(), |choice| choice.label.to_string());
        Chosen {
            text,
            without: without.url(),
        }
    }
}

/// Words of an address with what is read for each.
fn named(words: &[(String, String)]) -> Vec<Choice> {
    let choices = words
        .iter()
        .map(|(word, name)| Choice::new(word.clone(), name.clone()));
    choices.collect()
}

/// The flags that the rules in force may raise: a service's own rules have flags of their own.
pub(super) fn raised(request: &HttpRequest) -> Vec<String> {
    let rules = request.app_data::<Data<RulesInForce>>();
    let flags = rules.map(|rules| rules.now().flags().into_iter().map(str::to_owned).collect());
    flags.unwrap_or_default()
}

fn chosen(asked: &Asked) -> Posted {
    let sort = asked.sort.map(|sort| ("sort", sort.as_str().to_owned()));
    let all = asked.narrowings().into_iter().chain(sort);
    all.fold(Posted::default(), |posted, (field, word)| {
        posted.with(field, word)
    })
}

fn pathways(locality: &Locality) -> Vec<Choice> {
    let conditions = locality.long_term_conditions.iter().map(|word| {
        let known = Condition::from_key(word).map(|condition| condition.label().to_owned());
        Choice::new(word.clone(), known.unwrap_or_else(|| word.replace('_', " ")))
    });
    conditions
        .chain(PLACES.map(|(word, label)| Choice::new(word, label)))
        .collect()
}

fn sorts(asked: &Asked) -> Vec<Choice> {
    let fits = |sort: &Sort| asked.what != What::Queue(Queue::Done) || sort.in_queue(Queue::Done) == *sort;
    let fitting = Sort::ALL.into_iter().filter(fits);
    fitting
        .map(|sort| Choice::new(sort.as_str(), sort.label()))
        .collect()
}

fn not_understood(odd: &[&str]) -> String {
    match odd {
        [] => String::new(),
        [one] => {
            format!("The {one} in this address is not known here, so it was left out. Everything else counts")
        }
        several => format!(
            "Some of this address is not known here, so it was left out: {}. Everything else counts",
            several.join(", ")
        ),
    }
}
