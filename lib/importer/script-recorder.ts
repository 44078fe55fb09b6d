import { compile } from '../compiler/compile.ts'
import { readDdl } from '../ddl/read-ddl.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import type { Span } from '../python/ast.ts'
import type { Site } from '../python/host.ts'
import type { Effect, Interpreter } from '../python/interpreter.ts'
import { always, and, atoms, knownIn, not, type Predicate } from '../python/predicates.ts'
import { Fact, Unknown } from '../python/values.ts'
import type { Operation } from '../schema/operation.ts'
import type { Schema, TableName } from '../schema/table.ts'
import type { Target } from '../schema/target.ts'
import type { Statement } from '../text/split.ts'
import { alternatives, excludeEachOther } from './alternatives.ts'
import { databaseError } from './database-errors.ts'
import { withoutDatabaseName } from './database-name.ts'
import { expectedShape } from './expected-shape.ts'
import { changesRowsOnly, failsWhere, tablesChanged } from './fact-changes.ts'
import type { DbFact } from './facts.ts'
import { factText } from './facts.ts'
import { type Guard, type GuardFact, guardFor, noGuard } from './guards.ts'
import { Knowledge } from './knowledge.ts'
import type { Moment, Recorder } from './recorder.ts'
import { rowsChangedIn } from './row-changes.ts'
import { statementsIn, tablesTouched } from './statements.ts'
import { Unreadable, unreadable } from './unreadable.ts'

/** What became of one effect or a group of them, in the order of the script. */
export type Item = SqlItem | TodoItem

export interface SqlItem {
  readonly kind: 'sql'
  readonly site: Site
  /** How many effects of the script it stands for. */
  readonly effects: number
  readonly statements: readonly string[]
  readonly guard: Guard
  /** What has to be so where it runs. */
  readonly expects: readonly GuardFact[]
  readonly notes: readonly string[]
}

export interface TodoItem {
  readonly kind: 'todo'
  readonly site: Site
  readonly effects: number
  readonly reason: string
  readonly excerpt: string
}

/** Keeps what one script does on one dialect. */
export class ScriptRecorder implements Recorder {
  readonly items: Item[] = []
  readonly types: ReadonlyMap<string, { readonly [D in DialectName]?: string }>
  noTransaction = false
  #assumed: readonly GuardFact[] = []
  readonly notes = new Set<string>()
  readonly #knowledge: Knowledge
  #previous: Guard | undefined
  /** What was known before each guarded statement. */
  readonly #before = new Map<Item, Knowledge>()
  /** Effects that were reached: each is in an item, under a doubt that a todo stands for, or cannot run at all. */
  #reached = 0
  #doubtful = 0
  #impossible = 0
  #doubts = 0

  constructor(knowledge: Knowledge, types: ScriptRecorder['types'] = new Map()) {
    this.#knowledge = knowledge
    this.types = types
  }

  get target(): Target {
    return this.#knowledge.target
  }

  get schema(): Schema {
    return this.#knowledge.schema
  }

  perform(vm: Interpreter, operation: Operation, at: Span = vm.node): void {
    if (isImporting(vm)) return
    this.#mayFail(vm, operation)
    this.emit(vm, [this.effect(vm, at)], operation)
  }

  effect(vm: Interpreter, at: Span = vm.node): Effect {
    this.#reached++
    const effect = vm.effect(at)
    if (effect.predicate.op === 'const' && !effect.predicate.value) this.#impossible++
    else if (!effect.certain) this.#doubtful++
    return effect
  }

  emit(vm: Interpreter, effects: readonly [Effect, ...Effect[]], operation: Operation): void {
    if (effects.some((effect) => !effect.certain)) {
      this.#knowledge.spoil(this.#touched(operation), 'what a script does to it depends on something unknown')
      return
    }
    try {
      this.#convert(vm, effects, operation)
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      this.emitTodo(vm, effects, error.message, this.#touched(operation))
    }
  }

  #convert(vm: Interpreter, effects: readonly [Effect, ...Effect[]], operation: Operation): void {
    const [{ predicate, site }] = effects
    const place = this.#earlierPlace(predicate)
    const guards = place ? [place.guard] : this.#guards(predicate, operation)
    const compiled = compile(operation, this.schema, this.target)
    for (const { reason } of compiled.problems) unreadable(reason)
    const { statements, left } = this.#runnable(compiled.statements.map((sql) => this.#forAnyDatabase(sql)))
    const lenient = vm.goingOn > 0 && operation.kind === 'execute'
    const notes = [...compiled.notes, ...left, ...(lenient ? ['the script goes on where this fails'] : [])]
    const texts = statements.map(({ text }) => text)
    if (place && compiled.rebuilt) unreadable(`${compiled.rebuilt.name} has been changed since the script looked`)
    const expects = [...this.#assumed, ...(compiled.rebuilt ? expectedShape(compiled.rebuilt, this.target) : [])]
    if (texts.length > 0) this.#assumed = []
    guards.forEach((guard, at) => {
      const [count, said] = at === 0 ? [effects.length, notes] : [0, []]
      const item: Item = { kind: 'sql', site, effects: count, statements: texts, guard, expects, notes: said }
      if (guard !== noGuard) this.#before.set(item, this.#knowledge.copy())
      this.items.splice(place?.at ?? this.items.length, 0, item)
      if (guard !== noGuard && texts.length > 0 && !place) this.#previous = guard
    })
    if (compiled.rebuilt && predicate === always) this.#knowledge.confirm(compiled.rebuilt)
    this.#follow(operation, texts, predicate)
  }

  #forAnyDatabase(sql: string): string {
    return withoutDatabaseName(sql, this.target.dialect) ?? unreadable('the name of the database goes into the SQL')
  }

  /**
   * Where statements since have changed what it looked at, but none of them runs where this one does: above them it is
   * still so.
   */
  #earlierPlace(predicate: Predicate): { readonly at: number; readonly guard: Guard } | undefined {
    if (predicate.op === 'const' || typeof guardFor(predicate, this.#knowledge, this.#previous) !== 'string')
      return undefined
    const own = knownIn(predicate)
    let at = this.items.length
    for (; at > 0; at--) {
      const item = this.items[at - 1]!
      if (item.kind !== 'sql' || !item.guard.all.some(({ key, exists }) => own.get(key) === !exists)) break
    }
    const first = this.items[at]
    const before = first && this.#before.get(first)
    if (!before || first.kind !== 'sql' || first.guard.above) return undefined
    const guard = guardFor(predicate, before, undefined)
    return typeof guard === 'string' ? undefined : { at, guard }
  }

  /** One guard, or one for each of several alternatives: the statement then stands there once for each. */
  #guards(predicate: Predicate, operation: Operation): readonly Guard[] {
    const single = guardFor(predicate, this.#knowledge, this.#previous)
    if (typeof single !== 'string') return [single]
    const each = predicate.op === 'is' ? undefined : alternatives(predicate, this.#knowledge)
    if (!each || each.length === 0) return unreadable(single)
    if (!excludeEachOther(each, operation, this.#touched(operation), this.#knowledge)) return unreadable(single)
    const guards = each.map((one) => guardFor(one, this.#knowledge, undefined))
    return guards.map((guard) => (typeof guard === 'string' ? unreadable(guard) : guard))
  }

  /** Without the script's own BEGIN and COMMIT: the runner has its own. What has to run outside a transaction says so. */
  #runnable(texts: readonly string[]): { readonly statements: readonly Statement[]; readonly left: readonly string[] } {
    const { dialect } = this.target
    const left: string[] = []
    const statements = statementsIn(texts, dialect).filter((statement) => {
      const effect = dialects[dialect].effect(statement)
      if (typeof effect === 'object') unreadable(effect.refused)
      if (effect === 'alone') this.noTransaction = true
      if (effect !== 'begin' && effect !== 'commit' && effect !== 'skip') return true
      left.push(`left out, since sqlmig opens and ends transactions itself: ${statement.text}`)
      if (effect === 'commit') this.leaveTransaction()
      return false
    })
    return { statements, left }
  }

  todo(vm: Interpreter, reason: string, at: Span = vm.node, tables?: readonly TableName[]): void {
    if (isImporting(vm)) return
    this.emitTodo(vm, [this.effect(vm, at)], reason, tables)
  }

  emitTodo(
    vm: Interpreter,
    effects: readonly [Effect, ...Effect[]],
    reason: string,
    tables?: readonly TableName[],
  ): void {
    this.#knowledge.spoil(tables, 'a todo stands where a script changed it')
    if (effects.some((effect) => !effect.certain)) return
    const [{ site }] = effects
    this.items.push({ kind: 'todo', site, effects: effects.length, reason, excerpt: vm.excerpt(site.node) })
  }

  assume(_vm: Interpreter, fact: DbFact, exists: boolean): void {
    if (this.#knowledge.settle(fact) === exists) return
    const key = this.#knowledge.questionKey(fact)
    if (!this.#assumed.some((one) => one.key === key)) this.#assumed = [...this.#assumed, { key, fact, exists }]
  }

  note(text: string): void {
    this.notes.add(text)
  }

  moment(): Moment {
    return this.#knowledge.copy()
  }

  ask(vm: Interpreter, fact: DbFact, at: Span = vm.node, then?: Moment, assumed?: boolean): boolean | Fact | Unknown {
    const knowledge = then instanceof Knowledge ? then : this.#knowledge
    const settled = knowledge.settle(fact)
    if (settled !== undefined) return settled
    if (/[\n\r]/.test(factText(fact))) return vm.unknown('a query of several lines', at)
    return vm.fact(knowledge.questionKey(fact), knowledge.asked(fact, assumed))
  }

  refuse(vm: Interpreter, fact: Extract<DbFact, { kind: 'rows' }>, at: Span): boolean {
    if (isImporting(vm) || !vm.certain) return false
    const key = this.#knowledge.questionKey(fact)
    const guard = guardFor(and(vm.path), this.#knowledge, undefined)
    if (typeof guard === 'string' || atoms(and(vm.path)).some(({ type }) => type !== 'fact')) return false
    const expects = [{ key, fact, exists: false }]
    const site = vm.site(at)
    this.items.push({ kind: 'sql', site, effects: 0, statements: [checking], guard, expects, notes: [] })
    return true
  }

  leaveTransaction(): void {
    if (this.target.dialect === 'postgres') this.noTransaction = true
  }

  /** Effects that run only under a condition that nothing settles begin here. */
  uncertain(vm: Interpreter, unknown: Unknown, node: Span, site: Site): void {
    this.#doubts++
    const reason = `whether or how often this runs depends on ${unknown.reason}`
    this.items.push({ kind: 'todo', site, effects: 0, reason, excerpt: vm.excerpt(node) })
  }

  /** What the handlers of a `try` do where a statement of its body fails. */
  handlers(vm: Interpreter, site: Site, effects: readonly Site[]): void {
    const [first] = effects
    if (!first) return
    this.#doubts++
    const reason = 'the script does this where a statement of the try block fails'
    this.items.push({ kind: 'todo', site: first, effects: 0, reason, excerpt: vm.excerpt(site.node) })
  }

  /** Something that is no effect of the script itself, but that a person has to look at. */
  remark(vm: Interpreter, reason: string, site: Site): void {
    this.items.push({ kind: 'todo', site, effects: 0, reason, excerpt: vm.excerpt(site.node) })
  }

  /** How many effects were reached, and how many of them are neither in the SQL nor in a todo: that must be none. */
  count(): { readonly reached: number; readonly lost: number } {
    const placed = this.items.reduce((sum, item) => sum + item.effects, 0)
    const explained = this.#doubts > 0 ? this.#doubtful : 0
    return { reached: this.#reached - this.#impossible, lost: this.#reached - this.#impossible - placed - explained }
  }

  /** In a `try` that goes on, an operation that the server would refuse raises here, so that the rest is guarded. */
  #mayFail(vm: Interpreter, operation: Operation): void {
    if (vm.goingOn === 0 || !vm.certain) return
    const followed = operation.kind === 'execute' ? this.#read(operation.sql) : [operation]
    for (const { fact, becomes } of followed.flatMap(failsWhere)) {
      const answer = this.ask(vm, fact)
      if (answer instanceof Unknown) continue
      const refused =
        typeof answer === 'boolean' ? answer === becomes : becomes ? answer : new Fact(not(answer.predicate))
      vm.raiseWhen(refused, databaseError, `${factText(fact)} ${becomes ? 'exists already' : 'does not exist'}`)
    }
  }

  #read(sql: string): readonly Operation[] {
    return statementsIn([sql], this.target.dialect).flatMap(({ text }) => {
      const effect = readDdl(text, this.target.dialect)
      return effect.kind === 'operations' ? effect.operations : []
    })
  }

  /** The tables that are no longer what they were, whatever an operation does to them. */
  #touched(operation: Operation): readonly TableName[] | undefined {
    if (changesRowsOnly(operation)) return []
    if (operation.kind !== 'execute') return tablesChanged(operation)
    return tablesTouched(operation.sql, this.target.dialect)
  }

  #follow(operation: Operation, statements: readonly string[], predicate: Effect['predicate']): void {
    if (operation.kind !== 'execute') {
      this.#knowledge.follow(operation, predicate)
      return
    }
    for (const statement of statements) {
      const effect = readDdl(statement, this.target.dialect)
      if (effect.kind === 'operations') for (const one of effect.operations) this.#knowledge.follow(one, predicate)
      else if (effect.kind === 'none') this.#knowledge.rowsChanged(rowsChangedIn(statement, this.target.dialect))
      else this.#knowledge.spoil(effect.tables === 'all' ? undefined : effect.tables, effect.reason)
    }
  }
}

/** A statement that only carries what is expected. */
export const checking = 'SELECT 1'

/** What an application does where its modules are loaded is no part of a migration. */
function isImporting(vm: Interpreter): boolean {
  return vm.frames.some(({ name, module }) => name === '<module>' && module !== vm.main)
}
