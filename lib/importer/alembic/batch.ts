import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Effect, Interpreter } from '../../python/interpreter.ts'
import { and, not, show } from '../../python/predicates.ts'
import { Fact, Unknown, type Value } from '../../python/values.ts'
import type { Batch, BatchStep, Operation } from '../../schema/operation.ts'
import { databaseError } from '../database-errors.ts'
import { DatabaseHandle } from '../database-handle.ts'
import { failsWhere } from '../fact-changes.ts'
import { factText } from '../facts.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { type BatchArguments, readBatchArguments } from './batch-arguments.ts'
import { BatchOperations } from './batch-operations.ts'
import type { Reading } from './directives.ts'
import type { World } from './world.ts'

/** A step of a batch as it was reached: what it is, or why that cannot be told. */
interface Step {
  readonly effect: Effect
  readonly step: BatchStep | { readonly reason: string }
}

/** `op.batch_alter_table(…)`: collects steps, and lets them take effect at the end of its `with` block. */
export class BatchTable extends DatabaseHandle {
  readonly world: World
  readonly given: BatchArguments
  #steps: Step[] = []

  constructor(world: World, given: BatchArguments) {
    super('op.batch_alter_table(…)')
    this.world = world
    this.given = given
  }

  static of(world: World, call: Call): BatchTable {
    return new BatchTable(world, readBatchArguments(call, world.recorder.target))
  }

  /** Without `with` nobody can tell when the batch ends. */
  override get(name: string): Value | undefined {
    return new Outside(this.world.recorder, `op.batch_alter_table(…).${name}`)
  }

  override enter(): Value {
    return new BatchOperations(this.world, this)
  }

  /** Alembic loses the steps of a block that an exception leaves. */
  override exit(vm: Interpreter, at: Span, failed: boolean): void {
    const steps = this.#steps
    this.#steps = []
    if (failed) for (const { effect } of steps) this.#leave(vm, effect)
    else if (steps.length === 0) this.#remake(vm, at)
    else
      for (const group of groupsOf(vm.goingOn > 0 ? steps.map((step) => settled(vm, step)) : steps))
        this.#emit(vm, group)
  }

  /** Without a step the table is made anew only where that was asked for. */
  #remake(vm: Interpreter, at: Span): void {
    const { world, given } = this
    if (world.recorder.target.dialect !== 'sqlite') return
    if ('reason' in given) world.recorder.todo(vm, given.reason, at, given.table && [given.table])
    else if (given.recreate === 'always') world.recorder.perform(vm, { kind: 'batch', ...given, steps: [] }, at)
  }

  #leave(vm: Interpreter, effect: Effect): void {
    const { table } = this.given
    const reason = 'the batch is left with an exception, and so this step is not done'
    this.world.recorder.emitTodo(vm, [effect], reason, table && [table])
  }

  add({ vm, at }: Call, reading: Reading): void {
    const step = 'reason' in reading ? reading : stepOf(reading.operation)
    if (vm.goingOn > 0 && vm.certain && 'kind' in step) raiseWhereRefused(vm, this.world.recorder, step)
    this.#steps.push({ effect: this.world.recorder.effect(vm, at), step })
  }

  #emit(vm: Interpreter, group: Group): void {
    const { recorder } = this.world
    const { given } = this
    const { effects } = group
    if ('reason' in group) recorder.emitTodo(vm, effects, group.reason, given.table && [given.table])
    else if ('reason' in given) recorder.emitTodo(vm, effects, given.reason, given.table && [given.table])
    else recorder.emit(vm, effects, { kind: 'batch', ...given, steps: group.steps } satisfies Batch)
  }
}

/** A batch fails as a whole: inside of a `try` that goes on, its steps happen only where it comes to its end. */
function settled(vm: Interpreter, { effect, step }: Step): Step {
  const predicate = and([effect.predicate, ...vm.path])
  if (predicate.op !== 'const' || predicate.value) return { effect: { ...effect, predicate }, step }
  return { effect, step: { reason: 'a step of a batch that always fails' } }
}

/** Where the server would refuse the step, the script goes to its handler. */
function raiseWhereRefused(vm: Interpreter, recorder: Recorder, step: BatchStep): void {
  for (const { fact, becomes } of failsWhere(step)) {
    const there = recorder.ask(vm, fact)
    if (there instanceof Unknown) continue
    const is = becomes ? there : there instanceof Fact ? new Fact(not(there.predicate)) : !there
    vm.raiseWhen(is, databaseError, `${factText(fact)} ${becomes ? 'exists already' : 'does not exist'}`)
  }
}

function stepOf(operation: Operation): Step['step'] {
  switch (operation.kind) {
    case 'addColumn':
    case 'dropColumn':
    case 'alterColumn':
    case 'addConstraint':
    case 'dropConstraint':
    case 'createIndex':
    case 'dropIndex':
    case 'commentTable':
      return operation
    default:
      return { reason: 'this does not apply to a batch' }
  }
}

type Effects = readonly [Effect, ...Effect[]]
type Group =
  | { readonly effects: Effects; readonly steps: readonly BatchStep[] }
  | { readonly effects: Effects; readonly reason: string }

/** Consecutive steps under the same predicate are one; what never runs is none. */
function groupsOf(steps: readonly Step[]): readonly Group[] {
  const groups: Group[] = []
  for (const { effect, step } of steps) {
    const { predicate } = effect
    if (predicate.op === 'const' && !predicate.value) continue
    const last = groups.at(-1)
    if ('reason' in step) groups.push({ effects: [effect], reason: step.reason })
    else if (last && 'steps' in last && isAlike(last.effects[0], effect))
      groups[groups.length - 1] = { effects: [...last.effects, effect], steps: [...last.steps, step] }
    else groups.push({ effects: [effect], steps: [step] })
  }
  return groups
}

function isAlike(a: Effect, b: Effect): boolean {
  return a.certain === b.certain && show(a.predicate) === show(b.predicate)
}

class Outside extends HostObject {
  readonly #recorder: Recorder

  constructor(recorder: Recorder, label: string) {
    super(label)
    this.#recorder = recorder
  }

  override call(_args: readonly Value[], _kwargs: unknown, vm: Interpreter, at: Span): Value {
    this.#recorder.todo(vm, `${this.label} is used without "with"`, at)
    return vm.unknown(this.label, at)
  }
}
