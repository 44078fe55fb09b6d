import { basename } from 'node:path'
import { examine } from '../chain/examine.ts'
import type { MigrationFile } from '../chain/folder.ts'
import { listMigrations } from '../chain/folder.ts'
import { parseFileName } from '../chain/names.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { dialectNames } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import { parseUrl } from '../drivers/url.ts'
import type { ErrorCode } from '../errors.ts'
import { SqlmigError } from '../errors.ts'
import type { ChainOptions } from './context.ts'
import { defaultDir } from './context.ts'
import type { UrlSources } from './database-url.ts'
import { findUrl } from './database-url.ts'

export interface CheckOptions extends ChainOptions, UrlSources {
  /** Read the chain as this dialect does; by default the one of the database that is named, if any. */
  readonly dialect?: DialectName | undefined
}

export interface Finding {
  readonly file: string
  readonly line: number | null
  readonly column: number | null
  readonly code: ErrorCode
  readonly message: string
  readonly remedy: string | null
}

export interface CheckResult {
  readonly files: number
  readonly findings: readonly Finding[]
}

/** Looks at the files without connecting: names, directives, todos, SQL that cannot be split. */
export async function check(options: CheckOptions = {}): Promise<CheckResult> {
  const { dir = defaultDir } = options
  const asked = options.dialect ?? dialectOfUrl(options)
  try {
    const files = listMigrations(dir, asked)
    return { files: files.length, findings: files.flatMap((file) => findingsOf(file, asked)) }
  } catch (error) {
    if (!(error instanceof SqlmigError) || error.code === 'no-folder') throw error
    return { files: 0, findings: [finding(error, dir)] }
  }
}

/** The dialect of the database that is named somewhere, if one is. */
function dialectOfUrl(options: UrlSources): DialectName | undefined {
  try {
    return parseUrl(findUrl(options).url).dialect
  } catch (error) {
    if (error instanceof SqlmigError && error.code === 'no-database') return undefined
    throw error
  }
}

/** A file is read as the dialect asked for, or its variant's; else it has to be right for one of the dialects. */
function findingsOf(file: MigrationFile, asked: DialectName | undefined): readonly Finding[] {
  const name = parseFileName(basename(file.path))
  const variant = typeof name === 'string' ? undefined : name.variant
  const candidates = asked ? [asked] : variant ? [variant] : dialectNames
  const readings = candidates.map((dialect) => findingsAs(file, dialect))
  return readings.reduce((best, other) => (gravity(other) < gravity(best) ? other : best))
}

/** Todos weigh less than what cannot be read. */
function gravity(findings: readonly Finding[]): number {
  return findings.reduce((sum, { code }) => sum + (code === 'blocked' ? 1 : 1000), 0)
}

function findingsAs({ id, path }: MigrationFile, name: DialectName): readonly Finding[] {
  const dialect = dialects[name]
  try {
    const file = examine({ id, path }, dialect, dialect.lexis())
    return file.todos.map(({ place, text }) => ({
      file: path,
      ...place,
      code: 'blocked',
      message: `a person has to finish this: ${text || 'todo'}`,
      remedy: 'write the SQL that is missing and remove the todo',
    }))
  } catch (error) {
    if (error instanceof SqlmigError) return [finding(error, path)]
    throw error
  }
}

function finding(error: SqlmigError, path: string): Finding {
  const { at, code, message, remedy } = error
  return {
    file: at?.file ?? path,
    line: at?.line ?? null,
    column: at?.column ?? null,
    code,
    message,
    remedy: remedy ?? null,
  }
}
