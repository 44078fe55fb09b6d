import { basename } from 'node:path'
import { examine, hasDirective, type Todo } from '../chain/examine.ts'
import type { MigrationFile } from '../chain/folder.ts'
import { parseFileName } from '../chain/names.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { dialectNames } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import { SqlmigError } from '../errors.ts'
import { type Finding, faultFinding } from './finding.ts'

/** A file with what `up` would refuse it for. */
export interface FaultedFile extends MigrationFile {
  readonly faults: readonly Finding[]
  /** The dialects that can read it, of those that were asked for. */
  readonly readableAs: readonly DialectName[]
  /** The importer wrote it: what it does was done long ago. */
  readonly imported: boolean
}

/** A file is read as the dialect asked for, or its variant's; else it has to be right for one of the dialects. */
export function faultsOf(file: MigrationFile, asked: DialectName | undefined): FaultedFile {
  const variant = variantOf(file)
  const candidates = variant ? [variant] : asked ? [asked] : dialectNames
  const readings = candidates.map((dialect) => ({ dialect, ...readAs(file, dialect) }))
  const best = readings.reduce((one, other) => (gravity(other.faults) < gravity(one.faults) ? other : one))
  const readable = readings.filter(({ faults }) => faults.every(({ code }) => code === 'blocked'))
  const imported = readable.some((reading) => reading.imported)
  return { ...file, faults: best.faults, readableAs: readable.map(({ dialect }) => dialect), imported }
}

export function variantOf({ path }: MigrationFile): DialectName | undefined {
  const name = parseFileName(basename(path))
  return typeof name === 'string' ? undefined : name.variant
}

/** Todos weigh less than what cannot be read. */
function gravity(faults: readonly Finding[]): number {
  return faults.reduce((sum, { code }) => sum + (code === 'blocked' ? 1 : 1000), 0)
}

function readAs({ id, path }: MigrationFile, name: DialectName): Pick<FaultedFile, 'faults' | 'imported'> {
  const dialect = dialects[name]
  try {
    const file = examine({ id, path }, dialect, dialect.lexis())
    return { faults: file.todos.map((todo) => todoFinding(todo, path)), imported: hasDirective(file, 'source') }
  } catch (error) {
    if (error instanceof SqlmigError) return { faults: [faultFinding(error, path)], imported: false }
    throw error
  }
}

function todoFinding({ place, text }: Todo, path: string): Finding {
  return {
    file: path,
    ...place,
    code: 'blocked',
    rule: null,
    severity: 'error',
    message: `a person has to finish this: ${text || 'todo'}`,
    remedy: 'write the SQL that is missing and remove the todo',
    safe: null,
  }
}
