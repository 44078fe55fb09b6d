import type { Interpreter } from '../interpreter.ts'
import { Dict, Instance, type Kwargs, List, PyClass, Tuple, type Value } from '../values.ts'
import { type Definitions, type Modules, native, standardClass } from './define.ts'

interface Field {
  readonly name: string
  readonly value: Value | undefined
  readonly init: boolean
}

const factoryClass = standardClass('_factory', 'dataclasses')
const fieldClass = standardClass('Field', 'dataclasses')

/** The fields of a class: inherited ones first, in the order of the annotations. */
function fieldsOf(cls: PyClass): Field[] {
  const found = new Map<string, Field>()
  for (const base of [...cls.mro].reverse()) {
    for (const field of base === cls ? [] : (base.fields ?? [])) found.set(field.name, field)
  }
  const annotations = cls.map.get('__annotations__')?.value
  if (!(annotations instanceof Dict)) return [...found.values()]
  for (const { key, value: hint } of annotations.map.values()) {
    const name = String(key)
    if (/^(?:typing\.)?ClassVar\b/.test(String(hint))) continue
    found.set(name, fieldOf(name, cls.map.get(name)?.value))
  }
  return [...found.values()]
}

function fieldOf(name: string, value: Value | undefined): Field {
  if (!(value instanceof Instance) || value.cls !== fieldClass) return { name, value, init: true }
  const factory = value.map.get('default_factory')?.value
  const init = value.map.get('init')?.value !== false
  if (factory === undefined) return { name, value: value.map.get('default')?.value, init }
  const made = new Instance(factoryClass)
  made.map.set('factory', { key: 'factory', value: factory })
  return { name, value: made, init }
}

function decorate(cls: Value, kwargs: Kwargs): Value {
  if (!(cls instanceof PyClass)) return cls
  cls.fields = fieldsOf(cls)
  cls.frozen = kwargs.get('frozen') === true
  return cls
}

function asDict(vm: Interpreter, given: Value): Value {
  const value = vm.resolve(given)
  if (value instanceof Instance && value.cls.fields) {
    const dict = new Dict()
    for (const { name } of value.cls.fields) {
      dict.map.set(`s${name}`, { key: name, value: asDict(vm, value.map.get(name)?.value ?? null) })
    }
    return dict
  }
  if (value instanceof List) return new List(value.items.map((item) => asDict(vm, item)))
  return value instanceof Tuple ? new Tuple(value.items.map((item) => asDict(vm, item))) : value
}

function replace(vm: Interpreter, given: Value, kwargs: Kwargs): Value {
  const value = vm.resolve(given)
  if (!(value instanceof Instance)) return vm.unknown('dataclasses.replace')
  const made = new Instance(value.cls)
  made.map = new Map(value.map)
  for (const [key, held] of kwargs) made.map.set(key, { key, value: held })
  return made
}

function dataclasses(vm: Interpreter): Definitions {
  return {
    attrs: {
      dataclass: native('dataclass', (args, kwargs) => {
        return args.length > 0
          ? decorate(args[0]!, kwargs)
          : native('dataclass', ([cls]) => decorate(cls ?? null, kwargs))
      }),
      field: native('field', (_args, kwargs) => {
        const made = new Instance(fieldClass)
        for (const [key, value] of kwargs) made.map.set(key, { key, value })
        return made
      }),
      asdict: native('asdict', (args) => asDict(vm, args[0] ?? null)),
      replace: native('replace', (args, kwargs) => replace(vm, args[0] ?? null, kwargs)),
      fields: native('fields', (args) => {
        const cls = args[0] instanceof Instance ? args[0].cls : args[0]
        if (!(cls instanceof PyClass) || !cls.fields) return vm.unknown('dataclasses.fields')
        return new Tuple(
          cls.fields.map((field) => {
            const made = new Instance(fieldClass)
            made.map.set('name', { key: 'name', value: field.name })
            return made
          }),
        )
      }),
      is_dataclass: native('is_dataclass', (args) => {
        const cls = args[0] instanceof Instance ? args[0].cls : args[0]
        return cls instanceof PyClass && cls.fields !== undefined
      }),
    },
  }
}

export const dataclassModules: Modules = { dataclasses }
