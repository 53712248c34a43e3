-- The read log is only ever added to: the database refuses anything else, whoever asks.
CREATE TRIGGER read_log_is_not_changed BEFORE UPDATE ON read_log
BEGIN
    SELECT RAISE(ABORT, 'the read log is only ever added to');
END;

CREATE TRIGGER read_log_is_not_deleted BEFORE DELETE ON read_log
BEGIN
    SELECT RAISE(ABORT, 'the read log is only ever added to');
END;
