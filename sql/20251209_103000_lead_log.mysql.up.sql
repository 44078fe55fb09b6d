-- Every change of a lead's status is kept. MySQL and MariaDB: a stored program needs no DELIMITER here.

CREATE TABLE lead_log (
  lead_id integer NOT NULL,
  old_status varchar(20) NOT NULL,
  new_status varchar(20) NOT NULL,
  changed_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TRIGGER lead_entry_log AFTER UPDATE ON lead_entry
FOR EACH ROW
BEGIN
  IF NEW.status <> OLD.status THEN
    INSERT INTO lead_log (lead_id, old_status, new_status) VALUES (OLD.id, OLD.status, NEW.status);
  END IF;
END;
