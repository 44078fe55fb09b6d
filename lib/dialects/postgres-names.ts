import type { NamePart, QualifiedName } from '../text/facts.ts'
import { qualifierAndName, singleQuoted } from './names.ts'

/** A name as the catalogue has it, as a literal. */
export function folded(part: NamePart): string {
  return singleQuoted(plain(part))
}

/** The same as an identifier. */
export function identifier(part: NamePart): string {
  return `"${plain(part).replaceAll('"', '""')}"`
}

function plain({ text, quoted }: NamePart): string {
  return quoted ? text : text.toLowerCase()
}

/** A condition that ties `namespace.name` of the catalogue to a name as written: qualified, or found on the search path. */
export function relation(name: QualifiedName, alias: string): string {
  const { qualifier, name: last } = qualifierAndName(name)
  const where = qualifier ? `n.nspname = ${folded(qualifier)}` : `pg_catalog.pg_table_is_visible(${alias}.oid)`
  return `${alias}.relname = ${folded(last)} AND ${where}`
}

export const tables = `pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`
