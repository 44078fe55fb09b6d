import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SqlmigError } from '../errors.ts'

/**
 * Writes a file that is not there yet, whole or not at all.
 * @throws SqlmigError `usage` where it is there already; `file-access`
 */
export function writeNew(path: string, bytes: Uint8Array): void {
  through(path, bytes, undefined, (draft) => {
    try {
      linkSync(draft, path)
    } catch (error) {
      // some file systems have no links
      if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(codeOf(error))) throw error
      copyFileSync(draft, path, constants.COPYFILE_EXCL)
    }
  })
}

/**
 * Puts other bytes into a file, whole or not at all; it keeps its rights.
 * @throws SqlmigError `file-access`
 */
export function replaceBytes(path: string, bytes: Uint8Array): void {
  // a link goes on pointing to it
  const real = realpathSync(path)
  through(real, bytes, statSync(real).mode, (draft) => renameSync(draft, real))
}

function through(path: string, bytes: Uint8Array, mode: number | undefined, place: (draft: string) => void): void {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  try {
    const file = openSync(draft, 'wx', mode)
    try {
      writeFileSync(file, bytes)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    place(draft)
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') throw new SqlmigError('usage', `${path} is there already`, { cause })
    throw new SqlmigError('file-access', `${path} cannot be written: ${codeOf(cause)}`, {
      remedy: 'see to the permissions of the folder; the file is as it was',
      cause,
    })
  } finally {
    rmSync(draft, { force: true })
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
