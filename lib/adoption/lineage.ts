import type { Examined } from '../chain/examine.ts'
import { SqlmigError } from '../errors.ts'
import type { Told, ToolName } from './tools.ts'
import { compareParts, versionParts } from './versions.ts'

/** A file of the chain that the old tool had. */
interface Legacy {
  readonly file: Examined
  readonly revision: string
  readonly parents: readonly string[]
}

/**
 * The files of a chain that a tool has applied, by what its table says.
 * @throws SqlmigError `not-adoptable` where the table names what no file has; `directive` where a file follows nothing
 */
export function appliedFiles(chain: readonly Examined[], tool: ToolName, told: Told): ReadonlySet<string> {
  const files = byVersion(legacyFiles(chain, tool), tool)
  if (tool === 'alembic') return ancestors(told.versions, files)
  const found = told.versions.flatMap((version) => {
    const file = files.get(keyOf(tool, version))
    if (!file && !isCovered(version, files, told)) throw unknownVersion(tool, version)
    return file ? [file.file.id] : []
  })
  const upTo = tool === 'golang-migrate' ? told.versions[0] : told.baseline
  const below = upTo === undefined ? [] : Array.from(files.values()).filter(({ revision }) => isUpTo(revision, upTo))
  return new Set([...found, ...below.map(({ file }) => file.id)])
}

/** Versions of the tool that no file has, and that need none. */
export function withoutFile(chain: readonly Examined[], tool: ToolName, told: Told): readonly string[] {
  const files = byVersion(legacyFiles(chain, tool), tool)
  return told.versions.filter((version) => !files.has(keyOf(tool, version)))
}

function legacyFiles(chain: readonly Examined[], tool: ToolName): readonly Legacy[] {
  const files: Legacy[] = []
  let before: string | undefined
  for (const file of chain) {
    const revision = file.directives.find((directive) => directive.name === 'legacy-revision')
    if (!revision) continue
    const parents = revision.after ?? (before === undefined ? [] : [before])
    before = revision.value
    if (mayBeOf(file, tool)) files.push({ file, revision: revision.value, parents })
  }
  return files
}

/** A folder may have held files of more than one tool, whose versions have nothing to do with each other. */
function mayBeOf(file: Examined, tool: ToolName): boolean {
  const source = file.directives.find((directive) => directive.name === 'source')?.value ?? ''
  return tool === 'alembic' ? !/\.sql$/i.test(source) : !/\.py$/i.test(source)
}

function byVersion(files: readonly Legacy[], tool: ToolName): ReadonlyMap<string, Legacy> {
  const found = new Map<string, Legacy>()
  for (const one of files) {
    const key = keyOf(tool, one.revision)
    const other = found.get(key)
    if (other) throw twice(one, other)
    found.set(key, one)
  }
  return found
}

/** The same for all ways in which a tool writes a version. */
function keyOf(tool: ToolName, version: string): string {
  if (tool === 'goose' || tool === 'golang-migrate') return /^\d+$/.test(version) ? `${BigInt(version)}` : version
  if (tool !== 'flyway') return version
  const parts = versionParts(version)
  return parts.length === 0 ? version : parts.join('.').replace(/(?:\.0)+$/, '')
}

function ancestors(heads: readonly string[], files: ReadonlyMap<string, Legacy>): ReadonlySet<string> {
  const ids = new Set<string>()
  const open = heads.map((head) => {
    const file = files.get(head)
    if (!file) throw unknownVersion('alembic', head)
    return file
  })
  for (let next = open.pop(); next; next = open.pop()) {
    if (ids.has(next.file.id)) continue
    ids.add(next.file.id)
    for (const parent of next.parents) open.push(files.get(parent) ?? noParent(next, parent))
  }
  return ids
}

function isUpTo(revision: string, version: string): boolean {
  const parts = versionParts(revision)
  return parts.length > 0 && compareParts(parts, versionParts(version)) <= 0
}

/** Flyway needs no file for its repeatable scripts of old, nor for what a baseline stands for that it has passed. */
function isCovered(version: string, files: ReadonlyMap<string, Legacy>, { versions, baseline }: Told): boolean {
  if (/^R__/.test(version)) return true
  if (baseline !== undefined && isUpTo(version, baseline)) return true
  return Array.from(files.values()).some(
    (one) => isBaseline(one) && versions.includes(one.revision) && isUpTo(version, one.revision),
  )
}

function isBaseline({ file }: Legacy): boolean {
  const source = file.directives.find((directive) => directive.name === 'source')?.value ?? ''
  return /(?:^|\/)B\d[^/]*$/.test(source)
}

function unknownVersion(tool: ToolName, version: string): SqlmigError {
  return new SqlmigError(
    'not-adoptable',
    `${tool} has applied ${version}, and no file of the chain has that as its legacy-revision`,
    {
      state: 'nothing was recorded',
      remedy:
        'import the script that made it ("sqlmig import-legacy"), or write its file by hand; or say how far the database is with --to ID',
    },
  )
}

function twice(one: Legacy, other: Legacy): SqlmigError {
  return new SqlmigError(
    'not-adoptable',
    `${other.file.id} and ${one.file.id} have the same legacy-revision ${one.revision}`,
    {
      at: { file: one.file.path },
      state: 'nothing was recorded',
      remedy: 'correct one of them, or say how far the database is with --to ID',
    },
  )
}

function noParent({ file, revision }: Legacy, parent: string): never {
  throw new SqlmigError('not-adoptable', `${revision} follows ${parent}, which no file of the chain has`, {
    at: { file: file.path },
    state: 'nothing was recorded',
    remedy: 'import that script too, correct "after", or say how far the database is with --to ID',
  })
}
