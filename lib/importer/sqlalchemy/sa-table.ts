import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, List, Tuple, type Unknown, type Value } from '../../python/values.ts'
import type { ColumnDefinition, TableDefinition } from '../../schema/definition.ts'
import type { ColumnExpression } from '../../schema/expression.ts'
import type { NamingConvention } from '../../schema/naming.ts'
import { tableKey } from '../../schema/table.ts'
import { columnAttribute } from './column-attributes.ts'
import { SaExpression } from './sa-expression.ts'
import { SaConstraint, type SaForeignKey, SaIndex, type SaSequence } from './sa-items.ts'
import type { SaMetaData } from './sa-metadata.ts'
import { SaType } from './sa-type.ts'
import { tableAttribute } from './table-attributes.ts'
import { tableMethod } from './table-methods.ts'

let made = 0

/** What a column knows besides its definition. */
export interface ColumnMore {
  /** The name that Python code calls it by, where that is another. */
  readonly key?: string
  readonly sequence?: SaSequence
  readonly foreignKeys?: readonly SaForeignKey[]
  /** The value that was given as its type. */
  readonly typeValue?: Value
  /** `default=`, for what asks for it. */
  readonly defaultValue?: Value
  /** `onupdate=`: what an UPDATE sets that says nothing of the column. */
  readonly onUpdate?: Value
  readonly info?: Value
  /** When it was made: declarative classes put their columns in this order. */
  readonly order?: number
  /** `mapped_column(sort_order=…)` */
  readonly sortOrder?: number
  /** mapped_column: what was not said is left to the annotation. */
  readonly unset?: readonly ('type' | 'nullable' | 'name')[]
}

/** `sa.Column(…)` and `sa.column(…)`: a definition, and an expression as well. */
export class SaColumn extends SaExpression {
  readonly definition: ColumnDefinition
  readonly table: SaTable | undefined
  readonly more: ColumnMore

  constructor(definition: ColumnDefinition, table?: SaTable, more: ColumnMore = {}) {
    super(
      { kind: 'column', name: definition.name, ...table?.reference },
      definition.type.kind === 'Null' ? undefined : definition.type,
      `the column ${definition.name}`,
    )
    this.definition = definition
    this.table = table
    this.more = { ...more, order: more.order ?? ++made }
  }

  get key(): string {
    return this.more.key ?? this.definition.name
  }

  /** The same column inside a table. */
  within(table: SaTable): SaColumn {
    return new SaColumn(this.definition, table, this.more)
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    return columnAttribute(this, name, vm, at) ?? super.get(name, vm, at)
  }

  get typeObject(): Value {
    return this.more.typeValue ?? new SaType(this.definition.type)
  }
}

/** What a table knows besides its definition. */
export interface TableMore {
  readonly metadata?: SaMetaData
  /** The columns with what they know. */
  readonly columns?: readonly SaColumn[]
  /** Only some of its columns are known: it is read from a database that is not here. */
  readonly reflected?: Unknown
}

/** `sa.Table(…)`, `sa.table(…)`, `Model.__table__`. */
export class SaTable extends HostObject {
  readonly name: string
  readonly alias: string | undefined
  /** How its columns name it. */
  readonly reference: Pick<ColumnExpression, 'table' | 'schema' | 'from'>
  readonly metadata: SaMetaData | undefined
  readonly reflected: Unknown | undefined
  /** Set where the script listens to its being made. */
  listened: string | undefined
  /** Constraints and indexes that came later. */
  readonly added = new List()
  readonly #definition: TableDefinition
  readonly #columns: readonly SaColumn[]

  constructor(definition: TableDefinition, alias?: string, more: TableMore = {}) {
    super(`the table ${definition.name}`)
    this.name = definition.name
    this.#definition = definition
    this.alias = alias
    this.reference = referenceTo(definition, alias)
    this.metadata = more.metadata
    this.reflected = more.reflected
    const columns = more.columns ?? definition.columns.map((column) => new SaColumn(column))
    this.#columns = columns.map((column) => column.within(this))
  }

  get definition(): TableDefinition {
    const { items } = this.added
    if (items.length === 0) return this.#definition
    const { columns, constraints = [], indexes = [] } = this.#definition
    const more = items.flatMap((item) => (item instanceof SaConstraint ? [item.constraint] : []))
    const added = items.flatMap((item) => (item instanceof SaIndex ? [item.definition] : []))
    const late = items.flatMap((item) => (item instanceof SaColumn ? [item.definition] : []))
    return {
      ...this.#definition,
      columns: [...columns, ...late],
      constraints: [...constraints, ...more],
      indexes: [...indexes, ...added],
    }
  }

  get columns(): readonly SaColumn[] {
    return [...this.#columns, ...this.added.items.filter((item) => item instanceof SaColumn)]
  }

  /** How MetaData.tables knows it. */
  get key(): string {
    return tableKey(this.#definition)
  }

  /** The convention for names that nobody gave. */
  get naming(): NamingConvention | undefined {
    return this.metadata?.naming
  }

  column(key: string): SaColumn | undefined {
    return this.columns.find((column) => column.key === key)
  }

  /** `append_constraint`, or an Index that is made of its columns. */
  add(vm: Interpreter, item: SaConstraint | SaIndex | SaColumn): void {
    vm.branches.touch(this.added)
    this.added.items.push(item)
  }

  override get(name: string, vm: Interpreter): Value | undefined {
    return tableAttribute(this, name, vm) ?? tableMethod(this, name)
  }

  override truth(): boolean {
    return true
  }
}

/** An alias stands for the table with its schema. */
function referenceTo({ name, schema }: TableDefinition, alias: string | undefined): SaTable['reference'] {
  const from = { name, ...(schema !== undefined && { schema }), ...(alias !== undefined && { alias }) }
  if (alias !== undefined) return { table: alias, from }
  return { table: name, ...(schema !== undefined && { schema }), from }
}

/** `t.c` */
export class SaColumns extends HostObject {
  readonly #table: SaTable

  constructor(table: SaTable) {
    super(`the columns of ${table.name}`)
    this.#table = table
  }

  override get(name: string, vm: Interpreter): Value | undefined {
    const column = this.#table.column(name)
    if (column) return column
    if (this.#table.reflected) return this.#table.reflected
    const all = this.#table.columns
    if (name === 'keys') return new Given(name, () => new List(all.map(({ key }) => key)))
    if (name === 'values') return new Given(name, () => new List([...all]))
    if (name === 'items') return new Given(name, () => new List(all.map((c) => new Tuple([c.key, c]))))
    if (name === 'get') return vm.attribute(this.#dict(), 'get')
    return vm.raise('AttributeError', name)
  }

  override index(key: Value, vm: Interpreter): Value | undefined {
    if (typeof key !== 'string') return typeof key === 'bigint' ? this.#table.columns.at(Number(key)) : undefined
    return this.#table.column(key) ?? this.#table.reflected ?? vm.raiseKey(key)
  }

  override iterate(): readonly Value[] | Unknown {
    return this.#table.reflected ?? this.#table.columns
  }

  override length(): Value {
    return this.#table.reflected ?? BigInt(this.#table.columns.length)
  }

  override binary(operator: string, other: Value): Value | undefined {
    if (operator !== 'contains') return undefined
    const name = other instanceof SaColumn ? other.key : other
    const has = typeof name === 'string' && this.#table.column(name) !== undefined
    return has ? true : (this.#table.reflected ?? false)
  }

  #dict(): Dict {
    const dict = new Dict()
    for (const column of this.#table.columns) dict.map.set(`s${column.key}`, { key: column.key, value: column })
    dict.taint = this.#table.reflected
    return dict
  }
}

class Given extends HostObject {
  readonly #value: () => Value

  constructor(name: string, value: () => Value) {
    super(name)
    this.#value = value
  }

  override call(): Value {
    return this.#value()
  }
}
