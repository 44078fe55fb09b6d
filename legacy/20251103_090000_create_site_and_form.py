"""create site and form

Revision ID: 20251103_090000_create_site_and_form
Revises:
Create Date: 2025-11-03 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "20251103_090000_create_site_and_form"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="site_pkey"),
        sa.UniqueConstraint("host", name="site_host_key"),
    )
    # a form lives on one site, and goes with it
    op.create_table(
        "form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="form_site_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="form_pkey"),
    )
    op.create_index("form_site_idx", "form", ["site_id"])


def downgrade():
    op.drop_table("form")
    op.drop_table("site")
