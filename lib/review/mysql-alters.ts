import type { Action } from '../ddl/actions.ts'
import type { AddColumn, AddConstraint, AlterColumn, DropConstraint, Operation } from '../schema/operation.ts'
import type { Column, TableName } from '../schema/table.ts'
import type { TypeSpec } from '../schema/type-spec.ts'
import type { Found, Rule, Step } from './rule.ts'
import { statementSql, tableText } from './wording.ts'

// What InnoDB does online and what it does not: MySQL 8.4 "Online DDL Operations", MariaDB "InnoDB Online DDL".

const dialects = ['mysql'] as const

/** The author has said that the server is to refuse rather than to copy. */
function refusesToCopy({ actions, text }: Step): boolean {
  const said = actions.length > 0 ? actions.map(({ words }) => words.join(' ')).join(' ') : text.toUpperCase()
  return /\bALGORITHM\s*=?\s*(INSTANT|INPLACE|NOCOPY)\b|\bLOCK\s*=?\s*NONE\b/.test(said)
}

const copies: Rule = {
  name: 'alter-copies-table',
  about: 'an ALTER TABLE for which the table is copied, while writes wait',
  dialects,
  severity: 'warning',
  find: (step) => {
    const { altered } = step
    if (!altered || step.isNew(altered) || refusesToCopy(step)) return []
    const reason =
      firstOf(step.operations, (o) => copyOf(o, step)) ??
      firstOf(step.actions, (action) => (isEngine(action, engineOf(altered, step)) ? undefined : copyingAction(action)))
    return reason === undefined ? [] : [copied(altered, reason, step)]
  },
}

function firstOf<T>(items: readonly T[], reason: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = reason(item)
    if (found !== undefined) return found
  }
  return undefined
}

function copied(table: TableName, reason: string, step: Step): Found {
  return {
    why: `${reason}: ${tableText(table)} is copied row by row, and writes to it wait meanwhile`,
    safe: [
      '-- a tool that copies beside the traffic (gh-ost, pt-online-schema-change), or a new column that is filled in batches;',
      '-- and to have the server refuse rather than copy:',
      `${statementSql(step.text).replace(/;$/, '')}, ALGORITHM=INPLACE, LOCK=NONE;`,
    ].join('\n'),
    table,
  }
}

function copyOf(operation: Operation, step: Step): string | undefined {
  switch (operation.kind) {
    case 'alterColumn':
      return retyped(operation, step)
    case 'addColumn':
      return operation.column.computed?.persisted ? `a stored generated column ${operation.column.name}` : undefined
    case 'addConstraint':
      return constraintCopy(operation, step)
    case 'dropConstraint':
      return dropsKeyAlone(operation, step) ? 'DROP PRIMARY KEY without a new one' : undefined
    default:
      return undefined
  }
}

function dropsKeyAlone(operation: DropConstraint, step: Step): boolean {
  return operation.type === 'primaryKey' && !step.operations.some(addsPrimaryKey)
}

function addsPrimaryKey(operation: Operation): boolean {
  return operation.kind === 'addConstraint' && operation.constraint.kind === 'primaryKey'
}

function constraintCopy({ constraint }: AddConstraint, step: Step): string | undefined {
  if (constraint.kind === 'check') return 'a new CHECK'
  if (constraint.kind !== 'foreignKey' || switchesChecksOff(step)) return undefined
  return 'a new foreign key, while foreign_key_checks is on'
}

/** Without checks a foreign key is added in place, and nobody looks whether it holds. */
function switchesChecksOff({ file, place }: Step): boolean {
  const before = file.steps.filter((other) => other.place.line < place.line)
  const last = before.findLast(({ words }) => words[0] === 'set' && words.includes('foreign_key_checks'))
  return last !== undefined && /foreign_key_checks\s*=\s*(0|off)/i.test(last.text)
}

function retyped({ table, column, changes }: AlterColumn, step: Step): string | undefined {
  const { type } = changes
  if (!type) return undefined
  const known = columnOf(table, column, step)
  if (!known) return `${column} may get another type`
  if (keepsRows(known.type, type)) return undefined
  const grows = known.type.kind === 'VARCHAR' && (type.args?.length ?? 0) > (known.type.args?.length ?? 0)
  return type.kind === 'VARCHAR' && grows
    ? `${column} may grow beyond 255 bytes (MariaDB does that at once)`
    : `${column} gets another type`
}

function columnOf(table: TableName, column: string, step: Step): Column | undefined {
  return step.table(table)?.columns.find((c) => c.name.toLowerCase() === column.toLowerCase())
}

/** Whether the server changes nothing but what it knows of the column. */
function keepsRows(old: TypeSpec, wanted: TypeSpec): boolean {
  if (old.kind !== wanted.kind) return false
  const [a, b] = [old.args ?? {}, wanted.args ?? {}]
  if ((b.charset ?? a.charset) !== a.charset || (b.collation ?? a.collation) !== a.collation) return false
  if (old.kind === 'VARCHAR') return staysInClass(a.length ?? 0, b.length ?? 0)
  if (old.kind === 'ENUM' || old.kind === 'SET') return (a.values ?? []).every((value, n) => b.values?.[n] === value)
  const shown = ['displayWidth', 'collation', 'charset']
  const kept = (args: object) =>
    JSON.stringify(
      Object.entries(args)
        .filter(([key]) => !shown.includes(key))
        .sort(),
    )
  return kept(a) === kept(b)
}

/** The length of a value takes one byte up to 255 bytes, then two; a character may have four. */
function staysInClass(old: number, wanted: number): boolean {
  return wanted >= old && (wanted * 4 <= 255 || old > 255 || old * 4 > 255)
}

/** The engine that the table has already. */
function isEngine({ words: [first], names }: Action, engine: string): boolean {
  return first === 'ENGINE' && names.at(-1)?.toLowerCase() === engine.toLowerCase()
}

function engineOf(table: TableName, step: Step): string {
  const known = step.table(table)?.options?.mysql_engine
  return typeof known === 'string' ? known : 'InnoDB'
}

function copyingAction({ words, names }: Action): string | undefined {
  const [first, second] = words
  if (first === 'PARTITION' && second === 'BY') return 'PARTITION BY'
  if (first === 'REMOVE' && second === 'PARTITIONING') return 'REMOVE PARTITIONING'
  if (first === 'ORDER' && second === 'BY') return 'ORDER BY'
  if (first === 'ALGORITHM' && words.includes('COPY')) return 'ALGORITHM=COPY'
  if (first === 'ENGINE') return `ENGINE=${names.at(-1)}`
  return undefined
}

const charset: Rule = {
  name: 'charset-conversion',
  about: 'CONVERT TO CHARACTER SET writes the table anew, while writes wait',
  dialects,
  severity: 'warning',
  find: (step) =>
    !step.altered || step.isNew(step.altered)
      ? []
      : step.actions
          .filter(({ words: [first, second] }) => first === 'CONVERT' && second === 'TO')
          .map(() => ({
            why: `every text of ${tableText(step.altered!)} is written anew while writes wait, and an index may become too long for its key`,
            safe: '-- a tool that copies beside the traffic (gh-ost, pt-online-schema-change); the default alone is changed at once:\nALTER TABLE … DEFAULT CHARACTER SET utf8mb4;',
            table: step.altered!,
          })),
}

const rebuilds: Rule = {
  name: 'alter-rebuilds-table',
  about: 'an ALTER TABLE that writes the table anew while it stays in use',
  dialects,
  severity: 'note',
  find: (step) => {
    const { altered } = step
    if (!altered || step.isNew(altered) || [copies, charset].some((rule) => rule.find(step).length > 0)) return []
    const reason = firstOf(step.operations, (o) => rebuildOf(o, step)) ?? firstOf(step.actions, rebuildingAction)
    if (reason === undefined) return []
    return [
      {
        why: `${reason}: ${tableText(altered)} is written anew, which takes its time and its room on disk, and replicas wait for it`,
        safe: `-- to have the server refuse what would keep writes waiting:\n${statementSql(step.text).replace(/;$/, '')}, ALGORITHM=INPLACE, LOCK=NONE;`,
        table: altered,
      },
    ]
  },
}

function rebuildOf(operation: Operation, step: Step): string | undefined {
  if (addsPrimaryKey(operation)) return 'a new primary key'
  if (operation.kind !== 'alterColumn' || operation.changes.nullable === undefined) return undefined
  const known = columnOf(operation.table, operation.column, step)
  if (!known || known.nullable === operation.changes.nullable) return undefined
  return `${operation.column} ${operation.changes.nullable ? 'may be' : 'may no longer be'} NULL`
}

function rebuildingAction({ words: [first], names }: Action): string | undefined {
  if (first === 'ENGINE') return `ENGINE=${names.at(-1)}`
  return first === 'FORCE' || first === 'ROW_FORMAT' || first === 'KEY_BLOCK_SIZE' ? first : undefined
}

const blocks: Rule = {
  name: 'index-blocks-writes',
  about: 'a FULLTEXT or SPATIAL index, or an AUTO_INCREMENT column, keeps writes waiting',
  dialects,
  severity: 'warning',
  find: (step) => [
    ...step.operations.flatMap((o) => {
      if (o.kind !== 'createIndex' || step.isNew(o.table)) return []
      const prefix = o.index.options?.mysql_prefix
      return prefix === 'FULLTEXT' || prefix === 'SPATIAL' ? [blocked(o.table, `a ${prefix} index is built`, step)] : []
    }),
    ...step.operations
      .filter(
        (o): o is AddColumn => o.kind === 'addColumn' && !step.isNew(o.table) && o.column.autoincrement === 'written',
      )
      .map((o) => blocked(o.table, 'the rows are numbered', step)),
  ],
}

function blocked(table: TableName, meanwhile: string, step: Step): Found {
  return {
    why: `writes to ${tableText(table)} wait while ${meanwhile}`,
    safe: `-- a tool that copies beside the traffic (gh-ost, pt-online-schema-change), or an hour without writes:\n${statementSql(step.text)}`,
    table,
  }
}

const several: Rule = {
  name: 'several-alters',
  about: 'several ALTER TABLE of one table, each a commit and a pass of its own',
  dialects,
  severity: 'note',
  find: (step) => {
    const { altered } = step
    if (!altered || step.isNew(altered)) return []
    const at = step.file.steps.indexOf(step)
    const [earlier, former] = [step.file.steps[at - 2], step.file.steps[at - 1]]
    // told once, at the second of those in a row
    if (!former || !altersSame(former, altered) || (earlier && altersSame(earlier, altered))) return []
    if (dropsForeignKey(former)) return []
    return [
      {
        why: `MySQL commits after each ALTER TABLE: where the second fails the first stands, and ${tableText(altered)} may be written anew by each`,
        safe: '-- one statement takes effect as a whole or not at all:\nALTER TABLE … …, …;',
      },
    ]
  },
}

function altersSame({ altered }: Step, table: TableName): boolean {
  return altered !== undefined && tableText(altered) === tableText(table)
}

/** A key cannot be dropped and added again under its name in one statement. */
function dropsForeignKey({ operations }: Step): boolean {
  return operations.some((o) => o.kind === 'dropConstraint' && o.type === 'foreignKey')
}

const lockTables: Rule = {
  name: 'lock-table',
  about: 'LOCK TABLES keeps others out until UNLOCK TABLES',
  dialects,
  severity: 'warning',
  find: (step) => {
    if (step.words[0] !== 'lock' || !['table', 'tables'].includes(step.words[1] ?? '')) return []
    const names = Array.from(step.text.matchAll(/(?:tables?\s+|,\s*)[`]?(\w+)/gi), ([, name]) => name!)
    if (names.every((name) => step.isNew({ name }))) return []
    return [
      {
        why: 'all others wait until the file is done, and LOCK TABLES commits what came before',
        safe: '-- leave it out: each statement takes the lock that it needs, and sqlmig tries again where that takes long',
      },
    ]
  },
}

export const mysqlAlters: readonly Rule[] = [copies, charset, rebuilds, blocks, several, lockTables]
