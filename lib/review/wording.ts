import { dialects } from '../dialects/dialects.ts'
import type { TableName } from '../schema/table.ts'
import type { Step } from './rule.ts'

/** A name as the statement would write it: quoted where it has to be, or is so there. */
export function written(name: string, { dialect, text }: Pick<Step, 'dialect' | 'text'>): string {
  const quoted = dialects[dialect].identifier(name)
  const isPlain = dialect === 'postgres' ? /^[a-z_][a-z0-9_]*$/ : /^[a-z_][a-z0-9_]*$/i
  return isPlain.test(name) && !text.includes(quoted) ? name : quoted
}

/** A table's name as SQL. */
export function tableSql({ name, schema }: TableName, step: Pick<Step, 'dialect' | 'text'>): string {
  return schema === undefined ? written(name, step) : `${written(schema, step)}.${written(name, step)}`
}

/** A table's name in a sentence. */
export function tableText({ name, schema }: TableName): string {
  return schema === undefined ? name : `${schema}.${name}`
}

/** The statement itself on one line, with its terminator; long ones are cut. */
export function statementSql(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return `${line.length > 300 ? `${line.slice(0, 300)} …` : line};`
}

/** How a finding is overruled once what it warns of has been seen to. */
export function overruled(rule: string, reason: string, sql: string): string {
  return `-- sqlmig: ignore ${rule} ${reason}\n${sql}`
}

/** A backfill in key ranges, of a statement that has a condition or has none. */
export function batched(table: string, key: string, statement: string, joined: 'AND' | 'WHERE'): string {
  return `-- sqlmig: batch 10000 by ${table}.${key}\n${statement} ${joined} ${key} BETWEEN :batch_from AND :batch_to;`
}
