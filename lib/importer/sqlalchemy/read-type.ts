import type { Interpreter } from '../../python/interpreter.ts'
import { Instance, PyClass, Unknown, type Value } from '../../python/values.ts'
import { rawType, type TypeSpec } from '../../schema/type-spec.ts'
import { known, notKnown } from '../arguments.ts'
import { recorderOf } from '../recorder-of.ts'
import { unreadable } from '../unreadable.ts'
import { compiledText } from './compiled-types.ts'
import { SaType, TypeClass } from './sa-type.ts'
import { userType } from './user-type.ts'

/** The type that a value stands for: a type, its class, or an object of a class that the script derives from one. */
export function typeFrom(vm: Interpreter, value: Value): TypeSpec {
  const resolved = vm.resolve(value)
  if (resolved instanceof Unknown) return unknownType(vm, resolved)
  const found = known(vm, resolved)
  if (found === null) return { kind: 'Null' }
  if (found instanceof SaType) return compiled(vm, found.spec)
  if (found instanceof TypeClass) return compiled(vm, found.specOf({ args: [], kwargs: new Map(), vm, at: vm.node }))
  if (found instanceof Instance) return userType(vm, found)
  if (found instanceof PyClass) return typeFrom(vm, vm.invoke(found, [], new Map(), vm.node))
  return unreadable('what stands for a type is none')
}

/** Whether a value is meant as a type; something unknown may be one. */
export function isTypeValue(value: Value): boolean {
  if (value instanceof SaType || value instanceof TypeClass) return true
  const cls = value instanceof Instance ? value.cls : value
  return cls instanceof PyClass && cls.foreign.some((base) => base instanceof TypeClass)
}

/** `@compiles(JSONB, 'sqlite')` */
function compiled(vm: Interpreter, spec: TypeSpec): TypeSpec {
  const text = compiledText(vm, spec)
  return text === undefined ? spec : rawType(text)
}

/** A type of a module that is not known: what `--types` says of it. */
function unknownType(vm: Interpreter, { reason }: Unknown): TypeSpec {
  const match = /^from (\S+) import (\w+)$/.exec(reason) ?? /^(\w[\w.]*)\.(\w+)$/.exec(reason)
  if (!match) return unreadable(notKnown(reason))
  return givenType(vm, `${match[1]}.${match[2]}`) ?? unreadable(missing(`${match[1]}.${match[2]}`))
}

export function missing(name: string): string {
  return `the type ${name} is not known; give it with --types or --source`
}

/** What `--types` says of `module.Type`. */
export function givenType(vm: Interpreter, name: string): TypeSpec | undefined {
  const { types, target } = recorderOf(vm)
  const given = types?.get(name)
  if (!given) return undefined
  const text = given[target.dialect]
  return text === undefined ? unreadable(`--types says nothing of ${name} on ${target.dialect}`) : rawType(text)
}
