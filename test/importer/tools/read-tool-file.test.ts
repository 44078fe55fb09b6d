import t from 'tap'
import { dialectNames } from '../../../lib/dialects/dialect-name.ts'
import { dialects } from '../../../lib/dialects/dialects.ts'
import { forDialect } from '../../../lib/importer/tools/for-dialect.ts'
import { readToolFiles, type ToolMigration } from '../../../lib/importer/tools/read-tool-file.ts'
import { Splitter } from '../../../lib/text/split.ts'

function read(files: Readonly<Record<string, string>>) {
  const { migrations, left } = readToolFiles(Object.entries(files).map(([path, text]) => ({ path, text })))
  return { migrations, left: left.map(({ path, reason }) => `${path}: ${reason}`) }
}

function one(path: string, text: string): ToolMigration {
  const { migrations, left } = read({ [path]: text })
  if (migrations.length !== 1) throw new Error(`${migrations.length} migrations, ${left}`)
  return migrations[0]!
}

function statements(migration: ToolMigration, dialect: (typeof dialectNames)[number]): string[] {
  const { sql } = forDialect(migration, dialect)
  return [...new Splitter([sql], dialects[dialect].lexis())].map(({ text }) => text)
}

const reasons = ({ problems }: ToolMigration) => problems.map(({ line, reason }) => `${line}: ${reason}`)

t.test('plain files are told by the time or the number in their names, and ordered by it', async (t) => {
  const { migrations, left } = read({
    '010_ten.sql': 'SELECT 10;',
    '2_two.sql': 'SELECT 2;',
    '20240102_030405_a_lead.sql': 'SELECT 3;',
    '20240102-030406-b-lead.sql': 'SELECT 4;',
    '2024-01-03-only-a-day.sql': 'SELECT 5;',
    '20240230_no_day.sql': 'SELECT 1;',
    'schema.sql': 'SELECT 0;',
    'README.md': '# read me',
  })
  t.strictSame(
    migrations.map(({ source, kind, timestamp, slug }) => [source, kind, timestamp, slug]),
    [
      ['2_two.sql', 'sql', undefined, 'two'],
      ['010_ten.sql', 'sql', undefined, 'ten'],
      ['20240230_no_day.sql', 'sql', undefined, 'no_day'],
      ['20240102_030405_a_lead.sql', 'sql', '20240102_030405', 'a_lead'],
      ['20240102-030406-b-lead.sql', 'sql', '20240102_030406', 'b_lead'],
      ['2024-01-03-only-a-day.sql', 'sql', '20240103_000000', 'only_a_day'],
    ],
  )
  t.equal(migrations[3]?.version, '20240102_030405_a_lead')
  t.strictSame(left, [
    'README.md: no SQL',
    'schema.sql: no migration: its name begins with neither a time nor a number',
  ])
})

t.test('plain files that lead back are never migrations, and a section that leads back is a problem', async (t) => {
  const { migrations, left } = read({
    '20240101_000000_a.up.sql': 'SELECT 1;',
    '20240101_000000_a.down.sql': 'SELECT -1;',
    '002_b.sql': 'SELECT 2;',
    '002_b_rollback.sql': '-- nothing\n',
    '003_c_down.sql': 'SELECT -3;',
    '004_d.sql': 'SELECT 4;\n-- Down\nSELECT -4;',
    '005_e.sql': 'SELECT 5;\n\n-- down the line we drop it\n--- //@UNDO\nSELECT -5;',
  })
  t.strictSame(
    migrations.map(({ slug, hadDowngrade }) => [slug, hadDowngrade]),
    [
      ['b', false],
      ['d', false],
      ['e', false],
      ['a', true],
    ],
  )
  t.strictSame(left, ['003_c_down.sql: a downgrade without its migration'])
  t.match(migrations.map(reasons), [[], [/^2: .*downgrade/], [/^4: .*downgrade/], []])
})

t.test('dbmate: the up part keeps its lines, its comments and its options', async (t) => {
  const text = `-- what this is for\r
-- migrate:up transaction:false\r
CREATE TABLE a (id int);\r
-- kept\r
\r
-- migrate:down\r
DROP TABLE a;\r
`
  const migration = one('db/20240102030405_create_a.sql', text)
  t.match(migration, {
    source: 'db/20240102030405_create_a.sql',
    kind: 'dbmate',
    version: '20240102030405',
    timestamp: '20240102_030405',
    slug: 'create_a',
    sql: '-- what this is for\r\n\nCREATE TABLE a (id int);\r\n-- kept\r\n',
    firstLine: 1,
    noTransaction: true,
    hadDowngrade: true,
    problems: [],
  })
})

t.test('dbmate: several sections, an empty one, and what dbmate refuses', async (t) => {
  const several = one(
    '1_x.sql',
    '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT -1;\n--migrate:up\nSELECT 2;\n--migrate:down\n',
  )
  t.strictSame(statements(several, 'postgres'), ['SELECT 1', 'SELECT 2'])
  t.equal(several.firstLine, 2)
  const empty = one('2_y.sql', '-- migrate:up\n\n-- migrate:down\n-- nothing\n')
  t.match(empty, { sql: '', hadDowngrade: false, problems: [] })
  t.match(reasons(one('3_z.sql', 'SELECT 0;\n-- migrate:up\nSELECT 1;')), [/^1: .*refuses/])
  t.match(reasons(one('4_z.sql', '-- migrate:down\nSELECT 1;')), [/^1: .*no "-- migrate:up"/])
  t.strictSame(read({ 'init.sql': '-- migrate:up\nSELECT 1;' }).left, [
    'init.sql: dbmate takes no file of this name: it begins with no version',
  ])
})

t.test('goose: numbers and times, NO TRANSACTION, and variables of the environment', async (t) => {
  const { migrations } = read({
    '00010_ten.sql':
      '-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY i ON a (b);\n-- +goose Down\nDROP INDEX i;\n',
    '00002_two.sql': `-- +goose up\n-- +goose ENVSUB ON\nSELECT 1;\nSELECT '\${REGION}';\n-- +goose ENVSUB OFF\nSELECT $1;\n`,
    '20240102030405_three.sql': '-- +goose Up\n-- only a comment\n-- +goose Sideways\n -- +goose Down\n',
  })
  t.match(migrations, [
    { version: '2', slug: 'two', noTransaction: false, hadDowngrade: false, sql: /SELECT \$1;\n$/ },
    { version: '10', noTransaction: true, hadDowngrade: true, firstLine: 3 },
    { version: '20240102030405', timestamp: '20240102_030405', sql: '-- only a comment\n' },
  ])
  t.match(migrations.map(reasons), [
    [/^4: .*ENVSUB/],
    [],
    [/^3: goose has no marker "\+goose sideways"/, /^4: .*indented/],
  ])
  t.match(reasons(one('1_x.sql', '-- +goose Down\nSELECT 1;\n')), [/no "-- \+goose Up"/])
})

const body = `CREATE FUNCTION f() RETURNS int AS $$
BEGIN
  RETURN 1;
END;
$$ LANGUAGE plpgsql;`
const procedure = `CREATE PROCEDURE p()
BEGIN
  SELECT 1;
  SELECT 2;
END;`

t.test('a block is one statement, and lines stay where they were', async (t) => {
  for (const [name, mark] of [
    ['1_x.sql', '+goose'],
    ['2_x.sql', '+migrate'],
  ] as const) {
    const wrap = (sql: string) =>
      one(name, `-- ${mark} Up\nSELECT 0;\n-- ${mark} StatementBegin\n${sql}\n-- ${mark} StatementEnd\nSELECT 9;\n`)
    t.strictSame(statements(wrap(body), 'postgres'), ['SELECT 0', body.slice(0, -1), 'SELECT 9'])
    t.strictSame(statements(wrap(procedure), 'mysql'), ['SELECT 0', procedure.slice(0, -1), 'SELECT 9'])
    t.notMatch(forDialect(wrap(procedure), 'mysql').sql, /DELIMITER/, 'where it is not needed')
    const several = wrap('INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);')
    for (const dialect of dialectNames) t.equal(statements(several, dialect).length, 4)
  }
})

t.test('a block that does not tell where it ends gets a delimiter on MySQL, and is a problem elsewhere', async (t) => {
  // a label named like a word that ends a block
  const unclear = 'CREATE PROCEDURE p()\nBEGIN\n  IF 1 THEN SELECT 1; END;\n-- done'
  const migration = one(
    '1_x.sql',
    `-- +goose Up\n-- +goose StatementBegin\n${unclear}\n-- +goose StatementEnd\nSELECT 9;\n`,
  )
  const mysql = forDialect(migration, 'mysql')
  t.strictSame(statements(migration, 'mysql'), [unclear.replace(/;\n-- done$/, ''), 'SELECT 9'])
  t.match(mysql.sql, /^DELIMITER \$\$\nCREATE[\s\S]*END \$\$\n-- done\nDELIMITER ;\nSELECT 9;\n$/)
  t.strictSame(mysql.problems, [])
  t.equal(mysql.firstLine, 2)
  const trigger = one(
    '1_x.sql',
    '-- +goose Up\n-- +goose StatementBegin\nCREATE TRIGGER t BEGIN SELECT 1;\n-- +goose StatementEnd\n',
  )
  t.match(reasons(forDialect(trigger, 'sqlite')), [/^3: this block cannot be split for sqlite/])
  t.match(reasons(one('1_x.sql', '-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n')), [/^2: .*no StatementEnd/])
})

t.test('a block of another dialect does not fall apart in silence', async (t) => {
  const migration = one('1_x.sql', `-- +goose Up\n-- +goose StatementBegin\n${body}\n-- +goose StatementEnd\n`)
  t.strictSame(statements(migration, 'mysql'), [body.slice(0, -1)], 'one statement, which the server will refuse')
  t.match(reasons(forDialect(migration, 'sqlite')), [/^6: this block cannot be split for sqlite: "END" would be/])
  t.strictSame(reasons(forDialect(migration, 'postgres')), [])
})

t.test('what refuses a transaction has none, on the dialect that refuses', async (t) => {
  const migration = one('1_x.up.sql', 'CREATE INDEX CONCURRENTLY i ON a (b);')
  t.strictSame(
    dialectNames.map((dialect) => forDialect(migration, dialect).noTransaction),
    [true, false, false],
  )
})

t.test('golang-migrate: both files of a version, in the order of the numbers', async (t) => {
  const { migrations, left } = read({
    'm/000010_ten.up.sql': 'SELECT 10;',
    'm/000010_other_name.down.sql': 'SELECT -10;',
    'm/000002_two.up.sql': '',
    'm/000003_three.down.sql': 'SELECT -3;',
    'm/1700000000_unix.up.sql': 'BEGIN;\nSELECT 1;\nCOMMIT;\n',
  })
  t.match(migrations, [
    { version: '2', slug: 'two', sql: '', hadDowngrade: false },
    { version: '10', slug: 'ten', sql: 'SELECT 10;\n', hadDowngrade: true },
    { version: '1700000000', slug: 'unix', sql: 'BEGIN;\nSELECT 1;\nCOMMIT;\n' },
  ])
  t.strictSame(left, ['m/000003_three.down.sql: a downgrade without its migration'])
})

t.test('sql-migrate: the name is the version; what stands above Up is not run', async (t) => {
  const { migrations } = read({
    'z.sql': '-- +migrate Up\nSELECT 1;\n',
    '10-b.sql': 'SELECT 0;\n-- a comment\n-- +migrate Up notransaction\nSELECT 10;\n-- +migrate Down\nSELECT -10;\n',
    '9-a.sql': '-- +migrate Down\nSELECT -9;\n-- +migrate Up\nSELECT 9;\n',
  })
  t.match(migrations, [
    { version: '9-a.sql', sql: 'SELECT 9;\n', firstLine: 4, hadDowngrade: true },
    { version: '10-b.sql', sql: '-- a comment\n\nSELECT 10;\n', firstLine: 2, noTransaction: true },
    { version: 'z.sql', hadDowngrade: false },
  ])
})

t.test('flyway: versions, repeatable files last, undo files and settings', async (t) => {
  const { migrations, left } = read({
    'R__views.sql': 'CREATE VIEW v AS SELECT 1;',
    'V1_10__later.sql': 'SELECT 2;',
    'V1.2__Add_lead.sql': 'SELECT 1;',
    'U1.2__Add_lead.sql': 'SELECT -1;',
    'U7__gone.sql': 'SELECT -7;',
    'V20240102030405__timed.sql': `SELECT '\${schema}';\nSELECT '\${other}';`,
    'V2024.02.03__day.sql': `SELECT '\${x}';`,
    'V2024.02.03__day.sql.conf': 'executeInTransaction=false\nplaceholderReplacement = false\n',
    'B1__base.sql': 'SELECT 1;',
    'V01.20__same.sql': 'SELECT 3;',
    'V1_init.sql': 'SELECT 0;',
    'afterMigrate.sql': 'SELECT 0;',
    'V3__when.sql': 'SELECT 3;',
    'V3__when.sql.conf': `shouldExecute=\${env}==prod\nencoding=ISO-8859-1`,
  })
  t.match(
    migrations.map(({ version, slug, timestamp }) => [version, slug, timestamp]),
    [
      ['1', 'base', undefined],
      ['1.2', 'add_lead', undefined],
      ['1.10', 'later', undefined],
      ['01.20', 'same', undefined],
      ['3', 'when', undefined],
      ['2024.02.03', 'day', '20240203_000000'],
      ['20240102030405', 'timed', '20240102_030405'],
      ['R__views.sql', 'views', undefined],
    ],
  )
  const by = (slug: string) => migrations.find((migration) => migration.slug === slug)!
  t.match(by('add_lead'), { hadDowngrade: true, problems: [] })
  t.match(by('day'), { noTransaction: true, problems: [] })
  t.match(reasons(by('timed')), [/^1: .*\$\{schema\}/, /^2: .*\$\{other\}/])
  t.match(reasons(by('when')), [/only where \$\{env\}==prod/, /iso-8859-1/])
  t.strictSame(left, [
    'V1_init.sql: Flyway does not take a file of this name',
    'afterMigrate.sql: a callback of Flyway, which ran around its migrations',
    'U7__gone.sql: a downgrade without its migration',
  ])
})

t.test('flyway: a baseline counts only where what it stands for is gone', async (t) => {
  const gone = read({ 'B5__base.sql': 'SELECT 5;', 'B3__older.sql': 'SELECT 3;', 'V6__next.sql': 'SELECT 6;' })
  t.strictSame(
    gone.migrations.map(({ version }) => version),
    ['5', '6'],
  )
  t.strictSame(gone.left, ['B3__older.sql: a baseline of Flyway: the migrations that it stands for are there'])
  const there = read({ 'B5__base.sql': 'SELECT 5;', 'V5__five.sql': 'SELECT 5;' })
  t.strictSame(
    there.migrations.map(({ source }) => source),
    ['V5__five.sql'],
  )
})

t.test('two files of one version are a problem', async (t) => {
  for (const files of [
    { 'a/1_x.sql': '-- +goose Up\nSELECT 1;', 'b/01_y.sql': '-- +goose Up\nSELECT 2;' },
    { 'V1.0__x.sql': 'SELECT 1;', 'V1__y.sql': 'SELECT 2;' },
    { '1_x.up.sql': 'SELECT 1;', '01_y.up.sql': 'SELECT 2;' },
  ]) {
    const { migrations } = read(files as Record<string, string>)
    t.strictSame(
      migrations.map((migration) => reasons(migration).length),
      [0, 1],
    )
    t.match(reasons(migrations[1]!), [/has the same version/])
  }
})
