-- a form has a title (SQLite: the table is made anew)
-- sqlmig: source legacy/20251112_120000_form_title_required.py
-- sqlmig: legacy-revision 20251112_120000_form_title_required
-- sqlmig: downgrade absent

UPDATE form SET title = 'Contact' WHERE title IS NULL;

CREATE TABLE _alembic_tmp_form (
  id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  title VARCHAR(200) NOT NULL,
  active BOOLEAN DEFAULT (1) NOT NULL,
  language VARCHAR(2) DEFAULT 'en' NOT NULL,
  consent_text TEXT,
  CONSTRAINT form_pkey PRIMARY KEY (id),
  CONSTRAINT form_site_fkey FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE,
  CONSTRAINT form_title_check CHECK (title != '')
);

INSERT INTO _alembic_tmp_form (id, site_id, title, active, language, consent_text)
SELECT id, site_id, title, active, language, consent_text
FROM form;

DROP TABLE form;

ALTER TABLE _alembic_tmp_form RENAME TO form;

CREATE INDEX form_site_idx ON form (site_id);

CREATE INDEX form_title_search_idx ON form (title);
