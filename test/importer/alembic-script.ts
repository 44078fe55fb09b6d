import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { alembicModules } from '../../lib/importer/alembic/modules.ts'
import { connectionModules } from '../../lib/importer/connection/modules.ts'
import { type DbFact, factText } from '../../lib/importer/facts.ts'
import { Modules } from '../../lib/importer/modules.ts'
import type { Recorder } from '../../lib/importer/recorder.ts'
import { expressionModules } from '../../lib/importer/sqlalchemy/expression-modules.ts'
import { schemaModules } from '../../lib/importer/sqlalchemy/schema-modules.ts'
import type { Host } from '../../lib/python/host.ts'
import { Interpreter } from '../../lib/python/interpreter.ts'
import { parse } from '../../lib/python/parse.ts'
import { show } from '../../lib/python/predicates.ts'
import { apply } from '../../lib/schema/apply.ts'
import type { Operation } from '../../lib/schema/operation.ts'
import { emptySchema, type TableName, tableKey } from '../../lib/schema/table.ts'
import type { Target } from '../../lib/schema/target.ts'

/** One effect of a script: an operation or a todo, under its predicate where it has one. */
export interface Done {
  readonly operation?: Operation
  readonly todo?: string
  readonly tables?: readonly string[]
  readonly when?: string
  readonly effects?: number
}

export interface Read {
  readonly done: readonly Done[]
  readonly notes: readonly string[]
}

const head = `
from alembic import op, context
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
`

/** Evaluates the body of an `upgrade()`, and keeps what reaches the recorder. */
export function upgrade(body: string, target: Target | DialectName = 'postgres'): Read {
  const lines = body.split('\n').map((line) => `    ${line}`)
  return script(`${head}\ndef upgrade():\n${lines.join('\n')}\n    return None\n`, target)
}

/** Evaluates a script and calls its `upgrade`. */
export function script(source: string, on: Target | DialectName = 'postgres'): Read {
  const done: Done[] = []
  const notes: string[] = []
  const target = typeof on === 'string' ? { dialect: on } : on
  let schema = emptySchema
  const recorder: Recorder = {
    target,
    get schema() {
      return schema
    },
    perform: (vm, operation, at) => recorder.emit(vm, [vm.effect(at)], operation),
    effect: (vm, at) => vm.effect(at),
    emit: (_vm, effects, operation) => {
      if (!effects[0].certain) return
      done.push({ operation, ...under(effects) })
      schema = apply(schema, operation, target)
    },
    todo: (vm, reason, at, tables) => recorder.emitTodo(vm, [vm.effect(at)], reason, tables),
    emitTodo: (_vm, effects, todo, tables) => {
      if (effects[0].certain) done.push({ todo, ...named(tables), ...under(effects) })
    },
    ask: (vm, fact: DbFact) => vm.fact(factText(fact), fact),
    leaveTransaction: () => void notes.push('leaves the transaction'),
  }
  const modules = new Modules(recorder, schemaModules, expressionModules, connectionModules, alembicModules)
  const host: Host = {
    resolveModule: (name) => modules.resolve(vm, name),
    onUncertain: ({ unknown }) => void notes.push(`depends on ${unknown.reason}`),
    onUnknownCall: (callee) => void notes.push(`calls ${callee.reason}`),
    onRaise: ({ type, message }) => void notes.push(`raises ${type}: ${message}`),
  }
  const vm = new Interpreter(host)
  const parsed = parse(source, 'script.py')
  if ('error' in parsed) throw new Error(parsed.error.message)
  for (const result of [() => vm.run(parsed.module), () => vm.call(vm.getGlobal('upgrade') ?? null)].map((f) => f()))
    if ('failed' in result) notes.push(`failed: ${JSON.stringify(result.failed)}`)
  return { done, notes }
}

function under(effects: Parameters<Recorder['emit']>[1]): Pick<Done, 'when' | 'effects'> {
  const [{ predicate }] = effects
  return {
    ...(predicate.op !== 'const' && { when: show(predicate) }),
    ...(effects.length > 1 && { effects: effects.length }),
  }
}

function named(tables: readonly TableName[] | undefined): Pick<Done, 'tables'> {
  return tables ? { tables: tables.map(tableKey) } : {}
}
