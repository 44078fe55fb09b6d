"""search forms by title: each database has its own way

Revision ID: 20251110_080000_form_title_search
Revises: 20251107_110000_merge_languages_and_consent
Create Date: 2025-11-10 08:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "20251110_080000_form_title_search"
down_revision = "20251107_110000_merge_languages_and_consent"
branch_labels = None
depends_on = None


def upgrade():
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.create_index(
            "form_title_search_idx",
            "form",
            [sa.text("to_tsvector('simple', title)")],
            postgresql_using="gin",
        )
    elif dialect == "mysql":
        op.execute("CREATE FULLTEXT INDEX form_title_search_idx ON form (title)")
    else:
        op.create_index("form_title_search_idx", "form", ["title"])


def downgrade():
    op.drop_index("form_title_search_idx", table_name="form")
