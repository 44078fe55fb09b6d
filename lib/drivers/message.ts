import type { Sql } from './driver.ts'

/**
 * Statements in one message. The terminator stands on its own line, since a statement may end in a `--` comment; three
 * bytes for each after the first.
 */
export function joined(pieces: readonly Sql[]): string {
  return pieces.map(textOf).join(separator)
}

export const separator = '\n;\n'

/** Where a position in a joined message, in code points from 0, lies: which statement, and where in that. */
export function locate(pieces: readonly Sql[], position: number): { index: number; position: number } {
  let rest = position
  let index = 0
  for (const [at, piece] of pieces.entries()) {
    const length = codePoints(textOf(piece))
    if (rest <= length || at === pieces.length - 1) {
      const within = Math.min(rest, length)
      if (typeof piece === 'string') return { index, position: within }
      const found = piece.locate(within)
      return { index: index + found.index, position: found.position }
    }
    rest = Math.max(0, rest - length - separator.length)
    index += countOf(piece)
  }
  return { index: 0, position: 0 }
}

/** How many statements there are. */
export function statementCount(pieces: readonly Sql[]): number {
  return pieces.reduce((count, piece) => count + countOf(piece), 0)
}

/** A statement, by its number from 0; undefined where there is none. */
export function statementAt(pieces: readonly Sql[], index: number): string | undefined {
  let before = 0
  for (const piece of pieces) {
    if (index < before + countOf(piece)) return typeof piece === 'string' ? piece : piece.text(index - before)
    before += countOf(piece)
  }
  return undefined
}

function countOf(piece: Sql): number {
  return typeof piece === 'string' ? 1 : piece.count
}

function textOf(piece: Sql): string {
  return typeof piece === 'string' ? piece : piece.bytes.toString()
}

export function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
