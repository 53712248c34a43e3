//! A real, small pager gateway: it speaks HTTP on a free port, checks the signature of every call as the operations
//! page tells a receiver to, and can be told to refuse, to hang, to hang up and to send elsewhere.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hmac::{Hmac, Mac};
use iapt_pad::config::{EscalationSecret, SecondChannel, WebhookPlace};
use sha2::Sha256;

/// What both sides know.
pub const SECRET: &str = "a secret of the tests, long enough to pass";

/// One call as it came over the wire.
#[derive(Clone, Debug)]
pub struct Call {
    /// The first line.
    pub request: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// Whether the signature fits the secret.
    pub signed: bool,
}

impl Call {
    pub fn header(&self, name: &str) -> &str {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// A part of the body as text.
    pub fn says(&self, key: &str) -> String {
        let json = self.json();
        match &json[key] {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// What the gateway does with the next calls.
#[derive(Clone, Debug)]
pub enum Answer {
    /// This status.
    Status(u16),
    /// This status, and another address.
    MovedTo(String),
    /// Nothing for so long.
    Hang(Duration),
    /// Hangs up without a word.
    HangUp,
}

struct State {
    calls: Vec<Call>,
    answer: Answer,
    refused_numbers: Vec<String>,
}

/// The gateway; it listens until the test run ends.
pub struct Gateway {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Gateway {
    /// Starts on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(Mutex::new(State {
            calls: Vec::new(),
            answer: Answer::Status(202),
            refused_numbers: Vec::new(),
        }));
        let shared = state.clone();
        std::thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                let state = shared.clone();
                std::thread::spawn(move || converse(&caller, &state));
            }
        });
        Self { port, state }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/call?key=K3Y", self.port)
    }

    /// The setting of a program under test.
    pub fn channel(&self) -> SecondChannel {
        channel_to(&self.url())
    }

    /// Everything called so far, oldest first; questions without a call are left out.
    pub fn calls(&self) -> Vec<Call> {
        let calls = self.state().calls.clone();
        calls
            .into_iter()
            .filter(|call| call.request.starts_with("POST "))
            .collect()
    }

    /// The numbers that were called, oldest first.
    pub fn numbers(&self) -> Vec<String> {
        self.calls().iter().map(|call| call.says("phone")).collect()
    }

    /// Everything that was asked of it, of whatever kind.
    pub fn requests(&self) -> Vec<String> {
        self.state()
            .calls
            .iter()
            .map(|call| call.request.clone())
            .collect()
    }

    pub fn answer(&self, answer: Answer) {
        self.state().answer = answer;
    }

    /// Says of calls for this number that it knows no such number.
    pub fn refuse_number(&self, number: &str) {
        self.state().refused_numbers.push(number.to_owned());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panicked here")
    }
}

/// A second channel at this address.
pub fn channel_to(url: &str) -> SecondChannel {
    SecondChannel::Webhook {
        place: WebhookPlace { url: url.to_owned() },
        secret: EscalationSecret::parse(SECRET).expect("long enough"),
    }
}

fn converse(caller: &TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut reader = BufReader::new(caller.try_clone().ok()?);
    loop {
        let call = read_call(&mut reader)?;
        let answer = {
            let mut state = state.lock().ok()?;
            let refused = state
                .refused_numbers
                .iter()
                .any(|number| call.body.contains(number));
            state.calls.push(call.clone());
            match refused {
                true => Answer::Status(422),
                false => state.answer.clone(),
            }
        };
        let (status, location) = match answer {
            Answer::Status(status) => (status, String::new()),
            Answer::MovedTo(url) => (307, format!("Location: {url}\r\n")),
            Answer::Hang(pause) => {
                std::thread::sleep(pause);
                return None;
            }
            Answer::HangUp => return None,
        };
        let answer = format!("HTTP/1.1 {status} x\r\n{location}Content-Length: 0\r\n\r\n");
        (&mut &*caller).write_all(answer.as_bytes()).ok()?;
    }
}

fn read_call(reader: &mut impl BufRead) -> Option<Call> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let request = line.trim().to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim().split_once(':') {
            Some((key, value)) => headers.push((key.trim().to_owned(), value.trim().to_owned())),
            None => break,
        }
    }
    let length = headers
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    let mut call = Call {
        request,
        headers,
        body,
        signed: false,
    };
    call.signed = is_signed(call.header("X-Iapt-Pad-Signature"), &call.body);
    Some(call)
}

/// Checks a signature the way a receiver does, with nothing of the program under test.
fn is_signed(header: &str, body: &str) -> bool {
    let part = |name: &str| header.split(',').find_map(|part| part.strip_prefix(name));
    let (Some(at), Some(given)) = (part("t="), part("v1=")) else {
        return false;
    };
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(SECRET.as_bytes()).expect("any key");
    mac.update(at.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    let expected: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    expected == given
}
