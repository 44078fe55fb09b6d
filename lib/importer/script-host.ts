import type { Span } from '../python/ast.ts'
import type { Host, ModuleSource, Site, TryInfo } from '../python/host.ts'
import type { Interpreter } from '../python/interpreter.ts'
import type { Predicate } from '../python/predicates.ts'
import type { Fact, Kwargs, SymSeq, Unknown, Value } from '../python/values.ts'
import { applicationName } from './connection/application.ts'
import { existsInCatalogue } from './connection/catalogue.ts'
import { isGoodEnd } from './good-end.ts'
import type { Modules } from './modules.ts'
import type { ScriptRecorder } from './script-recorder.ts'
import type { SourceTree } from './source-tree.ts'
import { momentFrom } from './sqlalchemy/moments.ts'
import { mayChange } from './unknown-calls.ts'

/** A way on which the script ends with an exception. */
export interface Raised {
  readonly predicate: Predicate
  readonly type: string
  readonly message: string
  readonly site: Site
}

/** What the evaluator asks and tells while a migration script is evaluated. */
export class ScriptHost implements Host {
  vm!: Interpreter
  readonly raised: Raised[] = []
  readonly #recorder: ScriptRecorder
  readonly #modules: Modules
  readonly #sources: SourceTree

  constructor(recorder: ScriptRecorder, modules: Modules, sources: SourceTree) {
    this.#recorder = recorder
    this.#modules = modules
    this.#sources = sources
  }

  resolveModule(name: string, importer: string): Value | ModuleSource | undefined {
    const { vm } = this
    return this.#modules.resolve(vm, name) ?? this.#sources.find(name, importer) ?? this.#modules.given(vm, name)
  }

  /** `from database import engine`: some names say what they are. */
  nameOf(module: string, name: string): Value | undefined {
    return applicationName(this.vm, this.#recorder, module, name)
  }

  volatile(name: string, _site: Site, args: readonly Value[]): Value | undefined {
    return momentFrom(this.vm, name, args)
  }

  exists(seq: SymSeq, site: Site): boolean | Fact | Unknown | undefined {
    return existsInCatalogue(this.vm, this.#recorder, seq, site)
  }

  onUncertain({ unknown, node, site }: { unknown: Unknown; node: Span; site: Site; effect: Site }): void {
    this.#recorder.uncertain(this.vm, unknown, node, site)
  }

  onUnknownCall(callee: Unknown, args: readonly Value[], kwargs: Kwargs, site: Site): void {
    if (!mayChange(this.vm, callee, args, kwargs, site)) return
    this.#recorder.todo(this.vm, `a call of ${callee.reason}, of which nobody knows what it does`, site.node)
  }

  onTryLeave({ site, effects }: TryInfo & { effects: readonly Site[] }): void {
    this.#recorder.handlers(this.vm, site, effects)
  }

  onRaise(raised: Raised): void {
    if (!isGoodEnd(raised)) this.raised.push(raised)
  }
}
