import type { Reader } from '../ddl/reader.ts'
import { primaryKeyOf, type TableName } from '../schema/table.ts'
import { reading } from './reading.ts'
import type { Found, Rule, Step } from './rule.ts'
import { batched, statementSql, tableSql, tableText, written } from './wording.ts'

// Statements that touch every row of a table at once.

const wholeTable: Rule = {
  name: 'whole-table-write',
  about: 'an UPDATE or DELETE of a whole table in one statement',
  dialects: ['postgres', 'mysql', 'sqlite'],
  severity: 'warning',
  find: (step) => {
    const write = step.batch ? undefined : writeOf(step)
    if (!write || step.isNew(write.table) || !isWhole(write, step)) return []
    return [found(write, step)]
  },
}

const effects = {
  postgres: 'keeps every row locked and leaves as many dead ones until it commits',
  mysql: 'keeps every row locked until it commits, and replicas wait as long',
  sqlite: 'keeps all other writers out until it commits',
} as const

function found({ verb, table, where }: Write, step: Step): Found {
  const isOpen = where === undefined || always.test(` WHERE ${where}`)
  const statement = statementSql(isOpen ? step.text.replace(always, '') : step.text).slice(0, -1)
  return {
    why: `one ${verb} of all of ${tableText(table)} ${effects[step.dialect]}`,
    safe: batched(tableSql(table, step), keyOf(table, step), statement, isOpen ? 'WHERE' : 'AND'),
    table,
  }
}

function keyOf(table: TableName, step: Step): string {
  const known = step.table(table)
  return written((known && primaryKeyOf(known)?.columns[0]) ?? 'id', step)
}

interface Write {
  readonly verb: 'UPDATE' | 'DELETE'
  readonly table: TableName
  /** The condition; undefined where there is none. */
  readonly where: string | undefined
  /** Something else limits the rows, or may. */
  readonly limited: boolean
}

/** Reads UPDATE and DELETE, behind WITH too. */
function writeOf(step: Step): Write | undefined {
  if (!['update', 'delete', 'with'].includes(step.words[0] ?? '')) return undefined
  return reading(step, (reader) => {
    while (!reader.atEnd && !['UPDATE', 'DELETE'].some((verb) => reader.sees(verb))) {
      if (['SELECT', 'INSERT', 'MERGE'].some((verb) => reader.sees(verb))) return undefined
      reader.skipUnit()
    }
    return reader.atEnd ? undefined : readWrite(reader, reader.next().upper as Write['verb'])
  })
}

function readWrite(reader: Reader, verb: Write['verb']): Write {
  while (reader.takeOne('LOW_PRIORITY', 'QUICK', 'IGNORE', 'FROM', 'ONLY'));
  if (verb === 'UPDATE' && reader.take('OR')) reader.next()
  const table = reader.table()
  let limited = false
  while (!reader.atEnd && !reader.sees('WHERE')) {
    const several = verb === 'DELETE' && (reader.sees('FROM') || reader.sees(','))
    limited ||= several || ['JOIN', 'LIMIT', 'USING'].some((word) => reader.sees(word))
    reader.skipUnit()
  }
  if (!reader.take('WHERE')) return { verb, table, where: undefined, limited }
  const from = reader.mark
  while (!reader.atEnd && !reader.sees('RETURNING')) {
    limited ||= reader.sees('LIMIT')
    reader.skipUnit()
  }
  return { verb, table, where: reader.text(from), limited }
}

/** A condition that says nothing. */
const always = /\s+where\s+\(?\s*(true|1|1\s*=\s*1)\s*\)?\s*$/i

function isWhole({ where, limited, table }: Write, step: Step): boolean {
  if (limited) return false
  if (where === undefined || always.test(` WHERE ${where}`)) return true
  // a column that the same change adds is empty in every row
  const [, quoted] = /^(?:[\w."`]+\.)?(["`]?\w+["`]?)\s+is\s+null$/i.exec(where.trim()) ?? []
  if (quoted === undefined) return false
  const name = quoted.replace(/["`]/g, '')
  const column = step.table(table)?.columns.find((c) => c.name.toLowerCase() === name.toLowerCase())
  return step.isNewColumn(table, name) && column?.default === undefined
}

const truncate: Rule = {
  name: 'truncate',
  about: 'TRUNCATE empties a table for good',
  dialects: ['postgres', 'mysql'],
  severity: 'warning',
  find: (step) =>
    truncated(step)
      .filter((table) => !step.isNew(table))
      .map((table) => ({
        why:
          step.dialect === 'postgres'
            ? `TRUNCATE waits for everybody who uses ${tableText(table)}, keeps them out until it commits, and no row comes back`
            : `TRUNCATE of ${tableText(table)} commits by itself, and no row comes back`,
        safe: batched(tableSql(table, step), keyOf(table, step), `DELETE FROM ${tableSql(table, step)}`, 'WHERE'),
      })),
}

function truncated(step: Step): readonly TableName[] {
  if (step.words[0] !== 'truncate') return []
  const tables = reading(step, (reader) => {
    reader.take('TRUNCATE')
    reader.take('TABLE')
    return reader.list(() => {
      reader.take('ONLY')
      const table = reader.table()
      reader.take('*')
      return table
    })
  })
  return tables ?? []
}

export const rows: readonly Rule[] = [wholeTable, truncate]
