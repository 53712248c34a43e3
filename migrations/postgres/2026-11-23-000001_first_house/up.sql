-- The first house. Ids are uuids, moments are timestamptz, a sealed value opens
-- only with the keys and only for its own row.

-- Data keys, wrapped under a key derived from SECRET_KEY.
CREATE TABLE key (
    id integer PRIMARY KEY NOT NULL,
    purpose text NOT NULL,
    wrapped bytea NOT NULL,
    is_current boolean NOT NULL,
    created_at timestamptz NOT NULL
);

-- Facts about this installation, such as whether it is a demo.
CREATE TABLE deployment (
    name text PRIMARY KEY NOT NULL,
    value text NOT NULL
);

-- Serial numbers, taken by UPDATE ... RETURNING so that two minters never share one.
CREATE TABLE counter (
    name text PRIMARY KEY NOT NULL,
    value bigint NOT NULL
);

-- staff ---------------------------------------------------------------------------------------------------
CREATE TABLE clinic (
    id uuid PRIMARY KEY NOT NULL,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE staff (
    id uuid PRIMARY KEY NOT NULL,
    username text NOT NULL UNIQUE,
    display_name text NOT NULL,
    role text NOT NULL CHECK (role IN ('physio', 'triage', 'lead', 'admin')),
    clinic_id uuid REFERENCES clinic (id),
    password_hash text NOT NULL,
    totp bytea,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK (role <> 'physio' OR clinic_id IS NOT NULL)
);

-- One row a signed-in browser; the token itself is only in the cookie.
CREATE TABLE session (
    token_hash bytea PRIMARY KEY NOT NULL,
    staff_id uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_by_staff ON session (staff_id);

-- Counters against guessing, kept across restarts and shared by all instances. The subject is a keyed hash.
CREATE TABLE throttle (
    subject bytea PRIMARY KEY NOT NULL,
    window_start timestamptz NOT NULL,
    tries integer NOT NULL
);

-- Who read whose record: one row per record opened, one per list page. Never updated, never deleted here.
CREATE TABLE read_log (
    id uuid PRIMARY KEY NOT NULL,
    staff_id uuid,
    api_key_id uuid,
    referral_id uuid,
    what text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX read_log_by_referral ON read_log (referral_id, at);

CREATE TABLE api_key (
    id uuid PRIMARY KEY NOT NULL,
    label text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    scopes text NOT NULL,
    clinic_id uuid REFERENCES clinic (id),
    active boolean NOT NULL,
    created_at timestamptz NOT NULL
);

-- pads ----------------------------------------------------------------------------------------------------
CREATE TABLE pad (
    id uuid PRIMARY KEY NOT NULL,
    number integer NOT NULL UNIQUE,
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    physio_id uuid REFERENCES staff (id),
    template text NOT NULL,
    service text CHECK (service IN ('core', 'hwb')),
    host text NOT NULL,
    code_key integer NOT NULL REFERENCES key (id),
    slips integer NOT NULL CHECK (slips > 0),
    custody text NOT NULL CHECK (custody IN ('minted', 'handed', 'returned', 'lost')),
    sample boolean NOT NULL,
    electronic boolean NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX pad_by_clinic ON pad (clinic_id, number);
CREATE INDEX pad_by_physio ON pad (physio_id, number);

-- The ledger of a pad: what happened to how many slips, and by whom.
CREATE TABLE pad_event (
    id uuid PRIMARY KEY NOT NULL,
    pad_id uuid NOT NULL REFERENCES pad (id),
    kind text NOT NULL CHECK (kind IN ('minted', 'printed', 'reprinted', 'handed', 'returned', 'lost', 'voided')),
    slips integer NOT NULL,
    actor_id uuid,
    note bytea,
    at timestamptz NOT NULL
);
CREATE INDEX pad_event_by_pad ON pad_event (pad_id, at);

-- One slip. Its code is nowhere: it is derived from the id and recognised by a keyed hash.
CREATE TABLE slip (
    id uuid PRIMARY KEY NOT NULL,
    serial bigint NOT NULL UNIQUE,
    pad_id uuid NOT NULL REFERENCES pad (id),
    code_hash bytea NOT NULL UNIQUE,
    state text NOT NULL CHECK (state IN ('unused', 'used', 'void')),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    openings integer NOT NULL DEFAULT 0,
    shared_status text CHECK (shared_status IN ('used', 'booked')),
    created_at timestamptz NOT NULL
);
CREATE INDEX slip_by_pad ON slip (pad_id, serial);

-- triage --------------------------------------------------------------------------------------------------
CREATE TABLE rule_version (
    id uuid PRIMARY KEY NOT NULL,
    version text NOT NULL UNIQUE,
    source text NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'in_force', 'retired', 'refused')),
    proposed_by text NOT NULL,
    approved_by text,
    created_at timestamptz NOT NULL,
    in_force_at timestamptz
);
CREATE UNIQUE INDEX rule_version_in_force ON rule_version (state) WHERE state = 'in_force';

-- referrals -----------------------------------------------------------------------------------------------
-- person: identity and contact. list_name: the name as lists show it. case_sheet: facts, answers, decision.
-- draft_id makes every repetition of a submission the same submission.
CREATE TABLE referral (
    id uuid PRIMARY KEY NOT NULL,
    reference text NOT NULL UNIQUE,
    draft_id uuid NOT NULL UNIQUE,
    slip_id uuid UNIQUE REFERENCES slip (id),
    clinic_id uuid REFERENCES clinic (id),
    source text NOT NULL CHECK (source IN ('self', 'physio', 'gp', 'carer')),
    door text NOT NULL CHECK (door IN ('patient', 'physio', 'staff', 'api')),
    state text NOT NULL CHECK (state IN ('incomplete', 'new', 'waiting_for_patient', 'accepted', 'handed_over',
        'started', 'closed', 'declined', 'withdrawn')),
    queue text NOT NULL CHECK (queue IN ('now', 'today', 'new', 'waiting', 'accepted', 'in_treatment', 'done')),
    service text NOT NULL CHECK (service IN ('core', 'hwb', 'review')),
    step text NOT NULL CHECK (step IN ('2', '3', 'assess')),
    priority integer NOT NULL CHECK (priority BETWEEN 1 AND 4),
    booking text NOT NULL CHECK (booking IN ('none', 'assessment', 'course')),
    flags text NOT NULL,
    rules_version text NOT NULL,
    person bytea NOT NULL,
    list_name bytea NOT NULL,
    case_sheet bytea NOT NULL,
    share_status boolean NOT NULL,
    manage_hash bytea NOT NULL UNIQUE,
    received_at timestamptz NOT NULL,
    contact_by timestamptz NOT NULL,
    acknowledged_by uuid REFERENCES staff (id),
    acknowledged_at timestamptz,
    claimed_by uuid REFERENCES staff (id),
    claimed_at timestamptz,
    head_seq integer NOT NULL,
    head_mac bytea NOT NULL
);
-- Covers the inbox list, name included, so that a page of it reads one stretch of one index.
CREATE INDEX referral_inbox ON referral (queue, priority, received_at, id)
    INCLUDE (reference, service, state, flags, contact_by, claimed_by, list_name);
CREATE INDEX referral_by_received ON referral (received_at, id);

-- The timeline. Payloads can be sealed anew or erased: the chain runs over commitments.
CREATE TABLE referral_event (
    referral_id uuid NOT NULL REFERENCES referral (id),
    seq integer NOT NULL,
    kind text NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('patient', 'staff', 'api', 'system')),
    actor_id uuid,
    at timestamptz NOT NULL,
    payload bytea NOT NULL,
    salt bytea NOT NULL,
    commitment bytea NOT NULL,
    mac bytea NOT NULL,
    PRIMARY KEY (referral_id, seq)
);

-- Keyed hashes by which a record is found again, and by which two records look alike.
CREATE TABLE search_term (
    kind text NOT NULL,
    hash bytea NOT NULL,
    referral_id uuid NOT NULL REFERENCES referral (id),
    PRIMARY KEY (kind, hash, referral_id)
);
CREATE INDEX search_term_by_referral ON search_term (referral_id);

-- Once a day: how many referrals there were, and a MAC over all their heads.
CREATE TABLE anchor (
    day text PRIMARY KEY NOT NULL,
    referrals integer NOT NULL,
    mac bytea NOT NULL,
    at timestamptz NOT NULL
);

-- notify --------------------------------------------------------------------------------------------------
-- message: recipient and body, erased once delivered or given up.
CREATE TABLE outbox (
    id uuid PRIMARY KEY NOT NULL,
    about_id uuid,
    channel text NOT NULL CHECK (channel IN ('email')),
    lane text NOT NULL CHECK (lane IN ('urgent', 'normal')),
    message bytea,
    message_id text NOT NULL UNIQUE,
    status text NOT NULL CHECK (status IN ('waiting', 'delivered', 'given_up', 'superseded')),
    attempts integer NOT NULL,
    next_try_at timestamptz NOT NULL,
    claimed_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL,
    done_at timestamptz
);
CREATE INDEX outbox_due ON outbox (status, lane, next_try_at, id);
CREATE INDEX outbox_by_about ON outbox (about_id, id);

-- interop -------------------------------------------------------------------------------------------------
CREATE TABLE idempotency (
    api_key_id uuid NOT NULL REFERENCES api_key (id),
    key_hash bytea NOT NULL,
    body_hash bytea NOT NULL,
    referral_id uuid NOT NULL REFERENCES referral (id),
    first_status integer NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (api_key_id, key_hash)
);

-- booking -------------------------------------------------------------------------------------------------
CREATE TABLE course (
    id uuid PRIMARY KEY NOT NULL,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    service text NOT NULL CHECK (service IN ('core', 'hwb')),
    sessions integer NOT NULL CHECK (sessions > 0),
    active boolean NOT NULL
);

CREATE TABLE venue (
    id uuid PRIMARY KEY NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    access text NOT NULL
);

CREATE TABLE course_run (
    id uuid PRIMARY KEY NOT NULL,
    course_id uuid NOT NULL REFERENCES course (id),
    venue_id uuid NOT NULL REFERENCES venue (id),
    first_session_at timestamptz NOT NULL,
    minutes integer NOT NULL,
    places integer NOT NULL CHECK (places BETWEEN 1 AND 20),
    cancelled boolean NOT NULL
);
CREATE INDEX course_run_by_course ON course_run (course_id, first_session_at);

-- Places are rows made with the run: there is no twenty-first row to take.
CREATE TABLE place (
    run_id uuid NOT NULL REFERENCES course_run (id),
    seat integer NOT NULL,
    referral_id uuid UNIQUE REFERENCES referral (id),
    state text NOT NULL CHECK (state IN ('free', 'held', 'confirmed')),
    taken_at timestamptz,
    confirmed_by uuid REFERENCES staff (id),
    PRIMARY KEY (run_id, seat),
    CHECK ((state = 'free') = (referral_id IS NULL))
);
