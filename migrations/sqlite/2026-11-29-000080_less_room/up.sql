-- What grows with every referral takes less room (docs/adr/0022-little-room.md). What stands in the
-- tables means what it meant: hashes are cut to their first bytes, kinds become numbers.

-- Eight bytes of a keyed hash: among ten million hashes of a kind one search in two million million meets a stranger's.
-- Kinds from 7 on are pairs, by which two referrals look alike; only these are looked up by their referral.
CREATE TABLE search_term_before (
    kind TEXT NOT NULL,
    hash BLOB NOT NULL,
    referral_id BLOB NOT NULL,
    PRIMARY KEY (kind, hash, referral_id)
) STRICT, WITHOUT ROWID;
INSERT INTO search_term_before SELECT kind, hash, referral_id FROM search_term;
DROP TABLE search_term;
CREATE TABLE search_term (
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 9),
    hash BLOB NOT NULL CHECK (length(hash) = 8),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    PRIMARY KEY (kind, hash, referral_id)
) STRICT, WITHOUT ROWID;
INSERT INTO search_term SELECT CASE kind WHEN 'name' THEN 1 WHEN 'born' THEN 2 WHEN 'nhs' THEN 3 WHEN 'postcode' THEN 4
    WHEN 'phone' THEN 5 WHEN 'email' THEN 6 WHEN 'name+born' THEN 7 WHEN 'postcode+phone' THEN 8
    WHEN 'postcode+email' THEN 9 END, substr(hash, 1, 8), referral_id FROM search_term_before;
DROP TABLE search_term_before;
CREATE INDEX search_term_alike ON search_term (referral_id) WHERE kind >= 7;

-- The commitment that the chain runs over follows from salt and payload. Who erases a payload one day puts the
-- commitment in its place.
CREATE TABLE referral_event_before (
    referral_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    at INTEGER NOT NULL,
    payload BLOB NOT NULL,
    salt BLOB NOT NULL,
    mac BLOB NOT NULL,
    PRIMARY KEY (referral_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO referral_event_before SELECT referral_id, seq, kind, actor_kind, actor_id, at, payload, salt, mac
    FROM referral_event;
DROP TABLE referral_event;
CREATE TABLE referral_event (
    referral_id BLOB NOT NULL REFERENCES referral (id),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('patient', 'staff', 'api', 'system')),
    actor_id BLOB,
    at INTEGER NOT NULL,
    payload BLOB NOT NULL,
    salt BLOB NOT NULL,
    mac BLOB NOT NULL,
    PRIMARY KEY (referral_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO referral_event SELECT referral_id, seq, kind, actor_kind, actor_id, at, payload, salt, mac
    FROM referral_event_before;
DROP TABLE referral_event_before;

-- The hash of the link to the own page: sixteen bytes of it tell any two apart.
UPDATE referral SET manage_hash = substr(manage_hash, 1, 16);

-- A Message-ID is made of the row's id and needs no index of its own; indexes hold only what is still to be done.
CREATE TABLE outbox_before (
    id BLOB PRIMARY KEY NOT NULL,
    about_id BLOB,
    channel TEXT NOT NULL,
    lane TEXT NOT NULL,
    message BLOB,
    message_id TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    claimed_until INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    done_at INTEGER
) STRICT;
INSERT INTO outbox_before SELECT id, about_id, channel, lane, message, message_id, status, attempts, next_try_at,
    claimed_until, last_error, created_at, done_at FROM outbox;
DROP TABLE outbox;
CREATE TABLE outbox (
    id BLOB PRIMARY KEY NOT NULL,
    about_id BLOB,
    channel TEXT NOT NULL CHECK (channel IN ('email', 'webhook')),
    lane TEXT NOT NULL CHECK (lane IN ('urgent', 'normal')),
    message BLOB,
    message_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'delivered', 'given_up', 'superseded')),
    attempts INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    claimed_until INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    done_at INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO outbox SELECT id, about_id, channel, lane, message, message_id, status, attempts, next_try_at, claimed_until,
    last_error, created_at, done_at FROM outbox_before;
DROP TABLE outbox_before;
CREATE INDEX outbox_due ON outbox (channel, lane, next_try_at, id) WHERE status = 'waiting';
CREATE INDEX outbox_given_up ON outbox (id) WHERE status = 'given_up';
CREATE INDEX outbox_by_about ON outbox (about_id, id);
