import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Instance, PyClass, type Value } from '../../python/values.ts'
import { Arguments, known, textOf } from '../arguments.ts'
import { DatabaseHandle } from '../database-handle.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { literalFrom } from '../sqlalchemy/read-expression.ts'
import { typeFrom } from '../sqlalchemy/read-type.ts'
import { SaExpression } from '../sqlalchemy/sa-expression.ts'
import { SaName } from '../sqlalchemy/sa-name.ts'
import { Unreadable } from '../unreadable.ts'
import { BatchTable } from './batch.ts'
import { bulkInsert } from './bulk-insert.ts'
import { directiveNamed, readDirective } from './directives.ts'
import { effect } from './effect.ts'
import { MigrationContext } from './migration-context.ts'
import { OperationClass, PendingOperation, type Performer } from './operation-classes.ts'
import { pluginDirective } from './plugins.ts'
import { readArguments, type Signature } from './signature.ts'
import type { World } from './world.ts'

type Method = (self: Operations, call: Call) => Value

/** `op`, and `Operations(context)` of scripts that do without Alembic's own runner. */
export class Operations extends DatabaseHandle {
  readonly world: World

  constructor(world: World, label = 'op') {
    super(label)
    this.world = world
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    return this.#registered(name, vm, at) ?? this.#attribute(name) ?? this.#unknownDirective(name)
  }

  /** A directive that the script brought along. */
  #registered(name: string, vm: Interpreter, at: Span): Value | undefined {
    const method = this.world.registered.get(name)
    if (method === undefined) return undefined
    return effect(name, ({ args, kwargs }) => vm.invoke(method, [this, ...args], kwargs, at))
  }

  #attribute(name: string): Value | undefined {
    const { recorder } = this.world
    if (name === 'migration_context') return new MigrationContext(this.world)
    if (name === 'impl') return new MigrationContext(this.world).impl
    const method = Object.hasOwn(methods, name) ? methods[name]! : undefined
    if (method) return hostFunction(name, (call) => method(this, call))
    if (directiveNamed(name)) return effect(name, (call) => this.perform(name, call))
    const plugin = pluginDirective(name)
    return plugin && effect(name, (call) => plugin(recorder, call))
  }

  /** Alembic lets plugins add directives: what they do is for a person to say. */
  #unknownDirective(name: string): Value | undefined {
    if (name.startsWith('_')) return undefined
    return effect(name, ({ vm, at }) => {
      this.world.recorder.todo(vm, `${this.label}.${name} is no directive that is known here`, at)
      return vm.unknown(`what ${this.label}.${name} gives`, at)
    })
  }

  /** Runs a directive; `signature`, where it is called otherwise than as a method. */
  perform(name: string, call: Call, signature?: Signature): Value {
    const { recorder } = this.world
    const { vm, at } = call
    if (this.world.implementations.has(name)) {
      recorder.todo(vm, `the script has its own implementation of ${name}`, at)
      return vm.unknown(`what ${name} gives`, at)
    }
    const reading = readDirective(directiveNamed(name)!, call, recorder.target, signature)
    if ('reason' in reading) {
      recorder.todo(vm, `op.${name}: ${reading.reason}`, at, reading.tables)
      return vm.unknown(reading.reason, at)
    }
    recorder.perform(vm, reading.operation, at)
    return reading.result
  }

  execute(call: Call): Value {
    const { recorder, connection } = this.world
    const { vm, at } = call
    try {
      const args = readArguments(call, ['sqltext|sql', 'execution_options'])
      leaveTransactionFor(args, recorder)
      connection.run(call, args.value('sqltext') ?? null, undefined, 'text')
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      recorder.todo(vm, `op.execute: ${error.message}`, at)
    }
    return null
  }

  /** `op.invoke(operation)`: one of Alembic's own or of the script's. */
  invoke({ args: [given = null], vm, at }: Call, by: Performer = this): Value {
    const operation = vm.resolve(given)
    if (operation instanceof PendingOperation) return operation.run(by, vm, at)
    const own = operation instanceof Instance ? operation.cls.mro : []
    const implementation = own.map((cls) => this.world.implementations.get(cls)).find((found) => found !== undefined)
    if (implementation !== undefined) return vm.invoke(implementation, [by, operation], new Map(), at)
    this.world.recorder.todo(vm, 'op.invoke is handed an operation that is not known', at)
    return vm.unknown('what op.invoke gives', at)
  }
}

/** `execution_options={'isolation_level': 'AUTOCOMMIT'}`, and `op.execute('COMMIT')` before what needs that. */
function leaveTransactionFor(args: Arguments, recorder: World['recorder']): void {
  const { vm, at } = args.call
  const sqltext = args.value('sqltext')
  const options = args.given('execution_options')
  const level = options === undefined ? '' : vm.shown(options)
  if (/autocommit/i.test(level) || (typeof sqltext === 'string' && /^\s*commit\s*;?\s*$/i.test(sqltext)))
    recorder.leaveTransaction(at)
}

const methods: Readonly<Record<string, Method>> = {
  execute: (self, call) => self.execute(call),
  bulk_insert: (self, call) => bulkInsert(self.world.recorder, call),
  batch_alter_table: (self, call) => BatchTable.of(self.world, call),
  f: (_self, { vm, args: [name = null] }) => new SaName(textOf(vm, name, 'a name')),
  inline_literal: (_self, call) => inlineLiteral(call),
  get_bind: (self) => self.world.connection,
  get_context: (self) => new MigrationContext(self.world),
  invoke: (self, call) => self.invoke(call),
  run_async: (self, { vm, at, kwargs, args: [fn = null, ...rest] }) =>
    vm.awaited(vm.invoke(fn, [self.world.connection, ...rest], kwargs, at), at),
  register_operation: (self, call) => registration(self.world.registered, call),
  implementation_for: (self, call) => implementation(self.world, call),
}

function inlineLiteral(call: Call): Value {
  const args = readArguments(call, ['value', 'type_|type'])
  const given = args.given('type_')
  const type = given === undefined ? undefined : typeFrom(call.vm, given)
  return new SaExpression({ kind: 'literal', value: literalFrom(call.vm, args.value('value') ?? null, type) }, type)
}

/** `@Operations.register_operation("create_view", "method")`: the class has a method of that name. */
export function registration(into: Map<string, Value>, call: Call): Value {
  const args = new Arguments(call, 'name', 'sourcename')
  const name = args.text('name')
  const source = args.optionalText('sourcename') ?? name
  return hostFunction('register_operation', ({ vm, at, args: [cls = null] }) => {
    into.set(name, vm.attribute(cls, source, at))
    return cls
  })
}

/** `@Operations.implementation_for(CreateViewOp)` */
export function implementation(world: World, { vm, args: [given = null] }: Call): Value {
  const cls = known(vm, given)
  return hostFunction('implementation_for', ({ args: [fn = null] }) => {
    if (cls instanceof PyClass) world.implementations.set(cls, fn)
    else if (cls instanceof OperationClass) world.implementations.set(cls.directive, fn)
    return fn
  })
}
