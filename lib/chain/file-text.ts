import { isAscii, isUtf8 } from 'node:buffer'
import { createHash, hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { SqlmigError } from '../errors.ts'
import type { Bytes } from '../text/bulk.ts'

/** Bytes read at a time: large enough to be fast, small enough to be forgotten. */
const chunkSize = 64 * 1024
/** And where many statements are taken at once. */
const windowSize = 256 * 1024

/** Memory for chunks that nobody uses now: new memory for each of a thousand small files takes longer than to read them. */
let spare: Buffer | undefined

/** A file's text, read once in chunks, with the checksum of its exact bytes once all is read. */
export class FileText implements Bytes {
  readonly path: string
  /** Bytes read so far. */
  bytes = 0
  private readonly hash = createHash('sha256')
  private file = -1
  /** The last bytes read, as long as nobody has hashed them. */
  private held: Buffer = nothing
  /** The beginning of a character that goes on in the next chunk. */
  private rest: Buffer = nothing
  private windowBytes: Buffer | undefined
  private readonly heard: ((bytes: number) => void) | undefined

  /** @param heard is told how many bytes were read, again and again */
  constructor(path: string, heard?: (bytes: number) => void) {
    this.path = path
    this.heard = heard
  }

  /**
   * @throws SqlmigError `encoding` with the byte offset of what is not UTF-8; `file-access`
   */
  *chunks(): Generator<string> {
    this.file = attempt(this.path, () => openSync(this.path, 'r'))
    const buffer = spare ?? Buffer.allocUnsafe(chunkSize)
    spare = undefined
    try {
      for (let isFirst = true; ; isFirst = false) {
        this.settle(this.held.length)
        this.held = buffer.subarray(0, this.readInto(buffer, 0))
        if (this.held.length === 0) break
        this.bytes += this.held.length
        this.heard?.(this.bytes)
        const bytes = this.rest.length === 0 ? this.held : Buffer.concat([this.rest, this.held])
        const whole = wholeCharacters(bytes)
        const text = this.decoded(bytes.subarray(0, whole))
        this.rest = Buffer.from(bytes.subarray(whole))
        yield isFirst ? text.replace(/^\ufeff/, '') : text
      }
      if (this.rest.length > 0) throw this.notUtf8()
    } finally {
      this.settle(this.held.length)
      spare = buffer
      closeSync(this.file)
    }
  }

  back(count: number): boolean {
    const unread = count + this.rest.length
    if (unread > this.held.length) return false
    this.settle(this.held.length - unread)
    this.bytes -= unread
    this.rest = nothing
    return true
  }

  /** Nothing where that is not UTF-8: whoever reads it as text finds where. */
  window(): Buffer {
    this.windowBytes ??= Buffer.allocUnsafeSlow(windowSize + 1)
    let length = 0
    for (let more = -1; more !== 0 && length < windowSize; length += more)
      more = this.readInto(this.windowBytes, length)
    const read = this.windowBytes.subarray(0, Math.min(length, windowSize))
    const valid = isUtf8(read.subarray(0, wholeCharacters(read))) ? read.length : 0
    this.windowBytes[valid] = 0
    return this.windowBytes.subarray(0, valid + 1)
  }

  take(count: number): void {
    this.hash.update(this.windowBytes!.subarray(0, count))
    this.bytes += count
    this.heard?.(this.bytes)
  }

  /** Hashes so many of the bytes that are held, and forgets the others. */
  private settle(count: number): void {
    if (count > 0) this.hash.update(this.held.subarray(0, count))
    this.held = nothing
  }

  /** Reads on at what was read so far, without counting it. */
  private readInto(buffer: Buffer, from: number): number {
    const { file, bytes } = this
    return attempt(this.path, () => readSync(file, buffer, from, buffer.length - from, bytes + from))
  }

  /** The SHA-256 of the bytes read, in hexadecimal. */
  checksum(): string {
    this.settle(this.held.length)
    return this.hash.copy().digest('hex')
  }

  /** The bytes as they are read, each chunk until the next one is asked for; `checksum` does not see them here. */
  *rawChunks(): Generator<Buffer> {
    const file = attempt(this.path, () => openSync(this.path, 'r'))
    try {
      const buffer = Buffer.allocUnsafe(chunkSize)
      for (;;) {
        const length = attempt(this.path, () => readSync(file, buffer))
        if (length === 0) return
        yield buffer.subarray(0, length)
      }
    } finally {
      closeSync(file)
    }
  }

  private decoded(bytes: Buffer): string {
    // much faster, and half as large
    if (isAscii(bytes)) return bytes.toString('latin1')
    if (!isUtf8(bytes)) throw this.notUtf8()
    return bytes.toString('utf8')
  }

  private notUtf8(): SqlmigError {
    const message = `the file is not UTF-8: byte ${invalidOffset(this.path)} is part of no character`
    return new SqlmigError('encoding', message, {
      at: { file: this.path },
      remedy: 'save it as UTF-8 (a dump with binary data: make it with --hex-blob); nothing of it was run',
    })
  }
}

const nothing: Buffer = Buffer.alloc(0)

/** The length without a last character that goes on in the next chunk. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) break
    if (byte >= 0xc0) return characterLength(byte) > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

/** The length of the character that begins with a byte. */
function characterLength(first: number): number {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}

/** The SHA-256 of a file's bytes, in hexadecimal. */
export function checksumOf(path: string): string {
  return attempt(path, () => checksumOfSmall(path)) ?? checksumOfLarge(path)
}

let shared: Buffer | undefined

/** One buffer for all, since a history has thousands of files; undefined where a file does not fit into it. */
function checksumOfSmall(path: string): string | undefined {
  shared ??= Buffer.allocUnsafe(64 * 1024)
  const file = openSync(path, 'r')
  try {
    for (let length = 0; length < shared.length; ) {
      const read = readSync(file, shared, length, shared.length - length, null)
      if (read === 0) return hash('sha256', shared.subarray(0, length))
      length += read
    }
    return undefined
  } finally {
    closeSync(file)
  }
}

function checksumOfLarge(path: string): string {
  const sum = createHash('sha256')
  for (const chunk of new FileText(path).rawChunks()) sum.update(chunk)
  return sum.digest('hex')
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (cause) {
    throw new SqlmigError('file-access', `the file cannot be read: ${(cause as NodeJS.ErrnoException).code}`, {
      at: { file: path },
      remedy: 'see to its permissions; nothing of it was run',
      cause,
    })
  }
}

/** Where in a file the first byte is that belongs to no UTF-8 character. */
function invalidOffset(path: string): number {
  let base = 0
  let rest = Buffer.alloc(0)
  for (const chunk of new FileText(path).rawChunks()) {
    const bytes = Buffer.concat([rest, chunk])
    const valid = validPrefix(bytes)
    // a character is at most four bytes long: a shorter rest may go on in the next chunk
    if (bytes.length - valid >= 4) return base + valid
    rest = bytes.subarray(valid)
    base += valid
  }
  return base
}

/** The length of the longest prefix that is whole UTF-8 characters. */
function validPrefix(bytes: Buffer): number {
  let at = 0
  while (at < bytes.length) {
    const length = characterLength(bytes[at]!)
    if (at + length > bytes.length || !isUtf8(bytes.subarray(at, at + length))) break
    at += length
  }
  return at
}
