import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { SymSeq, Unknown, Value } from '../../python/values.ts'
import { DatabaseHandle } from '../database-handle.ts'
import { hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'

const what = 'rows that the ORM reads'

/** A row as an object: what is assigned to it is written at the next flush. */
export class OrmObject extends DatabaseHandle {
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    super('an object of the ORM')
    this.#recorder = recorder
  }

  override get(_name: string, vm: Interpreter, at: Span): Value {
    return vm.unknown(what, at)
  }

  override set(name: string, _value: Value, vm: Interpreter, at: Span): boolean {
    this.#recorder.todo(vm, `the ORM writes rows (…${name} = …)`, at, [])
    return true
  }

  override index(_key: Value, vm: Interpreter, at: Span): Value {
    return vm.unknown(what, at)
  }

  override truth(vm: Interpreter, at: Span): Unknown {
    return vm.unknown(what, at)
  }

  override binary(_operator: string, _other: Value, _reflected: boolean, vm: Interpreter, at: Span): Value {
    return vm.unknown(what, at)
  }

  override iterate(vm: Interpreter, at: Span): Unknown {
    return vm.unknown(what, at)
  }

  override text(_how: 'str' | 'repr', vm: Interpreter, at: Span): Unknown {
    return vm.unknown(what, at)
  }
}

/** Objects of which nobody knows how many there are. */
export function ormObjects(recorder: Recorder, vm: Interpreter, at: Span): SymSeq {
  return vm.symbolic(what, at).map(new OrmObject(recorder))
}

const chains = new Set(
  `filter filter_by where join outerjoin order_by group_by having limit offset distinct options select_from
with_entities yield_per execution_options populate_existing with_for_update params enable_eagerloads add_columns`.split(
    /\s+/,
  ),
)

/** `session.query(…)`: its rows are not known, and what it changes is a todo. */
export class Query extends DatabaseHandle {
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    super(what)
    this.#recorder = recorder
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    if (chains.has(name)) return hostFunction(name, () => this)
    switch (name) {
      case 'update':
      case 'delete':
        return hostFunction(name, (call) => {
          this.#recorder.todo(vm, `the ORM writes rows (query.${name})`, call.at, [])
          return vm.unknown('how many rows were changed', call.at)
        })
      case 'all':
        return hostFunction(name, (call) => ormObjects(this.#recorder, vm, call.at))
      case 'first':
      case 'one':
      case 'one_or_none':
      case 'get':
        return hostFunction(name, () => new OrmObject(this.#recorder))
      case 'scalar':
      case 'count':
      case 'exists':
      case 'subquery':
        return hostFunction(name, (call) => vm.unknown(what, call.at))
      default:
        return vm.unknown(what, at)
    }
  }

  override iterate(vm: Interpreter, at: Span): SymSeq {
    return ormObjects(this.#recorder, vm, at)
  }
}
