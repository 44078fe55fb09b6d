import type { AlterColumn, DropColumn, DropTable, Operation, RenameTable } from '../schema/operation.ts'
import { findTable, type TableName } from '../schema/table.ts'
import { namesIn } from '../text/names-in.ts'
import type { Found, Rule, Step } from './rule.ts'
import { batched, overruled, statementSql, tableSql, tableText, written } from './wording.ts'

// What the code that runs while a release goes out still relies on.

const all = ['postgres', 'mysql', 'sqlite'] as const

const dropTable: Rule = {
  name: 'drop-table',
  about: 'a table is dropped that code still running may use',
  dialects: all,
  severity: 'warning',
  find: (step) => step.operations.filter(isDropTable).flatMap((operation) => droppedTable(operation, step)),
}

function isDropTable(operation: Operation): operation is DropTable {
  return operation.kind === 'dropTable'
}

function droppedTable({ table, ifExists }: DropTable, step: Step): readonly Found[] {
  if (step.isNew(table) || isRebuilt(table, step)) return []
  // what the chain does not know is cleared away, should it be there, before it is made
  const unknown = step.table(table) === undefined
  if (unknown && ifExists && findTable(step.file.end, table)) return []
  if (isMovedBack(table, step)) return []
  return [
    {
      why: lossOf(table, step),
      safe: `-- first release code that does not use it, then in a migration of its own:\n${overruled('drop-table', 'unused since release …', `DROP TABLE ${tableSql(table, step)};`)}`,
    },
  ]
}

/** What is lost, as far as the file tells. */
function lossOf(table: TableName, step: Step): string {
  const name = tableText(table)
  if (findTable(step.file.end, table)) return `${name} is dropped and made anew, and its rows do not come back`
  return `code that still uses ${name} fails${isCopied(table, step) ? '' : ', and its rows are gone for good'}`
}

/** The rows were copied elsewhere, and are copied into a new table of the name. */
function isMovedBack(table: TableName, step: Step): boolean {
  const later = step.file.steps.slice(step.file.steps.indexOf(step) + 1)
  return isCopied(table, step) && findTable(step.file.end, table) !== undefined && later.some((s) => fills(table, s))
}

function isCopied(table: TableName, step: Step): boolean {
  const before = step.file.steps.slice(0, step.file.steps.indexOf(step))
  return before.some((other) => {
    const copies = ['insert', 'create', 'with', 'select', 'replace'].includes(other.words[0] ?? '')
    const [, source] = copies ? (/\bselect\b(.*)$/is.exec(other.text) ?? []) : []
    return source !== undefined && [...namesIn(source, other.lexis)].includes(table.name.toLowerCase())
  })
}

function fills({ name }: TableName, { words, text, lexis }: Step): boolean {
  if (words[0] !== 'insert' && words[0] !== 'replace') return false
  const [head = '', rest] = text.split(/\bselect\b/i)
  return rest !== undefined && [...namesIn(head, lexis)].includes(name.toLowerCase())
}

/** Another table takes its name in this file: the rows went there. */
function isRebuilt(table: TableName, { file }: Step): boolean {
  return file.steps.some(({ operations }) =>
    operations.some((o) => o.kind === 'renameTable' && o.to === table.name && o.table.name !== table.name),
  )
}

const dropColumn: Rule = {
  name: 'drop-column',
  about: 'a column is dropped that code still running may use',
  dialects: all,
  severity: 'warning',
  find: (step) =>
    step.operations
      .filter((o): o is DropColumn => o.kind === 'dropColumn')
      .filter(({ table, column }) => !step.isNew(table) && !step.isNewColumn(table, column))
      .filter(({ table, column }) => !isReplaced(table, column, step))
      .map(({ table, column }) => ({
        why: `code that still uses ${tableText(table)}.${column} fails, and what is in it is gone for good`,
        safe: `-- first release code that does not use it, then in a migration of its own:\n${overruled('drop-column', 'unused since release …', `ALTER TABLE ${tableSql(table, step)} DROP COLUMN ${written(column, step)};`)}`,
      })),
}

/** Another column takes the name in the same file, as the last step of a change of type. */
function isReplaced(table: TableName, column: string, { file }: Step): boolean {
  return file.steps.some(({ operations }) =>
    operations.some(
      (o) => o.kind === 'alterColumn' && isSame(o.table, table) && o.column !== column && o.changes.name === column,
    ),
  )
}

/** It takes the name of a column that the same file drops. */
function replaces({ table, changes: { name } }: AlterColumn, { file }: Step): boolean {
  return file.steps.some(({ operations }) =>
    operations.some((o) => o.kind === 'dropColumn' && isSame(o.table, table) && o.column === name),
  )
}

function isSame(one: TableName, other: TableName): boolean {
  return one.name === other.name && one.schema === other.schema
}

const renameTable: Rule = {
  name: 'rename-table',
  about: 'a table gets another name while code still running uses the old one',
  dialects: all,
  severity: 'warning',
  find: (step) =>
    step.operations
      .filter((o): o is RenameTable => o.kind === 'renameTable')
      .filter((operation) => !step.isNew(operation.table) && !step.isVacant(renamed(operation)))
      .filter((operation) => !staysReachable(operation, step))
      .map((operation) => ({
        why: `code that still uses the name ${tableText(operation.table)} fails`,
        safe: underBothNames(operation, step),
      })),
}

function underBothNames(operation: RenameTable, step: Step): string {
  const [old, fresh] = [tableSql(operation.table, step), tableSql(renamed(operation), step)]
  if (step.dialect === 'sqlite')
    return `-- views take no writes in SQLite: copy, and let a release use the new table first\nCREATE TABLE ${fresh} (…);\nINSERT INTO ${fresh} SELECT * FROM ${old};`
  return `${statementSql(step.text)}\n-- in the same file: the old name goes on until no code uses it\nCREATE VIEW ${old} AS SELECT * FROM ${fresh};`
}

function renamed({ table, to, toSchema }: RenameTable): TableName {
  const schema = toSchema ?? table.schema
  return { name: to, ...(schema !== undefined && { schema }) }
}

/** Something takes the old name in the same file: a view, or the table that this one makes room for. */
function staysReachable({ table }: RenameTable, { file }: Step): boolean {
  if (findTable(file.end, table)) return true
  return file.steps.some(
    ({ words, text }) =>
      words[0] === 'create' &&
      words.includes('view') &&
      new RegExp(`\\bview\\b[^(]*?\\b${escaped(table.name)}\\b`, 'i').test(text.slice(0, 500)),
  )
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

const renameColumn: Rule = {
  name: 'rename-column',
  about: 'a column gets another name while code still running uses the old one',
  dialects: all,
  severity: 'warning',
  find: (step) =>
    step.operations
      .filter((o): o is AlterColumn => o.kind === 'alterColumn')
      .filter(({ column, changes: { name } }) => name !== undefined && name.toLowerCase() !== column.toLowerCase())
      .filter(({ table, column }) => !step.isNew(table) && !step.isNewColumn(table, column))
      .filter((operation) => !replaces(operation, step))
      .map((operation) => ({
        why: `code that still uses the name ${tableText(operation.table)}.${operation.column} fails`,
        safe: expandAndContract(operation, step),
      })),
}

function expandAndContract({ table, column, changes }: AlterColumn, step: Step): string {
  const [name, old, fresh] = [tableSql(table, step), written(column, step), written(changes.name!, step)]
  return [
    '-- a release whose code writes both, then:',
    `ALTER TABLE ${name} ADD COLUMN ${fresh} …;`,
    batched(name, 'id', `UPDATE ${name} SET ${fresh} = ${old} WHERE ${fresh} IS NULL`, 'AND'),
    '-- a release whose code uses the new one alone, then:',
    `ALTER TABLE ${name} DROP COLUMN ${old};`,
  ].join('\n')
}

export const breaking: readonly Rule[] = [dropTable, dropColumn, renameTable, renameColumn]
