import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Kwargs, Value } from '../../python/values.ts'
import { hostFunction } from '../host-function.ts'
import type { ModuleParts, Names } from '../modules.ts'
import { EnvironmentContext } from './environment-context.ts'
import { MigrationContext } from './migration-context.ts'
import { operationClasses } from './operation-classes.ts'
import { implementation, Operations, registration } from './operations.ts'
import { entityModules } from './replaceable-entities.ts'
import { enumModules } from './sync-enum-values.ts'
import { type World, worldOf } from './world.ts'

/** `alembic.operations.Operations`, the class. */
class OperationsClass extends HostObject {
  readonly #world: World
  readonly #into: Map<string, Value>

  constructor(world: World, label: string, into: Map<string, Value>) {
    super(label)
    this.#world = world
    this.#into = into
  }

  override get(name: string): Value | undefined {
    if (name === 'register_operation') return hostFunction(name, (call) => registration(this.#into, call))
    if (name === 'implementation_for') return hostFunction(name, (call) => implementation(this.#world, call))
    if (name === 'context') return hostFunction(name, () => new Operations(this.#world))
    return undefined
  }

  /** Whatever connection it is made for: there is only one database. */
  override call(): Value {
    return new Operations(this.#world)
  }

  override hasInstance(value: Value): boolean {
    return value instanceof Operations
  }
}

/** `alembic.migration.MigrationContext`, the class. */
class MigrationContextClass extends HostObject {
  readonly #world: World

  constructor(world: World) {
    super('MigrationContext')
    this.#world = world
  }

  override get(name: string): Value | undefined {
    return name === 'configure' ? hostFunction(name, () => new MigrationContext(this.#world)) : undefined
  }

  override call(_args: readonly Value[], _kwargs: Kwargs, _vm: Interpreter, _at: Span): Value {
    return new MigrationContext(this.#world)
  }
}

/** A base class of which nothing has to be known: `MigrateOperation`, `ReversibleOp` of the cookbook. */
class BaseClass extends HostObject {}

/** The names of `op`, for `from alembic.op import create_table`. */
const directiveNames = [
  ...['add_column', 'alter_column', 'batch_alter_table', 'bulk_insert', 'create_check_constraint'],
  ...['create_exclude_constraint', 'create_foreign_key', 'create_index', 'create_primary_key', 'create_table'],
  ...['create_table_comment', 'create_unique_constraint', 'drop_column', 'drop_constraint', 'drop_index', 'drop_table'],
  ...[
    'drop_table_comment',
    'execute',
    'f',
    'get_bind',
    'get_context',
    'implementation_for',
    'inline_literal',
    'invoke',
  ],
  ...['register_operation', 'rename_table', 'run_async'],
]

function operationsNames(world: World): Names {
  return {
    Operations: new OperationsClass(world, 'Operations', world.registered),
    BatchOperations: new OperationsClass(world, 'BatchOperations', world.registeredInBatch),
    AbstractOperations: new OperationsClass(world, 'AbstractOperations', world.registered),
    MigrateOperation: new BaseClass('MigrateOperation'),
  }
}

function contextNames(world: World): Names {
  return { MigrationContext: new MigrationContextClass(world) }
}

function exceptionNames(vm: Interpreter): Names {
  return { CommandError: vm.builtins.get('Exception')?.value ?? null }
}

/** What a script is told that asks which library it runs on. */
const versions = { '1.3': '1.3.24', '1.4': '1.4.54', '2.0': '2.0.44' } as const

export const alembicModules: ModuleParts = {
  sqlalchemy: (_vm, { target }) => ({ __version__: versions[target.sqlalchemy ?? '1.4'] }),
  alembic: (_vm, recorder) => ({
    __version__: '1.18.0',
    op: new Operations(worldOf(recorder)),
    context: new EnvironmentContext(worldOf(recorder)),
  }),
  'alembic.op': (vm, recorder) =>
    Object.fromEntries(directiveNames.map((name) => [name, vm.attribute(new Operations(worldOf(recorder)), name)])),
  'alembic.context': (_vm, recorder) => ({ config: new EnvironmentContext(worldOf(recorder)) }),
  'alembic.operations': (_vm, recorder) => operationsNames(worldOf(recorder)),
  'alembic.operations.base': (_vm, recorder) => operationsNames(worldOf(recorder)),
  'alembic.operations.ops': () => ({ ...operationClasses, MigrateOperation: new BaseClass('MigrateOperation') }),
  'alembic.migration': (_vm, recorder) => contextNames(worldOf(recorder)),
  'alembic.runtime.migration': (_vm, recorder) => contextNames(worldOf(recorder)),
  'alembic.util': exceptionNames,
  'alembic.util.exc': exceptionNames,
  ...entityModules,
  ...enumModules,
}
