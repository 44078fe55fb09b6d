-- a form has a language (branch: languages)
-- sqlmig: source legacy/20251105_140000_form_language.py
-- sqlmig: legacy-revision 20251105_140000_form_language
-- sqlmig: downgrade absent

ALTER TABLE form ADD COLUMN language VARCHAR(2) DEFAULT 'en' NOT NULL;

CREATE TABLE language (
  code VARCHAR(2) NOT NULL,
  position INTEGER NOT NULL,
  CONSTRAINT language_pkey PRIMARY KEY (code)
);

INSERT INTO language (code, position) VALUES
  ('en', 1),
  ('de', 2),
  ('fr', 3);
