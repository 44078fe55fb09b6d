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
  const { names, upper, qualified } = outside(text, lexis)
  if (harmless(words)) return { kind: 'again' }
  if (words[0] === 'truncate') return truncated(text)
  const kind = kindOf(words, upper)
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

/** The names of a DROP, without the words around them. */
function dropped(names: readonly string[]): readonly string[] {
  return names.filter(
    (name) => !/^(drop|table|tables|view|sequence|temporary|restrict|cascade|wait|nowait)$/i.test(name),
  )
}

interface Outside {
  /** Words and quoted names, as they may name something; words that surely don't do no harm. */
  readonly names: readonly string[]
  /** The words alone, in capitals. */
  readonly upper: ReadonlySet<string>
  /** Some name has its database before it. */
  readonly qualified: boolean
}

/** Reads what stands outside parentheses, up to the body of what is made. */
function outside(text: string, lexis: Lexis): Outside {
  const names = new Set<string>()
  const upper = new Set<string>()
  let qualified = false
  let depth = 0
  const lexer = new Lexer(lexis)
  for (let at = 0; at < text.length; at = lexer.end) {
    const kind = lexer.next(text, at, true)
    const token = text.slice(at, lexer.end)
    if (kind === 'open') depth++
    else if (kind === 'close') depth--
    if (depth > 0) continue
    if (kind === 'word' || (kind === 'number' && /[a-z_]/i.test(token))) {
      if (bodies.has(token.toLowerCase())) break
      names.add(token)
      upper.add(token.toUpperCase())
    } else if (kind === 'name' || (kind === 'string' && token.startsWith('"'))) {
      const quote = token[0]!
      names.add(token.slice(1, -1).replaceAll(quote + quote, quote))
    } else if (token === '.') qualified = true
  }
  return { names: [...names], upper, qualified }
}

/** What follows one of these is a query or a program. */
const bodies = new Set(['as', 'begin', 'select', 'do'])
