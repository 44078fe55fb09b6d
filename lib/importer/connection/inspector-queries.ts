import type { DialectName } from '../../dialects/dialect-name.ts'
import type { TableName } from '../../schema/table.ts'
import type { Field, Query } from './rows.ts'

export interface Listed {
  readonly query: Query
}

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`

const text = (means: string, sql?: string): Field => ({ means, ...(sql !== undefined && { sql }), type: 'text' })
const truth = (means: string, sql?: string): Field => ({ means, ...(sql !== undefined && { sql }), type: 'boolean' })

/** What the lists of the inspector are, where the table is not known: each question becomes one to the catalogue. */
export const inspectorQueries = {
  get_columns: (table: TableName, dialect: DialectName) =>
    listed('column', 'columns', table, sqlOf('columns', table, dialect), {
      name: text('name', dialect === 'sqlite' ? 'name' : 'column_name'),
      nullable: truth('nullable', dialect === 'sqlite' ? '"notnull" = 0' : "is_nullable = 'YES'"),
      type: { means: 'type' },
      default: { means: 'default', sql: dialect === 'sqlite' ? 'dflt_value' : 'column_default' },
    }),
  get_indexes: (table: TableName, dialect: DialectName) =>
    listed('index', 'indexes', table, sqlOf('statistics', table, dialect), {
      name: text('name', dialect === 'postgres' ? 'indexname' : dialect === 'mysql' ? 'index_name' : 'name'),
      unique: truth(
        'unique',
        dialect === 'sqlite' ? '"unique" = 1' : dialect === 'mysql' ? 'non_unique = 0' : undefined,
      ),
    }),
  get_foreign_keys: (table: TableName, dialect: DialectName) =>
    listed('constraint', 'foreign keys', table, sqlOf('foreign keys', table, dialect), {
      name: text('name', dialect === 'sqlite' ? undefined : 'constraint_name'),
      referred_table: text(
        'target',
        { sqlite: '"table"', mysql: 'referenced_table_name', postgres: undefined }[dialect],
      ),
    }),
  get_unique_constraints: (table: TableName, dialect: DialectName) =>
    listed('constraint', 'unique constraints', table, sqlOf('UNIQUE', table, dialect), {
      name: text('name', dialect === 'sqlite' ? undefined : 'constraint_name'),
    }),
  get_check_constraints: (table: TableName, dialect: DialectName) =>
    listed('constraint', 'check constraints', table, sqlOf('CHECK', table, dialect), {
      name: text('name', dialect === 'sqlite' ? undefined : 'constraint_name'),
    }),
}

function listed(
  about: Query['about'],
  what: string,
  table: TableName,
  sql: Query['sql'],
  fields: Readonly<Record<string, Field>>,
): Listed {
  const given = [
    { means: 'table', values: [table.name] },
    ...(table.schema === undefined ? [] : [{ means: 'schema', values: [table.schema] }]),
  ]
  return { query: { about, what: `the ${what} of ${table.name}`, given, fields: new Map(Object.entries(fields)), sql } }
}

function sqlOf(what: string, { name, schema }: TableName, dialect: DialectName): Query['sql'] {
  if (dialect === 'sqlite') {
    const pragma = { columns: 'table_info', statistics: 'index_list', 'foreign keys': 'foreign_key_list' }[what]
    return pragma && schema === undefined ? { from: `FROM pragma_${pragma}(${quoted(name)})`, where: [] } : undefined
  }
  const current = dialect === 'mysql' ? 'DATABASE()' : 'current_schema()'
  const within = schema === undefined ? current : quoted(schema)
  const where = [`table_schema = ${within}`, `table_name = ${quoted(name)}`]
  if (what === 'statistics' && dialect === 'postgres')
    return { from: 'FROM pg_indexes', where: [`schemaname = ${within}`, `tablename = ${quoted(name)}`] }
  if (what === 'columns' || what === 'statistics') return { from: `FROM information_schema.${what}`, where }
  if (what === 'foreign keys' && dialect === 'mysql')
    return { from: 'FROM information_schema.key_column_usage', where: [...where, 'referenced_table_name IS NOT NULL'] }
  const type = what === 'foreign keys' ? 'FOREIGN KEY' : what
  return { from: 'FROM information_schema.table_constraints', where: [...where, `constraint_type = '${type}'`] }
}
