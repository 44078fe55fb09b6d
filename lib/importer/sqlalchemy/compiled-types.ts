import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Instance, PyClass, type Value } from '../../python/values.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'
import { listOf, textOf } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { recorderOf } from '../recorder-of.ts'
import { unreadable } from '../unreadable.ts'
import { SaCompiler } from './sa-dialect.ts'
import { SaType, TypeClass } from './sa-type.ts'

/** The functions that `@compiles` registered for classes of types, by interpreter and dialect; '' for any dialect. */
interface Registered {
  readonly cls: Value
  readonly dialect: string
  readonly run: Value
}

const registered = new WeakMap<Interpreter, Registered[]>()

/** `@compiles(Type, 'postgresql')` */
export function compiles({ vm, args, at }: Call): Value {
  const [cls, ...names] = args
  const dialects = names.flatMap((n) =>
    typeof n === 'string' ? [n] : listOf(vm, n, at).map((d) => textOf(vm, d, 'a dialect')),
  )
  return hostFunction('compiles', ({ args: [run] }) => {
    const known = registered.get(vm) ?? []
    const added = (dialects.length > 0 ? dialects : ['']).map((dialect) => ({
      cls: cls ?? null,
      dialect,
      run: run ?? null,
    }))
    registered.set(vm, [...known, ...added])
    if (isOfSqlalchemy(cls)) tellOther(vm, cls, dialects, at)
    return run
  })
}

/** A constraint, a statement or the like, of which another form is written from now on. */
function isOfSqlalchemy(cls: Value | undefined): cls is HostObject {
  return cls instanceof HostObject && !(cls instanceof TypeClass)
}

function tellOther(vm: Interpreter, cls: HostObject, dialects: readonly string[], at: Span): void {
  const recorder = recorderOf(vm)
  if (dialects.length > 0 && !dialects.includes(dialectNames[recorder.target.dialect])) return
  recorder.todo(vm, `from here on the script has its own way of writing each ${cls.label}`, at, [])
}

const dialectNames = { postgres: 'postgresql', mysql: 'mysql', sqlite: 'sqlite' } as const

/** The text that a `@compiles` function of the script gives for a type, if there is one for it. */
export function compiledText(vm: Interpreter, type: TypeSpec | Instance): string | undefined {
  const known = registered.get(vm)?.filter(({ cls }) => isFor(cls, type))
  if (!known || known.length === 0) return undefined
  const { dialect } = recorderOf(vm).target
  const found = known.findLast((r) => r.dialect === dialectNames[dialect]) ?? known.findLast((r) => r.dialect === '')
  if (!found) return undefined
  const element = type instanceof Instance ? type : new SaType(type)
  const text = vm.resolve(vm.invoke(found.run, [element, new SaCompiler(dialect)], new Map(), vm.node))
  return typeof text === 'string' ? text : unreadable('what a function of @compiles gives is not known')
}

function isFor(cls: Value, type: TypeSpec | Instance): boolean {
  if (type instanceof Instance) return cls instanceof PyClass && type.cls.mro.includes(cls)
  return cls instanceof TypeClass && cls.name === type.kind && cls.origin === (type.origin ?? 'sqlalchemy')
}
