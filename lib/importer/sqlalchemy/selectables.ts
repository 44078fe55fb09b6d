import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { List, type Value } from '../../python/values.ts'
import type { ColumnExpression, Expression, From, FromJoin } from '../../schema/expression.ts'
import { Arguments, known, notKnown, textOf } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { unreadable } from '../unreadable.ts'
import { conditionFrom } from './coerce.ts'
import { joinCondition } from './join-condition.ts'
import { modelTable } from './model-table.ts'
import { SaExpression, SaLabel } from './sa-expression.ts'
import { plainDraft, SaSelect, type Shown } from './sa-select.ts'
import { SaColumn, SaColumns, SaTable } from './sa-table.ts'

/** `select(…).subquery('s')`, `.alias()`, `.cte()`: a FROM element with columns. */
export class SaDerived extends HostObject {
  readonly from: From
  readonly name: string
  readonly columns: ReadonlyMap<string, SaExpression>
  readonly select: SaSelect | undefined

  constructor(from: From, name: string, shown: readonly Shown[], select?: SaSelect) {
    super(`the subquery ${name}`)
    this.from = from
    this.name = name
    this.select = select
    this.columns = new Map(
      shown.flatMap(({ key, type }) => {
        if (key === undefined) return []
        const expression: ColumnExpression = { kind: 'column', name: key, table: name, from }
        return [[key, new SaExpression(expression, type)] as const]
      }),
    )
  }

  /** The one column of a function that gives rows, which is called like the rows. */
  get column(): SaExpression {
    return new SaExpression({ kind: 'column', name: this.name, from: this.from })
  }

  override get(name: string): Value | undefined {
    if (name === 'c' || name === 'columns' || name === 'exported_columns') return new DerivedColumns(this)
    if (name === 'name') return this.name
    if (name === 'column') return this.column
    return derivedMethod(this, name)
  }

  override truth(): boolean {
    return true
  }
}

/** A function that gives rows: `func.unnest(x).alias('y')`, `func.json_each(x).table_valued('key', 'value')`. */
export function rowsOf(of: SaExpression, { vm, args, kwargs }: Call, columns: readonly Value[]): SaDerived {
  if (of.expression.kind !== 'function') return unreadable('an alias of something that is no function')
  const given = kwargs.get('name') ?? (columns.length > 0 ? null : (args[0] ?? null))
  const alias = given === null ? anonymousName(vm, 'anon') : textOf(vm, given, 'an alias')
  const names = columns.map((value) => {
    const found = known(vm, value)
    return found instanceof SaColumn ? found.definition.name : textOf(vm, found, 'a column')
  })
  const shown = names.map((key) => ({ expression: { kind: 'column', name: key } as const, key }))
  return new SaDerived({ kind: 'rows', of: of.expression, alias }, alias, shown)
}

class DerivedColumns extends HostObject {
  readonly #of: SaDerived

  constructor(of: SaDerived) {
    super(`the columns of ${of.name}`)
    this.#of = of
  }

  override get(name: string): Value | undefined {
    if (name === 'keys') return hostFunction(name, () => new List([...this.#of.columns.keys()]))
    return this.#of.columns.get(name)
  }

  override index(key: Value): Value | undefined {
    return typeof key === 'string' ? this.#of.columns.get(key) : [...this.#of.columns.values()].at(Number(key))
  }

  override iterate(): readonly Value[] {
    return [...this.#of.columns.values()]
  }
}

/** `a.join(b, a.c.id == b.c.a_id)` */
export class SaJoin extends HostObject {
  readonly from: FromJoin
  readonly sides: readonly [Value, Value]

  constructor(from: FromJoin, sides: readonly [Value, Value]) {
    super('a join')
    this.from = from
    this.sides = sides
  }

  override get(name: string): Value | undefined {
    if (name === 'left') return this.sides[0]
    if (name === 'right') return this.sides[1]
    if (name === 'select')
      return hostFunction(name, ({ vm }) =>
        selecting(
          this.sides.flatMap((side) => shownFrom(vm, side)),
          [this.from],
        ),
      )
    return joinMethod(this, name)
  }

  override truth(): boolean {
    return true
  }
}

export function selecting(shown: readonly Shown[], from: readonly From[] = []): SaSelect {
  return new SaSelect(plainDraft(shown, { from }), shown)
}

/** What stands in FROM, or is joined. */
export function fromOf(vm: Interpreter, value: Value): From {
  const found = known(vm, value)
  const table = modelTable(vm, found)
  if (table) return remembered(table)
  if (found instanceof SaDerived || found instanceof SaJoin) return found.from
  if (found instanceof SaSelect) return derive(vm, found, undefined).from
  if (found instanceof SaExpression) return { kind: 'rows', of: found.expression }
  if (typeof found === 'string') return { kind: 'rows', of: { kind: 'sql', text: found } }
  return unreadable('what stands in FROM is no table')
}

const owners = new WeakMap<From, SaTable>()

/** Which table a FROM element was made of: a join without a condition looks for its foreign keys. */
export function tableBehind(from: From): SaTable | undefined {
  return owners.get(from)
}

function remembered(table: SaTable): From {
  const from = table.reference.from!
  owners.set(from, table)
  return from
}

/** The columns that a value among the arguments of `select` means. */
export function shownFrom(vm: Interpreter, value: Value): readonly Shown[] {
  const found = known(vm, value)
  const table = modelTable(vm, found)
  if (table) remembered(table)
  if (table) return table.reflected ? unreadable(notKnown(table.reflected.reason)) : table.columns.map(shownColumn)
  if (found instanceof SaColumns) return shownAll(vm, found)
  if (found instanceof SaDerived) return shownDerived(found)
  if (found instanceof SaJoin) return found.sides.flatMap((side) => shownFrom(vm, side))
  if (found instanceof SaSelect) return [shownColumn(found.scalar())]
  if (found instanceof SaExpression) return [shownColumn(found)]
  if (typeof found === 'string') return [{ expression: { kind: 'sql', text: found } }]
  if (typeof found === 'bigint') return [{ expression: { kind: 'sql', text: String(found) } }]
  return unreadable('what is selected is no column')
}

/** Without columns there would be nothing that stands in FROM. */
function shownDerived({ name, columns }: SaDerived): readonly Shown[] {
  return columns.size > 0 ? [...columns.values()].map(shownColumn) : unreadable(`the columns of ${name} are not known`)
}

function shownAll(vm: Interpreter, columns: HostObject): readonly Shown[] {
  const all = columns.iterate(vm, vm.node)
  return Array.isArray(all)
    ? (all as Value[]).flatMap((each) => shownFrom(vm, each))
    : unreadable('the columns of a table')
}

function shownColumn(of: SaExpression): Shown {
  const { expression, type } = of
  const typed = type ? { type } : {}
  if (of instanceof SaLabel) return { expression, label: of.name, key: of.name, ...typed }
  if (of instanceof SaColumn && of.table) remembered(of.table)
  const key = of instanceof SaColumn ? of.definition.name : keyOf(expression)
  // a cast is called like the column that it is of
  if (expression.kind === 'cast' && key !== undefined) return { expression, label: key, key, ...typed }
  return { expression, ...(key !== undefined && { key }), ...typed }
}

function keyOf(of: Expression): string | undefined {
  if (of.kind === 'column') return of.name
  if (of.kind === 'cast') return of.of.kind === 'column' ? of.of.name : undefined
  return of.kind === 'sql' && /^\w+$/.test(of.text) ? of.text : undefined
}

const counters = new WeakMap<Interpreter, Map<string, number>>()

/** A name that SQLAlchemy would make up: `anon_1`. */
export function anonymousName(vm: Interpreter, base: string): string {
  const counts = counters.get(vm) ?? new Map<string, number>()
  counters.set(vm, counts)
  const next = (counts.get(base) ?? 0) + 1
  counts.set(base, next)
  return `${base}_${next}`
}

export function derive(vm: Interpreter, select: SaSelect, given: string | undefined, lateral = false): SaDerived {
  const alias = given ?? anonymousName(vm, 'anon')
  const from: From = { kind: 'select', select: select.draft, alias, ...(lateral && { lateral }) }
  return new SaDerived(from, alias, select.shown, select)
}

export function commonTable(vm: Interpreter, select: SaSelect, call: Call): SaDerived {
  const given = new Arguments(call, 'name', 'recursive', 'nesting')
  const name = given.optionalText('name') ?? anonymousName(vm, 'anon')
  const recursive = given.bool('recursive') ?? false
  return new SaDerived(commonFrom(name, select, recursive), name, select.shown, select)
}

function commonFrom(name: string, select: SaSelect, recursive: boolean): From {
  const columns = select.shown.map(({ key }) => key)
  const named = recursive && columns.every((key) => key !== undefined)
  return {
    kind: 'common',
    table: {
      name,
      select: select.draft,
      ...(recursive && { recursive }),
      ...(named && { columns: columns as readonly string[] }),
    },
  }
}

function derivedMethod(of: SaDerived, name: string): Value | undefined {
  switch (name) {
    case 'select':
      return hostFunction(name, () => selecting([...of.columns.values()].map(shownColumn), [of.from]))
    case 'alias':
      return hostFunction(name, (call) => aliasOfDerived(of, call))
    case 'union':
    case 'union_all':
      return hostFunction(name, (call) => extended(of, name === 'union' ? 'UNION' : 'UNION ALL', call))
    default:
      return joinMethod(of, name)
  }
}

function aliasOfDerived(of: SaDerived, { vm, args, kwargs }: Call): Value {
  const given = args[0] ?? kwargs.get('name') ?? null
  const alias = given === null ? anonymousName(vm, of.name) : textOf(vm, given, 'an alias')
  const shown = [...of.columns.values()].map(shownColumn)
  if (of.from.kind === 'common') return new SaDerived({ ...of.from, alias }, alias, shown, of.select)
  return of.select ? derive(vm, of.select, alias) : unreadable('an alias of an alias')
}

/** `cte.union_all(select(…))`: the second part of a recursive query. */
function extended(of: SaDerived, compound: string, { vm, args }: Call): Value {
  if (of.from.kind !== 'common' || !of.select) return unreadable('a union with a subquery')
  const parts = args.map((value) => known(vm, value))
  const selects = parts.map((part) =>
    part instanceof SaSelect ? part.draft : unreadable('what is united is no SELECT'),
  )
  const whole = new SaSelect({ compound, of: [of.select.draft, ...selects] }, of.select.shown)
  const { recursive = false } = of.from.table
  return new SaDerived(commonFrom(of.name, whole, recursive), of.name, of.select.shown, whole)
}

/** `join` and `outerjoin` of tables, subqueries and joins. */
export function joinMethod(of: Value, name: string): Value | undefined {
  if (name !== 'join' && name !== 'outerjoin') return undefined
  return hostFunction(name, (call) => {
    const given = new Arguments(call, 'right', 'onclause', 'isouter', 'full')
    const isOuter = name === 'outerjoin' || (given.bool('isouter') ?? false)
    return joined(
      call.vm,
      [of, given.value('right') ?? null],
      given.given('onclause'),
      isOuter,
      given.bool('full') ?? false,
    )
  })
}

export function joined(
  vm: Interpreter,
  [left, right]: readonly [Value, Value],
  on: Value | undefined,
  isOuter: boolean,
  isFull: boolean,
): SaJoin {
  const condition = on === undefined ? joinCondition(tablesIn(vm, left), tablesIn(vm, right)) : conditionFrom(vm, on)
  const join = isFull ? 'FULL' : isOuter ? 'LEFT' : 'INNER'
  return new SaJoin({ kind: 'join', join, left: fromOf(vm, left), right: fromOf(vm, right), on: condition }, [
    left,
    right,
  ])
}

export function tablesIn(vm: Interpreter, value: Value): readonly SaTable[] {
  const found = known(vm, value)
  if (found instanceof SaJoin) return found.sides.flatMap((side) => tablesIn(vm, side))
  const table = modelTable(vm, found)
  return table ? [table] : []
}

export function aliasOfTable(table: SaTable, { vm, args, kwargs }: Call): SaTable {
  const given = args[0] ?? kwargs.get('name') ?? null
  const alias = given === null ? anonymousName(vm, table.name) : textOf(vm, given, 'an alias')
  return new SaTable(table.definition, alias, {
    columns: table.columns,
    ...(table.metadata && { metadata: table.metadata }),
    ...(table.reflected && { reflected: table.reflected }),
  })
}
