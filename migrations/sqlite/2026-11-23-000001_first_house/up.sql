-- The first house. Ids are sixteen bytes, moments are microseconds since 1970 in UTC, a sealed value opens
-- only with the keys and only for its own row. STRICT tables, so that a wrong type is refused here too.

-- Data keys, wrapped under a key derived from SECRET_KEY.
CREATE TABLE key (
    id INTEGER PRIMARY KEY NOT NULL,
    purpose TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;

-- Facts about this installation, such as whether it is a demo.
CREATE TABLE deployment (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Serial numbers, taken by UPDATE ... RETURNING so that two minters never share one.
CREATE TABLE counter (
    name TEXT PRIMARY KEY NOT NULL,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- staff ---------------------------------------------------------------------------------------------------
CREATE TABLE clinic (
    id BLOB PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE staff (
    id BLOB PRIMARY KEY NOT NULL,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('physio', 'triage', 'lead', 'admin')),
    clinic_id BLOB REFERENCES clinic (id),
    password_hash TEXT NOT NULL,
    totp BLOB,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    created_at INTEGER NOT NULL,
    CHECK (role <> 'physio' OR clinic_id IS NOT NULL)
) STRICT;

-- One row a signed-in browser; the token itself is only in the cookie.
CREATE TABLE session (
    token_hash BLOB PRIMARY KEY NOT NULL,
    staff_id BLOB NOT NULL REFERENCES staff (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_staff ON session (staff_id);

-- Counters against guessing, kept across restarts and shared by all instances. The subject is a keyed hash.
CREATE TABLE throttle (
    subject BLOB PRIMARY KEY NOT NULL,
    window_start INTEGER NOT NULL,
    tries INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who read whose record: one row per record opened, one per list page. Never updated, never deleted here.
CREATE TABLE read_log (
    id BLOB PRIMARY KEY NOT NULL,
    staff_id BLOB,
    api_key_id BLOB,
    referral_id BLOB,
    what TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX read_log_by_referral ON read_log (referral_id, at);

CREATE TABLE api_key (
    id BLOB PRIMARY KEY NOT NULL,
    label TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    clinic_id BLOB REFERENCES clinic (id),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;

-- pads ----------------------------------------------------------------------------------------------------
CREATE TABLE pad (
    id BLOB PRIMARY KEY NOT NULL,
    number INTEGER NOT NULL UNIQUE,
    clinic_id BLOB NOT NULL REFERENCES clinic (id),
    physio_id BLOB REFERENCES staff (id),
    template TEXT NOT NULL,
    service TEXT CHECK (service IN ('core', 'hwb')),
    host TEXT NOT NULL,
    code_key INTEGER NOT NULL REFERENCES key (id),
    slips INTEGER NOT NULL CHECK (slips > 0),
    custody TEXT NOT NULL CHECK (custody IN ('minted', 'handed', 'returned', 'lost')),
    sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
    electronic INTEGER NOT NULL CHECK (electronic IN (0, 1)),
    created_by BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX pad_by_clinic ON pad (clinic_id, number);
CREATE INDEX pad_by_physio ON pad (physio_id, number);

-- The ledger of a pad: what happened to how many slips, and by whom.
CREATE TABLE pad_event (
    id BLOB PRIMARY KEY NOT NULL,
    pad_id BLOB NOT NULL REFERENCES pad (id),
    kind TEXT NOT NULL CHECK (kind IN ('minted', 'printed', 'reprinted', 'handed', 'returned', 'lost', 'voided')),
    slips INTEGER NOT NULL,
    actor_id BLOB,
    note BLOB,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX pad_event_by_pad ON pad_event (pad_id, at);

-- One slip. Its code is nowhere: it is derived from the id and recognised by a keyed hash.
CREATE TABLE slip (
    id BLOB PRIMARY KEY NOT NULL,
    serial INTEGER NOT NULL UNIQUE,
    pad_id BLOB NOT NULL REFERENCES pad (id),
    code_hash BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('unused', 'used', 'void')),
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    openings INTEGER NOT NULL DEFAULT 0,
    shared_status TEXT CHECK (shared_status IN ('used', 'booked')),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX slip_by_pad ON slip (pad_id, serial);

-- triage --------------------------------------------------------------------------------------------------
CREATE TABLE rule_version (
    id BLOB PRIMARY KEY NOT NULL,
    version TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'in_force', 'retired', 'refused')),
    proposed_by TEXT NOT NULL,
    approved_by TEXT,
    created_at INTEGER NOT NULL,
    in_force_at INTEGER
) STRICT;
CREATE UNIQUE INDEX rule_version_in_force ON rule_version (state) WHERE state = 'in_force';

-- referrals -----------------------------------------------------------------------------------------------
-- person: identity and contact. list_name: the name as lists show it. case_sheet: facts, answers, decision.
-- draft_id makes every repetition of a submission the same submission.
CREATE TABLE referral (
    id BLOB PRIMARY KEY NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    draft_id BLOB NOT NULL UNIQUE,
    slip_id BLOB UNIQUE REFERENCES slip (id),
    clinic_id BLOB REFERENCES clinic (id),
    source TEXT NOT NULL CHECK (source IN ('self', 'physio', 'gp', 'carer')),
    door TEXT NOT NULL CHECK (door IN ('patient', 'physio', 'staff', 'api')),
    state TEXT NOT NULL CHECK (state IN ('incomplete', 'new', 'waiting_for_patient', 'accepted', 'handed_over',
        'started', 'closed', 'declined', 'withdrawn')),
    queue TEXT NOT NULL CHECK (queue IN ('now', 'today', 'new', 'waiting', 'accepted', 'in_treatment', 'done')),
    service TEXT NOT NULL CHECK (service IN ('core', 'hwb', 'review')),
    step TEXT NOT NULL CHECK (step IN ('2', '3', 'assess')),
    priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 4),
    booking TEXT NOT NULL CHECK (booking IN ('none', 'assessment', 'course')),
    flags TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    person BLOB NOT NULL,
    list_name BLOB NOT NULL,
    case_sheet BLOB NOT NULL,
    share_status INTEGER NOT NULL CHECK (share_status IN (0, 1)),
    manage_hash BLOB NOT NULL UNIQUE,
    received_at INTEGER NOT NULL,
    contact_by INTEGER NOT NULL,
    acknowledged_by BLOB REFERENCES staff (id),
    acknowledged_at INTEGER,
    claimed_by BLOB REFERENCES staff (id),
    claimed_at INTEGER,
    head_seq INTEGER NOT NULL,
    head_mac BLOB NOT NULL
) STRICT;
-- Covers the inbox list, name included, so that a page of it reads one stretch of one index.
CREATE INDEX referral_inbox ON referral (queue, priority, received_at, id, reference, service, state, flags,
    contact_by, claimed_by, list_name);
CREATE INDEX referral_by_received ON referral (received_at, id);

-- The timeline. Payloads can be sealed anew or erased: the chain runs over commitments.
CREATE TABLE referral_event (
    referral_id BLOB NOT NULL REFERENCES referral (id),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('patient', 'staff', 'api', 'system')),
    actor_id BLOB,
    at INTEGER NOT NULL,
    payload BLOB NOT NULL,
    salt BLOB NOT NULL,
    commitment BLOB NOT NULL,
    mac BLOB NOT NULL,
    PRIMARY KEY (referral_id, seq)
) STRICT, WITHOUT ROWID;

-- Keyed hashes by which a record is found again, and by which two records look alike.
CREATE TABLE search_term (
    kind TEXT NOT NULL,
    hash BLOB NOT NULL,
    referral_id BLOB NOT NULL REFERENCES referral (id),
    PRIMARY KEY (kind, hash, referral_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_term_by_referral ON search_term (referral_id);

-- Once a day: how many referrals there were, and a MAC over all their heads.
CREATE TABLE anchor (
    day TEXT PRIMARY KEY NOT NULL,
    referrals INTEGER NOT NULL,
    mac BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- notify --------------------------------------------------------------------------------------------------
-- message: recipient and body, erased once delivered or given up.
CREATE TABLE outbox (
    id BLOB PRIMARY KEY NOT NULL,
    about_id BLOB,
    channel TEXT NOT NULL CHECK (channel IN ('email')),
    lane TEXT NOT NULL CHECK (lane IN ('urgent', 'normal')),
    message BLOB,
    message_id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'delivered', 'given_up', 'superseded')),
    attempts INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    claimed_until INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    done_at INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox (status, lane, next_try_at, id);
CREATE INDEX outbox_by_about ON outbox (about_id, id);

-- interop -------------------------------------------------------------------------------------------------
CREATE TABLE idempotency (
    api_key_id BLOB NOT NULL REFERENCES api_key (id),
    key_hash BLOB NOT NULL,
    body_hash BLOB NOT NULL,
    referral_id BLOB NOT NULL REFERENCES referral (id),
    first_status INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (api_key_id, key_hash)
) STRICT, WITHOUT ROWID;

-- booking -------------------------------------------------------------------------------------------------
CREATE TABLE course (
    id BLOB PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    service TEXT NOT NULL CHECK (service IN ('core', 'hwb')),
    sessions INTEGER NOT NULL CHECK (sessions > 0),
    active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE venue (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    access TEXT NOT NULL
) STRICT;

CREATE TABLE course_run (
    id BLOB PRIMARY KEY NOT NULL,
    course_id BLOB NOT NULL REFERENCES course (id),
    venue_id BLOB NOT NULL REFERENCES venue (id),
    first_session_at INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    places INTEGER NOT NULL CHECK (places BETWEEN 1 AND 20),
    cancelled INTEGER NOT NULL CHECK (cancelled IN (0, 1))
) STRICT;
CREATE INDEX course_run_by_course ON course_run (course_id, first_session_at);

-- Places are rows made with the run: there is no twenty-first row to take.
CREATE TABLE place (
    run_id BLOB NOT NULL REFERENCES course_run (id),
    seat INTEGER NOT NULL,
    referral_id BLOB UNIQUE REFERENCES referral (id),
    state TEXT NOT NULL CHECK (state IN ('free', 'held', 'confirmed')),
    taken_at INTEGER,
    confirmed_by BLOB REFERENCES staff (id),
    PRIMARY KEY (run_id, seat),
    CHECK ((state = 'free') = (referral_id IS NULL))
) STRICT, WITHOUT ROWID;
