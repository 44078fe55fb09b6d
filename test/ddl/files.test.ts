import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { renderType } from '../../lib/compiler/type-names.ts'
import { readDdl, readSchema } from '../../lib/ddl/read-ddl.ts'
import { type DialectName, dialectNames } from '../../lib/dialects/dialect-name.ts'
import { targetOf } from '../compiler/case.ts'
import { groups } from '../compiler/cases.ts'
import { isOn, runCase } from '../compiler/run-case.ts'

const dumps = 'test/fixtures/dumps'
const beyond: { readonly [file: string]: readonly string[] } = {
  'mariadb.sql': ['its rows are versioned', 'it has a PERIOD'],
  'postgres.sql': ['it takes its columns from somewhere else', 'it inherits columns'],
}

for (const file of readdirSync(dumps)) {
  t.test(`the statements of ${file} are understood, but for what no model holds`, async (t) => {
    const dialect: DialectName = file.startsWith('sqlite')
      ? 'sqlite'
      : file.startsWith('postgres')
        ? 'postgres'
        : 'mysql'
    const { schema, problems } = readSchema(readFileSync(join(dumps, file), 'utf8'), dialect, {
      dialect,
      serverFlavor: 'mariadb',
    })
    t.same([...new Set(problems.map((p) => p.reason))], beyond[file] ?? [])
    const unknown = Object.values(schema.tables).filter((table) => table.unknown !== undefined)
    t.equal(unknown.length, problems.length, 'what is a problem is an unknown table')
  })
}

for (const dialect of dialectNames) {
  t.test(`the SQL that operations become is read as what they do: ${dialect}`, async (t) => {
    for (const test of groups.flatMap((group) => group.cases).filter((one) => isOn(one, dialect))) {
      const { statements } = runCase(test, targetOf(test, dialect, test.flavor))
      for (const statement of statements) {
        const effect = readDdl(statement, dialect)
        const isFine =
          effect.kind !== 'unknown' || /inherits|identity|unknown/.test(effect.reason) || effect.tables === 'all'
        t.ok(isFine, `${test.name}: ${statement} — ${effect.kind === 'unknown' ? effect.reason : ''}`)
      }
    }
  })
}

t.test('a place in a script is told by its line', async (t) => {
  const sql = 'CREATE TABLE a (b int);\n\n-- the next\nCREATE TABLE c AS\n  SELECT 1;\n'
  const { schema, problems } = readSchema(sql, 'postgres', { dialect: 'postgres' })
  t.same(problems, [{ line: 4, reason: 'it takes its columns from somewhere else' }])
  t.same(Object.keys(schema.tables), ['a', 'c'])
  t.equal(schema.tables.a?.unknown, undefined)
})

t.test('a script that cannot be split is a problem', async (t) => {
  const { problems } = readSchema("CREATE TABLE a (b int);\nSELECT 'open", 'postgres', { dialect: 'postgres' })
  t.equal(problems.length, 1)
  t.equal(problems[0]?.line, 2)
})

t.test('a kind of type is only named where it is written the same again, but for its case', async (t) => {
  const texts =
    'INTEGER INT SMALLINT BIGINT TEXT VARCHAR VARCHAR(20) NUMERIC(10,2) DOUBLE REAL FLOAT BOOLEAN DATE TIME DATETIME TIMESTAMP JSON BLOB CLOB ANY TINYINT DECIMAL(5)'
  for (const text of texts.split(' ')) {
    const effect = readDdl(`CREATE TABLE t (c ${text})`, 'sqlite')
    const [operation] = effect.kind === 'operations' ? effect.operations : []
    const type = operation?.kind === 'createTable' ? operation.table.columns[0]!.type : { kind: 'none' }
    t.equal(renderType(type, { dialect: 'sqlite' }).replaceAll(' ', ''), text)
  }
})
