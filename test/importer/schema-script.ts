import type { DbFact } from '../../lib/importer/facts.ts'
import { factKey } from '../../lib/importer/facts.ts'
import { hostFunction } from '../../lib/importer/host-function.ts'
import { Modules } from '../../lib/importer/modules.ts'
import type { GivenType, Recorder } from '../../lib/importer/recorder.ts'
import { expressionModules } from '../../lib/importer/sqlalchemy/expression-modules.ts'
import { schemaModules } from '../../lib/importer/sqlalchemy/schema-modules.ts'
import { Interpreter } from '../../lib/python/interpreter.ts'
import { parse } from '../../lib/python/parse.ts'
import { show } from '../../lib/python/predicates.ts'
import type { Value } from '../../lib/python/values.ts'
import { apply } from '../../lib/schema/apply.ts'
import type { Operation } from '../../lib/schema/operation.ts'
import { emptySchema } from '../../lib/schema/table.ts'
import type { Target } from '../../lib/schema/target.ts'

export interface Read {
  /** What the script's names hold, as data. */
  readonly value: (name: string) => Value
  readonly vm: Interpreter
  readonly operations: readonly Operation[]
  /** Operations and todos, each with the condition that it stands under. */
  readonly log: readonly string[]
}

export interface Around {
  readonly types?: ReadonlyMap<string, GivenType>
  /** What the catalogue is known to hold; anything else is a condition. */
  readonly facts?: ReadonlyMap<string, boolean>
  /** Modules given as source. */
  readonly source?: Readonly<Record<string, string>>
  /** What `given(…)` in the script reads. */
  readonly given?: (vm: Interpreter, value: Value) => void
}

/** Evaluates a script with the schema side of SQLAlchemy and a recorder that only keeps what it is told. */
export function readScript(source: string, target: Target, around: Around = {}): Read {
  const operations: Operation[] = []
  const log: string[] = []
  let schema = emptySchema
  const recorder: Recorder = {
    target,
    get schema() {
      return schema
    },
    ...(around.types && { types: around.types }),
    perform: (vm, operation, at) => recorder.emit(vm, [recorder.effect(vm, at)], operation),
    effect: (vm, at) => vm.effect(at),
    emit: (_vm, [{ predicate, certain }], operation) => {
      const where = predicate.op === 'const' ? '' : `[${show(predicate)}] `
      if (!certain) return
      operations.push(operation)
      log.push(`${where}${operation.kind} ${nameIn(operation)}`)
      schema = apply(schema, operation, target)
    },
    todo: (_vm, reason) => void log.push(`todo ${reason}`),
    emitTodo: (_vm, _effects, reason) => void log.push(`todo ${reason}`),
    ask: (vm, fact: DbFact) => around.facts?.get(factKey(fact)) ?? vm.fact(factKey(fact), fact),
    leaveTransaction: () => undefined,
  }
  const modules = new Modules(recorder, schemaModules, expressionModules, {
    world: () => ({
      bind: hostFunction('bind', () => null),
      given: hostFunction('given', ({ vm: inner, args }) => {
        for (const value of args) around.given?.(inner, value)
        return null
      }),
    }),
  })
  const vm: Interpreter = new Interpreter({
    resolveModule: (name) => {
      const text = around.source?.[name]
      return text === undefined ? modules.resolve(vm, name) : { source: text, name }
    },
    onUncertain: ({ unknown }) => void log.push(`uncertain ${unknown.reason}`),
  })
  const parsed = parse(source, 'script.py')
  if ('error' in parsed) throw new Error(parsed.error.message)
  const result = vm.run(parsed.module)
  if ('failed' in result) log.push(`failed ${JSON.stringify(result.failed)}`)
  return { vm, operations, log, value: (name) => vm.getGlobal(name) ?? null }
}

function nameIn(operation: Operation): string {
  if ('table' in operation && operation.table) return operation.table.name
  if ('sequence' in operation) return operation.sequence.name
  return operation.kind === 'createEnum' || operation.kind === 'dropEnum' ? (operation.type.args?.name ?? '') : ''
}
