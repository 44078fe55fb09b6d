import type { Value } from '../../python/values.ts'
import { Dict } from '../../python/values.ts'
import { Arguments, known } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { unreadable } from '../unreadable.ts'
import { conditionFrom } from './coerce.ts'
import { cellsFrom, dictEntries, rowsFrom } from './dml-values.ts'
import { SaInsert } from './sa-insert.ts'
import type { SaTable } from './sa-table.ts'
import { SaUpdate } from './sa-update.ts'
import { aliasOfTable, joinMethod, selecting, shownFrom } from './selectables.ts'
import { functionOf } from './sql-functions.ts'

/** The statements that a table begins: `t.insert()`, `t.update()`, `t.select()`, `t.join(…)`, `t.alias()`. */
export function tableMethod(table: SaTable, name: string): Value | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  return method ? hostFunction(name, (call) => method(table, call)) : joinMethod(table, name)
}

/** `t.insert()`; before 1.4 the values may be handed over here. */
export function insertInto(table: SaTable, call: Call): SaInsert {
  const given = new Arguments(call, 'values', 'inline', 'prefixes', 'returning')
  const { vm } = call
  const values = given.given('values')
  return new SaInsert(vm, table, { rows: values === undefined ? [] : rowsFrom(vm, table, values) })
}

export function updateOf(table: SaTable, call: Call): SaUpdate {
  const given = new Arguments(
    call,
    'whereclause',
    'values',
    'inline',
    'prefixes',
    'returning',
    'preserve_parameter_order',
  )
  const { vm } = call
  checkOptions(given)
  const where = given.given('whereclause')
  const values = given.given('values')
  const dict = values === undefined ? undefined : known(vm, values)
  if (dict !== undefined && !(dict instanceof Dict)) return unreadable('the values of an UPDATE are no dict')
  return new SaUpdate(vm, 'update', table, {
    set: dict ? cellsFrom(vm, table, dictEntries(dict)) : new Map(),
    isOrdered: given.bool('preserve_parameter_order') ?? false,
    ...(where !== undefined && { where: conditionFrom(vm, where) }),
  })
}

export function deleteFrom(table: SaTable, call: Call): SaUpdate {
  const given = new Arguments(call, 'whereclause', 'prefixes', 'returning')
  checkOptions(given)
  const where = given.given('whereclause')
  const set = new Map()
  return new SaUpdate(call.vm, 'delete', table, {
    set,
    ...(where !== undefined && { where: conditionFrom(call.vm, where) }),
  })
}

/** `mysql_limit=5` */
function checkOptions(given: Arguments): void {
  const [option] = given.more
  if (option) unreadable(`the option ${option[0]} of a statement`)
}

function selectOf(table: SaTable, call: Call): Value {
  const { vm } = call
  const where = new Arguments(call, 'whereclause').given('whereclause')
  const select = selecting(shownFrom(vm, table), [table.reference.from!])
  return where === undefined ? select : vm.invoke(vm.attribute(select, 'where'), [where], new Map(), call.at)
}

function countOf(table: SaTable, call: Call): Value {
  const select = selecting(
    [{ expression: functionOf('count', []).expression, label: 'tbl_row_count', key: 'tbl_row_count' }],
    [table.reference.from!],
  )
  const [where] = call.args
  return where === undefined ? select : call.vm.invoke(call.vm.attribute(select, 'where'), [where], new Map(), call.at)
}

const methods: { readonly [name: string]: (table: SaTable, call: Call) => Value } = {
  insert: insertInto,
  update: updateOf,
  delete: deleteFrom,
  select: selectOf,
  count: countOf,
  alias: aliasOfTable,
}
