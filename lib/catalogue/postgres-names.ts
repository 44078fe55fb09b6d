import { postgres } from '../dialects/postgres.ts'
import { postgresKeywords } from '../dialects/postgres-keywords.ts'
import type { CatalogueObject } from './model.ts'

/** A name as it stands in SQL: quoted where it has to be. */
export function name(text: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(text) && !postgresKeywords.has(text) ? text : postgres.identifier(text)
}

export const literal = (text: string): string => postgres.text(text)

/** An object's name as it stands in SQL, with its schema where that is not the usual one; a routine's with its types. */
export function titleOf({ kind, schema, name: own }: Pick<CatalogueObject, 'kind' | 'schema' | 'name'>): string {
  const prefix = schema === undefined ? '' : `${name(schema)}.`
  switch (kind) {
    case 'function':
    case 'procedure': {
      const [bare, types] = signature(own)
      return `${prefix}${name(bare)}${types}`
    }
    case 'aggregate': {
      const [bare, types] = signature(own)
      return `${prefix}${name(bare)}${types === '()' ? '(*)' : types}`
    }
    case 'operator': {
      const [bare, types] = signature(own)
      return `${prefix}${bare}${types}`
    }
    // its name has the schema already
    case 'other':
      return own
    default:
      return `${prefix}${name(own)}`
  }
}

/** `f(integer, text)` → `f` and `(integer, text)`; a type's name may have parentheses, a routine's hardly. */
function signature(text: string): readonly [string, string] {
  const at = text.indexOf('(')
  return [text.slice(0, at), text.slice(at)]
}

/** What COMMENT ON, ALTER and DROP call a kind of object. */
export function wordOf({ kind }: Pick<CatalogueObject, 'kind'>): string {
  if (kind === 'enum') return 'TYPE'
  return kind === 'other' ? '' : kind.toUpperCase()
}

/** `TABLE lead`, `TRIGGER stamp ON lead`, `CAST (a AS b)`, as COMMENT ON and DROP take it. */
export function named(object: CatalogueObject, table: string | undefined): string {
  if (object.kind === 'other') return object.name
  if (table !== undefined) return `${wordOf(object)} ${name(object.name)} ON ${table}`
  return `${wordOf(object)} ${titleOf(object)}`
}
