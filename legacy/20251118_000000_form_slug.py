"""Forms get a slug for their address. A script of our own, run by hand after the release."""

import os
import re

from sqlalchemy import create_engine, text

DATABASE_URL = os.getenv("DATABASE_URL")


def _column_exists(conn, table, column):
    if conn.dialect.name == "sqlite":
        rows = conn.execute(text(f"PRAGMA table_info({table})")).fetchall()
        return any(row[1] == column for row in rows)
    query = """
        SELECT 1 FROM information_schema.columns
        WHERE table_name = :table AND column_name = :column
    """
    return conn.execute(text(query), {"table": table, "column": column}).first() is not None


def run_migration(target_engine=None):
    engine = target_engine or create_engine(DATABASE_URL)
    with engine.begin() as conn:
        if not _column_exists(conn, "form", "slug"):
            conn.execute(text("ALTER TABLE form ADD COLUMN slug VARCHAR(200)"))
        # what Python computes from rows cannot be turned into SQL by reading
        for form_id, title in conn.execute(text("SELECT id, title FROM form WHERE slug IS NULL")):
            slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
            conn.execute(text("UPDATE form SET slug = :slug WHERE id = :id"), {"slug": slug, "id": form_id})


if __name__ == "__main__":
    run_migration()
