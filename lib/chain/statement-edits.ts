import { createHash } from 'node:crypto'
import type { Lexis } from '../text/lexis.ts'
import { Splitter, type Statement } from '../text/split.ts'
import { difference } from './unified-diff.ts'

/** What became of a statement between two texts of a migration. */
export interface StatementEdit {
  /** `moved`: word for word somewhere else; `directives`: those about the file. */
  readonly kind: 'changed' | 'added' | 'removed' | 'moved' | 'directives'
  /** Its number and its line, from 1, in the text as applied, and in the one now; null where it is in only one of them. */
  readonly was: Spot | null
  readonly now: Spot | null
  /** The same in words: `statement 2 (line 5) is changed`. */
  readonly words: string
  /** Hunks of a unified diff, with the lines of the files; empty for `moved` and `directives`, and where too much is another text. */
  readonly diff: string
}

export interface Spot {
  readonly statement: number
  readonly line: number
}

interface Piece extends Spot {
  readonly text: string
  readonly words: readonly string[]
  /** Hash of its directives and tokens: the same for what is only reformatted. */
  readonly key: string
}

interface Pieces {
  readonly file: string
  readonly statements: readonly Piece[]
}

interface Gap {
  readonly gone: readonly Piece[]
  readonly come: readonly Piece[]
}

/** Edits up to which statements are compared: the time for it grows with their square. */
const mostEdits = 2000

/**
 * The difference between two texts statement by statement, in the order of the text now; what is only reformatted is
 * none. undefined where too much is another text.
 * @throws SqlmigError where one of them cannot be split
 */
export async function statementEdits(
  before: string,
  now: string,
  lexis: Lexis,
): Promise<readonly StatementEdit[] | undefined> {
  const [was, is] = [piecesOf(before, lexis), piecesOf(now, lexis)]
  const { diffArrays, structuredPatch } = await difference()
  const keys = (pieces: Pieces) => pieces.statements.map(({ key }) => key)
  const parts = diffArrays(keys(was), keys(is), { maxEditLength: mostEdits })
  if (!parts) return undefined
  const hunks: Hunks = (one, other) =>
    structuredPatch('', '', ended(one), ended(other), '', '', { context: 2, maxEditLength: mostEdits })
      ?.hunks.map((hunk) => hunkText(hunk, one, other))
      .join('\n') ?? ''
  const directives: StatementEdit[] =
    was.file === is.file ? [] : [inWords({ kind: 'directives', was: null, now: null, diff: '' })]
  return [...directives, ...paired(gapsOf(parts, was, is)).map(([one, other]) => edit(one, other, hunks))]
}

interface Part {
  readonly added: boolean
  readonly removed: boolean
  readonly value: readonly string[]
}

/** What is gone and what has come between the statements that are in both texts. */
function gapsOf(parts: readonly Part[], was: Pieces, is: Pieces): readonly Gap[] {
  const gaps: { gone: Piece[]; come: Piece[] }[] = []
  let [from, to, open] = [0, 0, false]
  for (const { added, removed, value } of parts) {
    if (!open) gaps.push({ gone: [], come: [] })
    open = added || removed
    if (!added) from = take(was, from, value.length, removed ? gaps.at(-1)!.gone : [])
    if (!removed) to = take(is, to, value.length, added ? gaps.at(-1)!.come : [])
  }
  return gaps
}

function take(pieces: Pieces, from: number, count: number, into: Piece[]): number {
  into.push(...pieces.statements.slice(from, from + count))
  return from + count
}

function piecesOf(text: string, lexis: Lexis): Pieces {
  let tokens: string[] = []
  const splitter = new Splitter([text], lexis, (piece, kind) => {
    if (kind === 'sql') tokens.push(piece)
  })
  const statements: Piece[] = []
  for (const statement of splitter) {
    const data = [...(statement.data ?? [])].join('')
    const { ordinal, place, words } = statement
    const text = data === '' ? statement.text : `${statement.text};\n${data.trimEnd()}`
    statements.push({ statement: ordinal, line: place.line, text, words, key: keyOf(statement, [...tokens, data]) })
    tokens = []
  }
  return { file: plain([splitter.fileDirectives, splitter.trailing]), statements }
}

function keyOf({ directives }: Statement, tokens: readonly string[]): string {
  return createHash('sha256').update(plain(directives)).update(tokens.join('\n')).digest('hex')
}

/** Directives without their places. */
function plain(directives: unknown): string {
  return JSON.stringify(directives, (name, value) => (name === 'place' ? undefined : value))
}

type Pair = readonly [Piece | undefined, Piece | undefined]

/** What is the same anywhere was moved; then what begins alike belongs together: in one gap, else in all of the file. */
function paired(gaps: readonly Gap[]): readonly Pair[] {
  const former = new Map<Piece, Piece>()
  const open = new Set(gaps.flatMap(({ gone }) => gone))
  const pair = (come: readonly Piece[], gone: readonly Piece[], alike: (one: Piece, other: Piece) => boolean) => {
    for (const piece of come) {
      const match = former.has(piece) ? undefined : gone.find((one) => open.has(one) && alike(one, piece))
      if (!match) continue
      former.set(piece, match)
      open.delete(match)
    }
  }
  const all = { gone: gaps.flatMap(({ gone }) => gone), come: gaps.flatMap(({ come }) => come) }
  pair(all.come, all.gone, (one, other) => one.key === other.key)
  for (const { come, gone } of gaps) pair(come, gone, (one, other) => one.words[0] === other.words[0])
  pair(all.come, all.gone, (one, other) => beginning(one) === beginning(other))
  return gaps.flatMap(({ gone, come }) => [
    ...gone.filter((piece) => open.has(piece)).map((piece): Pair => [piece, undefined]),
    ...come.map((piece): Pair => [former.get(piece), piece]),
  ])
}

function beginning({ words }: Piece): string {
  return words.slice(0, 3).join(' ')
}

type Hunks = (one: Piece | undefined, other: Piece | undefined) => string

function edit(one: Piece | undefined, other: Piece | undefined, hunks: Hunks): StatementEdit {
  const kind = !one ? 'added' : !other ? 'removed' : one.key === other.key ? 'moved' : 'changed'
  return inWords({ kind, was: spot(one), now: spot(other), diff: kind === 'moved' ? '' : hunks(one, other) })
}

function spot(piece: Piece | undefined): Spot | null {
  return piece ? { statement: piece.statement, line: piece.line } : null
}

/** The difference is made line by line: the last line needs its end, too. */
function ended(piece: Piece | undefined): string {
  return piece ? `${piece.text}\n` : ''
}

interface Hunk {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  readonly lines: readonly string[]
}

function hunkText(hunk: Hunk, one: Piece | undefined, other: Piece | undefined): string {
  const head = `@@ -${range(hunk.oldStart, hunk.oldLines, one)} +${range(hunk.newStart, hunk.newLines, other)} @@`
  return [head, ...hunk.lines.filter((line) => !line.startsWith('\\'))].join('\n')
}

/** The lines of a hunk as the file counts them. */
function range(start: number, lines: number, piece: Piece | undefined): string {
  return `${piece ? start + piece.line - 1 : 0},${lines}`
}

function inWords(edit: Omit<StatementEdit, 'words'>): StatementEdit {
  return { ...edit, words: wordsFor(edit) }
}

function wordsFor({ kind, was, now }: Omit<StatementEdit, 'words'>): string {
  const at = ({ statement, line }: Spot) => `statement ${statement} (line ${line})`
  switch (kind) {
    case 'directives':
      return 'the directives about the file are changed'
    case 'removed':
      return `${at(was!)} of the applied text is gone`
    case 'added':
      return `${at(now!)} is new`
    case 'moved':
      return `${at(now!)} was statement ${was!.statement}`
    case 'changed':
      return `${at(now!)} is changed${was!.statement === now!.statement ? '' : `; it was statement ${was!.statement}`}`
  }
}
