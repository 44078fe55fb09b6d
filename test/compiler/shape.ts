import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { plainName, type Schema, type Table } from '../../lib/schema/table.ts'

/** What the catalogue says, as far as the model has to agree with it. */
export interface Shape {
  readonly [table: string]: {
    readonly columns: readonly (readonly [name: string, nullable: boolean])[]
    readonly constraints: readonly (readonly [kind: string, name: string])[]
    readonly indexes: readonly string[]
  }
}

const kinds = {
  primaryKey: 'primary key',
  unique: 'unique',
  foreignKey: 'foreign key',
  check: 'check',
  exclude: 'exclude',
} as const

/** Where the simulated schema is not what the statements made. */
export function shapeDifferences(schema: Schema, shape: Shape, dialect: DialectName): readonly string[] {
  return Object.values(schema.tables).flatMap((table) => {
    if (table.unknown) return []
    const key = table.schema === undefined ? table.name : `${table.schema}.${table.name}`
    const real = shape[key]
    if (!real) return [`${key} is not there`]
    return [
      ...compare(
        `${key} columns`,
        columns(table),
        real.columns.map(([n, nullable]) => `${n} ${nullable}`),
      ),
      ...compare(`${key} constraints`, constraints(table, dialect), names(real.constraints, dialect)),
      ...compare(`${key} indexes`, indexes(table, real.indexes, dialect), dialect === 'mysql' ? [] : real.indexes),
    ]
  })
}

function compare(what: string, ours: readonly string[], real: readonly string[]): readonly string[] {
  const same = ours.length === real.length && ours.every((item, i) => item === real[i])
  return same ? [] : [`${what}: model ${JSON.stringify(ours)}, catalogue ${JSON.stringify(real)}`]
}

function columns(table: Table): readonly string[] {
  return table.columns.map((c) => `${c.name} ${c.nullable}`)
}

/** To MySQL a unique constraint is an index, and its checks are named by rules of their own. */
function isConstraint(kind: string, dialect: DialectName): boolean {
  return dialect !== 'mysql' || (kind !== 'check' && kind !== 'unique')
}

function constraints(table: Table, dialect: DialectName): readonly string[] {
  return table.constraints
    .filter((c) => isConstraint(c.kind, dialect))
    .map(
      (c) =>
        `${kinds[c.kind]} ${label(c.kind === 'primaryKey' && dialect === 'mysql' ? 'PRIMARY' : plainName(c.name))}`,
    )
    .toSorted()
}

/** The dump marks the second of two with the same name by a plus. */
function names(real: Shape[string]['constraints'], dialect: DialectName): readonly string[] {
  return real
    .filter(([kind]) => isConstraint(kind, dialect))
    .map(([kind, name]) => `${kind} ${name.startsWith('(') ? '(nameless)' : name.replace(/\++$/, '')}`)
    .toSorted()
}

function label(name: string | undefined): string {
  return name ?? '(nameless)'
}

/** MySQL makes indexes for foreign keys by itself, so that ours only have to be among its. */
function indexes(table: Table, real: readonly string[], dialect: DialectName): readonly string[] {
  const uniques = dialect === 'mysql' ? table.constraints.filter((c) => c.kind === 'unique') : []
  const ours = [...table.indexes, ...uniques].map((i) => label(plainName(i.name))).toSorted()
  return dialect === 'mysql' ? ours.filter((name) => !real.includes(name)) : ours
}
