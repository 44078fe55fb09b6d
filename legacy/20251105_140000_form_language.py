"""a form has a language (branch: languages)

Revision ID: 20251105_140000_form_language
Revises: 20251103_090000_create_site_and_form
Create Date: 2025-11-05 14:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "20251105_140000_form_language"
down_revision = "20251103_090000_create_site_and_form"
branch_labels = None
depends_on = None

LANGUAGES = ("en", "de", "fr")


def upgrade():
    op.add_column("form", sa.Column("language", sa.String(2), server_default=LANGUAGES[0], nullable=False))
    language = sa.table("language", sa.column("code", sa.String), sa.column("position", sa.Integer))
    op.create_table(
        "language",
        sa.Column("code", sa.String(2), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="language_pkey"),
    )
    op.bulk_insert(language, [{"code": code, "position": i} for i, code in enumerate(LANGUAGES, start=1)])


def downgrade():
    raise NotImplementedError
