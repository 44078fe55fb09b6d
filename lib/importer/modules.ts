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
  readonly #made = new Map<string, PyModule>()

  constructor(recorder: Recorder, ...parts: readonly ModuleParts[]) {
    this.#recorder = recorder
    this.#parts = parts
  }

  resolve(vm: Interpreter, name: string): PyModule | undefined {
    // whatever a script imports first: values of SQLAlchemy may come to it by others
    remember(vm, this.#recorder)
    const known = this.#made.get(name)
    if (known) return known
    const own = this.#parts.flatMap((part) => (Object.hasOwn(part, name) ? [part[name]!] : []))
    if (own.length === 0 && !this.#hasInside(name)) return undefined
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

  #hasInside(name: string): boolean {
    return this.#parts.some((part) => Object.keys(part).some((key) => key.startsWith(`${name}.`)))
  }
}
