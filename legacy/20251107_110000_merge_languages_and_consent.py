"""merge languages and consent

Revision ID: 20251107_110000_merge_languages_and_consent
Revises: 20251105_140000_form_language, 20251106_100000_visitor_consent
Create Date: 2025-11-07 11:00:00
"""

revision = "20251107_110000_merge_languages_and_consent"
down_revision = ("20251105_140000_form_language", "20251106_100000_visitor_consent")
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
