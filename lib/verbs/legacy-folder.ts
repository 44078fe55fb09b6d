import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { SqlmigError } from '../errors.ts'
import type { LegacyFile } from '../importer/convert.ts'

const skipped = /^(?:\..*|__pycache__|node_modules|venv|env|site-packages)$/
/** Larger files are no scripts. In bytes. */
const largest = 32 * 1024 * 1024

/**
 * The files of a legacy folder, and of the folders in it; links are not followed, so that nothing outside is read.
 * @throws SqlmigError `no-folder`, `file-access`
 */
export function readFolder(dir: string, extensions: RegExp): readonly LegacyFile[] {
  return listed(dir, dir)
    .filter((path) => extensions.test(path))
    .map((path) => ({ path: path.split(sep).join('/'), bytes: readFile(path) }))
}

function listed(dir: string, top: string): readonly string[] {
  try {
    const entries = readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    return entries.flatMap((entry) => {
      const path = join(dir, entry.name)
      if (entry.isDirectory()) return skipped.test(entry.name) ? [] : listed(path, top)
      return entry.isFile() ? [path] : []
    })
  } catch (cause) {
    const remedy = 'name the folder of the legacy scripts: sqlmig import-legacy DIR'
    const what = `the folder "${dir}" cannot be read: ${(cause as NodeJS.ErrnoException).code}`
    throw new SqlmigError('no-folder', what, { state: 'nothing was written', remedy, cause })
  }
}

function readFile(path: string): Uint8Array {
  try {
    if (lstatSync(path).size > largest) throw new Error(`it is larger than ${largest / 1024 / 1024} MB`)
    return readFileSync(path)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new SqlmigError('file-access', `${path} cannot be read: ${code ?? message}`, {
      at: { file: path },
      state: 'nothing was written',
      remedy: 'see to its permissions, or move it out of the folder',
      cause,
    })
  }
}

/** Reads modules inside the given folders, and nothing else. */
export function sourceReader(roots: readonly string[]): (path: string) => string | undefined {
  return (path) => {
    const inside = roots.some((root) => !relative(root, path).startsWith('..'))
    try {
      const found = lstatSync(path)
      return inside && found.isFile() && found.size <= largest ? readFileSync(path, 'utf8') : undefined
    } catch {
      return undefined
    }
  }
}
