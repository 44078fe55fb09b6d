import type { CatalogueObject, Part } from '../catalogue/model.ts'
import { columnSql } from '../catalogue/mysql-sql.ts'

const texts = /^(char|varchar|tinytext|text|mediumtext|longtext|enum|set)\b/

/**
 * A column with the character set that it has from its table said: it keeps that when its table's default changes, and a
 * server then says it.
 */
export function absolute(column: Part, { properties: { charset, collation } }: CatalogueObject): Part {
  const { type, ...rest } = column.properties
  if (!texts.test(type!) || rest.charset !== undefined || rest.collation !== undefined) return column
  const inherited = { ...(charset !== undefined && { charset }), ...(collation !== undefined && { collation }) }
  return { ...column, properties: { type: type!, ...inherited, ...rest } }
}

export function sameColumn(a: Part, inA: CatalogueObject, b: Part, inB: CatalogueObject): boolean {
  const [one, other] = [absolute(a, inA), absolute(b, inB)]
  return columnSql(one) === columnSql(other) && noDefault(one) === noDefault(other)
}

const noDefault = ({ properties }: Part) => properties['no default']

/** A virtual column has no values that it could keep, and no server turns one into something else in place. */
export function isRemade(actual: Part, expected: Part): boolean {
  const [from, to] = [actual.properties.generated, expected.properties.generated]
  if (from === undefined && to === undefined) return false
  const becomesPlain = to === undefined && /\) (STORED|PERSISTENT)$/.test(from!)
  return !becomesPlain && (from !== to || actual.properties.type !== expected.properties.type)
}

const widths: readonly (readonly string[])[] = [
  ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'],
  ['tinytext', 'text', 'mediumtext', 'longtext'],
  ['tinyblob', 'blob', 'mediumblob', 'longblob'],
  ['float', 'double'],
]

/** Why a change of type can lose values; undefined where every value fits. */
export function losesByType(actual: Part, expected: Part, title: string): string | undefined {
  const [from, to] = [actual.properties.type!, expected.properties.type!]
  const charsets = actual.properties.charset !== expected.properties.charset
  if ((from === to && !charsets) || actual.properties.generated !== undefined) return undefined
  if (from !== to && !widens(from, to)) return `values of ${title} that do not fit ${to} are refused or cut`
  return charsets
    ? `characters of ${title} that ${expected.properties.charset} does not have are refused or lost`
    : undefined
}

function widens(from: string, to: string): boolean {
  if (/^(enum|set)\(/.test(from)) return to.startsWith(from.slice(0, -1))
  const [a, b] = [shape(from), shape(to)]
  if (a.rest !== b.rest) return false
  if (a.base === 'decimal' && b.base === 'decimal') {
    const [[p = 0, s = 0], [q = 0, r = 0]] = [a.sizes, b.sizes]
    return r >= s && q - r >= p - s
  }
  const family = widths.find((family) => family.includes(a.base) && family.includes(b.base))
  if (family) return family.indexOf(a.base) <= family.indexOf(b.base)
  return (
    a.base === b.base && a.sizes.length === b.sizes.length && a.sizes.every((size, index) => size <= b.sizes[index]!)
  )
}

function shape(type: string): { base: string; sizes: readonly number[]; rest: string } {
  const [, base = '', sizes = '', rest = ''] = /^(\w+)(?:\(([\d,]+)\))?(.*)$/.exec(type) ?? []
  return { base, sizes: sizes === '' ? [] : sizes.split(',').map(Number), rest }
}

/** Why a column's change cannot be finished without knowing the rows. */
export function unfinishedByNull(actual: Part | undefined, { properties }: Part, title: string): string | undefined {
  if (properties['not null'] === undefined || properties.generated !== undefined || properties.auto_increment)
    return undefined
  if (actual?.properties['not null'] !== undefined) return undefined
  if (actual) return `it fails where ${title} is NULL: give these rows a value before`
  return properties.default === undefined
    ? `${title} has no default: say which value the rows get that are there, else they get the type's empty one`
    : undefined
}

/** The longest sequence of names that both lists have in one order; what is not in it has to move. */
export function inPlace(actual: readonly string[], expected: readonly string[]): ReadonlySet<string> {
  const place = new Map(actual.map((name, index) => [name, index]))
  const best: { readonly length: number; readonly before: number }[] = []
  for (const [at, name] of expected.entries()) {
    let found = { length: 1, before: -1 }
    for (let before = 0; before < at; before++) {
      const { length } = best[before]!
      if (place.get(expected[before]!)! < place.get(name)! && length >= found.length)
        found = { length: length + 1, before }
    }
    best.push(found)
  }
  let end = best.reduce((longest, { length }, at) => (length > (best[longest]?.length ?? 0) ? at : longest), -1)
  const stay = new Set<string>()
  for (; end >= 0; end = best[end]!.before) stay.add(expected[end]!)
  return stay
}
