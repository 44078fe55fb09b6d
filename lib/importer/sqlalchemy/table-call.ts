import type { Interpreter } from '../../python/interpreter.ts'
import { Unknown, type Value } from '../../python/values.ts'
import type { ColumnDefinition, TableDefinition } from '../../schema/definition.ts'
import type { ForeignKey, TableName } from '../../schema/table.ts'
import { tableKey } from '../../schema/table.ts'
import { Arguments, known } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { unreadable } from '../unreadable.ts'
import { optionsEntry } from './read-options.ts'
import { reflectedParts } from './reflected-table.ts'
import { SaConstraint, SaIndex } from './sa-items.ts'
import { SaMetaData } from './sa-metadata.ts'
import { nameFrom } from './sa-name.ts'
import { SaColumn, SaTable } from './sa-table.ts'

const keywords = [
  ...['schema', 'comment', 'prefixes', 'info', 'quote', 'quote_schema', 'extend_existing', 'keep_existing'],
  ...['mustexist', 'must_exist', 'autoload', 'autoload_with', 'autoload_replace', 'include_columns', 'resolve_fks'],
  ...['implicit_returning', 'listeners', 'sqlite_autoincrement'],
]

export interface TableItems {
  readonly columns: readonly SaColumn[]
  readonly constraints: readonly SaConstraint[]
  readonly indexes: readonly SaIndex[]
}

/** The arguments of a table, told apart. */
export function itemsOf(vm: Interpreter, values: readonly Value[]): TableItems {
  const items = values.map((value) => known(vm, value)).filter((value) => value !== null)
  const stranger = items.find((i) => !(i instanceof SaColumn || i instanceof SaConstraint || i instanceof SaIndex))
  if (stranger !== undefined) return unreadable('an argument of a table that is neither column nor constraint')
  const columns = items.filter((item): item is SaColumn => item instanceof SaColumn)
  const nameless = columns.some((column) => column.definition.name === '')
  if (nameless) return unreadable('a column without a name')
  return {
    columns: lastOfEach(columns),
    constraints: items.filter((item): item is SaConstraint => item instanceof SaConstraint),
    indexes: items.filter((item): item is SaIndex => item instanceof SaIndex),
  }
}

/** A column that is given twice is the last one, in the place of the first. */
function lastOfEach(columns: readonly SaColumn[]): readonly SaColumn[] {
  return [...new Map(columns.map((column) => [column.definition.name, column])).values()]
}

/** `sa.Table('t', metadata, Column(…), …)` */
export function tableCall(call: Call, ownMetadata?: SaMetaData): SaTable {
  const { vm } = call
  const names = ownMetadata ? ['name', '*'] : ['name', 'metadata', '*']
  const given = new Arguments(call, ...names, ...keywords)
  const first = given.rest[0] === undefined ? undefined : vm.resolve(given.rest[0])
  const metadata = ownMetadata ?? metadataOf(given.value('metadata'))
  const rest = first instanceof SaMetaData ? given.rest.slice(1) : given.rest
  const name = tableNameOf(given, metadata)
  const known = metadata.find(vm, tableKey(name))
  const isAgain = (given.bool('extend_existing') ?? false) || given.bool('keep_existing')
  if (known && (given.bool('keep_existing') || (rest.length === 0 && !isAgain && !isReflected(given)))) return known
  const table = makeTable(given, name, metadata, rest)
  metadata.add(vm, table)
  return table
}

function metadataOf(value: Value | undefined): SaMetaData {
  if (value instanceof SaMetaData) return value
  if (value instanceof Unknown) return unreadable(`${value.reason}: the MetaData of a table is not known`)
  return unreadable('the MetaData of a table is not known')
}

function tableNameOf(given: Arguments, metadata: SaMetaData): TableName {
  const name = nameFrom(given.call.vm, given.value('name') ?? null, 'the name of a table')
  if (name === undefined || name === '') return unreadable('a table without a name')
  const schema = given.has('schema') ? given.optionalText('schema') : metadata.schema
  return { name: typeof name === 'string' ? name : name.fixed, ...(schema !== undefined && { schema }) }
}

function isReflected(given: Arguments): boolean {
  return (
    (given.bool('autoload') ?? false) ||
    given.given('autoload_with') !== undefined ||
    given.value('autoload_with') instanceof Unknown
  )
}

function makeTable(given: Arguments, name: TableName, metadata: SaMetaData, rest: readonly Value[]): SaTable {
  const { vm } = given.call
  const items = itemsOf(vm, rest)
  const reflected = isReflected(given) ? reflectedParts(vm, name, given.call.at) : undefined
  if (reflected instanceof Unknown) {
    const definition: TableDefinition = { ...name, columns: items.columns.map((c) => c.definition) }
    return new SaTable(definition, undefined, { metadata, columns: items.columns, reflected })
  }
  const own = new Set(items.columns.map((c) => c.definition.name))
  const found = (reflected?.columns ?? []).filter((c) => !own.has(c.name)).map((c) => new SaColumn(c))
  const columns = [...found, ...items.columns].map((c) => withSchema(c, metadata))
  const definition: TableDefinition = {
    ...name,
    ...tableParts({ ...items, columns }, metadata),
    ...(reflected && mergedParts(reflected, items, metadata)),
    ...tableWords(given),
  }
  const table = new SaTable(definition, undefined, { metadata, columns })
  for (const item of [...items.constraints, ...items.indexes]) item.table = table
  return table
}

export function tableParts(
  items: TableItems,
  metadata?: SaMetaData,
): Pick<TableDefinition, 'columns' | 'constraints' | 'indexes'> {
  const constraints = items.constraints.map(({ constraint }) => inSchema(constraint, metadata))
  return {
    columns: items.columns.map(({ definition }) => definition),
    ...(constraints.length > 0 && { constraints }),
    ...(items.indexes.length > 0 && { indexes: items.indexes.map(({ definition }) => definition) }),
  }
}

function mergedParts(reflected: TableDefinition, items: TableItems, metadata: SaMetaData): Partial<TableDefinition> {
  const { constraints = [], indexes = [] } = tableParts(items, metadata)
  return {
    constraints: [...(reflected.constraints ?? []), ...constraints],
    indexes: [...(reflected.indexes ?? []), ...indexes],
  }
}

function tableWords(given: Arguments): Partial<TableDefinition> {
  const { vm } = given.call
  const [comment, prefixes] = [given.optionalText('comment'), given.texts('prefixes')]
  const numbered = given.value('sqlite_autoincrement')
  const more = [...given.more, ...(numbered === undefined ? [] : [['sqlite_autoincrement', numbered] as const])]
  return {
    ...(comment !== undefined && { comment }),
    ...(prefixes && prefixes.length > 0 && { prefixes }),
    ...optionsEntry(vm, more),
  }
}

/** `ForeignKey('users.id')` means the table of the MetaData's own schema. */
export function withSchema(column: SaColumn, metadata: SaMetaData | undefined): SaColumn {
  const keys = column.more.foreignKeys ?? []
  if (metadata?.schema === undefined || !keys.some((key) => key.written && key.key.target.schema === undefined))
    return column
  const { foreignKeys = [] } = column.definition
  const moved = foreignKeys.map((key, at) => {
    const written = keys[at]?.written ?? false
    return written && key.target.schema === undefined
      ? { ...key, target: { ...key.target, schema: metadata.schema! } }
      : key
  })
  const definition: ColumnDefinition = { ...column.definition, foreignKeys: moved }
  return new SaColumn(definition, column.table, column.more)
}

function inSchema<T extends SaConstraint['constraint']>(
  constraint: T,
  metadata: SaMetaData | undefined,
): T | ForeignKey {
  if (constraint.kind !== 'foreignKey' || metadata?.schema === undefined || constraint.target.schema !== undefined)
    return constraint
  return { ...constraint, target: { ...constraint.target, schema: metadata.schema } }
}
