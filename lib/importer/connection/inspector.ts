import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, Fact, List, type SymSeq, type Value } from '../../python/values.ts'
import type { TableName } from '../../schema/table.ts'
import { Arguments } from '../arguments.ts'
import { databaseError } from '../database-errors.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { dialectValue } from './dialect-value.ts'
import { engineValue } from './engine.ts'
import { inspectorQueries, type Listed } from './inspector-queries.ts'
import { otherPrimaryKey } from './other-key.ts'
import { primaryKeyOf, reflected } from './reflected.ts'
import { opposite, Rows } from './rows.ts'
import { shapeOf } from './settled.ts'

/** SQLAlchemy's Inspector. Like that, it remembers what it was asked for until its cache is cleared. */
class Inspector extends HostObject {
  readonly #recorder: Recorder
  /** What was read so far, kept where the evaluator can restore it. */
  readonly #cache = new Dict()

  constructor(recorder: Recorder) {
    super('the inspector')
    this.#recorder = recorder
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    if (Object.hasOwn(inspectorQueries, name)) {
      return hostFunction(name, (call) => this.#listed(name as keyof typeof inspectorQueries, call))
    }
    switch (name) {
      case 'has_table':
        return hostFunction(name, (call) => this.#hasTable(call))
      case 'has_index':
        return hostFunction(name, (call) => this.#hasIndex(call))
      case 'get_table_names':
      case 'get_sorted_table_names':
        return hostFunction(name, (call) => this.#tableNames(call))
      case 'get_pk_constraint':
        return hostFunction(name, (call) => this.#primaryKey(call))
      case 'get_enums':
        return hostFunction(name, (call) => this.#enums(call))
      case 'clear_cache':
        return hostFunction(name, ({ vm: within }) => {
          within.branches.touch(this.#cache)
          this.#cache.map.clear()
          return null
        })
      case 'default_schema_name':
        return dialectValue(this.#recorder).get(name, vm, at)
      case 'dialect':
        return dialectValue(this.#recorder)
      case 'bind':
      case 'engine':
        return engineValue(this.#recorder)
      default:
        return vm.unknown(`what the inspector's ${name} gives`, at)
    }
  }

  override truth(): boolean {
    return true
  }

  #table(given: Arguments): TableName {
    const schema = given.optionalText('schema')
    return {
      name: given.text('table_name'),
      ...(schema !== undefined && !isDefault(schema, this.#recorder) && { schema }),
    }
  }

  /** A list that is read once, and then is what it was. */
  #remembered(key: string, { vm }: Call, read: () => Value): Value {
    const known = this.#cache.map.get(key)
    if (known) return vm.resolve(known.value)
    const value = read()
    vm.branches.touch(this.#cache)
    this.#cache.map.set(key, { key, value })
    return value
  }

  #hasTable(call: Call): Value {
    const given = new Arguments(call, 'table_name', 'schema')
    return this.#recorder.ask(call.vm, { kind: 'table', table: this.#table(given) }, call.at)
  }

  #hasIndex(call: Call): Value {
    const given = new Arguments(call, 'table_name', 'index_name', 'schema')
    const fact = { kind: 'index', table: this.#table(given), name: given.text('index_name') } as const
    return this.#recorder.ask(call.vm, fact, call.at)
  }

  #listed(name: keyof typeof inspectorQueries, call: Call): Value {
    const given = new Arguments(call, 'table_name', 'schema')
    const table = this.#table(given)
    return this.#remembered(`${name} ${table.schema ?? ''}.${table.name}`, call, () => {
      if (name === 'get_columns') this.#insist(table, call)
      const listed = inspectorQueries[name](table, this.#recorder.target.dialect)
      return this.#known(name, table, call) ?? this.#symbolic(listed, call)
    })
  }

  #known(name: keyof typeof inspectorQueries, table: TableName, { vm, at }: Call): Value | undefined {
    const found = reflected(name, table, this.#recorder, vm, at)
    return found && new List([...found])
  }

  #symbolic({ query }: Listed, { vm, at }: Call): SymSeq {
    return vm.symbolic(new Rows(query, this.#recorder), at)
  }

  /** The columns of a table that is not there are an error. */
  #insist(table: TableName, { vm, at }: Call): void {
    if (vm.goingOn === 0) return
    const missing = opposite(this.#recorder.ask(vm, { kind: 'table', table }, at))
    if (typeof missing === 'boolean' || missing instanceof Fact) vm.raiseWhen(missing, databaseError, table.name)
  }

  #tableNames(call: Call): Value {
    const given = new Arguments(call, 'schema')
    const schema = given.optionalText('schema')
    const inSchema = schema !== undefined && !isDefault(schema, this.#recorder)
    return this.#remembered(`tables ${schema ?? ''}`, call, () => {
      const { vm, at } = call
      const query = {
        about: 'table',
        what: 'the names of the tables',
        given: inSchema ? [{ means: 'schema', values: [schema] }] : [],
        fields: new Map([['', { means: 'table' }]]),
        sql: undefined,
      } as const
      return vm.symbolic(new Rows(query, this.#recorder), at)
    })
  }

  #primaryKey(call: Call): Value {
    const given = new Arguments(call, 'table_name', 'schema')
    const table = this.#table(given)
    const [known] = reflected('get_pk_constraint', table, this.#recorder, call.vm, call.at) ?? []
    return known ?? this.#assumedKey(table, call) ?? call.vm.unknown(`the primary key of ${table.name}`, call.at)
  }

  /** The key of a table as the chain makes it: that it is no other one is made sure of. */
  #assumedKey(table: TableName, { vm, at }: Call): Value | undefined {
    const { schema, target } = this.#recorder
    const shape = shapeOf(schema, table)
    if (!shape) return undefined
    const select = otherPrimaryKey(shape, target.dialect)
    const fact = { kind: 'rows', select, about: { table } } as const
    return this.#recorder.refuse?.(vm, fact, at) ? primaryKeyOf(shape, this.#recorder, vm, at) : undefined
  }

  #enums({ vm, at }: Call): Value {
    if (this.#recorder.target.dialect !== 'postgres') return new List()
    const name = { means: 'name', sql: 'typname', type: 'text' } as const
    const query = {
      about: 'catalogue',
      what: 'the enum types',
      given: [],
      fields: new Map([['name', name]]),
      sql: { from: 'FROM pg_type', where: ["typtype = 'e'"] },
    } as const
    return vm.symbolic(new Rows(query, this.#recorder), at)
  }
}

function isDefault(schema: string, { target }: Recorder): boolean {
  return schema === { postgres: 'public', mysql: '', sqlite: 'main' }[target.dialect]
}

export function inspectorValue(recorder: Recorder): HostObject {
  return new Inspector(recorder)
}
