import { createHash } from 'node:crypto'

/** Small pieces are hashed together, since each call costs as much as some kilobytes. */
const enough = 32 * 1024

/** The SHA-256 of a canonical text that comes piece by piece. */
export class TokensHash {
  private readonly hash = createHash('sha256')
  private pieces: string[] = []
  private size = 0

  update(piece: string): void {
    this.pieces.push(piece)
    this.size += piece.length
    if (this.size >= enough) this.flush()
  }

  /** In hexadecimal, of what came so far; more may come. */
  digest(): string {
    this.flush()
    return this.hash.copy().digest('hex')
  }

  private flush(): void {
    this.hash.update(this.pieces.join(''))
    this.pieces = []
    this.size = 0
  }
}
