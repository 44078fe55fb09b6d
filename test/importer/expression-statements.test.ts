import t from 'tap'
import { prelude } from './expression-cases.ts'
import { sqlOf } from './expression-script.ts'

const on = (dialect: 'postgres' | 'mysql' | 'sqlite', script: string, more = {}): readonly string[] =>
  sqlOf(`${prelude}\n${script}`, { dialect, ...more }).map((sql) => sql.replace(/\s+/g, ' '))

t.test('startswith and its like join percent signs on', async (t) => {
  const script = 'given(select(t.c.id).where(t.c.a.startswith("x"), ~t.c.a.contains("50%_", autoescape=True)))'
  t.same(on('postgres', script), [
    "SELECT t.id FROM t WHERE t.a LIKE 'x' || '%' AND t.a NOT LIKE '%' || '50/%/_' || '%' ESCAPE '/'",
  ])
  t.same(on('mysql', script), [
    "SELECT t.id FROM t WHERE t.a LIKE concat('x', '%') AND t.a NOT LIKE concat(concat('%', '50/%/_'), '%') ESCAPE '/'",
  ])
})

t.test('IS DISTINCT FROM is said in the way of each database', async (t) => {
  const script = 'given(select(t.c.id).where(t.c.a.is_distinct_from("x")))'
  t.same(on('postgres', script), ["SELECT t.id FROM t WHERE t.a IS DISTINCT FROM 'x'"])
  t.same(on('mysql', script), ["SELECT t.id FROM t WHERE NOT (t.a <=> 'x')"])
  t.same(on('sqlite', script), ["SELECT t.id FROM t WHERE t.a IS NOT 'x'"])
})

t.test('rows are looked for among rows', async (t) => {
  const script = 'given(t.delete().where(sa.tuple_(t.c.id, t.c.a).in_([(1, "a"), (2, "b")])))'
  t.same(on('mysql', script), ["DELETE FROM t WHERE (t.id, t.a) IN ((1, 'a'), (2, 'b'))"])
  t.same(on('sqlite', script), ["DELETE FROM t WHERE (t.id, t.a) IN (VALUES (1, 'a'), (2, 'b'))"])
})

t.test('a prefix can be for one dialect only', async (t) => {
  const script = 'given(t.insert().prefix_with("IGNORE", dialect="mysql").values(id=1))'
  t.same(on('mysql', script), ['INSERT IGNORE INTO t (id) VALUES (1)'])
  t.same(on('sqlite', script), ['INSERT INTO t (id) VALUES (1)'])
  t.match(on('mysql', 'given(t.update(mysql_limit=5).values(id=1))'), [
    'problem: the option mysql_limit of a statement is not known',
  ])
})

t.test('an empty list is nothing, on every database', async (t) => {
  const script = `
given(t.delete().where(t.c.id.in_([])))
given(t.delete().where(t.c.b, t.c.a.notin_([])))
given((t.delete().where(t.c.id.notin_(sa.bindparam('ids', expanding=True))), {'ids': []}))
`
  for (const dialect of ['postgres', 'mysql', 'sqlite'] as const) {
    t.same(on(dialect, script), [
      // a bare NULL takes the type of what it is compared with; one out of a SELECT is text to PostgreSQL
      'DELETE FROM t WHERE t.id IN (NULL) AND (1 != 1)',
      `DELETE FROM t WHERE t.b${dialect === 'postgres' ? '' : ' = 1'} AND ((t.a NOT IN (NULL)) OR (1 = 1))`,
      'problem: a parameter is an empty list',
    ])
  }
})

t.test('0 and 1 for a Boolean are its values, and a date for a DateTime is its midnight', async (t) => {
  const script = `
given((users.insert(), [{'id': 1, 'active': 1}, {'id': 2, 'active': False}]))
given(t.update().values(b=0, d=dt.date(2024, 1, 2)))
`
  t.same(on('postgres', script), [
    'INSERT INTO users (id, active) VALUES (1, true), (2, false)',
    "UPDATE t SET b = false, d = '2024-01-02'",
  ])
  t.same(on('sqlite', script), [
    'INSERT INTO users (id, active) VALUES (1, 1), (2, 0)',
    "UPDATE t SET b = 0, d = '2024-01-02 00:00:00.000000'",
  ])
})

t.test('rows of a function without known columns are a problem, not a SELECT from nothing', async (t) => {
  t.match(on('postgres', 'given(select(func.generate_series(1, 5).alias("g")))'), [/^problem: the columns of g/])
})

t.test('values are written for the types of their columns', async (t) => {
  const script = `
given(t.insert().values(b=True, d=dt.datetime(2024, 1, 2, 3, 4, 5), day=dt.date(2024, 1, 2), j={"k": [1, None, "q'é"]}, n=decimal.Decimal('1.50')))
given(p.insert().values(id=uuid.UUID('12345678123456781234567812345678'), tags=['a', "b'c"], data=[1, {'a': True}]))
given(c.insert().values(e=Color.red))
given(sa.table('z', sa.column('i', sa.Interval), sa.column('ti', sa.Time), sa.column('raw', sa.LargeBinary)).insert().values(
    i=dt.timedelta(days=1, minutes=2), ti=dt.time(1, 2, 3), raw=b'\\x00A'))
`
  t.same(on('postgres', script), [
    `INSERT INTO t (b, n, d, day, j) VALUES (true, 1.50, '2024-01-02 03:04:05', '2024-01-02', '{"k": [1, null, "q''\\u00e9"]}')`,
    `INSERT INTO p (id, tags, data) VALUES ('12345678-1234-5678-1234-567812345678', ARRAY['a', 'b''c'], '[1, {"a": true}]')`,
    "INSERT INTO c (e) VALUES ('red')",
    "INSERT INTO z (i, ti, raw) VALUES ('1 days 120 seconds', '01:02:03', '\\x0041')",
  ])
  t.match(on('sqlite', script)[0], /\(1, 1\.50, '2024-01-02 03:04:05\.000000', '2024-01-02', /)
})

t.test('a list of parameters fills an INSERT, and runs an UPDATE several times', async (t) => {
  const script = `
given((t.insert(), [{'id': 1, 'a': 'x'}, {'id': 2, 'a': None}]))
given((t.insert().values(b=False), {'id': 3}))
given((t.update().where(t.c.id == sa.bindparam('key')).values(a=sa.bindparam('new')), [{'key': 1, 'new': 'p'}, {'key': 2, 'new': 'q'}]))
given((t.update().where(t.c.id == 1), {'a': 'r'}))
given((t.delete().where(t.c.id == sa.bindparam('key')), {'key': 9}))
given((select(t.c.id).where(t.c.a.in_(sa.bindparam('all', expanding=True))), {'all': ['a', 'b']}))
`
  t.same(on('postgres', script), [
    "INSERT INTO t (id, a) VALUES (1, 'x'), (2, NULL)",
    'INSERT INTO t (id, b) VALUES (3, false)',
    "UPDATE t SET a = 'p' WHERE t.id = 1",
    "UPDATE t SET a = 'q' WHERE t.id = 2",
    "UPDATE t SET a = 'r' WHERE t.id = 1",
    'DELETE FROM t WHERE t.id = 9',
    "SELECT t.id FROM t WHERE t.a IN ('a', 'b')",
  ])
})

t.test('text takes parameters of all sorts', async (t) => {
  const script = `
given(text("SELECT :a, '12:30', \\\\:b, x::text").bindparams(a="it's"))
given((text("UPDATE t SET a = :a WHERE id = :id"), [{'a': 'x', 'id': 1}, {'a': None, 'id': 2}]))
given(text("DELETE FROM t WHERE id IN :ids").bindparams(sa.bindparam('ids', [1, 2], expanding=True)))
given((text("DELETE FROM t WHERE id IN :ids").bindparams(sa.bindparam('ids', expanding=True)), {'ids': [3]}))
given(("DELETE FROM t WHERE a = :a", {'a': dt.date(2024, 1, 2)}))
given(text("INSERT INTO t (j) VALUES (:j)").bindparams(sa.bindparam('j', {'k': 1}, type_=sa.JSON)))
given(t.update().values(a='z').where(text("a = :old").bindparams(old='y')))
`
  t.same(on('postgres', script), [
    "SELECT 'it''s', '12:30', :b, x::text",
    "UPDATE t SET a = 'x' WHERE id = 1",
    'UPDATE t SET a = NULL WHERE id = 2',
    'DELETE FROM t WHERE id IN (1, 2)',
    'DELETE FROM t WHERE id IN (3)',
    "DELETE FROM t WHERE a = '2024-01-02'",
    `INSERT INTO t (j) VALUES ('{"k": 1}')`,
    "UPDATE t SET a = 'z' WHERE a = 'y'",
  ])
})

t.test('a tuple in a text is a list in parentheses, a list is an array of PostgreSQL', async (t) => {
  const script = `
given((text("DELETE FROM t WHERE id IN :ids"), {'ids': (1, 2)}))
given((text("DELETE FROM t WHERE id = ANY(:ids)"), {'ids': [1, 2]}))
`
  t.same(on('postgres', script), ['DELETE FROM t WHERE id IN (1, 2)', 'DELETE FROM t WHERE id = ANY(ARRAY[1, 2])'])
  t.match(on('sqlite', script)[0], /^problem: SQLite takes no list/)
})

t.test('what is not there, or not known, is told and not guessed', async (t) => {
  const script = `
given(t.insert().values(nothing=1))
given(text("SELECT :x"))
given(t.update())
given((t.insert(), [{'id': 1, 'a': 'x'}, {'id': 2}]))
given(t.insert().values(a=open('f').read()))
given(t.insert().values(x={'a': 1}))
given(t.update().values(a=sa.bindparam('q')))
`
  const patterns = [
    /^problem: the table t is said to have no column nothing/,
    /^problem: the SQL has a parameter :x without a value/,
    /^problem: an UPDATE that sets nothing/,
    /^problem: a row has no value for a column/,
    /^problem: open\(\) is not run/,
    /^problem: a dict is given where no JSON column is known/,
    /^problem: the parameter q has no value/,
  ]
  const problems = on('postgres', script)
  t.equal(problems.length, patterns.length)
  patterns.forEach((pattern, at) => void t.match(problems[at], pattern))
})

t.test('Boolean columns alone are conditions', async (t) => {
  const script = 'given(t.update().where(t.c.b, ~t.c.b).values(b=~t.c.b))'
  t.same(on('postgres', script), ['UPDATE t SET b = NOT t.b WHERE t.b AND NOT t.b'])
  t.same(on('sqlite', script), ['UPDATE t SET b = t.b = 0 WHERE t.b = 1 AND t.b = 0'])
})

t.test('defaults of a Table are what SQLAlchemy inserts', async (t) => {
  const script = `
import datetime
from app import compute
d = sa.Table('d', m, sa.Column('id', sa.Integer, primary_key=True), sa.Column('kind', sa.String(5), default='x'),
    sa.Column('at', sa.DateTime, default=datetime.datetime.utcnow), sa.Column('made', sa.Integer, default=compute))
given(sa.insert(d).values(id=1, made=2, at=sa.func.now()))
given(sa.insert(d).values(id=1, at=None))
`
  const [first, second] = on('postgres', script)
  t.equal(first, "INSERT INTO d (id, kind, at, made) VALUES (1, 'x', now(), 2)")
  t.match(second, /^problem: from app import compute is not known/)
})

t.test('an UPDATE sets what onupdate= says', async (t) => {
  const script = `
d = sa.Table('d', m, sa.Column('id', sa.Integer), sa.Column('a', sa.Integer), sa.Column('at', sa.DateTime, onupdate=func.now()))
given(sa.update(d).values(a=1).where(d.c.id == 2))
given(d.update().values(at=None))
`
  t.same(on('postgres', script), ['UPDATE d SET a = 1, at = now() WHERE d.id = 2', 'UPDATE d SET at = NULL'])
})

t.test('an UPDATE of several tables', async (t) => {
  const script = 'given(t.update().values(a=u.c.name).where(u.c.t_id == t.c.id))'
  t.same(on('postgres', script), ['UPDATE t SET a = u.name FROM u WHERE u.t_id = t.id'])
  t.same(on('mysql', script), ['UPDATE t, u SET t.a = u.name WHERE u.t_id = t.id'])
  t.match(on('sqlite', 'given(t.delete().where(u.c.t_id == t.c.id))')[0], /^problem: SQLite deletes/)
})

t.test('a recursive query names itself', async (t) => {
  const script = `
n = sa.table('n', sa.column('id', sa.Integer), sa.column('parent', sa.Integer))
tree = select(n.c.id).where(n.c.parent == None).cte('tree', recursive=True)
tree = tree.union_all(select(n.c.id).where(n.c.parent == tree.c.id))
given(select(tree.c.id))
given(t.delete().where(t.c.id.in_(select(tree.c.id))))
`
  const tree =
    'WITH RECURSIVE tree(id) AS ( SELECT n.id FROM n WHERE n.parent IS NULL UNION ALL SELECT n.id FROM n, tree WHERE n.parent = tree.id )'
  t.same(on('postgres', script), [
    `${tree} SELECT tree.id FROM tree`,
    `${tree} DELETE FROM t WHERE t.id IN (SELECT tree.id FROM tree)`,
  ])
})
