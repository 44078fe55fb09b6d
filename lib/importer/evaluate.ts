import type { Failed } from '../python/interpreter.ts'
import { Interpreter } from '../python/interpreter.ts'
import { atoms } from '../python/predicates.ts'
import { alembicModules } from './alembic/modules.ts'
import { withoutOptions } from './connection/command-line.ts'
import { connectionModules } from './connection/modules.ts'
import { databaseError, errorModules } from './database-errors.ts'
import { isGoodEnd } from './good-end.ts'
import { hasWork } from './history/entry.ts'
import type { Script } from './history/script.ts'
import type { Knowledge } from './knowledge.ts'
import { Modules } from './modules.ts'
import { packagingModules } from './packaging-version.ts'
import { protobufModules } from './protobuf/modules.ts'
import { type Raised, ScriptHost } from './script-host.ts'
import { type Item, ScriptRecorder } from './script-recorder.ts'
import type { SourceTree } from './source-tree.ts'
import { expressionModules } from './sqlalchemy/expression-modules.ts'
import { schemaModules } from './sqlalchemy/schema-modules.ts'
import { startEntry } from './start-entry.ts'

export interface Evaluated {
  readonly items: readonly Item[]
  readonly raised: readonly Raised[]
  readonly noTransaction: boolean
  /** What was taken for granted. */
  readonly notes: readonly string[]
  /** Effects that were reached. */
  readonly effects: number
}

export interface EvaluationContext {
  readonly knowledge: Knowledge
  readonly sources: SourceTree
  readonly types: ScriptRecorder['types']
}

/** Evaluates one script for one dialect, and follows what it does in what is known of the database. */
export function evaluate(script: Script, { knowledge, sources, types }: EvaluationContext): Evaluated {
  const recorder = new ScriptRecorder(knowledge, types)
  const parts = [
    schemaModules,
    expressionModules,
    alembicModules,
    connectionModules,
    errorModules,
    packagingModules,
    protobufModules,
  ]
  const modules = new Modules(recorder, ...parts)
  const host = new ScriptHost(recorder, modules, sources)
  const vm = new Interpreter(host)
  host.vm = vm
  const failed = run(vm, script, modules, recorder)
  if (failed) stopped(vm, recorder, failed)
  if (recorder.notes.has(withoutOptions) && recorder.items.length === 0 && hasWork(script.module))
    recorder.remark(vm, 'without options the script changes nothing: which ones it had is not known', vm.site(first))
  // where a todo stands already, that is what a person looks at
  if (recorder.items.every(({ kind }) => kind !== 'todo'))
    for (const way of host.raised) if (isUnsettled(way)) mayStop(vm, recorder, way)
  const { reached, lost } = recorder.count()
  if (lost !== 0)
    throw new Error(`${script.source}: ${lost} of ${reached} effects are neither in the SQL nor in a todo`)
  const { items, noTransaction, notes } = recorder
  return { items, notes: [...notes], raised: host.raised, noTransaction, effects: reached }
}

function run(vm: Interpreter, script: Script, modules: Modules, recorder: ScriptRecorder): Failed | undefined {
  const loaded = vm.run(script.module, script.module.name, script.entry?.kind === 'main')
  if (script.entry?.kind === 'main' && /\bsys\.argv\b/.test(script.module.source)) recorder.note(withoutOptions)
  if ('failed' in loaded) return loaded.failed
  // a script that has run by itself when it was loaded is not run again
  if (script.kind === 'python' && recorder.count().reached > 0) return undefined
  return script.entry && startEntry(vm, script.entry, { modules, recorder })
}

const first = { start: 0, end: 0, line: 1, column: 1 }

function stopped(vm: Interpreter, recorder: ScriptRecorder, failed: Failed): void {
  if (failed.kind === 'raised' && isGoodEnd(failed)) return
  const line = failed.place?.line ?? 1
  const node = { start: 0, end: 0, line, column: failed.place?.column ?? 1 }
  recorder.remark(vm, reasonOf(failed), vm.site(node))
}

/** It is not known whether the script gets beyond this: what comes after it may have been passed over. */
function isUnsettled({ predicate }: Raised): boolean {
  return atoms(predicate).some(({ type }) => type !== 'fact')
}

function mayStop(vm: Interpreter, recorder: ScriptRecorder, { type, message, site }: Raised): void {
  recorder.remark(vm, `the script may end here with ${type}${message ? `: ${message}` : ''}`, site)
}

function reasonOf(failed: Failed): string {
  switch (failed.kind) {
    case 'bounds':
      return `the script was not read to its end: it exceeds the bound on ${failed.bound}`
    case 'syntax':
      return `it is no valid Python: ${failed.message}`
    case 'raised':
      return failed.type === databaseError.name
        ? `the script fails here: ${failed.message}`
        : `the script ends here with ${failed.type}${failed.message ? `: ${failed.message}` : ''}`
  }
}
