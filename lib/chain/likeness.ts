import { createHash } from 'node:crypto'
import { TextDecoder } from 'node:util'
import { SqlmigError } from '../errors.ts'
import type { Lexis } from '../text/lexis.ts'
import { Splitter } from '../text/split.ts'

/**
 * How two texts of a migration are to each other: line endings are nobody's edit (git may convert them), and of the
 * dialects that may read them at least one has to be able to.
 */
export function likenessOf(one: Buffer, other: Buffer, lexes: readonly Lexis[]): 'same' | 'reformatted' | 'changed' {
  const [a, b] = [decoded(one), decoded(other)]
  if (a === undefined || b === undefined) return one.equals(other) ? 'same' : 'changed'
  if (a.replaceAll('\r\n', '\n') === b.replaceAll('\r\n', '\n')) return 'same'
  const sums = lexes.map((lexis) => [tokens(a, lexis), tokens(b, lexis)] as const)
  const readable = sums.filter(([first, second]) => first !== undefined || second !== undefined)
  return readable.length > 0 && readable.every(([first, second]) => first === second) ? 'reformatted' : 'changed'
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The checksum of the tokens; undefined where they cannot be read. */
function tokens(text: string, lexis: Lexis): string | undefined {
  const hash = createHash('sha256')
  try {
    for (const { data } of new Splitter([text], lexis, (piece) => hash.update(piece))) for (const _ of data ?? []);
  } catch (error) {
    if (error instanceof SqlmigError) return undefined
    throw error
  }
  return hash.digest('hex')
}
