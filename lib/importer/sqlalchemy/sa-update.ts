import { isExpression } from '../../compiler/expression.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, List, Tuple, type Value } from '../../python/values.ts'
import type { Expression, From } from '../../schema/expression.ts'
import { distinctFroms, fromKey, fromsIn, nothingAround, settle, settleFrom } from '../../schema/froms.ts'
import type { Assignment, Delete, Update } from '../../schema/operation.ts'
import { known, listOf } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { bind, type Given, parametersFrom } from './bind.ts'
import { conditionFrom, expressionOf, junction } from './coerce.ts'
import { compiledMethod } from './compiled-statement.ts'
import { type Cells, cellsFrom, dictEntries, inTableOrder, storedType, withUpdates } from './dml-values.ts'
import { executeMethod } from './implicit-execution.ts'
import { nameOf } from './sa-insert.ts'
import { SaStatement, type StatementData } from './sa-statement.ts'
import type { SaTable } from './sa-table.ts'
import { prefixesIn } from './select-methods.ts'

interface Draft {
  readonly set: Cells
  readonly isOrdered?: boolean
  readonly where?: Expression
  readonly prefixes?: readonly string[]
  /** Why nobody knows all of what it says. */
  readonly unreadable?: string
}

/** `sa.update(t)` and `sa.delete(t)`. */
export class SaUpdate extends SaStatement {
  readonly verb: 'update' | 'delete'
  readonly table: SaTable
  readonly draft: Draft
  readonly #vm: Interpreter

  constructor(vm: Interpreter, verb: 'update' | 'delete', table: SaTable, draft: Draft = { set: new Map() }) {
    super({ kind: 'text', sql: '' })
    this.#vm = vm
    this.verb = verb
    this.table = table
    this.draft = draft
  }

  with(change: Partial<Draft>): SaUpdate {
    return new SaUpdate(this.#vm, this.verb, this.table, { ...this.draft, ...change })
  }

  override get data(): StatementData {
    if (this.draft.unreadable !== undefined) return unreadable(this.draft.unreadable)
    return { kind: 'operation', operation: this.operation() }
  }

  /** What is handed to `execute` fills parameters; what it names besides are columns to set. */
  executed(vm: Interpreter, given: Given): StatementData {
    const names = parameterNames([this.draft.where, ...this.draft.set.values()])
    const columns = [...given].filter(([name]) => !names.has(name))
    if (columns.length > 0 && this.verb === 'delete') return unreadable('a DELETE is given values for columns')
    const own = new Map([...this.draft.set].map(([name, cell]) => [name, bind(vm, cell, given)] as const))
    const where = this.draft.where && bind(vm, this.draft.where, given)
    const set = new Map([...own, ...cellsFrom(vm, this.table, columns)])
    return this.with({ set, ...(where && { where }) }).data
  }

  operation(): Update | Delete {
    const { where, prefixes } = this.draft
    const own = this.table.reference.from!
    const around = { ...nothingAround(), near: [own], all: [own] }
    const set = this.#assignments().map((each) => ({
      ...each,
      value: isExpression(each.value) ? settle(each.value, around) : each.value,
    }))
    const settled = where && settle(where, { ...around, near: [own, ...this.#others()], all: [own, ...this.#others()] })
    const from = this.#others().map((each) => settleFrom(each, around))
    const common = [...around.common.values()]
    const shared = {
      table: nameOf(this.table),
      ...(this.table.alias !== undefined && { alias: this.table.alias }),
      ...(from.length > 0 && { from }),
      ...(settled && { where: settled }),
      ...(common.length > 0 && { with: common }),
      ...(prefixes && { prefixes }),
    }
    if (this.verb === 'delete') return { kind: 'delete', ...shared }
    return set.length > 0 ? { kind: 'update', set, ...shared } : unreadable('an UPDATE that sets nothing')
  }

  #assignments(): readonly Assignment[] {
    const { set: given, isOrdered } = this.draft
    const set = given.size > 0 ? withUpdates(this.#vm, this.table, given) : given
    const names = isOrdered ? [...set.keys()] : inTableOrder(this.table, set.keys())
    return names.map((column) => {
      const value = set.get(column)!
      const known = this.table.columns.find(({ definition }) => definition.name === column)
      if (isExpression(value) && value.kind === 'newUuid') return unreadable('uuid4() differs from run to run')
      return { column, value, ...(known && storedType(known)) }
    })
  }

  /** Other tables that the condition or the values name. */
  #others(): readonly From[] {
    const { where, set } = this.draft
    const expressions = [...(where ? [where] : []), ...[...set.values()].filter((value) => isExpression(value))]
    const own = fromKey(this.table.reference.from!)
    return distinctFroms(expressions.flatMap(fromsIn)).filter((from) => fromKey(from) !== own)
  }

  override get(name: string): Value | undefined {
    if (name === 'execute') return executeMethod(({ vm }, given) => (given ? this.executed(vm, given) : this.data))
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    if (!method || (this.verb === 'delete' && ['values', 'ordered_values'].includes(name))) return undefined
    return hostFunction(name, (call) => continued(this, call, method))
  }

  override truth(): boolean {
    return true
  }
}

/** The names of the parameters that are still open somewhere in data. */
function parameterNames(data: unknown, found = new Set<string>()): Set<string> {
  if (typeof data !== 'object' || data === null) return found
  if ('kind' in data && data.kind === 'parameter' && 'name' in data) found.add(String(data.name))
  for (const part of Object.values(data)) parameterNames(part, found)
  if ('kind' in data && data.kind === 'sql' && 'text' in data)
    for (const name of textNames(String(data.text))) found.add(name)
  return found
}

function textNames(text: string): readonly string[] {
  return Array.from(text.matchAll(/(?<![:\w\\]):(\w+)(?!:)/g), ([, name]) => name!)
}

/** A part that cannot be read makes it no other statement: it still changes nothing but rows. */
function continued(of: SaUpdate, call: Call, method: Method): Value {
  try {
    return method(of, call)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return of.with({ unreadable: error.message })
  }
}

type Method = (of: SaUpdate, call: Call) => Value

function where(of: SaUpdate, { vm, args }: Call): Value {
  const added = args.map((value) => conditionFrom(vm, value))
  const all = junction('AND', [...(of.draft.where ? [of.draft.where] : []), ...added])
  return of.with(all ? { where: all } : {})
}

function filterBy(of: SaUpdate, { vm, kwargs }: Call): Value {
  const added = [...kwargs].map(([key, value]): Expression => {
    const column = of.table.column(key) ?? unreadable(`a column ${key}`)
    const right = expressionOf(vm, value, column.type)
    return { kind: 'binary', operator: '=', left: column.expression, right }
  })
  return of.with({ where: junction('AND', [...(of.draft.where ? [of.draft.where] : []), ...added])! })
}

function values(of: SaUpdate, { vm, args, kwargs }: Call): Value {
  const given = args.flatMap((value) => pairsIn(vm, value))
  const cells = cellsFrom(vm, of.table, [...given, ...kwargs])
  return of.with({ set: new Map([...of.draft.set, ...cells]) })
}

function pairsIn(vm: Interpreter, value: Value): readonly (readonly [Value, Value])[] {
  const found = known(vm, value)
  if (found instanceof Dict) return dictEntries(found)
  const items = listOf(vm, found, vm.node).map((each) => known(vm, each))
  return items.map((pair) => {
    if (!(pair instanceof Tuple || pair instanceof List) || pair.items.length !== 2)
      return unreadable('what is set is no pair')
    return [pair.items[0]!, pair.items[1]!] as const
  })
}

function orderedValues(of: SaUpdate, { vm, args }: Call): Value {
  const set = cellsFrom(
    vm,
    of.table,
    args.flatMap((pair) => pairsIn(vm, new List([pair]))),
  )
  return of.with({ set, isOrdered: true })
}

const methods: { readonly [name: string]: Method } = {
  where,
  filter: where,
  filter_by: filterBy,
  values,
  ordered_values: orderedValues,
  prefix_with: (of, call) => of.with({ prefixes: [...(of.draft.prefixes ?? []), ...prefixesIn(call)] }),
  // nobody reads the rows that come back
  returning: (of) => of,
  return_defaults: (of) => of,
  execution_options: (of) => of,
  params: (of, { vm, args, kwargs }) => {
    const given = parametersFrom(vm, args, kwargs)
    const set = new Map([...of.draft.set].map(([name, cell]) => [name, bind(vm, cell, given)] as const))
    return of.with({ set, ...(of.draft.where && { where: bind(vm, of.draft.where, given) }) })
  },
  compile: compiledMethod,
}
