import type { Found, Rule, Step } from './rule.ts'
import { statementSql, tableText } from './wording.ts'

const ifNotExists: Rule = {
  name: 'if-not-exists',
  about: 'IF NOT EXISTS for what an earlier statement of the chain has made: nothing is done, whatever it says',
  dialects: ['postgres', 'mysql', 'sqlite'],
  severity: 'warning',
  find: (step) => (step.guarded ? [] : step.operations.flatMap((operation) => passedOver(operation, step))),
}

function passedOver(operation: Step['operations'][number], step: Step): readonly Found[] {
  if (!('table' in operation) || !operation.table || step.table(operation.table)?.unknown !== undefined) return []
  if (operation.kind === 'createTable' && operation.ifNotExists && step.table(operation.table))
    return [found(`the table ${tableText(operation.table)}`, step)]
  if (operation.kind === 'addColumn' && operation.ifNotExists) {
    const known = step.table(operation.table)?.columns.some((c) => c.name === operation.column.name)
    return known ? [found(`the column ${tableText(operation.table)}.${operation.column.name}`, step)] : []
  }
  return []
}

function found(what: string, { text }: Step): Found {
  return {
    why: `an earlier statement has made ${what}: this one does nothing, and hides it where the two differ`,
    safe: `-- leave it out, or say what is to change:\n${statementSql(text.replace(/\bif\s+not\s+exists\s+/i, ''))}`,
  }
}

const notFollowed: Rule = {
  name: 'not-followed',
  about: 'a statement that the review cannot follow: look at it yourself',
  dialects: ['postgres', 'mysql', 'sqlite'],
  severity: 'note',
  find: (step) =>
    step.unknown === undefined
      ? []
      : [
          {
            why: `no rule sees what this statement does: ${step.unknown}`,
            safe: '-- look at it yourself',
          },
        ],
}

export const existing: readonly Rule[] = [ifNotExists, notFollowed]
