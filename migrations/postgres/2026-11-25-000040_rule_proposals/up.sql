-- Why a version was proposed, against which it was written, and who turned it down with which reason. note, reason: sealed.
ALTER TABLE rule_version ADD COLUMN note bytea;
ALTER TABLE rule_version ADD COLUMN based_on text;
ALTER TABLE rule_version ADD COLUMN refused_by text;
ALTER TABLE rule_version ADD COLUMN refused_at timestamptz;
ALTER TABLE rule_version ADD COLUMN reason bytea;
