import type { Socket } from 'node:net'

/** Of a packet that tells one statement's result. */
const fewBytes = 1024
const pause = 1
const nothing = new Int32Array(new SharedArrayBuffer(4))

/**
 * Waits for a message of many statements. The server sends each result as a packet of its own, at once: to wake up for every
 * one of them takes longer, of both, than most statements do. So this process sleeps for a moment where a packet comes
 * alone, and finds many together after that.
 */
export async function unhurried<T>(stream: Socket, work: Promise<T>): Promise<T> {
  const rest = (chunk: Buffer) => {
    if (chunk.length < fewBytes) Atomics.wait(nothing, 0, 0, pause)
  }
  stream.on('data', rest)
  try {
    return await work
  } finally {
    stream.off('data', rest)
  }
}
