-- Who may change an account or a key, and what became of it. email: where the person's links go. approved_at: since when
-- the account with its role is in force. away_from, away_until: leave of a lead. ended_at: when it was deactivated.
ALTER TABLE staff ADD COLUMN email TEXT;
ALTER TABLE staff ADD COLUMN approved_at INTEGER;
ALTER TABLE staff ADD COLUMN away_from INTEGER;
ALTER TABLE staff ADD COLUMN away_until INTEGER;
ALTER TABLE staff ADD COLUMN ended_at INTEGER;
UPDATE staff SET approved_at = created_at;

-- Any role's word fits: the program says which roles there are. SQLite changes a CHECK only in its own table of tables;
-- nothing on disk depends on it (https://www.sqlite.org/lang_altertable.html, section 7).
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (role IN (''physio'', ''triage'', ''lead'', ''admin''))', 'CHECK (role <> '''')')
    WHERE type = 'table' AND name = 'staff';
PRAGMA writable_schema = RESET;

-- A change that waits for a second person, or waited. reason, answer: sealed.
CREATE TABLE account_request (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn')),
    staff_id BLOB REFERENCES staff (id),
    username TEXT,
    display_name TEXT,
    role TEXT,
    clinic_id BLOB REFERENCES clinic (id),
    email TEXT,
    label TEXT,
    scopes TEXT,
    reason BLOB NOT NULL,
    requested_by BLOB NOT NULL REFERENCES staff (id),
    requested_at INTEGER NOT NULL,
    decided_by BLOB REFERENCES staff (id),
    decided_at INTEGER,
    without_lead INTEGER NOT NULL CHECK (without_lead IN (0, 1)),
    answer BLOB,
    seen_by BLOB REFERENCES staff (id)
) STRICT;
CREATE INDEX account_request_by_state ON account_request (state, requested_at);

-- The ledger of accounts and keys: who changed what, for whom, when and through which way.
CREATE TABLE account_event (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    via TEXT NOT NULL,
    by_id BLOB,
    staff_id BLOB,
    api_key_id BLOB,
    request_id BLOB,
    whom TEXT NOT NULL,
    detail TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_event_by_time ON account_event (at, id);
CREATE INDEX account_event_by_staff ON account_event (staff_id, at, id);
CREATE INDEX account_event_by_key ON account_event (api_key_id, at, id);

CREATE TRIGGER account_event_is_not_changed BEFORE UPDATE ON account_event
BEGIN
    SELECT RAISE(ABORT, 'the ledger of accounts is only ever added to');
END;

CREATE TRIGGER account_event_is_not_deleted BEFORE DELETE ON account_event
BEGIN
    SELECT RAISE(ABORT, 'the ledger of accounts is only ever added to');
END;

-- A link with which a person chooses a password, once. The link itself is nowhere but in the mail, or on the one page
-- that showed it.
CREATE TABLE password_link (
    token_hash BLOB PRIMARY KEY NOT NULL,
    staff_id BLOB NOT NULL REFERENCES staff (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX password_link_by_staff ON password_link (staff_id);
