import { readStamp, slugFor } from '../history/names.ts'
import { dbmateName, dbmateUp, isDbmate } from './dbmate.ts'
import { isFlyway, isFlywayCallback, readFlyway } from './flyway.ts'
import { type GolangName, golangName } from './golang-migrate.ts'
import { gooseName, gooseUp, isGoose } from './goose.ts'
import { readPlain } from './plain.ts'
import { isSqlMigrate, sqlMigrateName, sqlMigrateUp } from './sql-migrate.ts'
import type { LeftFile, ToolFile, ToolKind, ToolMigration, ToolReading } from './tool-file.ts'
import { baseName } from './tool-file.ts'
import { hasStatements, type UpPart, wholeFile } from './up-part.ts'

export type { LeftFile, ToolFile, ToolKind, ToolMigration } from './tool-file.ts'

/**
 * Reads the migration files of other tools, each file's kind told by what it holds, else by its name.
 * @returns the migrations of each kind in the order in which their tool runs them; all other files, each with a reason
 */
export function readToolFiles(files: readonly ToolFile[]): ToolReading {
  const { byKind, left } = sorted(files)
  const readings = Array.from(byKind, ([kind, own]) => readKind(kind, own.files, own.configs))
  return {
    migrations: readings.flatMap(({ migrations }) => withoutDuplicates(inOrder(migrations))),
    left: [...left, ...readings.flatMap((reading) => reading.left)],
  }
}

interface OfKind {
  readonly files: ToolFile[]
  readonly configs: Map<string, ToolFile>
}

function sorted(files: readonly ToolFile[]): { byKind: ReadonlyMap<ToolKind, OfKind>; left: readonly LeftFile[] } {
  const flyway = files.some((file) => kindOf(file) === 'flyway')
  const configs = new Map(files.filter(({ path }) => /\.sql\.conf$/i.test(path)).map((file) => [file.path, file]))
  const byKind = new Map<ToolKind, OfKind>()
  const left: LeftFile[] = []
  for (const file of files) {
    if (configs.has(file.path) && files.some(({ path }) => `${path}.conf` === file.path)) continue
    const reason = whyLeft(file, flyway)
    const kind = kindOf(file)
    if (reason !== undefined || kind === undefined) left.push({ ...file, reason: reason ?? 'no SQL' })
    else byKind.set(kind, { files: [...(byKind.get(kind)?.files ?? []), file], configs })
  }
  return { byKind, left }
}

function kindOf(file: ToolFile): ToolKind | undefined {
  if (!/\.sql$/i.test(file.path)) return undefined
  if (isDbmate(file.text)) return 'dbmate'
  if (isGoose(file.text)) return 'goose'
  if (isSqlMigrate(file.text)) return 'sql-migrate'
  if (isFlyway(file)) return 'flyway'
  return golangName(file) ? 'golang-migrate' : 'sql'
}

function whyLeft(file: ToolFile, besideFlyway: boolean): string | undefined {
  if (!besideFlyway || kindOf(file) !== 'sql') return undefined
  if (isFlywayCallback(file)) return 'a callback of Flyway, which ran around its migrations'
  return /^[VURB]\d/i.test(baseName(file.path)) ? 'Flyway does not take a file of this name' : undefined
}

function readKind(kind: ToolKind, files: readonly ToolFile[], configs: ReadonlyMap<string, ToolFile>): ToolReading {
  switch (kind) {
    case 'dbmate':
      return readMarked(kind, files, dbmateName, dbmateUp)
    case 'goose':
      return readMarked(kind, files, gooseName, gooseUp)
    case 'sql-migrate':
      return readMarked(kind, files, sqlMigrateName, sqlMigrateUp)
    case 'golang-migrate':
      return readGolang(files)
    case 'flyway':
      return readFlyway(files, configs)
    case 'sql':
      return readPlain(files)
  }
}

interface OwnName {
  readonly version: string
  readonly order: readonly (bigint | string)[]
}

/** Tools that hold both ways in one file. */
function readMarked(
  kind: ToolKind,
  files: readonly ToolFile[],
  nameOf: (file: ToolFile) => OwnName | undefined,
  upOf: (text: string) => UpPart,
): ToolReading {
  const migrations: ToolMigration[] = []
  const left: LeftFile[] = []
  for (const file of files) {
    const own = nameOf(file)
    if (own) migrations.push({ ...upOf(file.text), ...named(file, kind), ...own })
    else left.push({ ...file, reason: `${kind} takes no file of this name: it begins with no version` })
  }
  return { migrations, left }
}

function named(file: ToolFile, kind: ToolKind): Pick<ToolMigration, 'source' | 'kind' | 'timestamp' | 'slug'> {
  const { stamp, rest } = readStamp(baseName(file.path).replace(/\.sql$/i, ''))
  const slug = slugFor(rest, undefined, undefined)
  return { source: file.path, kind, ...(stamp === undefined ? {} : { timestamp: stamp }), slug }
}

function readGolang(files: readonly ToolFile[]): ToolReading {
  const all = files.map((file) => ({ file, name: golangName(file)! }))
  const ups = all.filter(({ name }) => name.direction === 'up')
  const downs = all.filter(({ name }) => name.direction === 'down')
  const downOf = ({ pair }: GolangName) => downs.find(({ name }) => name.pair === pair)?.file
  const migrations = ups.map(({ file, name }): ToolMigration => {
    const down = downOf(name)
    return {
      ...wholeFile(file.text),
      ...named({ ...file, path: file.path.replace(/\.up\.sql$/, '.sql') }, 'golang-migrate'),
      source: file.path,
      version: `${name.version}`,
      order: [name.version],
      hadDowngrade: down !== undefined && hasStatements(down.text),
    }
  })
  const orphans = downs.filter(({ name }) => !ups.some((up) => up.name.pair === name.pair))
  return { migrations, left: orphans.map(({ file }) => ({ ...file, reason: 'a downgrade without its migration' })) }
}

function inOrder(migrations: readonly ToolMigration[]): readonly ToolMigration[] {
  return [...migrations].sort((a, b) => compareKeys(a.order, b.order) || compareOne(a.source, b.source))
}

function compareKeys(a: ToolMigration['order'], b: ToolMigration['order']): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = compareOne(a[at] ?? 0n, b[at] ?? 0n)
    if (difference !== 0) return difference
  }
  return 0
}

function compareOne(a: bigint | string, b: bigint | string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** No tool runs two files of one version; which of them it was cannot be known. */
function withoutDuplicates(migrations: readonly ToolMigration[]): readonly ToolMigration[] {
  const first = new Map<string, string>()
  return migrations.map((migration) => {
    const { kind, version, source, order } = migration
    const key = kind === 'flyway' && order[0] === 0n ? order.join('.').replace(/(?:\.0)+$/, '') : version
    const other = first.get(key)
    if (other === undefined) first.set(key, source)
    if (other === undefined || kind === 'sql') return migration
    const problem = { line: 1, reason: `${other} has the same version ${version}: ${kind} runs only one of them` }
    return { ...migration, problems: [problem, ...migration.problems] }
  })
}
