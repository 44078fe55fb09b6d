import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import t from 'tap'
import { dialectNames } from '../../lib/dialects/dialect-name.ts'
import { targetOf } from './case.ts'
import { groups } from './cases.ts'
import { goldenText } from './run-case.ts'

/** With UPDATE_GOLDEN=1 the files are written anew, to be reviewed as a diff. */
const update = process.env.UPDATE_GOLDEN === '1'

for (const group of groups) {
  for (const dialect of dialectNames) {
    const file = `test/fixtures/compiler/${dialect}/${group.name}.sql`
    const text = goldenText(group, dialect, (test) => targetOf(test, dialect, test.flavor))
    if (update) write(file, text)
    t.test(`${group.name} on ${dialect} are the SQL that was reviewed`, async (t) => {
      t.equal(text, existsSync(file) ? readFileSync(file, 'utf8') : '')
      t.notMatch(text, /[ \t]$/m, 'no trailing blanks')
    })
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  if (text === '') rmSync(file, { force: true })
  else writeFileSync(file, text)
}
