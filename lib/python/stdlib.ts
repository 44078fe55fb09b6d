import type { Interpreter } from './interpreter.ts'
import { collectionsModules } from './stdlib/collections.ts'
import { contextModules } from './stdlib/context.ts'
import { dataModules } from './stdlib/data.ts'
import { dataclassModules } from './stdlib/dataclasses.ts'
import type { Definitions } from './stdlib/define.ts'
import { enumModules } from './stdlib/enum.ts'
import { functionModules } from './stdlib/functions.ts'
import { outsideModules } from './stdlib/outside.ts'
import { regexModules } from './stdlib/regex.ts'
import { timeModules } from './stdlib/time.ts'
import { typingModules } from './stdlib/typing.ts'
import { PyModule, type Value } from './values.ts'

type Makers = Readonly<Record<string, (vm: Interpreter) => Definitions>>

/** Put together when it is asked for: the modules import each other. */
let makers: Makers | undefined
const all = (): Makers => ({
  ...collectionsModules,
  ...contextModules,
  ...dataclassModules,
  ...dataModules,
  ...enumModules,
  ...functionModules,
  ...outsideModules,
  ...regexModules,
  ...timeModules,
  ...typingModules,
})

/** The parts of the standard library that are pure; what they lack is unknown, never missing. */
export function standardModule(vm: Interpreter, name: string): Value | undefined {
  makers ??= all()
  if (!Object.hasOwn(makers, name)) return undefined
  const { attrs, fallback } = makers[name]!(vm)
  const module = new PyModule(name, undefined, (attr, node) => fallback?.(attr) ?? vm.unknown(`${name}.${attr}`, node))
  for (const [key, value] of Object.entries(attrs)) module.map.set(key, { key, value })
  return module
}
