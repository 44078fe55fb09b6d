import { createHash } from 'node:crypto'
import type { Database, Kind, Row } from '../servers/databases.ts'

// What a database holds, as lines that two databases with the same content have in common.

type Asked = Pick<Database, 'kind' | 'query' | 'url'>

/** The catalogue, and a line about the rows of each table; nothing of the ledger. */
export async function contentOf(database: Asked): Promise<readonly string[]> {
  const lines = await catalogueLines(database)
  for (const table of await tablesOf(database)) lines.push(`rows ${table} ${await rowsOf(database, table)}`)
  return lines
}

async function catalogueLines({ kind, query, url }: Asked): Promise<string[]> {
  // MySQL writes the name of the database into views
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  const lines: string[] = []
  for (const sql of catalogues[kind]) {
    for (const row of await query(sql)) lines.push(Object.values(row).join(' | ').replaceAll(name, 'DATABASE'))
  }
  return lines
}

async function tablesOf({ kind, query }: Asked): Promise<string[]> {
  return (await query(tables[kind])).map(({ name }) => String(name))
}

const tables: Readonly<Record<Kind, string>> = {
  postgres:
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'm') and relname <> 'sqlmig_history' order by relname",
  ...both(
    "select table_name as name from information_schema.tables where table_schema = database() and table_type = 'BASE TABLE' and table_name <> 'sqlmig_history' order by table_name",
  ),
  sqlite:
    "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> 'sqlmig_history' order by name",
}

/** How many rows, and a hash of them in which their order does not count, but how often they are there does. */
async function rowsOf({ kind, query }: Asked, table: string): Promise<string> {
  if (kind === 'sqlite') return hashed(await query(`select * from "${table}"`))
  if (kind === 'postgres') {
    const sum = `coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '')`
    return String((await query(`select count(*) || ' ' || ${sum} as told from "${table}" t`))[0]?.told)
  }
  const columns = await query(
    `select column_name as name from information_schema.columns where table_schema = database() and table_name = '${table}' order by ordinal_position`,
  )
  const parts = columns.map(({ name }) => `coalesce(\`${name}\`, char(0))`).join(', ')
  const [row] = await query(
    `select count(*) as n, coalesce(sum(crc32(concat_ws('|', ${parts}))), 0) as sum from \`${table}\``,
  )
  return `${row?.n} ${row?.sum}`
}

function hashed(rows: readonly Row[]): string {
  const texts = rows.map((row) => JSON.stringify(Object.values(row))).sort()
  return `${texts.length} ${createHash('md5').update(texts.join('\n')).digest('hex')}`
}

/** For MySQL and MariaDB. */
function both<T>(value: T): { readonly mysql: T; readonly mariadb: T } {
  return { mysql: value, mariadb: value }
}

const schema = "'public'::regnamespace"

const catalogues: Readonly<Record<Kind, readonly string[]>> = {
  postgres: [
    `select 'relation', c.relkind, c.relname, obj_description(c.oid, 'pg_class') from pg_class c
     where c.relnamespace = ${schema} and c.relname not like 'sqlmig_history%' order by c.relname`,
    `select 'column', c.relname, row_number() over (partition by c.oid order by a.attnum), a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
     from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relnamespace = ${schema} and c.relkind in ('r', 'v', 'm') and c.relname <> 'sqlmig_history' and a.attnum > 0 and not a.attisdropped order by c.relname, a.attnum`,
    `select 'index', pg_get_indexdef(i.indexrelid), i.indisvalid from pg_index i join pg_class c on c.oid = i.indrelid
     where c.relnamespace = ${schema} and c.relname <> 'sqlmig_history' order by 2`,
    `select 'constraint', c.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated from pg_constraint k join pg_class c on c.oid = k.conrelid
     where c.relnamespace = ${schema} and c.relname <> 'sqlmig_history' order by 2, 3`,
    `select 'view', c.relname, pg_get_viewdef(c.oid) from pg_class c where c.relnamespace = ${schema} and c.relkind in ('v', 'm') order by 2`,
    `select 'function', pg_get_functiondef(p.oid) from pg_proc p where p.pronamespace = ${schema} order by 2`,
    `select 'trigger', pg_get_triggerdef(g.oid) from pg_trigger g join pg_class c on c.oid = g.tgrelid where c.relnamespace = ${schema} and not g.tgisinternal order by 2`,
    `select 'enum', t.typname, e.enumlabel from pg_enum e join pg_type t on t.oid = e.enumtypid order by t.typname, e.enumsortorder`,
  ],
  ...both([
    `select 'table', table_name, table_type, engine, table_collation, table_comment from information_schema.tables
     where table_schema = database() and table_name <> 'sqlmig_history' order by table_name`,
    `select 'column', table_name, ordinal_position, column_name, column_type, is_nullable, column_default, extra, collation_name from information_schema.columns
     where table_schema = database() and table_name <> 'sqlmig_history' order by table_name, ordinal_position`,
    `select 'index', table_name, index_name, non_unique, seq_in_index, column_name, index_type from information_schema.statistics
     where table_schema = database() and table_name <> 'sqlmig_history' order by table_name, index_name, seq_in_index`,
    `select 'constraint', table_name, constraint_name, constraint_type from information_schema.table_constraints
     where table_schema = database() and table_name <> 'sqlmig_history' order by table_name, constraint_name`,
    `select 'key', table_name, constraint_name, column_name, referenced_table_name, referenced_column_name from information_schema.key_column_usage
     where table_schema = database() and table_name <> 'sqlmig_history' order by table_name, constraint_name, ordinal_position`,
    `select 'check', constraint_name, check_clause from information_schema.check_constraints where constraint_schema = database() order by constraint_name`,
    `select 'view', table_name, view_definition from information_schema.views where table_schema = database() order by table_name`,
    `select 'routine', routine_type, routine_name, routine_definition from information_schema.routines where routine_schema = database() order by routine_name`,
    `select 'trigger', trigger_name, event_manipulation, event_object_table, action_timing, action_statement from information_schema.triggers
     where trigger_schema = database() order by trigger_name`,
  ]),
  sqlite: [
    `select type, name, tbl_name, sql from sqlite_schema where tbl_name <> 'sqlmig_history' order by type, name`,
    'pragma integrity_check',
    'pragma foreign_key_check',
  ],
}
