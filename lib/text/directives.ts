import type { At, Place } from '../errors.ts'
import { SqlmigError } from '../errors.ts'
import { closest } from './closest.ts'
import type { Fact, NamePart, QualifiedName } from './facts.ts'
import { parseFacts, parseName } from './facts.ts'

/** Which migration of the old tool a file is. */
export interface LegacyRevision {
  readonly name: 'legacy-revision'
  /** As the old tool's own table has it. */
  readonly value: string
  /** What it follows, by their own revisions; none of them for the first of a branch. Absent: the one before it in the chain. */
  readonly after: readonly string[] | undefined
}

/** A directive about the whole file. */
export type FileDirective = { readonly place: Place } & (
  | { readonly name: 'no-transaction' }
  /** In milliseconds. */
  | { readonly name: 'lock-timeout' | 'statement-timeout'; readonly milliseconds: number }
  | { readonly name: 'downgrade' }
  | { readonly name: 'source'; readonly value: string }
  | LegacyRevision
)

/** A directive about the statement below it. */
export type StatementDirective = {
  readonly place: Place
} /** `above`: only where the guarded statement before it in the file ran. */ & (
  | { readonly name: 'when'; readonly facts: readonly Fact[]; readonly above: boolean; readonly text: string }
  /** As `when`, but the migration fails where a fact does not hold. */
  | { readonly name: 'expect'; readonly facts: readonly Fact[]; readonly text: string }
  | {
      readonly name: 'batch'
      readonly size: number
      readonly table: QualifiedName
      readonly key: readonly NamePart[]
      readonly text: string
    }
  | { readonly name: 'todo'; readonly text: string }
  | IgnoredRule
)

/** Overrules what `check` says; `up` passes over it. In the head, with an empty line below, it holds for the file. */
export interface IgnoredRule {
  readonly name: 'ignore'
  readonly rule: string
  readonly reason: string
}

export type IgnoreDirective = { readonly place: Place } & IgnoredRule

export type Directive = FileDirective | StatementDirective

const fileNames = ['no-transaction', 'lock-timeout', 'statement-timeout', 'downgrade', 'source', 'legacy-revision']
const statementNames = ['when', 'expect', 'batch', 'todo', 'ignore']

export function isAboutFile(directive: Directive): directive is FileDirective {
  return fileNames.includes(directive.name)
}

/** The words of a directive where a comment holds one, else undefined: `-- sqlmig: when …` gives `when …`. */
export function directiveText(comment: string): string | undefined {
  return /^(?:--|#|\/\*)[ \t]*sqlmig:[ \t]*(.*)$/is.exec(comment)?.[1]?.trimEnd()
}

/**
 * Reads what follows `-- sqlmig:`.
 * @throws SqlmigError `directive` where it is unknown or malformed
 */
export function parseDirective(text: string, place: Place): Directive {
  const [, name = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(text) ?? []
  switch (name) {
    case 'no-transaction':
      if (rest) throw wrong(place, `no-transaction takes nothing, found "${rest}"`, 'write -- sqlmig: no-transaction')
      return { name, place }
    case 'lock-timeout':
    case 'statement-timeout':
      return { name, milliseconds: duration(rest, name, place), place }
    case 'downgrade':
      if (rest !== 'absent') throw wrong(place, 'downgrades are absent', 'write -- sqlmig: downgrade absent')
      return { name, place }
    case 'source':
      if (!rest) throw wrong(place, `${name} names nothing`, `write -- sqlmig: ${name} …`)
      return { name, value: rest, place }
    case 'legacy-revision':
      return { ...legacyRevision(rest, place), place }
    case 'when':
      return { name, ...guard(rest, place), text: rest, place }
    case 'expect':
      return { name, facts: facts(rest, place), text: rest, place }
    case 'batch':
      return { name, ...batch(rest, place), place }
    case 'todo':
      return { name, text: rest, place }
    case 'ignore':
      return { ...ignored(rest, place), place }
    default: {
      const known = [...fileNames, ...statementNames]
      const near = closest(name, known)
      const remedy = near ? `did you mean "${near}"?` : `the directives are ${known.join(', ')}`
      throw wrong(place, name ? `unknown directive "${name}"` : 'a directive without a name', remedy)
    }
  }
}

/** The error for a directive that stands where it cannot be obeyed. */
export function misplaced(place: Place, why: string, remedy: string): SqlmigError {
  return wrong(place, why, remedy)
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

/**
 * Reads a duration such as `500ms`, `5s`, `10min`, `1h`.
 * @returns milliseconds, or undefined where it is none
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h)$/.exec(text)
  return match ? Math.round(Number(match[1]) * units[match[2]!]!) : undefined
}

function duration(text: string, name: string, place: Place): number {
  const milliseconds = parseDuration(text)
  if (milliseconds !== undefined) return milliseconds
  throw wrong(place, `"${text}" is not a duration`, `write -- sqlmig: ${name} 5s (units: ms, s, min, h)`)
}

function guard(text: string, place: Place): { facts: readonly Fact[]; above: boolean } {
  const above = /^above(?:\s+and\s+|$)/i.exec(text)
  const rest = text.slice(above?.[0].length ?? 0)
  return { facts: above && !rest ? [] : facts(rest, place), above: above !== null }
}

const word = '(?:"[^"]+"|[^\\s,"]+)'
const legacyRevisionPattern = new RegExp(`^(${word})(?:\\s+after\\s+(${word}(?:\\s*,\\s*${word})*))?$`)

function legacyRevision(text: string, place: Place): LegacyRevision {
  const [, revision, parents] = legacyRevisionPattern.exec(text) ?? []
  if (revision === undefined)
    throw wrong(
      place,
      `"legacy-revision ${text}" is not understood`,
      'write -- sqlmig: legacy-revision 1a2b3c, or … after 0f9e8d, 7c6b5a, or … after base; "quotes" for names with blanks',
    )
  const named = parents?.match(new RegExp(word, 'g'))
  return {
    name: 'legacy-revision',
    value: unquoted(revision),
    after: parents === 'base' ? [] : named?.map(unquoted),
  }
}

function unquoted(text: string): string {
  return text.replaceAll('"', '')
}

/** A revision as it stands in the directive. */
export function revisionText(revision: string): string {
  return /[\s,]/.test(revision) ? `"${revision}"` : revision
}

function facts(text: string, place: Place): readonly Fact[] {
  const parsed = parseFacts(text)
  if (typeof parsed !== 'string') return parsed
  throw wrong(place, parsed, 'write for example -- sqlmig: when column lead.source absent and table lead exists')
}

type Batch = Extract<StatementDirective, { name: 'batch' }>

function batch(text: string, place: Place): Pick<Batch, 'size' | 'table' | 'key' | 'text'> {
  const [, number, by = ''] = /^(\d+)\s+by\s+(.+)$/s.exec(text) ?? []
  const size = Number(number)
  const key = tableAndKey(by.trim())
  if (key && size >= 1 && size <= mostRows) return { size, ...key, text: by.trim() }
  throw wrong(
    place,
    `"batch ${text}" is not understood`,
    'write -- sqlmig: batch 10000 by lead.id, or … by lead.(customer_id, id) for a key of several columns',
  )
}

/** What every database takes for an OFFSET. */
const mostRows = 2 ** 31 - 1

/** `T.KEY`, or `T.(A, B)`. */
function tableAndKey(text: string): Pick<Batch, 'table' | 'key'> | undefined {
  const [, before, columns] = /^(.+)\.\s*\(([^()]+)\)$/s.exec(text) ?? []
  if (before === undefined || columns === undefined) {
    const name = parseName(text)
    return name && name.length > 1 ? { table: name.slice(0, -1), key: name.slice(-1) } : undefined
  }
  const table = parseName(before)
  const key = columns.split(',').map((column) => parseName(column))
  if (!table || key.some((name) => name?.length !== 1)) return undefined
  return { table, key: key.map((name) => name![0]!) }
}

function ignored(text: string, place: Place): IgnoredRule {
  const [, rule, reason] = /^(\S+)\s+(\S.*)$/s.exec(text) ?? []
  if (rule !== undefined && reason !== undefined) return { name: 'ignore', rule, reason }
  throw wrong(
    place,
    text ? `"ignore ${text}" gives no reason` : 'ignore names no rule',
    'write for example -- sqlmig: ignore drop-column nothing has read it since release 12',
  )
}

function wrong(place: Place, message: string, remedy: string): SqlmigError {
  const at: At = place
  return new SqlmigError('directive', message, { at, remedy })
}
