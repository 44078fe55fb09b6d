// A reader that went away (`sqlmig up | head -1`) is no reason to stop what is going on in the database.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = 1
  })
}

/** Writes a text and a newline to stdout. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Writes a text and a newline to stderr. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
