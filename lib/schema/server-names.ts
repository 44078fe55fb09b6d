import { columnsIn } from './expression.ts'
import type { Check, Constraint, Table } from './table.ts'
import { plainName } from './table.ts'
import type { Target } from './target.ts'

/** The constraint under the name that the server gives it, where the script gave none. */
export function withServerName<C extends Constraint>(constraint: C, table: Table, target: Target): C {
  if (constraint.name !== undefined) return constraint
  const name = serverName(constraint, table, target)
  return name === undefined ? constraint : { ...constraint, name }
}

function serverName(constraint: Constraint, table: Table, target: Target): string | undefined {
  if (target.dialect === 'postgres') return postgresName(constraint, table)
  return target.dialect === 'mysql' ? mysqlName(constraint, table, target) : undefined
}

/** PostgreSQL's ChooseConstraintName and ChooseIndexNameAddition (src/backend/commands/indexcmds.c, pg_constraint.c). */
function postgresName(constraint: Constraint, table: Table): string {
  const taken = takenNames(table)
  const [middle, label] = postgresParts(constraint, table)
  for (let n = 0; ; n++) {
    const name = objectName(table.name, middle, `${label}${n === 0 ? '' : n}`)
    if (!taken.has(name)) return name
  }
}

function postgresParts(constraint: Constraint, table: Table): readonly [string | undefined, string] {
  switch (constraint.kind) {
    case 'primaryKey':
      return [undefined, 'pkey']
    case 'unique':
      return [constraint.columns.join('_'), 'key']
    case 'foreignKey':
      return [constraint.columns.join('_'), 'fkey']
    case 'check':
      return [soleColumn(constraint, table), 'check']
    case 'exclude':
      return [
        constraint.elements.map((e) => (e.expression.kind === 'column' ? e.expression.name : 'expr')).join('_'),
        'excl',
      ]
  }
}

/** A check is named after its column if it has but one (AddRelationNewConstraints in src/backend/catalog/heap.c). */
function soleColumn({ expression, column }: Check, table: Table): string | undefined {
  const text = expression.kind === 'sql' ? expression.text.replace(/'(?:[^']|'')*'/g, '') : ''
  const words = new Set([...columnsIn(expression), ...(text.match(/\w+/g) ?? [])])
  const used = table.columns.filter((c) => words.has(c.name))
  return used.length === 1 ? used[0]!.name : used.length === 0 ? column : undefined
}

/** makeObjectName: the longer of the two names loses characters until all fit into 63. */
function objectName(first: string, second: string | undefined, label: string): string {
  let [a, b] = [first, second ?? '']
  const room = 63 - label.length - 1 - (second === undefined ? 0 : 1)
  while (a.length + b.length > room) a.length > b.length ? (a = a.slice(0, -1)) : (b = b.slice(0, -1))
  return [a, ...(second === undefined ? [] : [b]), label].join('_')
}

function takenNames(table: Table): ReadonlySet<string> {
  return new Set([...table.constraints, ...table.indexes].flatMap(({ name }) => plainName(name) ?? []))
}

/** MySQL reference manual, 13.1.20: t_ibfk_1, t_chk_1; a unique key is named after its first column. */
function mysqlName(constraint: Constraint, table: Table, target: Target): string | undefined {
  if (constraint.kind === 'primaryKey') return 'PRIMARY'
  if (constraint.kind === 'foreignKey') return counted(table, `${table.name}_ibfk_`)
  if (constraint.kind === 'check') return mysqlCheckName(constraint, table, target)
  if (constraint.kind !== 'unique') return undefined
  const [first = ''] = constraint.columns
  const taken = takenNames(table)
  for (let n = 1; ; n++) {
    const name = n === 1 ? first : `${first}_${n}`
    if (!taken.has(name)) return name
  }
}

function mysqlCheckName(check: Check, table: Table, target: Target): string {
  if (target.serverFlavor !== 'mariadb') return counted(table, `${table.name}_chk_`)
  return check.column && !check.typeBound ? check.column : counted(table, 'CONSTRAINT_')
}

function counted(table: Table, prefix: string): string {
  const numbers = [...takenNames(table)].filter((n) => n.startsWith(prefix)).map((n) => Number(n.slice(prefix.length)))
  return `${prefix}${Math.max(0, ...numbers.filter(Number.isInteger)) + 1}`
}
