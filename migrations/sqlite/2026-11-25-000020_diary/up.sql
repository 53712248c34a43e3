-- What a venue is like for somebody in pain, each fact in a field of its own; a venue that is not used any more stays
-- for the runs that were held there.
ALTER TABLE venue ADD COLUMN step_free TEXT NOT NULL DEFAULT '';
ALTER TABLE venue ADD COLUMN chairs TEXT NOT NULL DEFAULT '';
ALTER TABLE venue ADD COLUMN floor_work TEXT NOT NULL DEFAULT '';
ALTER TABLE venue ADD COLUMN parking TEXT NOT NULL DEFAULT '';
ALTER TABLE venue ADD COLUMN bus TEXT NOT NULL DEFAULT '';
ALTER TABLE venue ADD COLUMN active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1));

-- Rises with every change of a run, so that nobody changes what somebody else has just changed.
ALTER TABLE course_run ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;

-- When treatment began: the first session somebody came to. It ends the clock of the wait.
ALTER TABLE referral ADD COLUMN started_at INTEGER;

-- An assessment appointment. The row, not the code, keeps the second person out.
CREATE TABLE slot (
    id BLOB PRIMARY KEY NOT NULL,
    service TEXT NOT NULL CHECK (service IN ('core', 'hwb')),
    starts_at INTEGER NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    kind TEXT NOT NULL CHECK (kind IN ('phone', 'video', 'in_person')),
    venue_id BLOB REFERENCES venue (id),
    staff_id BLOB REFERENCES staff (id),
    cancelled INTEGER NOT NULL CHECK (cancelled IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('free', 'held', 'confirmed')),
    referral_id BLOB UNIQUE REFERENCES referral (id),
    taken_at INTEGER,
    confirm_by INTEGER,
    confirmed_by BLOB REFERENCES staff (id),
    sequence INTEGER NOT NULL,
    CHECK ((state = 'free') = (referral_id IS NULL)),
    CHECK ((kind = 'in_person') = (venue_id IS NOT NULL))
) STRICT;
CREATE INDEX slot_by_day ON slot (starts_at, id);

-- Who came to which session, in the codes of the national data set.
CREATE TABLE attendance (
    run_id BLOB NOT NULL REFERENCES course_run (id),
    session INTEGER NOT NULL CHECK (session > 0),
    referral_id BLOB NOT NULL REFERENCES referral (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('5', '6', '7', '3', '2', '4')),
    marked_by BLOB NOT NULL REFERENCES staff (id),
    marked_at INTEGER NOT NULL,
    PRIMARY KEY (run_id, session, referral_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX attendance_of ON attendance (referral_id, marked_at);
