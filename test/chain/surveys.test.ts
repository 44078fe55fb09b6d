import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { Surveys } from '../../lib/chain/surveys.ts'
import { sqlite } from '../../lib/dialects/sqlite.ts'

const file = { id: '20250101_000000_a', path: join(mkdtempSync(join(tmpdir(), 'sqlmig-surveys-')), 'a.up.sql') }

function survey(surveys: Surveys, running?: number) {
  return surveys.examine(file, sqlite, sqlite.lexis(), running)
}

t.test('a file that is as it was is not read again, another one is', async (t) => {
  writeFileSync(file.path, 'SELECT 1;')
  const surveys = new Surveys()
  const first = survey(surveys)
  t.equal(survey(surveys), first)
  t.not(survey(surveys, 1), first, 'what was asked about another statement says nothing of this one')
  writeFileSync(file.path, 'SELECT 2;')
  utimesSync(file.path, 1, 1)
  const second = survey(surveys)
  t.not(second.checksum, first.checksum)
  t.not(survey(new Surveys()), second)
})

t.test('of a large file it is told how far it is read, of a small one nothing', async (t) => {
  const told: number[] = []
  const surveys = new Surveys((read, bytes, total) => {
    t.equal(read.id, file.id)
    told.push(bytes / total)
  })
  writeFileSync(file.path, 'SELECT 1;')
  survey(surveys)
  t.strictSame(told, [])
  writeFileSync(file.path, 'SELECT 1;\n'.repeat(900_000))
  t.equal(survey(surveys).statements, 900_000)
  t.ok(told.length > 10)
  t.equal(told.at(-1), 1)
  t.strictSame(
    told,
    [...told].sort((a, b) => a - b),
  )
})

t.test('a file that is not there is an error', async (t) => {
  t.throws(() => new Surveys().examine({ id: 'b', path: `${file.path}.b` }, sqlite, sqlite.lexis(), undefined), {
    code: 'file-access',
  })
})
