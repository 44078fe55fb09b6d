import { basename, join } from 'node:path'
import { listMigrations, type MigrationFile } from '../chain/folder.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { parseUrl } from '../drivers/url.ts'
import { SqlmigError } from '../errors.ts'
import type { LandedRemark } from '../review/landed.ts'
import type { Severity } from '../review/rule.ts'
import { type BaseComparison, compareWithRef } from './check-base.ts'
import { faultsOf } from './check-faults.ts'
import { reviewFiles } from './check-review.ts'
import type { ChainOptions, DatabaseOptions } from './context.ts'
import { defaultDir } from './context.ts'
import type { UrlSources } from './database-url.ts'
import { findUrl } from './database-url.ts'
import { type Finding, faultFinding } from './finding.ts'
import { tableSizes } from './table-sizes.ts'

export interface CheckOptions extends ChainOptions, Omit<DatabaseOptions, 'target' | 'table'> {
  /** Read the chain as this dialect does; by default the one of the database that is named, if any. */
  readonly dialect?: DialectName | undefined
  /** A git ref: what it has must be here as it is there, what is new comes last, and only that is reviewed. */
  readonly base?: string | undefined
}

export interface CheckResult {
  readonly files: number
  /** Files that were not reviewed have landed, or were written by the importer. */
  readonly reviewed: number
  readonly findings: readonly Finding[]
  readonly summary: Readonly<Record<Severity, number>>
  /** The dialect whose rules were applied; null where none is known. */
  readonly dialect: DialectName | null
  /** Dialects that can read files of which none was named: of their rules only those were applied that all of them have. */
  readonly undecided: readonly DialectName[]
  readonly base: string | null
}

/**
 * Looks at the files: names, directives, todos, SQL that cannot be split, statements that are dangerous. Connects only
 * where `database` is given, to learn how large the tables are.
 * @throws SqlmigError `no-folder`, `no-repository`, `unknown-ref`, and what connecting throws
 */
export async function check(options: CheckOptions = {}): Promise<CheckResult> {
  const { dir = defaultDir, base } = options
  const asked = options.dialect ?? dialectOfUrl(options)
  const told = { dialect: asked ?? null, base: base ?? null }
  const listed = list(dir, asked)
  if ('code' in listed) return { files: 0, ...counted([listed]), reviewed: 0, undecided: [], ...told }
  const files = listed.map((file) => faultsOf(file, asked))
  const compared = base === undefined ? undefined : compareWithRef(listMigrations(dir, undefined), dir, base, asked)
  const sizeOf = options.database === undefined ? undefined : await tableSizes(options)
  const { findings, undecided, reviewed } = reviewFiles({ files, asked, landed: compared?.landed, sizeOf })
  const all = [...files.flatMap(({ faults }) => faults), ...landedFindings(dir, base, compared), ...findings]
  return { files: files.length, reviewed, ...counted(inOrder(all)), undecided, ...told }
}

/** The files, or what is wrong with the folder. */
function list(dir: string, asked: DialectName | undefined): readonly MigrationFile[] | Finding {
  try {
    return listMigrations(dir, asked)
  } catch (error) {
    if (!(error instanceof SqlmigError) || error.code === 'no-folder') throw error
    return faultFinding(error, dir)
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

function landedFindings(
  dir: string,
  ref: string | undefined,
  compared: BaseComparison | undefined,
): readonly Finding[] {
  if (!compared) return []
  if (compared.landed.size > 0) return compared.remarks.map((remark) => landedFinding(dir, remark))
  const message = `${ref} has no migrations in this folder: all of them count as new`
  const remedy = 'if they were moved here, move them in a change of its own, and review the next one'
  return [
    {
      file: dir,
      line: null,
      column: null,
      code: 'empty-base',
      rule: null,
      severity: 'note',
      message,
      remedy,
      safe: null,
    },
  ]
}

function landedFinding(dir: string, { name, code, severity, message, remedy }: LandedRemark): Finding {
  return { file: join(dir, name), line: null, column: null, code, rule: null, severity, message, remedy, safe: null }
}

/** By file and place; what is said of a file as a whole comes first. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ file }: Finding) => basename(file)
  return findings.toSorted((a, b) => {
    if (key(a) !== key(b)) return key(a) < key(b) ? -1 : 1
    return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
  })
}

function counted(findings: readonly Finding[]): Pick<CheckResult, 'findings' | 'summary'> {
  const summary = { error: 0, warning: 0, note: 0 }
  for (const { severity } of findings) summary[severity]++
  return { findings, summary }
}
