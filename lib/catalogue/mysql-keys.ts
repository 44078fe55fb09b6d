import type { Row, Session } from '../drivers/driver.ts'
import type { Part } from './model.ts'
import { properties, unqualified } from './mysql.ts'

type Owned = readonly [table: string, part: Part]

/** Primary and unique keys, and other indexes, with their columns in order. */
export async function indexes(session: Session, isMariadb: boolean): Promise<readonly Owned[]> {
  const groups = grouped(await session.query(isMariadb ? mariadbIndexes : mysqlIndexes))
  return groups.map((rows) => {
    const [first] = rows as [Row, ...Row[]]
    const kind = first.name === 'PRIMARY' ? 'primary key' : Number(first.non_unique) === 0 ? 'unique' : 'index'
    const columns = rows.map(({ col, prefix, direction, expression }) =>
      [
        expression ? `(${expression})` : `\`${col}\``,
        prefix === null ? '' : `(${prefix})`,
        direction === 'D' ? ' DESC' : '',
      ].join(''),
    )
    const method = first.method === 'BTREE' ? '' : `${first.method} `
    const own = properties({
      definition: `${method}(${columns.join(', ')})`,
      invisible: first.visible === 'NO' ? 'yes' : null,
      comment: first.comment,
    })
    return [String(first.tbl), { kind, name: String(first.name), properties: own }] as const
  })
}

const indexQuery = (
  expression: string,
  visible: string,
) => `SELECT table_name AS tbl, index_name AS name, non_unique, column_name AS col,
  sub_part AS prefix, collation AS direction, index_type AS method, index_comment AS comment, ${expression} AS expression, ${visible} AS visible
FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index`
const mysqlIndexes = indexQuery('expression', 'is_visible')
const mariadbIndexes = indexQuery('NULL', "IF(ignored = 'YES', 'NO', 'YES')")

export async function foreignKeys(session: Session, database: string): Promise<readonly Owned[]> {
  return grouped(await session.query(foreignKeyQuery)).map((rows) => {
    const [first] = rows as [Row, ...Row[]]
    const from = rows.map(({ col }) => `\`${col}\``).join(', ')
    const to = rows.map(({ other }) => `\`${other}\``).join(', ')
    const table = unqualified(`\`${first.to_schema}\`.\`${first.to_table}\``, database)
    // what is not written, and what it is told to be, are the same
    const action = (word: string, rule: unknown) =>
      rule === 'NO ACTION' || rule === 'RESTRICT' ? '' : ` ON ${word} ${rule}`
    const definition = `(${from}) REFERENCES ${table} (${to})${action('DELETE', first.on_delete)}${action('UPDATE', first.on_update)}`
    return [String(first.tbl), { kind: 'foreign key', name: String(first.name), properties: { definition } }] as const
  })
}

const foreignKeyQuery = `SELECT k.table_name AS tbl, k.constraint_name AS name, k.column_name AS col, k.referenced_table_schema AS to_schema,
  k.referenced_table_name AS to_table, k.referenced_column_name AS other, r.delete_rule AS on_delete, r.update_rule AS on_update
FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
  ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
ORDER BY k.table_name, k.constraint_name, k.ordinal_position`

/** Rows of one key after the other. */
function grouped(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = `${row.tbl}\u0000${row.name}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
}
