//! The real program on a free port of this machine.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use actix_web::web::ServiceConfig;
use iapt_pad::app::App;
use iapt_pad::config::{Config, Locality, Mail};
use iapt_pad::notify::Mailer;
use iapt_pad::pads::template::Templates;
use iapt_pad::server::{House, Running};
use iapt_pad::triage::RulesInForce;
use iapt_pad::values::Clock;

use super::app::test_app;
use super::databases::Fresh;
use super::referrals::shipped_rules;

/// A server, the surroundings it works in, and where to reach it.
pub struct Served {
    pub app: Arc<App>,
    pub base: String,
    pub running: Running,
}

/// Serves a fresh database over plain http on a free port, as the demo does.
pub async fn served(fresh: Fresh, clock: Clock, mail: Mail) -> Served {
    served_at(fresh, clock, mail, None).await
}

/// The same behind a proxy: what the service believes its own address to be.
pub async fn served_at(fresh: Fresh, clock: Clock, mail: Mail, base_url: Option<&str>) -> Served {
    let base_url = base_url.map(str::to_owned);
    served_as(fresh, clock, mail, |config| {
        if let Some(base_url) = base_url {
            config.base_url = base_url;
        }
    })
    .await
}

/// The same with anything else about it changed.
pub async fn served_as(fresh: Fresh, clock: Clock, mail: Mail, change: impl FnOnce(&mut Config)) -> Served {
    served_with(fresh, clock, mail, change, |_| {}).await
}

/// The same with further addresses, for a test that needs one.
pub async fn served_with(
    fresh: Fresh,
    clock: Clock,
    mail: Mail,
    change: impl FnOnce(&mut Config),
    further: fn(&mut ServiceConfig),
) -> Served {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let mut app = test_app(fresh.db, clock, mail).await;
    app.config.bind = address;
    app.config.base_url = format!("http://{address}");
    change(&mut app.config);
    app.mailer = Mailer::from_config(&app.config).expect("ways out");
    let app = Arc::new(app);
    let house = House {
        app: app.clone(),
        rules: Arc::new(RulesInForce::new(shipped_rules(&app))),
        templates: templates(&app.config.locality),
        further,
    };
    let running = house.open(2).await.expect("listening");
    Served {
        app,
        base: format!("http://{address}"),
        running,
    }
}

/// The templates in force. Those of the example locality are read once for all tests.
pub fn templates(locality: &Locality) -> Arc<Templates> {
    let prints = |locality: &Locality| (locality.languages.clone(), locality.organisation.logo.clone());
    fn read(locality: &Locality) -> Arc<Templates> {
        Arc::new(Templates::in_force(Path::new("pad_templates"), locality).expect("templates"))
    }
    static EXAMPLE: LazyLock<Arc<Templates>> = LazyLock::new(|| read(&example()));
    match prints(locality) == prints(&example()) {
        true => EXAMPLE.clone(),
        false => read(locality),
    }
}

fn example() -> Locality {
    Locality::example().expect("a locality")
}
