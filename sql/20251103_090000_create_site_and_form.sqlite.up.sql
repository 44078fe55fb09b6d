-- create site and form
-- sqlmig: source legacy/20251103_090000_create_site_and_form.py
-- sqlmig: legacy-revision 20251103_090000_create_site_and_form
-- sqlmig: downgrade absent

CREATE TABLE site (
  id INTEGER NOT NULL,
  host VARCHAR(255) NOT NULL,
  created_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL,
  CONSTRAINT site_pkey PRIMARY KEY (id),
  CONSTRAINT site_host_key UNIQUE (host)
);

-- a form lives on one site, and goes with it
CREATE TABLE form (
  id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  title VARCHAR(200),
  active BOOLEAN DEFAULT (1) NOT NULL,
  CONSTRAINT form_pkey PRIMARY KEY (id),
  CONSTRAINT form_site_fkey FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE
);

CREATE INDEX form_site_idx ON form (site_id);
