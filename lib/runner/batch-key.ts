import { withSource } from '../chain/source-line.ts'
import type { BatchSql, Dialect } from '../dialects/dialect.ts'
import { dotted } from '../dialects/names.ts'
import type { Row } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import type { BatchDirective, Bound } from '../text/batches.ts'
import { codePoints } from '../text/source.ts'

/** The values of a key, each as the text that its type travels in. */
export type KeyValues = readonly string[]

/** The rows that a batch covers, both ends with it. */
export interface Range {
  readonly from: KeyValues
  readonly to: KeyValues
  /** It has as many rows as were asked for. */
  readonly full: boolean
  /** The last key that there is. */
  readonly end: KeyValues
  /** No row is behind it. */
  readonly last: boolean
}

/** A statement with the ends of a range in it. */
export interface BoundSql {
  readonly sql: string
  original(position: number): number | undefined
}

/** The key of a batch as the database has it: writes the SQL that goes through a table by it. */
export class BatchKey {
  private readonly sql: BatchSql
  private readonly directive: BatchDirective
  private readonly columns: readonly string[]
  private readonly types: readonly string[]

  private constructor(sql: BatchSql, directive: BatchDirective, types: readonly string[]) {
    this.sql = sql
    this.directive = directive
    this.columns = directive.key.map((part) => sql.name(part))
    this.types = types
  }

  /**
   * @param rows the answer to the dialect's `inspect`
   * @throws SqlmigError `directive` where the key is none to go by
   */
  static of(
    { batches }: Pick<Dialect, 'batches'>,
    directive: BatchDirective,
    rows: readonly Row[],
    path: string,
  ): BatchKey {
    const wrong = problem(directive, rows)
    if (wrong === undefined)
      return new BatchKey(
        batches,
        directive,
        rows.map(({ type }) => String(type)),
      )
    const [message, remedy] = wrong
    throw withSource(new SqlmigError('directive', message, { at: directive.place, remedy }), path)
  }

  private get table(): string {
    return dotted(this.directive.table, this.sql.name)
  }

  /** A SELECT for the next range of so many rows: its ends, and the last key of all. */
  next(behind: KeyValues | undefined, size: number): string {
    const one = (edge: string, order: 'ASC' | 'DESC', offset: number) => {
      const sorted = this.columns.map((column) => `${column} ${order}`).join(', ')
      const rows = `SELECT ${this.columns.join(', ')} FROM ${this.table}${this.where(behind)}`
      // texts are made outside: within, they would be made of the rows passed over, too
      return `SELECT '${edge}' AS sqlmig_edge, ${this.texts} FROM (${rows} ORDER BY ${sorted} LIMIT 1 OFFSET ${offset}) sqlmig_${edge}`
    }
    return [one('first', 'ASC', 0), one('nth', 'ASC', size - 1), one('last', 'DESC', 0)].join('\nUNION ALL\n')
  }

  /**
   * What that gave: undefined where no row is left.
   * @throws SqlmigError `directive` where a value is of a kind that cannot be gone by
   */
  range(rows: readonly Row[]): Range | undefined {
    const edge = (name: string) => {
      const row = rows.find(({ sqlmig_edge }) => sqlmig_edge === name)
      return row && this.values(row)
    }
    const [from, nth, end] = [edge('first'), edge('nth'), edge('last')]
    if (!from || !end) return undefined
    return { from, end, to: nth ?? end, full: nth !== undefined, last: nth === undefined || same(nth, end) }
  }

  /** A SELECT for how many rows are behind a key. */
  count(behind: KeyValues | undefined): string {
    return `SELECT COUNT(*) AS number FROM ${this.table}${this.where(behind)}`
  }

  bind(text: string, bounds: readonly Bound[], range: Range): BoundSql {
    const pieces = bounds.map(({ edge, column, start, end }) => {
      const literals = range[edge].map((value, index) => this.sql.literal(value, this.types[index]!))
      const whole = literals.length === 1 ? literals[0]! : `(${literals.join(', ')})`
      return { start, end, value: column === undefined ? whole : literals[column]! }
    })
    let at = 0
    const parts = pieces.map(({ start, end, value }) => {
      const part = text.slice(at, start) + value
      at = end
      return part
    })
    return {
      sql: parts.join('') + text.slice(at),
      original: (position) => originalPosition(text, pieces, position),
    }
  }

  shown(values: KeyValues): string {
    const each = values.map((value, index) => this.sql.shown(value, this.types[index]!))
    return each.length === 1 ? each[0]! : `(${each.join(', ')})`
  }

  /** A value as a number, for guesses at how far one is; undefined where it is none. */
  measure(values: KeyValues): number | undefined {
    const text = this.shown(values)
    return /^-?\d+$/.test(text) ? Number(text) : undefined
  }

  private get texts(): string {
    return this.columns.map((column, n) => `${this.sql.asText(column, this.types[n]!)} AS sqlmig_${n}`).join(', ')
  }

  private where(behind: KeyValues | undefined): string {
    if (!behind) return ''
    const values = behind.map((value, index) => this.sql.literal(value, this.types[index]!))
    return ` WHERE ${this.sql.after(this.columns, values)}`
  }

  private values(row: Row): KeyValues {
    return this.columns.map((_, index) => {
      const value = row[`sqlmig_${index}`]
      if (typeof value === 'string') return value
      const { text, place } = this.directive
      throw new SqlmigError('directive', `${text} holds a value that is NULL or a number with a fraction`, {
        at: place,
        remedy: 'go by a key of whole numbers, UUIDs or texts that is NOT NULL',
      })
    })
  }
}

function problem(
  { text, key }: BatchDirective,
  rows: readonly Row[],
): readonly [message: string, remedy: string] | undefined {
  if (rows.length < key.length) {
    const known = new Set(rows.map(({ n }) => Number(n)))
    const missing = key.find((_, index) => !known.has(index + 1))
    return [
      `there is no column "${missing?.text}" to batch by: ${text}`,
      'name a unique key of the table, such as its primary key',
    ]
  }
  const unsound = rows.find(({ type }) => type === null)
  if (unsound)
    return [
      `batches cannot go by ${text}: its type ${unsound.declared} has no order, or no exact text, to rely on`,
      'go by a key of whole numbers, decimals, UUIDs, texts or bytes',
    ]
  if (!rows.every(({ single }) => truth(single)))
    return [
      `batches cannot go by ${text}: it is not unique, or has no index of its own`,
      'go by the primary key, or a unique index over just these columns in this order',
    ]
  const optional = rows.find(({ required }) => !truth(required))
  if (!optional) return undefined
  return [
    `batches cannot go by ${text}: it may be NULL, and such rows would be passed over`,
    'go by a key that is NOT NULL, or make it so in a migration before',
  ]
}

function same(one: KeyValues, other: KeyValues): boolean {
  return one.every((value, index) => value === other[index])
}

function truth(value: Row[string] | undefined): boolean {
  return value === true || Number(value) === 1
}

/** Where a position in the bound SQL was in the text; what is in a bound is at its beginning. */
function originalPosition(
  text: string,
  pieces: readonly { readonly start: number; readonly end: number; readonly value: string }[],
  position: number,
): number {
  let grown = 0
  for (const { start, end, value } of pieces) {
    const begins = codePoints(text, 0, start) + grown
    if (position < begins) break
    const length = codePoints(value, 0, value.length)
    if (position < begins + length) return begins - grown
    grown += length - (end - start)
  }
  return position - grown
}
