-- Each time a member of the team rang a patient about their referral, and what came of it. Never changed, never taken
-- away: of two people who rang at once both are kept. What was said stands on the timeline, sealed.
CREATE TABLE contact_attempt (
    id BLOB PRIMARY KEY NOT NULL,
    referral_id BLOB NOT NULL REFERENCES referral (id),
    staff_id BLOB NOT NULL REFERENCES staff (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('spoke', 'no_answer', 'voicemail', 'wrong_number')),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX contact_attempt_of ON contact_attempt (referral_id, at);

-- What the team has to tell or ask a patient next, and when: one row for each referral, so that nobody is rung twice
-- for two reasons. `tries` counts the attempts since somebody last spoke with them or their number changed.
CREATE TABLE contact_next (
    referral_id BLOB PRIMARY KEY NOT NULL REFERENCES referral (id),
    matter TEXT NOT NULL CHECK (matter IN ('triage', 'asked', 'chase', 'declined')),
    way TEXT NOT NULL CHECK (way IN ('call', 'letter', 'page')),
    due_at INTEGER,
    tries INTEGER NOT NULL CHECK (tries >= 0),
    tried_at INTEGER,
    outcome TEXT CHECK (outcome IN ('spoke', 'no_answer', 'voicemail', 'wrong_number')),
    number_wrong INTEGER NOT NULL CHECK (number_wrong IN (0, 1)),
    message_id BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_next_due ON contact_next (due_at, referral_id) WHERE due_at IS NOT NULL;
CREATE INDEX contact_next_message ON contact_next (message_id) WHERE message_id IS NOT NULL;

-- Whose referrals are let go of when an account ends.
CREATE INDEX referral_by_claimer ON referral (claimed_by) WHERE claimed_by IS NOT NULL;
