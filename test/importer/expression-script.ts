import { compile } from '../../lib/compiler/compile.ts'
import { withParameters } from '../../lib/compiler/parameters.ts'
import { renderSelect } from '../../lib/compiler/select.ts'
import { statementFrom } from '../../lib/importer/sqlalchemy/read-expression.ts'
import type { StatementData } from '../../lib/importer/sqlalchemy/sa-statement.ts'
import { Unreadable } from '../../lib/importer/unreadable.ts'
import { emptySchema } from '../../lib/schema/table.ts'
import type { Target } from '../../lib/schema/target.ts'
import { Unknowable } from '../../lib/schema/unknowable.ts'
import { readScript } from './schema-script.ts'

/** The SQL of what a script gives to `given(statement)` or `given((statement, parameters))`, one text for each statement. */
export function sqlOf(script: string, target: Target): readonly string[] {
  const found: string[] = []
  const read = readScript(`from world import given\n${script}`, target, {
    given: (vm, value) => {
      const [statement = null, parameters = null] =
        typeof value === 'object' && value !== null && value.kind === 'tuple' ? value.items : [value]
      try {
        found.push(...statementFrom(vm, statement, parameters).flatMap((data) => rendered(data, target)))
      } catch (error) {
        if (!(error instanceof Unreadable || error instanceof Unknowable)) throw error
        found.push(`problem: ${error.message}`)
      }
    },
  })
  return [...found, ...read.log]
}

function rendered(data: StatementData, target: Target): readonly string[] {
  if (data.kind === 'select') return [renderSelect(data.select, target)]
  const operation = data.kind === 'operation' ? data.operation : { ...data, kind: 'execute' as const }
  if (operation.kind === 'execute') return [withParameters(operation, target.dialect)]
  const { statements, problems } = compile(operation, emptySchema, target)
  return [...statements, ...problems.map(({ reason }) => `problem: ${reason}`)]
}
