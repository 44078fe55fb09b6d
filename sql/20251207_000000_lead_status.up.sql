-- Leads get a status. Some databases were given the column by hand before this file was written: there, the guard lets
-- the ALTER be skipped.

-- sqlmig: when column lead_entry.status absent
ALTER TABLE lead_entry ADD COLUMN status varchar(20) NOT NULL DEFAULT 'new';

-- What belongs to a customer has been answered.
UPDATE lead_entry
SET status = 'won'
WHERE customer_id IS NOT NULL;
