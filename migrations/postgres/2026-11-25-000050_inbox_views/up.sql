-- Long-term conditions and the kind of place somebody may take, as words with spaces between, for the filter by pathway.
-- NULL until the referral stands on its shelves: the next `migrate` puts it there.
ALTER TABLE referral ADD COLUMN pathways TEXT;
CREATE INDEX referral_unshelved ON referral (id) WHERE pathways IS NULL;

-- One row for each thing a list can be narrowed by: a shelf is facet, queue, service and priority in one number
-- (src/referrals/shelf.rs). Ids follow the moment of receipt, so a stretch of the key is a list by waiting. No foreign
-- key: to check it when a referral is erased would need an index by referral; the rows go with it in one transaction.
CREATE TABLE referral_facet (
    shelf BIGINT NOT NULL,
    referral_id UUID NOT NULL,
    due TIMESTAMPTZ,
    PRIMARY KEY (shelf, referral_id)
);
-- By when somebody gets in touch, for what is still open.
CREATE INDEX referral_facet_due ON referral_facet (shelf, due, referral_id) WHERE due IS NOT NULL;

-- The lists of what is still open, the most urgent first, then the earliest promise; name included, so that a page reads
-- one stretch of one index. What is done with is listed by its shelves.
DROP INDEX referral_inbox;
CREATE INDEX referral_inbox ON referral (queue, priority, contact_by, id, reference, service, state, flags,
    received_at, claimed_by, head_seq, list_name) WHERE queue <> 'done';
-- Whom nobody has got in touch with in time.
CREATE INDEX referral_overdue ON referral (contact_by) WHERE queue IN ('now', 'today', 'new');
