import { singleQuoted } from '../dialects/names.ts'
import type { Part } from './model.ts'
import {
  type ConstraintText,
  check,
  conflict,
  deferred,
  type ForeignKeyText,
  references,
  startsDeferrable,
} from './sqlite-constraints.ts'
import { NotUnderstood, type TokenReader } from './sqlite-reader.ts'
import { canonical, collationName, type Declared, nameOf, quoteName, type Token } from './sqlite-tokens.ts'

export interface ColumnText {
  readonly part: Part
  /** What stands at the column and could stand among the table's constraints as well. */
  readonly constraints: readonly ConstraintText[]
}

/** The type of a column that has none; no type can be written so. */
export const noType = '(none)'

const constraintWords = new Set(
  'constraint primary not null unique check default collate references generated as deferrable'.split(' '),
)

/** A type as it is written, in capitals; SQLite takes nearly any words for one. */
export function typeOf(reader: TokenReader, names: Declared): string {
  const tokens: Token[] = []
  for (let next = reader.peek(); next && next.text !== ','; next = reader.peek()) {
    if (next.kind === 'open' && tokens.length > 0) {
      const size = reader.parenthesis()
      return `${typeName(tokens)}(${canonical(size, names).toUpperCase()})`
    }
    if (next.kind !== 'word' && next.kind !== 'name' && next.kind !== 'string') break
    if (next.kind === 'word' && constraintWords.has(next.value)) break
    tokens.push(reader.next())
  }
  return tokens.length > 0 ? typeName(tokens) : noType
}

function typeName(tokens: readonly Token[]): string {
  return tokens.map((token) => (token.kind === 'word' ? nameOf(token).toUpperCase() : token.text)).join(' ')
}

interface ColumnHead {
  readonly name: string
  readonly type: string
  readonly names: Declared
}

interface Facts {
  notNull: boolean
  notNullConflict: string | undefined
  notNullName: string | undefined
  default: string | undefined
  collation: string | undefined
  generated: string | undefined
  constraints: ConstraintText[]
}

export function columnConstraints(reader: TokenReader, head: ColumnHead): ColumnText {
  const facts: Facts = {
    notNull: false,
    notNullConflict: undefined,
    notNullName: undefined,
    default: undefined,
    collation: undefined,
    generated: undefined,
    constraints: [],
  }
  while (!reader.ended && !reader.sees(',')) {
    let constraint: string | undefined
    while (reader.take('constraint')) constraint = reader.name()
    if (constraint !== undefined && (reader.ended || reader.sees(','))) break
    columnConstraint(reader, head, { facts, constraint })
  }
  return {
    part: { kind: 'column', name: head.name, properties: properties(head, facts) },
    constraints: facts.constraints,
  }
}

interface Constraining {
  readonly facts: Facts
  readonly constraint: string | undefined
}

function columnConstraint(reader: TokenReader, head: ColumnHead, { facts, constraint }: Constraining): void {
  const columns = `(${quoteName(head.name)})`
  if (reader.take('not', 'null')) {
    facts.notNull = true
    facts.notNullName = constraint
    facts.notNullConflict = conflict(reader)
  } else if (reader.take('null')) conflict(reader)
  else if (reader.take('primary', 'key')) facts.constraints.push(primaryKey(reader, head, constraint))
  else if (reader.take('unique'))
    facts.constraints.push({
      kind: 'unique',
      constraint,
      columns,
      conflict: conflict(reader),
      autoincrement: false,
      descending: false,
    })
  else if (reader.take('check')) facts.constraints.push(check(reader, constraint, head.names))
  else if (reader.take('default')) facts.default = defaultOf(reader, head.names)
  else if (reader.take('collate')) facts.collation = collationName(reader.name())
  else if (reader.sees('references')) facts.constraints.push({ ...references(reader, columns), constraint })
  else if (startsDeferrable(reader)) defer(reader, facts)
  else facts.generated = generated(reader, head.names)
}

function primaryKey(reader: TokenReader, { name, type }: ColumnHead, constraint: string | undefined): ConstraintText {
  const descending = reader.oneOf('asc', 'desc') === 'desc'
  const resolution = conflict(reader)
  const autoincrement = reader.take('autoincrement')
  const columns = `(${quoteName(name)}${descending ? ' DESC' : ''})`
  return {
    kind: 'primary key',
    constraint,
    columns,
    conflict: resolution,
    autoincrement,
    descending: descending && type === 'INTEGER',
  }
}

/** DEFERRABLE stands apart from the foreign key that it is about. */
function defer(reader: TokenReader, facts: Facts): void {
  const index = facts.constraints.findLastIndex(({ kind }) => kind === 'foreign key')
  const text = deferred(reader)
  if (index < 0) return
  const key = facts.constraints[index] as ForeignKeyText
  facts.constraints[index] = { ...key, actions: key.actions.replace(/ DEFERRABLE.*$/, '') + text }
}

function generated(reader: TokenReader, names: Declared): string {
  if (reader.take('generated')) reader.expect('always')
  reader.expect('as')
  const expression = canonical(reader.parenthesis(), names)
  const stored = reader.oneOf('stored', 'virtual') === 'stored'
  return `(${expression})${stored ? ' STORED' : ' VIRTUAL'}`
}

/** A literal, or an expression in parentheses; undefined where it is NULL, as without any. */
function defaultOf(reader: TokenReader, names: Declared): string | undefined {
  if (reader.peek()?.kind === 'open') return expressionDefault(reader.parenthesis(), names)
  const sign = reader.oneOf('+', '-')
  const token = reader.next()
  const literal = literalOf(token)
  if (literal === undefined) throw new NotUnderstood()
  if (literal === 'NULL') return undefined
  return sign === '-' ? `-${literal}` : literal
}

function expressionDefault(tokens: readonly Token[], names: Declared): string | undefined {
  const [first, second, ...rest] = tokens
  if (!first) throw new NotUnderstood()
  const outer = first.kind === 'open' ? insideOf(tokens) : undefined
  if (outer) return expressionDefault(outer, names)
  const alone = second === undefined && (first.kind === 'string' || first.kind === 'number' || first.value === 'null')
  if (alone) return first.value === 'null' ? undefined : literalOf(first)
  if (first.text === '-' && second?.kind === 'number' && rest.length === 0) return `-${literalOf(second)}`
  return `(${canonical(tokens, names)})`
}

/** What is inside, where all tokens are in one pair of parentheses. */
function insideOf(tokens: readonly Token[]): readonly Token[] | undefined {
  let depth = 0
  for (const [index, { kind }] of tokens.entries()) {
    if (kind === 'open') depth++
    if (kind === 'close' && --depth === 0) return index === tokens.length - 1 ? tokens.slice(1, -1) : undefined
  }
  return undefined
}

const constants = new Set(['null', 'true', 'false', 'current_date', 'current_time', 'current_timestamp'])

/** A word that is no constant is the string of its letters (sqlite.org/lang_createtable.html, "the default clause"). */
function literalOf(token: Token): string | undefined {
  const { kind, text, value } = token
  if (kind === 'number' || kind === 'string') return canonical([token], new Map())
  if (kind === 'word' && constants.has(value)) return text.toUpperCase()
  return kind === 'word' || kind === 'name' ? singleQuoted(nameOf(token)) : undefined
}

function properties({ type }: ColumnHead, facts: Facts): Record<string, string> {
  const all: Readonly<Record<string, string | undefined>> = {
    type,
    'not null': facts.notNull ? 'yes' : undefined,
    'not null constraint': facts.notNullName,
    'not null on conflict': facts.notNullConflict,
    collation: facts.collation === 'BINARY' ? undefined : facts.collation,
    default: facts.default,
    generated: facts.generated,
  }
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
