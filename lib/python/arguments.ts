import { Guarded, type Kwargs, Sym, SymSeq, Unknown, type Value } from './values.ts'

/** The argument at a position or by name. */
export function argument(args: readonly Value[], kwargs: Kwargs, at: number, name: string): Value | undefined {
  return args[at] ?? (at < args.length ? args[at] : kwargs.get(name))
}

/** The first argument that is not known, so that nothing can be computed from them. */
export function unknownIn(args: readonly Value[]): Unknown | undefined {
  return args.find((value): value is Unknown => value instanceof Unknown)
}

export function isOpen(value: Value): boolean {
  return value instanceof Unknown || value instanceof Sym || value instanceof SymSeq || value instanceof Guarded
}
