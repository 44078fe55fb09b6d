import { text } from './mysql-text.ts'

/** A part of the catalogue, as a table of information_schema. */
interface Part {
  readonly table: string
  readonly schema: string
  readonly name: string
  /** What is compared. Figures that change by themselves (rows, sizes, times, cardinality) are left out. */
  readonly columns: string
}

const part = (table: string, columns: string, schema = 'TABLE_SCHEMA', name = 'TABLE_NAME'): Part => ({
  table,
  schema,
  name,
  columns: `${schema}, ${name}, ${columns}`,
})

/** Only MySQL has these columns, from this version on. */
const onMysql = (columns: string): string => `/*!80016 , ${columns} */`

const tables = part('TABLES', 'TABLE_TYPE, ENGINE, ROW_FORMAT, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT')
const indexes = part(
  'STATISTICS',
  `INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, SUB_PART, COLLATION, INDEX_TYPE, INDEX_COMMENT${onMysql('IS_VISIBLE, EXPRESSION')}`,
)
const tableParts = [
  tables,
  part(
    'COLUMNS',
    'COLUMN_NAME, ORDINAL_POSITION, COLUMN_DEFAULT, IS_NULLABLE, COLUMN_TYPE, COLLATION_NAME, EXTRA, COLUMN_COMMENT, GENERATION_EXPRESSION',
  ),
  indexes,
  part('TABLE_CONSTRAINTS', `CONSTRAINT_NAME, CONSTRAINT_TYPE${onMysql('ENFORCED')}`),
  part(
    'KEY_COLUMN_USAGE',
    'CONSTRAINT_NAME, COLUMN_NAME, ORDINAL_POSITION, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME',
  ),
  part('REFERENTIAL_CONSTRAINTS', 'CONSTRAINT_NAME, UPDATE_RULE, DELETE_RULE', 'CONSTRAINT_SCHEMA'),
]

/** The kinds of objects that a statement may change, by how much of the catalogue tells of them. */
export const catalogueParts = {
  /** Whether tables and views are there at all. */
  tables: [tables],
  indexes: [indexes],
  wholeTables: tableParts,
  partitions: [
    ...tableParts,
    part(
      'PARTITIONS',
      'PARTITION_NAME, SUBPARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, PARTITION_DESCRIPTION, PARTITION_COMMENT',
    ),
  ],
  views: [tables, part('VIEWS', 'VIEW_DEFINITION, CHECK_OPTION, DEFINER, SECURITY_TYPE')],
  triggers: [
    part(
      'TRIGGERS',
      'EVENT_OBJECT_TABLE, EVENT_MANIPULATION, ACTION_TIMING, ACTION_ORDER, ACTION_STATEMENT, DEFINER',
      'TRIGGER_SCHEMA',
      'TRIGGER_NAME',
    ),
  ],
  routines: [
    part(
      'ROUTINES',
      'ROUTINE_TYPE, DTD_IDENTIFIER, ROUTINE_DEFINITION, IS_DETERMINISTIC, SQL_DATA_ACCESS, SECURITY_TYPE, ROUTINE_COMMENT, DEFINER',
      'ROUTINE_SCHEMA',
      'ROUTINE_NAME',
    ),
  ],
  events: [
    part(
      'EVENTS',
      'EVENT_DEFINITION, EXECUTE_AT, INTERVAL_VALUE, INTERVAL_FIELD, STARTS, ENDS, STATUS, ON_COMPLETION, EVENT_COMMENT, DEFINER',
      'EVENT_SCHEMA',
      'EVENT_NAME',
    ),
  ],
  schemas: [part('SCHEMATA', 'DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME', 'SCHEMA_NAME', 'SCHEMA_NAME')],
} as const satisfies Record<string, readonly Part[]>

export type CatalogueKind = keyof typeof catalogueParts

/** Tables of information_schema are read as a whole but for a name that is asked for with `=`; of many, once is less. */
const fewNames = 8

/** The sum of what is asked of the rows that have one of these names. */
function sumOver(names: readonly string[], column: string, select: (condition: string) => string): string {
  const asked =
    names.length > fewNames ? [`IN (${names.map(text).join(', ')})`] : names.map((name) => `= ${text(name)}`)
  return asked.map((condition) => `(${select(`${column} ${condition}`)})`).join(' + ') || '0'
}

function inSchema(column: string, names: readonly string[], qualified: boolean): string {
  return `${column} ${qualified ? `IN (DATABASE(), ${names.map(text).join(', ')})` : '= DATABASE()'}`
}

/**
 * An expression for what the catalogue says of the things with these names, as a text that changes with it: for each part
 * the sum of its rows' hashes, so that neither order nor number of rows matters.
 */
export function fingerprint(kind: CatalogueKind, names: readonly string[], qualified: boolean): string {
  const sums = catalogueParts[kind].map(({ table, schema, name, columns }) => {
    const schemas = schema === name ? '' : `${inSchema(schema, names, qualified)} AND `
    const hash = `CAST(CONV(LEFT(SHA2(JSON_ARRAY(${columns}), 256), 15), 16, 10) AS DECIMAL(20))`
    return sumOver(
      names,
      name,
      (named) => `SELECT COALESCE(SUM(${hash}), 0) FROM information_schema.${table} WHERE ${schemas}${named}`,
    )
  })
  // a table that another session is just changing is passed over by MariaDB, but for its name: then nothing is known
  const all = `${numberOfTables(names, qualified, 'TABLE_NAME')} = ${numberOfTables(names, qualified, "CONCAT(TABLE_TYPE, COALESCE(ENGINE, ''))")}`
  return `CASE WHEN ${all} THEN CONCAT_WS(':', ${sums.join(', ')}) END`
}

/**
 * An expression for how many tables with these names there are, which is all that a CREATE TABLE changes of what there was: by
 * names alone the servers tell it without opening a table.
 */
export function presence(names: readonly string[], qualified: boolean): string {
  return `(SELECT CONCAT('tables ', ${numberOfTables(names, qualified, 'TABLE_NAME')}))`
}

/** How many tables with these names are there, and have this. */
function numberOfTables(names: readonly string[], qualified: boolean, counted: string): string {
  const schemas = inSchema('TABLE_SCHEMA', names, qualified)
  return sumOver(
    names,
    'TABLE_NAME',
    (named) => `SELECT COUNT(${counted}) FROM information_schema.TABLES WHERE ${schemas} AND ${named}`,
  )
}

/** A SELECT that gives a row where none of these tables and views is there. */
export function noneLeft(names: readonly string[], qualified: boolean): string {
  const list = names.map(text).join(', ')
  const schemas = qualified ? `IN (DATABASE(), ${list})` : '= DATABASE()'
  return `SELECT 1 AS whole FROM (SELECT 1 AS one) one WHERE NOT EXISTS
  (SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA ${schemas} AND TABLE_NAME IN (${list}))`
}
