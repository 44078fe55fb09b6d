import { Lexer } from './lexer.ts'
import type { Lexis } from './lexis.ts'

/** Words and quoted names of a piece of SQL, in lower case and in order: whatever may name something. */
export function* namesIn(text: string, lexis: Lexis): Generator<string> {
  const lexer = new Lexer(lexis)
  let before = ''
  for (let at = 0; at < text.length; at = lexer.end) {
    const kind = lexer.next(text, at, true)
    if (kind === 'space' || kind === 'comment') continue
    const token = text.slice(at, lexer.end).toLowerCase()
    if (kind === 'word') yield token
    else if (kind === 'name') yield unquoted(token)
    // SQLite takes a string for a name where only a name can stand
    else if (kind === 'string' && (token.startsWith('"') || beforeNames.has(before))) yield unquoted(token)
    before = token
  }
}

const beforeNames = new Set(['from', 'into', 'table', 'update', 'exists', 'on', '.'])

function unquoted(token: string): string {
  const quote = token.at(-1)!
  return token.slice(1, -1).replaceAll(quote + quote, quote)
}
