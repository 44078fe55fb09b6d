"""a form has a title (SQLite: the table is made anew)

Revision ID: 20251112_120000_form_title_required
Revises: 20251110_080000_form_title_search
Create Date: 2025-11-12 12:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "20251112_120000_form_title_required"
down_revision = "20251110_080000_form_title_search"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("UPDATE form SET title = 'Contact' WHERE title IS NULL")
    with op.batch_alter_table("form") as batch_op:
        batch_op.alter_column("title", existing_type=sa.String(200), nullable=False)
        batch_op.create_check_constraint("form_title_check", sa.column("title") != "")


def downgrade():
    raise NotImplementedError
