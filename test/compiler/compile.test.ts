import t from 'tap'
import { compile } from '../../lib/compiler/compile.ts'
import { apply, markUnknown } from '../../lib/schema/apply.ts'
import type { Operation } from '../../lib/schema/operation.ts'
import { emptySchema } from '../../lib/schema/table.ts'
import { type } from '../../lib/schema/type-spec.ts'
import { col, id, start } from './cases/short.ts'

const drop: Operation = {
  kind: 'batch',
  table: { name: 't' },
  steps: [{ kind: 'dropColumn', table: { name: 't' }, column: 'a' }],
}

t.test('what cannot be known is a problem, never a guess', async (t) => {
  const reason = (operation: Operation, dialect: 'mysql' | 'sqlite' | 'postgres', schema = emptySchema) =>
    compile(operation, schema, { dialect }).problems[0]?.reason
  t.match(reason(drop, 'sqlite'), /the shape of the table t is not known/)
  const known = apply(emptySchema, start, { dialect: 'sqlite' })
  t.match(reason(drop, 'sqlite', markUnknown(known, { name: 't' }, 'raw ALTER')), /not known in full: raw ALTER/)
  const text: Operation = { kind: 'createTable', table: { name: 'u', columns: [id, col('a', type('String'))] } }
  t.match(reason(text, 'mysql'), /VARCHAR requires a length/)
  t.match(reason({ kind: 'dropIndex', name: 'ix' }, 'mysql'), /needs to know the table/)
  t.match(reason({ kind: 'execute', sql: 'SELECT :x' }, 'postgres'), /parameter :x/)
})

t.test('a problem comes without statements', async (t) => {
  const { statements, problems } = compile(drop, emptySchema, { dialect: 'sqlite' })
  t.same(statements, [])
  t.equal(problems.length, 1)
})

t.test('nothing of a schema changes in place, and what does not change is shared', async (t) => {
  const before = apply(emptySchema, start, { dialect: 'sqlite' })
  const other: Operation = { kind: 'createTable', table: { name: 'u', columns: [id] } }
  const after = apply(apply(before, other, { dialect: 'sqlite' }), drop, { dialect: 'sqlite' })
  t.equal(before.tables.t?.columns.length, 2)
  t.equal(after.tables.t?.columns.length, 1)
  t.same(emptySchema.tables, {})
})

t.test('SQL text loses the indentation of its script, but nothing inside of quotes', async (t) => {
  const sql = (text: string) =>
    compile({ kind: 'execute', sql: text }, emptySchema, { dialect: 'postgres' }).statements[0]
  t.equal(
    sql("\n        UPDATE t\n        SET a = 'x',\n            b = 'y';\n    "),
    "UPDATE t\nSET a = 'x',\n    b = 'y'",
  )
  t.equal(sql("\n    UPDATE t SET a = 'x\n      y'\n"), "UPDATE t SET a = 'x\n      y'")
  t.equal(sql('\n    DO $$\n      BEGIN\n      END\n    $$;\n'), 'DO $$\n      BEGIN\n      END\n    $$')
})

t.test('before SQLAlchemy 1.4 a Boolean brings its check along', async (t) => {
  const operation: Operation = { kind: 'createTable', table: { name: 't', columns: [id, col('b', type('Boolean'))] } }
  const text = (sqlalchemy: '1.3' | '1.4') =>
    compile(operation, emptySchema, { dialect: 'sqlite', sqlalchemy }).statements[0]
  t.match(text('1.3'), /CHECK \(b IN \(0, 1\)\)/)
  t.notMatch(text('1.4'), /CHECK/)
})
