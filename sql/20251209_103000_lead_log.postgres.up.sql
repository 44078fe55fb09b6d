-- Every change of a lead's status is kept. PostgreSQL: a trigger calls a function.

CREATE TABLE lead_log (
  lead_id integer NOT NULL,
  old_status varchar(20) NOT NULL,
  new_status varchar(20) NOT NULL,
  changed_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE FUNCTION log_lead_status() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO lead_log (lead_id, old_status, new_status) VALUES (OLD.id, OLD.status, NEW.status);
  RETURN NULL;
END
$$;

CREATE TRIGGER lead_entry_log AFTER UPDATE ON lead_entry
FOR EACH ROW WHEN (NEW.status <> OLD.status)
EXECUTE FUNCTION log_lead_status();
