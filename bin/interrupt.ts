const codes = { SIGINT: 130, SIGTERM: 143 } as const

/**
 * Turns the first Ctrl-C or SIGTERM into an abort, so that what is going on can be rolled back; a second one ends the
 * process at once.
 */
export async function abortable<T>(onAbort: () => void, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const heard = (signal: keyof typeof codes): void => {
    if (controller.signal.aborted) process.exit(codes[signal])
    onAbort()
    controller.abort()
  }
  const signals = Object.keys(codes) as (keyof typeof codes)[]
  for (const signal of signals) process.on(signal, heard)
  try {
    return await work(controller.signal)
  } finally {
    for (const signal of signals) process.off(signal, heard)
  }
}
