import { compile } from '../../lib/compiler/compile.ts'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { apply } from '../../lib/schema/apply.ts'
import { emptySchema, type Schema } from '../../lib/schema/table.ts'
import type { Target } from '../../lib/schema/target.ts'
import type { Case, Group } from './case.ts'

export interface Outcome {
  readonly statements: readonly string[]
  readonly notes: readonly string[]
  readonly problem?: string
  readonly schema: Schema
}

/** The operations of a case, each compiled against what the ones before it made. */
export function runCase(
  { operations }: Pick<Case, 'operations'>,
  target: Target,
  start: Schema = emptySchema,
): Outcome {
  let schema = start
  const statements: string[] = []
  const notes: string[] = []
  for (const operation of operations) {
    const compiled = compile(operation, schema, target)
    statements.push(...compiled.statements)
    notes.push(...compiled.notes)
    const [problem] = compiled.problems
    if (problem) return { statements, notes, schema, problem: problem.reason }
    schema = apply(schema, operation, target)
  }
  return { statements, notes, schema }
}

export function isOn(test: Case, dialect: DialectName): boolean {
  return test.on === undefined || test.on.includes(dialect)
}

/** A group of cases on one dialect as the text of its golden file. */
export function goldenText(group: Group, dialect: DialectName, targetOf: (test: Case) => Target): string {
  const parts = group.cases
    .filter((test) => isOn(test, dialect))
    .map((test) => {
      const { setup = 0, operations } = test
      const target = targetOf(test)
      const { schema } = runCase({ operations: operations.slice(0, setup) }, target)
      const { statements, notes, problem } = runCase({ operations: operations.slice(setup) }, target, schema)
      const lines = [`-- case: ${test.name}`, ...notes.map((n) => `-- note: ${n}`)]
      const end = problem === undefined ? [] : [`-- problem: ${problem}`]
      return [lines.join('\n'), ...statements.map((s) => `${s};`), ...end].join('\n\n')
    })
  return parts.length === 0 ? '' : `${parts.join('\n\n\n')}\n`
}
