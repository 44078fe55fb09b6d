import { columnsIn, type Expression } from './expression.ts'
import { expressionName } from './expression-name.ts'
import { columnsInText } from './sql-text.ts'
import type { Check, Constraint, Index, Schema, Table } from './table.ts'
import { plainName } from './table.ts'
import type { Target } from './target.ts'

/** A table, and what else is there that may have taken a name. */
export interface Surroundings {
  readonly target: Target
  readonly schema?: Schema
}

/** The constraint under the name that the server gives it, where the script gave none. */
export function withServerName<C extends Constraint>(constraint: C, table: Table, around: Surroundings): C {
  if (constraint.name !== undefined) return constraint
  const name = serverName(constraint, table, around)
  return name === undefined ? constraint : { ...constraint, name }
}

/** The index under the name that the server gives it, where raw SQL gave none. */
export function withServerIndexName(index: Index, table: Table, around: Surroundings): Index {
  const { dialect } = around.target
  if (index.name !== undefined || dialect === 'sqlite') return index
  if (dialect === 'postgres')
    return { ...index, name: postgresName([postgresColumns(index.columns), 'idx'], table, around) }
  const [first] = index.columns
  const name = typeof first === 'string' ? first : columnName(first)
  return { ...index, name: mysqlKeyName(name ?? 'functional_index', table) }
}

function serverName(constraint: Constraint, table: Table, around: Surroundings): string | undefined {
  if (around.target.dialect === 'postgres') return postgresName(postgresParts(constraint, table), table, around)
  return around.target.dialect === 'mysql' ? mysqlName(constraint, table, around.target) : undefined
}

/** PostgreSQL's ChooseConstraintName and ChooseRelationName (src/backend/catalog/pg_constraint.c, commands/indexcmds.c). */
function postgresName([middle, label]: NameParts, table: Table, { schema }: Surroundings): string {
  for (let n = 0; ; n++) {
    const name = objectName(table.name, middle, `${label}${n === 0 ? '' : n}`)
    if (!takenNames(table).has(name) && !(schema && isTakenAround(name, label, table, schema))) return name
  }
}

type NameParts = readonly [middle: string | undefined, label: string]

/** Names of constraints are told apart in the whole schema, those of indexes from tables and sequences as well. */
function isTakenAround(name: string, label: string, { schema: where, name: own }: Table, schema: Schema): boolean {
  const relations = label !== 'fkey' && label !== 'check'
  for (const table of Object.values(schema.tables)) {
    if (table.schema !== where || table.name === own) continue
    if (takenNames(table).has(name) || (relations && table.name === name)) return true
  }
  return relations && Object.values(schema.sequences).some((s) => s.schema === where && s.name === name)
}

/** ChooseIndexColumnNames and FigureColname: a function by its name, any other expression as `expr`; each name but once. */
function postgresColumns(columns: Index['columns']): string {
  const names: string[] = []
  for (const column of columns) {
    const base = typeof column === 'string' ? column : (columnName(column) ?? nameOfExpression(column))
    let name = base
    for (let n = 1; names.includes(name); n++) name = `${base}${n}`
    names.push(name)
  }
  return cutBytes(names.join('_'), 63)
}

function columnName(of: Expression | undefined): string | undefined {
  if (of?.kind === 'suffix') return columnName(of.of)
  return of?.kind === 'column' ? of.name : undefined
}

function nameOfExpression(of: Expression): string {
  if (of.kind === 'suffix') return nameOfExpression(of.of)
  if (of.kind === 'function') return of.name.split('.').at(-1)!.toLowerCase()
  return of.kind === 'sql' ? expressionName(of.text) : 'expr'
}

function cutBytes(text: string, most: number): string {
  let cut = text
  while (Buffer.byteLength(cut) > most) cut = cut.slice(0, -1)
  return cut
}

function postgresParts(constraint: Constraint, table: Table): NameParts {
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
      return [postgresColumns(constraint.elements.map((e) => e.expression)), 'excl']
  }
}

/** A check is named after its column if it has but one (AddRelationNewConstraints in src/backend/catalog/heap.c). */
function soleColumn({ expression, column }: Check, table: Table): string | undefined {
  const all = table.columns.map((c) => c.name)
  const named = columnsIn(expression)
  const used = expression.kind === 'sql' ? columnsInText(expression.text, all) : all.filter((c) => named.includes(c))
  return used.length === 1 ? used[0] : used.length === 0 ? column : undefined
}

/** makeObjectName: the longer of the two names loses characters until all fit into 63. */
function objectName(first: string, second: string | undefined, label: string): string {
  let [a, b] = [first, second ?? '']
  const room = 63 - label.length - 1 - (second === undefined ? 0 : 1)
  const bytes = Buffer.byteLength
  while (bytes(a) + bytes(b) > room) bytes(a) > bytes(b) ? (a = a.slice(0, -1)) : (b = b.slice(0, -1))
  return [a, ...(second === undefined ? [] : [b]), label].join('_')
}

/** Tables are never changed in place. */
const namesTaken = new WeakMap<Table, ReadonlySet<string>>()

function takenNames(table: Table): ReadonlySet<string> {
  const known = namesTaken.get(table)
  if (known) return known
  const names = new Set([...table.constraints, ...table.indexes].flatMap(({ name }) => plainName(name) ?? []))
  namesTaken.set(table, names)
  return names
}

/** MySQL reference manual, 13.1.20: t_ibfk_1, t_chk_1; a unique key is named after its first column. */
function mysqlName(constraint: Constraint, table: Table, target: Target): string | undefined {
  if (constraint.kind === 'primaryKey') return 'PRIMARY'
  if (constraint.kind === 'foreignKey') return counted(table, `${table.name}_ibfk_`)
  if (constraint.kind === 'check') return mysqlCheckName(constraint, table, target)
  if (constraint.kind !== 'unique') return undefined
  return mysqlKeyName(constraint.columns[0] ?? '', table)
}

/** Keys have names of their own kind: those of foreign keys and checks do not count. */
function mysqlKeyName(first: string, table: Table): string {
  const keys = [...table.indexes, ...table.constraints.filter((c) => c.kind === 'unique' || c.kind === 'primaryKey')]
  const taken = new Set(keys.map((key) => plainName(key.name)?.toLowerCase()))
  for (let n = 1; ; n++) {
    const name = n === 1 ? first : `${first}_${n}`
    if (!taken.has(name.toLowerCase())) return name
  }
}

function mysqlCheckName(check: Check, table: Table, target: Target): string {
  if (target.serverFlavor !== 'mariadb') return counted(table, `${table.name}_chk_`)
  return check.column && !check.typeBound ? check.column : firstFree(table, 'CONSTRAINT_')
}

/** MariaDB's make_unique_constraint_name (sql_table.cc). */
function firstFree(table: Table, prefix: string): string {
  const taken = takenNames(table)
  for (let n = 1; ; n++) if (!taken.has(`${prefix}${n}`)) return `${prefix}${n}`
}

function counted(table: Table, prefix: string): string {
  const numbers = [...takenNames(table)].filter((n) => n.startsWith(prefix)).map((n) => Number(n.slice(prefix.length)))
  return `${prefix}${Math.max(0, ...numbers.filter(Number.isInteger)) + 1}`
}
