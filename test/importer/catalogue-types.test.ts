import t from 'tap'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { catalogueType } from '../../lib/importer/connection/catalogue-type.ts'
import type { Column } from '../../lib/schema/table.ts'
import { eachServer } from '../servers/databases.ts'

const types: Readonly<Record<'mysql' | 'postgres', readonly string[]>> = {
  mysql:
    `TINYINT|TINYINT(1)|TINYINT(3) UNSIGNED|BOOL|SMALLINT|MEDIUMINT|INTEGER|INT(11)|BIGINT|BIGINT UNSIGNED|DECIMAL|NUMERIC(10, 2)
NUMERIC(6)|DOUBLE|DOUBLE PRECISION|DOUBLE(10, 2)|FLOAT|FLOAT(10)|FLOAT(30)|REAL|DATE|DATETIME|DATETIME(0)|DATETIME(6)|TIME|TIME(3)
YEAR|CHAR|CHAR(3)|VARCHAR(20)|VARCHAR(20) CHARACTER SET latin1|VARCHAR(20) COLLATE utf8mb4_bin|VARCHAR(20) CHARACTER SET binary
NATIONAL VARCHAR(5)|BINARY|BINARY(16)|VARBINARY(8)|TINYTEXT|TEXT|TEXT(100)|TEXT(70000)|MEDIUMTEXT|LONGTEXT|TINYBLOB|BLOB|BLOB(10)
MEDIUMBLOB|LONGBLOB|ENUM('a', 'b')|ENUM('a''b', 'c d')|SET('a','b')|BIT|BIT(4)|JSON`.split(/[|\n]/),
  postgres:
    `smallint|INTEGER|bigint|SERIAL|BIGSERIAL|NUMERIC(10, 2)|DECIMAL|REAL|FLOAT|FLOAT(10)|FLOAT(30)|DOUBLE PRECISION|BOOLEAN|DATE
TIMESTAMP WITHOUT TIME ZONE|TIMESTAMP(3) WITH TIME ZONE|TIMESTAMP|TIME WITHOUT TIME ZONE|TIME WITH TIME ZONE|INTERVAL|VARCHAR|VARCHAR(20)
CHAR(3)|TEXT|BYTEA|UUID|JSON|JSONB|INET|TSVECTOR|INTEGER[]|VARCHAR(5)[]|BIT(3)|BIT VARYING(5)|MONEY|XML`.split(/[|\n]/),
}

/** Types of which both texts are told exactly: what is never known would pass any test. */
const exact: Readonly<Record<'mysql' | 'postgres', number>> = { mysql: 34, postgres: 34 }

function columnOf(text: string): Column {
  return { name: 'c', type: { kind: 'raw', args: { text } }, nullable: true }
}

function fits(claim: ReturnType<typeof catalogueType>, is: string): boolean {
  if (!claim) return true
  return 'exact' in claim ? claim.exact === is : claim.begins.some((word) => is.startsWith(word))
}

eachServer(t, 'what is said of types is what the catalogue says', async (t, database) => {
  const { kind } = database
  if (kind === 'sqlite') return
  const dialect: DialectName & ('mysql' | 'postgres') = kind === 'postgres' ? 'postgres' : 'mysql'
  const texts = types[dialect]
  await database.query(`CREATE TABLE t (${texts.map((text, at) => `c${at} ${text}`).join(', ')})`)
  const more = dialect === 'mysql' ? 'column_type' : "'' "
  const rows = await database.query(
    `SELECT data_type AS d, ${more} AS c FROM information_schema.columns WHERE table_name = 't' AND table_schema = ${dialect === 'mysql' ? 'DATABASE()' : 'current_schema()'} ORDER BY ordinal_position`,
  )
  t.equal(rows.length, texts.length)
  let known = 0
  texts.forEach((text, at) => {
    const { d, c } = rows[at] as { d: unknown; c: unknown }
    const dataType = catalogueType(columnOf(text), { dialect }, 'dataType')
    const columnType = catalogueType(columnOf(text), { dialect }, 'columnType')
    t.ok(fits(dataType, String(d)), `${text}: ${JSON.stringify(dataType)}, ${String(d)}`)
    t.ok(fits(columnType, String(c)), `${text}: ${JSON.stringify(columnType)}, ${String(c)}`)
    if (dialect === 'postgres' ? dataType : columnType && 'exact' in columnType) known++
  })
  t.equal(known, exact[dialect])
})
