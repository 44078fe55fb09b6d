import type { Interpreter } from '../../python/interpreter.ts'
import { List, Tuple, type Value } from '../../python/values.ts'
import type { From } from '../../schema/expression.ts'
import { Arguments, listOf } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { modelTable } from './model-table.ts'
import { SaTable } from './sa-table.ts'
import { fromOf, selecting, shownFrom } from './selectables.ts'

const legacy = [
  'whereclause',
  'from_obj',
  'distinct',
  'having',
  'correlate',
  'prefixes',
  'suffixes',
  'bind',
  'use_labels',
]

/** `select(a, b)`, and as it was written before 1.4: `select([a, b], whereclause, from_obj=…)`. */
export function selectCall(call: Call): Value {
  const { vm, args, kwargs } = call
  const [first] = args.map((value) => vm.resolve(value))
  const isLegacy = first instanceof List || first instanceof Tuple || kwargs.has('columns')
  if (!isLegacy) return selectingAll(vm, args)
  const given = new Arguments(call, 'columns', ...legacy, '*', 'group_by', 'order_by', 'limit', 'offset', 'for_update')
  const columns = given.list('columns') ?? []
  const select = selectingAll(vm, columns)
  const from = given.given('from_obj')
  const steps: (readonly [string, Value | undefined])[] = [
    ['where', given.given('whereclause')],
    ...(from === undefined ? [] : listed(vm, from).map((each) => ['select_from', each] as const)),
    ['having', given.given('having')],
    ...['group_by', 'order_by', 'limit', 'offset'].map((name) => [name, given.given(name)] as const),
  ]
  const all = given.bool('distinct') ? [...steps, ['distinct', null] as const] : steps
  return all.reduce<Value>((made, [name, value]) => {
    if (value === undefined) return made
    return vm.invoke(vm.attribute(made, name), name === 'distinct' ? [] : [value], new Map(), call.at)
  }, select)
}

function listed(vm: Interpreter, value: Value): readonly Value[] {
  const found = vm.resolve(value)
  return found instanceof List || found instanceof Tuple ? listOf(vm, found, vm.node) : [found]
}

/** A table without known columns stands in FROM all the same. */
function selectingAll(vm: Interpreter, columns: readonly Value[]): Value {
  const empty = columns.flatMap((value): From[] => {
    const table = modelTable(vm, value)
    return table instanceof SaTable && table.columns.length === 0 ? [fromOf(vm, table)] : []
  })
  return selecting(
    columns.flatMap((value) => shownFrom(vm, value)),
    empty,
  )
}
