import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { DatabaseHandle } from '../database-handle.ts'
import { hostFunction } from '../host-function.ts'
import { Config } from './config.ts'
import { MigrationContext } from './migration-context.ts'
import type { World } from './world.ts'

/** `alembic.context`: what env.py has set up, of which a script can be told little. */
export class EnvironmentContext extends DatabaseHandle {
  readonly #world: World

  constructor(world: World) {
    super('context')
    this.#world = world
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    const inner = new MigrationContext(this.#world)
    switch (name) {
      case 'is_offline_mode':
        return hostFunction(name, () => false)
      case 'get_context':
        return hostFunction(name, () => inner)
      case 'get_bind':
        return hostFunction(name, () => this.#world.connection)
      case 'get_impl':
        return hostFunction(name, () => inner.impl)
      case 'get_x_argument':
        return hostFunction(name, (call) => vm.unknown("what Alembic's option -x says", call.at))
      case 'get_tag_argument':
        return hostFunction(name, (call) => vm.unknown("what Alembic's option --tag says", call.at))
      case 'config':
        return new Config(this.#world.recorder)
      case 'execute':
      case 'begin_transaction':
      case 'run_migrations':
        return inner.get(name, vm, at)
      case 'configure':
        return hostFunction(name, () => null)
      default:
        return vm.unknown(`context.${name}`, at)
    }
  }
}
