import { Lexer } from '../text/lexer.ts'
import type { Lexis } from '../text/lexis.ts'
import type { Recovery } from './dialect.ts'
import { singleQuoted } from './names.ts'

const name = String.raw`(?:"(?:[^"]|"")+"|[\w$\u0080-\uffff]+)`
const qualified = `${name}(?:\\s*\\.\\s*${name}){0,2}`

const createIndex = new RegExp(
  `^create\\s+(?:unique\\s+)?index\\s+concurrently\\s+(?:if\\s+not\\s+exists\\s+)?(?:(?!on\\s)(${name})\\s+)?on\\s+(?:only\\s+)?(${qualified})`,
  'i',
)
const dropIndex = new RegExp(`^drop\\s+index\\s+concurrently\\s+(if\\s+exists\\s+)?(${qualified})`, 'i')
const reindex = new RegExp(
  `^reindex\\s*(\\([^)]*\\))?\\s*(index|table|schema|database|system)\\s+(concurrently\\s*)?(${qualified})?`,
  'i',
)
const detach = new RegExp(
  `^alter\\s+table\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?(${qualified})\\s+detach\\s+partition\\s+(${qualified})\\s+concurrently`,
  'i',
)

/** What a statement that works in several transactions leaves where it fails or is cut off, and VACUUM, which leaves nothing. */
export function recovery(
  { words, text }: { readonly words: readonly string[]; readonly text: string },
  lexis: Lexis,
): Recovery | undefined {
  switch (words[0]) {
    case 'vacuum':
      return { kind: 'again' }
    case 'create':
      return created(createIndex.exec(withoutComments(text, lexis)))
    case 'drop':
      return dropped(dropIndex.exec(withoutComments(text, lexis)))
    case 'reindex':
      return rebuilt(reindex.exec(withoutComments(text, lexis)))
    case 'alter':
      return detached(detach.exec(withoutComments(text, lexis)))
    default:
      return undefined
  }
}

/** Indexes `i` that meet a condition, with who is building one now. */
function indexes(condition: string): string {
  return `SELECT i.indexrelid::pg_catalog.regclass::text AS name, i.indisvalid AS done,
  pg_catalog.format('DROP INDEX CONCURRENTLY %s', i.indexrelid::pg_catalog.regclass) AS clear, false AS finishes,
  (SELECT 'pid ' || b.pid FROM pg_catalog.pg_stat_progress_create_index b WHERE b.index_relid = i.indexrelid LIMIT 1) AS busy
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE ${condition}`
}

function created(match: RegExpExecArray | null): Recovery | undefined {
  const [, index, table] = match ?? []
  if (table === undefined) return undefined
  const on = `i.indrelid = ${regclass(table)}`
  if (index !== undefined) {
    return { kind: 'left', left: indexes(`c.relname = ${nameOf(index)} AND ${on}`), foreign: 'refuse' }
  }
  // without a name only the set of the table's indexes tells whether there is a new one
  const fingerprint = `(SELECT coalesce(pg_catalog.string_agg(i.indexrelid::text, ' ' ORDER BY i.indexrelid), '') FROM pg_catalog.pg_index i WHERE ${on})`
  return { kind: 'left', left: indexes(`NOT i.indisvalid AND ${on}`), foreign: 'refuse', fingerprint }
}

/** A DROP that was cut off leaves the index invalid at most, and goes on when it runs again. */
function dropped(match: RegExpExecArray | null): Recovery | undefined {
  const [, ifExists, index] = match ?? []
  if (index === undefined) return undefined
  if (ifExists) return { kind: 'again' }
  const left = `SELECT ${singleQuoted(index)} AS name, ${regclass(index)} IS NULL AS done, NULL AS clear, false AS finishes, NULL AS busy`
  return { kind: 'left', left, foreign: 'pass' }
}

/** The new indexes of a REINDEX end in _ccnew until they take the place of the old ones, which then end in _ccold. */
function rebuilt(match: RegExpExecArray | null): Recovery | undefined {
  const [, options = '', kind, word, target] = match ?? []
  if (kind === undefined) return undefined
  if (!word && !/\bconcurrently\b/i.test(options)) return { kind: 'again' }
  const half = `NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND ${scope(kind.toLowerCase(), target)}`
  return { kind: 'left', left: indexes(half), foreign: 'note' }
}

function scope(kind: string, target: string | undefined): string {
  if (target === undefined || kind === 'database' || kind === 'system') return 'true'
  if (kind === 'schema')
    return `c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ${nameOf(target)})`
  const table =
    kind === 'table'
      ? regclass(target)
      : `(SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = ${regclass(target)})`
  return `(i.indrelid = ${table} OR i.indrelid IN (SELECT p.relid FROM pg_catalog.pg_partition_tree(${table}) p))`
}

/** Between its two transactions a partition is neither part of the table nor free of it; FINALIZE does the rest. */
function detached(match: RegExpExecArray | null): Recovery | undefined {
  const [, table, partition] = match ?? []
  if (table === undefined || partition === undefined) return undefined
  const child = `h.inhrelid = ${regclass(partition)}`
  const left = `SELECT ${singleQuoted(partition)} AS name, count(h.inhrelid) = 0 AS done, NULL AS busy, coalesce(bool_or(h.inhdetachpending), false) AS finishes,
  CASE WHEN bool_or(h.inhdetachpending) THEN ${singleQuoted(`ALTER TABLE ${table} DETACH PARTITION ${partition} FINALIZE`)} END AS clear
FROM pg_catalog.pg_inherits h WHERE h.inhparent = ${regclass(table)} AND ${child}`
  return { kind: 'left', left, foreign: 'pass' }
}

const regclass = (text: string): string => `pg_catalog.to_regclass(${singleQuoted(text)})`

/** Cut to the length of a name, as the server does. */
function nameOf(text: string): string {
  const folded = text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase()
  return `${singleQuoted(folded)}::name`
}

/** The front of a statement, as far as what it makes or drops is named there. */
function withoutComments(text: string, lexis: Lexis): string {
  const lexer = new Lexer(lexis)
  let plain = ''
  for (let at = 0; at < text.length && plain.length < 2000; at = lexer.end) {
    const kind = lexer.next(text, at, false)
    plain += kind === 'space' || kind === 'comment' ? ' ' : text.slice(at, lexer.end)
  }
  return plain.trim()
}
