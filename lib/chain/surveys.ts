import { statSync } from 'node:fs'
import type { Dialect } from '../dialects/dialect.ts'
import type { Lexis } from '../text/lexis.ts'
import type { Examined } from './examine.ts'
import { examine } from './examine.ts'
import type { MigrationFile } from './folder.ts'

/** Is told how many bytes of a large file were read, and how many it has. */
export type ReadListener = (file: MigrationFile, bytes: number, total: number) => void

/** Smaller files, in bytes, are read before anybody could be told. */
const large = 8e6

interface Survey {
  readonly stamp: string
  readonly examined: Examined
}

/**
 * What the readings of files have found, so that a plan that is made anew reads none of them again. That a file is as it was
 * is told by its size and times; should they deceive, the run, which reads it once more, finds another checksum and stops.
 */
export class Surveys {
  private readonly known = new Map<string, Survey>()
  private readonly onRead: ReadListener

  constructor(onRead: ReadListener = () => undefined) {
    this.onRead = onRead
  }

  /**
   * As `examine`.
   * @throws SqlmigError
   */
  examine(file: MigrationFile, dialect: Dialect, lexis: Lexis, running: number | undefined): Examined {
    const found = statSync(file.path, { bigint: true, throwIfNoEntry: false })
    if (!found) return examine(file, dialect, lexis, { running })
    const stamp = [found.ino, found.size, found.mtimeNs, found.ctimeNs, running].join(' ')
    const known = this.known.get(file.path)
    if (known?.stamp === stamp) return known.examined
    const total = Number(found.size)
    const heard = total < large ? undefined : (bytes: number) => this.onRead(file, bytes, total)
    const examined = examine(file, dialect, lexis, { running, heard })
    this.known.set(file.path, { stamp, examined })
    return examined
  }
}
