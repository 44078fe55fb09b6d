import type { NamePart, QualifiedName } from '../text/facts.ts'

/** Splits a qualified name into its qualifier (the last one) and itself. */
export function qualifierAndName(name: QualifiedName): { qualifier: NamePart | undefined; name: NamePart } {
  return { qualifier: name.length > 1 ? name[name.length - 2] : undefined, name: name[name.length - 1]! }
}

/** A dotted name as it stands in SQL. */
export function dotted(name: QualifiedName, one: (part: NamePart) => string): string {
  return name.map(one).join('.')
}

/** A single-quoted literal; for text without backslashes or where they mean nothing. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The quoted name of a table beside another one; its name stays shorter than any server's limit. */
export function besideTable(table: string, suffix: string): string {
  const quote = table.at(-1)!
  return `${table.slice(0, -1).replace(/[^"`.]{58,}$/, (name) => name.slice(0, 57))}${suffix}${quote}`
}

/** Splits a table name as `--table` takes it: `name` or `schema.name`. */
export function splitTableName(table: string): { schema: string | undefined; name: string } {
  const dot = table.indexOf('.')
  return dot < 0 ? { schema: undefined, name: table } : { schema: table.slice(0, dot), name: table.slice(dot + 1) }
}

/** What the ledger is called where a statement meets it once more: MySQL wants each name in LOCK TABLES. */
export const sealAliases = ['sqlmig_last', 'sqlmig_links'] as const
