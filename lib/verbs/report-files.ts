import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs'
import { basename, isAbsolute, relative, sep } from 'node:path'
import { SqlmigError } from '../errors.ts'
import type { ReportedScript, ReportedText } from '../pages/report.ts'
import { importedSources } from './imported-files.ts'

/** How much of a file a page shows, in bytes. */
const mostShown = 128 * 1024

/** The beginning of a file, whole lines. */
export function beginningOf(path: string): ReportedText {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(mostShown + 1)
      let length = 0
      for (let read = -1; read !== 0 && length < bytes.length; length += read)
        read = readSync(file, bytes, length, bytes.length - length, null)
      return shortened(bytes.subarray(0, length), fstatSync(file).size)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw new SqlmigError('file-access', `${path} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, {
      at: { file: path },
      remedy: 'see to its permissions',
      cause,
    })
  }
}

/** @param size of the whole, of which `bytes` may be the beginning only */
export function shortened(bytes: Buffer, size: number): ReportedText {
  if (bytes.length <= mostShown) return { text: bytes.toString('utf8'), left: 0 }
  const line = bytes.lastIndexOf(10, mostShown - 1) + 1
  const shown = line > 0 ? line : mostShown
  return { text: bytes.subarray(0, shown).toString('utf8'), left: size - shown }
}

/**
 * Finds the legacy scripts that files of a chain name as their source. What a directive names may be any path: read are only
 * scripts below the working folder, and elsewhere those that are, byte for byte, what was imported.
 */
export function legacyScripts(dir: string): (source: string, file: string) => ReportedScript {
  const imported = importedSources(dir)
  return (source, file) => {
    const hash = imported.get(basename(file))
    const bytes = scriptAt(source)
    const same = bytes !== undefined && hash === createHash('sha256').update(bytes.toString('utf8')).digest('hex')
    if (bytes === undefined || !(same || isBelow(source)))
      return { source, text: undefined, remark: 'The script is not here any more.' }
    const remark = same || hash === undefined ? undefined : 'The script is not what it was when it was imported.'
    return { source, text: shortened(bytes, bytes.length), remark }
  }
}

function scriptAt(source: string): Buffer | undefined {
  if (!/\.(?:py|sql|sql\.conf)$/.test(source)) return undefined
  try {
    return readFileSync(source)
  } catch {
    return undefined
  }
}

function isBelow(source: string): boolean {
  const path = relative(realpathSync('.'), realpathSync(source))
  return !isAbsolute(path) && path.split(sep)[0] !== '..'
}
