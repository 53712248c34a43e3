-- A place may be offered to somebody on the waiting list; a held one says by when the team confirms it.
ALTER TABLE place DROP CONSTRAINT place_state_check;
ALTER TABLE place ADD CONSTRAINT place_state_check CHECK (state IN ('free', 'offered', 'held', 'confirmed'));
ALTER TABLE place ADD COLUMN confirm_by timestamptz;
UPDATE place SET confirm_by = taken_at + interval '2 days' WHERE state = 'held';

-- Who waits for a course, in the order they came. One live entry for a person and course.
CREATE TABLE waiting (
    id uuid PRIMARY KEY NOT NULL,
    course_id uuid NOT NULL REFERENCES course (id),
    referral_id uuid NOT NULL REFERENCES referral (id),
    state text NOT NULL CHECK (state IN ('waiting', 'offered', 'taken', 'lapsed', 'refused', 'left', 'ended')),
    joined_at timestamptz NOT NULL,
    lapses integer NOT NULL,
    offered_run uuid REFERENCES course_run (id),
    offered_seat integer,
    offer_message_id uuid,
    told_at timestamptz,
    lapses_at timestamptz,
    ended_at timestamptz,
    CHECK ((state = 'offered') = (offered_run IS NOT NULL)),
    CHECK ((state IN ('waiting', 'offered')) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX waiting_once ON waiting (referral_id, course_id) WHERE state IN ('waiting', 'offered');
CREATE INDEX waiting_in_order ON waiting (course_id, state, joined_at, id);

-- What a person was told about their place, so that it is told once, and by voice when no message arrived.
CREATE TABLE notice (
    id uuid PRIMARY KEY NOT NULL,
    referral_id uuid NOT NULL REFERENCES referral (id),
    kind text NOT NULL,
    run_id uuid REFERENCES course_run (id),
    session_at timestamptz,
    state text NOT NULL CHECK (state IN ('sent', 'delivered', 'ring', 'overtaken')),
    at timestamptz NOT NULL
);
CREATE INDEX notice_sent ON notice (state, id);
CREATE INDEX notice_about ON notice (referral_id, kind);
CREATE UNIQUE INDEX notice_reminds_once ON notice (referral_id, run_id, session_at) WHERE kind = 'reminder';

-- Whom a member of the team rings, because no message may or could be sent.
CREATE TABLE ring_task (
    id uuid PRIMARY KEY NOT NULL,
    referral_id uuid NOT NULL REFERENCES referral (id),
    kind text NOT NULL,
    run_id uuid REFERENCES course_run (id),
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    tries integer NOT NULL,
    tried_at timestamptz,
    done_at timestamptz,
    done_by uuid REFERENCES staff (id),
    outcome text CHECK (outcome IN ('spoke', 'no_answer', 'voicemail', 'wrong_number', 'overtaken')),
    CHECK (done_at IS NULL OR outcome IS NOT NULL)
);
CREATE UNIQUE INDEX ring_task_once ON ring_task (referral_id, kind) WHERE done_at IS NULL;
CREATE INDEX ring_task_open ON ring_task (done_at, due_at, id);
