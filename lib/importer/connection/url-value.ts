import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { databaseName } from '../database-name.ts'
import { hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { backendNames, dialectValue } from './dialect-value.ts'

/** What the URL of the database looks like: which kind it is can be read from it, where it is cannot. */
export function urlText({ target }: Recorder): string {
  return `${backendNames[target.dialect]}://${target.dialect === 'sqlite' ? '/' : ''}${databaseName}`
}

/** `engine.url`, `make_url(…)` */
export class UrlValue extends HostObject {
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    super('the URL of the database')
    this.#recorder = recorder
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    const backend = backendNames[this.#recorder.target.dialect]
    switch (name) {
      case 'drivername':
        return backend
      case 'get_backend_name':
        return hostFunction(name, () => backend)
      case 'get_dialect':
        return hostFunction(name, () => dialectValue(this.#recorder))
      case 'database':
        return databaseName
      case 'set':
      case 'update_query_dict':
      case 'difference_update_query':
        return hostFunction(name, () => this)
      case 'render_as_string':
        return hostFunction(name, () => urlText(this.#recorder))
      case 'startswith':
      case 'replace':
      case 'split':
        return vm.attribute(urlText(this.#recorder), name, at)
      default:
        return vm.unknown('the URL of the database', at)
    }
  }

  override text(): string {
    return urlText(this.#recorder)
  }

  override truth(): boolean {
    return true
  }

  override binary(operator: string, other: Value): Value | undefined {
    return operator === 'contains' && typeof other === 'string' ? urlText(this.#recorder).includes(other) : undefined
  }
}
