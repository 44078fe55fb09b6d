import t from 'tap'
import { mysql } from '../../lib/dialects/mysql.ts'
import { postgres } from '../../lib/dialects/postgres.ts'
import { SqlmigError } from '../../lib/errors.ts'
import { batchOf, boundsIn, checkBatch } from '../../lib/text/batches.ts'
import { Splitter } from '../../lib/text/split.ts'

function batched(sql: string, by: string, dialect = postgres) {
  const lexis = dialect.lexis()
  const [statement] = [...new Splitter([`-- sqlmig: batch 10 by ${by}\n${sql}`], lexis)]
  const directive = batchOf(statement!)!
  return { statement: statement!, directive, lexis }
}

/** The statement with each bound in angle brackets. */
function marked(sql: string, by = 't.id', dialect = postgres): string {
  const { statement, directive, lexis } = batched(sql, by, dialect)
  checkBatch(statement, directive, lexis)
  let text = ''
  let at = 0
  for (const { start, end, edge, column } of boundsIn(statement.text, directive, lexis)) {
    text += `${statement.text.slice(at, start)}<${edge}${column === undefined ? '' : ` ${column}`}>`
    at = end
  }
  return text + statement.text.slice(at)
}

function refusal(sql: string, by = 't.id', dialect = postgres): SqlmigError {
  const { statement, directive, lexis } = batched(sql, by, dialect)
  try {
    checkBatch(statement, directive, lexis)
  } catch (error) {
    if (error instanceof SqlmigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const range = 'id between :batch_from and :batch_to'

t.test('bounds are tokens: what a literal, a name or a comment holds stays as it is', async (t) => {
  t.equal(
    marked(`update t set a = ':batch_from', b = $$:batch_to$$, "c:batch_to" = E'\\':batch_to' -- :batch_to
where /* :batch_from /* :batch_to */ */ ${range}`),
    `update t set a = ':batch_from', b = $$:batch_to$$, "c:batch_to" = E'\\':batch_to' -- :batch_to
where /* :batch_from /* :batch_to */ */ id between <from> and <to>`,
  )
  t.equal(
    marked(`update t set a = ":batch_from", b = 'x\\':batch_to' # :batch_to\nwhere ${range}`, 't.id', mysql),
    `update t set a = ":batch_from", b = 'x\\':batch_to' # :batch_to\nwhere id between <from> and <to>`,
  )
})

t.test('bounds may stand anywhere, in any case, more than once', async (t) => {
  t.equal(
    marked('delete from t where id>=:BATCH_FROM and id<=:batch_to::bigint and x <> :batch_to'),
    'delete from t where id>=<from> and id<=<to>::bigint and x <> <to>',
  )
  t.equal(
    marked(`update t set a = x::batch_from where ${range}`),
    'update t set a = x::batch_from where id between <from> and <to>',
  )
})

t.test('a key of several columns has bounds for the row and for each column', async (t) => {
  t.equal(
    marked('delete from t where (a, b) >= :batch_from and (a, b) <= :batch_to and a <= :batch_to_a', 't.(a, "B")'),
    'delete from t where (a, b) >= <from> and (a, b) <= <to> and a <= <to 0>',
  )
  t.match(refusal('delete from t where a >= :batch_from_c and a <= :batch_to', 't.(a, b)'), {
    message: '":batch_from_c" is no bound of this batch',
    remedy: /:batch_from_a, :batch_from_b/,
    at: { line: 2, column: 26 },
  })
})

t.test('what batches cannot run is refused with its place', async (t) => {
  const cases: readonly (readonly [sql: string, message: RegExp])[] = [
    ['update t set a = 1', /does not name :batch_from/],
    ['update t set a = 1 where id >= :batch_from', /does not name :batch_to/],
    ["update t set a = 1 where id >= :batch_from and b <> ':batch_to'", /does not name :batch_to/],
    [`update t set a = 1 where ${range} and c = :batch_form`, /":batch_form" is no bound/],
    [`select * from t where ${range}`, /a statement of another kind/],
    ['insert into u values (:batch_from, :batch_to)', /a statement of another kind/],
    [`with x as (select 1) select * from t where ${range}`, /a statement of another kind/],
    [`insert into t select id + 1 from t where ${range}`, /inserts into t, whose rows/],
    [`insert into shop."t" (id) select id from t where ${range}`, /inserts into t, whose rows/],
    [`update t set a = 1, id = id + 1000 where ${range}`, /changes id, by which the batches go/],
    [`update only t as x set (a, id) = (1, 2) where ${range}`, /changes id/],
  ]
  for (const [sql, message] of cases) t.match(refusal(sql), { code: 'directive', message, at: { line: /[12]/ } }, sql)
})

t.test('what only looks like that is not refused', async (t) => {
  for (const sql of [
    `update t set a = (select max(id) from u where id = 5) where ${range}`,
    `update u set id = 5 from v where ${range}`,
    `insert into u (id) select id from t where ${range}`,
    `with x as (select 1) delete from t where ${range}`,
    `delete from t where ${range} and id = 5`,
  ])
    t.match(marked(sql), /<from>.*<to>/, sql)
})
