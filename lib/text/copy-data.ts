import type { Lexis } from './lexis.ts'

/** True where a statement is followed by a block of data: psql's `COPY … FROM stdin`. */
export function readsData(lexis: Lexis, words: readonly string[]): boolean {
  return lexis.client === 'psql' && words[0] === 'copy' && words.includes('stdin') && words.includes('from')
}

/** The position of the line `\.` at or after the line start `from`; -1 where it is not (yet) there. */
export function endOfData(text: string, from: number, ended: boolean): number {
  for (let at = text.indexOf('\\.', from); at >= 0; at = text.indexOf('\\.', at + 1)) {
    if (at !== from && text[at - 1] !== '\n') continue
    const rest = text.slice(at + 2, at + 4)
    if (rest[0] === '\n' || rest === '\r\n' || (ended && (rest === '' || rest === '\r'))) return at
  }
  return -1
}
