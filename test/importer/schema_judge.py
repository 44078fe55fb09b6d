#!/usr/bin/python3
"""Says how the installed SQLAlchemy writes tables.

Reads JSON from stdin: {"preamble": Python, "cases": [Python that sets `t`]}
Writes JSON: {"version", "results": [{dialect: [statement] or {"error": text}}]}
"""
import json
import sys
import textwrap
import warnings

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

warnings.simplefilter("ignore")
job = json.load(sys.stdin)
DIALECTS = {"postgres": postgresql, "mysql": mysql, "sqlite": sqlite}


def written(table, dialect):
    table = table if isinstance(table, sa.Table) else table.__table__
    indexes = sorted(table.indexes, key=lambda i: i.name or "")
    return [str(make.compile(dialect=dialect)) for make in [CreateTable(table)] + [CreateIndex(i) for i in indexes]]


results = []
for case in job["cases"]:
    found = {}
    for name, module in DIALECTS.items():
        names = {}
        try:
            exec(textwrap.dedent(job["preamble"]), names)
            exec(textwrap.dedent(case), names)
            found[name] = written(names["t"], module.dialect())
        except Exception as e:
            found[name] = {"error": type(e).__name__ + ": " + str(e)[:300]}
    results.append(found)
json.dump({"version": sa.__version__, "results": results}, sys.stdout)
