import { createHash, type Hash } from 'node:crypto'

/** Small pieces are hashed together, since each call costs as much as some kilobytes. */
const enough = 32 * 1024

/** The SHA-256 of a canonical text that comes piece by piece, and of what came before a mark. */
export class TokensHash {
  private readonly hash = createHash('sha256')
  private pieces: string[] = []
  private size = 0
  /** How many of the pieces stand before the mark. */
  private marked = 0
  /** The hash at the mark, where more than that is hashed. */
  private atMark: Hash | undefined

  update(piece: string): void {
    this.pieces.push(piece)
    this.size += piece.length
    if (this.size >= enough) this.flush()
  }

  /** All that came so far stands before what comes. */
  mark(): void {
    this.marked = this.pieces.length
    this.atMark = undefined
  }

  /** In hexadecimal, of what came before the mark. */
  before(): string {
    if (this.pieces.length > this.marked) this.flush()
    return this.atMark ? this.atMark.copy().digest('hex') : this.digest()
  }

  /** In hexadecimal, of what came so far; more may come. */
  digest(): string {
    this.flush()
    return this.hash.copy().digest('hex')
  }

  /** The same of a text in UTF-8. */
  updateBytes(piece: Uint8Array): void {
    this.flush()
    this.atMark ??= this.hash.copy()
    this.hash.update(piece)
  }

  private flush(): void {
    if (this.pieces.length > this.marked && !this.atMark) {
      this.take(this.marked)
      this.atMark = this.hash.copy()
    }
    this.take(this.pieces.length)
    this.size = 0
  }

  private take(count: number): void {
    if (count > 0) this.hash.update(this.pieces.splice(0, count).join(''))
    this.marked = 0
  }
}
