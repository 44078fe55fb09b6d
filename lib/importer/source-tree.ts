import type { ModuleSource } from '../python/host.ts'
import { parse } from '../python/parse.ts'

/** The Python files that may be read: the application's (`--source`), and those of the legacy folder itself. */
export class SourceTree {
  readonly #read: (path: string) => string | undefined
  readonly #roots: readonly string[]
  /** What was read: a module is parsed once, for however many scripts and dialects. */
  readonly #found = new Map<string, ModuleSource | undefined>()

  /**
   * @param read the text of a file, or undefined where there is none that may be read
   * @param roots the folders in which top-level modules may stand
   */
  constructor(read: (path: string) => string | undefined, roots: readonly string[]) {
    this.#read = read
    this.#roots = roots
  }

  /** The module that `import name` means in the file `importer`. */
  find(name: string, importer: string): ModuleSource | undefined {
    const dots = /^\.*/.exec(name)![0].length
    const parts = name.slice(dots).split('.').filter(Boolean)
    if (dots > 0) return this.#at([...importer.split('/').slice(0, -dots), ...parts])
    for (const root of this.#roots) {
      const folder = root.split('/')
      // `--source backend`, and the code says `from backend.models import …`
      const within = folder.at(-1) === parts[0] ? this.#at([...folder, ...parts.slice(1)]) : undefined
      const found = this.#at([...folder, ...parts]) ?? within ?? this.#at([...folder, 'src', ...parts])
      if (found) return found
    }
    return undefined
  }

  #at(parts: readonly string[]): ModuleSource | undefined {
    const path = parts.join('/')
    return this.#file(`${path}.py`) ?? this.#file(`${path}/__init__.py`)
  }

  #file(name: string): ModuleSource | undefined {
    if (this.#found.has(name)) return this.#found.get(name)
    const source = this.#read(name)
    const found = source === undefined ? undefined : { source, name, parsed: parse(source, name) }
    this.#found.set(name, found)
    return found
  }
}
