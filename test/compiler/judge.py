#!/usr/bin/python3
"""Runs cases by real Alembic and, on a second database, by our SQL, and compares the catalogues.

Reads JSON from stdin: {"judge": folder of schema_dump.py, "url": server, "cases": [{"name", "python", "sql", "convention"}]}
Writes JSON: [{"name", "alembic": null or error, "ours": null or error, "diff": [line]}]
"""
import json
import os
import re
import sys
import tempfile
import textwrap
import warnings

warnings.simplefilter("ignore")
job = json.load(sys.stdin)
sys.path.insert(0, job["judge"])
for lib in reversed(job.get("lib") or []):
    sys.path.insert(0, lib)

import alembic  # noqa: E402
import schema_dump  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from alembic.migration import MigrationContext  # noqa: E402
from alembic.operations import Operations  # noqa: E402
from sqlalchemy.dialects import mysql, postgresql, sqlite  # noqa: E402

DUMPS = {"postgresql": schema_dump.dump_postgresql, "mysql": schema_dump.dump_mysql, "sqlite": schema_dump.dump_sqlite}


class Place:
    """A fresh database, dropped afterwards."""

    def __init__(self, url, label):
        self.kind = re.match("[a-z]+", url).group(0)
        self.name = "cmp_" + label
        self.server = url
        if self.kind == "sqlite":
            self.url = "sqlite:///" + os.path.join(job["folder"], self.name + ".db")
            if os.path.exists(self.url[10:]):
                os.remove(self.url[10:])
            return
        self.url = url.rsplit("/", 1)[0] + "/" + self.name
        self.admin("DROP DATABASE IF EXISTS " + self.name, "CREATE DATABASE " + self.name)

    def admin(self, *statements):
        kw = {"isolation_level": "AUTOCOMMIT"}
        engine = sa.create_engine(self.server, poolclass=sa.pool.NullPool, **kw)
        with engine.connect() as c:
            for s in statements:
                c.execute(sa.text(s))

    def engine(self):
        kw = {} if not sa.__version__.startswith("1.") else {"future": False}
        return sa.create_engine(self.url, poolclass=sa.pool.NullPool, **kw)

    def dump(self):
        kind, u, q = schema_dump.parse_url(self.url)
        return DUMPS[kind](self.url, u, q, [], True)

    def drop(self):
        if self.kind == "sqlite":
            if os.path.exists(self.url[10:]):
                os.remove(self.url[10:])
        else:
            self.admin("DROP DATABASE " + self.name)


def by_alembic(case, place):
    metadata = sa.MetaData(naming_convention=case["convention"]) if case.get("convention") else sa.MetaData()
    with place.engine().connect() as conn:
        ctx = MigrationContext.configure(conn, opts={"target_metadata": metadata})
        names = {"op": Operations(ctx), "sa": sa, "mysql": mysql, "postgresql": postgresql, "sqlite": sqlite}
        names["context"] = ctx
        with ctx.begin_transaction():
            exec(textwrap.dedent(case["python"]), names)
        if hasattr(conn, "commit"):
            conn.commit()


def by_us(case, place):
    conn = place.engine().raw_connection()
    if place.kind == "postgresql":
        conn.set_isolation_level(0)
    cur = conn.cursor()
    for s in case["sql"]:
        try:
            cur.execute(s)
        except Exception as e:
            raise RuntimeError("%s\n%s" % (e, s))
    conn.commit()
    conn.close()


def attempt(run, case, place):
    try:
        run(case, place)
    except Exception as e:
        return (type(e).__name__ + ": " + str(e))[:1500]


def main():
    out = []
    job.setdefault("folder", tempfile.mkdtemp(prefix="cmp_"))
    for n, case in enumerate(job["cases"]):
        a, b = Place(job["url"], "a%d" % os.getpid()), Place(job["url"], "b%d" % os.getpid())
        r = {"name": case["name"], "alembic": attempt(by_alembic, case, a), "ours": None, "diff": []}
        if case["sql"] is not None:
            r["ours"] = attempt(by_us, case, b)
        if not r["alembic"] and not r["ours"] and case["sql"] is not None:
            x, y = (schema_dump.reshape(p.dump(), {"volatile"}) for p in (a, b))
            r["diff"] = list(schema_dump.diff(x, y))
            r["shape"] = {t: {"columns": [[c, v["columns"][c]["nullable"]] for c in v["column_order"]],
                              "constraints": sorted([c["kind"], k] for k, c in v["constraints"].items()),
                              "indexes": sorted(v["indexes"])} for t, v in y["tables"].items()}
        a.drop()
        b.drop()
        out.append(r)
    json.dump({"alembic": alembic.__version__, "sqlalchemy": sa.__version__, "results": out}, sys.stdout)


main()
