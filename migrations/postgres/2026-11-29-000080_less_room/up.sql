-- What grows with every referral takes less room (docs/adr/0022-little-room.md). What stands in the
-- tables means what it meant: hashes are cut to their first bytes, kinds become numbers.

-- Eight bytes of a keyed hash: among ten million hashes of a kind one search in two million million meets a stranger's.
-- Kinds from 7 on are pairs, by which two referrals look alike; only these are looked up by their referral.
DROP INDEX search_term_by_referral;
ALTER TABLE search_term
    ALTER COLUMN kind TYPE smallint USING CASE kind WHEN 'name' THEN 1 WHEN 'born' THEN 2 WHEN 'nhs' THEN 3
        WHEN 'postcode' THEN 4 WHEN 'phone' THEN 5 WHEN 'email' THEN 6 WHEN 'name+born' THEN 7
        WHEN 'postcode+phone' THEN 8 WHEN 'postcode+email' THEN 9 END,
    ALTER COLUMN hash TYPE bytea USING substr(hash, 1, 8),
    ADD CHECK (kind BETWEEN 1 AND 9),
    ADD CHECK (length(hash) = 8);
CREATE INDEX search_term_alike ON search_term (referral_id) WHERE kind >= 7;

-- The commitment that the chain runs over follows from salt and payload. Who erases a payload one day puts the
-- commitment in its place.
ALTER TABLE referral_event DROP COLUMN commitment;

-- The hash of the link to the own page: sixteen bytes of it tell any two apart.
UPDATE referral SET manage_hash = substr(manage_hash, 1, 16);

-- A Message-ID is made of the row's id and needs no index of its own; indexes hold only what is still to be done.
ALTER TABLE outbox DROP CONSTRAINT outbox_message_id_key;
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (channel, lane, next_try_at, id) WHERE status = 'waiting';
CREATE INDEX outbox_given_up ON outbox (id) WHERE status = 'given_up';
