-- Who may change an account or a key, and what became of it. email: where the person's links go. approved_at: since when
-- the account with its role is in force. away_from, away_until: leave of a lead. ended_at: when it was deactivated.
ALTER TABLE staff ADD COLUMN email text;
ALTER TABLE staff ADD COLUMN approved_at timestamptz;
ALTER TABLE staff ADD COLUMN away_from timestamptz;
ALTER TABLE staff ADD COLUMN away_until timestamptz;
ALTER TABLE staff ADD COLUMN ended_at timestamptz;
UPDATE staff SET approved_at = created_at;

-- Any role's word fits: the program says which roles there are.
ALTER TABLE staff DROP CONSTRAINT staff_role_check;
ALTER TABLE staff ADD CONSTRAINT staff_role_check CHECK (role <> '');

-- A change that waits for a second person, or waited. reason, answer: sealed.
CREATE TABLE account_request (
    id uuid PRIMARY KEY NOT NULL,
    kind text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn')),
    staff_id uuid REFERENCES staff (id),
    username text,
    display_name text,
    role text,
    clinic_id uuid REFERENCES clinic (id),
    email text,
    label text,
    scopes text,
    reason bytea NOT NULL,
    requested_by uuid NOT NULL REFERENCES staff (id),
    requested_at timestamptz NOT NULL,
    decided_by uuid REFERENCES staff (id),
    decided_at timestamptz,
    without_lead boolean NOT NULL,
    answer bytea,
    seen_by uuid REFERENCES staff (id)
);
CREATE INDEX account_request_by_state ON account_request (state, requested_at);

-- The ledger of accounts and keys: who changed what, for whom, when and through which way.
CREATE TABLE account_event (
    id uuid PRIMARY KEY NOT NULL,
    kind text NOT NULL,
    via text NOT NULL,
    by_id uuid,
    staff_id uuid,
    api_key_id uuid,
    request_id uuid,
    whom text NOT NULL,
    detail text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX account_event_by_time ON account_event (at, id);
CREATE INDEX account_event_by_staff ON account_event (staff_id, at, id);
CREATE INDEX account_event_by_key ON account_event (api_key_id, at, id);

CREATE FUNCTION account_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger of accounts is only ever added to';
END
$$;

CREATE TRIGGER account_event_is_not_changed BEFORE UPDATE ON account_event
    FOR EACH STATEMENT EXECUTE FUNCTION account_event_stays();

CREATE TRIGGER account_event_is_not_deleted BEFORE DELETE OR TRUNCATE ON account_event
    FOR EACH STATEMENT EXECUTE FUNCTION account_event_stays();

-- A link with which a person chooses a password, once. The link itself is nowhere but in the mail, or on the one page
-- that showed it.
CREATE TABLE password_link (
    token_hash bytea PRIMARY KEY NOT NULL,
    staff_id uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX password_link_by_staff ON password_link (staff_id);
