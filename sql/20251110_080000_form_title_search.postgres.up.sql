-- search forms by title: each database has its own way
-- sqlmig: source legacy/20251110_080000_form_title_search.py
-- sqlmig: legacy-revision 20251110_080000_form_title_search
-- sqlmig: downgrade absent

CREATE INDEX form_title_search_idx ON form USING gin (to_tsvector('simple', title));
