-- The ledger of a pad says in which order its moves were made, which slips each was about, and who got the pad.
ALTER TABLE pad_event ADD COLUMN seq integer NOT NULL DEFAULT 0;
ALTER TABLE pad_event ADD COLUMN first_serial bigint;
ALTER TABLE pad_event ADD COLUMN last_serial bigint;
ALTER TABLE pad_event ADD COLUMN to_physio_id uuid REFERENCES staff (id);

UPDATE pad_event SET seq = (SELECT count(*) FROM pad_event AS earlier WHERE earlier.pad_id = pad_event.pad_id
    AND (earlier.at < pad_event.at OR (earlier.at = pad_event.at AND earlier.id < pad_event.id)));
UPDATE pad_event SET first_serial = (SELECT min(serial) FROM slip WHERE slip.pad_id = pad_event.pad_id),
    last_serial = (SELECT max(serial) FROM slip WHERE slip.pad_id = pad_event.pad_id)
    WHERE kind IN ('minted', 'printed', 'reprinted', 'handed');
UPDATE pad_event SET to_physio_id = (SELECT physio_id FROM pad WHERE pad.id = pad_event.pad_id) WHERE kind = 'handed';
-- No two moves of a pad share a place in the order.
CREATE UNIQUE INDEX pad_event_in_order ON pad_event (pad_id, seq);

-- A slip that was taken back is marked as such whether it was used or not: who took it back must not learn which.
-- Only an unused one becomes void.
ALTER TABLE slip ADD COLUMN taken_back_at timestamptz;
UPDATE slip SET taken_back_at = coalesce((SELECT max(at) FROM pad_event WHERE pad_event.pad_id = slip.pad_id
    AND pad_event.kind = 'voided'), created_at) WHERE state = 'void';
