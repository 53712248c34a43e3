-- A place may be offered to somebody on the waiting list; a held one says by when the team confirms it. SQLite cannot
-- change a CHECK, so the rows go out and come back.
CREATE TABLE place_before (
    run_id BLOB NOT NULL,
    seat INTEGER NOT NULL,
    referral_id BLOB,
    state TEXT NOT NULL,
    taken_at INTEGER,
    confirmed_by BLOB,
    PRIMARY KEY (run_id, seat)
) STRICT, WITHOUT ROWID;
INSERT INTO place_before (run_id, seat, referral_id, state, taken_at, confirmed_by)
    SELECT run_id, seat, referral_id, state, taken_at, confirmed_by FROM place;
DROP TABLE place;
CREATE TABLE place (
    run_id BLOB NOT NULL REFERENCES course_run (id),
    seat INTEGER NOT NULL,
    referral_id BLOB UNIQUE REFERENCES referral (id),
    state TEXT NOT NULL CHECK (state IN ('free', 'offered', 'held', 'confirmed')),
    taken_at INTEGER,
    confirmed_by BLOB REFERENCES staff (id),
    confirm_by INTEGER,
    PRIMARY KEY (run_id, seat),
    CHECK ((state = 'free') = (referral_id IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO place (run_id, seat, referral_id, state, taken_at, confirmed_by)
    SELECT run_id, seat, referral_id, state, taken_at, confirmed_by FROM place_before;
DROP TABLE place_before;
UPDATE place SET confirm_by = taken_at + 172800000000 WHERE state = 'held';

-- Who waits for a course, in the order they came. One live entry for a person and course.
CREATE TABLE waiting (
    id BLOB PRIMARY KEY NOT NULL,
    course_id BLOB NOT NULL REFERENCES course (id),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'offered', 'taken', 'lapsed', 'refused', 'left', 'ended')),
    joined_at INTEGER NOT NULL,
    lapses INTEGER NOT NULL,
    offered_run BLOB REFERENCES course_run (id),
    offered_seat INTEGER,
    offer_message_id BLOB,
    told_at INTEGER,
    lapses_at INTEGER,
    ended_at INTEGER,
    CHECK ((state = 'offered') = (offered_run IS NOT NULL)),
    CHECK ((state IN ('waiting', 'offered')) = (ended_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX waiting_once ON waiting (referral_id, course_id) WHERE state IN ('waiting', 'offered');
CREATE INDEX waiting_in_order ON waiting (course_id, state, joined_at, id);

-- What a person was told about their place, so that it is told once, and by voice when no message arrived.
CREATE TABLE notice (
    id BLOB PRIMARY KEY NOT NULL,
    referral_id BLOB NOT NULL REFERENCES referral (id),
    kind TEXT NOT NULL,
    run_id BLOB REFERENCES course_run (id),
    session_at INTEGER,
    state TEXT NOT NULL CHECK (state IN ('sent', 'delivered', 'ring', 'overtaken')),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX notice_sent ON notice (state, id);
CREATE INDEX notice_about ON notice (referral_id, kind);
CREATE UNIQUE INDEX notice_reminds_once ON notice (referral_id, run_id, session_at) WHERE kind = 'reminder';

-- Whom a member of the team rings, because no message may or could be sent.
CREATE TABLE ring_task (
    id BLOB PRIMARY KEY NOT NULL,
    referral_id BLOB NOT NULL REFERENCES referral (id),
    kind TEXT NOT NULL,
    run_id BLOB REFERENCES course_run (id),
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    tried_at INTEGER,
    done_at INTEGER,
    done_by BLOB REFERENCES staff (id),
    outcome TEXT CHECK (outcome IN ('spoke', 'no_answer', 'voicemail', 'wrong_number', 'overtaken')),
    CHECK (done_at IS NULL OR outcome IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX ring_task_once ON ring_task (referral_id, kind) WHERE done_at IS NULL;
CREATE INDEX ring_task_open ON ring_task (done_at, due_at, id);
