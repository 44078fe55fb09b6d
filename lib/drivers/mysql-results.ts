import type { Socket } from 'node:net'

/** Of the packets of some hundred statements' results. */
const fewBytes = 1024
/** Milliseconds. */
const pause = 1
const nothing = new Int32Array(new SharedArrayBuffer(4))

/**
 * Waits for a message of many statements. The server sends each result as a packet of its own, at once: to wake up for every
 * one of them takes longer, of both, than most statements do. So this process sleeps for a moment where little has come,
 * and finds much after that.
 */
export async function unhurried<T>(stream: Socket, work: Promise<T>): Promise<T> {
  let bytes = 0
  let turn: NodeJS.Immediate | undefined
  const rest = () => {
    if (bytes < fewBytes) Atomics.wait(nothing, 0, 0, pause)
    bytes = 0
    turn = undefined
  }
  // under TLS much that has come at once is told in small pieces: they are taken together
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    turn ??= setImmediate(rest)
  }
  stream.on('data', count)
  try {
    return await work
  } finally {
    stream.off('data', count)
    clearImmediate(turn)
  }
}
