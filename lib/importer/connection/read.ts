import type { DialectName } from '../../dialects/dialect-name.ts'
import { dialects } from '../../dialects/dialects.ts'
import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Fact } from '../../python/values.ts'
import { databaseError } from '../database-errors.ts'
import type { DbFact } from '../facts.ts'
import type { Recorder } from '../recorder.ts'
import { singleRow } from './aggregates.ts'
import { knownColumns } from './known-rows.ts'
import { Result, unknownResult } from './result.ts'
import { opposite, type Query, Rows } from './rows.ts'
import { type Elements, schemaRows } from './schema-rows.ts'
import { queryOf, runsOn } from './select-query.ts'
import { type SelectShape, selectShape } from './select-shape.ts'
import { pragmaQuery, showQuery } from './show-query.ts'
import { isSign, isWord, lineOf, type Token } from './sql-tokens.ts'

export interface Reader {
  readonly vm: Interpreter
  readonly recorder: Recorder
  readonly at: Span
}

/** What a statement gives that only reads. */
export function readStatement(tokens: readonly Token[], reader: Reader): Result {
  const [first] = tokens
  const { dialect } = reader.recorder.target
  if (isWord(first, 'pragma')) {
    insist(['sqlite'], 'PRAGMA', reader)
    return listed(pragmaQuery(tokens), tokens, reader)
  }
  if (isWord(first, 'show') && dialect === 'postgres') return unknownResult('a setting of the server')
  if (isWord(first, 'show', 'describe', 'desc')) {
    insist(['mysql'], first!.text.toUpperCase(), reader)
    return listed(showQuery(tokens), tokens, reader)
  }
  const shape = selectShape(tokens)
  return shape ? selected(shape, tokens, reader) : unread(tokens, reader)
}

function listed(
  listing: { readonly query: Query; readonly columns: readonly string[] } | undefined,
  tokens: readonly Token[],
  reader: Reader,
): Result {
  if (!listing) return unknownResult(`what ${lineOf(tokens) ?? 'a query'} gives`)
  return resultOf(listing.query, listing.columns, reader)
}

function selected(shape: SelectShape, tokens: readonly Token[], reader: Reader): Result {
  const on = runsOn(shape)
  if (on) insist(on, shape.tables[0]!.schema ?? shape.tables[0]!.name, reader)
  const single = singleRow(shape, reader)
  const columns = columnsOf(shape)
  if (!on) probe(shape, reader)
  if (single) return new Result({ kind: 'known', columns: columns ?? single.map(String), rows: [single] })
  const query = queryOf(shape, reader.recorder.target.dialect)
  const whole = query.sql || shape.tables.length === 0 ? query : { ...query, ...wholeQuery(tokens) }
  return resultOf(whole, columns, reader, query.about === 'catalogue' ? schemaRows(shape, reader.recorder) : undefined)
}

function resultOf(
  query: Query,
  columns: readonly string[] | undefined,
  { recorder }: Reader,
  elements?: Elements,
): Result {
  const rows = new Rows(query, recorder)
  return knownColumns(rows, columns) ?? new Result({ kind: 'rows', rows, columns, ...(elements && { elements }) })
}

/** GROUP BY, UNION, WITH: only whether there are any rows can be asked. */
function unread(tokens: readonly Token[], { recorder }: Reader): Result {
  const query: Query = { what: 'rows that a query gives', given: [], fields: new Map(), ...wholeQuery(tokens) }
  const rows = new Rows(query, recorder)
  return new Result({ kind: 'rows', rows, columns: undefined })
}

function wholeQuery(tokens: readonly Token[]): Pick<Query, 'sql' | 'about'> {
  const line = lineOf(tokens)
  return { about: 'data', sql: line === undefined ? undefined : { from: `FROM (${line}) AS q`, where: [] } }
}

function columnsOf({ items }: SelectShape): readonly string[] | undefined {
  if (items.some(({ tokens }) => isSign(tokens.at(-1), '*'))) return undefined
  return items.map(({ name }, at) => name ?? `column ${at + 1}`)
}

/** A question to the catalogue of another database fails here, as it would there. */
function insist(on: readonly DialectName[], what: string, { vm, recorder }: Reader): void {
  const { dialect } = recorder.target
  if (on.includes(dialect)) return
  vm.raise(databaseError, `${what} is unknown to ${dialects[dialect].title}`)
}

/** `try: SELECT col FROM t … except: ALTER TABLE t ADD col`: a query that fails where what it names is not there. */
function probe(shape: SelectShape, { vm, recorder, at }: Reader): void {
  const [table, ...more] = shape.tables
  if (vm.goingOn === 0 || !table || more.length > 0 || table.args) return
  const name = {
    name: table.name,
    ...(table.schema !== undefined && table.schema !== 'public' && { schema: table.schema }),
  }
  const plain = shape.items.filter(({ tokens }) => tokens.length === 1 && ['word', 'name'].includes(tokens[0]!.kind))
  const columns = plain
    .map(({ tokens }) => tokens[0]!)
    .map((token) => (token.kind === 'word' ? token.text : token.value))
  // a column is missing where its table is
  const facts: readonly DbFact[] =
    columns.length > 0
      ? columns.map((column) => ({ kind: 'column', table: name, column }) as const)
      : [{ kind: 'table', table: name }]
  for (const fact of facts) {
    const missing = opposite(recorder.ask(vm, fact, at))
    if (typeof missing === 'boolean' || missing instanceof Fact)
      vm.raiseWhen(missing, databaseError, `${fact.kind} is missing`)
  }
}
