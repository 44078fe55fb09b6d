import t from 'tap'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { dialectNames } from '../../lib/dialects/dialect-name.ts'
import { statementsIn } from '../../lib/importer/statements.ts'
import { type Case, targetOf } from '../compiler/case.ts'
import { groups } from '../compiler/cases.ts'
import { isOn, runCase } from '../compiler/run-case.ts'
import { imported, revision } from './imported.ts'

/** Their Python says the same as their operations, but in other words: raw SQL, `t.a` for `a`, another order. */
const inOtherWords = [
  'add columns',
  'types that reflection changes',
  'indexes and keys that reflection does not see',
  'update, delete, insert from select',
  'a parameter without a value',
  'checks and indexes as expressions',
]

/** They have a `datetime.time` or a `timedelta`, which lib/python does not know. */
const unread = ['rows of all kinds', 'rows of PostgreSQL']

// The compiler's cases have their operations beside Python that real Alembic was judged with: that Python, imported, has
// to become the same SQL.
for (const group of groups) {
  for (const dialect of dialectNames) {
    const left = [...inOtherWords, ...unread]
    const cases = group.cases.filter((test) => isOn(test, dialect) && !left.includes(test.name))
    if (cases.length === 0) continue
    t.test(`the scripts of ${group.name} become the SQL of their operations on ${dialect}`, async (t) => {
      for (const test of cases) t.same(byScript(test, dialect), byOperations(test, dialect), test.name)
    })
  }
}

interface Outcome {
  readonly statements: readonly string[]
  readonly problems: readonly string[]
}

function byOperations(test: Case, dialect: DialectName): Outcome {
  const { statements, problem } = runCase(test, targetOf(test, dialect, test.flavor))
  const texts = statementsIn(statements, dialect).map(({ text }) => text)
  return { statements: texts, problems: problem === undefined ? [] : [problem] }
}

function byScript(test: Case, dialect: DialectName): Outcome {
  const { statements, todos } = imported(revision(test.python), targetOf(test, dialect, test.flavor))
  return { statements, problems: todos }
}
