import { sql } from '../schema/expression.ts'
import type { Constraint, ForeignKey, Index, Options } from '../schema/table.ts'
import { readExclude } from './exclude.ts'
import { keyOptions, keyParts, readKeyIndex } from './keys.ts'
import { named, withOptions } from './naming.ts'
import type { Reader } from './reader.ts'

export type TableItem =
  | { readonly kind: 'constraint'; readonly constraint: Constraint }
  | { readonly kind: 'index'; readonly index: Index }

const beginnings = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN']
const mysqlBeginnings = ['KEY', 'INDEX', 'FULLTEXT', 'SPATIAL']

/** Whether what comes is no column; a column of such a name has to be quoted. */
export function beginsTableItem(reader: Reader): boolean {
  if (reader.token.kind !== 'word') return false
  const { upper } = reader.token
  if (upper === 'EXCLUDE')
    return reader.dialect === 'postgres' && (reader.ahead(1).upper === 'USING' || reader.ahead(1).kind === 'open')
  return beginnings.includes(upper) || (reader.dialect === 'mysql' && mysqlBeginnings.includes(upper))
}

/** `[CONSTRAINT name] PRIMARY KEY (…)` and so on, as it stands in CREATE TABLE and behind ADD. */
export function readTableItem(reader: Reader): TableItem {
  const name = readConstraintName(reader)
  const index = reader.dialect === 'mysql' ? readKeyIndex(reader) : undefined
  if (index) return { kind: 'index', index }
  return { kind: 'constraint', constraint: readConstraint(reader, name) }
}

export function readConstraintName(reader: Reader): string | undefined {
  if (!reader.take('CONSTRAINT')) return undefined
  const isKind = reader.dialect === 'mysql' && beginnings.includes(reader.token.upper) && reader.token.kind === 'word'
  return isKind ? undefined : reader.name()
}

function readConstraint(reader: Reader, name: string | undefined): Constraint {
  if (reader.take('PRIMARY', 'KEY')) return readKey(reader, 'primaryKey', name)
  if (reader.take('UNIQUE')) return readKey(reader, 'unique', name)
  if (reader.take('CHECK')) return { ...readCheck(reader), ...named(name), ...deferrability(reader) }
  if (reader.take('FOREIGN', 'KEY')) return readForeignKey(reader, name)
  if (reader.take('EXCLUDE')) return { ...readExclude(reader), ...named(name), ...deferrability(reader) }
  return reader.wrong('a constraint')
}

function readKey(reader: Reader, kind: 'primaryKey' | 'unique', symbol: string | undefined): Constraint {
  if (reader.dialect === 'mysql') return readMysqlKey(reader, kind, symbol)
  const distinct = nullsDistinct(reader)
  const { columns, options } = keyParts(reader)
  const all = { ...options, ...distinct, ...keyOptions(reader) }
  return {
    kind,
    columns,
    ...named(symbol),
    ...deferrability(reader),
    ...withOptions({ ...all, ...conflict(reader) }),
  }
}

function readMysqlKey(reader: Reader, kind: 'primaryKey' | 'unique', symbol: string | undefined): Constraint {
  if (kind === 'unique') reader.takeOne('KEY', 'INDEX')
  reader.take('IF', 'NOT', 'EXISTS')
  const own = reader.sees('(') || reader.sees('USING') ? undefined : reader.name()
  const before = keyOptions(reader)
  const { columns, options } = keyParts(reader)
  const all = { ...before, ...options, ...keyOptions(reader) }
  return { kind, columns, ...named(kind === 'unique' ? (own ?? symbol) : undefined), ...withOptions(all) }
}

/** UNIQUE NULLS NOT DISTINCT */
export function nullsDistinct(reader: Reader): Options {
  if (reader.take('NULLS', 'NOT', 'DISTINCT')) return { postgresql_nulls_not_distinct: true }
  reader.take('NULLS', 'DISTINCT')
  return {}
}

/** SQLite's ON CONFLICT behind a constraint. */
export function conflict(reader: Reader): Options {
  if (!reader.take('ON', 'CONFLICT')) return {}
  return { sqlite_on_conflict: reader.next().upper }
}

/** What stands behind CHECK. */
export function readCheck(reader: Reader): Extract<Constraint, { readonly kind: 'check' }> {
  const expression = sql(reader.parenthesised())
  const options: { [keyword: string]: true } = {}
  for (;;) {
    if (reader.take('NO', 'INHERIT')) options.postgresql_no_inherit = true
    else if (reader.take('NOT', 'VALID')) options.postgresql_not_valid = true
    else if (reader.take('NOT', 'ENFORCED')) options.not_enforced = true
    else if (!reader.take('ENFORCED')) break
  }
  return { kind: 'check', expression, ...withOptions({ ...options, ...conflict(reader) }) }
}

function readForeignKey(reader: Reader, name: string | undefined): ForeignKey {
  reader.take('IF', 'NOT', 'EXISTS')
  if (reader.dialect === 'mysql' && !reader.sees('(')) reader.name()
  const columns = reader.names()
  return { ...readReferences(reader, columns), ...named(name) }
}

/** `REFERENCES t (…) ON DELETE …` */
export function readReferences(reader: Reader, columns: readonly string[]): ForeignKey {
  reader.expect('REFERENCES')
  const target = reader.qualified()
  const targetColumns = reader.sees('(') ? reader.names() : []
  const key: { -readonly [K in keyof ForeignKey]: ForeignKey[K] } = {
    kind: 'foreignKey',
    columns,
    target,
    targetColumns,
  }
  for (;;) {
    if (reader.take('MATCH')) {
      const match = reader.next().upper
      if (match !== 'SIMPLE' || reader.dialect === 'sqlite') key.match = match
    } else if (reader.take('ON', 'DELETE')) setAction(key, 'onDelete', readAction(reader))
    else if (reader.take('ON', 'UPDATE')) setAction(key, 'onUpdate', readAction(reader))
    else if (reader.take('NOT', 'VALID')) key.options = { postgresql_not_valid: true }
    else break
  }
  const late = deferrability(reader)
  return reader.take('NOT', 'VALID')
    ? { ...key, ...late, options: { postgresql_not_valid: true } }
    : { ...key, ...late }
}

function setAction(
  key: { onDelete?: string; onUpdate?: string },
  which: 'onDelete' | 'onUpdate',
  action: string | undefined,
): void {
  if (action === undefined) delete key[which]
  else key[which] = action
}

/** NO ACTION is what happens anyway. */
function readAction(reader: Reader): string | undefined {
  if (reader.take('NO', 'ACTION')) return undefined
  if (reader.take('SET', 'NULL')) return reader.sees('(') ? `SET NULL (${reader.parenthesised()})` : 'SET NULL'
  if (reader.take('SET', 'DEFAULT')) return reader.sees('(') ? `SET DEFAULT (${reader.parenthesised()})` : 'SET DEFAULT'
  return reader.takeOne('CASCADE', 'RESTRICT') ?? reader.wrong('an action')
}

export interface Deferrability {
  readonly deferrable?: boolean
  readonly initially?: string
}

export function deferrability(reader: Reader): Deferrability {
  let found: Deferrability = {}
  for (;;) {
    if (reader.take('DEFERRABLE')) found = { ...found, deferrable: true }
    else if (reader.take('NOT', 'DEFERRABLE')) {
      if (reader.dialect === 'sqlite') found = { ...found, deferrable: false }
    } else if (reader.take('INITIALLY')) {
      const initially = reader.takeOne('DEFERRED', 'IMMEDIATE') ?? reader.wrong('DEFERRED or IMMEDIATE')
      const deferred = initially === 'DEFERRED' && reader.dialect === 'postgres'
      if (initially === 'DEFERRED' || reader.dialect === 'sqlite')
        found = { ...found, ...(deferred && { deferrable: true }), initially }
    } else return found
  }
}
