import { bare, closing, isSign, isWord, splitAt, type Token } from './sql-tokens.ts'

/** A SELECT taken apart, as far as questions to the catalogue need it. */
export interface SelectShape {
  readonly items: readonly SelectItem[]
  /** What stands in FROM; a join is several. */
  readonly tables: readonly FromTable[]
  readonly from: readonly Token[]
  /** The WHERE, cut at its ANDs. */
  readonly where: readonly (readonly Token[])[]
  readonly order: readonly Token[]
  /** GROUP BY, HAVING, LIMIT, DISTINCT and the like: the rows are not simply those that WHERE leaves. */
  readonly plain: boolean
  /** `LIMIT n` with n above zero is all that there is to it. */
  readonly limited: boolean
}

export interface SelectItem {
  readonly tokens: readonly Token[]
  /** The name that the column has in the result. */
  readonly name: string | undefined
}

export interface FromTable {
  readonly schema: string | undefined
  readonly name: string
  readonly alias: string | undefined
  /** `pragma_table_info('t')` */
  readonly args: readonly Token[] | undefined
}

const clauses = ['from', 'where', 'group', 'having', 'order', 'limit', 'offset', 'fetch', 'window', 'for']
const unreadable = ['union', 'intersect', 'except', 'into']

export function selectShape(tokens: readonly Token[]): SelectShape | undefined {
  const inner = bare(tokens)
  if (!isWord(inner[0], 'select')) return undefined
  if (splitAt(inner, (token) => isWord(token, ...unreadable)).length > 1) return undefined
  const distinct = isWord(inner[1], 'distinct', 'all')
  const parts = new Map<string, Token[]>()
  let clause = 'select'
  let depth = 0
  for (const token of inner.slice(distinct ? 2 : 1)) {
    if (isSign(token, '(')) depth++
    if (isSign(token, ')')) depth--
    if (depth === 0 && token.kind === 'word' && clauses.includes(token.value)) {
      clause = token.value
      parts.set(clause, [])
    } else parts.set(clause, [...(parts.get(clause) ?? []), token])
  }
  const from = parts.get('from') ?? []
  const tables = tablesIn(from)
  if (!tables) return undefined
  const limit = parts.get('limit')
  const limited = limit === undefined || (limit.length === 1 && Number(limit[0]!.value) > 0)
  const others = ['group', 'having', 'offset', 'fetch', 'window', 'for'].some((name) => parts.has(name))
  return {
    items: splitAt(parts.get('select') ?? [], (token) => isSign(token, ',')).map(item),
    tables,
    from,
    order: (parts.get('order') ?? []).filter((token) => !isWord(token, 'by')),
    where: parts.has('where') ? conjuncts(parts.get('where')!) : [],
    plain: !others && !(distinct && isWord(inner[1], 'distinct')) && limit === undefined,
    limited: limited && !others,
  }
}

/** Cut at AND, but for the one that belongs to BETWEEN. OR binds less: what it joins stays in one. */
export function conjuncts(tokens: readonly Token[]): Token[][] {
  const all = bare(tokens)
  if (splitAt(all, (token) => isWord(token, 'or')).length > 1) return [[...all]]
  let between = false
  const parts = splitAt(all, (token) => {
    if (isWord(token, 'between')) between = true
    if (!isWord(token, 'and')) return false
    if (!between) return true
    between = false
    return false
  })
  return parts.flatMap((part) => {
    const inner = bare(part)
    return inner.length < part.length && splitAt(inner, (token) => isWord(token, 'and')).length > 1
      ? conjuncts(inner)
      : [[...inner]]
  })
}

function item(tokens: readonly Token[]): SelectItem {
  const last = tokens.at(-1)
  const before = tokens.at(-2)
  const named = (last?.kind === 'word' && !isWord(last, 'null', 'true', 'false', 'end')) || last?.kind === 'name'
  if (named && isWord(before, 'as')) return { tokens: tokens.slice(0, -2), name: last.value }
  const implicit = named && before !== undefined && !isSign(before, '.') && tokens.length > 1 && !isSign(before, ':')
  if (implicit && (before.kind !== 'sign' || isSign(before, ')')))
    return { tokens: tokens.slice(0, -1), name: last.value }
  return { tokens, name: named ? last.value : undefined }
}

function tablesIn(from: readonly Token[]): readonly FromTable[] | undefined {
  const joined = ['join', 'on', 'using', 'left', 'inner', 'right', 'outer', 'cross', 'natural', 'full']
  const pieces = splitAt(from, (token) => isSign(token, ',') || isWord(token, 'join'))
  if (from.length === 0) return []
  const tables = pieces.map((piece) => {
    const end = piece.findIndex((token) => isWord(token, ...joined))
    return fromTable(end < 0 ? piece : piece.slice(0, end))
  })
  return tables.every((table) => table !== undefined) ? (tables as FromTable[]) : undefined
}

function fromTable(tokens: readonly Token[]): FromTable | undefined {
  const parts: string[] = []
  let at = 0
  for (; ; at += 2) {
    const part = tokens[at]
    if (part?.kind !== 'word' && part?.kind !== 'name') return undefined
    parts.push(part.kind === 'word' ? part.text : part.value)
    if (!isSign(tokens[at + 1], '.')) break
  }
  const open = isSign(tokens[at + 1], '(') ? at + 1 : undefined
  const end = open === undefined ? at : closing(tokens, open)
  const rest = tokens.slice(end + 1).filter((token) => !isWord(token, 'as'))
  if (rest.length > 1) return undefined
  return {
    schema: parts.at(-2),
    name: parts.at(-1)!,
    alias: rest[0]?.value,
    args: open === undefined ? undefined : tokens.slice(open + 1, end),
  }
}
