import type { Interpreter } from '../../python/interpreter.ts'
import { PyClass, type Value } from '../../python/values.ts'
import { Arguments, entriesOf, textOf } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { ModuleParts, Names } from '../modules.ts'
import type { Recorder } from '../recorder.ts'
import { remember } from '../recorder-of.ts'
import { unreadable } from '../unreadable.ts'
import { columnCall } from './column-call.ts'
import { compiles } from './compiled-types.ts'
import { ddlCalls } from './ddl-calls.ts'
import {
  checkCall,
  computedCall,
  defaultCall,
  excludeCall,
  foreignKeyCall,
  foreignKeyConstraintCall,
  identityCall,
  indexCall,
  keyCall,
  sequenceCall,
} from './item-calls.ts'
import { ormModules } from './orm-modules.ts'
import { packageTypeModules } from './package-types.ts'
import { SaClass } from './sa-class.ts'
import { SaDialect } from './sa-dialect.ts'
import { SaComputed, SaConstraint, SaDefault, SaForeignKey, SaIdentity, SaIndex, SaSequence } from './sa-items.ts'
import { SaMetaData } from './sa-metadata.ts'
import { SaName } from './sa-name.ts'
import { SaStatement } from './sa-statement.ts'
import { SaColumn, SaTable } from './sa-table.ts'
import { TypeClass } from './sa-type.ts'
import { tableCall } from './table-call.ts'
import { allCommonTypeNames, commonTypeNames, dialectTypeNames, type TypeName } from './type-names.ts'

const isConstraint =
  (...kinds: readonly string[]) =>
  (value: Value) =>
    value instanceof SaConstraint && (kinds.length === 0 || kinds.includes(value.constraint.kind))

const constraints: Names = {
  CheckConstraint: new SaClass('CheckConstraint', checkCall, isConstraint('check')),
  ForeignKeyConstraint: new SaClass('ForeignKeyConstraint', foreignKeyConstraintCall, isConstraint('foreignKey')),
  PrimaryKeyConstraint: new SaClass(
    'PrimaryKeyConstraint',
    (call) => keyCall('primaryKey', call),
    isConstraint('primaryKey'),
  ),
  UniqueConstraint: new SaClass('UniqueConstraint', (call) => keyCall('unique', call), isConstraint('unique')),
  Constraint: new SaClass('Constraint', undefined, isConstraint()),
}

const items: Names = {
  ...constraints,
  Column: new SaClass(
    'Column',
    (call) => columnCall(call),
    (value) => value instanceof SaColumn,
  ),
  Table: new SaClass(
    'Table',
    (call) => tableCall(call),
    (value) => value instanceof SaTable,
  ),
  MetaData: new SaClass('MetaData', metadataCall, (value) => value instanceof SaMetaData),
  ForeignKey: new SaClass('ForeignKey', foreignKeyCall, (value) => value instanceof SaForeignKey),
  Index: new SaClass('Index', indexCall, (value) => value instanceof SaIndex),
  Computed: new SaClass('Computed', computedCall, (value) => value instanceof SaComputed),
  Identity: new SaClass('Identity', identityCall, (value) => value instanceof SaIdentity),
  Sequence: new SaClass('Sequence', sequenceCall, (value) => value instanceof SaSequence),
  DefaultClause: new SaClass('DefaultClause', (call) => defaultCall('server', call), isDefault('server')),
  FetchedValue: new SaClass(
    'FetchedValue',
    (call) => defaultCall('server', { ...call, args: [] }),
    isDefault('server'),
  ),
  ColumnDefault: new SaClass('ColumnDefault', (call) => defaultCall('client', call), isDefault('client')),
  PassiveDefault: new SaClass('PassiveDefault', (call) => defaultCall('server', call), isDefault('server')),
}

function isDefault(side: string) {
  return (value: Value) => value instanceof SaDefault && value.side === side
}

const ddl: Names = Object.fromEntries(
  Object.entries(ddlCalls).map(([name, run]) => [
    name,
    new SaClass(name, run, (value) => value instanceof SaStatement),
  ]),
)

const schemaNames: Names = {
  ...items,
  ...ddl,
  conv: hostFunction('conv', ({ vm, args }) => new SaName(textOf(vm, args[0] ?? null, 'a name'))),
  BLANK_SCHEMA: null,
}

/** `sa.MetaData(schema=…, naming_convention={…})`; before 2.0 the first argument was a bind. */
function metadataCall(call: Call): Value {
  const { vm } = call
  const given = new Arguments(call, 'bind', 'schema', 'quote_schema', 'naming_convention', 'info', 'reflect')
  const convention = given.given('naming_convention')
  const entries = convention === undefined ? [] : entriesOf(vm, convention, 'a naming convention')
  const texts = entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : []))
  if (given.bool('reflect')) return unreadable('the tables that MetaData(reflect=True) finds')
  const naming = texts.length > 0 ? Object.fromEntries(texts) : undefined
  return new SaMetaData(given.optionalText('schema'), naming, convention ?? null)
}

function classes(names: readonly TypeName[]): Names {
  return Object.fromEntries(names.map(({ name, kind, origin }) => [name, new TypeClass(kind, origin)]))
}

const common = classes(commonTypeNames)
const allCommon = classes(allCommonTypeNames)
const postgres: Names = {
  ...classes(dialectTypeNames('postgres')),
  ExcludeConstraint: new SaClass('ExcludeConstraint', excludeCall, isConstraint('exclude')),
  dialect: hostFunction('dialect', () => new SaDialect('postgres')),
}
const mysql: Names = {
  ...classes(dialectTypeNames('mysql')),
  dialect: hostFunction('dialect', () => new SaDialect('mysql')),
}
const sqlite: Names = {
  ...classes(dialectTypeNames('sqlite')),
  dialect: hostFunction('dialect', () => new SaDialect('sqlite')),
}
const mssql = classes(dialectTypeNames('mssql'))
const oracle = classes(dialectTypeNames('oracle'))

const quotedName = hostFunction('quoted_name', ({ vm, args }) => textOf(vm, args[0] ?? null, 'a name'))

/** `MutableDict.as_mutable(JSON)` is the type that it is given. */
const mutable = new SaClass('Mutable', undefined, undefined, {
  as_mutable: hostFunction('as_mutable', ({ vm, args, at }) => {
    const [type = null] = args
    return type instanceof TypeClass || type instanceof PyClass ? vm.invoke(type, [], new Map(), at) : type
  }),
})
const mutables: Names = { Mutable: mutable, MutableDict: mutable, MutableList: mutable, MutableSet: mutable }

/**
 * `listen(target, 'after_create', f)`: what is run at the making of a table is not followed, so the table is not made
 * either; what is run when the application reads and writes is not the business of a migration.
 */
function listen({ vm, args, at }: Call): Value {
  const [target = null, identifier = null] = args.map((value) => vm.resolve(value))
  const name = typeof identifier === 'string' ? identifier : 'an event'
  if (!/create|drop|parent_attach|an event/.test(name)) return null
  const reason = `what is run at ${name} of a table`
  if (target instanceof SaTable) target.listened = reason
  else if (target instanceof SaMetaData) {
    vm.branches.touch(target.tables)
    target.tables.taint ??= vm.unknown(reason, at)
  }
  return null
}

const eventNames: Names = {
  listen: hostFunction('listen', listen),
  listens_for: hostFunction('listens_for', (call) => {
    listen(call)
    return hostFunction('listens_for', ({ args }) => args[0])
  }),
  remove: hostFunction('remove', () => null),
  contains: hostFunction('contains', () => false),
}

const modules: Readonly<Record<string, Names>> = {
  sqlalchemy: { ...common, ...items, DDL: ddl.DDL!, TypeDecorator: allCommon.TypeDecorator! },
  'sqlalchemy.types': allCommon,
  'sqlalchemy.sql.sqltypes': allCommon,
  'sqlalchemy.sql.type_api': allCommon,
  'sqlalchemy.schema': schemaNames,
  'sqlalchemy.sql.schema': schemaNames,
  'sqlalchemy.sql.ddl': ddl,
  'sqlalchemy.sql': { quoted_name: quotedName },
  'sqlalchemy.sql.elements': { quoted_name: quotedName, conv: schemaNames.conv! },
  'sqlalchemy.sql.naming': { conv: schemaNames.conv! },
  'sqlalchemy.ext.compiler': { compiles: hostFunction('compiles', compiles) },
  'sqlalchemy.ext.mutable': mutables,
  'sqlalchemy.event': eventNames,
  'sqlalchemy.event.api': eventNames,
  ...dialectModules('postgresql', postgres, [
    ...['base', 'json', 'array', 'ranges', 'hstore', 'ext', 'types', 'named_types', 'psycopg2', 'asyncpg'],
  ]),
  ...dialectModules('mysql', mysql, ['base', 'types', 'enumerated', 'json', 'pymysql']),
  ...dialectModules('mariadb', mysql, ['base']),
  ...dialectModules('sqlite', sqlite, ['base', 'json', 'pysqlite']),
  ...dialectModules('mssql', mssql, ['base', 'json', 'information_schema']),
  ...dialectModules('oracle', oracle, ['base', 'types']),
}

function dialectModules(dialect: string, names: Names, inner: readonly string[]): Readonly<Record<string, Names>> {
  const module = `sqlalchemy.dialects.${dialect}`
  return Object.fromEntries([module, ...inner.map((name) => `${module}.${name}`)].map((name) => [name, names]))
}

function part(names: Names): ModuleParts[string] {
  return (vm: Interpreter, recorder: Recorder) => {
    remember(vm, recorder)
    return names
  }
}

/** The schema side of SQLAlchemy: types, columns, tables, constraints, and the statements that make them. */
export const schemaModules: ModuleParts = {
  ...Object.fromEntries(
    Object.entries({ ...modules, ...packageTypeModules }).map(([name, names]) => [name, part(names)]),
  ),
  ...ormModules,
}
