"""visitors consent (branch: consent)

The table visitor was never made by a migration: the application makes it when it starts, some versions with the column.

Revision ID: 20251106_100000_visitor_consent
Revises: 20251103_090000_create_site_and_form
Create Date: 2025-11-06 10:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "20251106_100000_visitor_consent"
down_revision = "20251103_090000_create_site_and_form"
branch_labels = None
depends_on = None


def upgrade():
    inspector = sa.inspect(op.get_bind())
    if inspector.has_table("visitor"):
        columns = {column["name"] for column in inspector.get_columns("visitor")}
        if "consent_at" not in columns:
            op.add_column("visitor", sa.Column("consent_at", sa.DateTime(), nullable=True))
            op.execute("UPDATE visitor SET consent_at = CURRENT_TIMESTAMP")
    # the inspector knows form: a migration before this one made it
    if "consent_text" not in {column["name"] for column in inspector.get_columns("form")}:
        op.add_column("form", sa.Column("consent_text", sa.Text(), nullable=True))


def downgrade():
    raise NotImplementedError("we only go forward")
