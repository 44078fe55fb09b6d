import type { Expr, Span, Stmt } from './ast.ts'
import type { Interpreter } from './interpreter.ts'
import type { Parsed } from './parse.ts'
import type { Predicate } from './predicates.ts'
import type { Fact, Kwargs, PyClass, PyPlace, SymSeq, Unknown, Value } from './values.ts'

/** Where in the script something happens: the node, its place, and the calls that led there (innermost last). */
export interface Site {
  readonly node: Span
  readonly place: PyPlace
  readonly stack: readonly PyPlace[]
}

/**
 * An object of the embedder's: `op`, `sa`, a connection, a result, a column. Override what it can do; what returns
 * undefined is not known to the host and becomes an Unknown (never an exception), so that nothing is invented.
 * `vm` gives the path predicate, the current place, and ways to make Unknowns and exceptions.
 */
export class HostObject {
  readonly kind = 'host'
  /** What messages call it, and what `type(x).__name__` gives. */
  readonly label: string
  /** What it was taken from, `x` of `x.name`: calling it may do something to that. */
  owner: HostObject | undefined

  constructor(label: string) {
    this.label = label
  }

  /** `x.name` */
  get(_name: string, _vm: Interpreter, _at: Span): Value | undefined {
    return undefined
  }
  /** `x.name = value`; true where it is understood. */
  set(_name: string, _value: Value, _vm: Interpreter, _at: Span): boolean {
    return false
  }
  /** `x(…)`. An argument that is an `Either` at the top is settled before: the call is made once under each branch. */
  call(_args: readonly Value[], _kwargs: Kwargs, _vm: Interpreter, _at: Span): Value | undefined {
    return undefined
  }
  /** `x[key]` */
  index(_key: Value, _vm: Interpreter, _at: Span): Value | undefined {
    return undefined
  }
  /** `x[key] = value`; true where it is understood. */
  setIndex(_key: Value, _value: Value, _vm: Interpreter, _at: Span): boolean {
    return false
  }
  /** What a loop over it goes through. */
  iterate(_vm: Interpreter, _at: Span): readonly Value[] | SymSeq | Unknown | undefined {
    return undefined
  }
  /** `if x`, `bool(x)`, `not x`; without an answer it is unknown. */
  truth(_vm: Interpreter, _at: Span): boolean | Fact | Unknown | undefined {
    return undefined
  }
  /** `x + y`, `x == y`, `y in x` (as 'contains'), `x is y`; `reflected`: x stood on the right. */
  binary(_operator: string, _other: Value, _reflected: boolean, _vm: Interpreter, _at: Span): Value | undefined {
    return undefined
  }
  /** `-x`, `~x`, `+x` */
  unary(_operator: string, _vm: Interpreter, _at: Span): Value | undefined {
    return undefined
  }
  /** `len(x)` */
  length(_vm: Interpreter, _at: Span): Value | undefined {
    return undefined
  }
  /** `with x as y`: what y is; by default x itself. */
  enter(_vm: Interpreter, _at: Span): Value | undefined {
    return undefined
  }
  /** The end of the `with`; called also where an exception left it. */
  exit(_vm: Interpreter, _at: Span, _failed: boolean): void {}
  /** `str(x)`, `f"{x}"`; 'repr' for `repr(x)`. */
  text(_how: 'str' | 'repr', _vm: Interpreter, _at: Span): string | Unknown | undefined {
    return undefined
  }
  /** `str(x)`, where that is another object of the host's and no text that is known. */
  string(): Value | undefined {
    return undefined
  }
  /** `isinstance(value, x)`, where x stands for a class. */
  hasInstance(_value: Value, _vm: Interpreter): boolean | Unknown | undefined {
    return undefined
  }
  /** `class C(x)`: the value that C shall be; undefined for an ordinary class with this one among its `foreign` bases. */
  subclass(_cls: PyClass, _vm: Interpreter, _at: Span): Value | undefined {
    return undefined
  }
  /** An attribute that an instance of a class derived from x has and that Python code does not define. */
  inherited(_self: Value, _name: string, _vm: Interpreter, _at: Span): Value | undefined {
    return undefined
  }
}

/** A module as source: its text, its path, which is its name from then on, and what parsing gave, where that is kept. */
export interface ModuleSource {
  readonly source: string
  readonly name: string
  readonly parsed?: Parsed
}

/** How an `except` clause goes on. */
export type HandlerEnd = 'falls-through' | 'raises' | 'returns' | 'leaves-loop'

export interface HandlerNature {
  /** The class names as written: empty for a bare `except:`. */
  readonly types: readonly string[]
  readonly catchesEverything: boolean
  readonly ends: HandlerEnd
  readonly node: Span
}

export interface TryInfo {
  readonly site: Site
  readonly handlers: readonly HandlerNature[]
}

/** What the embedder is. Only `resolveModule` is required. */
export interface Host {
  /**
   * `import name`; relative ones come with their dots. A value (a HostObject or a module made with `vm.module`), or
   * source text to evaluate under the same bounds, or undefined: everything in it is Unknown, by name. Asked before the
   * evaluator's own standard library, which answers where this gives undefined.
   */
  resolveModule(name: string, importer: string): Value | ModuleSource | undefined
  /** What a name of a module is that nobody has at hand; by default it is unknown. */
  nameOf?(module: string, name: string): Value | undefined
  /** Whether the sequence has an element for which all of its filters hold (see `conditionsOf`). */
  exists?(seq: SymSeq, site: Site): boolean | Fact | Unknown | undefined
  /** The first effect under a condition that nothing can settle; once per execution of the statement. */
  onUncertain?(about: {
    readonly unknown: Unknown
    readonly node: Span
    readonly site: Site
    readonly effect: Site
  }): void
  /**
   * `if not settings.ok: raise …`: a check that nothing settles and that only stops the script is taken to pass, so that
   * it does not make the rest of the script uncertain.
   */
  onAssumed?(about: { readonly unknown: Unknown; readonly node: Span; readonly site: Site }): void
  /** A call of something unknown: look whether it was handed a connection or the like. */
  onUnknownCall?(callee: Unknown, args: readonly Value[], kwargs: Kwargs, site: Site): void
  /** A `try` with handlers begins, or has ended. `effects`: those in handlers, which run only where the body fails. */
  onTryEnter?(info: TryInfo): void
  onTryLeave?(info: TryInfo & { readonly effects: readonly Site[]; readonly raised: boolean }): void
  /** An exception leaves `interp.call` or the module under a predicate: the script stops there where it holds. */
  onRaise?(about: {
    readonly predicate: Predicate
    readonly type: string
    readonly message: string
    readonly site: Site
  }): void
  /** `print(…)` and logging: to look at, if anybody cares. */
  onPrint?(text: string, site: Site): void
  /** What `now()`, `uuid4()` and the like give; by default an Unknown with the reason. */
  volatile?(name: string, site: Site, args: readonly Value[]): Value | undefined
}

export interface Bounds {
  /** Default 5,000,000. */
  readonly steps: number
  /** Default 200. */
  readonly calls: number
  /** An estimate in bytes; default 256 MiB. */
  readonly memory: number
}

export type { Expr, Stmt }
