import type { AddColumn, DropColumn } from '../schema/operation.ts'
import { plainName, type Table } from '../schema/table.ts'
import type { Rule, Step } from './rule.ts'
import { tableSql, tableText, written } from './wording.ts'

const dialects = ['sqlite'] as const

const refusedAddition: Rule = {
  name: 'add-column-refused',
  about: 'an ADD COLUMN that SQLite refuses: UNIQUE, PRIMARY KEY, a default that is no constant',
  dialects,
  severity: 'error',
  find: (step) =>
    step.operations
      .filter((o): o is AddColumn => o.kind === 'addColumn')
      .flatMap((operation) => {
        const { table, column } = operation
        const reason = additionFault(operation, step)
        if (reason === undefined) return []
        return [
          {
            why: `SQLite refuses to add ${tableText(table)}.${column.name}: ${reason}`,
            safe: [
              `ALTER TABLE ${tableSql(table, step)} ADD COLUMN ${written(column.name, step)} …;`,
              `CREATE UNIQUE INDEX … ON ${tableSql(table, step)} (${written(column.name, step)}); -- for a key`,
              `UPDATE ${tableSql(table, step)} SET ${written(column.name, step)} = …; -- for a value`,
            ].join('\n'),
          },
        ]
      }),
}

function additionFault({ table, column, constraints = [] }: AddColumn, step: Step): string | undefined {
  const key = constraints.find((c) => c.kind === 'unique' || c.kind === 'primaryKey')
  if (key) return `it is ${key.kind === 'unique' ? 'UNIQUE' : 'the PRIMARY KEY'}`
  const { serverDefault } = column
  if (step.isNew(table) || typeof serverDefault !== 'object' || serverDefault.kind !== 'sql') return undefined
  const isConstant = !/^\(|^current_(time|date|timestamp)$/i.test(serverDefault.text.trim())
  return isConstant ? undefined : `its default ${serverDefault.text} is no constant, and the table has rows`
}

const refusedDrop: Rule = {
  name: 'drop-column-refused',
  about: 'a DROP COLUMN that SQLite refuses: the column is in a key or an index',
  dialects,
  severity: 'error',
  find: (step) =>
    step.operations
      .filter((o): o is DropColumn => o.kind === 'dropColumn')
      .flatMap(({ table, column }) => {
        const known = step.table(table)
        const reason = known && dropFault(known, column)
        if (!reason) return []
        return [
          {
            why: `SQLite refuses to drop ${tableText(table)}.${column}: it is in ${reason.what}`,
            safe: reason.index
              ? `DROP INDEX ${written(reason.index, step)};\nALTER TABLE ${tableSql(table, step)} DROP COLUMN ${written(column, step)};`
              : `-- a rebuild: a new table without the column, INSERT … SELECT, DROP TABLE ${tableSql(table, step)}, RENAME TO`,
          },
        ]
      }),
}

function dropFault(table: Table, column: string): { readonly what: string; readonly index?: string } | undefined {
  const isOurs = (name: unknown) => typeof name === 'string' && name.toLowerCase() === column.toLowerCase()
  const key = table.constraints.find((c) => (c.kind === 'primaryKey' || c.kind === 'unique') && c.columns.some(isOurs))
  if (key) return { what: key.kind === 'unique' ? 'a UNIQUE constraint' : 'the PRIMARY KEY' }
  const index = table.indexes.find((i) => i.columns.some(isOurs))
  const name = index && plainName(index.name)
  return name === undefined ? undefined : { what: `the index ${name}`, index: name }
}

export const sqliteColumns: readonly Rule[] = [refusedAddition, refusedDrop]
