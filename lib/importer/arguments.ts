import type { Span } from '../python/ast.ts'
import type { Interpreter } from '../python/interpreter.ts'
import { drawAll } from '../python/iterate.ts'
import { Dict, Either, Fact, Guarded, Sym, SymSeq, Unknown, type Value } from '../python/values.ts'
import type { Call } from './host-function.ts'
import { unreadable } from './unreadable.ts'

/** A value with what the path settles taken out; what still cannot be known is unreadable, with its reason. */
export function known(vm: Interpreter, value: Value): Exclude<Value, Unknown | Either | Guarded | Fact | Sym | SymSeq> {
  const resolved = vm.resolve(value)
  if (resolved instanceof Unknown) return unreadable(notKnown(resolved.reason))
  if (resolved instanceof Either || resolved instanceof Guarded || resolved instanceof Fact)
    return unreadable('a value depends on the state of the database')
  if (resolved instanceof Sym || resolved instanceof SymSeq)
    return unreadable('a value is read from rows of the database')
  return resolved
}

/** A reason that is a sentence already stays as it is. */
export function notKnown(reason: string): string {
  return / (?:is|are) not (?:known|run)\b|differs from run|made anew/.test(reason) ? reason : `${reason} is not known`
}

export function textOf(vm: Interpreter, value: Value, what: string): string {
  const found = known(vm, value)
  if (typeof found === 'string') return found
  const text = vm.text(found, 'str')
  // a str subclass, an Enum member of str, op.f's name
  const plain = typeof text === 'string' && typeof found === 'object' && found !== null
  return plain ? text : unreadable(`${what} is no text`)
}

export function boolOf(vm: Interpreter, value: Value, what: string): boolean {
  const truth = vm.truth(known(vm, value))
  return typeof truth === 'boolean' ? truth : unreadable(`${what} is not known`)
}

export function numberOf(vm: Interpreter, value: Value, what: string): number {
  const found = known(vm, value)
  if (typeof found === 'bigint') return Number(found)
  return typeof found === 'number' ? found : unreadable(`${what} is no number`)
}

export function listOf(vm: Interpreter, value: Value, at: Span): readonly Value[] {
  const drawn = drawAll(vm, known(vm, value), at)
  return Array.isArray(drawn) ? drawn : unreadable(notKnown(drawn.reason))
}

/** The entries of a dict whose keys are texts. */
export function entriesOf(vm: Interpreter, value: Value, what: string): readonly (readonly [string, Value])[] {
  const dict = known(vm, value)
  if (!(dict instanceof Dict)) return unreadable(`${what} is no dict`)
  if (dict.taint) return unreadable(notKnown(dict.taint.reason))
  return [...dict.map.values()].map(({ key, value: of }) => [textOf(vm, key, what), known(vm, of)] as const)
}

/** The arguments of a call by the names of its parameters; what stands behind a `*` is by keyword only. */
export class Arguments {
  readonly call: Call
  readonly #values = new Map<string, Value>()
  readonly #rest: Value[] = []
  readonly #names: readonly string[]

  constructor(call: Call, ...names: readonly string[]) {
    this.call = call
    this.#names = names
    const star = names.findIndex((name) => name.startsWith('*'))
    const positional = star < 0 ? names : names.slice(0, star)
    call.args.forEach((value, at) => {
      const name = positional[at]
      if (name === undefined) this.#rest.push(value)
      else this.#values.set(name, value)
    })
    for (const [name, value] of call.kwargs) this.#values.set(name, value)
  }

  /** Positional arguments beyond the named ones: `*columns`. */
  get rest(): readonly Value[] {
    return this.#rest
  }

  /** Keyword arguments that no parameter has: `postgresql_where=…`. */
  get more(): readonly (readonly [string, Value])[] {
    return [...this.#values].filter(([name]) => !this.#names.includes(name))
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  value(name: string): Value | undefined {
    const given = this.#values.get(name)
    return given === undefined ? undefined : this.call.vm.resolve(given)
  }

  /** Like `value`, where None means the same as not given. */
  given(name: string): Exclude<Value, null> | undefined {
    return this.value(name) ?? undefined
  }

  text(name: string): string {
    return this.optionalText(name) ?? unreadable(`${name} is missing`)
  }

  optionalText(name: string): string | undefined {
    const value = this.given(name)
    return value === undefined ? undefined : textOf(this.call.vm, value, name)
  }

  bool(name: string): boolean | undefined {
    const value = this.given(name)
    return value === undefined ? undefined : boolOf(this.call.vm, value, name)
  }

  number(name: string): number | undefined {
    const value = this.given(name)
    return value === undefined ? undefined : numberOf(this.call.vm, value, name)
  }

  list(name: string): readonly Value[] | undefined {
    const value = this.given(name)
    return value === undefined ? undefined : listOf(this.call.vm, value, this.call.at)
  }

  texts(name: string): readonly string[] | undefined {
    return this.list(name)?.map((value) => textOf(this.call.vm, value, name))
  }
}
