-- What is still to be answered, oldest first to be read.

CREATE VIEW open_lead AS
SELECT lead_entry.id, lead_entry.form, lead_entry.email, lead_entry.received_at
FROM lead_entry
WHERE lead_entry.status = 'new';
