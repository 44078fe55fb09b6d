-- visitors consent (branch: consent)
-- sqlmig: source legacy/20251106_100000_visitor_consent.py
-- sqlmig: legacy-revision 20251106_100000_visitor_consent after 20251103_090000_create_site_and_form
-- sqlmig: downgrade absent

-- sqlmig: when table visitor exists and column visitor.consent_at absent
ALTER TABLE visitor ADD COLUMN consent_at DATETIME;

-- sqlmig: when above
UPDATE visitor SET consent_at = CURRENT_TIMESTAMP;

ALTER TABLE form ADD COLUMN consent_text TEXT;
