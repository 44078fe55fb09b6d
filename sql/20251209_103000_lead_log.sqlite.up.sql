-- Every change of a lead's status is kept. SQLite: the trigger holds its statements.

CREATE TABLE lead_log (
  lead_id integer NOT NULL,
  old_status varchar(20) NOT NULL,
  new_status varchar(20) NOT NULL,
  changed_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TRIGGER lead_entry_log AFTER UPDATE OF status ON lead_entry
WHEN NEW.status <> OLD.status
BEGIN
  INSERT INTO lead_log (lead_id, old_status, new_status) VALUES (OLD.id, OLD.status, NEW.status);
END;
