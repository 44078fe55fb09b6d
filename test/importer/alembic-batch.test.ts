import t from 'tap'
import type { BatchStep } from '../../lib/schema/operation.ts'
import { type Done, upgrade } from './alembic-script.ts'

/** A batch as the kinds of its steps, with its predicate. */
function short({ operation, todo, when, tables }: Done): string {
  const under = when === undefined ? '' : `[${when}] `
  if (todo !== undefined) return `${under}todo ${todo}${tables ? ` (${tables.join()})` : ''}`
  if (operation?.kind !== 'batch') return `${under}${operation?.kind}`
  return `${under}batch ${operation.table.name}: ${operation.steps.map(stepText).join(', ')}`
}

function stepText(step: BatchStep): string {
  if (step.kind === 'addColumn') return `add ${step.column.name}`
  return 'column' in step ? `${step.kind} ${step.column}` : step.kind
}

function run(body: string, dialect: 'sqlite' | 'postgres' = 'sqlite'): readonly string[] {
  const { done, notes } = upgrade(body, dialect)
  return [...done.map(short), ...notes]
}

t.test('the steps of a batch are one operation, which knows its table', async (t) => {
  const { done } = upgrade(
    `
with op.batch_alter_table('t', schema='s', recreate='always') as b:
    b.drop_column('a')
    b.create_foreign_key('f', 'p', ['x'], ['id'], referent_schema='q')
    b.drop_index(b.f('i'))`,
    'sqlite',
  )
  const table = { name: 't', schema: 's' }
  t.same(done, [
    {
      operation: {
        kind: 'batch',
        table,
        recreate: 'always',
        steps: [
          { kind: 'dropColumn', table, column: 'a' },
          {
            kind: 'addConstraint',
            table,
            constraint: {
              kind: 'foreignKey',
              name: 'f',
              columns: ['x'],
              target: { name: 'p', schema: 'q' },
              targetColumns: ['id'],
            },
          },
          { kind: 'dropIndex', table, name: { fixed: 'i' } },
        ],
      },
      effects: 3,
    },
  ])
})

t.test('what is executed inside a batch does not wait for its end', async (t) => {
  const body = `
with op.batch_alter_table('t') as b:
    b.drop_column('a')
    b.execute('UPDATE t SET b = 1')
    op.drop_table('u')
    b.drop_column('b')`
  t.same(run(body), ['execute', 'dropTable', 'batch t: dropColumn a, dropColumn b'])
})

t.test('steps under other conditions are batches of their own, in order', async (t) => {
  const body = `
there = sa.inspect(op.get_bind()).has_table('x')
with op.batch_alter_table('t') as b:
    b.drop_column('a')
    b.drop_column('b')
    if there:
        b.drop_column('c')
        b.drop_column('d')
    else:
        b.drop_column('e')
    b.drop_column('f')`
  t.same(run(body), [
    'batch t: dropColumn a, dropColumn b',
    '[table x] batch t: dropColumn c, dropColumn d',
    '[not table x] batch t: dropColumn e',
    'batch t: dropColumn f',
  ])
})

t.test('a step that cannot be told stands between the others', async (t) => {
  const body = `
from app import column
with op.batch_alter_table('t') as b:
    b.drop_column('a')
    b.add_column(column())
    b.drop_column('c')
    b.create_table('q')
    b.frobnicate()`
  t.same(
    run(body).map((line) => line.replace(/batch_op.add_column: .*app.*\(t\)/, '… (t)')),
    [
      'todo batch_op.frobnicate is no directive that is known here',
      'batch t: dropColumn a',
      'todo … (t)',
      'batch t: dropColumn c',
      'todo create_table does not apply to a batch (t)',
      'calls from app import column',
    ],
  )
})

t.test('a batch whose own arguments cannot be told is as many todos as it has steps', async (t) => {
  const body = `
with op.batch_alter_table('t', reflect_kwargs={'listeners': [1]}) as b:
    b.drop_column('a')
    if op.get_bind().dialect.name == 'sqlite': b.drop_column('b')`
  t.same(run(body), ['todo op.batch_alter_table: reflect_kwargs has listeners (t)'])
  t.same(run(body, 'postgres'), ['batch t: dropColumn a'], 'no new table there, so they say nothing')
})

t.test('an exception loses the steps of its block, as with Alembic', async (t) => {
  const body = `
with op.batch_alter_table('t') as b:
    b.drop_column('a')
    raise ValueError('no')`
  t.match(run(body), [
    'todo the batch is left with an exception, and so this step is not done (t)',
    /^failed: .*ValueError/,
  ])
})

t.test('without a with block nobody can tell when it ends', async (t) => {
  t.same(run("b = op.batch_alter_table('t')\nb.drop_column('a')"), [
    'todo op.batch_alter_table(…).drop_column is used without "with"',
  ])
})

t.test('a batch that may fail inside of a try is done where nothing of it fails', async (t) => {
  const body = `
try:
    with op.batch_alter_table('t') as b:
        b.add_column(sa.Column('a', sa.Integer))
        b.drop_column('b')
except Exception:
    pass
op.drop_table('u')`
  t.same(run(body), ['[(not column t.a and column t.b)] batch t: add a, dropColumn b', 'dropTable'])
  const conditional = `
try:
    with op.batch_alter_table('t') as b:
        if sa.inspect(op.get_bind()).has_table('x'):
            b.drop_column('b')
except Exception:
    pass`
  t.same(run(conditional), ['[(table x and column t.b)] batch t: dropColumn b'])
})
