-- The read log is only ever added to: the database refuses anything else, whoever asks.
CREATE FUNCTION read_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the read log is only ever added to';
END
$$;

CREATE TRIGGER read_log_is_not_changed BEFORE UPDATE ON read_log
    FOR EACH STATEMENT EXECUTE FUNCTION read_log_stays();

CREATE TRIGGER read_log_is_not_deleted BEFORE DELETE OR TRUNCATE ON read_log
    FOR EACH STATEMENT EXECUTE FUNCTION read_log_stays();
