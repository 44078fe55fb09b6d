import type { Database, Row } from '../servers/databases.ts'
import { line, list, type Shape, type TableShape } from './model-shape.ts'

/** What the catalogue of the database says, in the lines of the model's shape. */
export async function serverShape(database: Database): Promise<Shape> {
  if (database.kind === 'sqlite') return sqliteShape(database)
  return database.kind === 'postgres' ? postgresShape(database) : mysqlShape(database)
}

const text = (value: unknown) => String(value ?? '')
const yes = (condition: unknown, word: string) => (condition ? [word] : [])
const quoted = (name: string) => `'${name.replaceAll("'", "''")}'`

async function sqliteShape(database: Database): Promise<Shape> {
  const tables = await database.query(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  )
  const shapes = await Promise.all(
    tables.map(async ({ name }) => [text(name), await sqliteTable(database, text(name))] as const),
  )
  return Object.fromEntries(shapes)
}

async function sqliteTable(database: Database, name: string): Promise<TableShape> {
  const columns = await database.query(`SELECT * FROM pragma_table_xinfo(${quoted(name)}) ORDER BY cid`)
  const indexes = await database.query(`SELECT * FROM pragma_index_list(${quoted(name)})`)
  const lines: { keys: string[]; indexes: string[] } = { keys: [], indexes: [] }
  for (const index of indexes) {
    const parts = await database.query(`SELECT name FROM pragma_index_info(${quoted(text(index.name))}) ORDER BY seqno`)
    const names = parts.map((p) => (p.name === null ? '<expression>' : text(p.name)))
    if (index.origin === 'u' || index.origin === 'pk') lines.keys.push(`unique ${list(names)}`)
    if (index.origin === 'c')
      lines.indexes.push(
        line(text(index.name), yes(index.unique, 'unique'), list(names), yes(index.partial, 'partial')),
      )
  }
  const foreign = await database.query(`SELECT * FROM pragma_foreign_key_list(${quoted(name)}) ORDER BY id, seq`)
  for (const rows of grouped(foreign, 'id')) {
    const to = rows.flatMap((r) => (r.to === null ? [] : [text(r.to)]))
    const [first] = rows
    lines.keys.push(
      `foreign ${list(rows.map((r) => text(r.from)))} -> ${text(first?.table)} ${list(to)} delete ${text(first?.on_delete)} update ${text(first?.on_update)}`,
    )
  }
  return {
    columns: columns.map((c) =>
      line(
        text(c.name),
        text(c.type).toUpperCase().replace(/\s/g, ''),
        yes(c.notnull, 'not-null'),
        c.dflt_value === null ? [] : `default ${text(c.dflt_value).trim()}`,
        yes(c.hidden === 3, 'stored'),
        yes(c.hidden === 2, 'virtual'),
        yes(c.pk, `key${text(c.pk)}`),
      ),
    ),
    keys: [...new Set(lines.keys)].toSorted(),
    indexes: lines.indexes.toSorted(),
  }
}

function grouped(rows: readonly Row[], by: string): readonly (readonly Row[])[] {
  const groups = new Map<unknown, Row[]>()
  for (const row of rows) groups.set(row[by], [...(groups.get(row[by]) ?? []), row])
  return [...groups.values()]
}

const schemas = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_temp%'"
const key = (row: Row) => (row.schema === 'public' ? text(row.table) : `${text(row.schema)}.${text(row.table)}`)

type Lines = { columns: string[]; keys: string[]; indexes: string[] }

async function postgresShape(database: Database): Promise<Shape> {
  const tables = await database.query(
    `SELECT n.nspname AS schema, c.relname AS "table" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND ${schemas}`,
  )
  const shape = Object.fromEntries(tables.map((t) => [key(t), empty()]))
  for (const c of await database.query(postgresColumns)) {
    shape[key(c)]?.columns.push(
      line(
        text(c.name),
        `<${text(c.type)}>`,
        yes(c.notnull, 'not-null'),
        yes(c.hasdefault && c.generated === '', 'default'),
        yes(c.generated === 's', 'generated'),
        yes(c.identity !== '', `identity ${text(c.identity)}`),
        c.comment === null ? [] : `comment ${text(c.comment)}`,
      ),
    )
  }
  for (const c of await database.query(postgresConstraints)) shape[key(c)]?.keys.push(postgresConstraint(c))
  for (const i of await database.query(postgresIndexes)) {
    shape[key(i)]?.indexes.push(line(text(i.name), yes(i.unique, 'unique'), text(i.columns)))
  }
  return sortedShape(shape)
}

const empty = (): Lines => ({ columns: [], keys: [], indexes: [] })

function sortedShape(shape: { readonly [table: string]: Lines }): Shape {
  return Object.fromEntries(
    Object.entries(shape).map(([name, { columns, keys, indexes }]) => [
      name,
      { columns, keys: keys.toSorted(), indexes: indexes.toSorted() },
    ]),
  )
}

const postgresColumns = `SELECT n.nspname AS schema, c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
  a.attnotnull AS notnull, (a.atthasdef AND pg_get_expr(d.adbin, d.adrelid) NOT LIKE 'NULL::%') AS hasdefault, a.attgenerated AS generated, a.attidentity AS identity, col_description(c.oid, a.attnum) AS comment
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND ${schemas} ORDER BY c.oid, a.attnum`

const namesOf = (numbers: string, table: string) =>
  `(SELECT '(' || string_agg(a.attname, ', ' ORDER BY k.n) || ')' FROM unnest(${numbers}) WITH ORDINALITY k (attnum, n) JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = k.attnum)`

const postgresConstraints = `SELECT n.nspname AS schema, c.relname AS "table", o.conname AS name, o.contype AS kind, o.condeferrable AS deferrable, o.condeferred AS deferred,
  o.confdeltype AS del, o.confupdtype AS upd, ${namesOf('o.conkey', 'o.conrelid')} AS columns, ${namesOf('o.confkey', 'o.confrelid')} AS targets,
  fn.nspname AS target_schema, f.relname AS target
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class f ON f.oid = o.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
WHERE o.contype <> 't' AND ${schemas}`

const constraintKinds: { readonly [letter: string]: string } = {
  p: 'primaryKey',
  u: 'unique',
  f: 'foreignKey',
  c: 'check',
  x: 'exclude',
}
const actions: { readonly [letter: string]: string } = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
}

function postgresConstraint(c: Row): string {
  const kind = constraintKinds[text(c.kind)] ?? text(c.kind)
  const late = [...yes(c.deferrable, 'deferrable'), ...yes(c.deferred, 'deferred')]
  if (kind === 'check' || kind === 'exclude') return line(text(c.name), kind, late)
  if (kind !== 'foreignKey') return line(text(c.name), kind, text(c.columns), late)
  const target = key({ schema: c.target_schema, table: c.target })
  const what = `foreign ${text(c.columns)} -> ${target} ${text(c.targets)} delete ${actions[text(c.del)]} update ${actions[text(c.upd)]}`
  return line(text(c.name), kind, what, late)
}

const postgresIndexes = `SELECT n.nspname AS schema, c.relname AS "table", i.relname AS name, x.indisunique AS unique,
  (SELECT '(' || string_agg(coalesce(a.attname, '<expression>'), ', ' ORDER BY k.n) || ')' FROM unnest(x.indkey) WITH ORDINALITY k (attnum, n)
   LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum AND k.attnum > 0 WHERE k.n <= x.indnkeyatts) AS columns
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conindid = x.indexrelid AND o.contype IN ('p', 'u', 'x')) AND ${schemas}`

async function mysqlShape(database: Database): Promise<Shape> {
  const here = 'table_schema = DATABASE()'
  const tables = await database.query(
    `SELECT table_name AS t FROM information_schema.tables WHERE ${here} AND table_type = 'BASE TABLE'`,
  )
  const shape = Object.fromEntries(tables.map((t) => [text(t.t), empty()]))
  const columns = await database.query(
    `SELECT table_name AS t, column_name AS name, column_type AS type, is_nullable AS nullable, column_default AS value, extra AS extra, column_comment AS comment, character_set_name AS charset FROM information_schema.columns WHERE ${here} ORDER BY table_name, ordinal_position`,
  )
  for (const c of columns) shape[text(c.t)]?.columns.push(mysqlColumn(c))
  const keys = await database.query(
    `SELECT table_name AS t, index_name AS name, MAX(non_unique) AS loose, GROUP_CONCAT(COALESCE(column_name, '<expression>') ORDER BY seq_in_index SEPARATOR ', ') AS columns FROM information_schema.statistics WHERE ${here} GROUP BY table_name, index_name`,
  )
  for (const k of keys)
    shape[text(k.t)]?.indexes.push(line(text(k.name), yes(Number(k.loose) === 0, 'unique'), `(${text(k.columns)})`))
  for (const f of await database.query(mysqlForeignKeys)) {
    shape[text(f.t)]?.keys.push(
      `${text(f.name)} foreign (${text(f.columns)}) -> ${text(f.target)} (${text(f.targets)}) delete ${action(f.del)} update ${action(f.upd)}`,
    )
  }
  const checks = await database.query(
    `SELECT table_name AS t, constraint_name AS name FROM information_schema.table_constraints WHERE ${here} AND constraint_type = 'CHECK'`,
  )
  // MariaDB makes a check of JSON by itself
  for (const c of checks) shape[text(c.t)]?.keys.push(`${text(c.name)} check`)
  return sortedShape(shape)
}

/** The server does not tell RESTRICT and NO ACTION apart, and each kind says another word. */
export const action = (rule: unknown) => (text(rule) === 'RESTRICT' ? 'NO ACTION' : text(rule))

function mysqlColumn(c: Row): string {
  const extra = text(c.extra)
  return line(
    text(c.name),
    `<${text(c.type)}>`,
    yes(c.nullable === 'NO', 'not-null'),
    yes(c.value !== null && text(c.value) !== 'NULL', 'default'),
    yes(/stored/i.test(extra), 'stored'),
    yes(/virtual/i.test(extra), 'virtual'),
    yes(/auto_increment/i.test(extra), 'auto'),
    c.comment === '' ? [] : `comment ${text(c.comment)}`,
  )
}

const mysqlForeignKeys = `SELECT r.table_name AS t, r.constraint_name AS name, r.referenced_table_name AS target, r.delete_rule AS del, r.update_rule AS upd,
  GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position SEPARATOR ', ') AS columns, GROUP_CONCAT(k.referenced_column_name ORDER BY k.ordinal_position SEPARATOR ', ') AS targets
FROM information_schema.referential_constraints r JOIN information_schema.key_column_usage k ON k.constraint_schema = r.constraint_schema AND k.constraint_name = r.constraint_name AND k.table_name = r.table_name
WHERE r.constraint_schema = DATABASE() GROUP BY r.table_name, r.constraint_name, r.referenced_table_name, r.delete_rule, r.update_rule`
