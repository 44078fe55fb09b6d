import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SqlmigError } from '../errors.ts'

/** What an import wrote, so that the next one knows what a person has edited since. */
interface Entry {
  readonly source: string
  /** SHA-256 of the script and of the file that was made from it, in hexadecimal. */
  readonly script: string
  readonly sha256: string
}

export const manifestName = '.sqlmig-import.json'

export type OutputState = 'written' | 'rewritten' | 'unchanged' | 'kept'

export interface WrittenOutput {
  readonly name: string
  readonly state: OutputState
  /** The script is not what it was at the last import. */
  readonly scriptChanged: boolean
}

export interface NewOutput {
  readonly name: string
  readonly source: string
  readonly script: string
  readonly text: string
}

/** The imported files of a chain's folder: each is written, unless a person has edited it since. */
export class ImportedFiles {
  readonly #dir: string
  readonly #entries: Map<string, Entry>

  /** @throws SqlmigError `ledger-format` where the manifest is something else */
  constructor(dir: string) {
    this.#dir = dir
    this.#entries = new Map(Object.entries(readManifest(join(dir, manifestName))))
  }

  /** The ids that scripts got at former imports, by source. */
  get pinned(): ReadonlyMap<string, string> {
    return new Map(
      Array.from(this.#entries, ([name, { source }]) => [source, name.replace(/(?:\.\w+)?\.up\.sql$/, '')]),
    )
  }

  /** What is on the disk, where a person has edited it. */
  edited(name: string, text: string): string | undefined {
    const found = this.#read(name)
    const entry = this.#entries.get(name)
    return found === undefined || found === text || (entry && entry.sha256 === sha256(found)) ? undefined : found
  }

  /** What writing would do. */
  stateOf(output: NewOutput): WrittenOutput {
    const { name, text } = output
    const found = this.#read(name)
    const before = this.#entries.get(name)
    const scriptChanged = before !== undefined && before.script !== sha256(output.script)
    const kept = this.edited(name, text) !== undefined
    const state = kept ? 'kept' : found === text ? 'unchanged' : found === undefined ? 'written' : 'rewritten'
    return { name, state, scriptChanged }
  }

  /** Writes what is not edited, and takes away what a source has no more; an edited file stays. */
  write(outputs: readonly NewOutput[]): { readonly kept: readonly string[] } {
    mkdirSync(this.#dir, { recursive: true })
    const sources = new Set(outputs.map(({ source }) => source))
    const names = new Set(outputs.map(({ name }) => name))
    const stale = [...this.#entries].filter(([name, { source }]) => sources.has(source) && !names.has(name))
    const kept = stale.filter(([name]) => !this.#remove(name)).map(([name]) => name)
    for (const output of outputs) this.#write(output)
    const text = `${JSON.stringify(Object.fromEntries([...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1))), null, 1)}\n`
    const path = join(this.#dir, manifestName)
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text)
    return { kept }
  }

  #write(output: NewOutput): void {
    const { state } = this.stateOf(output)
    const { name, source, text } = output
    if (state === 'written' || state === 'rewritten') writeFileSync(join(this.#dir, name), text)
    const script = sha256(output.script)
    const before = this.#entries.get(name)
    const entry =
      state === 'kept'
        ? { source, script, sha256: before?.sha256 ?? sha256(text) }
        : { source, script, sha256: sha256(text) }
    this.#entries.set(name, entry)
  }

  #remove(name: string): boolean {
    const found = this.#read(name)
    const own = found === undefined || this.#entries.get(name)?.sha256 === sha256(found)
    if (own) rmSync(join(this.#dir, name), { force: true })
    if (own) this.#entries.delete(name)
    return own
  }

  #read(name: string): string | undefined {
    const path = join(this.#dir, name)
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined
  }
}

/** The SHA-256 of the script that each file of a folder was imported from. */
export function importedSources(dir: string): ReadonlyMap<string, string> {
  return new Map(Object.entries(readManifest(join(dir, manifestName))).map(([name, { script }]) => [name, script]))
}

function readManifest(path: string): { readonly [name: string]: Entry } {
  if (!existsSync(path)) return {}
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { readonly [name: string]: Entry }
  } catch (cause) {
    throw new SqlmigError('ledger-format', `${path} is not what an import wrote: ${(cause as Error).message}`, {
      at: { file: path },
      state: 'nothing was written',
      remedy:
        'bring it back from version control, or remove it: then files that are there already are kept as they are',
      cause,
    })
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
