import type { DialectName } from '../dialects/dialect-name.ts'
import { storedTable } from '../schema/stored-names.ts'
import { findTable, plainName, type Schema, type Table, type TableName } from '../schema/table.ts'
import type { Fact, NamePart, QualifiedName } from '../text/facts.ts'

/** Whether all facts hold, as far as the schema tells; undefined where it does not tell. */
export function verdictOf(facts: readonly Fact[], schema: Schema, dialect: DialectName): boolean | undefined {
  const verdicts = facts.map((fact) => {
    const there = isThere(fact, schema, dialect)
    return there === undefined ? undefined : there === fact.exists
  })
  if (verdicts.includes(false)) return false
  return verdicts.includes(undefined) ? undefined : true
}

function isThere(fact: Fact, schema: Schema, dialect: DialectName): boolean | undefined {
  if (fact.kind === 'rows') return undefined
  const table = findTable(schema, storedTable(schema, nameOf(fact.table, dialect), { dialect }))
  if (fact.kind === 'table' || table === undefined) return table !== undefined
  if (has(table, fact, dialect)) return true
  return table.unknown === undefined ? false : undefined
}

function has(table: Table, fact: Exclude<Fact, { readonly kind: 'table' | 'rows' }>, dialect: DialectName): boolean {
  const same = (part: NamePart) => (name: string | undefined) =>
    dialect === 'postgres' ? name === folded(part, dialect) : name?.toLowerCase() === part.text.toLowerCase()
  if (fact.kind === 'column') return table.columns.some(({ name }) => same(fact.column)(name))
  const items = fact.kind === 'index' ? [...table.indexes, ...keysOf(table)] : table.constraints
  return items.some(({ name }) => same(fact.name)(plainName(name)))
}

/** A key has an index of its name. */
function keysOf({ constraints }: Table): Table['constraints'] {
  return constraints.filter(({ kind }) => kind === 'primaryKey' || kind === 'unique')
}

function nameOf(parts: QualifiedName, dialect: DialectName): TableName {
  const name = folded(parts.at(-1)!, dialect)
  const schema = parts.length > 1 ? folded(parts.at(-2)!, dialect) : undefined
  return { name, ...(schema !== undefined && schema !== 'public' && { schema }) }
}

/** PostgreSQL folds what is not quoted. */
function folded({ text, quoted }: NamePart, dialect: DialectName): string {
  return dialect === 'postgres' && !quoted ? text.toLowerCase() : text
}
