-- Forms get a slug for their address. A script of our own, run by hand after the release.
-- sqlmig: source legacy/20251118_000000_form_slug.py
-- sqlmig: downgrade absent

ALTER TABLE form ADD COLUMN slug VARCHAR(200);

-- The script computed slugs in Python, row by row (legacy/20251118_000000_form_slug.py:30); here it is done by hand.
UPDATE form
SET slug = lower(replace(replace(trim(title), '.', ''), ' ', '-'))
WHERE slug IS NULL;
