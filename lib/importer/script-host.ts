import type { Span } from '../python/ast.ts'
import type { Host, ModuleSource, Site, TryInfo } from '../python/host.ts'
import type { Interpreter } from '../python/interpreter.ts'
import type { Predicate } from '../python/predicates.ts'
import type { Fact, Kwargs, SymSeq, Unknown, Value } from '../python/values.ts'
import { applicationName } from './connection/application.ts'
import { existsInCatalogue } from './connection/catalogue.ts'
import { reachesDatabase } from './database-handle.ts'
import type { Modules } from './modules.ts'
import type { ScriptRecorder } from './script-recorder.ts'
import type { SourceTree } from './source-tree.ts'
import { momentFrom } from './sqlalchemy/moments.ts'

/** A way on which the script ends with an exception. */
export interface Raised {
  readonly predicate: Predicate
  readonly type: string
  readonly message: string
  readonly site: Site
}

/** Modules of Python's own that only make values out of values. */
const standard =
  /^from (random|secrets|math|hashlib|zlib|textwrap|string|unicodedata|decimal|fractions|statistics) import /

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
    const handed = [...args, ...kwargs.values(), ...callee.carries]
    const known = this.#runsAnything(callee) ? false : standard.test(callee.reason)
    if (known) return
    const acts = this.#actsByItself(callee, site) || this.#runsAnything(callee)
    if (!acts && !handed.some((value) => reachesDatabase(value))) return
    this.#recorder.todo(this.vm, `a call of ${callee.reason}, of which nobody knows what it does`, site.node)
  }

  onTryLeave({ site, effects }: TryInfo & { effects: readonly Site[] }): void {
    this.#recorder.handlers(this.vm, site, effects)
  }

  onRaise(raised: Raised): void {
    this.raised.push(raised)
  }

  /** A function of the application's, called inside the migration itself: it may well reach the database on its own. */
  #actsByItself({ reason }: Unknown, site: Site): boolean {
    const { frames } = this.vm
    const within = frames.length > 0 && frames.every(({ name }) => name !== '<module>')
    return (
      within &&
      this.#isStatement(site) &&
      /^from (?!typing|logging|click|rich|tqdm|structlog|loguru|colorama)\S+ import [a-z_]\w*$/.test(reason)
    )
  }

  /** Code made at run time, and other programs, may do anything. */
  #runsAnything({ reason }: Unknown): boolean {
    return (
      /^(?:exec|eval|compile)\(\) is not run/.test(reason) ||
      /^(?:subprocess|os\.(?:system|popen|exec|spawn)|runpy|importlib)\b/.test(reason)
    )
  }

  /** The call is all of its statement: what it gives is not used, so it is there for what it does. */
  #isStatement({ node }: Site): boolean {
    const source = this.vm.currentModule.node?.source ?? ''
    const line = source.lastIndexOf('\n', node.start - 1) + 1
    const tellsOnly = /^[\w.]+\.(?:debug|info|warn|warning|error|exception|critical|log|echo|secho|print)\s*\(/i
    return (
      /^\s*(?:await\s+)?$/.test(source.slice(line, node.start)) && !tellsOnly.test(source.slice(node.start, node.end))
    )
  }
}
