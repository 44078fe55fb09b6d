-- The inbox finds a lead by its address, however that was written.

ALTER TABLE lead_entry ADD COLUMN email_normal varchar(320);

-- There may be millions of leads: range by range, so that nobody waits long for a row, and a run that is stopped goes on
-- where it was. The application writes the column for new leads already.

-- sqlmig: batch 10000 by lead_entry.id
UPDATE lead_entry
SET email_normal = lower(trim(email))
WHERE id BETWEEN :batch_from AND :batch_to
  AND email_normal IS NULL;
