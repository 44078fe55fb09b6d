import type { DialectName } from '../../dialects/dialect-name.ts'
import type { About } from './rows.ts'

/** A table of a catalogue: what its rows are about, and what its columns mean. */
export interface CatalogueTable {
  readonly about: About
  /** Where anything else is known of a column than its name. */
  readonly columns: Readonly<Record<string, string>>
  readonly on: readonly DialectName[]
}

const both: readonly DialectName[] = ['postgres', 'mysql']
const postgres: readonly DialectName[] = ['postgres']
const mysql: readonly DialectName[] = ['mysql']
const sqlite: readonly DialectName[] = ['sqlite']

const inSchema = { table_schema: 'schema', table_catalog: 'catalog', table_name: 'table' }

/** By name, with the schema where it has one. */
const tables: Readonly<Record<string, CatalogueTable>> = {
  'information_schema.tables': { about: 'table', columns: { ...inSchema, table_type: 'tableType' }, on: both },
  'information_schema.columns': {
    about: 'column',
    columns: { ...inSchema, column_name: 'name', is_nullable: 'nullable', data_type: 'type', udt_name: 'type' },
    on: both,
  },
  'information_schema.table_constraints': {
    about: 'constraint',
    columns: {
      ...inSchema,
      constraint_name: 'name',
      constraint_schema: 'schema',
      constraint_type: 'constraintType',
      constraint_catalog: 'catalog',
    },
    on: both,
  },
  'information_schema.statistics': { about: 'index', columns: { ...inSchema, index_name: 'name' }, on: mysql },
  'information_schema.key_column_usage': {
    about: 'constraint',
    columns: { ...inSchema, constraint_name: 'name', constraint_schema: 'schema' },
    on: both,
  },
  'information_schema.referential_constraints': {
    about: 'constraint',
    columns: { table_name: 'table', constraint_name: 'name', constraint_schema: 'schema' },
    on: both,
  },
  pg_indexes: {
    about: 'index',
    columns: { schemaname: 'schema', tablename: 'table', indexname: 'name' },
    on: postgres,
  },
  pg_tables: { about: 'table', columns: { schemaname: 'schema', tablename: 'table' }, on: postgres },
  pg_constraint: { about: 'constraint', columns: { conname: 'name', conrelid: 'table' }, on: postgres },
  pg_attribute: { about: 'column', columns: { attrelid: 'table', attname: 'name' }, on: postgres },
  pragma_table_info: { about: 'column', columns: { name: 'name' }, on: sqlite },
  pragma_table_xinfo: { about: 'column', columns: { name: 'name' }, on: sqlite },
  pragma_index_list: { about: 'index', columns: { name: 'name' }, on: sqlite },
}

/** undefined for a table of users'. */
export function catalogueTable(schema: string | undefined, name: string): CatalogueTable | undefined {
  const within = schema?.toLowerCase()
  const own = name.toLowerCase()
  const full = within === 'information_schema' ? `${within}.${own}` : own
  if (Object.hasOwn(tables, full)) return tables[full]
  if (within === 'information_schema') return { about: 'catalogue', columns: {}, on: both }
  if (within === 'pg_catalog' || (within === undefined && own.startsWith('pg_')))
    return { about: 'catalogue', columns: {}, on: postgres }
  if (within === 'mysql' || within === 'performance_schema' || within === 'sys')
    return { about: 'catalogue', columns: {}, on: mysql }
  if (own.startsWith('sqlite_') || own.startsWith('pragma_')) return { about: 'catalogue', columns: {}, on: sqlite }
  return undefined
}

export function isMaster(name: string): boolean {
  return /^sqlite_(temp_)?(master|schema)$/i.test(name)
}
