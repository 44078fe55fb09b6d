import type { Part } from '../catalogue/model.ts'
import { name } from '../catalogue/postgres-names.ts'

interface Shape {
  readonly base: string
  readonly sizes: readonly number[]
  readonly isArray: boolean
}

/** `numeric(8,2)[]` → `numeric`, [8, 2], true. */
function shapeOf(type: string): Shape {
  const [, before = '', sizes, after = '', array] =
    /^(.*?)(?:\((-?[\d,]+)\))?( with(?:out)? time zone)?((?:\[\])*)$/.exec(type) ?? []
  return {
    base: `${before}${after}`,
    sizes: sizes === undefined ? [] : sizes.split(',').map(Number),
    isArray: (array ?? '') !== '',
  }
}

const texts = ['character', 'character varying', 'text']
const times = ['date', 'timestamp without time zone', 'timestamp with time zone']
/** Each family's values go from the first type to the next without loss. */
const widening: readonly (readonly string[])[] = [
  ['smallint', 'integer', 'bigint', 'numeric'],
  ['real', 'double precision'],
  texts,
  ['json', 'jsonb'],
]
const assignable: readonly (readonly string[])[] = [
  ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'],
  texts,
  times,
  ['json', 'jsonb'],
]

/** How the old values become new ones, where the server does not do it by itself. */
export function usingSql(before: Part, after: Part): string {
  const [from, to] = [shapeOf(before.properties.type!), shapeOf(after.properties.type!)]
  const column = name(after.name)
  const isSame = from.base === to.base && from.isArray === to.isArray
  const isAssigned =
    !from.isArray && !to.isArray && assignable.some((family) => family.includes(from.base) && family.includes(to.base))
  const toText = !to.isArray && texts.includes(to.base)
  if (isSame || isAssigned || toText) return ''
  return ` USING ${texts.includes(from.base) && !from.isArray ? column : `${column}::text`}::${after.properties.type}`
}

/** Where only the name of the type is the same. */
export function usingAnew({ name: title, properties }: Part): string {
  return ` USING ${name(title)}::text::${properties.type}`
}

/** Why a change of type can lose values; undefined where every value fits. */
export function losesByType(before: Part, after: Part): string | undefined {
  const [from, to] = [before.properties.type!, after.properties.type!]
  if (from === to || widens(shapeOf(from), shapeOf(to))) return undefined
  return `values of ${after.name} that do not fit ${to} are refused or cut`
}

function widens(from: Shape, to: Shape): boolean {
  if (from.isArray !== to.isArray) return !to.isArray && to.base === 'text'
  if (to.base === 'text' || (to.base === 'character varying' && to.sizes.length === 0 && !from.isArray))
    return from.base !== 'character'
  const family = widening.find((one) => one.includes(from.base) && one.includes(to.base))
  if (from.base !== to.base) {
    if (!family || family.indexOf(from.base) > family.indexOf(to.base)) return false
    // blanks at the end mean nothing in one, and something in the other
    if (texts.includes(from.base)) return from.base !== 'character' && fits(from.sizes, to.sizes)
    return to.sizes.length === 0
  }
  if (from.base === 'numeric' && to.sizes.length > 0 && from.sizes.length > 0) {
    const [[p = 0, s = 0], [q = 0, r = 0]] = [from.sizes, to.sizes]
    return r >= s && q - r >= p - s
  }
  return fits(from.sizes, to.sizes)
}

function fits(from: readonly number[], to: readonly number[]): boolean {
  return to.length === 0 || (from.length === to.length && from.every((size, at) => size <= to[at]!))
}
