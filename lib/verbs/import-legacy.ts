import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { type DialectName, dialectNames } from '../dialects/dialect-name.ts'
import { SqlmigError } from '../errors.ts'
import type { Conversion, ConvertedScript, ConvertOptions } from '../importer/convert.ts'
import type { ChainOptions } from './context.ts'
import { defaultDir } from './context.ts'
import { readBase } from './import-base.ts'
import { ImportedFiles, type NewOutput, type OutputState } from './imported-files.ts'
import { readFolder, sourceReader } from './legacy-folder.ts'

export interface ImportOptions extends ChainOptions {
  /** The folder of the legacy scripts, `legacy` by default. */
  readonly legacy?: string | undefined
  /** All three by default. */
  readonly dialects?: readonly DialectName[] | undefined
  /** Folders of the application's source: read, never run. */
  readonly sources?: readonly string[] | undefined
  /** A JSON file: application type → SQL type by dialect. */
  readonly types?: string | undefined
  /** A JSON file: the `naming_convention` of the application's MetaData. */
  readonly namingConvention?: string | undefined
  /** What was there before the first script: a file with its schema, or the URL of a database. */
  readonly base?: string | undefined
  /** Write nothing. */
  readonly dryRun?: boolean | undefined
}

export interface ImportTodo {
  readonly line: number
  readonly reason: string
  readonly dialects: readonly DialectName[]
}

export interface ImportOutput {
  readonly file: string
  readonly dialect: DialectName | null
  readonly state: OutputState
  readonly statements: number
  readonly guards: number
  readonly todos: number
  readonly effects: number
  readonly text: string
}

export interface ImportedFile {
  readonly source: string
  readonly id: string
  readonly kind: string
  readonly revision: string | null
  readonly targets: readonly DialectName[]
  /** The most that one of the targets has. */
  readonly statements: number
  readonly guards: number
  /** Calls in the script that change the database: each is in the SQL or in a todo. */
  readonly effects: number
  readonly todos: readonly ImportTodo[]
  readonly downgrade: 'absent'
  readonly had_downgrade: boolean
  /** The script is not what it was when it was imported before. */
  readonly script_changed: boolean
  readonly script: string
  readonly outputs: readonly ImportOutput[]
}

export interface ImportResult {
  readonly dialects: readonly DialectName[]
  readonly dir: string
  readonly files: readonly ImportedFile[]
  readonly left_out: readonly { readonly source: string; readonly reason: string }[]
  /** Files of former imports that are no longer made, and that a person has edited. */
  readonly stale: readonly string[]
  readonly dry_run: boolean
  readonly summary: {
    readonly files: number
    readonly converted: number
    readonly with_todos: number
    readonly kept: number
    readonly errors: number
  }
}

export const defaultLegacy = 'legacy'

/**
 * Converts a folder of legacy scripts into files of the chain. Runs none of them, and reads nothing but the given folders.
 * @throws SqlmigError `no-folder`, `file-access`, `usage`
 */
export async function importLegacy(options: ImportOptions): Promise<ImportResult> {
  const { dir = defaultDir, dialects = dialectNames } = options
  const legacy = shown(options.legacy ?? defaultLegacy)
  // the evaluator is large, and only this verb needs it
  const [{ convert }, { outputsOf }] = await Promise.all([
    import('../importer/convert.ts'),
    import('../importer/outputs.ts'),
  ])
  const files = readFolder(legacy, /\.(?:py|sql|sql\.conf)$/)
  const imported = new ImportedFiles(dir)
  const roots = [...(options.sources ?? []), legacy].map(tidy)
  const conversion: ConvertOptions = {
    dialects,
    pinned: imported.pinned,
    sourceRoots: roots,
    readSource: sourceReader(roots),
    types: new Map(Object.entries(readJson(options.types) as { [name: string]: { [dialect: string]: string } })),
    target: { ...(await namingConvention(options)), ...(await sqlalchemy(options)) },
    ...(options.base !== undefined && { base: await readBase(options.base, dialects) }),
  }
  const { scripts, leftOut } = convert(files, conversion)
  const news = scripts.map((script) => ({ script, outputs: outputsOf(script) }))
  const all = news.flatMap(({ script, outputs }): NewOutput[] =>
    outputs.map(({ name, text }) => ({ name, text, source: script.source, script: script.script })),
  )
  const states = new Map(
    all.map((output) => [
      output.name,
      { ...imported.stateOf(output), edited: imported.edited(output.name, output.text) },
    ]),
  )
  const described = news.map(({ script, outputs }) => {
    const written = outputs.map((output): ImportOutput => {
      const { state, edited } = states.get(output.name)!
      const { statements, guards, effects, todos } = output.conversion
      const shared = {
        file: `${dir}/${output.name}`,
        dialect: output.dialect ?? null,
        state,
        statements,
        guards,
        effects,
      }
      // a person may have finished what was left to do
      const left = edited === undefined ? todos.length : (edited.match(/^\s*--\s*sqlmig:\s*todo\b/gm)?.length ?? 0)
      return { ...shared, todos: left, text: edited ?? output.text }
    })
    const changed = outputs.some(({ name }) => states.get(name)!.scriptChanged)
    return fileOf(script, written, changed)
  })
  const { kept } = options.dryRun ? { kept: [] } : imported.write(all)
  return {
    dialects,
    dir,
    files: described,
    left_out: leftOut,
    stale: kept,
    dry_run: options.dryRun ?? false,
    summary: {
      files: described.length,
      converted: described.filter(({ todos }) => todos.length === 0).length,
      with_todos: described.filter(({ todos }) => todos.length > 0).length,
      kept: described.filter(({ outputs }) => outputs.some(({ state }) => state === 'kept')).length,
      errors: scripts.filter(({ unreadable }) => unreadable).length,
    },
  }
}

/** The convention that is given, or the only one that the application's source has. */
async function namingConvention({
  namingConvention: file,
  sources = [],
  legacy = defaultLegacy,
}: ImportOptions): Promise<ConvertOptions['target']> {
  if (file !== undefined) return { namingConvention: readJson(file) }
  const { conventionsIn } = await import('../importer/source-convention.ts')
  const environment = readFolder(legacy, /(?:^|\/)env\.py$/)
  const found = conventionsIn([...sources.flatMap((source) => readFolder(source, /\.py$/)), ...environment])
  if (found.length > 1) {
    throw new SqlmigError(
      'usage',
      `the source has several naming conventions: ${found.map(({ place }) => place).join(', ')}`,
      {
        state: 'nothing was written',
        remedy: 'give the one of the MetaData that the revisions were written for with --naming-convention FILE',
      },
    )
  }
  return found[0] ? { namingConvention: found[0].convention } : {}
}

/** The SQLAlchemy that the application's source asks for, as far as it does. */
async function sqlalchemy({ sources = [] }: ImportOptions): Promise<ConvertOptions['target']> {
  const { requirementFiles, sqlalchemyOf } = await import('../importer/source-sqlalchemy.ts')
  const files = sources.flatMap((folder) => readFolder(folder, requirementFiles))
  const version = sqlalchemyOf(files.map(({ path, bytes }) => ({ path, text: new TextDecoder().decode(bytes) })))
  return version ? { sqlalchemy: version } : {}
}

/** A folder below the working folder is named from there: that is what the files say about their scripts. */
function shown(folder: string): string {
  const path = relative('.', folder)
  return path === '' || path.startsWith('..') ? folder : path
}

function tidy(folder: string): string {
  return folder.replace(/^\.\//, '').replace(/(?<=.)\/+$/, '')
}

function fileOf(script: ConvertedScript, outputs: readonly ImportOutput[], scriptChanged: boolean): ImportedFile {
  const { source, id, kind, revision, conversions, hadDowngrade } = script
  const most = (of: (conversion: Conversion) => number) => Math.max(0, ...conversions.map(of))
  const open = outputs.some(({ todos }) => todos > 0)
  return {
    source,
    id,
    kind,
    revision: revision ?? null,
    targets: conversions.map(({ dialect }) => dialect),
    statements: most(({ statements }) => statements),
    guards: most(({ guards }) => guards),
    effects: most(({ effects }) => effects),
    todos: open ? todosOf(conversions) : [],
    downgrade: 'absent',
    had_downgrade: hadDowngrade,
    script_changed: scriptChanged,
    script: script.script,
    outputs,
  }
}

/** The same todo on several dialects is told once. */
function todosOf(conversions: readonly Conversion[]): readonly ImportTodo[] {
  const found = new Map<string, { line: number; reason: string; dialects: DialectName[] }>()
  for (const { dialect, todos } of conversions) {
    for (const { line, reason } of todos) {
      const key = `${line} ${reason}`
      const known = found.get(key)
      if (known) known.dialects.push(dialect)
      else found.set(key, { line, reason, dialects: [dialect] })
    }
  }
  return [...found.values()].sort((a, b) => a.line - b.line)
}

function readJson(path: string | undefined): { readonly [key: string]: never } {
  if (path === undefined) return {}
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { readonly [key: string]: never }
  } catch (cause) {
    throw new SqlmigError('usage', `${path} cannot be read as JSON: ${(cause as Error).message}`, {
      at: { file: path },
      state: 'nothing was written',
      remedy: 'see "sqlmig import-legacy --help" for what it holds',
      cause,
    })
  }
}
