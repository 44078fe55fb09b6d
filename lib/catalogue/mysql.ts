import type { Row, Session } from '../drivers/driver.ts'
import type { CatalogueObject, ObjectKind, Part, Properties } from './model.ts'
import { mysqlCode } from './mysql-code.ts'
import { foreignKeys, indexes } from './mysql-keys.ts'
import type { CatalogueReader } from './read.ts'

/** Reads all objects of the session's database, a query or two for each kind. */
export const readMysql: CatalogueReader = async (session, { without }) => {
  const [about] = await session.query('SELECT DATABASE() AS name, VERSION() AS version')
  const database = String(about?.name)
  const isMariadb = String(about?.version).includes('MariaDB')
  const left = new Set(
    without.filter(({ schema }) => schema === undefined || schema === database).map(({ name }) => name),
  )
  const objects = [...(await tablesOf(session, isMariadb, database)), ...(await mysqlCode(session, database))]
  return objects.filter((object) => !left.has(object.name))
}

/** A text of the server without the name of the database in it, which is another one in a copy. */
export function unqualified(text: string, database: string): string {
  return text.replaceAll(`\`${database.replaceAll('`', '``')}\`.`, '')
}

/** What is not as usual, by name; null and empty texts are left out. */
export function properties(given: Readonly<Record<string, unknown>>): Properties {
  const set = Object.entries(given).filter(([, value]) => value !== null && value !== undefined && value !== '')
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]))
}

export function object(kind: ObjectKind, name: unknown, own: Properties, parts: readonly Part[] = []): CatalogueObject {
  return { kind, schema: undefined, name: String(name), table: undefined, properties: own, parts, needs: [] }
}

async function tablesOf(session: Session, isMariadb: boolean, database: string): Promise<readonly CatalogueObject[]> {
  const tables = await session.query(tableQuery)
  const parts = new Map<string, Part[]>()
  const add = (table: unknown, part: Part) => parts.set(String(table), [...(parts.get(String(table)) ?? []), part])
  const collations = new Map(tables.map((row) => [String(row.name), row.collation]))
  for (const row of await session.query(isMariadb ? mariadbColumns : mysqlColumns))
    add(row.tbl, columnOf(row, collations.get(String(row.tbl)), database))
  for (const [table, part] of await indexes(session, isMariadb)) add(table, part)
  for (const row of await session.query(isMariadb ? mariadbChecks : mysqlChecks))
    add(row.tbl, { kind: 'check', name: String(row.name), properties: checkOf(row, database) })
  for (const [table, part] of await foreignKeys(session, database)) add(table, part)
  const partitioned = new Map<string, string>()
  for (const row of await session.query(partitionQuery)) {
    const { tbl, name, method, expression, subMethod, subExpression, ...values } = row
    const sub = subMethod === null ? '' : ` subpartition by ${subMethod} (${subExpression})`
    partitioned.set(String(tbl), `${method} (${expression ?? ''})${sub}`)
    add(tbl, { kind: 'partition', name: String(name), properties: properties(values) })
  }
  return tables.map(({ name, kind, comment, options, ...rest }) => {
    const own = {
      ...rest,
      options: String(options ?? '')
        .replace(/\bpartitioned\b/, '')
        .trim(),
      comment,
    }
    const all = properties({ ...own, 'partitioned by': partitioned.get(String(name)) })
    return kind === 'SEQUENCE'
      ? object('sequence', name, {})
      : object('table', name, all, parts.get(String(name)) ?? [])
  })
}

const tableQuery = `SELECT table_name AS name, table_type AS kind, engine, table_collation AS collation, create_options AS options, table_comment AS comment
FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type <> 'VIEW' AND table_type <> 'SYSTEM VIEW' ORDER BY table_name`

const columnQuery = (
  more: string,
) => `SELECT table_name AS tbl, column_name AS name, column_type AS type, is_nullable AS nullable,
  column_default AS dflt, extra, collation_name AS collation, column_comment AS comment, generation_expression AS gen${more}
FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position`
const mysqlColumns = columnQuery(', srs_id AS srid')
const mariadbColumns = columnQuery(', NULL AS srid')

function columnOf(row: Row, usual: unknown, database: string): Part {
  const extra = String(row.extra)
    .replace(/\b(VIRTUAL|STORED|PERSISTENT) GENERATED\b/i, '')
    .trim()
  const stored = /stored|persistent/i.test(String(row.extra)) ? ' stored' : ''
  const generated = row.gen === null || row.gen === '' ? null : unqualified(String(row.gen), database)
  return {
    kind: 'column',
    name: String(row.name),
    properties: properties({
      type: row.type,
      'not null': row.nullable === 'NO' ? 'yes' : null,
      default: row.dflt === 'NULL' ? null : row.dflt === '' ? "''" : row.dflt,
      extra,
      generated: generated === null ? null : `${generated}${stored}`,
      collation: row.collation === usual ? null : row.collation,
      srid: row.srid,
      comment: row.comment,
    }),
  }
}

const mysqlChecks = `SELECT k.table_name AS tbl, c.constraint_name AS name, c.check_clause AS clause, k.enforced
FROM information_schema.check_constraints c JOIN information_schema.table_constraints k USING (constraint_schema, constraint_name)
WHERE c.constraint_schema = DATABASE() AND k.constraint_type = 'CHECK' ORDER BY 1, 2`
const mariadbChecks = `SELECT table_name AS tbl, constraint_name AS name, check_clause AS clause, 'YES' AS enforced
FROM information_schema.check_constraints WHERE constraint_schema = DATABASE() ORDER BY 1, 2`

function checkOf({ clause, enforced }: Row, database: string): Properties {
  return properties({ definition: unqualified(String(clause), database), enforced: enforced === 'NO' ? 'no' : null })
}

const partitionQuery = `SELECT table_name AS tbl, CONCAT(partition_name, COALESCE(CONCAT('/', subpartition_name), '')) AS name,
  partition_method AS method, partition_expression AS expression, subpartition_method AS subMethod, subpartition_expression AS subExpression,
  partition_description AS \`values\`, NULLIF(partition_comment, '') AS comment
FROM information_schema.partitions WHERE table_schema = DATABASE() AND partition_name IS NOT NULL
ORDER BY table_name, partition_ordinal_position, subpartition_ordinal_position`
