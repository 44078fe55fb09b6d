import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import t from 'tap'
import { type DialectName, dialectNames } from '../../lib/dialects/dialect-name.ts'
import { type Case, type Group, targetOf } from '../compiler/case.ts'
import { isOn } from '../compiler/run-case.ts'
import { byImport, revisions } from './revisions.ts'

/** With UPDATE_GOLDEN=1 the files are written anew, to be reviewed as a diff. */
const update = process.env.UPDATE_GOLDEN === '1'

for (const group of revisions) {
  for (const dialect of dialectNames) {
    const file = `test/fixtures/importer/alembic/${dialect}/${group.name}.sql`
    const text = goldenText(group, dialect)
    if (update && text !== '') write(file, text)
    t.test(`the scripts of ${group.name} on ${dialect} are the SQL that was reviewed`, async (t) => {
      t.equal(text, existsSync(file) ? readFileSync(file, 'utf8') : '')
      t.notMatch(text, /[ \t]$/m, 'no trailing blanks')
    })
  }
}

function goldenText(group: Group, dialect: DialectName): string {
  const cases = group.cases.filter((test) => isOn(test, dialect))
  return cases.length === 0 ? '' : `${cases.map((test) => caseText(test, dialect)).join('\n\n\n')}\n`
}

function caseText(test: Case, dialect: DialectName): string {
  const { statements, notes, problem } = byImport(test, targetOf(test, dialect, test.flavor))
  const head = [`-- script: ${test.name}`, ...notes.map((note) => `-- note: ${note}`)].join('\n')
  const end = problem === undefined ? [] : [`-- todo: ${problem}`]
  return [head, ...statements.map((s) => `${s};`), ...end].join('\n\n')
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
