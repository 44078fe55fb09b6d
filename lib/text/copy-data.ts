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

/** A block of data may have millions of lines: those within whole words are counted four bytes at a time. */
export function newlinesIn(bytes: Buffer): number {
  const { buffer, byteOffset, length } = bytes
  const lead = Math.min(length, -byteOffset & 3)
  const tail = lead + ((length - lead) & ~3)
  const words = tail === lead ? noWords : new Int32Array(buffer, byteOffset + lead, (tail - lead) >>> 2)
  let count = singly(bytes.subarray(0, lead)) + singly(bytes.subarray(tail))
  for (let from = 0; from < words.length; from += 255) count += inWords(words, from, Math.min(from + 255, words.length))
  return count
}

/** Each byte of the sum counts for itself, and holds 255 at most. */
function inWords(words: Int32Array, from: number, to: number): number {
  let sum = 0
  for (let at = from; at < to; at++) {
    // a byte is zero where it is a newline; what is left has the highest bit of each such byte
    const word = words[at]! ^ 0x0a0a0a0a
    sum = (sum + (~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f) >>> 7)) | 0
  }
  return (sum & 255) + ((sum >>> 8) & 255) + ((sum >>> 16) & 255) + (sum >>> 24)
}

function singly(bytes: Buffer): number {
  let count = 0
  for (const byte of bytes) if (byte === newline) count++
  return count
}

/** Lines that end as those of Unix do. */
export function withoutReturns(bytes: Buffer): Buffer {
  return bytes.includes(carriageReturn)
    ? Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    : bytes
}

const noWords = new Int32Array(0)
const newline = 10
const carriageReturn = 13
