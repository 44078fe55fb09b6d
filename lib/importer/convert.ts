import type { DialectName } from '../dialects/dialect-name.ts'
import { SqlmigError } from '../errors.ts'
import { emptySchema, type Schema } from '../schema/table.ts'
import type { Target } from '../schema/target.ts'
import { convertToolFile } from './convert-tool-file.ts'
import { type Evaluated, evaluate } from './evaluate.ts'
import { type Planned, withExpectations } from './expectations.ts'
import { layOut, type Placed } from './history/order.ts'
import { type LeftOut, readScript } from './history/read-script.ts'
import type { Fault, Script } from './history/script.ts'
import { Knowledge } from './knowledge.ts'
import { type FileHead, lineOf, MisreadText, type Rendering, render } from './render.ts'
import type { ScriptRecorder } from './script-recorder.ts'
import { SourceTree } from './source-tree.ts'
import { readToolFiles, type ToolFile, type ToolMigration } from './tools/read-tool-file.ts'

export interface LegacyFile {
  /** With `/`, as it is shown and recorded: `legacy/20250101_000000_init.py`. */
  readonly path: string
  readonly bytes: Uint8Array
}

export interface ConvertOptions {
  readonly dialects: readonly DialectName[]
  /** The schema before the first script, and whether nothing else is there (`--base`); without: nothing is known. */
  readonly base?: ReadonlyMap<DialectName, Schema>
  readonly target?: Pick<Target, 'namingConvention' | 'sqlalchemy'>
  readonly types?: ScriptRecorder['types']
  /** Reads a module of the application or of the legacy folder. */
  readonly readSource?: (path: string) => string | undefined
  readonly sourceRoots?: readonly string[]
  /** Ids of a former import, by source. */
  readonly pinned?: ReadonlyMap<string, string>
}

export interface Todo {
  readonly line: number
  readonly reason: string
}

/** What one script is on one dialect. */
export interface Conversion {
  readonly dialect: DialectName
  readonly text: string
  readonly statements: number
  readonly guards: number
  readonly todos: readonly Todo[]
  /** Calls that change the database: each of them is in the SQL or in a todo. */
  readonly effects: number
}

export interface ConvertedScript {
  readonly source: string
  /** The script's own text, for the report. */
  readonly script: string
  readonly id: string
  readonly kind: string
  readonly revision: string | undefined
  readonly hadDowngrade: boolean
  /** Its file could not be read. */
  readonly unreadable: boolean
  readonly conversions: readonly Conversion[]
}

export interface Converted {
  readonly scripts: readonly ConvertedScript[]
  readonly leftOut: readonly LeftOut[]
}

type Entry =
  | (Script & { readonly tool?: undefined; readonly text: string })
  | (Pick<Script, 'source' | 'revision' | 'parents' | 'labels' | 'stamp' | 'number' | 'slug'> & {
      readonly tool: ToolMigration
      readonly text: string
    })

/** Turns a folder of legacy scripts into the files of a chain. Reads nothing but what it is given, and writes nothing. */
export function convert(files: readonly LegacyFile[], options: ConvertOptions): Converted {
  const { entries, leftOut } = readAll(files)
  const line = layOut(entries, options.pinned ?? new Map())
  const sources = new SourceTree(options.readSource ?? (() => undefined), options.sourceRoots ?? [])
  const byDialect = options.dialects.map((dialect) => convertLine(line, dialect, options, sources))
  const scripts = line.map(({ node, id }, at) => ({
    source: node.source,
    script: node.text,
    id,
    kind: node.tool ? node.tool.kind : node.kind,
    revision: node.revision,
    hadDowngrade: node.tool ? node.tool.hadDowngrade : node.hadDowngrade,
    unreadable: !node.tool && node.faults.some(({ fatal }) => fatal),
    conversions: byDialect.map((conversions) => conversions[at]!),
  }))
  return { scripts, leftOut }
}

function notUtf8(file: string): SqlmigError {
  return new SqlmigError('encoding', 'the file is not UTF-8', {
    at: { file },
    state: 'nothing was written',
    remedy: 'convert it to UTF-8 first, or move it out of the folder if it is no migration',
  })
}

function readAll(files: readonly LegacyFile[]): { entries: readonly Entry[]; leftOut: readonly LeftOut[] } {
  const entries: Entry[] = []
  const leftOut: LeftOut[] = []
  for (const { path, bytes } of files.filter(({ path }) => path.endsWith('.py'))) {
    const script = readScript(path, bytes)
    if ('module' in script) entries.push({ ...script, text: script.module.source })
    else leftOut.push(script)
  }
  const texts: ToolFile[] = []
  for (const { path, bytes } of files.filter(({ path }) => !path.endsWith('.py'))) {
    const text = textOf(bytes)
    if (text === undefined) throw notUtf8(path)
    else texts.push({ path, text })
  }
  const tools = readToolFiles(texts)
  for (const { path, reason } of tools.left) leftOut.push({ source: path, reason })
  return { entries: [...entries, ...toolEntries(tools.migrations, texts)], leftOut }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The files of a tool follow each other as the tool orders them. */
function toolEntries(
  migrations: readonly ToolMigration[],
  texts: readonly { readonly path: string; readonly text: string }[],
): readonly Entry[] {
  const last = new Map<string, string>()
  return migrations.map((tool) => {
    const before = last.get(tool.kind)
    const name = `${tool.kind} ${tool.source}`
    last.set(tool.kind, name)
    return {
      source: tool.source,
      text: texts.find(({ path }) => path === tool.source)?.text ?? tool.sql,
      revision: tool.version,
      parents: before === undefined ? [] : [before],
      labels: [name],
      stamp: tool.timestamp,
      number: undefined,
      slug: tool.slug,
      tool,
    }
  })
}

function convertLine(
  line: readonly Placed<Entry>[],
  dialect: DialectName,
  options: ConvertOptions,
  sources: SourceTree,
): readonly Conversion[] {
  const target: Target = { dialect, ...options.target }
  const base = options.base?.get(dialect)
  const knowledge = new Knowledge(target, base ?? emptySchema, base !== undefined)
  return line.map((placed) => {
    const { node } = placed
    if (node.tool) return convertToolFile({ ...placed, tool: node.tool }, knowledge)
    const evaluated = evaluate(node, { knowledge, sources, types: options.types ?? new Map() })
    return conversionOf({ ...placed, node }, evaluated, dialect)
  })
}

function conversionOf(
  { node, after, faults }: Placed<Script & { readonly text: string }>,
  { items, raised, noTransaction, notes, effects }: Evaluated,
  dialect: DialectName,
): Conversion {
  const faultless = withExpectations(items, raised)
  const head = {
    title: node.title,
    source: node.source,
    revision: node.revision,
    after,
    noTransaction,
    notes,
  }
  const { text, planned } = written(head, [...faultItems([...node.faults, ...faults], node.source), ...faultless], {
    dialect,
    file: node.source,
    comments: node.module.comments,
  })
  const sql = planned.filter((item) => item.kind === 'sql')
  const todos = planned.filter((item) => item.kind === 'todo')
  return {
    dialect,
    text,
    effects,
    statements: sql.reduce((sum, { statements }) => sum + statements.length, 0),
    guards: sql.filter(({ when, expects, where, above }) => when.length + expects.length + where.length > 0 || above)
      .length,
    todos: todos.map((todo) => ({ line: lineOf(todo, node.source), reason: todo.reason })),
  }
}

/** The text, or a todo for all of it where it would not be read back as it was meant. */
function written(
  head: FileHead,
  planned: readonly Planned[],
  how: Rendering,
): { readonly text: string; readonly planned: readonly Planned[] } {
  try {
    return { text: render(head, planned, how), planned }
  } catch (error) {
    if (!(error instanceof MisreadText || error instanceof SqlmigError)) throw error
    const reason = `its SQL would be read otherwise than it is meant: ${error.message}`
    const instead = [...faultItems([{ line: 1, reason }], how.file), ...planned.filter(({ kind }) => kind === 'todo')]
    return { text: render(head, instead, how), planned: instead }
  }
}

function faultItems(faults: readonly Fault[], file: string): readonly Planned[] {
  return faults.map(({ line, reason }) => {
    const place = { file, line, column: 1 }
    const site = { node: { start: 0, end: 0, line, column: 1 }, place, stack: [place] }
    return { kind: 'todo', site, effects: 0, reason, excerpt: '' }
  })
}
