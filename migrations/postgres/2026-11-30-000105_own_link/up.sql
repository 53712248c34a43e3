-- How often the link to the patient's own page was replaced or ended; the secret part of the link follows from the
-- referral's id and this number. 0 is the link of the first day.
ALTER TABLE referral ADD COLUMN link_generation integer NOT NULL DEFAULT 0 CHECK (link_generation >= 0);

-- An own page that stands open in a browser, behind the date of birth. Closing it removes the row, and with it a copied
-- cookie opens nothing.
CREATE TABLE own_opening (
    id uuid PRIMARY KEY NOT NULL,
    referral_id uuid NOT NULL REFERENCES referral (id),
    opened_at timestamptz NOT NULL
);
CREATE INDEX own_opening_by_time ON own_opening (opened_at);
