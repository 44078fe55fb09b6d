import type { Heard } from './driver.ts'

/** What the server last said before it ended the session. */
export interface Fatal {
  readonly code: string
  readonly message: string
}

/**
 * Reads along with what the server sends, by message (PostgreSQL manual, "Message Formats").
 *
 * postgres.js throws away the results of a message that fails, and with them how far it got. That number is the count of
 * CommandComplete messages before the ErrorResponse, and the socket is the one place where they can be counted without
 * leaning on the driver's internals. The driver also forgets the server's last words before a closed connection.
 */
export class Wire {
  /** How many statements of the message under way are complete. */
  completed = 0
  fatal: Fatal | undefined
  /** The session's key for a CancelRequest: process id and secret. */
  key: Buffer | undefined
  #head: Buffer = nothing
  #left = 0
  #body: Buffer[] | undefined

  #heard: Heard | undefined
  #failed = false

  /** @param heard is told of each part of the answer, with what is complete by then */
  begin(heard?: Heard): void {
    this.completed = 0
    this.#failed = false
    this.#heard = heard
  }

  feed(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) at = this.#left > 0 ? this.#readBody(chunk, at) : this.#readHead(chunk, at)
    if (!this.#failed) this.#heard?.(this.completed)
  }

  #readHead(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + headLength - this.#head.length)
    const part = chunk.subarray(at, end)
    this.#head = this.#head.length === 0 ? part : Buffer.concat([this.#head, part])
    if (this.#head.length < headLength) return end
    this.#left = this.#head.readUInt32BE(1) - lengthLength
    this.#body = kept.has(this.#type) ? [] : undefined
    if (this.#left === 0) this.#finish()
    return end
  }

  #readBody(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left)
    this.#body?.push(chunk.subarray(at, end))
    this.#left -= end - at
    if (this.#left === 0) this.#finish()
    return end
  }

  get #type(): string {
    return String.fromCharCode(this.#head[0] ?? 0)
  }

  #finish(): void {
    const body = this.#body === undefined ? nothing : Buffer.concat(this.#body)
    if (this.#type === 'C') this.completed++
    if (this.#type === 'E') {
      this.#failed = true
      this.fatal = fatalOf(body)
    }
    if (this.#type === 'K') this.key = body
    this.#head = nothing
    this.#body = undefined
  }
}

const nothing: Buffer = Buffer.alloc(0)
const headLength = 5
const lengthLength = 4
const kept = new Set(['E', 'K'])

function fatalOf(body: Buffer): Fatal | undefined {
  const fields = new Map(
    body
      .toString('utf8')
      .split('\0')
      .map((field) => [field.slice(0, 1), field.slice(1)]),
  )
  const severity = fields.get('V') ?? fields.get('S')
  if (severity !== 'FATAL' && severity !== 'PANIC') return undefined
  return { code: fields.get('C') ?? '', message: fields.get('M') ?? '' }
}
