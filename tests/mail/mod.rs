//! Mail, over real conversations: what the worker promises, kept on both databases.

mod conversations;
mod kept_apart;
mod lanes;
mod second_channel;
mod workers;

use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::config::Mail;
use iapt_pad::db::schema::outbox;
use iapt_pad::dispatch;
use iapt_pad::notify::{self, Counts, Lane, Message, SealedMessage};
use iapt_pad::values::{Id, Ts};

use crate::support::app::{monday_morning, test_app};
use crate::support::databases::Fresh;
use crate::support::mail::MailServer;

/// A program with a mail server beside it.
struct Office {
    app: Arc<App>,
    server: MailServer,
}

async fn office(fresh: &Fresh) -> Office {
    let server = MailServer::start();
    let app = app_with(fresh, server.mail()).await;
    Office { app, server }
}

async fn app_with(fresh: &Fresh, mail: Mail) -> Arc<App> {
    Arc::new(test_app(fresh.db.clone(), monday_morning(), mail).await)
}

fn normal(to: &str) -> Message {
    Message {
        about: None,
        lane: Lane::Normal,
        to: to.to_owned(),
        subject: "New referral 7K3M".to_owned(),
        body: "A new referral is waiting.\n\nhttps://talking.example.org/inbox\n".to_owned(),
    }
}

fn urgent(about: Id, to: &str) -> Message {
    Message {
        about: Some(about),
        lane: Lane::Urgent,
        subject: "Needs attention today".to_owned(),
        ..normal(to)
    }
}

impl Office {
    async fn write(&self, message: &Message) -> Id {
        write(&self.app, message).await
    }

    async fn deliver(&self) -> usize {
        self.app.postman().deliver_due().await
    }

    fn subjects(&self) -> Vec<String> {
        let mails = self.server.mails();
        mails.iter().map(|mail| mail.header("Subject")).collect()
    }

    fn recipients(&self) -> Vec<String> {
        self.server.mails().into_iter().map(|mail| mail.to).collect()
    }
}

async fn write(app: &App, message: &Message) -> Id {
    let (id, now) = (Id::new(), app.clock.now());
    let sealed = SealedMessage::seal(&app.keys, id, message, now).expect("sealed");
    app.db
        .write(move |conn| notify::enqueue_sealed(conn, &sealed))
        .await
        .expect("written");
    id
}

/// What the table says of a message.
#[derive(Debug, Queryable)]
struct Row {
    status: String,
    content: Option<Vec<u8>>,
    message_id: String,
    attempts: i32,
    next_try_at: Ts,
    last_error: Option<String>,
}

async fn row(app: &App, id: Id) -> Row {
    app.db
        .read(move |conn| {
            let columns = (
                outbox::status,
                outbox::message,
                outbox::message_id,
                outbox::attempts,
                outbox::next_try_at,
                outbox::last_error,
            );
            Ok(dispatch!(conn, c => outbox::table.find(id).select(columns).first(c))?)
        })
        .await
        .expect("the row")
}

async fn counts(app: &App) -> Counts {
    app.db.read(notify::counts).await.expect("counts")
}
