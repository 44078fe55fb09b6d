import type { Expr, FunctionDef, Lambda, Module as ModuleNode, Span } from './ast.ts'
import type { Bytes } from './bytes.ts'
import type { HostObject } from './host.ts'
import type { Predicate } from './predicates.ts'

/** A place in a Python file. */
export interface PyPlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** None is null, int is bigint, float is number, str is string; all else is an object of one of these classes. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Bytes
  | EllipsisValue
  | List
  | Tuple
  | Dict
  | PySet
  | Range
  | Slice
  | Iter
  | Func
  | Builtin
  | BoundMethod
  | Property
  | Generator
  | PyClass
  | Instance
  | PyModule
  | HostObject
  | Unknown
  | Fact
  | Either
  | Guarded
  | Sym
  | SymSeq

/** What a truth test may give. */
export type Truth = boolean | Predicate | Unknown
export type Key = string | object
export type Kwargs = ReadonlyMap<string, Value>
export interface Entry {
  readonly key: Value
  readonly value: Value
}

/** The contents of something that can change, as they were at one moment. */
export interface Saved {
  readonly items: readonly Value[]
  readonly map: ReadonlyMap<Key, Entry>
  /** Set where what is inside depends on something unknown. */
  readonly taint: Unknown | undefined
  readonly tails: readonly SymSeq[]
}

let births = 0
/** A number that grows with everything made and every region opened: tells what is older. */
export function nextBirth(): number {
  return ++births
}

const none: readonly never[] = []
const empty: ReadonlyMap<Key, Entry> = new Map()

/** Everything that can change: the interpreter keeps and restores its contents around conditional branches. */
export abstract class Mutable {
  readonly born: number = nextBirth()
  items: Value[]
  taint: Unknown | undefined = undefined
  /** Parts that are known only symbolically. */
  tails: readonly SymSeq[] = none
  /** Made when it is asked for: lists have none. */
  #map: Map<Key, Entry> | undefined = undefined

  constructor(items: Value[] = []) {
    this.items = items
  }

  get map(): Map<Key, Entry> {
    return (this.#map ??= new Map())
  }

  set map(map: Map<Key, Entry>) {
    this.#map = map
  }

  save(): Saved {
    const items = this.items.length > 0 ? [...this.items] : none
    const map = this.#map && this.#map.size > 0 ? new Map(this.#map) : empty
    return { items, map, taint: this.taint, tails: this.tails }
  }

  load(saved: Saved): void {
    this.items = [...saved.items]
    this.#map = saved.map.size > 0 ? new Map(saved.map) : undefined
    this.taint = saved.taint
    this.tails = saved.tails
  }
}

export class EllipsisValue {
  readonly kind = 'ellipsis'
}

export class List extends Mutable {
  readonly kind = 'list'
}

export class Tuple {
  readonly kind = 'tuple'
  readonly items: readonly Value[]
  /** The field names of a named tuple. */
  readonly cls: PyClass | undefined

  constructor(items: readonly Value[], cls?: PyClass) {
    this.items = items
    this.cls = cls
  }
}

export class Dict extends Mutable {
  readonly kind = 'dict'
  /** The factory of a defaultdict. */
  factory: Value | undefined = undefined
}

export class PySet extends Mutable {
  readonly kind = 'set'
  readonly frozen: boolean

  constructor(frozen = false) {
    super()
    this.frozen = frozen
  }
}

export class Range {
  readonly kind = 'range'
  readonly start: bigint
  readonly stop: bigint
  readonly step: bigint

  constructor(start: bigint, stop: bigint, step: bigint) {
    this.start = start
    this.stop = stop
    this.step = step
  }
}

export class Slice {
  readonly kind = 'slice'
  readonly lower: Value
  readonly upper: Value
  readonly step: Value

  constructor(lower: Value, upper: Value, step: Value) {
    this.lower = lower
    this.upper = upper
    this.step = step
  }
}

/** An iterator: what it gives is drawn once. */
export class Iter {
  readonly kind = 'iterator'
  readonly source: Iterator<Value>

  constructor(source: Iterator<Value>) {
    this.source = source
  }
}

export class Env extends Mutable {
  readonly kind = 'env'
  readonly parent: Env | undefined
  readonly locals: ReadonlySet<string> | undefined
  readonly global: Env
  /** Where its names are kept: a module's are the module's own attributes. */
  readonly store: Mutable

  constructor(parent: Env | undefined, locals?: ReadonlySet<string>, store?: Mutable) {
    super()
    this.parent = parent
    this.locals = locals
    this.store = store ?? this
    this.global = parent?.global ?? this
  }
}

export class Func {
  readonly kind = 'function'
  readonly born = nextBirth()
  readonly node: FunctionDef | Lambda
  readonly env: Env
  readonly module: PyModule
  readonly defaults: readonly Value[]
  readonly kwDefaults: readonly (Value | undefined)[]
  name: string
  /** The class whose body it stands in: what `super()` needs. */
  cls: PyClass | undefined = undefined
  contextManager = false
  attrs = new Map<string, Value>()

  constructor(
    node: FunctionDef | Lambda,
    env: Env,
    module: PyModule,
    defaults: readonly Value[],
    kwDefaults: readonly (Value | undefined)[],
  ) {
    this.node = node
    this.env = env
    this.module = module
    this.defaults = defaults
    this.kwDefaults = kwDefaults
    this.name = node.kind === 'Lambda' ? '<lambda>' : node.name
  }
}

export type Native = (args: readonly Value[], kwargs: Kwargs, node: Span) => Value

export class Builtin {
  readonly kind = 'builtin'
  readonly name: string
  readonly run: Native

  constructor(name: string, run: Native) {
    this.name = name
    this.run = run
  }
}

export class BoundMethod {
  readonly kind = 'method'
  readonly self: Value
  readonly func: Value

  constructor(self: Value, func: Value) {
    this.self = self
    this.func = func
  }
}

export class Property {
  readonly kind = 'property'
  readonly type: 'property' | 'classmethod' | 'staticmethod' | 'cached'
  readonly get: Value
  readonly set: Value

  constructor(type: Property['type'], get: Value, set: Value = null) {
    this.type = type
    this.get = get
    this.set = set
  }
}

/** A call of a generator function or of a coroutine, not run yet. */
export class Generator {
  readonly kind = 'generator'
  readonly func: Func
  readonly env: Env
  readonly coroutine: boolean
  started = false
  /** What is left of it, once it has been run. */
  rest: Iter | undefined = undefined
  result: Value = null

  constructor(func: Func, env: Env, coroutine: boolean) {
    this.func = func
    this.env = env
    this.coroutine = coroutine
  }
}

export type NewInstance = (cls: PyClass, args: readonly Value[], kwargs: Kwargs, node: Span) => Value

export class PyClass extends Mutable {
  readonly kind = 'class'
  readonly name: string
  readonly bases: readonly Value[]
  readonly mro: readonly PyClass[]
  /** Bases that are not Python's: an unknown or the host's. */
  readonly foreign: readonly Value[]
  /** How a built-in type makes its instances. */
  make: NewInstance | undefined = undefined
  /** Whether a value that is no Instance belongs to a built-in type. */
  accepts: ((value: Value) => boolean) | undefined = undefined
  fields: readonly { readonly name: string; readonly value: Value | undefined; readonly init: boolean }[] | undefined =
    undefined
  frozen = false
  module = ''
  place: PyPlace | undefined = undefined
  keywords: Kwargs = new Map()

  constructor(name: string, bases: readonly Value[]) {
    super()
    this.name = name
    this.bases = bases
    const own = bases.filter((base): base is PyClass => base instanceof PyClass)
    this.mro = linear(this, own)
    this.foreign = [...bases.filter((base) => !(base instanceof PyClass)), ...own.flatMap((base) => base.foreign)]
  }
}

/** C3 where it works out, else depth first: nothing here fails on a class. */
function linear(cls: PyClass, bases: readonly PyClass[]): readonly PyClass[] {
  const lists = [...bases.map((base) => [...base.mro]), [...bases]]
  const order: PyClass[] = [cls]
  for (;;) {
    const left = lists.filter((list) => list.length > 0)
    if (left.length === 0) return order
    const next = left.map((list) => list[0]!).find((head) => left.every((list) => !list.slice(1).includes(head)))
    const taken = next ?? left[0]![0]!
    order.push(taken)
    for (const list of lists) {
      const at = list.indexOf(taken)
      if (at >= 0) list.splice(at, 1)
    }
  }
}

export class Instance extends Mutable {
  readonly kind = 'instance'
  readonly cls: PyClass
  /** The value beside the attributes, where the class inherits from str, int, dict and the like. */
  native: Value | undefined = undefined
  /** With what it was made; a class of the host's may need it. */
  made: { readonly args: readonly Value[]; readonly kwargs: Kwargs } | undefined = undefined
  /** It stands for a moment or an identity that each run makes anew. */
  volatile = false

  constructor(cls: PyClass) {
    super()
    this.cls = cls
  }
}

export class PyModule extends Mutable {
  readonly kind = 'module'
  readonly name: string
  readonly node: ModuleNode | undefined
  /** Answers for attributes that are not set. */
  readonly fallback: ((name: string, node: Span) => Value | undefined) | undefined

  constructor(name: string, node?: ModuleNode, fallback?: (name: string, node: Span) => Value | undefined) {
    super()
    this.name = name
    this.node = node
    this.fallback = fallback
  }
}

/** Something that reading alone cannot tell. It flows through every operation; the reason is where it began. */
export class Unknown {
  readonly kind = 'unknown'
  readonly reason: string
  readonly place: PyPlace
  /** Functions and host objects that went into it: calling it may call them. */
  readonly carries: readonly Value[]

  constructor(reason: string, place: PyPlace, carries: readonly Value[] = []) {
    this.reason = reason
    this.place = place
    this.carries = carries
  }
}

/** A truth value about the live database: testing it does not settle it. */
export class Fact {
  readonly kind = 'fact'
  readonly predicate: Predicate

  constructor(predicate: Predicate) {
    this.predicate = predicate
  }
}

/** One value where the predicate holds, another where it does not. */
export class Either {
  readonly kind = 'either'
  readonly predicate: Predicate
  readonly yes: Value
  readonly no: Value

  constructor(predicate: Predicate, yes: Value, no: Value) {
    this.predicate = predicate
    this.yes = yes
    this.no = no
  }
}

/** An item, entry or name that is there only where the predicate holds. */
export class Guarded {
  readonly kind = 'guarded'
  readonly predicate: Predicate
  readonly value: Value

  constructor(predicate: Predicate, value: Value) {
    this.predicate = predicate
    this.value = value
  }
}

/** An expression over the element of a symbolic sequence. */
export type SymExpr =
  | { readonly op: 'element'; readonly id: number }
  | { readonly op: 'item'; readonly of: SymExpr; readonly key: Value }
  | { readonly op: 'attr'; readonly of: SymExpr; readonly name: string }
  | { readonly op: 'call'; readonly of: SymExpr; readonly args: readonly Value[] }
  | { readonly op: 'binary'; readonly operator: string; readonly left: Value; readonly right: Value }
  | { readonly op: 'where'; readonly predicate: Predicate }
  | { readonly op: 'first'; readonly seq: SymSeq; readonly fallback: Value }
  | { readonly op: 'len'; readonly seq: SymSeq }

/** A value that is an expression over the current element of a symbolic sequence (or the first one, or their number). */
export class Sym {
  readonly kind = 'sym'
  readonly expr: SymExpr

  constructor(expr: SymExpr) {
    this.expr = expr
  }
}

/**
 * A sequence of which only the source is known: rows, columns, indexes of the live database. Filtering and mapping keep
 * it symbolic; asking whether something is in it becomes a question to the host (`Host.exists`).
 */
export class SymSeq {
  readonly kind = 'symseq'
  /** The embedder's: what the elements are. */
  readonly source: unknown
  /** Which `element` expressions mean this sequence's. */
  readonly id: number
  /** The elements for which all these hold; each is a truth value over the element. */
  readonly filters: readonly Predicate[]
  /** What is made of each element. */
  readonly projection: Value
  readonly place: PyPlace

  constructor(
    source: unknown,
    place: PyPlace,
    more?: { readonly id: number; readonly filters: readonly Predicate[]; readonly projection: Value },
  ) {
    this.source = source
    this.place = place
    this.id = more?.id ?? nextBirth()
    this.filters = more?.filters ?? []
    this.projection = more?.projection ?? new Sym({ op: 'element', id: this.id })
  }

  where(filter: Predicate): SymSeq {
    const { source, place, id, filters, projection } = this
    return new SymSeq(source, place, { id, filters: [...filters, filter], projection })
  }

  map(projection: Value): SymSeq {
    const { source, place, id, filters } = this
    return new SymSeq(source, place, { id, filters, projection })
  }
}

export type { Expr }
