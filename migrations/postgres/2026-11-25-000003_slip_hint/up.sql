-- What the physio suggested help with, on an electronic slip: a key of the locality's long-term conditions.
ALTER TABLE slip ADD COLUMN hint TEXT;
