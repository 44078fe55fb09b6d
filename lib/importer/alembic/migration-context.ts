import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { DatabaseHandle } from '../database-handle.ts'
import { hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { Config } from './config.ts'
import { effect } from './effect.ts'
import { Operations } from './operations.ts'
import type { World } from './world.ts'

/** `op.get_context()`, `MigrationContext.configure(connection)` */
export class MigrationContext extends DatabaseHandle {
  readonly #world: World

  constructor(world: World) {
    super('op.get_context()')
    this.#world = world
  }

  get impl(): HostObject {
    return new Impl(this.#world)
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    const { connection, recorder } = this.#world
    switch (name) {
      case 'dialect':
        return vm.attribute(connection, 'dialect', at)
      case 'bind':
      case 'connection':
        return connection
      case 'as_sql':
        return false
      // where env.py says nothing; it is not read
      case 'version_table_schema':
        return null
      case 'version_table':
        return 'alembic_version'
      case 'impl':
        return this.impl
      case 'autocommit_block':
        return hostFunction(name, () => new AutocommitBlock(recorder))
      case 'config':
        return new Config(recorder)
      case 'begin_transaction':
        return hostFunction(name, () => new Transaction())
      case 'execute':
        return effect(name, (call) => new Operations(this.#world, 'context').execute(call))
      // env.py's, of which nothing is known: what is read from them is unknown by name
      case 'opts':
      case 'environment_context':
      case 'script':
      case 'get_current_revision':
      case 'get_current_heads':
        return vm.unknown(`${this.label}.${name}`, at)
      case 'run_migrations':
      case 'stamp':
        return effect(name, ({ vm, at }) => {
          recorder.todo(vm, `${this.label}.${name} is called`, at)
          return null
        })
      default:
        return undefined
    }
  }
}

/** `op.impl`: Alembic's inside. Its `execute` is plain; everything else in it that is called is a todo. */
class Impl extends DatabaseHandle {
  readonly #world: World

  constructor(world: World) {
    super('op.impl')
    this.#world = world
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    const { connection, recorder } = this.#world
    if (name === 'dialect') return vm.attribute(connection, 'dialect', at)
    if (name === 'bind' || name === 'connection') return connection
    if (name === 'as_sql') return false
    if (name === 'impl') return this
    if (name === 'execute' || name === '_exec')
      return effect(name, (call) => new Operations(this.#world, 'op.impl').execute(call))
    return effect(name, (call) => {
      recorder.todo(call.vm, `op.impl.${name} is Alembic's inside`, call.at)
      return call.vm.unknown(`op.impl.${name}(…)`, call.at)
    })
  }
}

/** `with op.get_context().autocommit_block():` */
class AutocommitBlock extends HostObject {
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    super('autocommit_block()')
    this.#recorder = recorder
  }

  override enter(_vm: Interpreter, at: Span): Value {
    this.#recorder.leaveTransaction(at)
    return null
  }
}

class Transaction extends HostObject {
  constructor() {
    super('begin_transaction()')
  }

  override get(name: string): Value | undefined {
    return ['commit', 'close', 'start'].includes(name) ? hostFunction(name, () => null) : undefined
  }
}
