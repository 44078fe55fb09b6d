import type { Expression } from './expression.ts'
import { withFinalName } from './resolve.ts'
import type { Column, Constraint, ForeignKey, Index, Table } from './table.ts'
import { isBefore, type Target } from './target.ts'
import { typeOn } from './type-spec.ts'

/**
 * The table as SQLAlchemy reads it back from SQLite, which is what a batch operation starts from. What reflection does
 * not see is lost when the table is rebuilt: nameless checks, expression indexes, the order and collation of index
 * columns, ON CONFLICT, AUTOINCREMENT (sqlalchemy/dialects/sqlite/base.py, the get_… methods).
 */
export function reflectTable(table: Table, target: Target): Table {
  const head = { name: table.name, ...(table.schema !== undefined && { schema: table.schema }) }
  const constraints = table.constraints.flatMap((c) => reflectConstraint(c))
  const known = { ...head, constraints }
  return {
    ...head,
    columns: table.columns.map(reflectColumn),
    constraints: [...constraints.map((c) => withFinalName(c, known, target)), ...booleanChecks(table, target)],
    indexes: table.indexes.flatMap((index) => reflectIndex(index)),
  }
}

function reflectColumn(column: Column): Column {
  const { options: _, autoincrement: __, comment: ___, ...rest } = column
  return { ...rest, type: { ...typeOn(column.type, 'sqlite'), reflected: true } }
}

function reflectConstraint(constraint: Constraint): readonly Constraint[] {
  switch (constraint.kind) {
    case 'check': {
      const { name, expression } = constraint
      return name === undefined ? [] : [{ kind: 'check', name, expression }]
    }
    case 'foreignKey':
      return [reflectForeignKey(constraint)]
    case 'exclude':
      return []
    default: {
      const { kind, name, columns } = constraint
      return [{ kind, columns, ...(name !== undefined && { name }) }]
    }
  }
}

/** Only `FOREIGN KEY (…) REFERENCES t (…) ON …` is parsed for what follows; MATCH or an inline REFERENCES ends that. */
function reflectForeignKey(key: ForeignKey): ForeignKey {
  const { kind, name, columns, target, targetColumns, onDelete, onUpdate, deferrable, initially } = key
  const bare: ForeignKey = { kind, columns, target, targetColumns, ...(name !== undefined && { name }) }
  if (key.inline || key.match !== undefined) return bare
  return {
    ...bare,
    ...(isAction(onDelete) && { onDelete }),
    ...(isAction(onUpdate) && { onUpdate }),
    ...(deferrable !== undefined && { deferrable }),
    ...(initially !== undefined && { initially }),
  }
}

function isAction(action: string | undefined): action is string {
  return action !== undefined && action.toUpperCase() !== 'NO ACTION'
}

function reflectIndex({ name, columns, unique, options }: Index): readonly Index[] {
  const names = columns.map(columnName)
  if (names.includes(undefined)) return []
  const where = options?.sqlite_where
  return [
    {
      columns: names as readonly string[],
      ...(name !== undefined && { name }),
      ...(unique !== undefined && { unique }),
      ...(where !== undefined && where !== null && { options: { sqlite_where: where } }),
    },
  ]
}

function columnName(of: string | Expression): string | undefined {
  if (typeof of === 'string') return of
  if (of.kind === 'column') return of.name
  if (of.kind === 'suffix') return columnName(of.of)
  if (of.kind !== 'sql') return undefined
  const match = /^\s*(?:"([^"]+)"|(\w+))(?:\s+(?:ASC|DESC))?\s*$/i.exec(of.text)
  return match?.[1] ?? match?.[2]
}

/** Before SQLAlchemy 1.4 every BOOLEAN, a reflected one too, made its CHECK anew. */
function booleanChecks(table: Table, target: Target): readonly Constraint[] {
  if (!isBefore(target, '1.4')) return []
  return table.columns
    .filter((c) => ['Boolean', 'BOOLEAN'].includes(typeOn(c.type, 'sqlite').kind))
    .map((c) => ({
      kind: 'check',
      typeBound: true,
      column: c.name,
      expression: { kind: 'sql', text: `${c.name} IN (0, 1)` },
    }))
}
