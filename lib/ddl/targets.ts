import type { DialectName } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import { type TableName, tableKey } from '../schema/table.ts'
import type { DdlEffect } from './effect.ts'
import { NotUnderstood } from './not-understood.ts'
import { Reader, type Setting } from './reader.ts'
import { effectOf } from './statement.ts'
import { tokensOf } from './tokens.ts'

export interface Targets {
  readonly verb: 'select' | 'insert' | 'update' | 'delete' | 'ddl' | 'other'
  /** Those that are changed first, then those that are read. */
  readonly tables: readonly TableName[]
}

const verbs: { readonly [word: string]: Targets['verb'] } = {
  SELECT: 'select',
  VALUES: 'select',
  TABLE: 'select',
  SHOW: 'select',
  DESCRIBE: 'select',
  DESC: 'select',
  EXPLAIN: 'select',
  INSERT: 'insert',
  REPLACE: 'insert',
  COPY: 'insert',
  LOAD: 'insert',
  UPDATE: 'update',
  MERGE: 'update',
  DELETE: 'delete',
  TRUNCATE: 'delete',
  CREATE: 'ddl',
  ALTER: 'ddl',
  DROP: 'ddl',
  RENAME: 'ddl',
  COMMENT: 'ddl',
}

/** Which tables a statement reads or changes, as far as its text tells; names that only look like tables are told too. */
export function targetsOf(statement: string, dialect: DialectName): Targets {
  const setting: Setting = { dialect, lexis: dialects[dialect].lexis() }
  const effect = effectOf(statement, setting)
  try {
    if (effect.kind !== 'none') return { verb: 'ddl', tables: tablesOf(effect) }
    const verb = verbOf(statement, setting)
    if (verb === 'ddl' || verb === 'other') return { verb, tables: [] }
    return { verb, tables: tablesIn(new Reader(statement, setting)) }
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    return { verb: 'other', tables: [] }
  }
}

function tablesOf(effect: DdlEffect): readonly TableName[] {
  if (effect.kind === 'unknown') return effect.tables === 'all' ? [] : effect.tables
  if (effect.kind === 'none') return []
  return unique(
    effect.operations.flatMap((o) => {
      if (!('table' in o) || !o.table) return []
      const { name, schema } = o.table
      const table = { name, ...(schema !== undefined && { schema }) }
      return o.kind === 'renameTable' ? [table, { ...table, name: o.to }] : [table]
    }),
  )
}

const changing = ['INSERT', 'UPDATE', 'DELETE', 'MERGE']

/** The first word; behind WITH the first that changes something, at whatever depth. */
function verbOf(statement: string, { lexis }: Setting): Targets['verb'] {
  let behindWith = false
  let before = ''
  for (const { kind, upper } of tokensOf(statement, lexis)) {
    if (kind === 'open' && !behindWith) continue
    if (!behindWith && upper !== 'WITH') return kind === 'word' ? (verbs[upper] ?? 'other') : 'other'
    behindWith = true
    // FOR UPDATE locks rows, DO UPDATE and ON DELETE belong to another verb
    if (kind === 'word' && changing.includes(upper) && !['FOR', 'DO', 'ON', 'KEY'].includes(before))
      return verbs[upper]!
    before = upper
  }
  return behindWith ? 'select' : 'other'
}

/** The names behind FROM, JOIN, INTO, UPDATE and USING, but for those that WITH makes. */
function tablesIn(reader: Reader): readonly TableName[] {
  const found: TableName[] = []
  const own = new Set<string>()
  for (let before = ''; !reader.atEnd; ) {
    const token = reader.next()
    if (token.kind === 'word' && isIntroduction(token.upper, before)) found.push(...namesBehind(reader, token.upper))
    else if (reader.isName && (before === 'WITH' || token.upper === 'WITH' || token.upper === ','))
      takeCommonTable(reader, own)
    before = token.upper
  }
  return unique(found.filter((table) => table.schema !== undefined || !own.has(table.name)))
}

function isIntroduction(word: string, before: string): boolean {
  if (word === 'UPDATE') return !['FOR', 'DO', 'ON', 'KEY'].includes(before)
  // EXTRACT(year FROM x), TRIM(BOTH FROM x) and IS DISTINCT FROM name no table, but nothing is lost by telling it
  return ['FROM', 'JOIN', 'INTO', 'USING', 'TRUNCATE', 'REPLACE', 'INSERT', 'COPY', 'STRAIGHT_JOIN', 'MERGE'].includes(
    word,
  )
}

const fillers = [
  'ONLY',
  'TABLE',
  'LATERAL',
  'IGNORE',
  'LOW_PRIORITY',
  'DELAYED',
  'HIGH_PRIORITY',
  'QUICK',
  'INTO',
  'OUTFILE',
  'DUMPFILE',
]

function namesBehind(reader: Reader, word: string): readonly TableName[] {
  const names: TableName[] = []
  do {
    if (reader.take('OR')) reader.next()
    while (reader.takeOne(...fillers));
    if (word === 'FROM' && ['STDIN', 'PROGRAM'].some((end) => reader.sees(end))) break
    if (reader.sees('(') || !reader.isName || reader.sees('SELECT') || reader.sees('FROM')) break
    const mark = reader.mark
    const table = reader.qualified()
    // a function that gives rows
    if (reader.sees('(') && word !== 'INTO' && word !== 'INSERT' && word !== 'REPLACE' && word !== 'COPY') {
      reader.back(mark + 1)
      break
    }
    names.push(table)
    skipAlias(reader)
  } while (reader.take(','))
  return names
}

const behindTable = new Set(
  'WHERE SET JOIN LEFT RIGHT INNER OUTER FULL CROSS NATURAL ON USING GROUP ORDER HAVING LIMIT OFFSET UNION INTERSECT EXCEPT VALUES SELECT DEFAULT RETURNING FETCH FOR WINDOW STRAIGHT_JOIN FROM INTO CASCADE RESTRICT RESTART'.split(
    ' ',
  ),
)

function skipAlias(reader: Reader): void {
  reader.take('AS')
  if (reader.token.kind === 'name' || (reader.token.kind === 'word' && !behindTable.has(reader.token.upper)))
    reader.next()
}

/** `name AS (` or `name (a, b) AS (` behind WITH and its commas. */
function takeCommonTable(reader: Reader, own: Set<string>): void {
  const mark = reader.mark
  reader.take('RECURSIVE')
  if (reader.isName) {
    const name = reader.name()
    if (reader.sees('(')) reader.skipGroup()
    if (reader.take('AS')) {
      reader.take('NOT')
      reader.take('MATERIALIZED')
      if (reader.sees('(')) own.add(name)
    }
  }
  reader.back(mark)
}

function unique(tables: readonly TableName[]): readonly TableName[] {
  return [...new Map(tables.map((table) => [tableKey(table), table])).values()]
}
