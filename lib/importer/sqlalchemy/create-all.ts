import type { Truth, Value } from '../../python/values.ts'
import { Unknown } from '../../python/values.ts'
import type { TableDefinition } from '../../schema/definition.ts'
import { enumsOf } from '../../schema/enum-types.ts'
import { withFinalName } from '../../schema/resolve.ts'
import type { ForeignKey, TableName } from '../../schema/table.ts'
import { tableKey } from '../../schema/table.ts'
import { typeOn } from '../../schema/type-spec.ts'
import { Arguments, known } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { unreadable } from '../unreadable.ts'
import { modelTable } from './model-table.ts'
import { isAbsent, isThere, under } from './presence.ts'
import type { SaMetaData } from './sa-metadata.ts'
import type { SaTable } from './sa-table.ts'
import { hasSequence, sequenceOperation } from './sequence-effects.ts'

export function nameOf({ name, schema }: TableName): TableName {
  return schema === undefined ? { name } : { name, schema }
}

/** The table as it is made: under the naming convention of its own MetaData. */
export function createdDefinition(table: SaTable): TableDefinition {
  if (table.reflected) return unreadable(table.reflected.reason)
  if (table.listened !== undefined) return unreadable(table.listened)
  return { ...table.definition, ...(table.naming && { naming: table.naming }) }
}

/** `t.create(bind, checkfirst=…)` */
export function createTable(table: SaTable, call: Call, recorder: Recorder): Value {
  const definition = createdDefinition(table)
  const checks = new Arguments(call, 'bind', 'checkfirst').bool('checkfirst') ?? false
  const truth = checks ? isAbsent(call, recorder, { kind: 'table', table: nameOf(definition) }) : true
  under(call, truth, () => {
    make(table, definition, call, recorder)
    if (recorder.target.dialect !== 'sqlite') addKeys(table, lateKeys(definition), call, recorder)
  })
  return null
}

/** SchemaGenerator.visit_table: sequences first, then the table with its indexes. */
function make(table: SaTable, definition: TableDefinition, { vm, at }: Call, recorder: Recorder): void {
  for (const { more } of table.columns) {
    if (more.sequence && hasSequence(more.sequence, recorder))
      recorder.perform(vm, sequenceOperation(more.sequence), at)
  }
  recorder.perform(vm, { kind: 'createTable', table: definition }, at)
}

/** Keys with use_alter, which are added when the tables stand. */
function lateKeys(definition: TableDefinition): readonly ForeignKey[] {
  return foreignKeys(definition).filter((key) => key.useAlter)
}

function foreignKeys({ columns, constraints = [] }: TableDefinition): readonly ForeignKey[] {
  const inline = columns.flatMap((c) =>
    (c.foreignKeys ?? []).map(({ target, targetColumn, ...rest }): ForeignKey => {
      return { kind: 'foreignKey', columns: [c.name], target, targetColumns: [targetColumn], ...rest }
    }),
  )
  return [...inline, ...constraints.filter((c): c is ForeignKey => c.kind === 'foreignKey')]
}

function addKeys(table: SaTable, keys: readonly ForeignKey[], { vm, at }: Call, recorder: Recorder): void {
  const head = { ...nameOf(table.definition), constraints: [] }
  for (const key of keys) {
    const { useAlter: _, ...plain } = key
    const target = { ...recorder.target, ...(table.naming && { namingConvention: table.naming }) }
    const named = table.naming ? withFinalName(plain, head, target) : plain
    const { name } = named
    const constraint = { ...named, ...(typeof name === 'string' && { name: { fixed: name } }) }
    recorder.perform(vm, { kind: 'addConstraint', table: nameOf(table.definition), constraint }, at)
  }
}

interface Sorted {
  readonly order: readonly SaTable[]
  /** Tables that refer to each other in a circle. */
  readonly circular: ReadonlySet<SaTable>
}

/** Referred tables first, level by level, in the given order within a level (sqlalchemy/util/topological.py). */
export function sortedTables(tables: readonly SaTable[]): Sorted {
  const left = new Set(tables)
  const order: SaTable[] = []
  const needs = new Map(tables.map((table) => [table, neighbours(table, tables)]))
  const circular = new Set<SaTable>()
  while (left.size > 0) {
    const isFree = (table: SaTable) => needs.get(table)!.every((other) => !left.has(other))
    const free = [...left].filter(isFree)
    const round = free.length > 0 ? free : breakCircle([...left], needs, circular)
    for (const table of round) left.delete(table)
    if (free.length > 0) order.push(...round)
    else for (const table of round) left.add(table)
  }
  return { order, circular }
}

function neighbours(table: SaTable, among: readonly SaTable[]): readonly SaTable[] {
  const targets = foreignKeys(table.definition).filter((key) => !key.useAlter)
  const keys = new Set(targets.map(({ target }) => tableKey(target)))
  return among.filter((other) => other !== table && keys.has(other.key))
}

/** The keys of tables in a circle are added later; then they need nobody any more. */
function breakCircle(
  left: readonly SaTable[],
  needs: Map<SaTable, readonly SaTable[]>,
  circular: Set<SaTable>,
): readonly SaTable[] {
  const inCircle = left.filter((table) => reaches(table, table, needs, left))
  for (const table of inCircle) {
    circular.add(table)
    needs.set(table, [])
  }
  return inCircle
}

function reaches(
  from: SaTable,
  to: SaTable,
  needs: ReadonlyMap<SaTable, readonly SaTable[]>,
  left: readonly SaTable[],
): boolean {
  const seen = new Set<SaTable>()
  const open = [...needs.get(from)!]
  for (let next = open.pop(); next; next = open.pop()) {
    if (next === to) return true
    if (seen.has(next) || !left.includes(next)) continue
    seen.add(next)
    open.push(...needs.get(next)!)
  }
  return false
}

function givenTables(metadata: SaMetaData, given: Arguments): readonly SaTable[] {
  const listed = given.list('tables')
  const all = metadata.known(given.call.vm, given.call.at)
  if (!listed) return all instanceof Unknown ? unreadable(`${all.reason}: what create_all makes is not known`) : all
  return listed.map((value) => {
    const table = modelTable(given.call.vm, known(given.call.vm, value))
    return table ?? unreadable('a table of create_all is not known')
  })
}

/** `metadata.create_all(bind, tables=…, checkfirst=True)`: everything is looked for before anything is made. */
export function createAll(metadata: SaMetaData, call: Call, recorder: Recorder): Value {
  const given = new Arguments(call, 'bind', 'tables', 'checkfirst')
  const { order, circular } = sortedTables(givenTables(metadata, given))
  const checks = given.bool('checkfirst') ?? true
  const definitions = new Map(order.map((table) => [table, createdDefinition(table)]))
  const absent = new Map(
    order.map((table): [SaTable, Truth] => [table, checks ? absence(table, call, recorder) : true]),
  )
  const alters = recorder.target.dialect !== 'sqlite'
  for (const table of order) {
    const whole = definitions.get(table)!
    const definition = alters && circular.has(table) ? withoutKeys(whole) : whole
    under(call, absent.get(table)!, () => make(table, definition, call, recorder))
  }
  for (const table of alters ? order : []) {
    const definition = definitions.get(table)!
    const keys = circular.has(table) ? foreignKeys(definition) : lateKeys(definition)
    if (keys.length > 0) under(call, absent.get(table)!, () => addKeys(table, keys, call, recorder))
  }
  return null
}

function absence(table: SaTable, call: Call, recorder: Recorder): Truth {
  return isAbsent(call, recorder, { kind: 'table', table: nameOf(table.definition) })
}

function withoutKeys(definition: TableDefinition): TableDefinition {
  return {
    ...definition,
    columns: definition.columns.map(({ foreignKeys: _, ...column }) => column),
    constraints: (definition.constraints ?? []).filter(({ kind }) => kind !== 'foreignKey'),
  }
}

/** `t.drop(bind, checkfirst=…)`; on PostgreSQL the enum types of its columns go as well. */
export function dropTable(table: SaTable, call: Call, recorder: Recorder): Value {
  const checks = new Arguments(call, 'bind', 'checkfirst').bool('checkfirst') ?? false
  const name = nameOf(table.definition)
  const truth = checks ? isThere(call, recorder, { kind: 'table', table: name }) : true
  under(call, truth, () => {
    recorder.perform(call.vm, { kind: 'dropTable', table: name }, call.at)
    dropEnums([table], checks, call, recorder)
  })
  return null
}

function dropEnums(tables: readonly SaTable[], checkFirst: boolean, { vm, at }: Call, recorder: Recorder): void {
  if (recorder.target.dialect !== 'postgres') return
  const types = tables.flatMap((table) => table.definition.columns.map(({ type }) => typeOn(type, 'postgres')))
  const enums = new Map(types.flatMap((type) => enumsOf([type]).map((e) => [tableKey(e), type] as const)))
  for (const type of enums.values()) recorder.perform(vm, { kind: 'dropEnum', type, checkFirst }, at)
}

/** `metadata.drop_all(bind, tables=…, checkfirst=True)` */
export function dropAll(metadata: SaMetaData, call: Call, recorder: Recorder): Value {
  const given = new Arguments(call, 'bind', 'tables', 'checkfirst')
  const { order, circular } = sortedTables(givenTables(metadata, given))
  const checks = given.bool('checkfirst') ?? true
  if (circular.size > 0 && recorder.target.dialect !== 'sqlite')
    return unreadable('tables that refer to each other in a circle are dropped together')
  const present = order.map((table): [SaTable, Truth] => [
    table,
    checks ? isThere(call, recorder, { kind: 'table', table: nameOf(table.definition) }) : true,
  ])
  for (const [table, truth] of present.reverse()) {
    under(call, truth, () => {
      recorder.perform(call.vm, { kind: 'dropTable', table: nameOf(table.definition) }, call.at)
    })
  }
  dropEnums(order, checks, call, recorder)
  return null
}
