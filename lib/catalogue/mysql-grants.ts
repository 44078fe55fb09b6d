import type { Row, Session } from '../drivers/driver.ts'
import type { CatalogueObject } from './model.ts'
import { name, unquoted } from './mysql-lexing.ts'

const columns = 'PRIVILEGE_TYPE AS privilege, IS_GRANTABLE AS grantable'
const grantsQuery = `SELECT GRANTEE AS grantee, '' AS kind, '' AS name, NULL AS field, ${columns}
FROM information_schema.SCHEMA_PRIVILEGES WHERE REPLACE(TABLE_SCHEMA, '\\\\', '') = DATABASE()
UNION ALL SELECT GRANTEE, 'table', TABLE_NAME, NULL, ${columns} FROM information_schema.TABLE_PRIVILEGES
WHERE TABLE_SCHEMA = DATABASE()
UNION ALL SELECT GRANTEE, 'table', TABLE_NAME, COLUMN_NAME, ${columns} FROM information_schema.COLUMN_PRIVILEGES
WHERE TABLE_SCHEMA = DATABASE()
ORDER BY 1, 2, 3, 5, 4`

const routineGrants = `SELECT CONCAT('''', User, '''@''', Host, '''') AS grantee, LOWER(Routine_type) AS kind, Routine_name AS name,
  CAST(Proc_priv AS CHAR) AS privileges FROM mysql.procs_priv WHERE Db = DATABASE() ORDER BY 1, 2, 3`

interface Grant {
  readonly grantee: string
  readonly kind: string
  readonly name: string
  readonly privileges: readonly string[]
  readonly grantable: boolean
}

/**
 * Grants on the database, its tables, columns and routines, one object for each grantee and thing. Reading those on
 * routines takes the right to read the database `mysql`.
 */
export async function grants(
  session: Session,
  isLeftOut: (name: string) => boolean,
): Promise<readonly CatalogueObject[]> {
  const onTables = grouped(await session.query(grantsQuery))
  const onRoutines = (await session.query(routineGrants)).map(routineGrant)
  return [...onTables, ...onRoutines].filter(({ name }) => !isLeftOut(name)).map(grantObject)
}

function grouped(rows: readonly Row[]): readonly Grant[] {
  const found = new Map<string, Grant>()
  for (const row of rows) {
    const [grantee, kind, title] = [String(row.grantee), String(row.kind), String(row.name)]
    const privilege = `${row.privilege}${row.field === null ? '' : ` (${name(String(row.field))})`}`
    const key = `${grantee} ${kind} ${title}`
    const before = found.get(key)
    found.set(key, {
      grantee,
      kind,
      name: title,
      privileges: [...(before?.privileges ?? []), privilege],
      grantable: (before?.grantable ?? false) || row.grantable === 'YES',
    })
  }
  return [...found.values()]
}

function routineGrant(row: Row): Grant {
  const all = String(row.privileges).toUpperCase().split(',')
  return {
    grantee: String(row.grantee),
    kind: String(row.kind),
    name: String(row.name),
    privileges: all.filter((privilege) => privilege !== 'GRANT'),
    grantable: all.includes('GRANT'),
  }
}

function grantObject({ grantee, kind, name: title, privileges, grantable }: Grant): CatalogueObject {
  const on = kind === '' ? '*' : `${kind === 'table' ? '' : `${kind.toUpperCase()} `}${name(title)}`
  const [user, host] = grantee.split('@').map((part) => name(unquoted(part.replace(/^'(.*)'$/, '`$1`'))))
  return {
    kind: 'grant',
    schema: undefined,
    name: `to ${grantee} on ${kind === '' ? 'all' : `${kind} ${title}`}`,
    table: undefined,
    properties: {
      privileges: privileges.join(', '),
      on,
      grantee: `${user}@${host}`,
      ...(grantable && { 'grant option': 'yes' }),
    },
    parts: [],
    needs: kind === 'table' ? [`table ${title}`, `view ${title}`] : kind === '' ? [] : [`${kind} ${title}`],
  }
}
