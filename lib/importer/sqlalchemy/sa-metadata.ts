import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, List, Unknown, type Value } from '../../python/values.ts'
import type { NamingConvention } from '../../schema/naming.ts'
import { effectFunction } from '../effect-function.ts'
import { hostFunction } from '../host-function.ts'
import { createAll, dropAll, sortedTables } from './create-all.ts'
import { reflectedTables } from './reflected-table.ts'
import { SaTable } from './sa-table.ts'

/** What `MetaData(naming_convention=…)` holds where nothing is said (DEFAULT_NAMING_CONVENTION). */
export const defaultNaming: NamingConvention = { ix: 'ix_%(column_0_label)s' }

const tablesOf = new WeakMap<Interpreter, Map<string, SaTable>>()

function latest(vm: Interpreter): Map<string, SaTable> {
  const known = tablesOf.get(vm) ?? new Map<string, SaTable>()
  tablesOf.set(vm, known)
  return known
}

/** The table that a script made last under this name: what an expression over its columns belongs to. */
export function latestTable(vm: Interpreter, name: string): SaTable | undefined {
  return latest(vm).get(name)
}

/** `sa.MetaData(…)`: the tables that a script made, with their schema and their naming convention. */
export class SaMetaData extends HostObject {
  readonly schema: string | undefined
  readonly naming: NamingConvention
  readonly namingValue: Value
  /** By their keys. */
  readonly tables = new Dict()
  /** What it was bound to. There is only one database, so that nothing else follows from it. */
  readonly #bound = new Dict()

  constructor(schema?: string, naming?: NamingConvention, namingValue: Value = null) {
    super('a MetaData')
    this.schema = schema
    this.naming = naming ?? defaultNaming
    this.namingValue = namingValue
  }

  add(vm: Interpreter, table: SaTable): void {
    vm.branches.touch(this.tables)
    this.tables.map.set(`s${table.key}`, { key: table.key, value: table })
    latest(vm).set(table.name, table)
  }

  find(vm: Interpreter, key: string): SaTable | undefined {
    const found = this.tables.map.get(`s${key}`)
    const value = found && vm.resolve(found.value)
    return value instanceof SaTable ? value : undefined
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    switch (name) {
      case 'tables':
        return this.tables
      case 'sorted_tables':
        return this.#sorted(vm, at)
      case 'schema':
        return this.schema ?? null
      case 'naming_convention':
        return this.namingValue
      case 'bind':
        return this.#bound.map.get(name)?.value ?? null
      case 'create_all':
        return effectFunction(name, (call, recorder) => createAll(this, call, recorder))
      case 'drop_all':
        return effectFunction(name, (call, recorder) => dropAll(this, call, recorder))
      case 'reflect':
        return hostFunction(name, () => {
          const found = reflectedTables(vm)
          vm.branches.touch(this.tables)
          if (!found) this.tables.taint ??= vm.unknown('the tables that reflect() finds', at)
          else
            for (const table of found)
              if (!this.find(vm, table.name)) this.add(vm, new SaTable(table, undefined, { metadata: this }))
          return null
        })
      case 'clear':
        return hostFunction(name, () => {
          vm.branches.touch(this.tables)
          this.tables.map.clear()
          return null
        })
      default:
        return undefined
    }
  }

  /** `meta.bind = engine` */
  override set(name: string, value: Value, vm: Interpreter): boolean {
    if (name !== 'bind') return false
    vm.branches.touch(this.#bound)
    this.#bound.map.set(name, { key: name, value })
    return true
  }

  #sorted(vm: Interpreter, at: Span): Value {
    const tables = this.known(vm, at)
    return tables instanceof Unknown ? tables : new List([...sortedTables(tables).order])
  }

  known(vm: Interpreter, at: Span): readonly SaTable[] | Unknown {
    if (this.tables.taint) return this.tables.taint
    const values = [...this.tables.map.values()].map(({ value }) => vm.resolve(value))
    const tables = values.filter((value): value is SaTable => value instanceof SaTable)
    return tables.length === values.length ? tables : vm.unknown('a table of this MetaData is not known', at)
  }

  override binary(operator: string, other: Value): Value | undefined {
    if (operator !== 'contains') return undefined
    if (other instanceof SaTable) return this.tables.map.has(`s${other.key}`)
    return typeof other === 'string' ? this.tables.map.has(`s${other}`) : undefined
  }

  override truth(): boolean {
    return true
  }
}
