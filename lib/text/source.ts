import type { Place } from '../errors.ts'

/**
 * A text that arrives in chunks, of which only a window is kept. Positions are relative to the window and move when it
 * moves; `refill` tells by how much.
 */
export class Source {
  text = ''
  ended = false
  private readonly chunks: Iterator<string>
  private cursor = 0
  private line = 1
  private column = 1
  /** The first newline at or after the cursor; the window's end where there is none. */
  private newline = -1

  constructor(chunks: Iterable<string>) {
    this.chunks = chunks[Symbol.iterator]()
    this.refill(0)
  }

  /**
   * Drops what lies before `keep` and reads on, at least as much again as is kept (so that reading a long token again
   * and again costs linear time). Returns by how much positions move down.
   */
  refill(keep: number): number {
    this.advance(keep)
    const pieces = [this.text.slice(keep)]
    const wanted = pieces[0]!.length * 2
    for (let length = wanted / 2; !this.ended && length <= wanted; ) {
      const { value, done } = this.chunks.next()
      if (done) this.ended = true
      else length += pieces.push(value) && value.length
    }
    // joined it is one flat string: a sum would stay a tree, whose characters take longer to reach
    this.text = pieces.join('')
    this.cursor -= keep
    this.newline = -1
    return keep
  }

  /** The next chunk goes on at a place, whatever came before. */
  jump({ line, column }: Place): void {
    this.text = ''
    this.cursor = 0
    this.line = line
    this.column = column
    this.refill(0)
  }

  /** The place of a position; asked in ascending order only. */
  place(at: number): Place {
    this.advance(at)
    return { line: this.line, column: this.column }
  }

  private advance(to: number): void {
    let from = this.cursor
    if (to <= from) return
    if (this.newline < from) this.newline = this.newlineFrom(from)
    while (this.newline < to) {
      this.line++
      this.column = 1
      from = this.newline + 1
      this.newline = this.newlineFrom(from)
    }
    this.column += codePoints(this.text, from, to)
    this.cursor = to
  }

  private newlineFrom(at: number): number {
    const found = this.text.indexOf('\n', at)
    return found < 0 ? this.text.length : found
  }
}

/** How many code points text[from..to) holds. */
export function codePoints(text: string, from: number, to: number): number {
  let count = to - from
  for (let at = from; at < to - 1; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800) count--
  }
  return count
}

/** The place reached when `text` is read from `start`, up to `offset` code points. */
export function placeWithin(text: string, start: Place, offset: number): Place {
  let { line, column } = start
  let left = offset
  for (const char of text) {
    if (left-- <= 0) break
    if (char === '\n') {
      line++
      column = 1
    } else column++
  }
  return { line, column }
}
