import type { ColumnForeignKey } from '../../schema/definition.ts'
import type { Expression } from '../../schema/expression.ts'
import { unreadable } from '../unreadable.ts'
import { junction } from './coerce.ts'
import type { SaTable } from './sa-table.ts'

/** A join that says nothing is along the foreign key between its sides. */
export function joinCondition(left: readonly SaTable[], right: readonly SaTable[]): Expression {
  const found = left.flatMap((a) => right.flatMap((b) => [...keysBetween(a, b), ...keysBetween(b, a)]))
  const pairs = distinct(found)
  const condition = junction(
    'AND',
    pairs.map(([a, b]): Expression => ({ kind: 'binary', operator: '=', left: a, right: b })),
  )
  return condition ?? unreadable('a join without a condition, between tables without a known foreign key')
}

type Pair = readonly [Expression, Expression]

/** The columns of `to` and `from` that a foreign key of `from` makes equal, in the order that SQLAlchemy writes them. */
function keysBetween(to: SaTable, from: SaTable): readonly Pair[] {
  const inColumns = from.columns.flatMap(({ definition }) =>
    (definition.foreignKeys ?? []).map((key) => ({ column: definition.name, key })),
  )
  const inTable = (from.definition.constraints ?? []).flatMap((constraint) =>
    constraint.kind === 'foreignKey'
      ? constraint.columns.map((column, at) => ({
          column,
          key: { target: constraint.target, targetColumn: constraint.targetColumns[at] ?? column },
        }))
      : [],
  )
  return [...inColumns, ...inTable].flatMap(({ column, key }) => {
    if (!isTable(to, key)) return []
    const [target, own] = [to.column(key.targetColumn || column), from.column(column)]
    return target && own ? [[target.expression, own.expression] as const] : []
  })
}

function isTable({ definition }: SaTable, { target }: Pick<ColumnForeignKey, 'target'>): boolean {
  return definition.name === target.name && (definition.schema ?? '') === (target.schema ?? '')
}

function distinct(pairs: readonly Pair[]): readonly Pair[] {
  return [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()]
}
