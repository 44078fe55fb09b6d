import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { keyOf } from '../../python/keys.ts'
import { Dict, List, type Value } from '../../python/values.ts'
import type { Column, Constraint, ForeignKey, Index, Table, TableName } from '../../schema/table.ts'
import { plainName } from '../../schema/table.ts'
import type { Recorder } from '../recorder.ts'
import { SaType } from '../sqlalchemy/sa-type.ts'
import { reflectedType } from './column-types.ts'
import { knownTable } from './settled.ts'

type Entries = Readonly<Record<string, Value>>

/** What the inspector says of a table that the chain made; undefined where the simulated schema does not tell. */
export function reflected(
  name: string,
  table: TableName,
  recorder: Recorder,
  vm: Interpreter,
  at: Span,
): readonly Value[] | undefined {
  const known = knownTable(recorder.schema, table)
  if (!known) return undefined
  const dict = (entries: Entries): Dict => dictOf(vm, entries)
  const unknown = (what: string): Value => vm.unknown(what, at)
  switch (name) {
    case 'get_columns':
      return known.columns.map((column) =>
        dict({
          name: column.name,
          nullable: column.nullable,
          type: typeOf(column, recorder) ?? unknown(`the type of ${table.name}.${column.name}`),
          default:
            column.default === undefined && !column.autoincrement ? null : unknown(`the default of ${column.name}`),
          autoincrement: unknown('how a column is numbered'),
          comment: column.comment ?? null,
        }),
      )
    case 'get_indexes':
      return indexes(known, recorder)?.map((index) => dict(indexEntries(index)))
    case 'get_foreign_keys':
      return named(known, 'foreignKey', recorder)?.map((key) => dict(foreignKeyEntries(vm, key)))
    case 'get_unique_constraints':
      return named(known, 'unique', recorder)?.map((unique) => dict(uniqueEntries(unique)))
    case 'get_check_constraints':
      return named(known, 'check', recorder)?.map((check) =>
        dict({ name: plainName(check.name) ?? null, sqltext: unknown('the text of a check') }),
      )
    case 'get_pk_constraint':
      return [dict(primaryKeyEntries(known, recorder, unknown))]
    default:
      return undefined
  }
}

function typeOf(column: Column, { target }: Recorder): SaType | undefined {
  const spec = reflectedType(column, target)
  return spec && new SaType(spec)
}

/** Each as a Dict of its own: a script may change it. */
function dictOf(vm: Interpreter, entries: Entries): Dict {
  const dict = new Dict()
  for (const [key, value] of Object.entries(entries)) dict.map.set(keyOf(vm, key)!, { key, value })
  return dict
}

function texts(names: readonly string[]): List {
  return new List([...names])
}

/** The indexes of a table, with those that keep constraints; undefined where the server named one by itself. */
function indexes(table: Table, { target }: Recorder): readonly Index[] | undefined {
  if (target.dialect === 'sqlite') return table.indexes
  const unique = table.constraints.filter((c) => c.kind === 'unique')
  const own = [
    ...table.indexes,
    ...unique.map(({ name, columns }) => ({ ...(name !== undefined && { name }), columns, unique: true })),
  ]
  return target.dialect === 'mysql' ? withForeignKeyIndexes(table, own) : own
}

/** MySQL makes an index for a foreign key that no other one serves. It has the key's name, where the key has one. */
function withForeignKeyIndexes(table: Table, own: readonly Index[]): readonly Index[] | undefined {
  const primary = table.constraints.filter((c) => c.kind === 'primaryKey').map(({ columns }) => columns)
  const served = [...primary, ...own.map(({ columns }) => columns)]
  const alone = table.constraints.filter(
    (c): c is ForeignKey =>
      c.kind === 'foreignKey' && !served.some((columns) => c.columns.every((name, at) => columns[at] === name)),
  )
  const all = [...own, ...alone.map(({ name, columns }) => ({ ...(name !== undefined && { name }), columns }))]
  return all.every(({ name }) => name !== undefined) ? all : undefined
}

function indexEntries({ name, columns, unique }: Index): Entries {
  const names = columns.map((column) =>
    typeof column === 'string' ? column : column.kind === 'column' ? column.name : null,
  )
  return { name: plainName(name) ?? null, column_names: new List(names), unique: unique === true }
}

type Of<K extends Constraint['kind']> = Extract<Constraint, { readonly kind: K }>

/** Constraints of a kind; undefined where the server gave one a name that is not known. */
function named<K extends Constraint['kind']>(
  table: Table,
  kind: K,
  { target }: Recorder,
): readonly Of<K>[] | undefined {
  const found = table.constraints.filter((constraint): constraint is Of<K> => constraint.kind === kind)
  return target.dialect === 'sqlite' || found.every(({ name }) => name !== undefined) ? found : undefined
}

/** What stands at a foreign key; NO ACTION goes without saying, and of SQLite's inline keys nothing is read. */
function keyOptions({ onDelete, onUpdate, deferrable, initially, match, inline }: Of<'foreignKey'>): Entries {
  const action = (text: string | undefined) =>
    text === undefined || inline || text.toUpperCase() === 'NO ACTION' ? undefined : text.toUpperCase()
  const all = {
    onupdate: action(onUpdate),
    ondelete: action(onDelete),
    deferrable,
    initially: initially?.toUpperCase(),
    match,
  }
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string | boolean] => entry[1] !== undefined),
  )
}

function foreignKeyEntries(vm: Interpreter, key: Of<'foreignKey'>): Entries {
  return {
    name: plainName(key.name) ?? null,
    constrained_columns: texts(key.columns),
    referred_table: key.target.name,
    referred_schema: key.target.schema ?? null,
    referred_columns: texts(key.targetColumns),
    options: dictOf(vm, keyOptions(key)),
  }
}

function uniqueEntries({ name, columns }: Of<'unique'>): Entries {
  return { name: plainName(name) ?? null, column_names: texts(columns) }
}

/** What `get_pk_constraint` gives. */
export function primaryKeyOf(table: Table, recorder: Recorder, vm: Interpreter, at: Span): Value {
  return dictOf(
    vm,
    primaryKeyEntries(table, recorder, (what) => vm.unknown(what, at)),
  )
}

function primaryKeyEntries(table: Table, { target }: Recorder, unknown: (what: string) => Value): Entries {
  const key = table.constraints.find((constraint) => constraint.kind === 'primaryKey')
  const name = plainName(key?.name)
  const served = target.dialect === 'sqlite' || key === undefined ? null : unknown('the name of a primary key')
  return {
    constrained_columns: texts(key?.columns ?? []),
    name: target.dialect === 'mysql' ? null : (name ?? served),
  }
}
