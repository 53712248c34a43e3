//! What stands around the content of every page: title, header, banners, back link, footer.

use std::fmt::Display;

use actix_web::{HttpMessage, HttpRequest};

use super::form::Form;

/// The frame of one page. Every page struct has a field `frame`, and its template starts with
/// `{% extends "web/views/frame.html" %}` and fills the block `content`.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The page's title; carries no health word and nobody's identity, because it stays in the browser's
    /// history.
    pub title: String,
    /// Whether the page is for patients: shows the way to help and the way out.
    pub patient: bool,
    /// Who is signed in, on the pages for staff.
    pub staff: Option<StaffBar>,
    /// Whether to say that everyone here is made up.
    pub demo_banner: bool,
    /// Where the Back link leads; no link if absent.
    pub back: Option<String>,
    /// Where the answers typed so far are deleted (POST); no button if absent.
    pub deletes: Option<&'static str>,
    /// Whether the title starts with "Error: ", because the form on the page has a problem.
    pub has_errors: bool,
    /// Whether the page uses the whole width, for lists.
    pub wide: bool,
    /// Whether the foot of a page for patients leads staff to their own pages.
    pub leads_staff: bool,
    /// Whether the address of the page is a secret, which paper must not show.
    pub secret_address: bool,
}

impl Frame {
    /// The frame of a page that a patient sees.
    pub fn patient(title: impl Into<String>, demo_banner: bool) -> Self {
        Frame {
            title: title.into(),
            patient: true,
            demo_banner,
            ..Frame::default()
        }
    }

    /// The frame of a page that a signed-in member of staff sees.
    pub fn staff(title: impl Into<String>, bar: StaffBar, demo_banner: bool) -> Self {
        Frame {
            title: title.into(),
            staff: Some(bar),
            demo_banner,
            ..Frame::default()
        }
    }

    /// The frame of a page that staff see before they have signed in, or of the demonstration's pages.
    pub fn plain(title: impl Into<String>, demo_banner: bool) -> Self {
        Frame {
            title: title.into(),
            demo_banner,
            ..Frame::default()
        }
    }

    /// Adds a Back link.
    #[must_use]
    pub fn back(mut self, to: impl Display) -> Self {
        self.back = Some(to.to_string());
        self
    }

    /// Adds the button that deletes the answers typed so far.
    #[must_use]
    pub fn deletes(mut self, at: &'static str) -> Self {
        self.deletes = Some(at);
        self
    }

    /// Uses the whole width of the window, for lists.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Adds the way for staff at the foot of a page for patients.
    #[must_use]
    pub fn leads_staff(mut self, leads: bool) -> Self {
        self.leads_staff = leads;
        self
    }

    /// Keeps the page's address off paper.
    #[must_use]
    pub fn secret_address(mut self) -> Self {
        self.secret_address = true;
        self
    }

    /// Starts the title with "Error: " if the form has a problem.
    #[must_use]
    pub fn about(mut self, form: &Form) -> Self {
        self.has_errors = form.errors.any();
        self
    }
}

/// The bar on the pages for staff: who is signed in, where they may go, who is waiting for somebody now.
#[derive(Clone, Debug, Default)]
pub struct StaffBar {
    /// The person's name as their colleagues know it.
    pub name: String,
    /// Their role in words, such as "Triage".
    pub role: String,
    /// Where they may go.
    pub nav: Vec<NavItem>,
    /// Who is waiting for somebody now.
    pub now: NowBand,
}

/// One entry of the staff navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// What the link says.
    pub text: String,
    /// Where it leads.
    pub url: String,
    /// Whether the reader is there already.
    pub current: bool,
}

/// Who needs somebody now (P1, not yet acknowledged): stands on top of every page for staff.
///
/// The server puts one into the extensions of each request for a staff page; the bar takes it from there,
/// because the room that knows who is waiting stands further right than the page frame.
#[derive(Clone, Debug, Default)]
pub struct NowBand {
    /// How many are waiting, also those not listed in `rows`.
    pub count: usize,
    /// How many of them the rows tell of.
    pub listed: usize,
    /// One for each who is waiting, the longest waiting first; at the end one for each burst of forms.
    pub rows: Vec<NowRow>,
    /// The references of all of them, with spaces between; a script tells by them who came later.
    pub known: String,
    /// Where a script asks what came since this page was put together; empty where nobody asks.
    pub news: String,
}

impl NowBand {
    /// What the server found for this request; empty if it put nothing there.
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<NowBand>().cloned().unwrap_or_default()
    }
}

/// One person who is waiting, without a name: the band is on every screen in the room.
#[derive(Clone, Debug)]
pub struct NowRow {
    /// The referral's reference, or how many there are.
    pub reference: String,
    /// What is said of a row that is about several; empty otherwise.
    pub note: &'static str,
    /// Since when, in words.
    pub waiting_since: String,
    /// Where the referral is opened.
    pub url: String,
    /// Who was told and when; empty where somebody has to ring.
    pub told: String,
    /// Whom somebody rings now, because no message gets through.
    pub ring: Option<RingNow>,
}

/// A colleague whom no message reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingNow {
    /// Name or role, as the rota has it.
    pub name: String,
    /// The number, as people write it.
    pub phone: String,
    /// The number, as a telephone link has it.
    pub dial: String,
}
