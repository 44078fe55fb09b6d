import type { ColumnDefinition } from '../../../lib/schema/definition.ts'
import type { Operation } from '../../../lib/schema/operation.ts'
import type { Constraint } from '../../../lib/schema/table.ts'
import { type TypeArguments, type TypeOrigin, type TypeSpec, type } from '../../../lib/schema/type-spec.ts'

/** Short ways to write operations in cases. */

export const int = type('Integer')
export const str = (length: number) => type('String', { length })
export const text = type('Text')
export const id: ColumnDefinition = { name: 'id', type: int, primaryKey: true }

export function col(name: string, spec: TypeSpec, rest: Partial<ColumnDefinition> = {}): ColumnDefinition {
  return { name, type: spec, ...rest }
}

export function table(
  name: string,
  columns: readonly ColumnDefinition[],
  constraints: readonly Constraint[] = [],
  rest: object = {},
): Operation {
  return { kind: 'createTable', table: { name, columns, constraints, ...rest } }
}

export function from(origin: TypeOrigin, kind: string, args?: TypeArguments): TypeSpec {
  return type(kind, args, origin)
}

export const t = { name: 't' } as const

/** `t` with an id and one column `a`, in both languages. */
export const start = table('t', [id, col('a', str(20))])
export const startPython =
  "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(20)))\n"
