import type { Dialect, Effect, Refusal } from './dialect.ts'
import { postgres, timeouts } from './postgres.ts'

interface Text {
  readonly words: readonly string[]
  readonly text: string
}

/** What a statement that sets something is for the transaction alone; undefined for a statement that sets nothing. */
function local(statement: Text): string | Refusal | undefined {
  const { words, text } = statement
  if (words[0] === 'set' && words[1] === 'session' && words[2] === 'characteristics') return kept
  if (postgres.leaves(statement) !== 'again') return undefined
  if (words[0] === 'reset') return reset(words, text)
  if (words[0] === 'select') return setConfig(text)
  const [head] = /^set\s+(?:session\s+(?!authorization\b))?(?=["\w])/i.exec(text) ?? []
  return head === undefined ? kept : `SET LOCAL ${text.slice(head.length)}`
}

function reset([, name]: readonly string[], text: string): string | Refusal {
  const what = /^reset\s+(.*)$/is.exec(text)?.[1]
  if (name === 'all' || what === undefined) return kept
  if (name === 'role') return 'SET LOCAL ROLE NONE'
  if (name === 'session' || name === 'time') return `SET LOCAL ${what} DEFAULT`
  return `SET LOCAL ${what} TO DEFAULT`
}

function setConfig(text: string): string | Refusal {
  if (/,\s*true\s*\)\s*$/i.test(text)) return text
  return /,\s*false\s*\)\s*$/i.test(text) ? text.replace(/false(\s*\)\s*)$/i, 'true$1') : kept
}

const kept = {
  refused: 'behind a pooler a setting of the session stays behind for other programs',
  remedy: 'write SET LOCAL, or connect to PostgreSQL itself',
}

function effect(statement: Text): Effect {
  const changed = local(statement)
  return typeof changed === 'object' ? changed : postgres.effect(statement)
}

function prepared(statement: Text): string {
  const changed = local(statement)
  return typeof changed === 'string' ? changed : statement.text
}

/** `SET LOCAL` ends with the transaction, which with --atomic has more files to come. */
function undo({ words, text }: Text): string | undefined {
  if (words[0] === 'select') {
    const name = /set_config\s*\(\s*'([\w.]+)'/i.exec(text)?.[1]
    return name && `SET LOCAL ${name} TO DEFAULT`
  }
  if (words[0] !== 'set' || ['constraints', 'transaction'].includes(words[1] ?? '')) return undefined
  if (/\btime\s+zone\b/i.test(text)) return 'SET LOCAL TIME ZONE DEFAULT'
  const name = /^set\s+(?:session\s+|local\s+)?([\w.]+)\s*(?:=|\bto\b)/i.exec(text)?.[1]
  return name && `SET LOCAL ${name} TO DEFAULT`
}

/**
 * PostgreSQL behind a pooler that gives each transaction whatever session of the server is free: nothing may be left in
 * one, and nothing is found there again.
 */
export const pooledPostgres: Dialect = {
  ...postgres,
  effect,
  prepared,
  undo,
  prepares: undefined,
  readFacts: (row, announced) => ({
    ...postgres.readFacts(row, announced),
    // the pooler keeps the server's sessions, under the name of whom they were last dealt out to
    atWork: `SELECT 1 FROM pg_catalog.pg_stat_activity
WHERE application_name = ${postgres.text(String(row.session))} AND state <> 'idle' AND pid <> pg_catalog.pg_backend_pid()`,
    restore: ['RESET SESSION AUTHORIZATION', 'RESET ROLE', 'DISCARD TEMP'],
  }),
  transaction: { ...postgres.transaction, settings: () => [], each: (asked) => timeouts('LOCAL', asked) },
}
