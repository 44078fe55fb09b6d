import { Writable } from 'node:stream'
import type { PendingQuery, Row as PostgresRow } from 'postgres'
import { ServerError } from './driver.ts'

/** What postgres.js calls on a query: once with the stream, once with the result, or with an error at any time. */
interface Outcome {
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/**
 * Feeds a COPY with as much as the socket takes. Rejects with the driver's error; gives what the data itself threw.
 *
 * postgres.js resolves a COPY query as soon as the server asks for data, so an error after that has nobody to go to;
 * hence its two ends are replaced before it starts.
 */
export async function copyInto(query: PendingQuery<PostgresRow[]>, data: Iterable<string | Buffer>): Promise<unknown> {
  const { opened, done } = outcomes(query as unknown as Outcome)
  query.execute()
  const stream = await opened
  if (!(stream instanceof Writable)) throw notCopy()
  stream.on('error', () => undefined)
  let over = false
  const settled = done.then(
    () => (over = true),
    () => (over = true),
  )
  const failed = await feed(stream, data, () => over, settled)
  if (failed === undefined) await done
  else await settled
  return failed?.error
}

async function feed(stream: Writable, data: Iterable<string | Buffer>, over: () => boolean, settled: Promise<unknown>) {
  try {
    for (const chunk of chunks(data)) {
      if (over()) return undefined
      if (!stream.write(chunk)) await Promise.race([settled, new Promise((resolve) => stream.once('drain', resolve))])
    }
  } catch (error) {
    // Told to the server as CopyFail, so that nothing of the data is kept.
    stream.destroy(new Error('the data ended early'))
    return { error }
  }
  if (!over()) stream.end()
  return undefined
}

function outcomes(query: Outcome): { opened: Promise<unknown>; done: Promise<unknown> } {
  const opened = deferred()
  const done = deferred()
  query.resolve = (value) => {
    opened.resolve(value)
    query.resolve = done.resolve
  }
  query.reject = (error) => {
    opened.reject(error)
    done.reject(error)
  }
  return { opened: opened.promise, done: done.promise }
}

function deferred(): Outcome & { promise: Promise<unknown> } {
  let ends: Outcome | undefined
  const promise = new Promise<unknown>((resolve, reject) => {
    ends = { resolve, reject }
  })
  promise.catch(() => undefined)
  return { promise, ...(ends as Outcome) }
}

const chunkLength = 65_536

function* chunks(data: Iterable<string | Buffer>): Generator<string | Buffer> {
  let chunk = ''
  for (const piece of data) {
    if (typeof piece !== 'string') {
      if (chunk !== '') yield chunk
      chunk = ''
      // the stream may keep it until the one before has gone out
      yield Buffer.from(piece)
      continue
    }
    chunk += piece
    if (chunk.length < chunkLength) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

function notCopy(): ServerError {
  return new ServerError('the statement is not COPY … FROM STDIN', { code: '0A000' })
}
