import type { Dialect } from '../dialects/dialect.ts'
import { SqlmigError } from '../errors.ts'
import type { Lexis } from '../text/lexis.ts'
import type { Examined } from './examine.ts'
import { examine } from './examine.ts'
import { checksumOf } from './file-text.ts'
import type { MigrationFile } from './folder.ts'
import { listMigrations } from './folder.ts'
import { Surveys } from './surveys.ts'

/** The checksums with which a migration was recorded. */
export interface RecordedSums {
  readonly state: 'applied' | 'partial'
  readonly checksum: string | null
  readonly tokens: string | null
  /** The row that made it so: the statement at which a run was cut off. */
  readonly row: { readonly running: number | null }
}

/**
 * Reads a chain for a dialect. Files that are applied and unchanged are hashed, not split.
 * @param surveys what former readings of pending files have found
 * @throws SqlmigError for the first file that cannot be used
 */
export function readChain(
  dir: string,
  dialect: Dialect,
  lexis: Lexis,
  recorded: ReadonlyMap<string, RecordedSums>,
  surveys = new Surveys(),
): readonly Examined[] {
  return listMigrations(dir, dialect.name).map((file) => {
    const sums = recorded.get(file.id)
    if (sums?.state === 'applied') return readApplied(file, dialect, lexis, sums)
    return surveys.examine(file, dialect, lexis, sums?.row.running ?? undefined)
  })
}

function readApplied(file: MigrationFile, dialect: Dialect, lexis: Lexis, sums: RecordedSums): Examined {
  const checksum = checksumOf(file.path)
  if (checksum === sums.checksum) return unread(file, checksum, sums.tokens ?? '')
  try {
    return examine(file, dialect, lexis)
  } catch (error) {
    // what can no longer be split has changed for certain
    if (error instanceof SqlmigError && error.code !== 'file-access') return unread(file, checksum, '')
    throw error
  }
}

const none: readonly never[] = []

function unread(file: MigrationFile, checksum: string, tokens: string): Examined {
  const { id, path } = file
  return {
    id,
    path,
    checksum,
    tokens,
    size: 0,
    statements: 0,
    directives: none,
    todos: none,
    rollsBack: true,
    batched: false,
    pace: 'quick',
    travelsAlone: false,
    recoverable: false,
    ownTransaction: none,
  }
}
