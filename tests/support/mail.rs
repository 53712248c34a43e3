//! A real, small mail server: it speaks SMTP on a free port, keeps what it is given, and can be told to refuse,
//! to break off and to be slow.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use iapt_pad::config::{Mail, Smtp};

/// A mail as it came over the wire.
#[derive(Clone, Debug)]
pub struct Received {
    pub from: String,
    pub to: String,
    /// Head and body, lines ended by `\r\n`.
    pub data: String,
}

impl Received {
    /// The value of a header, unfolded; empty when it is not there.
    pub fn header(&self, name: &str) -> String {
        let head = self.data.split("\r\n\r\n").next().unwrap_or_default();
        let head = head.replace("\r\n ", " ");
        head.lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.to_owned())
            .unwrap_or_default()
    }

    pub fn message_id(&self) -> String {
        self.header("Message-ID")
    }

    /// The body as it was sent, encoding and all.
    pub fn body(&self) -> &str {
        self.data.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }
}

#[derive(Default)]
struct State {
    mails: Vec<Received>,
    refusals: Vec<u16>,
    refused_mailboxes: HashMap<String, u16>,
    break_off: u32,
    hold: Duration,
    closed: bool,
}

/// The server; it listens until the test run ends.
pub struct MailServer {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl MailServer {
    /// Starts on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        std::thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                let state = shared.clone();
                std::thread::spawn(move || converse(caller, &state));
            }
        });
        Self { port, state }
    }

    /// Where a program under test sends its mail.
    pub fn mail(&self) -> Mail {
        mail_to(&self.url())
    }

    /// The same, as `SMTP_URL` says it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Everything taken so far, oldest first.
    pub fn mails(&self) -> Vec<Received> {
        self.state().mails.clone()
    }

    /// Answers the next recipients with a code such as 451 or 550.
    pub fn refuse_next(&self, count: usize, code: u16) {
        self.state().refusals.extend(vec![code; count]);
    }

    /// Answers one recipient with a code for ever.
    pub fn refuse_mailbox(&self, mailbox: &str, code: u16) {
        self.state().refused_mailboxes.insert(mailbox.to_owned(), code);
    }

    /// Takes everything again.
    pub fn relent(&self) {
        let mut state = self.state();
        state.refusals.clear();
        state.refused_mailboxes.clear();
    }

    /// Greets nobody any more (554), or again.
    pub fn close(&self, closed: bool) {
        self.state().closed = closed;
    }

    /// Breaks off the next conversations in the middle of the mail.
    pub fn break_off(&self, count: u32) {
        self.state().break_off = count;
    }

    /// Keeps every mail at once but waits before it says so.
    pub fn hold_answers(&self, pause: Duration) {
        self.state().hold = pause;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panicked here")
    }
}

/// The mail setting for an address, `smtp://…`.
pub fn mail_to(url: &str) -> Mail {
    Mail::Smtp(Smtp::parse(url).expect("an address"))
}

/// An address where nobody listens.
pub fn nobody() -> Mail {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    mail_to(&format!("smtp://127.0.0.1:{port}"))
}

/// One conversation; ends when the caller goes away or is cut off.
fn converse(caller: TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut lines = BufReader::new(caller.try_clone().ok()?).lines();
    let say = |text: &str| (&caller).write_all(format!("{text}\r\n").as_bytes()).ok();
    let (mut from, mut to) = (String::new(), String::new());
    if state.lock().ok()?.closed {
        return say("554 no service here");
    }
    say("220 sink.example.org ESMTP")?;
    while let Some(Ok(line)) = lines.next() {
        let verb = line.get(..4).unwrap_or(&line).to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => say("250-sink.example.org\r\n250 8BITMIME")?,
            "HELO" | "NOOP" | "RSET" => say("250 fine")?,
            "MAIL" => {
                from = mailbox_in(&line);
                say("250 sender fine")?;
            }
            "RCPT" => {
                to = mailbox_in(&line);
                match refusal(state, &to) {
                    // As real servers do, the refusal repeats the address.
                    Some(code) => say(&format!("{code} <{to}>: not today"))?,
                    None => say("250 recipient fine")?,
                }
            }
            "DATA" => {
                say("354 go on")?;
                let data = take_data(&mut lines, state)?;
                let mail = Received {
                    from: from.clone(),
                    to: to.clone(),
                    data,
                };
                let pause = {
                    let mut state = state.lock().ok()?;
                    state.mails.push(mail);
                    state.hold
                };
                std::thread::sleep(pause);
                say("250 taken")?;
            }
            "QUIT" => {
                say("221 goodbye")?;
                return None;
            }
            _ => say("502 not here")?,
        }
    }
    None
}

fn refusal(state: &Mutex<State>, to: &str) -> Option<u16> {
    let mut state = state.lock().ok()?;
    if let Some(code) = state.refused_mailboxes.get(to) {
        return Some(*code);
    }
    (!state.refusals.is_empty()).then(|| state.refusals.remove(0))
}

/// The mail up to its lone dot; `None` when this conversation is to break off.
fn take_data(
    lines: &mut impl Iterator<Item = std::io::Result<String>>,
    state: &Mutex<State>,
) -> Option<String> {
    let breaks_off = {
        let mut state = state.lock().ok()?;
        let breaks_off = state.break_off > 0;
        state.break_off = state.break_off.saturating_sub(1);
        breaks_off
    };
    let mut data = String::new();
    loop {
        let line = lines.next()?.ok()?;
        if breaks_off {
            return None;
        }
        if line == "." {
            return Some(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
        data.push_str("\r\n");
    }
}

fn mailbox_in(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(mailbox, _)| mailbox.to_owned())
}
