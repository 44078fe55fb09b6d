import t from 'tap'
import type { Target } from '../../lib/schema/target.ts'
import { imported, revision } from './imported.ts'
import { type Around, readScript } from './schema-script.ts'

const imports = `
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from world import bind
m = sa.MetaData()
`
const postgres: Target = { dialect: 'postgres' }

function log(script: string, target: Target = postgres, around: Around = {}): readonly string[] {
  return readScript(imports + script, target, around).log
}

t.test('a table is created where it stands, or where it is absent', async (t) => {
  const table = "t = sa.Table('t', m, sa.Column('id', sa.Integer))\n"
  t.same(log(`${table}t.create(bind)`), ['createTable t'])
  t.same(log(`${table}t.create(bind, checkfirst=True)`), ['[not table t] createTable t'])
  t.same(log(`${table}t.create(bind, True)`, postgres, { facts: new Map([['table t', true]]) }), [])
  t.same(log(`${table}t.drop(bind, checkfirst=True)`), ['[table t] dropTable t'])
})

t.test('create_all makes referred tables first, each where it is absent', async (t) => {
  const tables = `
sa.Table('b', m, sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.ForeignKey('a.id'), type_=sa.Integer) if False else sa.Column('a', sa.Integer, sa.ForeignKey('a.id')))
sa.Table('a', m, sa.Column('id', sa.Integer, primary_key=True))
`
  t.same(log(`${tables}m.create_all(bind)`), ['[not table a] createTable a', '[not table b] createTable b'])
  t.same(log(`${tables}m.create_all(bind, checkfirst=False)`), ['createTable a', 'createTable b'])
  t.same(log(`${tables}m.create_all(bind, tables=[m.tables['b']])`), ['[not table b] createTable b'])
  t.same(log(`${tables}m.drop_all(bind, checkfirst=False)`), ['dropTable b', 'dropTable a'])
  const circle = `
sa.Table('x', m, sa.Column('id', sa.Integer, primary_key=True), sa.Column('y', sa.Integer, sa.ForeignKey('y.id', name='fk_xy')))
sa.Table('y', m, sa.Column('id', sa.Integer, primary_key=True), sa.Column('x', sa.Integer, sa.ForeignKey('x.id', name='fk_yx')))
m.create_all(bind, checkfirst=False)
`
  t.same(log(circle), ['createTable x', 'createTable y', 'addConstraint x', 'addConstraint y'])
  t.same(log(circle, { dialect: 'sqlite' }), ['createTable x', 'createTable y'])
})

t.test('a table with something unknown in it is a todo, not another table', async (t) => {
  const script = "t = sa.Table(name_of_app(), m, sa.Column('id', sa.Integer))\nt.create(bind)"
  t.match(log(`from app import name_of_app\n${script}`).join('\n'), /^(?!.*createTable)/)
  const reflected = "t = sa.Table('t', m, autoload_with=bind)\n"
  t.match(log(`${reflected}t.create(bind)`), [/^todo the columns of t, which is read from the database/])
  t.match(log('m.reflect(bind)\nm.create_all(bind)'), [/^todo the tables that reflect\(\) finds/])
})

t.test('enum types are made on PostgreSQL only, and only native ones', async (t) => {
  t.same(log("sa.Enum('a', name='e').create(bind)"), ['createEnum e'])
  t.same(log("postgresql.ENUM('a', name='e', create_type=False).create(bind, checkfirst=True)"), ['createEnum e'])
  t.same(log("sa.Enum('a', name='e', native_enum=False).create(bind)"), [])
  t.same(log("sa.Enum('a', name='e').drop(bind, checkfirst=False)"), ['dropEnum e'])
  t.same(log("sa.Enum('a', name='e').create(bind)", { dialect: 'mysql' }), [])
  const { operations } = readScript(`${imports}postgresql.ENUM('a', name='e').create(bind)`, postgres)
  t.match(operations, [{ kind: 'createEnum', checkFirst: true }])
  const plain = readScript(`${imports}sa.Enum('a', name='e').create(bind)`, postgres)
  t.match(plain.operations, [{ kind: 'createEnum', checkFirst: false }])
})

t.test('a sequence is made by its own call and before the table that has it, on PostgreSQL', async (t) => {
  t.same(log("sa.Sequence('s', start=5).create(bind)"), ['createSequence s'])
  t.same(log("sa.Sequence('s').drop(bind)"), ['dropSequence s'])
  const table = "sa.Table('t', m, sa.Column('id', sa.Integer, sa.Sequence('s'), primary_key=True)).create(bind)"
  t.same(log(table), ['createSequence s', 'createTable t'])
  t.same(log(table, { dialect: 'sqlite' }), ['createTable t'])
})

t.test('an index is created on the table of its columns, by its convention', async (t) => {
  const table = "t = sa.Table('t', m, sa.Column('id', sa.Integer), sa.Column('b', sa.Integer))\n"
  const made = readScript(`${imports}${table}sa.Index('ix', t.c.id, t.c['b']).create(bind)`, postgres)
  t.match(made.operations, [
    { kind: 'createIndex', table: { name: 't' }, index: { name: { fixed: 'ix' }, columns: ['id', 'b'] } },
  ])
  t.same(log(`${table}sa.Index('ix', t.c.id).drop(bind)`), ['dropIndex t'])
  t.same(log(`${table}sa.Index('ix', t.c.id).create(bind, checkfirst=True)`), ['[not index ix on t] createIndex t'])
})

t.test('the tables of declarative classes are made with the others of their MetaData', async (t) => {
  const model = `
from sqlalchemy.orm import declarative_base
Base = declarative_base()
class User(Base):
    __tablename__ = 'users'
    id = sa.Column(sa.Integer, primary_key=True)
`
  t.same(log(`${model}Base.metadata.create_all(bind, tables=[User.__table__])`), [
    '[not table users] createTable users',
  ])
  t.same(log(`${model}User.__table__.create(bind)`), ['createTable users'])
  const unknown = `${model}from app import Money\nclass T(Base):\n    __tablename__ = 't'\n    id = sa.Column(sa.Integer, primary_key=True)\n    x = Money()\n`
  t.match(log(`${unknown}Base.metadata.create_all(bind)`), [/^todo the table of the class T: its attribute x/])
  t.same(log(`${unknown}Base.metadata.create_all(bind, tables=[User.__table__])`), [
    '[not table users] createTable users',
  ])
})

t.test('a reflected table that the history has made is known', async (t) => {
  const script = `
sa.Table('t', m, sa.Column('id', sa.Integer, primary_key=True), sa.Column('b', sa.String(5))).create(bind)
r = sa.Table('t', sa.MetaData(), autoload_with=bind)
names = [c.name for c in r.columns]
has = 'b' in r.c
`
  const { vm, value } = readScript(imports + script, postgres)
  t.equal(vm.shown(value('names')), "['id', 'b']")
  t.equal(value('has'), true)
})

t.test('an index over an expression is on the table whose columns stand in it', async (t) => {
  const table = "t = sa.Table('t', m, sa.Column('a', sa.Text))\n"
  const made = readScript(`${imports}${table}sa.Index('ix', sa.func.lower(t.c.a)).create(bind)`, postgres)
  t.match(made.operations, [
    {
      kind: 'createIndex',
      table: { name: 't' },
      index: { columns: [{ kind: 'function', name: 'lower', args: [{ kind: 'column', name: 'a' }] }] },
    },
  ])
  t.match(log("sa.Index('ix', 'a').create(bind)"), [/^todo an Index is used without a table/])
})

t.test('a table whose making is listened to is a todo, events of rows are not', async (t) => {
  const table = "from sqlalchemy import event\nt = sa.Table('t', m, sa.Column('a', sa.Text))\n"
  t.match(log(`${table}event.listen(t, 'after_create', sa.DDL('SELECT 1'))\nt.create(bind)`), [
    /^todo what is run at after_create/,
  ])
  t.same(log(`${table}event.listen(t, 'before_insert', print)\nt.create(bind)`), ['createTable t'])
})

t.test('a statement that runs on what its MetaData is bound to is not lost', async (t) => {
  const made = `op.create_table('t', sa.Column('id', sa.Integer), sa.Column('a', sa.String(5)))
meta = sa.MetaData()
meta.bind = op.get_bind()
t = sa.Table('t', meta, sa.Column('id', sa.Integer), sa.Column('a', sa.String(5)))
`
  const after = (line: string) => {
    const { statements, todos } = imported(revision(made + line), { dialect: 'postgres' })
    return [...statements.slice(1).map((sql) => sql.replace(/\s+/g, ' ')), ...todos.map((todo) => `todo: ${todo}`)]
  }
  t.same(after("t.insert().execute(a='x')"), ["INSERT INTO t (a) VALUES ('x')"])
  t.same(after("t.insert().execute({'id': 1, 'a': 'x'})"), ["INSERT INTO t (id, a) VALUES (1, 'x')"])
  t.same(after("t.update().where(t.c.id == 1).values(a='y').execute()"), ["UPDATE t SET a = 'y' WHERE t.id = 1"])
  t.same(after('t.delete().execute()'), ['DELETE FROM t'])
  t.same(after('meta.bind.execute(t.delete())'), ['DELETE FROM t'])
  t.match(after('import elsewhere\nt.update().execute(a=elsewhere.value())'), [/^todo: .*elsewhere/])
  t.match(after("sa.text('DELETE FROM t').execute()"), [/^todo: /])
  t.same(after("op.add_column('t', sa.Column('b', sa.Integer))"), ['ALTER TABLE t ADD COLUMN b INTEGER'])
})
