/**
 * Statements in one message. The terminator stands on its own line, since a statement may end in a `--` comment; three
 * bytes for each statement after the first.
 */
export function joined(statements: readonly string[]): string {
  return statements.join(separator)
}

const separator = '\n;\n'

/** Where a position in a joined message, in code points from 0, lies: which statement, and where in that. */
export function locate(statements: readonly string[], position: number): { index: number; position: number } {
  let rest = position
  for (const [index, statement] of statements.entries()) {
    const length = codePoints(statement)
    if (rest <= length || index === statements.length - 1) return { index, position: Math.min(rest, length) }
    rest = Math.max(0, rest - length - separator.length)
  }
  return { index: 0, position: 0 }
}

export function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
