//! Who is asking: the signed-in person behind a request. A handler that takes an [`Actor`] is reached by
//! nobody else; anybody else is led to the sign-in page.

use std::pin::Pin;

use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, dev::Payload};
use anyhow::anyhow;

use super::read_log::Reader;
use super::session::{REFRESH_MINUTES, SessionToken};
use super::store::{requests, sessions as store};
use super::{Deed, Role, may, next};
use crate::app::App;
use crate::values::{Id, Ts};
use crate::web::{self, Frame, NavItem, NowBand, StaffBar, paths};

/// A signed-in person.
#[derive(Clone)]
pub struct Actor {
    /// The account's row.
    pub id: Id,
    /// The name the person signs in with.
    pub username: String,
    /// What colleagues call the person.
    pub display_name: String,
    /// What the person is here for.
    pub role: Role,
    /// The clinic of a physio: id and name.
    pub clinic: Option<(Id, String)>,
}

impl std::fmt::Debug for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Actor({}, {})", self.id, self.role.as_str())
    }
}

impl From<&Actor> for Reader {
    fn from(actor: &Actor) -> Self {
        Reader::Staff(actor.id)
    }
}

/// What the link to the approvals says; how many wait for a lead stands behind it.
const APPROVALS: &str = "Approvals";

/// How many requests wait for a lead, in the extensions of a lead's request.
#[derive(Clone, Copy)]
struct ForLeads(i64);

/// The staff navigation: who may do the deed sees the link. A room that gets its first page adds its line.
const NAVIGATION: [(Deed, &str, &str); 11] = [
    (Deed::SeeOwnSlips, "Pads and slips", paths::PADS),
    (Deed::ReferWithPatient, "Refer with the patient", paths::REFER_NOW),
    (Deed::SeeInbox, "Inbox", paths::INBOX),
    (Deed::EnterPhonedSlip, "Take a call", paths::CALL),
    (Deed::ManageCourses, "Courses", paths::COURSES),
    (Deed::KeepPads, "Pads", paths::ADMIN_PADS),
    (Deed::KeepRota, "Rota", paths::ADMIN_ROTA),
    (Deed::SeeRules, "Rules", paths::ADMIN_RULES),
    (Deed::SeeAccountChanges, APPROVALS, paths::ADMIN_APPROVALS),
    (Deed::ManageStaff, "Staff", paths::ADMIN_STAFF),
    (Deed::ManageKeys, "API keys", paths::ADMIN_KEYS),
];

impl Actor {
    /// Whether this person may do this.
    pub fn may(&self, deed: Deed) -> bool {
        may(self.role, deed)
    }

    /// Goes on only if this person may do this; else the answer is a page that says so (403).
    pub fn require(&self, deed: Deed) -> Result<(), web::Error> {
        if self.may(deed) {
            Ok(())
        } else {
            Err(web::Error::Forbidden)
        }
    }

    /// The frame of a page that this person sees: name, navigation, who is waiting for somebody now.
    pub fn frame(&self, request: &HttpRequest, title: impl Into<String>) -> Frame {
        self.frame_with(request, title, NowBand::of(request))
    }

    /// The same for a page that knows better who is waiting, because it has just acknowledged somebody.
    pub fn frame_with(&self, request: &HttpRequest, title: impl Into<String>, band: NowBand) -> Frame {
        let path = request.path();
        let links = NAVIGATION.iter().filter(|(deed, _, _)| self.may(*deed));
        // The longest address that leads here: the page for calls stands below the inbox.
        let here = links
            .clone()
            .map(|(_, _, url)| *url)
            .filter(|url| leads_to(url, path));
        let here = here.max_by_key(|url| url.len());
        let bar = StaffBar {
            name: self.display_name.clone(),
            role: self.role.label().to_owned(),
            nav: links
                .map(|(_, text, url)| NavItem {
                    text: match request.extensions().get::<ForLeads>() {
                        Some(ForLeads(count)) if *text == APPROVALS && *count > 0 => {
                            format!("{text} ({count})")
                        }
                        _ => (*text).to_owned(),
                    },
                    url: (*url).to_owned(),
                    current: here == Some(*url),
                })
                .collect(),
            // References of referrals are for those who may see referrals.
            now: match self.may(Deed::SeeInbox) {
                true => band,
                false => NowBand::default(),
            },
        };
        Frame::staff(title, bar, web::Site::of(request).demo)
    }
}

/// Whether the page with this path stands at the link's address or below it.
fn leads_to(url: &str, path: &str) -> bool {
    path.strip_prefix(url)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A page that asks for news by itself, and whose it is. It does not count as somebody being there: the idle limit stays
/// where it is, and once nobody is signed in the answer is 401, which the page takes as a sign to stop.
pub struct Onlooker(pub Actor);

impl FromRequest for Onlooker {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            match session(&request).await? {
                Some(found) => Ok(Onlooker(found.actor)),
                None => {
                    let response = HttpResponse::Unauthorized().finish();
                    Err(InternalError::from_response("nobody is signed in", response).into())
                }
            }
        })
    }
}

/// A session that is not over.
struct Session {
    hash: [u8; 32],
    actor: Actor,
    seen_at: Ts,
}

/// Who is signed in with this request's cookie.
async fn session(request: &HttpRequest) -> Result<Option<Session>, web::Error> {
    let app = surroundings(request)?;
    let Some(token) = SessionToken::of(&app.config, request) else {
        return Ok(None);
    };
    let hash = token.hash(&app.keys).map_err(anyhow::Error::new)?;
    let now = app.clock.now();
    let haste = web::haste_of(request.method(), request.path());
    let found = app
        .db
        .read_in(haste, move |conn| store::find_session(conn, &hash, now))
        .await?;
    Ok(found.map(|(actor, seen_at)| Session { hash, actor, seen_at }))
}

fn surroundings(request: &HttpRequest) -> Result<&Data<App>, web::Error> {
    let app = request.app_data::<Data<App>>();
    Ok(app.ok_or_else(|| anyhow!("a page for staff is served without the program's surroundings"))?)
}

/// Who is signed in with this request's cookie. Moves the idle limit, at most once a minute.
pub(super) async fn signed_in(request: &HttpRequest) -> Result<Option<Actor>, web::Error> {
    let Some(Session { hash, actor, seen_at }) = session(request).await? else {
        return Ok(None);
    };
    let app = surroundings(request)?;
    let now = app.clock.now();
    if seen_at.plus_minutes(REFRESH_MINUTES) <= now {
        let haste = web::haste_of(request.method(), request.path());
        app.db
            .write_in(haste, move |conn| store::mark_seen(conn, &hash, now))
            .await?;
    }
    Ok(Some(actor))
}

impl FromRequest for Actor {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let found = signed_in(&request).await?;
            if found
                .as_ref()
                .is_some_and(|actor| actor.may(Deed::ApproveAccounts))
            {
                let app = surroundings(&request)?;
                let haste = web::haste_of(request.method(), request.path());
                let count = app
                    .db
                    .read_in(haste, requests::count_for_leads)
                    .await
                    .map_err(web::Error::from)?;
                request.extensions_mut().insert(ForLeads(count));
            }
            found.ok_or_else(|| sign_in_first(&request))
        })
    }
}

/// Leads to the sign-in page, and from there back to what was asked for if that was only a look.
fn sign_in_first(request: &HttpRequest) -> actix_web::Error {
    let asked = request.uri().path_and_query().map_or("", |asked| asked.as_str());
    let then = Some(asked)
        .filter(|_| request.method() == Method::GET)
        .and_then(next::fit);
    let to = match then {
        Some(then) => paths::sign_in_then(then),
        None => paths::SIGN_IN.to_owned(),
    };
    InternalError::from_response("nobody is signed in", web::see_other(to)).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn actor(role: Role) -> Actor {
        Actor {
            id: Id::new(),
            username: "sam.example".to_owned(),
            display_name: "Sam Example".to_owned(),
            role,
            clinic: None,
        }
    }

    #[test]
    fn everybody_sees_only_links_that_open() {
        let request = TestRequest::with_uri("/admin/staff/add").to_http_request();
        let nav = |role| {
            let bar = actor(role).frame(&request, "x").staff.unwrap_or_default();
            bar.nav
                .into_iter()
                .map(|item| (item.url, item.current))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            nav(Role::Physio),
            [("/pads".to_owned(), false), ("/refer-now".to_owned(), false)]
        );
        let page = |path: &str| (path.to_owned(), false);
        assert_eq!(
            nav(Role::Triage),
            [
                page("/inbox"),
                page("/inbox/call"),
                page("/courses"),
                page("/admin/rules")
            ]
        );
        assert_eq!(
            nav(Role::Lead),
            [
                page("/inbox"),
                page("/inbox/call"),
                page("/courses"),
                page("/admin/pads"),
                page("/admin/rota"),
                page("/admin/rules"),
                page("/admin/approvals")
            ]
        );
        assert_eq!(
            nav(Role::Admin),
            [
                ("/admin/pads".to_owned(), false),
                ("/admin/rota".to_owned(), false),
                ("/admin/rules".to_owned(), false),
                ("/admin/approvals".to_owned(), false),
                ("/admin/staff".to_owned(), true),
                ("/admin/keys".to_owned(), false)
            ]
        );
    }

    #[test]
    fn only_the_nearest_link_is_where_one_is() {
        for (path, expected) in [
            ("/inbox", "/inbox"),
            ("/inbox/7K3M9QXT2", "/inbox"),
            ("/inbox/call", "/inbox/call"),
        ] {
            let request = TestRequest::with_uri(path).to_http_request();
            let bar = actor(Role::Triage).frame(&request, "x").staff.unwrap_or_default();
            let current: Vec<String> = bar
                .nav
                .into_iter()
                .filter(|item| item.current)
                .map(|item| item.url)
                .collect();
            assert_eq!(current, [expected], "{path}");
        }
    }

    #[test]
    fn who_is_waiting_is_shown_only_to_who_may_see_referrals() {
        let request = TestRequest::default().to_http_request();
        request.extensions_mut().insert(NowBand {
            count: 1,
            ..NowBand::default()
        });
        let waiting = |role| actor(role).frame(&request, "x").staff.map(|bar| bar.now.count);
        assert_eq!(waiting(Role::Triage), Some(1));
        assert_eq!(waiting(Role::Physio), Some(0));
        assert_eq!(waiting(Role::Admin), Some(0));
    }

    #[test]
    fn an_actor_in_debug_is_an_id() {
        let shown = format!("{:?}", actor(Role::Lead));
        assert!(!shown.to_lowercase().contains("sam"));
    }

    #[test]
    fn a_look_comes_back_after_signing_in_and_a_form_does_not() {
        let to = |request: TestRequest| {
            let refused = sign_in_first(&request.to_http_request());
            let answer = refused.error_response();
            let to = answer.headers().get("location").and_then(|to| to.to_str().ok());
            to.unwrap_or_default().to_owned()
        };
        assert_eq!(
            to(TestRequest::get().uri("/inbox?queue=now&after=1")),
            "/staff/sign-in?next=/inbox%3Fqueue%3Dnow%26after%3D1"
        );
        assert_eq!(to(TestRequest::post().uri("/inbox/1/accept")), "/staff/sign-in");
        assert_eq!(to(TestRequest::get().uri("//evil.test/")), "/staff/sign-in");
    }
}
