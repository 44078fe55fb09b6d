import type { Literal } from '../../schema/expression.ts'
import type { Column, Schema } from '../../schema/table.ts'
import type { Target } from '../../schema/target.ts'
import { isTypeOf } from '../sqlalchemy/type-names.ts'
import { reflectedType } from './column-types.ts'
import { type About, type Asked, type Given, isName, meet } from './rows.ts'
import { shapeOf } from './settled.ts'

interface Around {
  readonly schema: Schema
  readonly target: Target
  readonly about: About
}

/** An answer that a shape gives; where the shape is only assumed, another database may have another one. */
export interface SettledAnswer {
  readonly answer: boolean
  readonly isCertain: boolean
}

/** `col['nullable']` of a column that the chain made. */
export function settledAttributes(
  given: readonly Given[],
  asked: readonly Asked[],
  { schema, target, about }: Around,
): SettledAnswer | undefined {
  if (about !== 'column' || given.some(({ means }) => !isName(means))) return undefined
  const [table, ...tables] = meet(given, 'table') ?? []
  const [name, ...names] = meet(given, 'name') ?? []
  if (table === undefined || name === undefined || tables.length + names.length > 0) return undefined
  const inSchema = meet(given, 'schema')?.[0]
  const shape = shapeOf(schema, inSchema === undefined ? { name: table } : { name: table, schema: inSchema })
  if (!shape) return undefined
  const isCertain = shape.assumed === undefined
  const column = shape.columns.find((one) => one.name === name)
  if (!column) return { answer: false, isCertain }
  const truths = asked.map((condition) => truthOf(condition, column, target))
  if (truths.includes(false)) return { answer: false, isCertain }
  return truths.includes(undefined) ? undefined : { answer: true, isCertain }
}

function truthOf({ field, comparison, values, holds, typeClass }: Asked, column: Column, target: Target) {
  if (comparison === 'type') {
    const type = field.means === 'type' && typeClass ? reflectedType(column, target) : undefined
    return type && typeClass
      ? isTypeOf({ kind: type.kind, origin: type.origin ?? 'sqlalchemy' }, typeClass) === holds
      : undefined
  }
  if (field.means !== 'nullable' && field.means !== 'notNull') return undefined
  const nullable = field.means === 'nullable' ? column.nullable : !column.nullable
  if (comparison === 'true') return nullable === holds
  const wanted = comparison === '=' && values.length === 1 ? yesOrNo(values[0]!) : undefined
  return wanted === undefined ? undefined : (nullable === wanted) === holds
}

function yesOrNo(value: Literal): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value === 'YES' || value === 1n || value === 1) return true
  return value === 'NO' || value === 0n || value === 0 ? false : undefined
}
