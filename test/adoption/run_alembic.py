"""Runs real Alembic on a history of empty revisions: run_alembic.py FOLDER URL TARGET…

The history is JSON on stdin: {revision: [down_revisions, depends_on]}.
"""

import json
import os
import sys

from alembic import command
from alembic.config import Config

ENV = """
from alembic import context
from sqlalchemy import create_engine

with create_engine(context.config.attributes["url"]).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""

folder, url, *targets = sys.argv[1:]
versions = os.path.join(folder, "versions")
os.makedirs(versions, exist_ok=True)
with open(os.path.join(folder, "env.py"), "w") as file:
    file.write(ENV)
for revision, (down, depends) in json.load(sys.stdin).items():
    with open(os.path.join(versions, f"{revision}.py"), "w") as file:
        file.write(f"revision = {revision!r}\ndown_revision = {tuple(down) or None!r}\n")
        file.write(f"depends_on = {tuple(depends) or None!r}\n\n\ndef upgrade():\n    pass\n\n\n")
        file.write("def downgrade():\n    pass\n")
config = Config()
config.set_main_option("script_location", folder)
config.attributes["url"] = url
for target in targets:
    command.upgrade(config, target)
