-- The inbox looks a lead up by the address it came from.

CREATE INDEX lead_entry_email_idx ON lead_entry (email);
