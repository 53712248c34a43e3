-- The ledger of contact: whatever a patient is told ("they ring you by Monday") is a promise with a way and a time. It ends
-- by contact, or by a named closing; no decision about the referral ends it (src/referrals/contact_promise.rs).
-- due_at: what was promised; only ever moved earlier. next_at: when somebody tries next. run_id: the course date it is
-- about. attempt_id: the contact that ended it, so that an outcome recorded by mistake can be undone.
CREATE TABLE contact_promise (
    id uuid PRIMARY KEY NOT NULL,
    referral_id uuid NOT NULL REFERENCES referral (id),
    subject text NOT NULL,
    way text NOT NULL CHECK (way IN ('call', 'text', 'email', 'letter', 'page')),
    run_id uuid,
    made_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    tries integer NOT NULL CHECK (tries >= 0),
    tried_at timestamptz,
    outcome text,
    number_wrong boolean NOT NULL,
    message_id uuid,
    ended_at timestamptz,
    ended_by uuid,
    ending text,
    attempt_id uuid,
    CHECK ((ended_at IS NULL) = (ending IS NULL))
);
CREATE UNIQUE INDEX contact_promise_once ON contact_promise (referral_id, subject) WHERE ended_at IS NULL;
CREATE INDEX contact_promise_of ON contact_promise (referral_id, made_at);
CREATE INDEX contact_promise_due ON contact_promise (due_at, referral_id) WHERE ended_at IS NULL;
CREATE INDEX contact_promise_left ON contact_promise (due_at, referral_id) WHERE ending = 'left_to_lead';
CREATE INDEX contact_promise_next ON contact_promise (next_at, referral_id) WHERE ended_at IS NULL;
CREATE INDEX contact_promise_message ON contact_promise (message_id) WHERE message_id IS NOT NULL AND ended_at IS NULL;

-- More ways of contact than a call, and an outcome recorded by mistake. The words are the program's.
ALTER TABLE contact_attempt DROP CONSTRAINT contact_attempt_outcome_check;
ALTER TABLE contact_attempt ADD COLUMN undone_at timestamptz;
ALTER TABLE contact_attempt ADD COLUMN undone_by uuid REFERENCES staff (id);

-- Death stops every message.
ALTER TABLE referral ADD COLUMN died_at timestamptz;
-- Overdue is asked of the promises.
DROP INDEX referral_overdue;
