//! Every address of the site is spelled here and nowhere else.
//!
//! A constant is either a whole address or a route pattern; where a pattern has parts to fill in, the
//! function beside it fills them. What is filled in consists of letters, digits and dashes only (ids, codes,
//! references, tokens), so nothing needs escaping. Addresses carry no health words and nobody's identity.

use std::fmt::Display;

// What a patient sees.

/// Type a code, or start without one.
pub const HOME: &str = "/";
/// A slip's own address, as the typed code leads to it: route pattern.
pub const SLIP: &str = "/s/{code}";
/// The same address in capitals, as the printed QR code carries it: route pattern.
pub const SLIP_UPPER: &str = "/S/{code}";
/// The slip to print at home, for whoever holds its link: route pattern.
pub const SLIP_PDF: &str = "/s/{code}/slip.pdf";
/// One page of the referral, by number: route pattern.
pub const REFER: &str = "/refer/{n}";
/// What the help page posts to, before the form goes on or stops.
pub const FOLLOW_UP: &str = "/refer/follow-up";
/// The short referral that a physio fills in together with the patient; for staff.
pub const REFER_NOW: &str = "/refer-now";
/// Opens a draft that has rested too long, for who knows the date of birth in it.
pub const REOPEN: &str = "/refer/reopen";
/// Where a physio hands the device to the patient: it signs the physio out.
pub const HAND_OVER: &str = "/refer-now/hand-over";
/// Deletes the answers from the browser (POST only).
pub const FORGET: &str = "/refer/forget";
/// The patient's own page: route pattern.
pub const OWN_PAGE: &str = "/r/{token}";
/// Asks for the date of birth before more of the own page opens: route pattern.
pub const OWN_OPEN: &str = "/r/{token}/open";
/// Closes what the date of birth opened (POST only): route pattern.
pub const OWN_CLOSE: &str = "/r/{token}/close";
/// How the patient is reached, for changing: route pattern.
pub const OWN_DETAILS: &str = "/r/{token}/details";
/// Takes the form back: route pattern.
pub const OWN_STOP: &str = "/r/{token}/stop";
/// A copy of what is held: route pattern.
pub const OWN_COPY: &str = "/r/{token}/copy";
/// Chooses a place, and shows the one that is kept: route pattern.
pub const OWN_PLACE: &str = "/r/{token}/place";
/// Changes the place for another one, or gives it up: route pattern.
pub const OWN_CHANGE: &str = "/r/{token}/change";
/// What the team asks a patient, and the answer: route pattern.
pub const OWN_ANSWER: &str = "/r/{token}/answer";
/// Answers the offer of a place (POST only): route pattern.
pub const OWN_OFFER: &str = "/r/{token}/offer";
/// The days of the place, for a calendar: route pattern.
pub const OWN_CALENDAR: &str = "/r/{token}/calendar.ics";
/// Who to ring when it cannot wait. Needs no database and no session.
pub const HELP_NOW: &str = "/help-now";
/// Another name for [`HELP_NOW`].
pub const CRISIS: &str = "/crisis";
/// How far everybody can use these pages, and what to do if you cannot.
pub const ACCESSIBILITY: &str = "/accessibility-statement";
/// What we keep about people, and why.
pub const PRIVACY: &str = "/privacy";

/// The address of the slip with this code.
pub fn slip(code: impl Display) -> String {
    format!("/s/{code}")
}

/// The address of the slip with this code, to print at home.
pub fn slip_pdf(code: impl Display) -> String {
    format!("/s/{code}/slip.pdf")
}

/// The address of one page of the referral.
pub fn refer(n: impl Display) -> String {
    format!("/refer/{n}")
}

/// The address of a patient's own page.
pub fn own_page(token: impl Display) -> String {
    format!("/r/{token}")
}

/// The own page with a word about what was just done.
pub fn own_page_said(token: impl Display, said: impl Display) -> String {
    format!("/r/{token}?said={said}")
}

/// Where the date of birth opens more of the own page, and what follows then.
pub fn own_open(token: impl Display, then: impl Display) -> String {
    format!("/r/{token}/open?then={then}")
}

/// Where the own page is closed again.
pub fn own_close(token: impl Display) -> String {
    format!("/r/{token}/close")
}

/// Where the patient changes how they are reached.
pub fn own_details(token: impl Display) -> String {
    format!("/r/{token}/details")
}

/// Where the patient takes the form back.
pub fn own_stop(token: impl Display) -> String {
    format!("/r/{token}/stop")
}

/// Where the patient takes a copy.
pub fn own_copy(token: impl Display) -> String {
    format!("/r/{token}/copy")
}

/// Where the patient chooses a place, and sees the one that is kept.
pub fn own_place(token: impl Display) -> String {
    format!("/r/{token}/place")
}

/// Where the patient changes the place.
pub fn own_change(token: impl Display) -> String {
    format!("/r/{token}/change")
}

/// Where the patient with this token answers what the team asked.
pub fn own_answer(token: impl Display) -> String {
    format!("/r/{token}/answer")
}

/// Where the patient answers an offer.
pub fn own_offer(token: impl Display) -> String {
    format!("/r/{token}/offer")
}

/// The calendar file of the patient's place.
pub fn own_calendar(token: impl Display) -> String {
    format!("/r/{token}/calendar.ics")
}

// What staff see.

/// Where staff sign in.
pub const SIGN_IN: &str = "/staff/sign-in";
/// Where staff sign out (POST only).
pub const SIGN_OUT: &str = "/staff/sign-out";
/// Where signing out leads.
pub const SIGNED_OUT: &str = "/staff/sign-in?signed-out";
/// The second step of signing in.
pub const SECOND_FACTOR: &str = "/staff/second-factor";
/// The pads of a clinic.
pub const PADS: &str = "/pads";
/// Mints a pad.
pub const PAD_MINT: &str = "/pads/new";
/// Makes one slip for a patient who is there, on the screen.
pub const PAD_SLIP: &str = "/pads/slip";
/// How many slips of the clinic were used, by quarter.
pub const PAD_COUNTS: &str = "/pads/counts";
/// Every template as it will print.
pub const PAD_TEMPLATES: &str = "/pads/templates";
/// A picture of one page of a template: route pattern.
pub const PAD_TEMPLATE_PICTURE: &str = "/pads/templates/{template}/{page}.png";
/// One pad: route pattern.
pub const PAD: &str = "/pads/{number}";
/// Prints a pad (POST only, for it is noted): route pattern.
pub const PAD_PRINT: &str = "/pads/{number}/print";
/// Takes back slips of a pad (POST only): route pattern.
pub const PAD_VOID: &str = "/pads/{number}/void";
/// Reports a pad lost (POST only): route pattern.
pub const PAD_LOST: &str = "/pads/{number}/lost";
/// What the triage team has to look at.
pub const INBOX: &str = "/inbox";
/// Looks for somebody (POST only, so that no name stands in an address).
pub const INBOX_SEARCH: &str = "/inbox/search";
/// Everybody whom nobody has acknowledged, to acknowledge several at once. Its route stands before [`REFERRAL`], whose
/// pattern it fits.
pub const INBOX_NOW: &str = "/inbox/now";
/// What came since a page was loaded, for its script. Its route stands before [`REFERRAL`], whose pattern it fits.
pub const INBOX_NEWS: &str = "/inbox/news";
/// Leads to the next one of a list. Its route stands before [`REFERRAL`], whose pattern it fits.
pub const INBOX_NEXT: &str = "/inbox/next";
/// Gives the ticked ones to a colleague (POST only).
pub const INBOX_ASSIGN: &str = "/inbox/assign";
/// What a caller says, typed by the team. Its route stands before [`REFERRAL`], whose pattern it fits.
pub const CALL: &str = "/inbox/call";
/// Places that a named person has to confirm. Its route stands before [`REFERRAL`], whose pattern it fits.
pub const INBOX_PLACES: &str = "/inbox/places";
/// Calls to make. Its route stands before [`REFERRAL`], whose pattern it fits.
pub const INBOX_RINGS: &str = "/inbox/rings";
/// Old routine referrals whose contact is past its time, for a lead. Its route stands before [`REFERRAL`], whose pattern it fits.
pub const INBOX_LEFT_TO_LEAD: &str = "/inbox/from-before";
/// What is decided about the place of a referral (POST only): route pattern, before [`REFERRAL_DEED`].
pub const REFERRAL_PLACE: &str = "/inbox/{reference}/place";
/// Outcome of an attempt to reach the patient (POST only): route pattern, before [`REFERRAL_DEED`].
pub const REFERRAL_ATTEMPT: &str = "/inbox/{reference}/attempt";
/// Undoes the last attempt to reach a patient, recorded by mistake (POST only): route pattern, before [`REFERRAL_DEED`].
pub const REFERRAL_UNDO_ATTEMPT: &str = "/inbox/{reference}/attempt/undo";
/// Who was accepted and is not yet in the record system. Its route stands before [`REFERRAL`], whose pattern it fits.
pub const INBOX_TO_ENTER: &str = "/inbox/accepted-not-entered";
/// The same as a table. Its route stands before [`REFERRAL`], whose pattern it fits.
pub const INBOX_TO_ENTER_CSV: &str = "/inbox/accepted-not-entered.csv";
/// How long people wait, in figures. Its route stands before [`REFERRAL`], whose pattern it fits.
pub const INBOX_WAITS: &str = "/inbox/waiting-times";
/// What a clerk types into the record system, and where its number is noted: route pattern, before [`REFERRAL_DEED`].
pub const REFERRAL_HAND_OVER: &str = "/inbox/{reference}/hand-over";
/// The same on one sheet of paper: route pattern.
pub const REFERRAL_HAND_OVER_PDF: &str = "/inbox/{reference}/hand-over.pdf";
/// The same as a row of a table: route pattern.
pub const REFERRAL_HAND_OVER_CSV: &str = "/inbox/{reference}/hand-over.csv";
/// Two referrals side by side, and what a person says about them: route pattern.
pub const REFERRAL_ALIKE: &str = "/inbox/{reference}/alike/{other}";
/// Takes back that it was entered (POST only): route pattern.
pub const REFERRAL_NOT_ENTERED: &str = "/inbox/{reference}/hand-over/undo";
/// Replaces the link to the patient's own page: route pattern, before [`REFERRAL_DEED`].
pub const REFERRAL_OWN_LINK: &str = "/inbox/{reference}/own-link";
/// One referral: route pattern.
pub const REFERRAL: &str = "/inbox/{reference}";
/// What a person decides about a referral (POST only): route pattern.
pub const REFERRAL_DEED: &str = "/inbox/{reference}/{deed}";
/// Courses, runs and places.
pub const COURSES: &str = "/courses";
/// The runs that are over.
pub const COURSES_PAST: &str = "/courses?past";
/// The courses that are offered again and again.
pub const COURSES_OFFERED: &str = "/courses/offered";
/// Adds a course.
pub const COURSE_NEW: &str = "/courses/offered/new";
/// Changes a course: route pattern.
pub const COURSE: &str = "/courses/offered/{id}";
/// The rooms.
pub const VENUES: &str = "/courses/venues";
/// Adds a room.
pub const VENUE_NEW: &str = "/courses/venues/new";
/// Changes a room: route pattern.
pub const VENUE: &str = "/courses/venues/{id}";
/// Makes a run.
pub const RUN_NEW: &str = "/courses/runs/new";
/// One run: route pattern.
pub const RUN: &str = "/courses/runs/{id}";
/// Changes a run: route pattern.
pub const RUN_CHANGE: &str = "/courses/runs/{id}/change";
/// Calls a run off (POST only): route pattern.
pub const RUN_CALL_OFF: &str = "/courses/runs/{id}/call-off";
/// Who came to one session of a run: route pattern.
pub const RUN_SESSION: &str = "/courses/runs/{id}/sessions/{number}";
/// The appointments for one person each.
pub const SLOTS: &str = "/courses/slots";
/// Calls an appointment off (POST only): route pattern.
pub const SLOT_CALL_OFF: &str = "/courses/slots/{id}/call-off";
/// Confirms an appointment that a patient chose (POST only): route pattern.
pub const SLOT_CONFIRM: &str = "/courses/slots/{id}/confirm";
/// What the service learns from its numbers.
pub const REPORTS: &str = "/reports";
/// Accounts, settings, rules.
pub const ADMIN: &str = "/admin";
/// Leads whoever is signed in to their first page.
pub const STAFF: &str = "/staff";
/// The accounts.
pub const ADMIN_STAFF: &str = "/admin/staff";
/// Adds an account.
pub const ADMIN_STAFF_ADD: &str = "/admin/staff/add";
/// One account. Its route stands after [`ADMIN_STAFF_ADD`], which fits its pattern: route pattern.
pub const ADMIN_STAFF_ONE: &str = "/admin/staff/{id}";
/// Changes role, clinic and e-mail address of an account (POST only): route pattern.
pub const ADMIN_STAFF_SET: &str = "/admin/staff/{id}/set";
/// Has somebody choose a new password (POST only): route pattern.
pub const ADMIN_STAFF_RESET: &str = "/admin/staff/{id}/reset";
/// Deactivates an account (POST only): route pattern.
pub const ADMIN_STAFF_DISABLE: &str = "/admin/staff/{id}/disable";
/// Opens a deactivated account again (POST only): route pattern.
pub const ADMIN_STAFF_REACTIVATE: &str = "/admin/staff/{id}/reactivate";
/// What waits for a second person.
pub const ADMIN_APPROVALS: &str = "/admin/approvals";
/// Notes the leave of a lead (POST only).
pub const ADMIN_APPROVALS_LEAVE: &str = "/admin/approvals/leave";
/// One request: route pattern.
pub const ADMIN_APPROVAL: &str = "/admin/approvals/{id}";
/// What somebody does about a request (POST only): route pattern.
pub const ADMIN_APPROVAL_ACTION: &str = "/admin/approvals/{id}/{action}";
/// The ledger of accounts and API keys.
pub const ADMIN_ACCOUNT_CHANGES: &str = "/admin/account-changes";
/// Where somebody chooses a password with their link: route pattern.
pub const CHOOSE_PASSWORD: &str = "/staff/password/{token}";
/// Where choosing a password leads.
pub const PASSWORD_CHOSEN: &str = "/staff/sign-in?password-chosen";
/// All printed pads, and where each is.
pub const ADMIN_PADS: &str = "/admin/pads";
/// One pad with its ledger: route pattern.
pub const ADMIN_PAD: &str = "/admin/pads/{number}";
/// Hands a pad out (POST only): route pattern.
pub const ADMIN_PAD_HAND: &str = "/admin/pads/{number}/hand";
/// Counts a pad back (POST only): route pattern.
pub const ADMIN_PAD_RETURN: &str = "/admin/pads/{number}/return";
/// Reports a pad lost (POST only): route pattern.
pub const ADMIN_PAD_LOST: &str = "/admin/pads/{number}/lost";
/// Prints a pad again (POST only, for it is noted): route pattern.
pub const ADMIN_PAD_PRINT: &str = "/admin/pads/{number}/print";
/// Who is told of urgent referrals, in which order.
pub const ADMIN_ROTA: &str = "/admin/rota";
/// Puts somebody on the rota.
pub const ADMIN_ROTA_ADD: &str = "/admin/rota/add";
/// One person on the rota, for changing: route pattern.
pub const ADMIN_ROTA_PERSON: &str = "/admin/rota/{id}";
/// When somebody on the rota is away. Its route stands before [`ADMIN_ROTA_MOVE`], whose pattern it fits.
pub const ADMIN_ROTA_LEAVE: &str = "/admin/rota/{id}/leave";
/// Moves somebody up, down or off (POST only): route pattern.
pub const ADMIN_ROTA_MOVE: &str = "/admin/rota/{id}/{how}";
/// The triage rules in force, and their versions.
pub const ADMIN_RULES: &str = "/admin/rules";
/// Proposes rules. Its route stands before [`ADMIN_RULES_VERSION`], whose pattern it fits.
pub const ADMIN_RULES_PROPOSE: &str = "/admin/rules/propose";
/// One version of the rules: route pattern.
pub const ADMIN_RULES_VERSION: &str = "/admin/rules/{version}";
/// Puts a proposed version into force (POST only): route pattern.
pub const ADMIN_RULES_APPROVE: &str = "/admin/rules/{version}/approve";
/// Turns a proposed version down (POST only): route pattern.
pub const ADMIN_RULES_REFUSE: &str = "/admin/rules/{version}/refuse";
/// The API keys.
pub const ADMIN_KEYS: &str = "/admin/keys";
/// Adds an API key.
pub const ADMIN_KEYS_ADD: &str = "/admin/keys/add";
/// Ends an API key (POST only): route pattern.
pub const ADMIN_KEYS_REVOKE: &str = "/admin/keys/{id}/revoke";

/// What a version of the rules would have changed over past referrals: route pattern.
pub const ADMIN_RULES_REPLAY: &str = "/admin/rules/{version}/replay";

/// What this version of the rules would have changed.
pub fn admin_rules_replay(version: impl Display) -> String {
    format!("/admin/rules/{version}/replay")
}

/// One queue of the inbox, in the words of its address.
pub fn inbox_queue(queue: impl Display) -> String {
    format!("/inbox?queue={queue}")
}

/// Where a script asks what came since a moment, in microseconds since 1970.
pub fn inbox_news(since: i64) -> String {
    format!("{INBOX_NEWS}?since={since}")
}

/// Whoever comes after this referral in a list.
pub fn inbox_next(reference: impl Display) -> String {
    format!("{INBOX_NEXT}?of={reference}")
}

/// The page of the referral with this reference.
pub fn referral(reference: impl Display) -> String {
    format!("/inbox/{reference}")
}

/// Where it is posted what is decided about the place of this referral.
pub fn referral_place(reference: impl Display) -> String {
    format!("/inbox/{reference}/place")
}

/// Where it is posted what came of ringing the patient of this referral.
pub fn referral_attempt(reference: impl Display) -> String {
    format!("/inbox/{reference}/attempt")
}

/// See [`REFERRAL_UNDO_ATTEMPT`].
pub fn referral_undo_attempt(reference: impl Display) -> String {
    format!("/inbox/{reference}/attempt/undo")
}

/// Where the link to the own page of this referral's patient is replaced.
pub fn referral_own_link(reference: impl Display) -> String {
    format!("/inbox/{reference}/own-link")
}

/// The page that shows these two referrals side by side.
pub fn referral_alike(one: impl Display, other: impl Display) -> String {
    format!("/inbox/{one}/alike/{other}")
}

/// The page from which this referral is typed into the record system.
pub fn referral_hand_over(reference: impl Display) -> String {
    format!("/inbox/{reference}/hand-over")
}

/// Where it is taken back that this referral was entered.
pub fn referral_not_entered(reference: impl Display) -> String {
    format!("/inbox/{reference}/hand-over/undo")
}

/// Where this deed is posted for this referral.
pub fn referral_deed(reference: impl Display, deed: impl Display) -> String {
    format!("/inbox/{reference}/{deed}")
}

/// Where a course is changed.
pub fn course(id: impl Display) -> String {
    format!("/courses/offered/{id}")
}

/// Where a room is changed.
pub fn venue(id: impl Display) -> String {
    format!("/courses/venues/{id}")
}

/// The page of a run.
pub fn run(id: impl Display) -> String {
    format!("/courses/runs/{id}")
}

/// Where a run is changed.
pub fn run_change(id: impl Display) -> String {
    format!("/courses/runs/{id}/change")
}

/// Where a run is called off.
pub fn run_call_off(id: impl Display) -> String {
    format!("/courses/runs/{id}/call-off")
}

/// Who came to one session of a run.
pub fn run_session(id: impl Display, number: impl Display) -> String {
    format!("/courses/runs/{id}/sessions/{number}")
}

/// Where an appointment is called off.
pub fn slot_call_off(id: impl Display) -> String {
    format!("/courses/slots/{id}/call-off")
}

/// The address that confirms this appointment.
pub fn slot_confirm(id: impl Display) -> String {
    format!("/courses/slots/{id}/confirm")
}

/// The sign-in page that leads on to this address afterwards.
pub fn sign_in_then(next: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    format!("{SIGN_IN}?next={}", next.bytes().map(escape).collect::<String>())
}

/// The picture of a page (from 1) of a template.
pub fn pad_template_picture(template: impl Display, page: usize) -> String {
    format!("/pads/templates/{template}/{page}.png")
}

/// The page of a pad.
pub fn pad(number: impl Display) -> String {
    format!("/pads/{number}")
}

/// Where a pad is printed.
pub fn pad_print(number: impl Display) -> String {
    format!("/pads/{number}/print")
}

/// Where slips of a pad are taken back.
pub fn pad_void(number: impl Display) -> String {
    format!("/pads/{number}/void")
}

/// Where a pad is reported lost by its physio.
pub fn pad_lost(number: impl Display) -> String {
    format!("/pads/{number}/lost")
}

/// The pads below this number, of one clinic or of all.
pub fn admin_pads_below(number: impl Display, clinic: Option<impl Display>) -> String {
    match clinic {
        Some(clinic) => format!("/admin/pads?clinic={clinic}&below={number}"),
        None => format!("/admin/pads?below={number}"),
    }
}

/// The page of a pad for those who keep pads.
pub fn admin_pad(number: impl Display) -> String {
    format!("/admin/pads/{number}")
}

/// Where a pad is handed out.
pub fn admin_pad_hand(number: impl Display) -> String {
    format!("/admin/pads/{number}/hand")
}

/// Where a pad is counted back.
pub fn admin_pad_return(number: impl Display) -> String {
    format!("/admin/pads/{number}/return")
}

/// Where a pad is reported lost.
pub fn admin_pad_lost(number: impl Display) -> String {
    format!("/admin/pads/{number}/lost")
}

/// Where a pad is printed again.
pub fn admin_pad_print(number: impl Display) -> String {
    format!("/admin/pads/{number}/print")
}

/// The page of an account.
pub fn admin_staff_one(id: impl Display) -> String {
    format!("/admin/staff/{id}")
}

/// The page of an account, with a word about what was just done.
pub fn admin_staff_done(id: impl Display, done: impl Display) -> String {
    format!("/admin/staff/{id}?done={done}")
}

/// Where role, clinic and e-mail address of an account are changed.
pub fn admin_staff_set(id: impl Display) -> String {
    format!("/admin/staff/{id}/set")
}

/// Where it begins that somebody chooses a new password.
pub fn admin_staff_reset(id: impl Display) -> String {
    format!("/admin/staff/{id}/reset")
}

/// Where an account is deactivated.
pub fn admin_staff_disable(id: impl Display) -> String {
    format!("/admin/staff/{id}/disable")
}

/// Where a deactivated account is opened again.
pub fn admin_staff_reactivate(id: impl Display) -> String {
    format!("/admin/staff/{id}/reactivate")
}

/// The page of a request.
pub fn admin_approval(id: impl Display) -> String {
    format!("/admin/approvals/{id}")
}

/// The page of a request, with a word about what was just done.
pub fn admin_approval_done(id: impl Display, done: impl Display) -> String {
    format!("/admin/approvals/{id}?done={done}")
}

/// Where this action is posted for a request.
pub fn admin_approval_action(id: impl Display, action: impl Display) -> String {
    format!("/admin/approvals/{id}/{action}")
}

/// The ledger of one account or key.
pub fn admin_account_changes_of(id: impl Display) -> String {
    format!("{ADMIN_ACCOUNT_CHANGES}?of={id}")
}

/// The lines of the ledger before this one, of one account or key or of all.
pub fn admin_account_changes_before(before: impl Display, of: Option<impl Display>) -> String {
    match of {
        Some(of) => format!("{ADMIN_ACCOUNT_CHANGES}?of={of}&before={before}"),
        None => format!("{ADMIN_ACCOUNT_CHANGES}?before={before}"),
    }
}

/// The address at which somebody chooses a password with this link.
pub fn choose_password(token: impl Display) -> String {
    format!("/staff/password/{token}")
}

/// One person on the rota.
pub fn admin_rota_person(id: impl Display) -> String {
    format!("/admin/rota/{id}")
}

/// When one person on the rota is away.
pub fn admin_rota_leave(id: impl Display) -> String {
    format!("/admin/rota/{id}/leave")
}

/// Where somebody on the rota is moved up, down or off.
pub fn admin_rota_move(id: impl Display, how: impl Display) -> String {
    format!("/admin/rota/{id}/{how}")
}

/// The page of a version of the rules.
pub fn admin_rules_version(version: impl Display) -> String {
    format!("/admin/rules/{version}")
}

/// Where a proposed version is put into force.
pub fn admin_rules_approve(version: impl Display) -> String {
    format!("/admin/rules/{version}/approve")
}

/// Where a proposed version is turned down.
pub fn admin_rules_refuse(version: impl Display) -> String {
    format!("/admin/rules/{version}/refuse")
}

/// Where rules are proposed that begin with the text of this version.
pub fn admin_rules_propose_from(version: impl Display) -> String {
    format!("/admin/rules/propose?from={version}")
}

/// Where an API key is ended.
pub fn admin_keys_revoke(id: impl Display) -> String {
    format!("/admin/keys/{id}/revoke")
}

/// Whether an address belongs to the pages for staff: those show staff words on an error.
pub fn is_for_staff(path: &str) -> bool {
    ["/staff", REFER_NOW, PADS, INBOX, COURSES, REPORTS, ADMIN]
        .iter()
        .any(|room| is_within(path, room))
}

// What other systems read, and what keeps the service running.

/// The JSON API.
pub const API: &str = "/api/v1";
/// Referrals, sent in and listed.
pub const API_REFERRALS: &str = "/api/v1/referrals";
/// One referral: route pattern.
pub const API_REFERRAL: &str = "/api/v1/referrals/{reference}";
/// Slips, made one at a time.
pub const API_SLIPS: &str = "/api/v1/slips";
/// The printed form of one slip: route pattern.
pub const API_SLIP_PDF: &str = "/api/v1/slips/{id}/pdf";
/// The FHIR resources.
pub const FHIR: &str = "/fhir/R4";
/// The description of the API.
pub const OPENAPI: &str = "/openapi.json";
/// Whether the process lives.
pub const LIVE: &str = "/health/live";
/// Whether the process can serve.
pub const READY: &str = "/health/ready";
/// Stylesheet, script and icon: route pattern.
pub const ASSET: &str = "/assets/{file}";
/// The demonstration: be the physio, the patient, triage or the lead. Exists in `demo` only.
pub const DEMO: &str = "/demo";
/// The mail that the demonstration captured.
pub const DEMO_MAIL: &str = "/demo/mail";
/// Start as a patient with a fresh slip (POST only).
pub const DEMO_PATIENT: &str = "/demo/be/patient";
/// Sign in as one of the demonstration's staff (POST only): route pattern.
pub const DEMO_STAFF: &str = "/demo/be/staff/{username}";

/// The address that signs in as this member of the demonstration's staff.
pub fn demo_staff(username: impl Display) -> String {
    format!("/demo/be/staff/{username}")
}

/// The address of one referral in the API.
pub fn api_referral(reference: impl Display) -> String {
    format!("/api/v1/referrals/{reference}")
}

/// The address of the printed form of one slip.
pub fn api_slip_pdf(id: impl Display) -> String {
    format!("/api/v1/slips/{id}/pdf")
}

/// Whether an address belongs to a machine, which is answered with problem details instead of a page.
pub fn is_for_machines(path: &str) -> bool {
    is_within(path, "/api") || is_within(path, "/fhir")
}

fn is_within(path: &str, room: &str) -> bool {
    path.strip_prefix(room)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_told_apart_by_whole_words() {
        assert!(is_for_staff("/inbox") && is_for_staff("/inbox/R-1") && is_for_staff("/staff/sign-in"));
        assert!(!is_for_staff("/") && !is_for_staff("/inboxes") && !is_for_staff("/s/7K3M"));
        assert!(is_for_machines("/api/v1/referrals") && is_for_machines("/fhir/R4/metadata"));
        assert!(!is_for_machines("/apiary"));
    }
}
