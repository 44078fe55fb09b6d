import { SqlmigError } from '../errors.ts'
import { FileText } from './file-text.ts'

/** An error that has a line gets its file, and the source of the line for the caret. */
export function withSource(error: unknown, path: string): unknown {
  if (!(error instanceof SqlmigError) || error.at?.file !== undefined) return error
  const { line, column = 1 } = error.at ?? {}
  const source = line === undefined ? undefined : readLine(path, line, column * 2 + 400)
  return error.with({ at: { file: path, ...(source === undefined ? {} : { source }) } })
}

/** One line of a file, from 1, at most `most` characters of it; undefined where there is none or it cannot be read. */
function readLine(path: string, line: number, most: number): string | undefined {
  let left = line - 1
  let found = ''
  try {
    for (const chunk of new FileText(path).chunks()) {
      let from = 0
      while (left > 0) {
        const newline = chunk.indexOf('\n', from)
        if (newline < 0) break
        from = newline + 1
        left--
      }
      if (left > 0) continue
      const newline = chunk.indexOf('\n', from)
      found += chunk.slice(from, newline < 0 ? undefined : newline)
      if (newline >= 0 || found.length > most) return found.slice(0, most).replace(/\r$/, '')
    }
  } catch {
    return undefined
  }
  return left > 0 ? undefined : found
}
