import { createHash } from 'node:crypto'
import { serverShape } from '../ddl/server-shape.ts'
import { tablesOf } from '../project.ts'
import type { Database } from '../servers/databases.ts'

const code: Readonly<Record<Database['kind'], string>> = {
  postgres: `select 'view ' || viewname as name, definition as body from pg_views where schemaname = 'public'
union all select 'function ' || proname, prosrc from pg_proc where pronamespace = 'public'::regnamespace
union all select 'trigger ' || tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
union all select 'index ' || indexrelid::regclass, indisvalid::text from pg_index where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)`,
  mysql: `select concat('view ', table_name) as name, view_definition as body from information_schema.views where table_schema = database()
union all select concat('routine ', routine_name), routine_definition from information_schema.routines where routine_schema = database()
union all select concat('trigger ', trigger_name), action_statement from information_schema.triggers where trigger_schema = database()`,
  mariadb: `select concat('view ', table_name) as name, view_definition as body from information_schema.views where table_schema = database()
union all select concat('routine ', routine_name), routine_definition from information_schema.routines where routine_schema = database()
union all select concat('trigger ', trigger_name), action_statement from information_schema.triggers where trigger_schema = database()`,
  sqlite:
    "select type || ' ' || name as name, sql as body from sqlite_schema where type in ('view', 'trigger', 'index')",
}

/** All that can be told of a database, its ledger apart: schema, code, and the rows of each table (a hash where they are many). */
export async function stateOf(database: Database): Promise<unknown> {
  const name = new RegExp(new URL(database.url).pathname.slice(1) || '^$', 'g')
  const shape = Object.entries(await serverShape(database)).filter(([table]) => !table.startsWith('sqlmig_history'))
  const bodies = (await database.query(code[database.kind]))
    .map(({ name: what, body }) => `${what}: ${String(body).replaceAll(name, '')}`)
    .filter((line) => !line.includes('sqlmig_history'))
    .sort()
  const rows: Record<string, string> = {}
  for (const table of (await tablesOf(database)).filter((one) => !one.startsWith('sqlmig_history'))) {
    const lines = (await database.query(`select * from ${table}`)).map((row) => JSON.stringify(row)).sort()
    rows[table] = lines.length <= 100 ? lines.join('\n') : createHash('sha256').update(lines.join('\n')).digest('hex')
  }
  return { shape: Object.fromEntries(shape.sort(([a], [b]) => (a < b ? -1 : 1))), bodies, rows }
}
