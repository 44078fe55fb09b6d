/** As `Heard`; a SELECT tells of rows that it gave, or, where it is that of a CREATE TABLE AS, wrote. */
interface Told {
  complete(number: number): void
  wrote(index: number, rows: number, isSelect: boolean): void
}

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
  /** Rows of the last one, where it told of rows. */
  rows = 0
  fatal: Fatal | undefined
  /** The session's key for a CancelRequest: process id and secret. */
  key: Buffer | undefined
  /** For the socket's data. */
  readonly listener = (chunk: Buffer): void => this.feed(chunk)
  #head: Buffer = nothing
  #left = 0
  #body: Buffer[] | undefined
  #heard: Told | undefined
  #refused: Fields | undefined
  #answered: ((answer: Answer) => void) | undefined

  /** @param heard is told of each part of the answer, with what is complete by then */
  begin(heard?: Told): void {
    this.completed = 0
    this.#refused = undefined
    this.#heard = heard
  }

  /** What the server says to the message under way, up to where it is ready for the next one. */
  answer(): Promise<Answer> {
    return new Promise((resolve) => {
      this.#answered = resolve
    })
  }

  feed(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#left > 0) at = this.#readBody(chunk, at)
      else at = this.#readWhole(chunk, at) ?? this.#readHead(chunk, at)
    }
    if (!this.#refused) this.#heard?.complete(this.completed)
  }

  /** A message of which nothing is kept, whole in the chunk, as most are; undefined where it is another one. */
  #readWhole(chunk: Buffer, at: number): number | undefined {
    if (this.#head.length > 0 || at + headLength > chunk.length) return undefined
    const type = chunk[at]!
    const end = at + 1 + chunk.readUInt32BE(at + 1)
    if (end > chunk.length || notable.has(type)) return undefined
    if (type === commandComplete) this.#complete(chunk, at + headLength, end)
    return end
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
    if (this.#type === 'C') this.#complete(body, 0, body.length)
    if (this.#type === 'E') this.#refuse(fieldsOf(body))
    if (this.#type === 'K') this.key = body
    if (this.#type === 'Z') this.#answer(false)
    if (copies.has(this.#type)) this.#answer(true)
    this.#head = nothing
    this.#body = undefined
  }

  /** A tag ends with the number of its rows, and a zero: "INSERT 0 5", "UPDATE 5", "CREATE TABLE". */
  #complete(bytes: Buffer, start: number, end: number): void {
    const index = this.completed++
    let rows = 0
    let at = end - 2
    for (let unit = 1; at > start && isDigit(bytes[at]!); at--, unit *= 10) rows += (bytes[at]! - zero) * unit
    if (at === end - 2) return
    this.rows = rows
    this.#heard?.wrote(index, rows, bytes[start] === select)
  }

  #refuse(fields: Fields): void {
    this.#refused = fields
    this.fatal = fatalOf(fields)
  }

  #answer(copies: boolean): void {
    this.#answered?.({ refused: this.#refused, copies })
    this.#answered = undefined
  }
}

/** The fields of an error, by the letters of "Error and Notice Message Fields". */
type Fields = ReadonlyMap<string, string>

export interface Answer {
  readonly refused: Fields | undefined
  /** A statement copies to or from the client, and waits. */
  readonly copies: boolean
}

const nothing: Buffer = Buffer.alloc(0)
const headLength = 5
const lengthLength = 4
const kept = new Set(['C', 'E', 'K'])
/** CopyInResponse, CopyOutResponse, CopyBothResponse. */
const copies = new Set(['G', 'H', 'W'])
const notable = new Set(['E', 'K', 'Z', ...copies].map((type) => type.charCodeAt(0)))
const commandComplete = 'C'.charCodeAt(0)
const select = 'S'.charCodeAt(0)
const zero = '0'.charCodeAt(0)

function isDigit(byte: number): boolean {
  return byte >= zero && byte < zero + 10
}

function fieldsOf(body: Buffer): Fields {
  const fields = body.toString('utf8').split('\0')
  return new Map(fields.map((field) => [field.slice(0, 1), field.slice(1)]))
}

function fatalOf(fields: Fields): Fatal | undefined {
  const severity = fields.get('V') ?? fields.get('S')
  if (severity !== 'FATAL' && severity !== 'PANIC') return undefined
  return { code: fields.get('C') ?? '', message: fields.get('M') ?? '' }
}
