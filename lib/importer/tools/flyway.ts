import { readStamp, slugFor } from '../history/names.ts'
import {
  baseName,
  type LeftFile,
  type Problem,
  type ToolFile,
  type ToolMigration,
  type ToolReading,
} from './tool-file.ts'
import { linesOf, wholeFile } from './up-part.ts'

interface Named {
  readonly file: ToolFile
  readonly prefix: 'V' | 'U' | 'B' | 'R'
  /** Empty for a repeatable one. */
  readonly version: string
  readonly description: string
}

/**
 * Names as Flyway reads them with its default settings (Flyway's documentation, "Migrations", "Naming"; its source,
 * ResourceNameParser.java and MigrationVersion.java): `V1_2__text.sql`, `U…` undoes, `B…` is a baseline, `R__text.sql`
 * is repeatable.
 */
function nameOf(file: ToolFile): Named | undefined {
  const [, prefix, version = '', description = ''] =
    /^(?:(?:(?=[VUB]\d)|(?=R__))([VUBR]))(\d+(?:[._]\d+)*)?(?:__(.*))?\.sql$/i.exec(baseName(file.path)) ?? []
  if (prefix === undefined || prefix !== prefix.toUpperCase()) return undefined
  return { file, prefix: prefix as Named['prefix'], version, description }
}

export function isFlyway(file: ToolFile): boolean {
  return nameOf(file) !== undefined
}

const callback = /^(?:before|after|create|drop)[A-Z]\w*(?:__.*)?\.sql$/

/** A script that Flyway runs around its migrations (its documentation, "Callbacks"). */
export function isFlywayCallback({ path }: ToolFile): boolean {
  return callback.test(baseName(path))
}

/** @param configs the `.sql.conf` files, by their paths */
export function readFlyway(files: readonly ToolFile[], configs: ReadonlyMap<string, ToolFile>): ToolReading {
  const named = files.map(nameOf).filter((one) => one !== undefined)
  const having = (prefix: Named['prefix']) => named.filter((one) => one.prefix === prefix)
  const undone = new Set(having('U').map(({ version }) => versionKey(version)))
  const baseline = chosenBaseline(having('B'), having('V'))
  const taken = [...(baseline ? [baseline] : []), ...having('V'), ...having('R')]
  const unused = having('B').filter((one) => one !== baseline)
  return {
    migrations: taken.map((one) => migrationOf(one, configs.get(`${one.file.path}.conf`), undone)),
    left: [...unused.map(leftBaseline), ...orphans(having('U'), having('V'))],
  }
}

/** On an empty database Flyway begins with the newest baseline; that matters only where what came before is gone. */
function chosenBaseline(baselines: readonly Named[], versioned: readonly Named[]): Named | undefined {
  const sorted = [...baselines].sort((a, b) => compareParts(parts(a.version), parts(b.version)))
  const newest = sorted.at(-1)
  if (!newest) return undefined
  return versioned.some(({ version }) => compareParts(parts(version), parts(newest.version)) <= 0) ? undefined : newest
}

function leftBaseline({ file }: Named): LeftFile {
  return { ...file, reason: 'a baseline of Flyway: the migrations that it stands for are there' }
}

function orphans(undos: readonly Named[], versioned: readonly Named[]): readonly LeftFile[] {
  const known = new Set(versioned.map(({ version }) => versionKey(version)))
  return undos
    .filter(({ version }) => !known.has(versionKey(version)))
    .map(({ file }) => ({ ...file, reason: 'a downgrade without its migration' }))
}

function migrationOf(named: Named, config: ToolFile | undefined, undone: ReadonlySet<string>): ToolMigration {
  const { file, prefix, version, description } = named
  const name = baseName(file.path)
  const settings = settingsOf(config)
  const { stamp } = readStamp(`${version.replaceAll('.', '_')}_`)
  const up = wholeFile(file.text)
  return {
    ...up,
    source: file.path,
    kind: 'flyway',
    version: prefix === 'R' ? name : version.replaceAll('_', '.'),
    ...(stamp === undefined ? {} : { timestamp: stamp }),
    order: prefix === 'R' ? [1n, description] : [0n, ...parts(version)],
    slug: slugFor(description, undefined, undefined),
    noTransaction: settings.get('executeintransaction') === 'false',
    hadDowngrade: prefix === 'V' && undone.has(versionKey(version)),
    problems: [...settingProblems(settings), ...placeholders(file, settings)],
  }
}

/** `V1__x.sql.conf` holds settings of one script (Flyway's documentation, "Script Configuration"). */
function settingsOf(config: ToolFile | undefined): ReadonlyMap<string, string> {
  const entries = linesOf(config?.text ?? '').map((line) => /^\s*(?:flyway\.)?(\w+)\s*=\s*(.*?)\s*$/.exec(line))
  return new Map(entries.flatMap((match) => (match ? [[match[1]!.toLowerCase(), match[2]!.toLowerCase()]] : [])))
}

function settingProblems(settings: ReadonlyMap<string, string>): readonly Problem[] {
  const { condition, encoding } = {
    condition: settings.get('shouldexecute'),
    encoding: settings.get('encoding'),
  }
  return [
    ...(condition === undefined || condition === 'true'
      ? []
      : [
          {
            line: 1,
            reason: `Flyway runs the script only where ${condition} (its .conf): decide whether it belongs here`,
          },
        ]),
    ...(encoding === undefined || /^utf-?8$/.test(encoding)
      ? []
      : [{ line: 1, reason: `the script is written in ${encoding} (its .conf): convert it to UTF-8` }]),
  ]
}

/** Placeholders are replaced everywhere, in literals and bodies too (Flyway's documentation, "Placeholders"). */
function placeholders({ text }: ToolFile, settings: ReadonlyMap<string, string>): readonly Problem[] {
  if (settings.get('placeholderreplacement') === 'false') return []
  return linesOf(text).flatMap((line, index) => {
    const [found] = /\$\{[^}]*\}/.exec(line) ?? []
    return found === undefined
      ? []
      : [
          {
            line: index + 1,
            reason: `Flyway puts a value in for ${found}: write it, or leave the text if nothing is replaced`,
          },
        ]
  })
}

function parts(version: string): readonly bigint[] {
  return version.split(/[._]/).filter(Boolean).map(BigInt)
}

function compareParts(a: readonly bigint[], b: readonly bigint[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [left, right] = [a[at] ?? 0n, b[at] ?? 0n]
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

/** `1.0` and `1` are the same version. */
function versionKey(version: string): string {
  return parts(version)
    .join('.')
    .replace(/(?:\.0)+$/, '')
}
