import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, List, Tuple, type Value } from '../../python/values.ts'
import { withoutTables } from '../../schema/expression.ts'
import type { Assignment, ConflictTarget } from '../../schema/operation.ts'
import { plainName } from '../../schema/table.ts'
import { Arguments, known, listOf, textOf } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { unreadable } from '../unreadable.ts'
import { conditionFrom } from './coerce.ts'
import { cellFrom, columnNamed, dictEntries, storedType } from './dml-values.ts'
import { SaExpression } from './sa-expression.ts'
import type { SaInsert } from './sa-insert.ts'
import { SaConstraint, SaIndex } from './sa-items.ts'
import { SaColumn, SaColumns, type SaTable } from './sa-table.ts'

export function conflictMethod(of: SaInsert, name: string): Value | undefined {
  switch (name) {
    case 'on_conflict_do_nothing':
      return hostFunction(name, (call) => {
        const target = targetFrom(call)
        return of.with({ conflict: { kind: 'nothing', ...(target && { target }) } })
      })
    case 'on_conflict_do_update':
      return hostFunction(name, (call) => doUpdate(of, call))
    case 'on_duplicate_key_update':
      return hostFunction(name, ({ vm, args, kwargs }) => {
        const entries = args.length > 0 ? entriesIn(vm, args[0]!) : [...kwargs]
        const isOrdered = known(vm, args[0] ?? null) instanceof List
        return of.with({ conflict: { kind: 'duplicate', set: assignments(vm, of.table, entries, isOrdered) } })
      })
    default:
      return undefined
  }
}

const names = ['constraint', 'index_elements', 'index_where', 'set_', 'where']

function doUpdate(of: SaInsert, call: Call): Value {
  const given = new Arguments(call, ...names)
  const { vm } = call
  const target = targetFrom(call)
  const where = given.given('where')
  return of.with({
    conflict: {
      kind: 'update',
      ...(target && { target }),
      set: assignments(vm, of.table, entriesIn(vm, given.value('set_') ?? null)),
      ...(where !== undefined && { where: conditionFrom(vm, where) }),
    },
  })
}

function targetFrom(call: Call): ConflictTarget | undefined {
  const given = new Arguments(call, ...names)
  const { vm } = call
  const constraint = given.given('constraint')
  if (constraint !== undefined) return constraintTarget(vm, constraint)
  const elements = given.list('index_elements')
  if (!elements) return undefined
  const columns = elements.map((value) => elementFrom(vm, value))
  const where = given.given('index_where')
  return { columns, ...(where !== undefined && { where: withoutTables(conditionFrom(vm, where)) }) }
}

function constraintTarget(vm: Interpreter, value: Value): ConflictTarget {
  const found = known(vm, value)
  if (found instanceof SaIndex) return { columns: found.definition.columns }
  if (!(found instanceof SaConstraint)) return { constraint: textOf(vm, found, 'a constraint') }
  const name = plainName(found.constraint.name)
  if (name !== undefined) return { constraint: name }
  return 'columns' in found.constraint
    ? { columns: found.constraint.columns }
    : unreadable('a constraint without a name')
}

function elementFrom(vm: Interpreter, value: Value) {
  const found = known(vm, value)
  if (found instanceof SaColumn) return found.definition.name
  return found instanceof SaExpression ? withoutTables(found.expression) : textOf(vm, found, 'a column')
}

function entriesIn(vm: Interpreter, value: Value): readonly (readonly [Value, Value])[] {
  const found = known(vm, value)
  if (found instanceof Dict) return dictEntries(found)
  if (!(found instanceof List)) return unreadable('what is set is no dict')
  return listOf(vm, found, vm.node).map((pair) => {
    const [key = null, to = null] = pair instanceof Tuple ? pair.items : []
    return [key, to] as const
  })
}

/** In the order of the table, as SQLAlchemy writes them. */
function assignments(
  vm: Interpreter,
  table: SaTable,
  entries: readonly (readonly [Value, Value])[],
  isOrdered = false,
): readonly Assignment[] {
  const made = entries.map(([key, value]): Assignment => {
    const column = columnNamed(vm, table, key)
    return { column: column.definition.name, value: cellFrom(vm, value, column), ...storedType(column) }
  })
  const order = table.columns.map(({ definition }) => definition.name)
  const place = ({ column }: Assignment) => order.indexOf(column)
  return isOrdered ? made : made.toSorted((a, b) => place(a) - place(b))
}

/** `insert.excluded.x` of PostgreSQL and SQLite, `insert.inserted.x` of MySQL. */
export function excluded(table: SaTable, name: 'excluded' | 'inserted'): Value {
  return new Proposed(table, name)
}

class Proposed extends HostObject {
  readonly #table: SaTable

  constructor(table: SaTable, name: string) {
    super(name)
    this.#table = table
  }

  override get(name: string, vm: Interpreter): Value | undefined {
    if (name === 'c' || name === 'columns') return this
    if (['keys', 'items', 'values'].includes(name)) return new SaColumns(this.#table).get(name, vm)
    return this.#column(name)
  }

  override index(key: Value): Value | undefined {
    return typeof key === 'string' ? this.#column(key) : undefined
  }

  override iterate(): readonly Value[] {
    return this.#table.columns.map(({ key }) => this.#column(key)!)
  }

  #column(key: string): Value | undefined {
    const column = this.#table.column(key)
    if (!column) return undefined
    const { name } = column.definition
    if (this.label === 'excluded') return new SaExpression({ kind: 'column', name, table: 'excluded' }, column.type)
    return new SaExpression({ kind: 'function', name: 'VALUES', args: [{ kind: 'column', name }] }, column.type)
  }
}
