import { Lexer } from '../text/lexer.ts'
import type { Lexis } from '../text/lexis.ts'
import type { Recovery } from './dialect.ts'
import { type CatalogueKind, fingerprint, noneLeft, presence } from './mysql-catalogue.ts'

type Words = readonly string[]

/**
 * How to find out what a statement did that commits by itself and was cut off. DDL takes effect as a whole or not at all
 * (MySQL manual, "Atomic Data Definition Statement Support", from 8.0 on; MariaDB documentation, "Atomic DDL", from 10.6
 * on), so that comparing the catalogue tells; a change of the catalogue by anybody else meanwhile would be taken for it.
 */
export function recovery(
  { words, text }: { readonly words: Words; readonly text: string },
  lexis: Lexis,
): Recovery | undefined {
  if (harmless(words)) return { kind: 'again' }
  if (words[0] === 'truncate') return truncated(text)
  const said = outside(text, lexis)
  const kind = kindOf(words, said.upper)
  const { names, qualified } = changesOneTable(words[0], kind) ? (said.table ?? said) : said
  if (!kind || names.length > mostNames) return undefined
  if (words[0] === 'create' && kind === 'tables') return { kind: 'compare', fingerprint: presence(names, qualified) }
  // one by one on MariaDB: only all of them gone is done
  const whole =
    words[0] === 'drop' && (kind === 'tables' || kind === 'views') ? noneLeft(dropped(names), qualified) : undefined
  return { kind: 'compare', fingerprint: fingerprint(kind, names, qualified), whole }
}

/** More would make a statement of a size that helps nobody. */
const mostNames = 1000

/** Statements that may run again whatever they have done. */
function harmless(words: Words): boolean {
  const [first = '', second = ''] = words
  if (repeatable.has(first)) return true
  const head = words.slice(0, 6).join(' ')
  switch (first) {
    case 'create':
      return second === 'or' || head.includes('if not exists')
    case 'drop':
      return head.includes('if exists')
    case 'alter':
      return words.at(-1) === 'keys' && /^(en|dis)able$/.test(words.at(-2) ?? '')
    default:
      return head.startsWith('set password')
  }
}

const repeatable = new Set('analyze check checksum flush grant lock optimize repair unlock'.split(' '))

/** An empty table can be emptied again; in another one the rows may be newer than the TRUNCATE. */
function truncated(text: string): Recovery | undefined {
  const [, table] =
    /^\s*truncate\s+(?:table\s+)?((?:`(?:[^`]|``)+`|[\w$]+)(?:\s*\.\s*(?:`(?:[^`]|``)+`|[\w$]+))?)\s*$/i.exec(text) ??
    []
  return table ? { kind: 'again', unless: `SELECT 1 FROM ${table} LIMIT 1` } : undefined
}

/** Which part of the catalogue tells; undefined where none does for certain. */
function kindOf([first = '', ...rest]: Words, upper: ReadonlySet<string>): CatalogueKind | undefined {
  if (first === 'rename') return rest[0] === 'table' || rest[0] === 'tables' ? 'tables' : undefined
  if (first !== 'create' && first !== 'alter' && first !== 'drop') return undefined
  const kind = objects.get(rest.find((word) => objects.has(word)) ?? '')
  if (kind !== 'tables' || first !== 'alter') return kind
  if (upper.has('TABLESPACE') || upper.has('EXCHANGE')) return undefined
  if (!upper.has('PARTITION')) return 'wholeTables'
  return upper.has('TRUNCATE') ? undefined : 'partitions'
}

const objects: ReadonlyMap<string, CatalogueKind | undefined> = new Map([
  ['table', 'tables'],
  ['sequence', 'tables'],
  ['index', 'indexes'],
  ['view', 'views'],
  ['trigger', 'triggers'],
  ['procedure', 'routines'],
  ['function', 'routines'],
  ['event', 'events'],
  ['database', 'schemas'],
  ['schema', 'schemas'],
  ['user', undefined],
  ['role', undefined],
  ['server', undefined],
  ['tablespace', undefined],
])

/** Whatever it does, the catalogue says something else of the table that it begins with. */
function changesOneTable(first: string | undefined, kind: CatalogueKind | undefined): boolean {
  if (kind === 'indexes' || kind === 'wholeTables' || kind === 'partitions') return true
  return kind === 'tables' && first === 'create'
}

/** The names of a DROP, without the words around them. */
function dropped(names: readonly string[]): readonly string[] {
  return names.filter((name) => !/^(tables|view|sequence|temporary|wait|nowait)$/i.test(name))
}

interface Named {
  /** Words and quoted names, as they may name something; a word that doesn't costs a look into the catalogue. */
  readonly names: readonly string[]
  /** Some name has its database before it. */
  readonly qualified: boolean
}

interface Outside extends Named {
  /** The words alone, in capitals. */
  readonly upper: ReadonlySet<string>
  /** The table that stands behind TABLE or ON, with its database where that stands before it. */
  readonly table: Named | undefined
}

/** Reads what stands outside parentheses, up to the body of what is made. */
function outside(text: string, lexis: Lexis): Outside {
  const names = new Set<string>()
  const upper = new Set<string>()
  /** What was read of the table's name, from the word before it on. */
  let table: string[] | undefined
  let qualified = false
  let behindDot = false
  for (const { kind, token } of tokensOutside(text, lexis)) {
    const name = nameIn(kind, token)
    const isWord = name === token
    if (isWord && bodies.has(token.toLowerCase())) break
    if (isWord) upper.add(token.toUpperCase())
    if (name !== undefined && (behindDot || !isWord || !reserved.has(token.toLowerCase()))) {
      names.add(name)
      if (table && (table.length === 0 || behindDot)) table.push(name)
    } else if (isWord && /^(table|on)$/i.test(token)) table ??= []
    behindDot = token === '.'
    qualified ||= behindDot
  }
  return {
    names: [...names],
    upper,
    qualified,
    table: table && table.length > 0 ? { names: table, qualified: table.length > 1 } : undefined,
  }
}

function* tokensOutside(text: string, lexis: Lexis): Generator<{ kind: string; token: string }> {
  const lexer = new Lexer(lexis)
  let depth = 0
  for (let at = 0; at < text.length; at = lexer.end) {
    const kind = lexer.next(text, at, true)
    if (kind === 'open') depth++
    else if (kind === 'close') depth--
    else if (depth === 0 && kind !== 'space' && kind !== 'comment') yield { kind, token: text.slice(at, lexer.end) }
  }
}

/** What a token may name. */
function nameIn(kind: string, token: string): string | undefined {
  if (kind === 'word' || (kind === 'number' && /[a-z_]/i.test(token))) return token
  if (kind !== 'name' && !(kind === 'string' && token.startsWith('"'))) return undefined
  const quote = token[0]!
  return token.slice(1, -1).replaceAll(quote + quote, quote)
}

/** What follows one of these is a query or a program. */
const bodies = new Set(['as', 'begin', 'select', 'do'])

/**
 * Words that name something only in quotes or behind a dot, on all servers (MySQL manual, "Keywords and Reserved Words";
 * MariaDB documentation, "Reserved Words").
 */
const reserved = new Set(
  `add alter and bigint binary by cascade change char character check collate column constraint create decimal default
delete desc double drop exists float foreign from fulltext if in index int integer into key like longtext not null on
or primary references rename restrict set smallint spatial table tinyint to trigger unique unsigned update using
varchar with`.split(/\s+/),
)
