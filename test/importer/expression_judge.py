#!/usr/bin/python3
"""Compiles statements by real SQLAlchemy. Reads {"prelude", "statements": [text], "dialect"}, writes [sql or null]."""
import json
import sys
import warnings

warnings.simplefilter("ignore")
job = json.load(sys.stdin)
from sqlalchemy.dialects import mysql, postgresql, sqlite  # noqa: E402

dialect = {"postgres": postgresql, "mysql": mysql, "sqlite": sqlite}[job["dialect"]].dialect(paramstyle="named")
scope = {}
exec(job["prelude"], scope)


def compiled(source):
    statement = eval(source, scope)
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


result = []
for source in job["statements"]:
    try:
        result.append({"sql": compiled(source)})
    except Exception as error:  # a refusal is an answer as well
        result.append({"error": "%s: %s" % (type(error).__name__, error)})
json.dump(result, sys.stdout)
