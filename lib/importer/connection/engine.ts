import type { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { DatabaseHandle } from '../database-handle.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { Connection } from './connection.ts'
import { backendNames, dialectValue } from './dialect-value.ts'
import { inspectorValue } from './inspector.ts'
import { Transaction } from './transaction.ts'
import { UrlValue } from './url-value.ts'

/** `create_engine(…)`, whatever it is given: a script has one database. */
class Engine extends DatabaseHandle {
  readonly recorder: Recorder

  constructor(recorder: Recorder) {
    super('the engine')
    this.recorder = recorder
  }

  override get(name: string, vm: Interpreter): Value | undefined {
    const { recorder } = this
    switch (name) {
      case 'begin':
        return hostFunction(name, () => new Transaction(recorder, new Connection(recorder)))
      case 'connect':
      case 'contextual_connect':
        return hostFunction(name, () => new Connection(recorder))
      case 'raw_connection':
      case 'acquire':
        return hostFunction(name, () => new Connection(recorder, name === 'acquire' ? 'asyncpg' : 'driver'))
      case 'execution_options':
        return hostFunction(name, (call) => this.#options(call))
      case 'dispose':
      case 'close':
        return hostFunction(name, () => null)
      case 'dialect':
        return dialectValue(recorder)
      case 'name':
      case 'driver':
        return name === 'name' ? backendNames[recorder.target.dialect] : undefined
      case 'url':
        return new UrlValue(recorder)
      case 'sync_engine':
      case 'engine':
        return this
      case 'echo':
        return false
      case 'has_table':
      case 'table_names':
        return inspectorValue(recorder).get(name === 'has_table' ? name : 'get_table_names', vm, vm.node)
      default:
        return new Connection(recorder).get(name, vm, vm.node)
    }
  }

  override set(name: string): boolean {
    return name === 'echo'
  }

  #options(call: Call): Value {
    leaveWhenAutocommit(this.recorder, call)
    return this
  }

  override truth(): boolean {
    return true
  }

  override binary(operator: string, other: Value, _reflected: boolean, vm: Interpreter): Value | undefined {
    return vm.resolve(other) === null ? operator === '!=' : undefined
  }
}

/** `isolation_level='AUTOCOMMIT'`: what follows runs outside of a transaction. */
export function leaveWhenAutocommit(recorder: Recorder, { vm, kwargs, at }: Call): void {
  const level = vm.resolve(kwargs.get('isolation_level') ?? null)
  if (typeof level === 'string' && level.toUpperCase() === 'AUTOCOMMIT') recorder.leaveTransaction(at)
}

export function engineValue(recorder: Recorder): HostObject {
  return new Engine(recorder)
}
