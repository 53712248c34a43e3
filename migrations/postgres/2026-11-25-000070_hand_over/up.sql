-- What a person said about two referrals: the same person, or not. The pair stands once, the smaller id first; taking
-- the word back removes the row, and the two timelines keep what was said.
CREATE TABLE referral_link (
    one_id uuid NOT NULL REFERENCES referral (id),
    other_id uuid NOT NULL REFERENCES referral (id),
    verdict text NOT NULL CHECK (verdict IN ('same', 'apart')),
    said_by uuid NOT NULL REFERENCES staff (id),
    said_at timestamptz NOT NULL,
    PRIMARY KEY (one_id, other_id),
    CHECK (one_id < other_id)
);
CREATE INDEX referral_link_by_other ON referral_link (other_id);

-- That the mail about what waits to be entered was written on this day, so that it is written once.
CREATE TABLE daily_notice (
    day text NOT NULL,
    service text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (day, service)
);

-- Whose treatment began here, and how long they had waited: for the figures of the waiting time standard.
CREATE INDEX referral_by_start ON referral (started_at, received_at) WHERE started_at IS NOT NULL;
