import type { DialectName } from '../../dialects/dialect-name.ts'
import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { and, not, or, show } from '../../python/predicates.ts'
import { Fact, Unknown } from '../../python/values.ts'
import type { Literal } from '../../schema/expression.ts'
import type { Schema, TableName } from '../../schema/table.ts'
import type { CatalogueRows, DbFact } from '../facts.ts'
import type { Moment, Recorder } from '../recorder.ts'
import { type TypeClassName, typeCondition } from './column-types.ts'
import { settledAt } from './settled.ts'
import { settledAttributes } from './settled-attributes.ts'

/** What the rows are about: parts of the catalogue that the simulated schema knows, the rest of it, or users' data. */
export type About = 'table' | 'column' | 'index' | 'constraint' | 'catalogue' | 'data'

/** A field of a row: what it means, and how a query asks for it. */
export interface Field {
  /** `table`, `schema` and `name` are what facts are about, `nullable` what columns have; others are only themselves. */
  readonly means: string
  /** SQL for its value; for a boolean one, a condition. */
  readonly sql?: string
  readonly type?: 'text' | 'number' | 'boolean'
  /** What it is in every row: `SELECT 1`. */
  readonly value?: string | bigint
}

/** `WHERE field IN (values)` */
export interface Given {
  readonly means: string
  readonly values: readonly string[]
}

/** Rows that a script reads, of which only the query is known. */
export interface Query {
  readonly about: About
  /** For messages: `rows of PRAGMA table_info(t)`. */
  readonly what: string
  readonly given: readonly Given[]
  /** By name, and by place as text. */
  readonly fields: ReadonlyMap<string, Field>
  /** The query without what it selects; undefined where it cannot be asked again. */
  readonly sql: { readonly from: string; readonly where: readonly string[]; readonly tail?: string } | undefined
  /** The rows have no duplicates of what is asked for: the first one is the only one. */
  readonly single?: boolean
}

export type Comparison = 'contains' | '=' | '<' | '<=' | '>' | '>=' | 'true' | 'null' | 'type'

/** A condition that the script puts on a field of a row. */
export interface Asked {
  readonly field: Field
  readonly comparison: Comparison
  /** For `=`: any of these. */
  readonly values: readonly Literal[]
  readonly holds: boolean
  /** For `type`: the class that it has to be of. */
  readonly typeClass?: TypeClassName
}

/** The rows of one query at one moment. What was asked once has the same answer ever after. */
export class Rows {
  readonly query: Query
  readonly recorder: Recorder
  /** The schema as it was when they were read. */
  readonly schema: Schema
  readonly #moment: Moment | undefined
  readonly #answers = new Map<string, boolean | Fact | Unknown>()

  constructor(query: Query, recorder: Recorder) {
    this.query = query
    this.recorder = recorder
    this.schema = recorder.schema
    this.#moment = recorder.moment?.()
  }

  /** Whether there is a row for which all of this holds. */
  has(vm: Interpreter, conditions: readonly Asked[], at: Span): boolean | Fact | Unknown {
    if (conditions.some((condition) => constantly(condition, this.recorder.target.dialect) === false)) return false
    const asked = conditions.filter((condition) => constantly(condition, this.recorder.target.dialect) === undefined)
    const key = JSON.stringify(asked, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
    // a condition is the same wherever it was asked; a settled answer may be so only on the path that it was asked on
    const here = `${key} ${show(and(vm.path))}`
    const known = this.#answers.get(key) ?? this.#answers.get(here)
    if (known !== undefined) return known
    const answer = this.#find(vm, asked, at)
    this.#answers.set(answer instanceof Fact ? key : here, answer)
    return answer
  }

  #find(vm: Interpreter, asked: readonly Asked[], at: Span): boolean | Fact | Unknown {
    const { about, what } = this.query
    const names = asked.filter(({ field, comparison, holds }) => holds && comparison === '=' && isName(field.means))
    const given = [
      ...this.query.given,
      ...names.map(({ field, values }) => ({ means: field.means, values: texts(values) })),
    ]
    const others = asked.filter((condition) => !names.includes(condition))
    const facts = about === 'data' ? undefined : factsOf(this.query, given, this.schema)
    if (facts && others.length === 0) return this.#any(vm, facts, asked, at)
    const { schema } = this
    const settled = settledAttributes(given, others, { schema, target: this.recorder.target, about })
    if (settled?.isCertain) return settled.answer
    if (about === 'data' && asked.length > 0) return vm.unknown(what, at)
    const select = selectOf(this.query, asked, this.recorder.target.dialect)
    if (select === undefined) return vm.unknown(what, at)
    const part = catalogueRows(this.query, given, others)
    const fact = { kind: 'rows', select, ...(part && { about: part }) } as const
    return this.recorder.ask(vm, fact, at, this.#moment, settled?.answer)
  }

  #any(vm: Interpreter, facts: readonly DbFact[], asked: readonly Asked[], at: Span): boolean | Fact | Unknown {
    const answers = facts.map((fact) => this.#then(vm, fact, at))
    if (answers.includes(true)) return true
    const unknown = answers.find((answer) => answer instanceof Unknown)
    if (unknown) return unknown
    const open = answers.filter((answer): answer is Fact => answer instanceof Fact)
    if (open.length === 0) return false
    if (open.length === 1) return open[0]!
    // one question that a guard can put, instead of several of which one must be answered with yes
    const select = open.length === facts.length ? selectOf(this.query, asked, this.recorder.target.dialect) : undefined
    if (select !== undefined) return this.#then(vm, { kind: 'rows', select }, at)
    return new Fact(or(open.map(({ predicate }) => predicate)))
  }

  /** The answer as it was when the rows were read. */
  #then(vm: Interpreter, fact: DbFact, at: Span): boolean | Fact | Unknown {
    return this.recorder.ask(vm, fact, at, this.#moment)
  }
}

/** What a condition on a field comes to that is the same in every row. */
function constantly({ field, comparison, values, holds, typeClass }: Asked, dialect: DialectName): boolean | undefined {
  // a class that the dialect has no type of
  if (comparison === 'type' && typeClass && typeCondition(typeClass, dialect) === undefined) return !holds
  const { value } = field
  // a name is never empty
  if (isName(field.means) && (comparison === 'null' || comparison === 'true')) return (comparison === 'true') === holds
  if (value === undefined) return undefined
  if (comparison === 'null') return !holds
  if (comparison === 'true') return (value !== 0n && value !== '') === holds
  return comparison === '=' ? values.some((other) => other === value) === holds : undefined
}

export function isName(means: string): boolean {
  return means === 'table' || means === 'schema' || means === 'name'
}

function texts(values: readonly Literal[]): readonly string[] {
  return values.filter((value) => typeof value === 'string')
}

/** The facts of which one must hold; undefined where the question is about more than existence. */
function factsOf(query: Query, given: readonly Given[], schema: Schema): readonly DbFact[] | undefined {
  if (query.about === 'catalogue' || query.about === 'data') return undefined
  const tables = meet(given, 'table')
  const names = meet(given, 'name')
  // what kind of constraint it is does not matter where its name is told
  const isSaid = (means: string) => isName(means) || (names !== undefined && means === 'constraintType')
  if (given.some(({ means }) => !isSaid(means))) return undefined
  const [inSchema, ...more] = meet(given, 'schema') ?? [undefined]
  if (more.length > 0) return undefined
  const table = (name: string): TableName => (inSchema === undefined ? { name } : { name, schema: inSchema })
  if (query.about === 'table') return tables?.map((name) => ({ kind: 'table', table: table(name) }))
  const kind = query.about
  if (names === undefined) {
    // a table has columns, so this asks for the table
    return kind === 'column' ? tables?.map((name) => ({ kind: 'table', table: table(name) })) : undefined
  }
  if (tables === undefined) return kind === 'column' ? undefined : ownersOf(kind, names, schema)
  return tables.flatMap((of) =>
    names.map(
      (name): DbFact =>
        kind === 'column' ? { kind, table: table(of), column: name } : { kind, table: table(of), name },
    ),
  )
}

/** What the question is about, where that is one table of the catalogue. */
function catalogueRows({ about }: Query, given: readonly Given[], asked: readonly Asked[]): CatalogueRows | undefined {
  const [table, ...tables] = meet(given, 'table') ?? []
  if (about === 'data' || about === 'catalogue' || table === undefined || tables.length > 0) return undefined
  const [schema] = meet(given, 'schema') ?? []
  const of = { name: table, ...(schema !== undefined && { schema }) }
  const [column, ...columns] = meet(given, 'name') ?? []
  if (about !== 'column' || column === undefined || columns.length > 0) return { table: of }
  const means = asked.map(({ field }) => (field.means === 'notNull' ? 'nullable' : field.means))
  const told = means.every((one) => one === 'type' || one === 'nullable')
  return { table: of, column, ...(told && { attributes: means }) }
}

/** An index that is asked for by its name alone: where the chain made it, its table is known. */
function ownersOf(
  kind: 'index' | 'constraint',
  names: readonly string[],
  schema: Schema,
): readonly DbFact[] | undefined {
  const facts = names.map((name): DbFact | undefined => {
    const table = Object.values(schema.tables).find((of) => settledAt(schema, { kind, table: of, name }, 'postgres'))
    return (
      table && { kind, table: { name: table.name, ...(table.schema !== undefined && { schema: table.schema }) }, name }
    )
  })
  return facts.every((fact) => fact !== undefined) ? (facts as DbFact[]) : undefined
}

export function meet(given: readonly Given[], means: string): readonly string[] | undefined {
  const sets = given.filter((condition) => condition.means === means).map(({ values }) => values)
  if (sets.length === 0) return undefined
  return sets.reduce((a, b) => a.filter((value) => b.includes(value)))
}

/** The question as a SELECT of its own. */
function selectOf({ sql }: Query, asked: readonly Asked[], dialect: DialectName): string | undefined {
  if (!sql) return undefined
  if (asked.length > 0 && sql.tail) return undefined
  const more = asked.map((condition) => conditionSql(condition, dialect))
  if (more.includes(undefined)) return undefined
  const where = [...sql.where, ...(more as string[])]
  const parts = [
    sql.from,
    ...(where.length > 0 ? [`WHERE ${where.join(' AND ')}`] : []),
    ...(sql.tail ? [sql.tail] : []),
  ]
  return `SELECT 1 ${parts.join(' ')}`
}

function conditionSql(
  { field, comparison, values, holds, typeClass }: Asked,
  dialect: DialectName,
): string | undefined {
  const { sql, type } = field
  if (comparison === 'type') return typeClass && field.means === 'type' ? typeSql(typeClass, dialect, holds) : undefined
  if (sql === undefined) return undefined
  const negated = (text: string) => (holds ? text : `NOT (${text})`)
  if (type === 'boolean') {
    const wanted = comparison === 'true' ? true : comparison === '=' && values.length === 1 ? values[0] : undefined
    return typeof wanted === 'boolean' ? (wanted === holds ? sql : `NOT (${sql})`) : undefined
  }
  if (comparison === 'contains') return containing(field, values, negated)
  if (comparison === 'null') return `${sql} IS ${holds ? '' : 'NOT '}NULL`
  if (comparison === 'true') {
    // what is NULL is not true, and not the opposite of it either
    if (type === undefined) return undefined
    const text = `${sql} <> ${type === 'number' ? '0' : "''"}`
    return holds ? text : `(${sql} IS NULL OR NOT (${text}))`
  }
  const written = values.map(literalSql)
  if (written.includes(undefined) || written.length === 0) return undefined
  if (comparison !== '=') return written.length === 1 ? negated(`${sql} ${comparison} ${written[0]}`) : undefined
  const text = written.length === 1 ? `${sql} = ${written[0]}` : `${sql} IN (${written.join(', ')})`
  return holds ? text : `(${sql} IS NULL OR NOT (${text}))`
}

function typeSql(of: TypeClassName, dialect: DialectName, holds: boolean): string | undefined {
  const text = typeCondition(of, dialect)
  return text === undefined || holds ? text : `NOT (${text})`
}

/** `'new' in column_type`. The text of a statement that SQLite keeps is not the same here as where the script ran. */
function containing(
  { sql, means }: Field,
  values: readonly Literal[],
  negated: (text: string) => string,
): string | undefined {
  const [part] = values.map(literalSql)
  if (part === undefined || means === 'sql' || !part.startsWith("'")) return undefined
  const pattern = part.slice(1, -1)
  return /[%_!]/.test(pattern) ? undefined : negated(`${sql} LIKE '%${pattern}%'`)
}

function literalSql(value: Literal): string | undefined {
  if (typeof value === 'string') return /[\\\n]/.test(value) ? undefined : `'${value.replaceAll("'", "''")}'`
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : undefined
}

/** The opposite of an answer. */
export function opposite(answer: boolean | Fact | Unknown): boolean | Fact | Unknown {
  if (answer instanceof Fact) return new Fact(not(answer.predicate))
  return answer instanceof Unknown ? answer : !answer
}
