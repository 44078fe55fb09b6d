import type { DialectName } from '../../dialects/dialect-name.ts'
import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { isMariadb } from '../../schema/target.ts'
import { Arguments } from '../arguments.ts'
import { databaseName } from '../database-name.ts'
import { hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'

export const backendNames: Readonly<Record<DialectName, string>> = {
  postgres: 'postgresql',
  mysql: 'mysql',
  sqlite: 'sqlite',
}

class DialectValue extends HostObject {
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    super('the dialect')
    this.#recorder = recorder
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    const { target } = this.#recorder
    switch (name) {
      case 'name':
        return backendNames[target.dialect]
      case 'is_mariadb':
        return target.dialect === 'mysql' && isMariadb(target)
      case 'default_schema_name':
        return { postgres: 'public', mysql: databaseName, sqlite: 'main' }[target.dialect]
      case 'has_table':
        return hostFunction(name, (call) => {
          const given = new Arguments(call, 'connection', 'table_name', 'schema')
          const schema = given.optionalText('schema')
          const table = { name: given.text('table_name'), ...(schema !== undefined && { schema }) }
          return this.#recorder.ask(vm, { kind: 'table', table }, at)
        })
      case 'has_index':
        return hostFunction(name, (call) => {
          const given = new Arguments(call, 'connection', 'table_name', 'index_name', 'schema')
          const schema = given.optionalText('schema')
          const table = { name: given.text('table_name'), ...(schema !== undefined && { schema }) }
          return this.#recorder.ask(vm, { kind: 'index', table, name: given.text('index_name') }, at)
        })
      case 'identifier_preparer':
        return vm.unknown('how names are quoted', at)
      default:
        return vm.unknown(`dialect.${name}`, at)
    }
  }
}

/** `conn.dialect`: it is no way to the database by itself. */
export function dialectValue(recorder: Recorder): HostObject {
  return new DialectValue(recorder)
}
