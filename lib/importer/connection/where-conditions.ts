import { databaseName } from '../database-name.ts'
import { bare, isSign, isWord, splitAt, type Token } from './sql-tokens.ts'

/** `table_name = 't'`, `column_name IN ('a', 'b')`, `table_schema = DATABASE()`, as one condition of a WHERE. */
export interface WhereCondition {
  readonly column: string
  /** What it may be; `current` stands for the schema or database that one is in. */
  readonly values: readonly (string | typeof current)[]
}

export const current = { current: true } as const

/** undefined for everything that is more than a column compared with texts. */
export function whereCondition(tokens: readonly Token[]): WhereCondition | undefined {
  const side = bare(tokens)
  const list = side.findIndex((token) => isWord(token, 'in'))
  if (list > 0) return oneOf(side.slice(0, list), bare(side.slice(list + 1)))
  const like = side.findIndex((token) => isWord(token, 'like', 'ilike', 'regexp'))
  if (like > 0) return isWord(side[like], 'regexp') ? undefined : alike(side.slice(0, like), side.slice(like + 1))
  const parts = splitAt(side, (token) => isSign(token, '='))
  if (parts.length !== 2) return undefined
  const [left, right] = parts as [Token[], Token[]]
  return compared(left, right) ?? compared(right, left)
}

function compared(left: readonly Token[], right: readonly Token[]): WhereCondition | undefined {
  const column = columnName(left)
  const value = textValue(right)
  return column !== undefined && value !== undefined && fits(left, value) ? { column, values: [value] } : undefined
}

function oneOf(left: readonly Token[], list: readonly Token[]): WhereCondition | undefined {
  const column = columnName(left)
  const values = splitAt(list, (token) => isSign(token, ',')).map(textValue)
  if (column === undefined || values.includes(undefined)) return undefined
  const known = values as (string | typeof current)[]
  return known.every((value) => fits(left, value)) ? { column, values: known } : undefined
}

/** LIKE with a name in it: `_` is meant as it is, `%` is a question of its own. */
function alike(left: readonly Token[], right: readonly Token[]): WhereCondition | undefined {
  const found = compared(left, right)
  return found?.values.some((value) => typeof value === 'string' && value.includes('%')) ? undefined : found
}

/** `lower(name) = 'Users'` never holds: not to be taken for `name = 'Users'`. */
function fits(left: readonly Token[], value: string | typeof current): boolean {
  if (typeof value !== 'string') return true
  if (isWord(left[0], 'lower')) return value === value.toLowerCase()
  return !isWord(left[0], 'upper') || value === value.toUpperCase()
}

/** `c.column_name`, `lower(column_name)`, `column_name::text` */
function columnName(tokens: readonly Token[]): string | undefined {
  const side = withoutCast(bare(tokens))
  if (isWord(side[0], 'lower', 'upper', 'trim', 'binary') && side.length > 1) return columnName(side.slice(1))
  const last = side.at(-1)
  if (last?.kind !== 'word' && last?.kind !== 'name') return undefined
  if (isWord(last, 'current_schema', 'current_database', 'true', 'false', 'null')) return undefined
  const qualified = side.length === 3 && isSign(side[1], '.')
  return side.length === 1 || qualified ? last.value.toLowerCase() : undefined
}

function withoutCast(tokens: readonly Token[]): readonly Token[] {
  const cast = tokens.findIndex((token, at) => isSign(token, ':') && isSign(tokens[at + 1], ':'))
  return cast < 0 ? tokens : tokens.slice(0, cast)
}

function textValue(tokens: readonly Token[]): string | typeof current | undefined {
  const side = withoutCast(bare(tokens))
  const [first] = side
  // SQLite takes "table" for a text where there is no such column
  const quoted = first?.kind === 'string' || (first?.kind === 'name' && first.text.startsWith('"'))
  if (quoted && side.length === 1) return first.value === databaseName ? current : first.value
  if (isWord(first, 'lower', 'upper', 'quote_ident') && side.length > 1) {
    const inner = textValue(side.slice(1))
    if (typeof inner !== 'string' || isWord(first, 'quote_ident')) return inner
    return isWord(first, 'lower') ? inner.toLowerCase() : inner.toUpperCase()
  }
  if (isWord(first, 'any') && side.some((token) => isWord(token, 'current_schemas'))) return current
  const names = ['database', 'schema', 'current_schema', 'current_database']
  const called = side.length === 1 || (side.length === 3 && isSign(side[1], '(') && isSign(side[2], ')'))
  return called && isWord(first, ...names) && (side.length === 3 || isWord(first, 'current_schema'))
    ? current
    : undefined
}
