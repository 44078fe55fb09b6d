import type { Interpreter } from '../python/interpreter.ts'
import { PyModule, type Value } from '../python/values.ts'
import type { Recorder } from './recorder.ts'
import { remember } from './recorder-of.ts'
import { GivenTypeClass } from './sqlalchemy/given-type.ts'

export type Names = Readonly<Record<string, Value>>
/** What a room of the importer knows of some modules: names by module. Several rooms may know names of the same module. */
export type ModuleParts = Readonly<Record<string, (vm: Interpreter, recorder: Recorder) => Names>>

/** Makes the modules that scripts import out of what the rooms know; what they lack is unknown by name, never missing. */
export class Modules {
  readonly #parts: readonly ModuleParts[]
  readonly #recorder: Recorder
  /** Undefined for a name that none of the rooms knows. */
  readonly #made = new Map<string, PyModule | undefined>()

  constructor(recorder: Recorder, ...parts: readonly ModuleParts[]) {
    this.#recorder = recorder
    this.#parts = parts
  }

  resolve(vm: Interpreter, name: string): PyModule | undefined {
    // whatever a script imports first: values of SQLAlchemy may come to it by others
    remember(vm, this.#recorder)
    if (this.#made.has(name)) return this.#made.get(name)
    const own = this.#parts.flatMap((part) => (Object.hasOwn(part, name) ? [part[name]!] : []))
    if (own.length === 0 && !this.#parts.some((part) => packagesIn(part).has(name))) {
      this.#made.set(name, undefined)
      return undefined
    }
    const module = new PyModule(name, undefined, (attr, at) => {
      const inner = this.resolve(vm, `${name}.${attr}`)
      return inner ?? vm.unknown(`${name}.${attr}`, at)
    })
    this.#made.set(name, module)
    for (const part of own) {
      for (const [key, value] of Object.entries(part(vm, this.#recorder))) module.map.set(key, { key, value })
    }
    this.#given(name, module)
    return module
  }

  /** A module of which only `--types` knows, by the types in it or in modules inside it. */
  given(vm: Interpreter, name: string): PyModule | undefined {
    const types = [...(this.#recorder.types?.keys() ?? [])]
    if (!types.some((full) => full.startsWith(`${name}.`))) return undefined
    const module = new PyModule(name, undefined, (attr, at) => {
      const known = vm.host.nameOf?.(name, attr) ?? this.given(vm, `${name}.${attr}`)
      return known ?? vm.unknown(`from ${name} import ${attr}`, at)
    })
    this.#given(name, module)
    return module
  }

  /** What `--types` says of a type comes before what we know of its package. */
  #given(name: string, module: PyModule): void {
    for (const full of this.#recorder.types?.keys() ?? []) {
      const key = full.slice(full.lastIndexOf('.') + 1)
      if (full === `${name}.${key}`) module.map.set(key, { key, value: new GivenTypeClass(full) })
    }
  }
}

const packages = new WeakMap<ModuleParts, ReadonlySet<string>>()

/** The packages that the modules are in: `sqlalchemy` and `sqlalchemy.sql` of `sqlalchemy.sql.expression`. */
function packagesIn(part: ModuleParts): ReadonlySet<string> {
  const known = packages.get(part)
  if (known) return known
  const names = Object.keys(part).map((name) => name.split('.'))
  const found = new Set(names.flatMap((way) => way.slice(1).map((_, at) => way.slice(0, at + 1).join('.'))))
  packages.set(part, found)
  return found
}
