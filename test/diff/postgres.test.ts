import fc from 'fast-check'
import t, { type Test } from 'tap'
import { type Change, changesBetween } from '../../lib/diff/changes.ts'
import { compare } from '../../lib/diff/compare.ts'
import { everything, schemaOf } from '../catalogue/postgres-databases.ts'
import { kinds, notTested } from '../servers/databases.ts'
import { type Case, cases } from './postgres-cases.ts'
import { schema } from './postgres-schemas.ts'

t.setTimeout(300_000)

/** Changes one schema into another on the server, and tells by what, and what is still different then. */
async function changed(t: Test, { from, to, renames = [], rows = [], grants = false }: Omit<Case, 'name'>) {
  const [a, b] = [await schemaOf(t, [...from, ...rows]), await schemaOf(t, to)]
  const options = { ...everything, grants }
  const [actual, expected] = [await a.read(options), await b.read(options)]
  const changes = changesBetween(actual, expected, new Map(renames))
  try {
    await a.session.exec(['begin'])
    for (const { sql } of changes) await a.session.exec([sql])
    await a.session.exec(['commit'])
  } catch (error) {
    throw new Error(`${(error as Error).message}, in\n${changes.map(({ sql }) => sql).join(';\n')}`)
  }
  const reached = await a.read(options)
  // columns are added at the end, and stay where they are
  const told = compare(expected, reached).filter(({ kind }) => kind !== 'order of columns')
  return {
    changes,
    differences: compare(expected, actual),
    left: [...told, ...changesBetween(reached, expected, new Map())],
    session: a.session,
  }
}

async function tests(t: Test) {
  for (const one of cases) {
    t.test(`${one.name} is seen, and made`, async (t) => {
      const { changes, differences, left, session } = await changed(t, one)
      t.not(differences.length, 0)
      t.same(left, [], `by ${changes.map(({ sql }) => sql).join(';\n')}`)
      if (one.kept) t.same((await session.query(one.kept)).length, 1, 'the rows are kept')
    })
  }

  t.test('what may lose rows or values says so, and what needs to know the rows', async (t) => {
    const { changes } = await changed(t, {
      from: ['create table a (x int, y varchar(40), z int, keep varchar(10))', 'create table gone (id int)'],
      to: ['create table a (x smallint, z int not null, n int not null, keep varchar(20))'],
    })
    const of = (pattern: RegExp) => changes.find(({ sql }) => pattern.test(sql)) as Change
    t.match(of(/DROP TABLE/), { object: 'table gone', loses: /rows/ })
    t.match(of(/DROP COLUMN y/), { loses: /values/ })
    t.match(of(/COLUMN x TYPE/), { loses: /values of x that do not fit smallint/ })
    t.match(of(/COLUMN z SET NOT NULL/), { loses: undefined, unfinished: /where z is NULL/ })
    t.match(of(/ADD COLUMN n/), { loses: undefined, unfinished: /n has no default/ })
    t.match(of(/COLUMN keep TYPE/), { loses: undefined, unfinished: undefined })
  })

  t.test('any schema becomes any other', async (t) => {
    const seed = Number(process.env.SQLMIG_TEST_SEED) || undefined
    const numRuns = Number(process.env.SQLMIG_TEST_RUNS) || 30
    const becomes = fc.asyncProperty(schema, schema, async (a, b) => {
      const { left, changes } = await changed(t, { from: a.statements, to: b.statements })
      if (left.length > 0)
        throw new Error(`${JSON.stringify(left, null, 1)}, by\n${changes.map(({ sql }) => sql).join(';\n')}`)
    })
    await t.resolves(fc.assert(becomes, { numRuns, endOnFailure: true, ...(seed !== undefined && { seed }) }))
  })
}

kinds()
t.test('postgres', { skip: notTested('postgres') ?? false }, tests)
