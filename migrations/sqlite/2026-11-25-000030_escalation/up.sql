-- A message may go by the second channel, too. SQLite cannot change a CHECK, so the rows go out and come back.
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
    message_id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'delivered', 'given_up', 'superseded')),
    attempts INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    claimed_until INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    done_at INTEGER
) STRICT;
INSERT INTO outbox SELECT id, about_id, channel, lane, message, message_id, status, attempts, next_try_at,
    claimed_until, last_error, created_at, done_at FROM outbox_before;
DROP TABLE outbox_before;
CREATE INDEX outbox_due ON outbox (status, channel, lane, next_try_at, id);
CREATE INDEX outbox_by_about ON outbox (about_id, id);

-- Who is told of an urgent referral, in order. Seeded from the locality file, then changed on its page; who was taken
-- off stays, for what is said about them elsewhere.
CREATE TABLE rota (
    id BLOB PRIMARY KEY NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;

-- Every change of the rota: its number keeps two people from changing it in one instant. by_id: nobody for the import.
CREATE TABLE rota_change (
    seq INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    by_id BLOB,
    what TEXT NOT NULL
) STRICT;

-- What was done while an urgent referral stood unacknowledged. Step by step, each once: the key keeps two instances
-- from telling twice. first: the notice with which an alarm begins; later steps are those of the clock.
CREATE TABLE escalation (
    referral_id BLOB NOT NULL REFERENCES referral (id),
    step INTEGER NOT NULL,
    first INTEGER NOT NULL CHECK (first IN (0, 1)),
    person_id BLOB,
    person TEXT,
    mail_id BLOB,
    webhook_id BLOB,
    at INTEGER NOT NULL,
    PRIMARY KEY (referral_id, step)
) STRICT, WITHOUT ROWID;
