import { isExpression } from '../../compiler/expression.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import type { Expression, Literal, Select } from '../../schema/expression.ts'
import { nothingAround, settle, settleSelect, withCommon } from '../../schema/froms.ts'
import type { OnConflict } from '../../schema/operation.ts'
import type { TableName } from '../../schema/table.ts'
import { Arguments, known } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { recorderOf } from '../recorder-of.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { bind, type Given, parametersFrom } from './bind.ts'
import { compiledMethod } from './compiled-statement.ts'
import { conflictMethod, excluded } from './conflict.ts'
import { type Cells, cellsFrom, columnNamed, inTableOrder, rowsFrom, storedType, withDefaults } from './dml-values.ts'
import { executeMethod } from './implicit-execution.ts'
import { SaExpression } from './sa-expression.ts'
import { SaSelect } from './sa-select.ts'
import { SaStatement, type StatementData } from './sa-statement.ts'
import type { SaTable } from './sa-table.ts'
import { prefixesIn } from './select-methods.ts'

interface Draft {
  readonly rows: readonly Cells[]
  readonly select?: { readonly columns: readonly string[]; readonly select: Select }
  readonly conflict?: OnConflict
  readonly prefixes?: readonly string[]
  /** Why nobody knows all of what it says. */
  readonly unreadable?: string
}

/** `sa.insert(t)`, `t.insert()` */
export class SaInsert extends SaStatement {
  readonly table: SaTable
  readonly draft: Draft
  readonly #vm: Interpreter
  #isRun = false

  constructor(vm: Interpreter, table: SaTable, draft: Draft = { rows: [] }) {
    super({ kind: 'text', sql: '' })
    this.#vm = vm
    this.table = table
    this.draft = draft
  }

  with(change: Partial<Draft>): SaInsert {
    return new SaInsert(this.#vm, this.table, { ...this.draft, ...change })
  }

  override get data(): StatementData {
    if (this.draft.unreadable !== undefined) return unreadable(this.draft.unreadable)
    return this.dataFor(this.draft.rows)
  }

  /** To be told when it is executed: what it made once it cannot make again. */
  run(): void {
    const isNew = this.draft.rows.some((row) => [...row.values()].some(isNewUuid))
    if (this.#isRun && isNew) unreadable('the script inserts the same uuid4() twice')
    this.#isRun = true
  }

  /** With rows that were handed to `execute`: they fill what the statement has already. */
  executed(vm: Interpreter, sets: readonly Given[]): StatementData {
    const [own] = this.draft.rows
    const rows = sets.map((given): Cells => {
      const named = [...given].filter(([name]) => this.table.column(name) !== undefined)
      const bound = own ? new Map([...own].map(([name, cell]) => [name, bind(vm, cell, given)] as const)) : new Map()
      return new Map([...bound, ...cellsFrom(vm, this.table, named)])
    })
    const [first] = rows
    const missing = rows.some((row) => first && [...first.keys()].some((name) => !row.has(name)))
    if (missing) return unreadable('a row has no value for a column that the first row has')
    return this.dataFor(
      rows.map((row) => new Map([...row].filter(([name]) => first?.has(name)))),
      true,
    )
  }

  #executedOnce(vm: Interpreter, given: Given | undefined): StatementData {
    this.run()
    return given ? this.executed(vm, [given]) : this.data
  }

  private dataFor(given: readonly Cells[], isExecuted = false): StatementData {
    const { conflict, select, prefixes } = this.draft
    const more = { ...(prefixes && { prefixes }), ...(conflict && { conflict: settledConflict(conflict) }) }
    const table = nameOf(this.table)
    if (select) {
      const around = nothingAround()
      const settled = withCommon(settleSelect(select.select, around), around)
      return {
        kind: 'operation',
        operation: { kind: 'insertSelect', table, columns: select.columns, select: settled, ...more },
      }
    }
    const { dialect } = recorderOf(this.#vm).target
    const rows = (given.length > 0 ? given : [new Map()]).map((row) => withDefaults(this.#vm, this.table, row, dialect))
    if (rows.length > 1 && !isExecuted) alike(rows)
    const names = inTableOrder(this.table, new Set(rows.flatMap((row) => [...row.keys()])))
    const columns = names.map((name) => {
      const column = this.table.columns.find(({ definition }) => definition.name === name)
      return { name, ...(column && storedType(column)) }
    })
    const plain = rows.map((row) => Object.fromEntries([...row].map(([name, cell]) => [name, settledCell(cell)])))
    return { kind: 'operation', operation: { kind: 'bulkInsert', table, columns, rows: plain, ...more } }
  }

  override get(name: string): Value | undefined {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    if (method) return hostFunction(name, (call) => continued(this, call, method))
    if (name === 'excluded' || name === 'inserted') return excluded(this.table, name)
    if (name === 'execute') return executeMethod(({ vm }, given) => this.#executedOnce(vm, given))
    return conflictMethod(this, name)
  }

  override truth(): boolean {
    return true
  }
}

/** Several rows in one INSERT have the columns of the first. */
function alike(rows: readonly Cells[]): void {
  const [first, ...rest] = rows
  const differs = rest.some((row) => row.size !== first!.size || [...row.keys()].some((name) => !first!.has(name)))
  if (differs) unreadable('the rows of an INSERT do not have the same columns')
}

function isNewUuid(cell: Literal | Expression): boolean {
  return isExpression(cell) && cell.kind === 'newUuid'
}

export function settledCell(cell: Literal | Expression): Literal | Expression {
  return isExpression(cell) ? settle(cell, nothingAround()) : cell
}

function settledConflict(conflict: OnConflict): OnConflict {
  if (conflict.kind === 'nothing') return conflict
  const set = conflict.set.map((each) => ({ ...each, value: settledCell(each.value) }))
  if (conflict.kind === 'duplicate') return { ...conflict, set }
  return { ...conflict, set, ...(conflict.where && { where: settle(conflict.where, nothingAround()) }) }
}

export function nameOf({ definition: { name, schema } }: SaTable): TableName {
  return { name, ...(schema !== undefined && { schema }) }
}

/** A part that cannot be read makes it no other statement: it still changes nothing but rows. */
function continued(of: SaInsert, call: Call, method: Method): Value {
  try {
    return method(of, call)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return of.with({ unreadable: error.message })
  }
}

type Method = (of: SaInsert, call: Call) => Value

/** `values(a=1)`, `values({…})`, `values([{…}, {…}])`; a second call adds to the first. */
function values(of: SaInsert, { vm, args, kwargs }: Call): Value {
  const named = cellsFrom(vm, of.table, kwargs)
  const given = args.flatMap((value) => rowsFrom(vm, of.table, value))
  const rows = given.length > 0 ? given.map((row) => new Map([...row, ...named])) : [named]
  const { rows: before } = of.draft
  const [first] = before
  if (!first) return of.with({ rows })
  if (rows.length > 1 || before.length > 1) return of.with({ rows: [...before, ...rows] })
  return of.with({ rows: [new Map([...first, ...rows[0]!])] })
}

function fromSelect(of: SaInsert, call: Call): Value {
  const given = new Arguments(call, 'names', 'select', 'include_defaults')
  const { vm } = call
  const columns = (given.list('names') ?? []).map((name) => columnNamed(vm, of.table, name).definition.name)
  const select = known(vm, given.value('select') ?? null)
  checkDefaults(of.table, columns)
  if (select instanceof SaSelect) return of.with({ select: { columns, select: select.draft } })
  if (select instanceof SaExpression && select.expression.kind === 'sql')
    return of.with({ select: { columns, select: { text: select.expression.text } } })
  return unreadable('what is inserted is no SELECT')
}

/** `include_defaults` would add them to the SELECT. */
function checkDefaults(table: SaTable, columns: readonly string[]): void {
  const left = table.columns.find(
    ({ definition }) => definition.clientDefault === 'value' && !columns.includes(definition.name),
  )
  if (left) unreadable(`the column ${left.definition.name} has a default of the application, which from_select() adds`)
}

const methods: { readonly [name: string]: Method } = {
  values,
  from_select: fromSelect,
  prefix_with: (of, call) => of.with({ prefixes: [...(of.draft.prefixes ?? []), ...prefixesIn(call)] }),
  // nobody reads the rows that come back
  returning: (of) => of,
  return_defaults: (of) => of,
  execution_options: (of) => of,
  inline: (of) => of,
  params: (of, { vm, args, kwargs }) => {
    const given = parametersFrom(vm, args, kwargs)
    return of.with({ rows: of.draft.rows.map((row) => new Map([...row].map(([k, v]) => [k, bind(vm, v, given)]))) })
  },
  compile: compiledMethod,
}
