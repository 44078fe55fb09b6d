import type { Module, Span } from './ast.ts'
import { Cursor, closed } from './cursor.ts'
import { Failure, type SyntaxProblem } from './failure.ts'
import { Lines } from './lines.ts'
import { parseModuleBody } from './statements.ts'

export type Parsed = { readonly module: Module } | { readonly error: SyntaxProblem }

/** Reads Python 3.8–3.13 source. Never throws. */
export function parse(source: string, name: string): Parsed {
  const text = source.replace(/\r\n?/g, '\n')
  try {
    const nul = text.indexOf('\0')
    if (nul >= 0) throw new Failure('the file contains a null character', nul)
    return { module: parseModule(text, name) }
  } catch (error) {
    if (error instanceof Failure) return { error: problem(error.message, error.offset, text) }
    if (error instanceof RangeError) return { error: problem('too deeply nested, or too large', 0, text) }
    throw error
  }
}

function parseModule(source: string, name: string): Module {
  const c = new Cursor(source)
  const body = parseModuleBody(c)
  return { kind: 'Module', name, source, body, comments: c.tokens.comments, scope: closed(c.scope) }
}

function problem(message: string, offset: number, text: string): SyntaxProblem {
  const lines = new Lines(text)
  const at = Math.min(offset, text.length)
  const line = lines.line(at)
  return { message, line, column: lines.column(at, line), offset: at }
}

/** The source of a node, with the indentation of its first line taken off the others; long ones are cut. */
export function excerpt(node: Span, source: string, maxLength = 2000): string {
  const text = source.slice(node.start, node.end)
  const indent = ' '.repeat(Math.max(0, node.column - 1))
  const lines = text
    .split('\n')
    .map((line, at) => (at > 0 && line.startsWith(indent) ? line.slice(indent.length) : line))
  const joined = lines.join('\n')
  return joined.length > maxLength ? `${joined.slice(0, maxLength)}…` : joined
}
