import fc from 'fast-check'
import t from 'tap'
import { type Change, changesBetween, type Renames } from '../../lib/diff/changes.ts'
import { compare } from '../../lib/diff/compare.ts'
import { built, inMemory, read } from '../catalogue/sqlite-schemas.ts'
import { type RandomSchema, renamesBetween, schema } from './sqlite-schemas.ts'

const sqlOf = (all: readonly Change[]) => all.map(({ sql }) => sql)

/** Everything in which a schema still is not the other one after it was changed. */
async function left(from: RandomSchema, to: RandomSchema, renames: Renames) {
  const expected = await built(to.statements)
  return inMemory(async (session) => {
    await session.exec(from.statements)
    const statements = sqlOf(changesBetween(await read(session), expected, renames))
    for (const sql of statements)
      await session.exec([sql]).catch((error) => {
        throw new Error(`${sql}\n\n${error}`)
      })
    return compare(expected, await read(session))
  })
}

t.test('any schema becomes any other', async (t) => {
  const cases = fc
    .tuple(schema, schema)
    .chain(([from, to]) => renamesBetween(from, to).map((renames) => ({ from, to, renames })))
  await fc.assert(
    fc.asyncProperty(cases, async ({ from, to, renames }) => {
      const differences = await left(from, to, renames)
      if (differences.length > 0) throw new Error(JSON.stringify(differences, null, 1))
    }),
    {
      numRuns: Number(process.env.SQLMIG_TEST_SCHEMAS ?? 30),
      seed: Number(process.env.SQLMIG_TEST_SEED ?? 5),
      includeErrorInReport: true,
    },
  )
  t.pass('all of them did')
})
