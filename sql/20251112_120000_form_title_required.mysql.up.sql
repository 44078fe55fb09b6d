-- a form has a title (SQLite: the table is made anew)
-- sqlmig: source legacy/20251112_120000_form_title_required.py
-- sqlmig: legacy-revision 20251112_120000_form_title_required
-- sqlmig: downgrade absent

UPDATE form SET title = 'Contact' WHERE title IS NULL;

ALTER TABLE form MODIFY title VARCHAR(200) NOT NULL;

ALTER TABLE form ADD CONSTRAINT form_title_check CHECK (title != '');
