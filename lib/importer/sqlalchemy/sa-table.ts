import { HostObject } from '../../python/host.ts'
import type { ColumnDefinition, TableDefinition } from '../../schema/definition.ts'
import { SaExpression } from './sa-expression.ts'

/** `sa.Column(…)` and `sa.column(…)`: a definition, and an expression as well. */
export class SaColumn extends SaExpression {
  readonly definition: ColumnDefinition
  readonly table: SaTable | undefined

  constructor(definition: ColumnDefinition, table?: SaTable) {
    super(
      { kind: 'column', name: definition.name, ...(table && { table: table.alias ?? table.definition.name }) },
      definition.type,
      `the column ${definition.name}`,
    )
    this.definition = definition
    this.table = table
  }
}

/** `sa.Table(…)`, `sa.table(…)`, `Model.__table__`. */
export class SaTable extends HostObject {
  readonly definition: TableDefinition
  readonly alias: string | undefined

  constructor(definition: TableDefinition, alias?: string) {
    super(`the table ${definition.name}`)
    this.definition = definition
    this.alias = alias
  }
}
