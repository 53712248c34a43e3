-- A message may go by the second channel, too.
ALTER TABLE outbox DROP CONSTRAINT outbox_channel_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_channel_check CHECK (channel IN ('email', 'webhook'));
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (status, channel, lane, next_try_at, id);

-- Who is told of an urgent referral, in order. Seeded from the locality file, then changed on its page; who was taken
-- off stays, for what is said about them elsewhere.
CREATE TABLE rota (
    id uuid PRIMARY KEY NOT NULL,
    place integer NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    active boolean NOT NULL
);

-- Every change of the rota: its number keeps two people from changing it in one instant. by_id: nobody for the import.
CREATE TABLE rota_change (
    seq integer PRIMARY KEY NOT NULL,
    at timestamptz NOT NULL,
    by_id uuid,
    what text NOT NULL
);

-- What was done while an urgent referral stood unacknowledged. Step by step, each once: the key keeps two instances
-- from telling twice. first: the notice with which an alarm begins; later steps are those of the clock.
CREATE TABLE escalation (
    referral_id uuid NOT NULL REFERENCES referral (id),
    step integer NOT NULL,
    first boolean NOT NULL,
    person_id uuid,
    person text,
    mail_id uuid,
    webhook_id uuid,
    at timestamptz NOT NULL,
    PRIMARY KEY (referral_id, step)
);
