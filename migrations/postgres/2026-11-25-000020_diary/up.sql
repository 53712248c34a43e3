-- What a venue is like for somebody in pain, each fact in a field of its own; a venue that is not used any more stays
-- for the runs that were held there.
ALTER TABLE venue ADD COLUMN step_free text NOT NULL DEFAULT '';
ALTER TABLE venue ADD COLUMN chairs text NOT NULL DEFAULT '';
ALTER TABLE venue ADD COLUMN floor_work text NOT NULL DEFAULT '';
ALTER TABLE venue ADD COLUMN parking text NOT NULL DEFAULT '';
ALTER TABLE venue ADD COLUMN bus text NOT NULL DEFAULT '';
ALTER TABLE venue ADD COLUMN active boolean NOT NULL DEFAULT true;

-- Rises with every change of a run, so that nobody changes what somebody else has just changed.
ALTER TABLE course_run ADD COLUMN sequence integer NOT NULL DEFAULT 0;

-- When treatment began: the first session somebody came to. It ends the clock of the wait.
ALTER TABLE referral ADD COLUMN started_at timestamptz;

-- An assessment appointment. The row, not the code, keeps the second person out.
CREATE TABLE slot (
    id uuid PRIMARY KEY NOT NULL,
    service text NOT NULL CHECK (service IN ('core', 'hwb')),
    starts_at timestamptz NOT NULL,
    minutes integer NOT NULL CHECK (minutes > 0),
    kind text NOT NULL CHECK (kind IN ('phone', 'video', 'in_person')),
    venue_id uuid REFERENCES venue (id),
    staff_id uuid REFERENCES staff (id),
    cancelled boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('free', 'held', 'confirmed')),
    referral_id uuid UNIQUE REFERENCES referral (id),
    taken_at timestamptz,
    confirm_by timestamptz,
    confirmed_by uuid REFERENCES staff (id),
    sequence integer NOT NULL,
    CHECK ((state = 'free') = (referral_id IS NULL)),
    CHECK ((kind = 'in_person') = (venue_id IS NOT NULL))
);
CREATE INDEX slot_by_day ON slot (starts_at, id);

-- Who came to which session, in the codes of the national data set.
CREATE TABLE attendance (
    run_id uuid NOT NULL REFERENCES course_run (id),
    session integer NOT NULL CHECK (session > 0),
    referral_id uuid NOT NULL REFERENCES referral (id),
    outcome text NOT NULL CHECK (outcome IN ('5', '6', '7', '3', '2', '4')),
    marked_by uuid NOT NULL REFERENCES staff (id),
    marked_at timestamptz NOT NULL,
    PRIMARY KEY (run_id, session, referral_id)
);
CREATE INDEX attendance_of ON attendance (referral_id, marked_at);
