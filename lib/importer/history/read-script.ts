import type { Expr, FunctionDef, Module, Stmt } from '../../python/ast.ts'
import { decodeSource } from '../../python/decode.ts'
import { parse } from '../../python/parse.ts'
import { downNames, type Entry, entriesOf, hasWork } from './entry.ts'
import { createDate, readStamp, slugFor } from './names.ts'
import type { Fault, Script } from './script.ts'

/** A file that is no migration, and why it is left out. */
export interface LeftOut {
  readonly source: string
  readonly reason: string
}

/** Reads the head of a Python file: what it is, what it follows, what it is called. Nothing is evaluated. */
export function readScript(source: string, bytes: Uint8Array): Script | LeftOut {
  const decoded = decodeSource(bytes)
  if ('error' in decoded) return unreadable(source, '', { line: 1, reason: decoded.error })
  const { text } = decoded
  const parsed = parse(text, source)
  if ('module' in parsed) return describe(source, parsed.module)
  const { message, line } = parsed.error
  return unreadable(source, text, { line, reason: `it is no valid Python: ${message}` })
}

/** A file that cannot be read keeps its place in the line, as far as its text shows it, and a todo stands in it. */
function unreadable(source: string, text: string, fault: Fault): Script | LeftOut {
  const empty = parse('', source)
  if (!('module' in empty)) throw new Error('an empty file is valid Python')
  const revision = /^revision\b[^=\n]*=\s*['"]([^'"\n]+)['"]/m.exec(text)?.[1]
  const parents = /^down_revision\b[^=\n]*=([^\n]*)/m.exec(text)?.[1]?.matchAll(/['"]([^'"]+)['"]/g)
  const { stamp = createDate(text), number, rest } = readStamp(stem(source))
  return {
    source,
    kind: revision === undefined ? 'python' : 'alembic',
    module: empty.module,
    revision,
    parents: Array.from(parents ?? [], ([, name]) => name!),
    labels: [],
    stamp,
    number,
    slug: slugFor(rest, revision, undefined),
    title: undefined,
    entry: undefined,
    hadDowngrade: false,
    faults: [{ ...fault, fatal: true }],
  }
}

function stem(source: string): string {
  return source.replace(/^.*\//, '').replace(/\.py$/, '')
}

function describe(source: string, module: Module): Script | LeftOut {
  const faults: Fault[] = []
  const doc = docstring(module.body)
  const title = titleIn(doc)
  const revisions = textsOf(module, 'revision', faults)
  const isAlembic = revisions.length > 0 && assigned(module, 'down_revision') !== undefined
  const [revision] = isAlembic ? revisions : []
  const functions = module.body.filter((s): s is FunctionDef => s.kind === 'FunctionDef')
  const { stamp = createDate(doc ?? ''), number, rest } = readStamp(stem(source))
  const isOrdered = stamp !== undefined || number !== undefined
  const why = isAlembic ? undefined : whyNot(module, isOrdered)
  if (why !== undefined) return { source, reason: why }
  const { entry, candidates } = isAlembic ? upgrade : entriesOf(module)
  if (!isAlembic && entry === undefined) {
    const reason = withoutEntry(module, candidates)
    if (!isOrdered || !hasWork(module)) return { source, reason }
    faults.push({ line: 1, reason })
  }
  if (isAlembic && !functions.some((f) => f.name === 'upgrade'))
    faults.push({ line: 1, reason: 'the revision has no function upgrade()' })
  const parents = isAlembic ? ['down_revision', 'depends_on'].flatMap((key) => textsOf(module, key, faults)) : []
  return {
    source,
    kind: isAlembic ? 'alembic' : 'python',
    module,
    revision,
    parents: [...new Set(parents)],
    labels: isAlembic ? textsOf(module, 'branch_labels', faults) : [],
    stamp,
    number,
    slug: slugFor(rest, revision, title),
    title,
    entry,
    hadDowngrade: functions.some((f) => downNames.test(f.name) && doesSomething(f.body)),
    faults,
  }
}

const upgrade: { readonly entry: Entry; readonly candidates: readonly string[] } = {
  entry: { kind: 'function', name: 'upgrade' },
  candidates: [],
}

/** Python that stands among migrations, but only sees to them. */
function whyNot({ source }: Module, isOrdered: boolean): string | undefined {
  if (/\bcontext\.configure\s*\(/.test(source)) return "it is Alembic's environment, no migration"
  const loads =
    /\b(?:import_module|iter_modules|walk_packages|spec_from_file_location|exec_module|listdir|iterdir|scandir)\s*\(|\.r?glob\s*\(/
  return !isOrdered && loads.test(source) ? 'it looks for other files to run, and is no migration itself' : undefined
}

function withoutEntry(module: Module, candidates: readonly string[]): string {
  if (candidates.length > 0)
    return `which of its functions is the migration cannot be told: ${candidates.map((name) => `${name}()`).join(', ')}`
  return hasWork(module)
    ? 'it works on a database, but nothing tells how it is started'
    : 'it has no revision and no function that a migration starts with'
}

function assigned(module: Module, name: string): Expr | undefined {
  for (const statement of module.body) {
    if (statement.kind === 'Assign' && statement.targets.some((t) => t.kind === 'Name' && t.id === name))
      return statement.value
    if (statement.kind === 'AnnAssign' && statement.target.kind === 'Name' && statement.target.id === name)
      return statement.value
  }
  return undefined
}

/** The texts that a name is set to: one, a tuple or list of them, or none. */
function textsOf(module: Module, name: string, faults: Fault[]): readonly string[] {
  const value = assigned(module, name)
  if (!value) return []
  const items = value.kind === 'Tuple' || value.kind === 'List' || value.kind === 'Set' ? value.elts : [value]
  return items.flatMap((item) => {
    if (item.kind === 'Constant' && typeof item.value === 'string') return [item.value]
    if (item.kind === 'Constant' && item.value === null) return []
    faults.push({ line: item.line, reason: `${name} is not written as text` })
    return []
  })
}

function docstring(body: readonly Stmt[]): string | undefined {
  const [first] = body
  const value = first?.kind === 'Expr' ? first.value : undefined
  return value?.kind === 'Constant' && typeof value.value === 'string' ? value.value : undefined
}

function titleIn(doc: string | undefined): string | undefined {
  const [first] = (doc ?? '').split(/^(?:Revision ID|Revises|Create Date):/m)
  const line = first!.trim().split(/\n\s*\n/)[0]!
  return line.replace(/\s+/g, ' ').trim() || undefined
}

function doesSomething(body: readonly Stmt[]): boolean {
  return body.some((s) => {
    if (s.kind === 'Pass') return false
    if (s.kind === 'Expr') return s.value.kind !== 'Constant'
    if (s.kind === 'Return') return false
    return s.kind !== 'Raise'
  })
}
