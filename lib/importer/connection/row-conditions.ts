import type { CatalogueText } from './catalogue-type.ts'
import { conjuncts } from './select-shape.ts'
import { bare, isSign, isWord, splitAt, type Token } from './sql-tokens.ts'
import { current, whereCondition } from './where-conditions.ts'

/** A row of the catalogue, as far as it is known. */
export interface CatalogueRow {
  /** Whether it is in the schema or database that one is in. */
  readonly isCurrent: boolean
  /** By column; what is not there is not known. */
  readonly texts: Readonly<Record<string, CatalogueText | undefined>>
}

/** true, false, or undefined where that is not known. */
export type Ternary = boolean | undefined

/** Whether all conditions of a WHERE hold for a row. */
export function holdsAll(conditions: readonly (readonly Token[])[], row: CatalogueRow, blind: boolean): Ternary {
  const each = conditions.map((tokens) => holds(tokens, row, blind))
  if (each.includes(false)) return false
  return each.includes(undefined) ? undefined : true
}

/** @param blind whether the server may compare in disregard of case */
function holds(tokens: readonly Token[], row: CatalogueRow, blind: boolean): Ternary {
  const side = bare(tokens)
  const arms = splitAt(side, (token) => isWord(token, 'or'))
  if (arms.length > 1) {
    const each = arms.map((arm) => holdsAll(conjuncts(arm), row, blind))
    if (each.includes(true)) return true
    return each.includes(undefined) ? undefined : false
  }
  return inSchema(side, row) ?? compared(side, row, blind)
}

/** `table_schema = DATABASE()`; undefined for other conditions. */
function inSchema(side: readonly Token[], row: CatalogueRow): Ternary {
  const condition = whereCondition(side)
  const isSchema = condition?.column === 'table_schema' && condition.values.length === 1
  return isSchema && (condition.values[0] === current || condition.values[0] === 'public') ? row.isCurrent : undefined
}

/** `column = 'text'`, `column IN (…)`, `column LIKE '…'` and their opposites. */
function compared(side: readonly Token[], row: CatalogueRow, blind: boolean): Ternary {
  const end = side.findIndex((token) => token.kind === 'sign' && /[=<>!]/.test(token.text))
  const word = side.findIndex((token) => isWord(token, 'not', 'in', 'like'))
  const at = end < 0 || (word >= 0 && word < end) ? word : end
  const value = at < 0 ? undefined : row.texts[columnOf(side.slice(0, at)) ?? '']
  if (value === undefined) return undefined
  const isNot = isWord(side[at], 'not')
  const rest = side.slice(isNot ? at + 1 : at)
  const found = isWord(rest[0], 'in')
    ? among(value, bare(rest.slice(1)), blind)
    : isWord(rest[0], 'like')
      ? alike(value, rest.slice(1), blind)
      : isNot
        ? undefined
        : equal(value, rest, blind)
  return found === undefined ? undefined : found !== isNot
}

/** `name`, `c.name` */
function columnOf(side: readonly Token[]): string | undefined {
  const last = side.at(-1)
  const plain = side.length === 1 || (side.length === 3 && isSign(side[1], '.'))
  return plain && (last?.kind === 'word' || last?.kind === 'name') ? last.value.toLowerCase() : undefined
}

function equal(value: CatalogueText, rest: readonly Token[], blind: boolean): Ternary {
  const signs = rest.findIndex((token) => token.kind !== 'sign')
  const operator = rest
    .slice(0, signs)
    .map(({ text }) => text)
    .join('')
  const found = rest.length === signs + 1 ? isText(value, rest[signs]!, blind) : undefined
  if (found === undefined || !['=', '<>', '!='].includes(operator)) return undefined
  return (operator === '=') === found
}

function among(value: CatalogueText, list: readonly Token[], blind: boolean): Ternary {
  const each = splitAt(list, (token) => isSign(token, ',')).map((item) =>
    item.length === 1 ? isText(value, item[0]!, blind) : undefined,
  )
  if (each.includes(true)) return true
  return each.includes(undefined) ? undefined : false
}

function isText(value: CatalogueText, token: Token, blind: boolean): Ternary {
  const text = plainText(token)
  if (text === undefined) return undefined
  if ('begins' in value) return mayBegin(value.begins, (word) => text.toLowerCase().startsWith(word))
  if (value.exact === text) return true
  return blind && value.exact.toLowerCase() === text.trimEnd().toLowerCase() ? undefined : false
}

function mayBegin(words: readonly string[], fits: (word: string) => boolean): Ternary {
  return words.some(fits) ? undefined : false
}

/** A text without a backslash, which servers read in two ways. */
function plainText(token: Token): string | undefined {
  return token.kind === 'string' && token.text.startsWith("'") && !token.text.includes('\\') ? token.value : undefined
}

function alike(value: CatalogueText, rest: readonly Token[], blind: boolean): Ternary {
  const pattern = rest.length === 1 ? plainText(rest[0]!) : undefined
  if (pattern === undefined) return undefined
  if ('begins' in value) {
    const start = (/^[^%_]*/.exec(pattern)?.[0] ?? '').toLowerCase()
    return mayBegin(value.begins, (word) => word.startsWith(start) || start.startsWith(word))
  }
  if (isLike(value.exact, pattern)) return true
  return blind && isLike(value.exact.toLowerCase(), pattern.toLowerCase()) ? undefined : false
}

function isLike(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replaceAll('%', '[^]*')
    .replaceAll('_', '[^]')
  return new RegExp(`^${source}$`, 'u').test(text)
}
