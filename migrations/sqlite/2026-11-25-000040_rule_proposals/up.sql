-- Why a version was proposed, against which it was written, and who turned it down with which reason. note, reason: sealed.
ALTER TABLE rule_version ADD COLUMN note BLOB;
ALTER TABLE rule_version ADD COLUMN based_on TEXT;
ALTER TABLE rule_version ADD COLUMN refused_by TEXT;
ALTER TABLE rule_version ADD COLUMN refused_at INTEGER;
ALTER TABLE rule_version ADD COLUMN reason BLOB;
