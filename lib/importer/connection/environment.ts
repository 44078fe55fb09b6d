import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { standardModule } from '../../python/stdlib.ts'
import { PyModule, Unknown, type Value } from '../../python/values.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { Names } from '../modules.ts'
import type { Recorder } from '../recorder.ts'
import { urlText } from './url-value.ts'

/** Variables that hold where the database is. */
const urlNames = /^(\w+_)?(database|db|sqlalchemy|postgres|postgresql|mysql|sqlite)(_\w+)?_?(url|uri|dsn)$/i

/** The database is the target, wherever a script would have looked for it. */
function variable(recorder: Recorder, { vm, args, at }: Call): Value {
  const name = vm.resolve(args[0] ?? null)
  if (typeof name === 'string' && urlNames.test(name)) return urlText(recorder)
  return vm.unknown('the environment', at)
}

class Environment extends HostObject {
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    super('the environment')
    this.#recorder = recorder
  }

  override get(name: string, vm: Interpreter, at: Span): Value {
    if (name === 'get' || name === 'pop') return hostFunction(name, (call) => variable(this.#recorder, call))
    if (name === 'setdefault' || name === 'update') return hostFunction(name, () => null)
    return vm.unknown('the environment', at)
  }

  override index(key: Value, vm: Interpreter, at: Span): Value {
    return variable(this.#recorder, { vm, at, args: [key], kwargs: new Map() })
  }

  override setIndex(): boolean {
    return true
  }

  override binary(operator: string, other: Value, _reflected: boolean, vm: Interpreter, at: Span): Value {
    if (operator === 'contains' && typeof other === 'string' && urlNames.test(other)) return true
    return vm.unknown('the environment', at)
  }
}

export function environment(vm: Interpreter, recorder: Recorder): Names {
  return {
    ...standard(vm, 'os'),
    environ: new Environment(recorder),
    getenv: hostFunction('getenv', (call) => variable(recorder, call)),
    path: vm.module('os.path', paths(vm)),
    getcwd: hostFunction('getcwd', () => '.'),
  }
}

/** What the file of a database is called; that file is there. */
export const databaseFile = /\.(db|sqlite3?)\b|\bdb_?(path|file|name)?\b|database|sqlite/i

export function paths(vm: Interpreter): Names {
  const exists = hostFunction('exists', (call) => isThere(call, call.args[0] ?? null))
  const same = (name: string) => hostFunction(name, ({ args }) => args[0] ?? null)
  return {
    ...standard(vm, 'os.path'),
    exists,
    isfile: exists,
    abspath: same('abspath'),
    realpath: same('realpath'),
    expanduser: same('expanduser'),
  }
}

function isThere({ vm, at }: Call, path: Value): Value {
  const text = vm.text(path, 'str')
  if (databaseFile.test(text instanceof Unknown ? vm.excerpt(at) : text)) return true
  return vm.unknown('whether a file is there', at)
}

function standard(vm: Interpreter, name: string): Names {
  const module = standardModule(vm, name)
  if (!(module instanceof PyModule)) return {}
  return Object.fromEntries([...module.map.values()].map(({ key, value }) => [String(key), value]))
}

/** `pathlib.Path`: a text, as far as it is known; files are not looked at. */
class PathValue extends HostObject {
  readonly path: string

  constructor(path: string) {
    super('a path')
    this.path = path
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    const parts = this.path.split('/')
    switch (name) {
      case 'parent':
        return new PathValue(parts.slice(0, -1).join('/') || '.')
      case 'name':
        return parts.at(-1)!
      case 'stem':
        return parts.at(-1)!.replace(/\.[^.]*$/, '')
      case 'suffix':
        return /\.[^.]*$/.exec(parts.at(-1)!)?.[0] ?? ''
      case 'resolve':
      case 'absolute':
      case 'expanduser':
        return hostFunction(name, () => this)
      case 'as_posix':
      case '__str__':
        return hostFunction(name, () => this.path)
      case 'joinpath':
        return hostFunction(name, (call) => this.#joined(call.args, vm, at))
      case 'exists':
      case 'is_file':
        return hostFunction(name, (call) => isThere(call, this.path))
      case 'mkdir':
        return hostFunction(name, () => null)
      default:
        return name === 'parents' ? new Parents(this) : vm.unknown('the file system', at)
    }
  }

  override binary(operator: string, other: Value, reflected: boolean, vm: Interpreter, at: Span): Value | undefined {
    if (operator !== '/' || reflected) return vm.unknown('a path', at)
    return this.#joined([other], vm, at)
  }

  #joined(others: readonly Value[], vm: Interpreter, at: Span): Value {
    const texts = others.map((other) => vm.text(other, 'str'))
    const unknown = texts.find((text) => text instanceof Unknown)
    return unknown ? vm.unknown('a path', at) : new PathValue([this.path, ...(texts as string[])].join('/'))
  }

  override text(): string {
    return this.path
  }

  override truth(): boolean {
    return true
  }
}

/** `path.parents[2]` */
class Parents extends HostObject {
  readonly #path: PathValue

  constructor(path: PathValue) {
    super('the parents of a path')
    this.#path = path
  }

  override index(key: Value): Value | undefined {
    if (typeof key !== 'bigint') return undefined
    return new PathValue(
      this.#path.path
        .split('/')
        .slice(0, -1 - Number(key))
        .join('/') || '.',
    )
  }
}

export function pathlib(): Names {
  const made = hostFunction('Path', ({ vm, args, at }) => {
    const texts = args.map((part) => vm.text(part, 'str'))
    return texts.some((text) => text instanceof Unknown)
      ? vm.unknown('a path', at)
      : new PathValue(texts.length === 0 ? '.' : (texts as string[]).join('/'))
  })
  return { Path: made, PurePath: made, PosixPath: made }
}
