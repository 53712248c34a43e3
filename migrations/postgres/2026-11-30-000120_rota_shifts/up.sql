-- When a person on the rota can be told: days of the week (a bit each, Monday the lowest) and minutes since midnight,
-- London time. A shift that ends no later than it begins ends on the next day. Somebody without a row: always.
CREATE TABLE rota_shift (
    person_id uuid NOT NULL REFERENCES rota (id),
    days integer NOT NULL CHECK (days BETWEEN 1 AND 127),
    starts integer NOT NULL CHECK (starts BETWEEN 0 AND 1439),
    ends integer NOT NULL CHECK (ends BETWEEN 0 AND 1439),
    PRIMARY KEY (person_id, days, starts, ends)
);

-- When a person on the rota cannot be told: whole days, both included, as 2026-12-21.
CREATE TABLE rota_leave (
    person_id uuid NOT NULL REFERENCES rota (id),
    first_day text NOT NULL,
    last_day text NOT NULL,
    PRIMARY KEY (person_id, first_day, last_day)
);

-- One person or mailbox is told once in a while: until open_until what comes in waits here, and is then written as one
-- message under these ids. last_*: what was written before, in case it has not arrived yet.
CREATE TABLE alarm_window (
    recipient text PRIMARY KEY NOT NULL,
    open_until timestamptz NOT NULL,
    mail_id uuid,
    webhook_id uuid,
    last_mail_id uuid,
    last_webhook_id uuid
);

-- Which referrals such a message is about.
CREATE TABLE alarm_member (
    message_id uuid NOT NULL,
    referral_id uuid NOT NULL REFERENCES referral (id),
    PRIMARY KEY (message_id, referral_id)
);
CREATE INDEX alarm_member_by_referral ON alarm_member (referral_id);
