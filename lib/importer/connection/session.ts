import type { Span } from '../../python/ast.ts'
import type { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { Connection } from './connection.ts'
import { OrmObject, Query } from './orm.ts'
import { Transaction } from './transaction.ts'

/** What the ORM writes by itself. */
const writing = [
  'add',
  'add_all',
  'delete',
  'merge',
  'bulk_save_objects',
  'bulk_insert_mappings',
  'bulk_update_mappings',
]

/** SQLAlchemy's Session: a connection with the ORM. */
export class Session extends Connection {
  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    if (writing.includes(name)) return hostFunction(name, (call) => this.#writes(name, call))
    switch (name) {
      case 'execute':
      case 'scalar':
      case 'scalars':
      case 'exec':
        return hostFunction(name, (call) => this.#executes(name, call))
      case 'query':
        return hostFunction(name, () => new Query(this.recorder))
      case 'get':
        return hostFunction(name, () => new OrmObject(this.recorder))
      case 'begin':
      case 'begin_nested':
        return hostFunction(name, () => new Transaction(this.recorder, this))
      case 'flush':
      case 'expunge':
      case 'expunge_all':
      case 'expire_all':
      case 'refresh':
      case 'expire':
      case 'remove':
      case 'configure':
        return hostFunction(name, () => null)
      case 'session':
      case 'sync_session':
        return this
      case 'no_autoflush':
        return this
      default:
        return super.get(name, vm, at)
    }
  }

  #executes(name: string, call: Call): Value {
    const result = this.execute(call, 'text').ofObjects(this.recorder)
    // the exec() of sqlmodel gives the objects themselves where it is asked for one thing
    if (name === 'execute') return result
    if (name === 'exec') return result.isSingle() ? result.scalars() : result
    return name === 'scalar' ? result.scalar(call.vm, call.at) : result.scalars()
  }

  #writes(name: string, { vm, at }: Call): Value {
    this.recorder.todo(vm, `the ORM writes rows (session.${name})`, at, [])
    return vm.unknown('an object of the ORM', at)
  }
}

/** `sessionmaker(…)`, `scoped_session(…)`: called for a session, and often used like one. */
class SessionMaker extends Session {
  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    if (name === 'begin') return hostFunction(name, () => new Transaction(this.recorder, new Session(this.recorder)))
    return super.get(name, vm, at)
  }

  override call(): Value {
    return new Session(this.recorder)
  }
}

export function sessionMaker(recorder: Recorder): HostObject {
  return new SessionMaker(recorder)
}
