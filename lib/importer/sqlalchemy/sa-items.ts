import { HostObject } from '../../python/host.ts'
import { List, type Value } from '../../python/values.ts'
import type { ColumnForeignKey } from '../../schema/definition.ts'
import type { Expression } from '../../schema/expression.ts'
import type { Computed, Constraint, Identity, Index, SequenceOptions, TableName } from '../../schema/table.ts'
import { plainName } from '../../schema/table.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'
import { effectFunction } from '../effect-function.ts'
import { createIndex, dropIndex } from './item-effects.ts'
import { SaExpression } from './sa-expression.ts'
import type { SaTable } from './sa-table.ts'
import { createSequence, dropSequence } from './sequence-effects.ts'

/** `sa.ForeignKey('users.id')` */
export class SaForeignKey extends HostObject {
  /** Its `targetColumn` is '' where only the table was named: the column of the same name. */
  readonly key: ColumnForeignKey
  /** A name without a schema is looked for in the schema of the MetaData. */
  readonly written: boolean

  constructor(key: ColumnForeignKey, written: boolean) {
    super('a ForeignKey')
    this.key = key
    this.written = written
  }

  override get(name: string): Value | undefined {
    const { target, targetColumn } = this.key
    if (name === 'target_fullname') return [target.schema, target.name, targetColumn].filter(Boolean).join('.')
    if (name === 'ondelete') return this.key.onDelete ?? null
    if (name === 'onupdate') return this.key.onUpdate ?? null
    return name === 'name' ? (plainName(this.key.name) ?? null) : undefined
  }
}

/** `sa.UniqueConstraint(…)` and its like. A table takes it as an argument, or later. */
export class SaConstraint extends HostObject {
  readonly constraint: Constraint
  /** The table that it is put on by its columns, or by `append_constraint`. */
  table: SaTable | undefined

  constructor(constraint: Constraint, table?: SaTable) {
    super('a constraint')
    this.constraint = constraint
    this.table = table
  }

  override get(name: string): Value | undefined {
    if (name === 'name') return plainName(this.constraint.name) ?? null
    if (name === 'table') return this.table
    return name === 'columns' && 'columns' in this.constraint ? new List([...this.constraint.columns]) : undefined
  }
}

/** `sa.Index('ix', 'a')` */
export class SaIndex extends HostObject {
  readonly definition: Index
  table: SaTable | undefined

  constructor(definition: Index, table?: SaTable) {
    super('an Index')
    this.definition = definition
    this.table = table
  }

  override get(name: string): Value | undefined {
    if (name === 'name') return plainName(this.definition.name) ?? null
    if (name === 'unique') return this.definition.unique ?? false
    if (name === 'table') return this.table
    if (name === 'create') return effectFunction('create', (call, recorder) => createIndex(this, call, recorder))
    return name === 'drop' ? effectFunction('drop', (call, recorder) => dropIndex(this, call, recorder)) : undefined
  }
}

export class SaComputed extends HostObject {
  readonly computed: Computed

  constructor(computed: Computed) {
    super('a Computed')
    this.computed = computed
  }
}

export class SaIdentity extends HostObject {
  readonly identity: Identity

  constructor(identity: Identity) {
    super('an Identity')
    this.identity = identity
  }
}

/** `sa.Sequence('s')`; as an expression it is its next value. */
export class SaSequence extends SaExpression {
  readonly sequence: TableName
  readonly options: SequenceOptions
  readonly optional: boolean
  readonly valueType: TypeSpec | undefined

  constructor(sequence: TableName, options: SequenceOptions, optional: boolean, valueType?: TypeSpec) {
    super(nextValue(sequence), valueType, `the sequence ${sequence.name}`)
    this.sequence = sequence
    this.options = options
    this.optional = optional
    this.valueType = valueType
  }

  override get(name: string): Value | undefined {
    switch (name) {
      case 'name':
        return this.sequence.name
      case 'schema':
        return this.sequence.schema ?? null
      case 'next_value':
        return effectlessNext(this)
      case 'create':
        return effectFunction('create', (call, recorder) => createSequence(this, call, recorder))
      case 'drop':
        return effectFunction('drop', (call, recorder) => dropSequence(this, call, recorder))
      default:
        return undefined
    }
  }
}

function nextValue({ name, schema }: TableName): Expression {
  return { kind: 'nextValue', sequence: name, ...(schema !== undefined && { schema }) }
}

class NextValue extends HostObject {
  readonly #sequence: SaSequence

  constructor(sequence: SaSequence) {
    super('next_value')
    this.#sequence = sequence
  }

  override call(): Value {
    return new SaExpression(nextValue(this.#sequence.sequence), this.#sequence.valueType)
  }
}

function effectlessNext(sequence: SaSequence): HostObject {
  return new NextValue(sequence)
}

/** `DefaultClause(…)`, `FetchedValue()`, `ColumnDefault(…)`: what a column may be given for a default. */
export class SaDefault extends HostObject {
  /** The SQL of a DefaultClause; without one the server or the application knows. */
  readonly clause: string | Expression | undefined
  readonly side: 'server' | 'client' | 'onupdate'

  constructor(side: SaDefault['side'], clause?: string | Expression) {
    super('a default')
    this.side = side
    this.clause = clause
  }
}
