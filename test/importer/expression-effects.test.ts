import t from 'tap'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { imported, revision } from './imported.ts'

const all: readonly DialectName[] = ['postgres', 'mysql', 'sqlite']

function run(body: string, dialect: DialectName) {
  const { statements, todos } = imported(revision(`import datetime as dt, uuid\n${body}`), { dialect })
  return [...statements.map((sql) => sql.replace(/\s+/g, ' ')), ...todos.map((todo) => `todo: ${todo}`)]
}

const roles = `
roles = sa.table('roles', sa.column('id', sa.Integer), sa.column('name', sa.String), sa.column('active', sa.Boolean),
    sa.column('at', sa.DateTime))
conn = op.get_bind()
`

t.test('statements that a connection or op executes are in the file', async (t) => {
  const script = `${roles}
conn.execute(roles.insert(), [{'id': 1, 'name': 'a'}, {'id': 2, 'name': 'b'}])
conn.execute(sa.update(roles).where(roles.c.name == sa.bindparam('n')).values(active=True), {'n': 'a'})
op.execute(roles.delete().where(roles.c.id.in_([1, 2])))
conn.execute(sa.select(roles.c.id))`
  t.same(run(script, 'postgres'), [
    "INSERT INTO roles (id, name) VALUES (1, 'a'), (2, 'b')",
    "UPDATE roles SET active = true WHERE roles.name = 'a'",
    'DELETE FROM roles WHERE roles.id IN (1, 2)',
  ])
})

t.test("the application's clock becomes the server's", async (t) => {
  const script = `${roles}
op.execute(roles.update().values(at=dt.datetime.utcnow()))
conn.execute(roles.insert().values(id=1, at=dt.datetime.now(dt.timezone.utc)))
conn.execute(sa.text("UPDATE roles SET at = :now"), {'now': dt.datetime.now()})`
  const sql = (utc: string, zoned: string, local: string) => [
    `UPDATE roles SET at = ${utc}`,
    `INSERT INTO roles (id, at) VALUES (1, ${zoned})`,
    `UPDATE roles SET at = ${local}`,
  ]
  t.same(run(script, 'postgres'), sql("(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')", 'CURRENT_TIMESTAMP', 'LOCALTIMESTAMP'))
  t.same(run(script, 'mysql'), sql('UTC_TIMESTAMP()', 'UTC_TIMESTAMP()', 'NOW()'))
  t.same(run(script, 'sqlite'), sql('CURRENT_TIMESTAMP', 'CURRENT_TIMESTAMP', "datetime('now', 'localtime')"))
})

t.test('what is computed from the clock is a todo', async (t) => {
  const script = `${roles}
op.execute(roles.update().values(at=dt.datetime.utcnow() - dt.timedelta(days=1)))`
  for (const dialect of all) t.match(run(script, dialect), [/^todo: .*datetime\.utcnow\(\)/])
})

t.test('a new identity is made by the server, one for each row', async (t) => {
  const script = (rows: string) => `
k = sa.table('k', sa.column('id', postgresql.UUID(as_uuid=True)), sa.column('a', sa.Integer))
op.get_bind().execute(k.insert().values(${rows}))`
  t.same(run(script('id=uuid.uuid4(), a=1'), 'postgres'), ['INSERT INTO k (id, a) VALUES (gen_random_uuid(), 1)'])
  t.same(run(script('[{"id": uuid.uuid4()}, {"id": uuid.uuid4()}]'), 'postgres'), [
    'INSERT INTO k (id) VALUES (gen_random_uuid()), (gen_random_uuid())',
  ])
  const twice = script('[{"id": u, "a": a} for u in [uuid.uuid4()] for a in (1, 2)]')
  t.match(run(twice, 'postgres'), [/^todo: .*uuid4\(\)/])
  t.match(run('op.execute(f"INSERT INTO k VALUES (\'{uuid.uuid4()}\')")', 'postgres'), [/^todo: /])
})

t.test('an identity that two statements share is a todo', async (t) => {
  const script = `
k = sa.table('k', sa.column('id', postgresql.UUID(as_uuid=True)))
new = uuid.uuid4()
op.execute(k.insert().values(id=new))
op.execute(k.insert().values(id=new))`
  t.match(run(script, 'postgres'), ['INSERT INTO k (id) VALUES (gen_random_uuid())', /^todo: .*uuid4\(\)/])
})

t.test('the server makes a UUID in a text that inserts one row, and nowhere else', async (t) => {
  const script = (sql: string) => `op.get_bind().execute(sa.text("${sql}"), {'u': uuid.uuid4()})`
  t.same(run(script('INSERT INTO k (id) VALUES (:u)'), 'mysql'), ['INSERT INTO k (id) VALUES (UUID())'])
  t.match(run(script('UPDATE k SET id = :u'), 'mysql'), [/^todo: .*uuid4\(\)/])
  t.match(run(script('INSERT INTO k (id) SELECT :u FROM z'), 'mysql'), [/^todo: .*uuid4\(\)/])
})

t.test('a SELECT is a question that an INSERT can wait for', async (t) => {
  const script = `${roles}
if not conn.execute(sa.select(roles.c.id).where(roles.c.name == 'admin')).first():
    conn.execute(roles.insert().values(name='admin'))`
  t.same(run(script, 'postgres'), ["INSERT INTO roles (name) VALUES ('admin')"])
})
