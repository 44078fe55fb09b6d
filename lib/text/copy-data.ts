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

/** Where the whole lines at the beginning of some bytes end: before a line that begins as the end of data does. */
export function linesEnd(bytes: Buffer): number {
  for (let at = bytes.indexOf('\\.'); at >= 0; at = bytes.indexOf('\\.', at + 1)) {
    if (at === 0 || bytes[at - 1] === newline) return at
  }
  return bytes.lastIndexOf(newline) + 1
}

/** Four bytes at a time: a block of data may have millions of lines. */
export function newlinesIn(bytes: Buffer): number {
  const { buffer, byteOffset, length } = bytes
  const lead = Math.min(length, -byteOffset & 3)
  const words = length - lead < 4 ? noWords : new Uint32Array(buffer, byteOffset + lead, (length - lead) >>> 2)
  let count = 0
  for (let at = 0; at < words.length; at++) {
    // a byte is zero where it is a newline; what is left has the highest bit of each such byte
    const word = words[at]! ^ 0x0a0a0a0a
    const zeros = ~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f)
    if (zeros !== 0) count += (zeros >>> 31) + ((zeros >>> 23) & 1) + ((zeros >>> 15) & 1) + ((zeros >>> 7) & 1)
  }
  for (let at = 0; at < lead; at++) if (bytes[at] === newline) count++
  for (let at = lead + words.length * 4; at < length; at++) if (bytes[at] === newline) count++
  return count
}

/** Lines that end as those of Unix do. */
export function withoutReturns(bytes: Buffer): Buffer {
  return bytes.includes(carriageReturn)
    ? Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    : bytes
}

const noWords = new Uint32Array(0)
const newline = 10
const carriageReturn = 13
