import type { TypeSpec } from './type-spec.ts'

/** A value of a script, as data. Numbers that JavaScript cannot hold exactly are `decimal` text. */
export type Literal =
  | null
  | boolean
  | number
  | string
  | bigint
  | readonly Literal[]
  | { readonly kind: 'decimal'; readonly text: string }
  /** ISO text, as Python's isoformat gives it with a blank between date and time. */
  | { readonly kind: 'date' | 'datetime' | 'time'; readonly text: string }
  | { readonly kind: 'interval'; readonly seconds: number }
  | { readonly kind: 'bytes'; readonly hex: string }
  | { readonly kind: 'uuid'; readonly text: string }
  /** A dict or list that goes into a JSON column, already as JSON text (Python's json.dumps). */
  | { readonly kind: 'json'; readonly text: string }

/** A piece of SQL as data: what `sa.text`, `sa.func`, `sa.column` and Python's operators on them make. */
export type Expression =
  /** SQL as it stands; with `parameters`, `:name` in it stands for one of them, as in `sa.text`. */
  | { readonly kind: 'sql'; readonly text: string; readonly parameters?: Parameters }
  /** With a type it is written as a value of that type. */
  | { readonly kind: 'literal'; readonly value: Literal; readonly type?: TypeSpec }
  /** `sa.bindparam('x')`, until the statement is executed with its values. */
  | BindParameter
  /** `sa.true()`, `sa.false()`, `sa.null()` */
  | { readonly kind: 'constant'; readonly value: boolean | null }
  | ColumnExpression
  /** `sa.func.now()`; a dotted name for `func.schema.name`. */
  | { readonly kind: 'function'; readonly name: string; readonly args: readonly Expression[] }
  /** A binary operator by its SQL: `=`, `<>`, `AND`, `IN`, `IS`, `||`, `LIKE`, … */
  | Binary
  | {
      readonly kind: 'between'
      readonly of: Expression
      readonly low: Expression
      readonly high: Expression
      readonly negated?: boolean
    }
  | { readonly kind: 'junction'; readonly operator: 'AND' | 'OR'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  /** `-x`, and what stands before it: `DISTINCT`, `EXISTS`, `ANY`. */
  | { readonly kind: 'prefix'; readonly of: Expression; readonly prefix: string }
  /** A Boolean alone where a condition stands; without a native type it is compared with 1. */
  | { readonly kind: 'isTrue'; readonly of: Expression; readonly negated?: boolean }
  /** `desc()`, `asc()`, `nulls_last()`: what stands behind. */
  | { readonly kind: 'suffix'; readonly of: Expression; readonly suffix: string }
  | { readonly kind: 'list'; readonly of: readonly Expression[] }
  /** `postgresql.array([…])` */
  | { readonly kind: 'array'; readonly of: readonly Expression[] }
  | { readonly kind: 'group'; readonly of: Expression }
  | { readonly kind: 'cast'; readonly of: Expression; readonly type: TypeSpec }
  | {
      readonly kind: 'case'
      readonly value?: Expression
      readonly when: readonly CaseArm[]
      readonly otherwise?: Expression
    }
  | { readonly kind: 'extract'; readonly field: string; readonly of: Expression }
  /** `json['a']` and `json[('a', 'b')]`; without a type what is found stays JSON. */
  | {
      readonly kind: 'jsonItem'
      readonly of: Expression
      readonly path: readonly (string | number)[]
      readonly single: boolean
      readonly type?: TypeSpec
    }
  | { readonly kind: 'arrayItem'; readonly of: Expression; readonly key: Expression }
  | {
      readonly kind: 'over'
      readonly of: Expression
      readonly partitionBy: readonly Expression[]
      readonly orderBy: readonly Expression[]
    }
  | { readonly kind: 'filter'; readonly of: Expression; readonly where: Expression }
  /** `Sequence.next_value()` */
  | { readonly kind: 'nextValue'; readonly sequence: string; readonly schema?: string }
  /** What the application's clock gave the script: `datetime.utcnow()`, `datetime.now()`, `datetime.now(utc)`, `date.today()`. */
  | { readonly kind: 'moment'; readonly clock: 'utc' | 'local' | 'zoned' | 'today' }
  /** `uuid.uuid4()`, for one row. */
  /** `hex`: as text of 32 digits, also where the database has a type for it. */
  | { readonly kind: 'newUuid'; readonly hyphens: boolean; readonly hex?: true }
  /** A SELECT in parentheses. */
  | { readonly kind: 'subquery'; readonly select: Select }

export interface BindParameter {
  readonly kind: 'parameter'
  readonly name: string
  readonly value?: Literal | Expression
  readonly type?: TypeSpec
  /** Its value is a list that is written out in parentheses. */
  readonly expanding?: boolean
}

export type Parameters = { readonly [name: string]: Literal | Expression }

export interface ColumnExpression {
  readonly kind: 'column'
  readonly name: string
  readonly table?: string
  readonly schema?: string
  /** What it is selected from, until `settle` has made FROM clauses of that. */
  readonly from?: From
}

export interface Binary {
  readonly kind: 'binary'
  readonly operator: string
  readonly left: Expression
  readonly right: Expression
  /** LIKE … ESCAPE */
  readonly escape?: string
  /** How tightly an operator of `op('…')` binds; the others are known. */
  readonly precedence?: number
  /** The flags of a regular expression. */
  readonly flags?: string
}

/** A SELECT as plain as migrations have them; `text` for one that is already SQL. */
export type Select = { readonly text: string } | PlainSelect | CompoundSelect

interface SelectEnd {
  readonly orderBy?: readonly Expression[]
  readonly limit?: number | Expression
  readonly offset?: number | Expression
  /** What stands behind all of it: FOR UPDATE. */
  readonly suffix?: string
  /** Common table expressions, in the order of their use. */
  readonly with?: readonly CommonTable[]
}

export interface PlainSelect extends SelectEnd {
  /** Without columns: all of them. */
  readonly columns: readonly SelectColumn[]
  readonly from: readonly From[]
  readonly prefixes?: readonly string[]
  readonly distinct?: boolean
  readonly distinctOn?: readonly Expression[]
  readonly where?: Expression
  readonly groupBy?: readonly Expression[]
  readonly having?: Expression
  /** Tables of the statement around it that it refers to by `correlate`; without: whatever it shares with it. */
  readonly correlate?: readonly string[]
  /** `correlate_except` */
  readonly correlateExcept?: readonly string[]
}

/** UNION and the like. */
export interface CompoundSelect extends SelectEnd {
  readonly compound: string
  readonly of: readonly Select[]
}

export interface CommonTable {
  readonly name: string
  readonly select: Select
  readonly recursive?: boolean
  readonly columns?: readonly string[]
}

export interface SelectColumn {
  readonly expression: Expression
  readonly label?: string
}

/** What stands in FROM. */
export type From = FromName | FromSelect | FromCommonTable | FromJoin | FromValues

export interface FromName {
  readonly kind?: undefined
  readonly name: string
  readonly schema?: string
  readonly alias?: string
}

export interface FromSelect {
  readonly kind: 'select'
  readonly select: Select
  readonly alias: string
  readonly lateral?: boolean
}

/** A WITH query by its name. */
export interface FromCommonTable {
  readonly kind: 'common'
  readonly table: CommonTable
  readonly alias?: string
}

export interface FromJoin {
  readonly kind: 'join'
  readonly join: 'INNER' | 'LEFT' | 'FULL'
  readonly left: From
  readonly right: From
  readonly on: Expression
}

/** A function that gives rows, and `sa.values(…)`. */
export interface FromValues {
  readonly kind: 'rows'
  readonly of: Expression
  readonly alias?: string
  readonly columns?: readonly string[]
}

export interface CaseArm {
  readonly condition: Expression
  readonly value: Expression
}

export const sql = (text: string): Expression => ({ kind: 'sql', text })
export const literal = (value: Literal): Expression => ({ kind: 'literal', value })
export const column = (name: string): Expression => ({ kind: 'column', name })
export const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: 'function', name, args })

/** The columns that an expression names, in order; raw SQL and subqueries are not looked into. */
export function columnsIn(of: Expression): readonly string[] {
  return of.kind === 'column' ? [of.name] : partsOf(of).flatMap(columnsIn)
}

/** The tables that an expression names its columns by. */
export function tablesIn(of: Expression): readonly string[] {
  const found: string[] = []
  mapColumns(of, (column) => {
    if (column.table !== undefined) found.push(column.table)
    return column
  })
  return [...new Set(found)]
}

/** The expression with its columns called by new names. */
export function renameColumns(of: Expression, to: (name: string) => string): Expression {
  return mapColumns(of, (column) => ({ ...column, name: to(column.name) }))
}

/** The expression with bare column names, as it stands inside the table's own DDL. */
export function withoutTables(of: Expression): Expression {
  return mapColumns(of, ({ kind, name }) => ({ kind, name }))
}

export function mapColumns(of: Expression, change: (column: ColumnExpression) => Expression): Expression {
  return of.kind === 'column' ? change(of) : mapParts(of, (part) => mapColumns(part, change))
}

/** The expressions that stand directly in another. */
export function partsOf(of: Expression): readonly Expression[] {
  const parts: Expression[] = []
  mapParts(of, (part) => {
    parts.push(part)
    return part
  })
  return parts
}

/** The expression with what stands directly in it changed. */
export function mapParts(of: Expression, change: (part: Expression) => Expression): Expression {
  switch (of.kind) {
    case 'function':
      return { ...of, args: of.args.map(change) }
    case 'binary':
      return { ...of, left: change(of.left), right: change(of.right) }
    case 'junction':
    case 'list':
    case 'array':
      return { ...of, of: of.of.map(change) }
    case 'between':
      return { ...of, of: change(of.of), low: change(of.low), high: change(of.high) }
    case 'not':
    case 'prefix':
    case 'isTrue':
    case 'suffix':
    case 'group':
    case 'cast':
    case 'extract':
    case 'jsonItem':
      return { ...of, of: change(of.of) }
    case 'arrayItem':
      return { ...of, of: change(of.of), key: change(of.key) }
    case 'over':
      return { ...of, of: change(of.of), partitionBy: of.partitionBy.map(change), orderBy: of.orderBy.map(change) }
    case 'filter':
      return { ...of, of: change(of.of), where: change(of.where) }
    case 'case':
      return {
        ...of,
        ...(of.value && { value: change(of.value) }),
        when: of.when.map(({ condition, value }) => ({ condition: change(condition), value: change(value) })),
        ...(of.otherwise && { otherwise: change(of.otherwise) }),
      }
    default:
      return of
  }
}
