-- The ledger of contact: whatever a patient is told ("they ring you by Monday") is a promise with a way and a time. It ends
-- by contact, or by a named closing; no decision about the referral ends it (src/referrals/contact_promise.rs).
-- due_at: what was promised; only ever moved earlier. next_at: when somebody tries next. run_id: the course date it is
-- about. attempt_id: the contact that ended it, so that an outcome recorded by mistake can be undone.
CREATE TABLE contact_promise (
    id BLOB PRIMARY KEY NOT NULL,
    referral_id BLOB NOT NULL REFERENCES referral (id),
    subject TEXT NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('call', 'text', 'email', 'letter', 'page')),
    run_id BLOB,
    made_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    tries INTEGER NOT NULL CHECK (tries >= 0),
    tried_at INTEGER,
    outcome TEXT,
    number_wrong INTEGER NOT NULL CHECK (number_wrong IN (0, 1)),
    message_id BLOB,
    ended_at INTEGER,
    ended_by BLOB,
    ending TEXT,
    attempt_id BLOB,
    CHECK ((ended_at IS NULL) = (ending IS NULL))
) STRICT;
CREATE UNIQUE INDEX contact_promise_once ON contact_promise (referral_id, subject) WHERE ended_at IS NULL;
CREATE INDEX contact_promise_of ON contact_promise (referral_id, made_at);
CREATE INDEX contact_promise_due ON contact_promise (due_at, referral_id) WHERE ended_at IS NULL;
CREATE INDEX contact_promise_left ON contact_promise (due_at, referral_id) WHERE ending = 'left_to_lead';
CREATE INDEX contact_promise_next ON contact_promise (next_at, referral_id) WHERE ended_at IS NULL;
CREATE INDEX contact_promise_message ON contact_promise (message_id) WHERE message_id IS NOT NULL AND ended_at IS NULL;

-- More ways of contact than a call, and an outcome recorded by mistake. SQLite cannot change a CHECK, so the rows go out
-- and come back; the words are the program's.
CREATE TABLE contact_attempt_before (
    id BLOB PRIMARY KEY NOT NULL,
    referral_id BLOB NOT NULL,
    staff_id BLOB NOT NULL,
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
INSERT INTO contact_attempt_before SELECT id, referral_id, staff_id, outcome, at FROM contact_attempt;
DROP TABLE contact_attempt;
CREATE TABLE contact_attempt (
    id BLOB PRIMARY KEY NOT NULL,
    referral_id BLOB NOT NULL REFERENCES referral (id),
    staff_id BLOB NOT NULL REFERENCES staff (id),
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL,
    undone_at INTEGER,
    undone_by BLOB REFERENCES staff (id)
) STRICT;
INSERT INTO contact_attempt (id, referral_id, staff_id, outcome, at)
    SELECT id, referral_id, staff_id, outcome, at FROM contact_attempt_before;
DROP TABLE contact_attempt_before;
CREATE INDEX contact_attempt_of ON contact_attempt (referral_id, at);

-- Death stops every message.
ALTER TABLE referral ADD COLUMN died_at INTEGER;
-- Overdue is asked of the promises.
DROP INDEX referral_overdue;
