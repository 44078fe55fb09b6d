import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { DatabaseHandle } from '../database-handle.ts'
import type { Call } from '../host-function.ts'
import type { BatchTable } from './batch.ts'
import { directiveNamed, readDirective, readStep } from './directives.ts'
import { effect } from './effect.ts'
import { MigrationContext } from './migration-context.ts'
import { Operations } from './operations.ts'
import type { Signature } from './signature.ts'
import type { World } from './world.ts'

/** `batch_op`: directives become steps; `execute` and the like do not wait for the end, as with Alembic. */
export class BatchOperations extends DatabaseHandle {
  readonly world: World
  readonly #batch: BatchTable
  readonly #plain: Operations

  constructor(world: World, batch: BatchTable) {
    super('batch_op')
    this.world = world
    this.#batch = batch
    this.#plain = new Operations(world, 'batch_op')
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    const own = this.world.registeredInBatch.get(name)
    if (own !== undefined) return effect(name, ({ args, kwargs }) => vm.invoke(own, [this, ...args], kwargs, at))
    if (name === 'impl') return new BatchImpl(this.world, this.#batch)
    if (name === 'invoke') return effect(name, (call) => this.#plain.invoke(call, this))
    if (name === 'bulk_insert' || directiveNamed(name)) return effect(name, (call) => this.#step(name, call))
    return this.#plain.get(name, vm, at)
  }

  /** An operation that was made elsewhere, and names its table. */
  perform(name: string, call: Call, signature?: Signature): Value {
    this.#batch.add(call, readDirective(directiveNamed(name)!, call, this.world.recorder.target, signature))
    return null
  }

  #step(name: string, call: Call): Value {
    const { given } = this.#batch
    const directive = directiveNamed(name)
    if (!directive?.batch) this.#batch.add(call, { reason: `${name} does not apply to a batch`, tables: undefined })
    else if (this.world.implementations.has(name))
      this.#batch.add(call, { reason: `the script has its own implementation of ${name}`, tables: undefined })
    else {
      const table = given.table ?? { name: '' }
      this.#batch.add(call, named(name, readStep(directive, call, table, this.world.recorder.target)))
    }
    return null
  }
}

function named(name: string, reading: ReturnType<typeof readStep>): typeof reading {
  return 'reason' in reading ? { ...reading, reason: `batch_op.${name}: ${reading.reason}` } : reading
}

/** `batch_op.impl`: what is beneath a batch; a call of anything in it is beyond us. */
class BatchImpl extends DatabaseHandle {
  readonly #world: World
  readonly #batch: BatchTable

  constructor(world: World, batch: BatchTable) {
    super('batch_op.impl')
    this.#world = world
    this.#batch = batch
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    const { table } = this.#batch.given
    if (name === 'table_name' && table) return table.name
    if (name === 'schema' && table) return table.schema ?? null
    return new MigrationContext(this.#world).impl.get(name, vm, at)
  }
}
