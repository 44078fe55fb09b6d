import { writeFileSync } from 'node:fs'
import { SqlmigError } from '../lib/index.ts'

/** Writes what `--out` or `--report` asks for. */
export function writeOut(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new SqlmigError('file-access', `${file} cannot be written: ${code}`, {
      at: { file },
      remedy: 'name a file in a folder that exists and can be written to',
      cause,
    })
  }
}
