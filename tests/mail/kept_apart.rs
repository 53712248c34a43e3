//! What must never be read where it does not belong: in the database's files, and in the demo's mail folder.

use iapt_pad::config::{DatabaseUrl, Mail};
use iapt_pad::notify::{Message, captured};

use super::{app_with, normal, office, row, write};
use crate::support::databases::on_both;

#[test]
fn the_database_files_hold_no_word_of_a_message() {
    on_both(|fresh| async move {
        let office = office(&fresh).await;
        office.server.refuse_next(1, 451);
        let message = Message {
            subject: "Conspicuous subject".to_owned(),
            body: "Conspicuous body".to_owned(),
            ..normal("conspicuous.recipient@example.org")
        };
        let id = office.write(&message).await;
        office.deliver().await;
        let DatabaseUrl::Sqlite(path) = &fresh.url else {
            return;
        };
        let folder = path.parent().expect("a folder");
        let mut searched = 0;
        for entry in std::fs::read_dir(folder).expect("readable") {
            let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
            searched += bytes.len();
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            assert!(!text.contains("conspicuous"));
        }
        assert!(searched > 10_000, "the files were there");
        assert!(row(&office.app, id).await.content.is_some());
    });
}

#[test]
fn captured_mail_is_kept_once_and_read_back() {
    on_both(|fresh| async move {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("mail");
        let app = app_with(&fresh, Mail::Captured(folder.clone())).await;
        assert_eq!(app.mailer.captures_to(), Some(folder.as_path()));
        let first = write(&app, &normal("team@example.org")).await;
        app.clock.advance_minutes(1);
        let message = Message {
            subject: "مرحبا, your message = über 100% of a subject that is far too long for one line of a header".to_owned(),
            body: "Überraschung = 1.\n\nA line that is rather longer than the seventy-six characters of quoted-printable.\n"
                .to_owned(),
            ..normal("patient@example.org")
        };
        let second = write(&app, &message).await;
        assert_eq!(app.postman().deliver_due().await, 2);
        let mails = captured(&folder).expect("read");
        assert_eq!(
            mails.iter().map(|mail| mail.id).collect::<Vec<_>>(),
            [second, first]
        );
        assert_eq!(mails[0].to, "patient@example.org");
        assert_eq!(mails[0].subject, message.subject);
        assert_eq!(mails[0].body, message.body);
        assert_eq!(mails[0].at, app.clock.now());
        assert_eq!(mails[1].body, normal("x").body);
        assert!(!format!("{mails:?}").contains("patient"));
        let written = std::fs::read_dir(&folder).expect("a folder").count();
        assert_eq!(written, 2, "nothing unfinished is left");
    });
}
