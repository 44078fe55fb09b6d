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
  | { readonly kind: 'sql'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: Literal }
  /** `sa.true()`, `sa.false()`, `sa.null()` */
  | { readonly kind: 'constant'; readonly value: boolean | null }
  | { readonly kind: 'column'; readonly name: string; readonly table?: string }
  /** `sa.func.now()`; a dotted name for `func.schema.name`. */
  | { readonly kind: 'function'; readonly name: string; readonly args: readonly Expression[] }
  /** A binary operator by its SQL: `=`, `<>`, `AND`, `IN`, `IS`, `||`, `LIKE`, … */
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'between'; readonly of: Expression; readonly low: Expression; readonly high: Expression }
  | { readonly kind: 'junction'; readonly operator: 'AND' | 'OR'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  /** `desc()`, `asc()`, `nulls_last()`: what stands behind. */
  | { readonly kind: 'suffix'; readonly of: Expression; readonly suffix: string }
  | { readonly kind: 'list'; readonly of: readonly Expression[] }
  | { readonly kind: 'cast'; readonly of: Expression; readonly type: import('./type-spec.ts').TypeSpec }
  | { readonly kind: 'case'; readonly when: readonly CaseArm[]; readonly otherwise?: Expression }
  /** `Sequence.next_value()` */
  | { readonly kind: 'nextValue'; readonly sequence: string; readonly schema?: string }
  /** A SELECT in parentheses. */
  | { readonly kind: 'subquery'; readonly select: Select }

/** A SELECT as plain as migrations have them; `text` for one that is already SQL. */
export type Select =
  | { readonly text: string }
  | {
      /** Without columns: all of them. */
      readonly columns: readonly SelectColumn[]
      readonly from: readonly FromName[]
      readonly distinct?: boolean
      readonly where?: Expression
      readonly groupBy?: readonly Expression[]
      readonly orderBy?: readonly Expression[]
      readonly limit?: number
    }

export interface SelectColumn {
  readonly expression: Expression
  readonly label?: string
}

export interface FromName {
  readonly name: string
  readonly schema?: string
  readonly alias?: string
}

export interface CaseArm {
  readonly condition: Expression
  readonly value: Expression
}

export const sql = (text: string): Expression => ({ kind: 'sql', text })
export const literal = (value: Literal): Expression => ({ kind: 'literal', value })
export const column = (name: string): Expression => ({ kind: 'column', name })
export const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: 'function', name, args })

/** The columns that an expression names, in order; raw SQL is not looked into. */
export function columnsIn(of: Expression): readonly string[] {
  switch (of.kind) {
    case 'column':
      return [of.name]
    case 'function':
      return of.args.flatMap(columnsIn)
    case 'binary':
      return [...columnsIn(of.left), ...columnsIn(of.right)]
    case 'junction':
    case 'list':
      return of.of.flatMap(columnsIn)
    case 'between':
      return [of.of, of.low, of.high].flatMap(columnsIn)
    case 'not':
    case 'suffix':
    case 'cast':
      return columnsIn(of.of)
    case 'case':
      return [
        ...of.when.flatMap((arm) => [...columnsIn(arm.condition), ...columnsIn(arm.value)]),
        ...(of.otherwise ? columnsIn(of.otherwise) : []),
      ]
    default:
      return []
  }
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

type ColumnExpression = Extract<Expression, { readonly kind: 'column' }>

function mapColumns(of: Expression, change: (column: ColumnExpression) => Expression): Expression {
  const again = (e: Expression) => mapColumns(e, change)
  switch (of.kind) {
    case 'column':
      return change(of)
    case 'function':
      return { ...of, args: of.args.map(again) }
    case 'binary':
      return { ...of, left: again(of.left), right: again(of.right) }
    case 'junction':
    case 'list':
      return { ...of, of: of.of.map(again) }
    case 'between':
      return { ...of, of: again(of.of), low: again(of.low), high: again(of.high) }
    case 'not':
    case 'suffix':
    case 'cast':
      return { ...of, of: again(of.of) }
    case 'case':
      return {
        ...of,
        when: of.when.map(({ condition, value }) => ({ condition: again(condition), value: again(value) })),
        ...(of.otherwise && { otherwise: again(of.otherwise) }),
      }
    default:
      return of
  }
}
