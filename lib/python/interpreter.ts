import type { Module as ModuleNode, Span } from './ast.ts'
import { getAttribute } from './attributes.ts'
import { Branches } from './branches.ts'
import { Builtins } from './builtins.ts'
import { awaited, callValue } from './calls.ts'
import { enumMembersOf, isEnum } from './enums.ts'
import { exceptionClass, makeException, messageOf } from './exceptions.ts'
import { execBlock } from './exec.ts'
import type { Bounds, Host, ModuleSource, Site } from './host.ts'
import { type Alternative, type BoundName, BoundsExceeded, type Completion, PyRaise } from './outcome.ts'
import { excerpt, parse } from './parse.ts'
import { and, atoms, literal, never, type Predicate } from './predicates.ts'
import { textOf } from './text.ts'
import { truthOf } from './truth.ts'
import { classMethod, typeOf } from './types.ts'
import {
  type Dict,
  Either,
  Env,
  Fact,
  type Func,
  Guarded,
  type Instance,
  type Kwargs,
  nextBirth,
  type PyClass,
  PyModule,
  type PyPlace,
  type SymExpr,
  SymSeq,
  type Truth,
  Unknown,
  type Value,
} from './values.ts'

/** What a host is told when it asks to perform an effect. */
export interface Effect {
  /** False: nothing may be emitted; the host was told through `onUncertain` (or will be, by `onTryLeave`). */
  readonly certain: boolean
  /** The facts under which it happens: `always` where nothing was looked at. */
  readonly predicate: Predicate
  readonly site: Site
}

export interface Frame {
  readonly name: string
  readonly env: Env
  readonly module: PyModule
  readonly func: Func | undefined
  /** The node that is being executed. */
  node: Span
  /** For generators: what `yield` does. */
  readonly yielder: ((value: Value) => Value) | undefined
}

export type Failed =
  | { readonly kind: 'bounds'; readonly bound: BoundName; readonly place: PyPlace | undefined }
  | { readonly kind: 'raised'; readonly type: string; readonly message: string; readonly place: PyPlace | undefined }
  | { readonly kind: 'syntax'; readonly message: string; readonly place: PyPlace }
export type Result = { readonly value: Value } | { readonly failed: Failed }

const defaults: Bounds = { steps: 5_000_000, calls: 200, memory: 256 * 1024 * 1024 }
const maxDepth = 1500

interface Uncertainty {
  readonly unknown: Unknown
  readonly node: Span
  readonly site: Site
  told: boolean
  /** Where set, effects are kept here instead of being told. */
  effects: Site[] | undefined
}

/** Runs Python without running it: bounded, without the outside world, under path predicates. */
export class Interpreter {
  readonly host: Host
  readonly bounds: Bounds
  readonly branches = new Branches(
    (predicate) => this.#lost(predicate),
    () => this.doubt(this.unknown('the value depends on the state of the database in too many ways'), this.node),
  )
  readonly builtins: Builtins
  readonly modules = new Map<string, Value>()
  readonly frames: Frame[] = []
  main: PyModule
  /** The script runs what stands below `if __name__ == '__main__'`. */
  startedByHand = false
  /** Exceptions being handled, innermost last: what a bare `raise` raises. */
  readonly handling: PyRaise[] = []
  /** Host calls with effects so far. */
  effectCount = 0
  /** More than zero inside a `try` whose handlers go on. */
  goingOn = 0
  /** More than zero inside the body of a loop over a symbolic sequence. */
  symbolicDepth = 0
  /** Functions that are being visited only to find effects. */
  readonly visiting = new Set<Func>()
  readonly random = { next: nextBirth }
  #steps = 0
  #memory = 0
  #depth = 0
  readonly #uncertainties = new Map<string, Uncertainty>()
  readonly #symbolicUnknown: Unknown[] = []

  constructor(host: Host, bounds: Partial<Bounds> = {}) {
    this.host = host
    this.bounds = { ...defaults, ...bounds }
    this.builtins = new Builtins(this)
    this.main = new PyModule('__main__')
  }

  // What the embedder uses

  /** Evaluates a module's top level; started by hand, `__name__` is `'__main__'` in it. */
  run(node: ModuleNode, name = node.name, byHand = false): Result {
    this.main = new PyModule(name, node)
    this.startedByHand = byHand
    return this.#guarded(() => {
      this.execModule(this.main)
      return null
    })
  }

  getGlobal(name: string): Value | undefined {
    const found = this.main.map.get(name)
    return found && this.resolve(found.value)
  }

  /** Calls a Python function (or anything callable), and waits for it where it is async. */
  call(fn: Value, args: readonly Value[] = [], kwargs: Kwargs = new Map()): Result {
    return this.#guarded(() => this.awaited(callValue(this, fn, args, kwargs, this.node), this.node))
  }

  /** Asks for permission for an effect. Each host call that would change the database must ask, once per effect. */
  effect(node: Span = this.node): Effect {
    this.effectCount++
    this.step(this.path.length * 4)
    const site = this.site(node)
    const predicate = and(this.branches.path)
    const doubt = atoms(predicate).find((atom) => atom.type !== 'fact')
    if (doubt) this.#tell(doubt.key, site)
    else if (this.symbolicDepth > 0) this.#tellSymbolic(site)
    // Under a contradiction nothing runs: there is nothing to emit and nothing to tell.
    return { certain: !doubt && this.symbolicDepth === 0 && predicate !== never, predicate, site }
  }

  /** The conditions under which the current statement runs, one by one. */
  get path(): readonly Predicate[] {
    return this.branches.path
  }

  /** Whether an effect would be certain now. */
  get certain(): boolean {
    return this.symbolicDepth === 0 && this.path.every((p) => atoms(p).every((atom) => atom.type === 'fact'))
  }

  /** A condition about the database. The key says which: change it when an effect may have changed the answer. */
  fact(key: string, fact: unknown, holds = true): Fact {
    return new Fact(literal({ type: 'fact', key, fact }, holds))
  }

  symbolic(source: unknown, node: Span = this.node): SymSeq {
    return new SymSeq(source, this.place(node))
  }

  unknown(reason: string, node: Span = this.node, carries: readonly Value[] = []): Unknown {
    return new Unknown(reason, this.place(node), carries)
  }

  /** A module of the host's: a plain namespace. */
  module(name: string, attrs: Readonly<Record<string, Value>>): PyModule {
    const made = new PyModule(name, undefined, (attr, node) => this.unknown(`${name}.${attr}`, node))
    for (const [key, value] of Object.entries(attrs)) made.map.set(key, { key, value })
    return made
  }

  /** Raises a Python exception: from inside a host's hook. */
  raise(type: string | PyClass, message: string, attrs: Readonly<Record<string, Value>> = {}): never {
    const cls = typeof type === 'string' ? exceptionClass(type) : type
    throw this.#raised(makeException(cls, [message], attrs))
  }

  raiseKey(key: Value): never {
    throw this.#raised(makeException(exceptionClass('KeyError'), [key]))
  }

  #raised(exc: Instance): PyRaise {
    excPlace.set(exc, this.place())
    return new PyRaise(exc)
  }

  /** Raises where the fact holds, and goes on under its negation: a query that fails where its table is missing. */
  raiseWhen(fact: Fact | boolean, type: string | PyClass, message: string): void {
    const truth = fact instanceof Fact ? fact.predicate : fact
    this.branchOn(
      truth,
      this.node,
      () => this.raise(type, message),
      () => ({ type: 'normal', value: null }),
    )
  }

  /** The truth of a value, as far as it can be told. */
  truth(value: Value, node: Span = this.node): Truth {
    return truthOf(this, value, node)
  }

  /** The innermost node that is being executed. */
  get node(): Span {
    return this.frames.at(-1)?.node ?? { start: 0, end: 0, line: 1, column: 1 }
  }

  place(node: Span = this.node): PyPlace {
    return { file: this.currentModule.node?.name ?? this.currentModule.name, line: node.line, column: node.column }
  }

  /** The calls that led here, outermost first; the last is the current place. */
  stack(node: Span = this.node): readonly PyPlace[] {
    return this.frames.map((frame, at) => {
      const here = at === this.frames.length - 1 ? node : frame.node
      return { file: frame.module.node?.name ?? frame.module.name, line: here.line, column: here.column }
    })
  }

  site(node: Span = this.node): Site {
    return { node, place: this.place(node), stack: this.stack(node) }
  }

  excerpt(node: Span = this.node): string {
    return excerpt(node, this.currentModule.node?.source ?? '')
  }

  /** The same value with what the path settles taken out of it. */
  resolve(value: Value): Value {
    let resolved = value
    while (resolved instanceof Either || resolved instanceof Guarded) {
      const settled = this.branches.settle(resolved.predicate)
      if (settled.op !== 'const') return resolved
      if (resolved instanceof Either) resolved = settled.value ? resolved.yes : resolved.no
      else if (settled.value) resolved = resolved.value
      else return resolved
    }
    return resolved
  }

  // What the rooms of the evaluator use

  get currentModule(): PyModule {
    return this.frames.at(-1)?.module ?? this.main
  }

  get frame(): Frame {
    return this.frames.at(-1)!
  }

  step(count = 1): void {
    this.#steps += count
    if (this.#steps > this.bounds.steps) throw new BoundsExceeded('steps', this.place())
  }

  /** Must be asked before anything large is made. */
  allocate(bytes: number): void {
    this.#memory += bytes
    if (this.#memory > this.bounds.memory) throw new BoundsExceeded('memory', this.place())
  }

  deeper<T>(run: () => T): T {
    if (++this.#depth > maxDepth) throw new BoundsExceeded('depth', this.place())
    try {
      return run()
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new BoundsExceeded(error.message.includes('length') ? 'memory' : 'depth', this.place())
    } finally {
      this.#depth--
    }
  }

  /** Runs one arm, the other, or both. An unknown truth makes the arms uncertain. */
  branchOn(truth: Truth, node: Span, yes: () => Completion, no: () => Completion): Completion {
    if (typeof truth === 'boolean') return truth ? yes() : no()
    this.step(4 + this.path.length * this.path.length)
    if (truth instanceof Unknown) return this.branches.branch(this.doubt(truth, node), yes, no)
    return this.branches.branch(truth, yes, no)
  }

  /** A predicate that nothing settles. With `effects`, what happens under it is kept there instead of being told. */
  doubt(unknown: Unknown, node: Span, effects?: Site[]): Predicate {
    const key = `?${nextBirth()}`
    this.#uncertainties.set(key, { unknown, node, site: this.site(node), told: false, effects })
    return literal({ type: 'unknown', key, unknown })
  }

  /** What happens under it from now on is told. */
  tellAgain(predicate: Predicate): void {
    for (const atom of atoms(predicate)) {
      const doubt = this.#uncertainties.get(atom.key)
      if (doubt) doubt.effects = undefined
    }
  }

  /** Another predicate for the same doubt: the host is told once about both. */
  doubtAgain(predicate: Predicate): Predicate {
    const [atom] = atoms(predicate)
    const doubt = atom && this.#uncertainties.get(atom.key)
    if (!doubt || atom.type !== 'unknown') return predicate
    const key = `?${nextBirth()}`
    this.#uncertainties.set(key, doubt)
    return literal({ ...atom, key })
  }

  /** Runs something once, only to find the effects in it; what it assigns is unknown afterwards. */
  visit(unknown: Unknown, node: Span, run: () => Completion): Completion {
    const completion = this.branches.branch(this.doubt(unknown, node), run, () => ({ type: 'normal', value: null }))
    return completion
  }

  /** Inside a `try` that goes on after an exception, raising is a way through the script, not its end. */
  withinTry<T>(goesOn: boolean, run: () => T): T {
    this.goingOn += goesOn ? 1 : 0
    try {
      return run()
    } finally {
      this.goingOn -= goesOn ? 1 : 0
    }
  }

  symbolicBody<T>(unknown: Unknown, run: () => T): T {
    this.symbolicDepth++
    this.#symbolicUnknown.push(unknown)
    try {
      return run()
    } finally {
      this.symbolicDepth--
      this.#symbolicUnknown.pop()
    }
  }

  /** The value of a coroutine; anything else is itself. */
  awaited(value: Value, node: Span): Value {
    return awaited(this, value, node)
  }

  attribute(value: Value, name: string, node: Span = this.node): Value {
    return getAttribute(this, value, name, node)
  }

  execModule(module: PyModule): void {
    const { node } = module
    if (!node) return
    const env = new Env(undefined, undefined, module)
    this.frames.push({ name: '<module>', env, module, func: undefined, node: startOf(node), yielder: undefined })
    setName(module, '__name__', module.name === this.main.name ? this.mainName(module) : module.name)
    setName(module, '__file__', module.name)
    setName(module, '__doc__', null)
    for (const name of ['__path__', '__package__', '__spec__', '__loader__', '__builtins__'])
      setName(module, name, this.unknown(name))
    try {
      const run = () => execBlock(this, node.body)
      this.branches.boundary(module === this.main ? run : () => this.#loaded(run), () => false)
    } finally {
      this.frames.pop()
    }
  }

  /** A module that may refuse to be loaded for a reason that nothing settles, the environment say, is taken to be loaded. */
  #loaded(run: () => Completion): Completion {
    const base = this.branches.path.length
    const all = this.branches.separate(run)
    const isRefusal = ({ completion, path }: Alternative) =>
      completion.type === 'raise' && atoms(and(path.slice(base))).some(({ type }) => type === 'unknown')
    const [left, ...others] = all.filter((alternative) => !isRefusal(alternative))
    if (!left || others.length > 0) return this.branches.join(left ? [left, ...others] : all, base, () => false)
    this.branches.apply(left.state)
    if (left.completion.type === 'raise') throw left.completion.error
    return left.completion
  }

  /** Where the entry is called by the embedder, the script does not run its own `if __name__ == '__main__'`. */
  mainName(module: PyModule): string {
    if (this.startedByHand) return '__main__'
    return module.name.replace(/^.*\//, '').replace(/\.py$/, '')
  }

  typeOf(value: Value): Value {
    return typeOf(this, value)
  }

  isEnum(cls: PyClass): boolean {
    return isEnum(cls)
  }

  enumMembers(cls: PyClass): Dict {
    return enumMembersOf(cls)
  }

  /** A method of a built-in type, asked of the type: `str.upper`. */
  classMethod(cls: PyClass, name: string, node: Span): Value | undefined {
    return classMethod(this, cls, name, node)
  }

  /** `str(value)` or `repr(value)`. */
  text(value: Value, how: 'str' | 'repr'): string | Unknown {
    return textOf(this, value, how)
  }

  /** A value as messages show it. */
  shown(value: Value): string {
    const text = textOf(this, value, 'repr')
    return typeof text === 'string' ? text : '…'
  }

  invoke(fn: Value, args: readonly Value[], kwargs: Kwargs, node: Span): Value {
    return callValue(this, fn, args, kwargs, node)
  }

  callNow(fn: Value, args: readonly Value[]): Value {
    return callValue(this, fn, args, new Map(), this.node)
  }

  /** Does something as if it stood in a module; what it raises makes an unknown. */
  within(module: PyModule, node: Span, run: () => Value): Value {
    const env = new Env(undefined, undefined, module)
    this.frames.push({ name: '<module>', env, module, func: undefined, node, yielder: undefined })
    try {
      return run()
    } catch (error) {
      if (!(error instanceof PyRaise)) throw error
      return this.unknown(`${this.excerpt(node)} in ${module.name}`, node)
    } finally {
      this.frames.pop()
    }
  }

  /** Source of the host's, to a module that has been evaluated. */
  load({ name, source, parsed = parse(source, name) }: ModuleSource): PyModule | Unknown {
    if ('error' in parsed) return this.unknown(`${name} cannot be read: ${parsed.error.message}`)
    const module: PyModule = new PyModule(name, parsed.module, (attr, node) => {
      // a package has its submodules as attributes, once anybody has imported them
      const inner = this.host.resolveModule(`.${attr}`, name)
      if (inner !== null && typeof inner === 'object' && 'source' in inner && !('kind' in inner))
        return this.modules.get(inner.name) ?? this.load(inner)
      return this.unknown(`from ${name} import ${attr}`, node)
    })
    this.modules.set(name, module)
    this.execModule(module)
    return module
  }

  #lost(predicate: Predicate): Unknown {
    const doubt = atoms(predicate).find((atom) => atom.type === 'unknown')
    if (doubt?.type === 'unknown') return doubt.unknown
    return this.unknown('the value depends on the state of the database in too many ways')
  }

  #tell(key: string, effect: Site): void {
    const doubt = this.#uncertainties.get(key)
    if (!doubt) {
      this.#tellSymbolic(effect)
      return
    }
    if (doubt.effects) doubt.effects.push(effect)
    else if (!doubt.told) {
      doubt.told = true
      this.host.onUncertain?.({ unknown: doubt.unknown, node: doubt.node, site: doubt.site, effect })
    }
  }

  #tellSymbolic(effect: Site): void {
    const unknown = this.#symbolicUnknown.at(-1) ?? this.unknown('rows of the database')
    this.host.onUncertain?.({ unknown, node: effect.node, site: effect, effect })
  }

  #guarded(run: () => Value): Result {
    const frames = this.frames.length
    try {
      let value: Value = null
      const completion = this.branches.boundary(
        () => {
          value = run()
          return { type: 'normal', value }
        },
        () => false,
      )
      this.#reportRaises()
      return { value: completion.type === 'normal' ? completion.value : value }
    } catch (error) {
      return { failed: this.#failure(error) }
    } finally {
      this.frames.length = frames
    }
  }

  #reportRaises(): void {
    for (const { path, completion } of this.branches.escapesSince(0)) {
      if (completion.type !== 'raise') continue
      const { exc } = completion.error
      const about = { predicate: and(path), type: exc.cls.name, message: messageOf(this, exc), site: this.site() }
      this.host.onRaise?.(about)
    }
  }

  #failure(error: unknown): Failed {
    if (error instanceof BoundsExceeded) return { kind: 'bounds', bound: error.bound, place: error.place }
    if (error instanceof RangeError) return { kind: 'bounds', bound: 'depth', place: this.place() }
    if (!(error instanceof PyRaise)) throw error
    const place = excPlace.get(error.exc)
    return { kind: 'raised', type: error.exc.cls.name, message: messageOf(this, error.exc), place }
  }
}

/** Where exceptions were raised. */
export const excPlace = new WeakMap<object, PyPlace>()

function startOf(node: ModuleNode): Span {
  return node.body[0] ?? { start: 0, end: 0, line: 1, column: 1 }
}

export function setName(module: PyModule, name: string, value: Value): void {
  module.map.set(name, { key: name, value })
}

export type { Completion, SymExpr }
