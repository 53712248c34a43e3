//! A browser without scripts: it keeps cookies, follows nothing by itself, and sends forms.

use std::time::Duration;

use ureq::Agent;

/// One person's browser at one server.
#[derive(Clone)]
pub struct Browser {
    agent: Agent,
    base: String,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub location: String,
    pub body: String,
}

impl Page {
    /// Checks that the page holds this text.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(
            self.body.contains(text),
            "{text:?} is not on the page:\n{}",
            self.body
        );
        self
    }

    /// Checks that the page does not hold this text.
    #[track_caller]
    pub fn never_says(&self, text: &str) -> &Self {
        assert!(
            !self.body.contains(text),
            "{text:?} is on the page:\n{}",
            self.body
        );
        self
    }

    /// Checks the status.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Checks that the browser is sent on to this address.
    #[track_caller]
    pub fn leads_to(&self, address: &str) -> &Self {
        assert_eq!(
            (self.status, self.location.as_str()),
            (303, address),
            "{}",
            self.body
        );
        self
    }
}

impl Browser {
    /// A browser with an empty jar.
    pub fn at(base: &str) -> Self {
        let agent = Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Browser {
            agent,
            base: base.to_owned(),
        }
    }

    /// Looks at a page.
    pub async fn get(&self, path: &str) -> Page {
        let (agent, address) = (self.agent.clone(), format!("{}{path}", self.base));
        let asked = tokio::task::spawn_blocking(move || agent.get(&address).call().ok().and_then(page));
        asked.await.expect("asked").expect("an answer")
    }

    /// Asks with any method, and gives status, headers and body as one text, whatever the body is.
    pub async fn ask(&self, method: &str, path: &str, form: &str) -> (u16, String) {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        let request = request.body(form.to_owned()).expect("a request");
        let agent = self.agent.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let mut answer = match request.method().as_str() {
                "GET" => agent.run(request.map(|_| ())),
                _ => agent.run(request),
            }
            .expect("an answer");
            let body = answer.body_mut().read_to_vec().expect("a body");
            let text = format!("{:?}\n{}", answer.headers(), String::from_utf8_lossy(&body));
            (answer.status().as_u16(), text)
        });
        asked.await.expect("asked")
    }

    /// Sends a form, already urlencoded.
    pub async fn post(&self, path: &str, form: &str) -> Page {
        self.try_post(path, form).await.expect("an answer")
    }

    /// Sends a body of another type, such as a form with a file.
    pub async fn send(&self, path: &str, kind: &str, body: &str) -> Page {
        let (agent, address) = (self.agent.clone(), format!("{}{path}", self.base));
        let (kind, body) = (kind.to_owned(), body.to_owned());
        tokio::task::spawn_blocking(move || {
            let request = agent
                .post(&address)
                .header("content-type", kind)
                .header("sec-fetch-site", "same-origin");
            request.send(body.as_bytes()).ok().and_then(page)
        })
        .await
        .expect("sent")
        .expect("an answer")
    }

    /// The same where the server may be gone before it has answered.
    pub async fn try_post(&self, path: &str, form: &str) -> Option<Page> {
        let (agent, address, form) = (
            self.agent.clone(),
            format!("{}{path}", self.base),
            form.to_owned(),
        );
        tokio::task::spawn_blocking(move || {
            let request = agent
                .post(&address)
                .header("content-type", "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin");
            request.send(form.as_bytes()).ok().and_then(page)
        })
        .await
        .expect("sent")
    }
}

/// The whole answer; nothing if it broke off.
fn page(mut answer: ureq::http::Response<ureq::Body>) -> Option<Page> {
    let location = answer.headers().get("location").and_then(|to| to.to_str().ok());
    Some(Page {
        status: answer.status().as_u16(),
        location: location.unwrap_or_default().to_owned(),
        body: answer.body_mut().read_to_string().ok()?,
    })
}
