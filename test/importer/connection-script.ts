import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { textOf } from '../../lib/importer/arguments.ts'
import { applicationName } from '../../lib/importer/connection/application.ts'
import { existsInCatalogue } from '../../lib/importer/connection/catalogue.ts'
import { entryArgument } from '../../lib/importer/connection/entry.ts'
import { connectionModules } from '../../lib/importer/connection/modules.ts'
import { errorModules } from '../../lib/importer/database-errors.ts'
import { reachesDatabase } from '../../lib/importer/database-handle.ts'
import { type DbFact, factText } from '../../lib/importer/facts.ts'
import { hostFunction } from '../../lib/importer/host-function.ts'
import { type ModuleParts, Modules } from '../../lib/importer/modules.ts'
import type { Recorder } from '../../lib/importer/recorder.ts'
import { SaExpression } from '../../lib/importer/sqlalchemy/sa-expression.ts'
import type { Host } from '../../lib/python/host.ts'
import { Interpreter } from '../../lib/python/interpreter.ts'
import { parse } from '../../lib/python/parse.ts'
import { show } from '../../lib/python/predicates.ts'
import { Func, type Value } from '../../lib/python/values.ts'
import { apply } from '../../lib/schema/apply.ts'
import type { Operation } from '../../lib/schema/operation.ts'
import { emptySchema, findTable, type Schema } from '../../lib/schema/table.ts'

export interface Surroundings {
  readonly dialect?: DialectName
  readonly schema?: Schema
  /** What is known of the database, by the text of the fact; anything else is open. */
  readonly known?: Readonly<Record<string, boolean>>
  readonly entry?: string
}

/** A database with one table, known in full. */
export const usersTable: Schema = {
  ...emptySchema,
  tables: {
    users: {
      name: 'users',
      columns: [
        { name: 'id', type: { kind: 'Integer' }, nullable: false, autoincrement: true },
        { name: 'email', type: { kind: 'String', args: { length: 20 } }, nullable: false },
        { name: 'org_id', type: { kind: 'Integer' }, nullable: true },
      ],
      constraints: [
        { kind: 'primaryKey', columns: ['id'] },
        { kind: 'foreignKey', name: 'fk_org', columns: ['org_id'], target: { name: 'orgs' }, targetColumns: ['id'] },
      ],
      indexes: [{ name: 'ix_email', columns: ['email'] }],
    },
  },
}

/** Just enough of `sa.text` for these scripts. */
const text: ModuleParts = {
  sqlalchemy: () => ({
    text: hostFunction('text', ({ vm, args }) => {
      const sql = textOf(vm, args[0] ?? null, 'SQL')
      return new SaExpression({ kind: 'sql', text: sql })
    }),
  }),
}

/** Evaluates a script and calls its entry; gives what it did to the database, line by line. */
export function run(source: string, around: Surroundings = {}): readonly string[] {
  const log: string[] = []
  let schema = around.schema ?? emptySchema
  const target = { dialect: around.dialect ?? 'sqlite' }
  const note = (vm: Interpreter, line: string): void => {
    const effect = vm.effect()
    const under = effect.predicate.op === 'const' ? '' : `[${show(effect.predicate)}] `
    if (effect.certain) log.push(under + line)
  }
  const recorder: Recorder = {
    target,
    get schema() {
      return schema
    },
    perform: (vm, operation) => {
      note(vm, operationText(operation))
      schema = apply(schema, operation, target)
    },
    effect: (vm) => vm.effect(),
    emit: () => undefined,
    todo: (vm, reason) => note(vm, `todo: ${reason}`),
    emitTodo: () => undefined,
    ask: (vm, fact: DbFact, _at, then) => {
      const asked = factText(fact)
      const known = around.known?.[asked] ?? settled((then as { schema: Schema } | undefined)?.schema ?? schema, fact)
      return known ?? vm.fact(asked, fact)
    },
    moment: () => ({ schema }),
    leaveTransaction: () => log.push('leave the transaction'),
  }
  const modules = new Modules(recorder, connectionModules, errorModules, text)
  const host: Host = {
    resolveModule: (name) => modules.resolve(vm, name),
    nameOf: (module, name) => applicationName(vm, recorder, module, name),
    exists: (seq, site) => existsInCatalogue(vm, recorder, seq, site),
    onUncertain: ({ unknown }) => void log.push(`todo: ${unknown.reason}`),
    onUnknownCall: (callee, args, kwargs) => {
      const handed = [...callee.carries, ...args, ...kwargs.values()]
      if (handed.some((value) => reachesDatabase(value))) note(vm, `todo: unknown call of ${callee.reason}`)
    },
    onTryLeave: ({ effects }) => {
      if (effects.length > 0) log.push(`effects in a handler: ${effects.length}`)
    },
    onRaise: ({ predicate, type, message }) => void log.push(`[${show(predicate)}] stops: ${type} ${message}`),
  }
  const vm = new Interpreter(host)
  const parsed = parse(source, 'script.py')
  if ('error' in parsed) return [parsed.error.message]
  const loaded = vm.run(parsed.module)
  if ('failed' in loaded) return [...log, failure(loaded.failed)]
  const name =
    around.entry ?? ['run_migration', 'migrate', 'upgrade', 'up', 'run', 'main'].find((entry) => vm.getGlobal(entry))
  if (name === undefined) return log
  const entry = vm.getGlobal(name)!
  const result = vm.call(entry, ...argumentsOf(entry, recorder, vm))
  return 'failed' in result ? [...log, failure(result.failed)] : log
}

function argumentsOf(entry: Value, recorder: Recorder, vm: Interpreter): [readonly Value[], Map<string, Value>] {
  if (!(entry instanceof Func)) return [[], new Map()]
  const { posonly, args } = entry.node.args
  const all = [...posonly, ...args].map(({ arg }) => ({ arg, value: entryArgument(recorder, arg) }))
  const required = all.slice(0, all.length - entry.defaults.length)
  const more = all.slice(required.length).filter(({ value }) => value !== undefined)
  return [
    required.map(({ arg, value }) => value ?? vm.unknown(`the argument ${arg}`)),
    new Map(more.map(({ arg, value }) => [arg, value!])),
  ]
}

function failure(failed: { readonly kind: string; readonly type?: string; readonly message?: string }): string {
  return `${failed.kind}: ${failed.type ?? ''} ${failed.message ?? ''}`
}

function settled(schema: Schema, fact: DbFact): boolean | undefined {
  if (fact.kind === 'rows') return undefined
  const table = findTable(schema, fact.table)
  if (!table) return undefined
  if (fact.kind === 'table') return true
  if (fact.kind === 'column') return table.columns.some(({ name }) => name === fact.column)
  const items = fact.kind === 'index' ? table.indexes : table.constraints
  return items.some(({ name }) => name === fact.name)
}

function operationText(operation: Operation): string {
  if (operation.kind !== 'execute') return JSON.stringify(operation)
  const { sql, parameters } = operation
  return sql.replace(/\s+/g, ' ').trim() + (parameters ? ` ${JSON.stringify(parameters)}` : '')
}
